package import Basics
package import Connectivity
import Foundation
import ImageFiles
package import Imaging
import Targeting

/// What a seed may be, for help and messages.
package let seedForms =
  "X,Y,Z[,R] (R above 30 as r=R), box:X,Y,Z,DX,DY,DZ, a name such as PCC, label:REGION, a mask file, FILE#LABEL or "
  + "weights:FILE; A + B for one seed of both"

/// Where seeds in words are looked up.
package struct SeedContext {
  /// The run, which is the first file of it, and what was laid over it; the files of seeds come into it.
  package var study: LoadedStudy
  package var grid: Grid
  /// For `label:`; nil takes the standard atlas where it is installed.
  package var atlas: LabelMap?

  package init(_ study: LoadedStudy, grid: Grid, atlas: LabelMap? = nil) {
    self.study = study
    self.grid = grid
    self.atlas = atlas
  }

  package var space: Space { study.space }
}

extension CleanedRuns {
  /// A seed in words; what its files say of themselves is a finding of the runs.
  package mutating func seed(
    _ text: String, radius: Double? = nil, inputs: inout [Provenance]
  ) throws(Problem) -> Seed {
    var context = SeedContext(study, grid: first.run.grid)
    let seed = try parseSeed(text, radius: radius, &context, inputs: &inputs)
    study = context.study
    return seed
  }
}

/// A seed as a person types it, on the command line or in the viewer.
///
/// - Parameter radius: of a place without one of its own; nil takes the named seed's, else 6 mm.
package func parseSeed(
  _ text: String, radius: Double? = nil, _ context: inout SeedContext,
  inputs: inout [Provenance]
) throws(Problem) -> Seed {
  if let radius, !(radius >= 0 && radius <= 100) {
    throw Problem(
      .usage, "--radius", "\(plainNumber(radius)) mm is no useful radius", expected: "0 to 100 mm")
  }
  let parts = text.components(separatedBy: " + ").map { $0.trimmingCharacters(in: .whitespaces) }
  if parts.count > 1 {
    var seeds: [Seed] = []
    for part in parts {
      seeds.append(try parseSeed(part, radius: radius, &context, inputs: &inputs))
    }
    return .union(seeds)
  }
  let text = text.trimmingCharacters(in: .whitespaces)
  if let numbers = numberList(text) {
    return try sphereSeed(numbers, named: nil, text, radius: radius)
  }
  if let sphere = namedRadius(text) {
    return try sphereSeed(sphere.numbers, named: sphere.radius, text, radius: radius)
  }
  if let seed = Sites.seed(named: text, radius: radius) {
    try requireMNI(
      context.space, fileName: context.study.first?.name ?? "", for: "the seed \(text)")
    return seed
  }
  guard radius == nil || !isRegion(text) else {
    throw Problem(
      .usage, "--radius", "\(text) is a region, which has no radius",
      expected: "none with a box, a label, a mask or weights")
  }
  if let edges = after("box:", text) { return try boxSeed(edges, text) }
  if let region = after("label:", text) { return try atlasSeed(region, &context) }
  if let hash = text.lastIndex(of: "#") {
    let region = String(text[text.index(after: hash)...])
    return try labelSeed(region, inFile: String(text[..<hash]), &context, &inputs)
  }
  if let path = after("weights:", text) { return try weightedSeed(path, &context, &inputs) }
  guard text.contains("/") || text.contains(".") else {
    throw Problem(
      .usage, "--seed", "there is no seed named \(text)",
      expected: seedForms + "; names are " + Sites.seedNames.joined(separator: ", "))
  }
  let (d, volume) = try context.study.read(text, as: .seedImage)
  inputs.append(Provenance("seed", d))
  let found = try voxelsAbove(0, of: volume, on: context.grid, fileName: d.name)
  // A scan, a map or an atlas has voxels above 0 everywhere: their mean is nobody's seed.
  let values = Set(volume.values.lazy.filter { $0 > 0 }.prefix(100_000))
  guard values.count == 1 || 10 * found.mask.count <= context.grid.count else {
    throw Problem(
      .data, d.name,
      "it holds many values, and \(found.mask.count) voxels of the run's grid are above 0: that is no seed",
      expected: "a mask",
      remedy: "FILE#LABEL takes one region of labels, weights:FILE a map as weights")
  }
  return .region(offsets: found.mask.offsets, name: "mask \(d.name)")
}

/// A fourth number beyond this is more often a coordinate behind a decimal comma than a radius.
private let largestPlainRadius = 30.0

/// X,Y,Z with the radius that is given apart, X,Y,Z,R or, for any radius, X,Y,Z,r=R.
private func sphereSeed(
  _ n: [Double], named own: Double?, _ text: String, radius: Double?
) throws(Problem) -> Seed {
  let stated = own ?? (n.count == 4 ? n[3] : nil)
  guard n.count == 3 || n.count == 4 && own == nil, stated.map({ (0...100).contains($0) }) ?? true
  else {
    throw Problem(.usage, "--seed", "\(text) is no seed", expected: seedForms)
  }
  if own == nil, let stated, stated > largestPlainRadius {
    throw Problem(
      .usage, "--seed",
      "\(text) is a sphere of \(plainNumber(stated)) mm radius, or three numbers with a decimal comma",
      expected: "decimal points",
      remedy: "A radius above \(plainNumber(largestPlainRadius)) mm is stated as X,Y,Z,r=R")
  }
  guard stated == nil || radius == nil else {
    throw Problem(
      .usage, "--radius", "the seed states a radius of its own", expected: "one of the two")
  }
  return .sphere(
    centre: WorldPoint(n[0], n[1], n[2]), radius: stated ?? radius ?? 6, name: nil)
}

/// The numbers of X,Y,Z,r=R and its radius.
func namedRadius(_ text: String) -> (numbers: [Double], radius: Double)? {
  guard let mark = text.range(of: ",r=") ?? text.range(of: ", r="),
    let numbers = numberList(String(text[..<mark.lowerBound])), numbers.count == 3,
    let radius = numberList(String(text[mark.upperBound...])), radius.count == 1
  else { return nil }
  return (numbers, radius[0])
}

/// X,Y,Z,DX,DY,DZ.
private func boxSeed(_ edges: String, _ text: String) throws(Problem) -> Seed {
  guard let n = numberList(edges), n.count == 6, n[3...].allSatisfy({ $0 > 0 && $0 <= 200 }) else {
    throw Problem(.usage, "--seed", "\(text) is no box", expected: "box:X,Y,Z,DX,DY,DZ in mm")
  }
  return .box(centre: WorldPoint(n[0], n[1], n[2]), edges: WorldPoint(n[3], n[4], n[5]))
}

/// A region of the atlas that is laid over the run, or else of the standard one.
private func atlasSeed(_ region: String, _ context: inout SeedContext) throws(Problem) -> Seed {
  if context.atlas == nil {
    try requireMNI(context.space, fileName: context.study.first?.name ?? "", for: "an atlas")
  }
  let known = if let atlas = context.atlas { atlas } else { try AtlasFiles.standard() }
  guard let atlas = known else {
    throw Problem(
      .data, "--seed", "no atlas is here to find \(region) in", expected: "FILE#LABEL")
  }
  return try labelSeed(region, atlas, context.grid)
}

/// A region of a file of labels.
private func labelSeed(
  _ region: String, inFile path: String, _ context: inout SeedContext,
  _ inputs: inout [Provenance]
) throws(Problem) -> Seed {
  let (d, volume) = try context.study.read(path, as: .seedImage)
  inputs.append(Provenance("seed", d))
  let (labels, findings) = try AtlasFiles.wholeNumbers(volume, d.name)
  let atlas = LabelMap(
    grid: volume.grid, labels: labels, names: try AtlasFiles.table(beside: path), title: d.name)
  context.study.tell(findings, of: .seedImage)
  if context.space == .mni152 {
    try checkNamedSides(atlas, fileName: d.name)
    if let brain = try AtlasFiles.mniBrain() {
      try checkAtlas(atlas, brain: brain, fileName: d.name)
    }
  }
  return try labelSeed(region, atlas, context.grid)
}

/// Every voxel of an image that is not 0, weighted by its value.
private func weightedSeed(
  _ path: String, _ context: inout SeedContext, _ inputs: inout [Provenance]
) throws(Problem) -> Seed {
  let (d, volume) = try context.study.read(path, as: .weights)
  inputs.append(Provenance("seed", d))
  let onGrid =
    volume.grid.matches(context.grid) ? volume : volume.resampled(to: context.grid, .linear)
  let offsets = onGrid.values.indices.filter {
    onGrid.values[$0].isFinite && onGrid.values[$0] != 0
  }
  return .weighted(
    offsets: offsets.map(Int32.init), weights: offsets.map { onGrid.values[$0] }, name: d.name)
}

private func after(_ prefix: String, _ text: String) -> String? {
  text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
}

/// Whether a seed is what a file or an atlas says, and not a sphere.
private func isRegion(_ text: String) -> Bool {
  ["box:", "label:", "weights:"].contains(where: text.hasPrefix)
    || text.contains { "#/.".contains($0) }
}

/// A region by its number or its name.
private func labelSeed(_ text: String, _ atlas: LabelMap, _ grid: Grid) throws(Problem) -> Seed {
  if let number = Int32(text) {
    let mask = Mask(grid: grid, origin: text) { atlas.label(at: grid.world(at: $0)) == number }
    guard number != 0, mask.count > 0 else {
      throw Problem(
        .data, atlas.title, "label \(number) has no voxel in the image", expected: "an overlap")
    }
    return .region(offsets: mask.offsets, name: "\(atlas.title(of: number)) (\(atlas.title))")
  }
  let mask: Mask
  do throws(Problem) { mask = try atlasRegion(named: text, in: atlas, on: grid) } catch {
    var own = error
    own.subject = "--seed"
    throw own
  }
  return .region(offsets: mask.offsets, name: "\(text) (\(atlas.title))")
}

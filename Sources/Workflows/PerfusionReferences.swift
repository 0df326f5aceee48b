import Basics
import Imaging
import Perfusion
import Study

/// A sphere inside the pons of the MNI152 template; no atlas that is at hand has a region for it.
let ponsCentre = WorldPoint(0, -22, -32)
let ponsRadius = 7.0

/// The voxels of a reference region and its name in words.
///
/// - Parameters:
///   - grid: of the image that is quantified.
///   - brain: its brain mask.
/// - Throws: a region that needs an atlas or MNI space where there is none; `contralateral` and `cluster` are
///   no regions.
func referenceRegion(
  _ reference: PerfusionReference, on grid: Grid, brain: Mask, atlas: LabelMap?, space: Space,
  fileName: String
) throws(Problem) -> (mask: Mask, name: String) {
  func needed(_ what: String) throws(Problem) -> LabelMap {
    try requireMNI(space, fileName: fileName, for: what)
    guard let atlas else {
      throw Problem(
        .usage, "--atlas", "no regions are given and no atlas is installed",
        expected: "a label map")
    }
    return atlas
  }
  switch reference {
  case .brain:
    return (brain, "whole brain (mask \(brain.origin))")
  case .atlas:
    let map = try needed("an atlas")
    let mask = Mask(grid: grid, origin: map.title) { map.label(at: grid.world(at: $0)) != 0 }
    // A map of a few regions is no brain.
    let isWhole = 2 * mask.count >= brain.count
    return (
      mask, isWhole ? "whole brain (all regions of \(map.title))" : "all regions of \(map.title)"
    )
  case .cerebellum:
    return try anatomicalRegion("cerebellum", beginning: "cerebel", try needed("an atlas"), grid)
  case .thalamus:
    return try anatomicalRegion("thalamus", beginning: "thalamus", try needed("an atlas"), grid)
  case .pons:
    try requireMNI(space, fileName: fileName, for: "the pons")
    if let atlas, atlas.names.values.contains(where: { isRegion($0, beginning: "pons") }) {
      return try anatomicalRegion("pons", beginning: "pons", atlas, grid)
    }
    let mask = Mask(grid: grid, origin: "pons") {
      grid.world(at: $0).distance(to: ponsCentre) <= ponsRadius
    }
    return (
      mask,
      "pons (sphere of \(plainNumber(ponsRadius)) mm at MNI \(plainNumber(ponsCentre.x)), "
        + "\(plainNumber(ponsCentre.y)), \(plainNumber(ponsCentre.z)))"
    )
  case .region(let word):
    let map = try needed("an atlas")
    let mask = try atlasRegion(named: word, in: map, on: grid)
    return (mask, "\(visibleText(word)) (\(map.title))")
  case .contralateral, .cluster:
    preconditionFailure("they are no regions")
  }
}

/// Every region whose name begins with a word, behind a side if it has one.
private func anatomicalRegion(
  _ title: String, beginning word: String, _ atlas: LabelMap, _ grid: Grid
) throws(Problem) -> (mask: Mask, name: String) {
  let labels = Set(atlas.names.filter { isRegion($0.value, beginning: word) }.keys)
  guard !labels.isEmpty else {
    throw Problem(
      .usage, "--reference", "\(atlas.title) has no region named \(title)",
      expected: "an atlas with one, or a region's own name")
  }
  let mask = Mask(grid: grid, origin: title) {
    labels.contains(atlas.label(at: grid.world(at: $0)))
  }
  guard mask.count > 0 else {
    throw Problem(.data, title, "the region lies outside the image", expected: "an overlap")
  }
  return (mask, "\(title) (\(atlas.title))")
}

private func isRegion(_ name: String, beginning word: String) -> Bool {
  let stem = namedSide(name)?.stem ?? name
  return name.lowercased().hasPrefix(word) || stem.lowercased().hasPrefix(word)
}

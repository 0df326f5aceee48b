package import Basics
package import ImageFiles
package import Imaging
import Perfusion

/// Which space a file's coordinates are in, by what the file itself says or the person states.
///
/// MNI152 when its own form code is 4, when its name says `space-MNI152…`, or when it was stated for
/// all files; never guessed from its size. The MNI institute's other templates (MNI305, MNIInfant,
/// MNIPediatricAsym, MNIColin27) and every other `space-…`, such as `space-T1w`, are none, whatever the form
/// code says.
package func space(ofFileNamed name: String, formCode: Int, stated: Space?) -> Space {
  if let stated { return stated }
  if otherSpace(ofFileNamed: name) != nil { return .native }
  if let template = templateName(ofFileNamed: name) {
    return template == "MNI" || template.hasPrefix("MNI152") ? .mni152 : .native
  }
  return formCode == 4 ? .mni152 : .native
}

/// The space that a name states where it is none of the MNI institute's: `T1w` of `x_space-T1w_bold.nii`.
package func otherSpace(ofFileNamed name: String) -> String? {
  for part in name.split(whereSeparator: { "_.".contains($0) }) where part.hasPrefix("space-") {
    let value = part.dropFirst("space-".count)
    if !value.isEmpty, !value.lowercased().hasPrefix("mni") { return String(value) }
  }
  return nil
}

/// What a file says of itself against the MNI152 that was stated for all files; nil where nothing does.
package func contradiction(ofFileNamed name: String, formCode: Int) -> String? {
  if let other = otherSpace(ofFileNamed: name) { return "its name says space-\(other)" }
  if let template = templateName(ofFileNamed: name) {
    return template == "MNI" || template.hasPrefix("MNI152") ? nil : "its name says \(template)"
  }
  return formCode == 3 ? "its header says Talairach space (form code 3)" : nil
}

/// Refuses names, atlases, regions and sites of MNI space for a file that does not say that it is.
package func requireMNI(_ space: Space, fileName: String, for what: String) throws(Problem) {
  guard space == .mni152 else { throw notInMNI(fileName: fileName, for: what) }
}

func notInMNI(fileName: String, for what: String) -> Problem {
  Problem(
    .data, fileName,
    "\(what) is in MNI space, but this image is not said to be: by form code 4, a name with "
      + "space-MNI152… or --space", expected: "an image in MNI space",
    remedy: "If all files given are in MNI152 space, say --space MNI152")
}

/// Probability of a tissue, 0…1.
///
/// Whole numbers above 1 are read as n/255, which is recorded, where the largest is more than half of that; anything
/// else outside 0…1 is refused.
package func tissueProbability(
  _ file: Volume, isIntegerCoded: Bool, fileName: String
) throws(Problem) -> (probability: Volume, findings: [Finding]) {
  var findings: [Finding] = []
  guard let range = file.range else {
    throw Problem(.data, fileName, "it holds no number", expected: "a tissue's probability")
  }
  var volume = file
  if range.low >= 0, range.high <= 255, range.high > 127, isIntegerCoded {
    volume = Volume(grid: file.grid, values: file.values.map { $0 / 255 })
    findings.append(
      Finding(
        "gm-scaled", .note,
        "\(fileName) holds whole numbers up to \(plainNumber(Double(range.high), 0)), read as n/255."
      ))
  } else if range.low < -1e-6 || range.high > 1 + 1e-6 {
    throw Problem(
      .data, fileName,
      "its values run from \(plainNumber(Double(range.low), 3)) to \(plainNumber(Double(range.high), 3))",
      expected: "a probability from 0 to 1")
  }
  return (volume, findings)
}

/// Grey matter probability on the run's grid, 0…1.
package func greyMatter(
  _ file: Volume, isIntegerCoded: Bool, on grid: Grid, fileName: String
) throws(Problem) -> (probability: Volume, findings: [Finding]) {
  var (volume, findings) = try tissueProbability(
    file, isIntegerCoded: isIntegerCoded, fileName: fileName)
  if !volume.grid.matches(grid) {
    volume = volume.resampled(to: grid, .linear)
    findings.append(
      Finding("gm-resampled", .note, "\(fileName) lies on another grid and was resampled (linear).")
    )
  }
  return (volume, findings)
}

/// Refuses a label map with less than half of its labelled voxels inside the MNI brain.
package func checkAtlas(_ atlas: LabelMap, brain: Volume, fileName: String) throws(Problem) {
  var total = 0
  var inside = 0
  for offset in 0..<atlas.labels.count where atlas.labels[offset] > 0 {
    total += 1
    if brain.nearest(atlas.grid.world(at: offset)) > 0 { inside += 1 }
  }
  guard total > 0 else {
    throw Problem(.data, fileName, "it holds no label", expected: "a label map")
  }
  guard 2 * inside >= total else {
    throw Problem(
      .data, fileName, "only \(100 * inside / total) % of its labels lie inside the MNI brain",
      expected: "at least half", remedy: "It may be in another space or mirrored")
  }
}

/// Refuses a label map in MNI space whose names say another side than its places: every word about a region
/// would be the wrong one.
///
/// A region that reaches over the middle counts by its mean, and one whose mean lies within a millimetre of it
/// has no side. In a native image the middle is that of all labels, and within 5 mm of it there is no side.
package func checkNamedSides(
  _ atlas: LabelMap, fileName: String, isNative: Bool = false
) throws(Problem) {
  let sides = atlas.names.compactMapValues { namedSide($0)?.side }
  guard !sides.isEmpty else { return }
  var sums: [Int32: (x: Double, count: Int)] = [:]
  let grid = atlas.grid
  var start = 0
  while start < atlas.labels.count {
    // A row's stretch of one label has its middle where its mean is.
    let label = atlas.labels[start]
    let rowEnd = (start / grid.nx + 1) * grid.nx
    var end = start + 1
    while end < rowEnd, atlas.labels[end] == label { end += 1 }
    if label != 0, sides[label] != nil {
      let x = (grid.world(at: start).x + grid.world(at: end - 1).x) / 2
      let old = sums[label] ?? (0, 0)
      sums[label] = (old.x + x * Double(end - start), old.count + end - start)
    }
    start = end
  }
  let all = sums.values.reduce((x: 0.0, count: 0)) { ($0.x + $1.x, $0.count + $1.count) }
  let middle = isNative ? all.x / Double(max(1, all.count)) : 0
  for (label, sum) in sums.sorted(by: { $0.key < $1.key }) {
    let x = sum.x / Double(sum.count) - middle
    guard abs(x) > (isNative ? 5 : 1), (x < 0) != (sides[label] == .left) else { continue }
    throw Problem(
      .data, fileName,
      "its region \(atlas.names[label] ?? "") lies on the person's \(x < 0 ? "LEFT" : "RIGHT") by position",
      expected: "names and places that agree",
      remedy: "Its names may be exchanged, or the map mirrored")
  }
}

/// How the side word of a coordinate is decided for a run.
package func sideRule(_ space: Space, _ laterality: Laterality, _ mask: Mask?) -> SideRule {
  if laterality == .unknown { return .unknown }
  if space == .mni152 { return .mni }
  return mask.map { .maskMidplane(x: $0.centre.x) } ?? .unknown
}

/// The word by which a run's name says that it was cleaned before: `desc-denoised` (XCP-D, fMRIPost), `desc-residual`,
/// `desc-smoothAROMA` (fMRIPrep until 23.0), `_clean` (HCP), and what people write; nil where it says none.
func cleaningWord(ofFileNamed name: String) -> String? {
  lowerWords(name).first { word in
    ["clean", "cleaned"].contains(word)
      || ["denoised", "residual", "smootharoma"].contains(where: word.hasPrefix)
  }.map { String($0) }
}

/// Whether a run was cleaned before, by its name or by what is told of the file.
func wasCleanedBefore(fileNamed name: String, _ findings: [Finding]) -> Bool {
  cleaningWord(ofFileNamed: name) != nil || findings.contains { $0.code == CleanedBefore.code }
}

extension ImageHeader {
  /// Whole numbers without scaling.
  package var isIntegerCoded: Bool {
    type != .float32 && type != .float64 && slope == 1 && intercept == 0
  }
}

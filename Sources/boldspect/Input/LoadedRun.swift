import Connectivity
import Imaging
import ImagingIO
import Targeting
import Workflows

/// A BOLD run with what else is known about it.
struct LoadedRun: Sendable {
  var description: ImageDescription
  var run: Run
  var space: Space
  var sideRule: SideRule
  var findings: [Finding]
  /// SHA-256 of every file that had a part in it, by its part.
  var inputs: [(role: String, sha256: String)]

  /// Reads a run and its mask.
  init(
    _ path: String, tr: Double?, mask maskPath: String?, space stated: Space?,
    progress: WorkProgress, firstLook: (FirstLook) -> Void = { _ in }
  ) throws(Problem) {
    var extra: [Finding] = []
    var inputs: [(role: String, sha256: String)] = []
    let (description, run) = try ImageReader.readRun(
      path, repetitionTimeSeconds: tr,
      mask: { (d) throws(Problem) -> Mask? in
        guard let maskPath else { return nil }
        let (m, volume) = try readSingleVolume(maskPath)
        try requireSameSides(m, as: d)
        inputs.append(("mask", m.sha256))
        let found = try brainMask(volume, on: d.grid, fileName: m.name)
        extra += found.findings
        return found.mask
      }, progress: progress, firstLook: firstLook)
    self.description = description
    self.run = run
    space = Workflows.space(
      ofFileNamed: description.name, formCode: description.formCode, stated: stated)
    sideRule = Workflows.sideRule(space, description.laterality, run.mask)
    findings = description.findings(decidedBy: tr) + extra
    self.inputs = [("bold", description.sha256)] + inputs
  }

  /// Refuses work that needs a trustworthy repetition time.
  func requireTime() throws(Problem) {
    if run.repetitionTimeSeconds == nil { throw description.timeProblem }
  }

  /// Refuses world coordinates where nobody knows where left is.
  func requireLaterality(for what: String) throws(Problem) {
    try requireKnownSides(description, for: what)
  }
}

/// Refuses world coordinates of an image whose sides are unknown.
func requireKnownSides(_ d: ImageDescription, for what: String) throws(Problem) {
  guard d.laterality == .known, d.affine != nil else {
    throw Problem(
      .data, d.name, "its header does not say which side is left, so \(what) has no meaning",
      expected: "a valid sform or qform")
  }
}

/// Refuses a second image whose sides are not known as well as the first one's: laying it over the
/// first by millimetres would be a guess. Two that are both unknown may share a grid.
func requireSameSides(_ second: ImageDescription, as first: ImageDescription) throws(Problem) {
  if first.laterality == .known, second.laterality == .known { return }
  if first.laterality == .unknown, second.laterality == .unknown, first.grid.matches(second.grid) {
    return
  }
  let unknown = second.laterality == .unknown ? second : first
  throw Problem(
    .data, unknown.name,
    "its header does not say which side is left, so it cannot be laid over "
      + (second.laterality == .unknown ? first.name : second.name),
    expected: "images whose sides are known")
}

/// A file that must hold one volume.
func readSingleVolume(
  _ path: String
) throws(Problem) -> (description: ImageDescription, volume: Volume) {
  let found = try ImageReader.readVolume(path)
  guard !found.description.isSeries else {
    throw Problem(
      .data, found.description.name, "it has \(found.description.frameCount) volumes",
      expected: "one volume")
  }
  return found
}

/// A seed as a person names it: X,Y,Z[,R], a name, or a mask file.
///
/// - Parameter radius: for a place without one of its own; nil takes the named seed's, else 6 mm.
func parseSeed(
  _ text: String, radius: Double?, space: Space, run: ImageDescription,
  inputs: inout [(role: String, sha256: String)]
) throws(Problem) -> Seed {
  if let radius, !(radius >= 0 && radius <= 100) {
    throw Problem(
      .usage, "--radius", "\(plainNumber(radius)) mm is no useful radius", expected: "0 to 100 mm")
  }
  if let n = numberList(text) {
    guard n.count == 3 || n.count == 4, n.count == 3 || (n[3] >= 0 && n[3] <= 100) else {
      throw Problem(.usage, "--seed", "\(text) is no seed", expected: "X,Y,Z or X,Y,Z,R in mm")
    }
    guard n.count == 3 || radius == nil else {
      throw Problem(
        .usage, "--radius", "the seed states a radius of its own", expected: "one of the two")
    }
    return .sphere(
      centre: WorldPoint(n[0], n[1], n[2]), radius: n.count == 4 ? n[3] : radius ?? 6, name: nil)
  }
  if let site = Sites.seed(named: text) {
    try requireMNI(space, fileName: run.name, for: "the seed \(site.name)")
    return .sphere(centre: site.point, radius: radius ?? site.seedRadius, name: site.name)
  }
  guard text.contains("/") || text.contains(".") else {
    throw Problem(
      .usage, "--seed", "there is no seed named \(text)",
      expected: "X,Y,Z[,R], a mask file, or one of "
        + Sites.seeds.map(\.name).joined(separator: ", "))
  }
  let (d, volume) = try readSingleVolume(text)
  inputs.append(("seed", d.sha256))
  try requireSameSides(d, as: run)
  guard radius == nil else {
    throw Problem(.usage, "--radius", "a mask seed has no radius", expected: "none with a mask")
  }
  let found = try brainMask(volume, on: run.grid, fileName: d.name)
  return .region(offsets: found.mask.offsets, name: "mask \(d.name)")
}

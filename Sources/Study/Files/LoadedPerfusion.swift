package import Basics
import Foundation
package import ImageFiles
package import Imaging
import Perfusion

/// A perfusion image with its brain mask and what else is known about it.
package struct LoadedPerfusion {
  package var description: ImageDescription
  package var volume: Volume
  package var space: Space
  package var findings: [Finding]
  package var inputs: [Provenance]
  /// The image and what was laid over it.
  package var study: LoadedStudy

  /// Reads a measured image; one whose sides are unknown is refused.
  package init(
    _ path: String, role: String, as kind: Role = .spect, into study: LoadedStudy
  ) throws(Problem) {
    (description, volume) = try readSingleVolume(path)
    try requireKnownSides(description, for: "a quantification by sides and places")
    let told = study.findings.count
    self.study = study
    try self.study.admit(description, path, as: kind, volume: volume)
    space = transformEnd(description, stated: study.stated).space
    findings = description.findings + self.study.findings.dropFirst(told)
    inputs = [Provenance(role, description)]
  }

  /// Takes over what the study was told since: of an atlas, of normals.
  package mutating func gatherFindings() {
    findings += study.findings.filter { !findings.contains($0) }
  }

  /// Carries the image to the world of a transform's FIXED.
  package mutating func carry(by path: String) throws(Problem) {
    let t = try transformOf(description, path)
    try description.carry(by: t)
    volume = Volume(grid: description.grid, values: volume.values)
    space = t.fixed.space
    let input = try Provenance("transform", file: path)
    study.carry(
      description,
      by: GivenTransforms.One(
        file: fileName(path), transform: t, sha256: input.sha256, path: path))
    inputs.append(input)
    noteCarried(by: t)
  }

  /// Carries the image to the world of another one of the same person.
  ///
  /// - Parameter path: a transform between the two; either may be its MOVING.
  /// - Returns: how it was registered, in words.
  package mutating func carry(
    toPairWith other: LoadedPerfusion, by path: String
  ) throws(Problem) -> String {
    let t = try TransformFile.read(path)
    try t.requireNotRejected(file: fileName(path))
    let ends = [t.moving.sha256, t.fixed.sha256]
    guard ends.contains(other.description.sha256), ends.contains(description.sha256) else {
      throw Problem(
        .data, fileName(path), "it is between other images than these two",
        expected: "a transform between \(other.description.name) and \(description.name)")
    }
    let isForward = t.moving.sha256 == description.sha256
    guard let grid = volume.grid.carried(by: isForward ? t.fixedFromMoving : t.movingFromFixed)
    else {
      throw Problem(.data, fileName(path), "it leads nowhere", expected: "an affine transform")
    }
    volume = Volume(grid: grid, values: volume.values)
    space = other.space
    inputs.append(try Provenance("transform", file: path))
    noteCarried(by: t)
    return Placement.registered(by: t.maker, isAccepted: t.isAccepted).words
  }

  private mutating func noteCarried(by t: Transform) {
    let words = Placement.registered(by: t.maker, isAccepted: t.isAccepted).words
    findings.append(Finding("carried", t.isAccepted == true ? .note : .warning, words + "."))
  }

  /// Carries this image and another one of the same person each by its own transform to a third image.
  ///
  /// - Returns: how both were registered, in words.
  package mutating func carry(
    besides other: inout LoadedPerfusion, by paths: [String]
  ) throws(Problem) -> String {
    var words: [String] = []
    var ends: [Transform.End] = []
    func path(_ d: ImageDescription) throws(Problem) -> String {
      for path in paths where try TransformFile.read(path).moving.sha256 == d.sha256 { return path }
      throw Problem(
        .data, d.name, "neither transform was made for it",
        expected: "for each of the two images the transform whose MOVING it is")
    }
    let own = try path(description)
    let others = try path(other.description)
    for path in [own, others] {
      let t = try TransformFile.read(path)
      words.append(Placement.registered(by: t.maker, isAccepted: t.isAccepted).words)
      ends.append(t.fixed)
    }
    guard ends[0].sha256 == ends[1].sha256 else {
      throw Problem(
        .data, fileName(others), "it leads to another image than \(fileName(own))",
        expected: "two transforms with one FIXED")
    }
    try carry(by: own)
    try other.carry(by: others)
    return words.joined(separator: "; ")
  }

  /// The brain: a mask file, else derived from the image.
  package mutating func brain(_ path: String?) throws(Problem) -> Mask {
    if let mask = try givenBrain(path) { return mask }
    guard let mask = Mask.perfusionBrain(from: volume) else {
      throw Problem(
        .data, description.name, "no brain stands out in it", expected: "an image of a head",
        remedy: "Give a mask with --mask")
    }
    return mask
  }

  /// The brain of a mask file; nil without one.
  package mutating func givenBrain(_ path: String?) throws(Problem) -> Mask? {
    guard let path else { return nil }
    let told = study.findings.count
    let (m, mask) = try study.read(path, as: .mask)
    findings += study.findings.dropFirst(told)
    inputs.append(Provenance("mask", m))
    let found = try brainMask(mask, on: volume.grid, fileName: m.name)
    findings += found.findings
    return Mask(grid: volume.grid, offsets: found.mask.offsets, origin: "given")
  }
}

/// Lays two images of one person on each other by the transforms given; nil without any.
///
/// - Parameter paths: one between the two, or one for each to a third image.
/// - Returns: how they were registered, in words.
package func registerPair(
  _ a: inout LoadedPerfusion, _ b: inout LoadedPerfusion, by paths: [String]
) throws(Problem) -> String? {
  switch paths.count {
  case 0: return nil
  case 1: return try b.carry(toPairWith: a, by: paths[0])
  case 2: return try a.carry(besides: &b, by: paths)
  default:
    throw Problem(
      .usage, "--transform", "there are \(paths.count)",
      expected: "one between the two images, or one for each of them")
  }
}

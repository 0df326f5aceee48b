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

  /// Reads a measured image, and carries it by the transform whose MOVING it is and those that go on from there;
  /// one whose sides are unknown is refused.
  package init(
    _ path: String, role: String, as kind: Role = .spect, by transforms: [String] = [],
    into study: LoadedStudy
  ) throws(Problem) {
    let found = try Self.read(path)
    let way = try matrixOf(found.description, by: transforms)
    try self.init(found, path, role: role, as: kind, by: way, into: study)
  }

  fileprivate typealias Read = (description: ImageDescription, volume: Volume)

  fileprivate static func read(_ path: String) throws(Problem) -> Read {
    let found = try readSingleVolume(path)
    try requireKnownSides(found.description, for: "a quantification by sides and places")
    return found
  }

  /// Lets in what was read, where it lies after a transform.
  fileprivate init(
    _ found: Read, _ path: String, role: String, as kind: Role, by way: GivenTransforms.One?,
    into study: LoadedStudy
  ) throws(Problem) {
    let told = study.findings.count
    self.study = study
    let carried = try self.study.take(found, path, as: kind, by: way)
    (description, volume) = (carried.description, carried.volume)
    space = self.study.files.last?.space ?? .native
    let own = description.findings
    findings = own + self.study.findings.dropFirst(told).filter { !own.contains($0) }
    inputs = [Provenance(role, description)]
    guard let way else { return }
    inputs += way.inputs
    let words = way.placementWords
    findings.append(
      Finding("carried", way.transform.warning == nil ? .note : .warning, words + "."))
  }

  /// Takes over what the study was told since: of an atlas, of normals.
  package mutating func gatherFindings() {
    findings += study.findings.filter { !findings.contains($0) }
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

/// Two images of one person, laid on each other where transforms were given for that.
package struct LoadedPair {
  package var first: LoadedPerfusion
  package var second: LoadedPerfusion
  /// How they were registered, in words; nil without a transform.
  package let registration: String?

  /// - Parameter transforms: none; one between the two, either being its MOVING; or one for each to a third image.
  /// - Throws: the same file twice, transforms of other images, and what reading and the rules refuse.
  package init(
    _ first: (path: String, role: String, kind: Role),
    _ second: (path: String, role: String, kind: Role), by transforms: [String],
    into study: LoadedStudy
  ) throws(Problem) {
    let a = try LoadedPerfusion.read(first.path)
    let b = try LoadedPerfusion.read(second.path)
    let isOneImage = a.description.isSameImage(as: b.description)
    var ways: (GivenTransforms.One?, GivenTransforms.One?) = (nil, nil)
    switch isOneImage ? 0 : transforms.count {
    case 0: break
    case 1: ways.1 = try Self.between(a.description, b.description, transforms[0], study)
    case 2: ways = try Self.toThird(a.description, b.description, transforms)
    default:
      throw Problem(
        .usage, "--transform", "there are \(transforms.count)",
        expected: "one between the two images, or one for each of them")
    }
    let words = [ways.0, ways.1].compactMap { $0?.placementWords }
    registration = words.isEmpty ? nil : words.joined(separator: "; ")
    self.first = try LoadedPerfusion(
      a, first.path, role: first.role, as: first.kind, by: ways.0, into: study)
    self.second = try LoadedPerfusion(
      b, second.path, role: second.role, as: second.kind, by: ways.1, into: self.first.study)
    if isOneImage {
      throw Problem(
        .usage, b.description.name, "both are the same image", expected: "two examinations")
    }
  }

  /// What carries the second image to the first by a transform between them.
  private static func between(
    _ a: ImageDescription, _ b: ImageDescription, _ path: String, _ study: LoadedStudy
  ) throws(Problem) -> GivenTransforms.One {
    let t = try TransformFile.read(path)
    try t.requireNotRejected(file: fileName(path))
    let ends = [t.moving.sha256, t.fixed.sha256]
    guard ends.contains(a.sha256), ends.contains(b.sha256) else {
      throw Problem(
        .data, fileName(path), "it is between other images than these two",
        expected: "a transform between \(a.name) and \(b.name)")
    }
    let isForward = t.moving.sha256 == b.sha256
    let way = try Transform(
      fixedFromMoving: isForward ? t.fixedFromMoving : t.movingFromFixed,
      moving: isForward ? t.moving : t.fixed,
      // It comes to lie in the world of the first, whatever the transform was told of that.
      fixed: transformEnd(a, stated: study.stated), origin: t.origin, isAccepted: t.isAccepted,
      figures: t.figures, file: fileName(path))
    return try GivenTransforms.One(way, path: path)
  }

  /// What carries each of the images to a third one.
  private static func toThird(
    _ a: ImageDescription, _ b: ImageDescription, _ paths: [String]
  ) throws(Problem) -> (GivenTransforms.One?, GivenTransforms.One?) {
    func path(_ d: ImageDescription) throws(Problem) -> String {
      for path in paths where try TransformFile.read(path).moving.sha256 == d.sha256 { return path }
      throw Problem(
        .data, d.name, "neither transform was made for it",
        expected: "for each of the two images the transform whose MOVING it is")
    }
    let (own, others) = (try path(a), try path(b))
    guard
      try TransformFile.read(own).fixed.sha256 == TransformFile.read(others).fixed.sha256
    else {
      throw Problem(
        .data, fileName(others), "it leads to another image than \(fileName(own))",
        expected: "two transforms with one FIXED")
    }
    guard let one = try matrixOf(a, by: [own]), let other = try matrixOf(b, by: [others]) else {
      return (nil, nil)
    }
    return (one, other)
  }
}

package import Basics
package import ImageFiles
package import Imaging
import Perfusion
package import Targeting

/// The transforms of a request, and which of them found their image.
package struct GivenTransforms: Sendable {
  package struct One: Sendable {
    package var file: String
    package var transform: Transform
    package var sha256: String
    /// Where it was read; nil for one that was made in this session.
    package var path: String?

    package init(file: String, transform: Transform, sha256: String, path: String? = nil) {
      self.file = file
      self.transform = transform
      self.sha256 = sha256
      self.path = path
    }

    /// One that was read from a file.
    init(_ transform: Transform, path: String) throws(Problem) {
      self.init(
        file: fileName(path), transform: transform,
        sha256: try Provenance("transform", file: path).sha256, path: path)
    }

    /// How an image lies that it carried.
    var placementWords: String {
      Placement.registered(by: transform.maker, isAccepted: transform.isAccepted).words
    }
  }
  package var all: [One]
  package var isSameWorld: Bool

  package init(all: [One] = [], isSameWorld: Bool = false) {
    self.all = all
    self.isSameWorld = isSameWorld
  }

  /// The transform for an image, with the file that it comes from: the one whose MOVING it is, or the only one
  /// for every native image where a person said that they share a world.
  package func one(for d: ImageDescription, space: Space) -> One? {
    if let own = all.first(where: { $0.transform.moving.sha256 == d.sha256 }) { return own }
    guard isSameWorld, space == .native, let only = all.first,
      only.transform.moving.space == .native
    else { return nil }
    return only
  }

  /// Where a place of MNI space lies in the native world that a transform starts from.
  package func nativePlace(_ p: WorldPoint) -> NativePlace? {
    all.first { $0.transform.moving.space == .native && $0.transform.fixed.space == .mni152 }
      .map {
        NativePlace(
          point: $0.transform.movingFromFixed.applied(to: p),
          imageSHA256: $0.transform.moving.sha256)
      }
  }

  /// What every result that rests on them must say.
  package var warnings: [String] { all.compactMap(\.transform.warning) }

  package var inputs: [Provenance] {
    all.map { Provenance("transform", path: $0.path, sha256: $0.sha256) }
  }
}

/// A transform from a file, refused for an image that is not its MOVING.
package func transformOf(_ d: ImageDescription, _ path: String) throws(Problem) -> Transform {
  let t = try TransformFile.read(path)
  try t.requireNotRejected(file: fileName(path))
  guard t.moving.sha256 == d.sha256 else {
    throw Problem(
      .data, fileName(path),
      t.fixed.sha256 == d.sha256
        ? "it leads to \(d.name), not away from it"
        : "it was made for another image than \(d.name)",
      expected: "a transform whose MOVING is \(d.name)",
      remedy: t.fixed.sha256 == d.sha256
        ? "Turn it round with `boldspect transform invert`" : "Register this image")
  }
  return t
}

extension ImageDescription {
  /// The same voxels in the world that a transform leads to.
  package mutating func carry(by t: Transform) throws(Problem) {
    guard let there = header.grid.carried(by: t.fixedFromMoving) else {
      throw Problem(
        .data, header.name, "the transform leads it nowhere", expected: "an affine transform")
    }
    header.grid = there
    header.affine = there.worldFromVoxel
    header.formCode = t.fixed.space == .mni152 ? 4 : 2
  }
}

extension LoadedRun {
  /// The same run in the world that a transform leads to; not a voxel is resampled.
  mutating func carry(by t: Transform) throws(Problem) {
    try description.carry(by: t)
    run = run.on(description.grid)
    space = t.fixed.space
    try learnField()
    sideRule = Study.sideRule(space, description.laterality, run.mask)
    findings.append(
      Finding(
        "carried", t.isAccepted == true ? .note : .warning,
        "\(t.warning.map { $0 + ". " } ?? "")Carried to \(t.fixed.template ?? t.fixed.space.rawValue) by a transform (\(t.origin))."
      ))
  }
}

extension LoadedRun {
  /// Carries a run, and its file in the study that it was admitted to.
  package mutating func carry(
    by way: GivenTransforms.One, in study: inout LoadedStudy
  ) throws(Problem) {
    try carry(by: way.transform)
    study.carry(description, by: way)
  }

  /// Carries a run that stands alone where a transform was made for it.
  package mutating func carry(
    by transforms: GivenTransforms, in study: inout LoadedStudy, inputs: inout [Provenance]
  ) throws(Problem) {
    study.transforms = transforms
    guard let way = transforms.one(for: description, space: space) else { return }
    try carry(by: way, in: &study)
    study.sayNotAccepted()
    inputs += transforms.inputs
  }
}

extension CleanedRuns {
  /// Carries the runs that a transform was made for; all of them or none.
  mutating func carry(by transforms: GivenTransforms) throws(Problem) {
    study.transforms = transforms
    let ways = loaded.map { transforms.one(for: $0.description, space: $0.space) }
    guard ways.contains(where: { $0 != nil }) else { return }
    for (n, way) in ways.enumerated() {
      guard let way else {
        throw Problem(
          .data, loaded[n].description.name, "no transform was made for it",
          expected: "one for every run", remedy: "Say --same-world if the runs share a world")
      }
      let told = loaded[n].findings.count
      try loaded[n].carry(by: way, in: &study)
      runFindings += loaded[n].findings.dropFirst(told)
      prepared[n].run = loaded[n].run
    }
    study.sayNotAccepted()
    inputs += transforms.inputs
  }

  /// Admits the runs to the study of an earlier session, where they lie now.
  mutating func join(_ known: LoadedStudy, as role: Role) throws(Problem) {
    let own = study.findings
    let transforms = study.transforms
    study = known
    study.transforms = transforms
    for one in loaded {
      let wasCarried = one.findings.contains { $0.code == "carried" }
      let way = wasCarried ? transforms.one(for: one.description, space: .native) : nil
      try study.admit(one.description, one.description.path, as: role, carriedBy: way)
    }
    study.findings += own.filter { !study.findings.contains($0) }
  }
}

/// The end of a transform that an image is: its hash and what its world is called.
package func transformEnd(_ described: some ImageDescribing, stated: Space?) -> Transform.End {
  let d = described.header
  let hash = described.knownSHA256 ?? ""
  let known = AtlasFiles.known[d.name] == hash
  let own =
    known ? .mni152 : space(ofFileNamed: d.name, formCode: d.formCode, stated: stated)
  return Transform.End(
    sha256: hash, space: own,
    // A template beside the word native would say two things of one place.
    template: own == .mni152 ? templateName(ofFileNamed: d.name) : nil)
}

extension LoadedStudy {
  /// Says at once, before the work, that nobody accepted a transform; the answer says it once more as a finding.
  fileprivate func sayNotAccepted() {
    for finding in findings where finding.code == StudyRules.notAccepted.code {
      complain(finding.text)
    }
  }
}

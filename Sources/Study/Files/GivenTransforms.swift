package import Basics
package import ImageFiles
package import Imaging
import Perfusion
package import Targeting

/// The transforms of a request in the order of their files, and which of them carry an image, one after the other.
package struct GivenTransforms: Sendable {
  /// A matrix, from a file or of a chain of files.
  package struct One: Sendable {
    package var file: String
    package var transform: Transform
    package var sha256: String
    /// Where it was read; nil for one that was made in this session.
    package var path: String?
    /// Every file that it is made of.
    package var inputs: [Provenance]

    package init(file: String, transform: Transform, sha256: String, path: String? = nil) {
      self.file = file
      self.transform = transform
      self.sha256 = sha256
      self.path = path
      inputs = [Provenance("transform", path: path, sha256: sha256)]
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

  /// A warp, alone or in a chain.
  package struct Bent: Sendable {
    package var file: String
    package var warp: Warp
    package var inputs: [Provenance]

    package init(file: String, warp: Warp, inputs: [Provenance]) {
      (self.file, self.warp, self.inputs) = (file, warp, inputs)
    }

    /// The way out for what is not resampled while it is read: `resample` with the same transforms.
    func resampling(_ what: String) -> String {
      let files = inputs.filter { $0.role == "transform" }
        .map { "--transform " + visibleText(fileName($0.path ?? file)) }
      return "Put it on FIXED's grid first: `boldspect resample \(what) --like FIXED "
        + files.joined(separator: " ") + " -o OUT`"
    }
  }

  /// A transform of the request, or a chain of them.
  package enum Link: Sendable {
    case matrix(One)
    case bent(Bent)
  }

  package private(set) var links: [Link]
  package var isSameWorld: Bool

  package init(all: [One] = [], isSameWorld: Bool = false) {
    links = all.map(Link.matrix)
    self.isSameWorld = isSameWorld
  }

  /// - Throws: links of which nobody can say which way a point travels.
  package init(links: [Link], isSameWorld: Bool) throws(Problem) {
    self.links = links
    self.isSameWorld = isSameWorld
    try requireChains()
  }

  /// The matrices that were given.
  package var all: [One] {
    links.compactMap { if case .matrix(let one) = $0 { one } else { nil } }
  }

  package var isEmpty: Bool { links.isEmpty }

  /// One more at the end, unless it would lead in a circle or begin where another does.
  ///
  /// - Returns: whether it was taken.
  package mutating func append(_ one: One) -> Bool {
    guard
      let more = try? GivenTransforms(links: links + [.matrix(one)], isSameWorld: isSameWorld)
    else { return false }
    self = more
    return true
  }

  /// The matrix that carries an image: the one whose MOVING it is and what follows it, or the only one for every
  /// native image where a person said that they share a world; nil where a warp is on the way.
  package func one(for d: ImageDescription, space: Space) -> One? {
    if case .matrix(let one)? = way(ofImage: d.sha256, space) { one } else { nil }
  }

  /// The warp that is on an image's way.
  package func bent(for d: ImageDescription, space: Space) -> Bent? {
    bent(ofImage: d.sha256, space)
  }

  package func bent(ofImage sha256: String, _ space: Space) -> Bent? {
    if case .bent(let bent)? = way(ofImage: sha256, space) { bent } else { nil }
  }

  /// Refuses a warp on the way of a run: a series is not resampled while it is read.
  package func requireUnbent(_ d: ImageDescription, space: Space) throws(Problem) {
    guard let bent = bent(for: d, space: space) else { return }
    throw Problem(
      .data, d.name, "\(bent.file) is a warp, and a run is not resampled while it is read",
      expected: "a rigid or affine transform for a run",
      remedy: bent.resampling("RUN") + "; `matrix` and `networks` bring an atlas to the run instead"
    )
  }

  /// Where a place of MNI space lies in the native world that a transform starts from.
  package func nativePlace(_ p: WorldPoint) -> NativePlace? {
    for link in links where link.moving.space == .native && link.fixed.space == .mni152 {
      let there: WorldPoint? =
        switch link {
        case .matrix(let one): one.transform.movingFromFixed.applied(to: p)
        case .bent(let bent): bent.warp.movingFromFixed.applied(to: p)
        }
      return there.map { NativePlace(point: $0, imageSHA256: link.moving.sha256) }
    }
    return nil
  }

  /// What every result that rests on them must say.
  package var warnings: [String] {
    links.compactMap { link in
      switch link {
      case .matrix(let one): one.transform.warning
      case .bent(let bent): bent.warp.warning
      }
    }
  }

  package var inputs: [Provenance] { links.flatMap(\.inputs) }
}

/// What carries an image by transforms that were given for it alone; nil where none are.
///
/// - Throws: transforms that do not begin at the image, and those that it does not go through.
package func wayOf(
  _ d: ImageDescription, by paths: [String]
) throws(Problem) -> GivenTransforms.Link? {
  guard let path = paths.first else { return nil }
  try d.requireOwnGeometry(for: "a transform")
  let given = try TransformRequest(transform: paths).read()
  guard let way = given.way(ofImage: d.sha256, .native) else {
    let leads = given.links.contains { $0.fixed.sha256 == d.sha256 }
    throw Problem(
      .data, fileName(path),
      leads
        ? "it leads to \(d.name), not away from it"
        : "it was made for another image than \(d.name)",
      expected: "a transform whose MOVING is \(d.name)",
      remedy: leads ? "Turn it round with `boldspect transform invert`" : "Register this image")
  }
  for link in given.links
  where !way.inputs.contains(where: { $0.sha256 == link.inputs.first?.sha256 }) {
    throw given.unusedProblem(link)
      ?? Problem(
        .data, link.file, "\(d.name) does not go through it",
        expected: "transforms that meet, the first of which begins at \(d.name)")
  }
  return way
}

/// The same for what is measured on its own voxels and never resampled.
func matrixOf(
  _ d: ImageDescription, by paths: [String]
) throws(Problem) -> GivenTransforms.One? {
  switch try wayOf(d, by: paths) {
  case .matrix(let one)?: return one
  case .bent(let bent)?: throw warpOfScan(d, bent)
  case nil: return nil
  }
}

/// A SPECT through a warp would be measured on voxels that it never had.
func warpOfScan(_ d: ImageDescription, _ bent: GivenTransforms.Bent) -> Problem {
  Problem(
    .data, d.name, "\(bent.file) is a warp, and a SPECT is measured on its own voxels",
    expected: "a rigid or affine transform for a SPECT", remedy: bent.resampling("SPECT"))
}

extension ImageDescription {
  /// The same voxels in the world that a transform leads to.
  package mutating func carry(by t: Transform) throws(Problem) {
    try requireOwnGeometry(for: "a transform")
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
        "carried", t.warning == nil ? .note : .warning,
        "\(t.warning.map { $0 + ". " } ?? "")Carried to \(t.fixed.template ?? t.fixed.space.rawValue) by a transform (\(t.origin))."
      ))
    try placeInTemplate()
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
    try transforms.requireUnbent(description, space: space)
    guard let way = transforms.one(for: description, space: space) else { return }
    try carry(by: way, in: &study)
    study.sayNotAccepted()
    inputs += transforms.inputs
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
  func sayNotAccepted() {
    for finding in findings where finding.code == StudyRules.notAccepted.code {
      complain(finding.text)
    }
  }
}

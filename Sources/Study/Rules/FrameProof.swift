package import Basics
package import ImageFiles
package import Imaging

/// How it is known that an image lies in the frame of reference of a DICOM object.
package enum FrameProof: Equatable, Sendable {
  /// It or its sidecar names the source's series.
  case series
  /// It or its sidecar names the frame.
  case frame
  /// It was made, on the same grid, of an image that lies there and, `ofSeries`, of the source's series.
  case chain(imageSHA256: String, ofSeries: Bool)
  /// Its voxels have the values and places of such an image.
  case sameVoxels(imageSHA256: String, ofSeries: Bool)
  /// A person said it.
  case stated

  package var isOfSourceSeries: Bool {
    switch self {
    case .series, .chain(_, true), .sameVoxels(_, true): true
    case .frame, .chain, .sameVoxels, .stated: false
    }
  }

  /// The image that it was made of or equals, where that shows it.
  package var imageSHA256: String? {
    switch self {
    case .chain(let hash, _), .sameVoxels(let hash, _): hash
    case .series, .frame, .stated: nil
    }
  }

  package var words: String {
    switch self {
    case .series: "it names the source's series"
    case .frame: "it names it"
    case .chain(let hash, _):
      "it was made on the grid of image \(hash.prefix(12)), which lies in it"
    case .sameVoxels(let hash, _):
      "its values and places are those of image \(hash.prefix(12)), which lies in it"
    case .stated: "BY A PERSON'S STATEMENT ALONE"
    }
  }
}

/// The frame of reference of a DICOM object, and which images lie in it.
package struct SourceFrame {
  package let source: ExportSource
  /// What lies in the frame, and why.
  private var known: [Known] = []
  /// Why a person says that what nothing shows lies in the frame does; nil without a statement.
  package let statement: String?
  /// Images that were given as those that results were made of.
  package private(set) var imported: [(path: String, description: ImageDescription)] = []

  private struct Known {
    var image: FirstFrame
    var proof: FrameProof
    var sha256: String { image.d.sha256 }
  }

  /// - Parameters:
  ///   - path: of the source, whose whole series is looked at where it opens as one; nil when nothing has a place.
  ///   - imported: DICOM series of the frame, and images that were made of them, in any order.
  ///   - statement: why a person says that everything lies in the frame; nil where nobody does.
  package init(
    _ source: ExportSource, path: String?, imported paths: [String], statement: String?
  ) throws(Problem) {
    self.source = source
    self.statement = statement
    if let path, let image = try? FirstFrame(path) {
      known.append(Known(image: image, proof: .series))
    }
    var open: [FirstFrame] = []
    for path in paths {
      let image = try FirstFrame(path)
      imported.append((path, image.d))
      if let proof = try Self.proof(ofDICOM: path, image.d.name, source) {
        known.append(Known(image: image, proof: proof))
      } else {
        open.append(image)
      }
    }
    // One may be made of another that is given after it.
    var count = -1
    while count != known.count {
      count = known.count
      for image in open where !known.contains(where: { $0.sha256 == image.d.sha256 }) {
        guard let proof = try shown(image) else { continue }
        known.append(Known(image: image, proof: proof))
      }
    }
  }

  /// Hashes of what is known to lie in the frame.
  package var knownHashes: [String] { known.flatMap(\.image.d.hashes) }

  /// That a DICOM series lies in the frame; nil for what is no DICOM.
  private static func proof(
    ofDICOM path: String, _ name: String, _ source: ExportSource
  ) throws(Problem) -> FrameProof? {
    var file = path
    if isFolder(path) {
      guard DICOMFolder.holdsDICOM(path),
        let first = try DICOMFolder(path).series.first(where: \.canBeOpened)
      else { return nil }
      file = first.path
    }
    guard DICOMFolder.isDICOMFile(file) else { return nil }
    let other = try ExportSource(file)
    guard other.shares(.patientID, with: source), other.shares(.frame, with: source) else {
      throw Problem(
        .data, name, "it is of another person or frame of reference than \(source.name)",
        expected: "a series of the source's frame")
    }
    return other.shares(.series, with: source) ? .series : .frame
  }

  /// Why a map lies in the frame.
  ///
  /// - Throws: where nothing shows that it does, or something shows that it does not.
  package func proof(
    of d: ImageDescription, _ volume: Volume, _ path: String
  ) throws(Problem) -> FrameProof {
    if let proof = try shown(FirstFrame(d, volume, path)) { return proof }
    guard statement != nil else { throw unproven(d.name) }
    try requireNear(d)
    return .stated
  }

  /// What shows that an image lies in the frame; nil where nothing does.
  private func shown(_ image: FirstFrame) throws(Problem) -> FrameProof? {
    let sidecar = try Self.sidecar(of: image.path)
    try Self.requireOwnSpace(image.d, sidecar)
    if let direct = try Self.direct(image.d, sidecar, source) { return direct }
    if let chain = chain(image.d, sidecar) { return chain }
    for one in known where try image.hasValues(of: one.image) {
      return .sameVoxels(imageSHA256: one.sha256, ofSeries: one.proof.isOfSourceSeries)
    }
    return nil
  }

  /// Why a place lies in the frame that is known in the world of an image.
  ///
  /// - Parameters:
  ///   - hash: of that image.
  ///   - maps: what goes out beside it, with its proof.
  package func proof(
    ofPlaceIn hash: String?, among maps: [(sha256: String, proof: FrameProof)], name: String
  ) throws(Problem) -> FrameProof {
    if let map = maps.first(where: { $0.sha256 == hash }) { return map.proof }
    if let image = known.first(where: { $0.sha256 == hash }) {
      return .chain(imageSHA256: image.sha256, ofSeries: image.proof.isOfSourceSeries)
    }
    guard statement != nil else { throw unproven(name) }
    return .stated
  }

  private func unproven(_ name: String) -> Problem {
    Problem(
      .data, name, "nothing shows that it lies in the frame of reference of \(source.name)",
      expected: "a result of the source's series, or of an image that is known to lie there",
      remedy:
        "Give by --imported the image that it was made of, and the DICOM series that was made of; or state with --same-frame why it lies there"
    )
  }

  // MARK: what speaks for it

  /// The JSON beside an image; nil without one.
  package static func sidecar(of path: String) throws(Problem) -> JSON? {
    let json = sidecarPath(path)
    guard isSameFile(json, json) else { return nil }
    do {
      return try JSON.parse(try readTextFile(json)).value
    } catch let fault as JSONFault {
      throw Problem(.data, fileName(json), "line \(fault.line): \(fault.found)", expected: "JSON")
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem(.inputOutput, fileName(json), "it cannot be read")
    }
  }

  /// What an image's own sidecar says; a word against the source is a refusal that nobody can overrule.
  private static func direct(
    _ d: ImageDescription, _ sidecar: JSON?, _ source: ExportSource
  ) throws(Problem) -> FrameProof? {
    guard let sidecar else { return nil }
    if let hash = sidecar["image"]?["sha256"]?.asString, hash != d.sha256 {
      throw Problem(
        .data, d.name, "the JSON beside it is of another image", expected: "its own sidecar")
    }
    let frame = sidecar["FrameOfReferenceUID"]?.asString
    let study = sidecar["StudyInstanceUID"]?.asString
    for (words, value, own) in [
      ("frame of reference", frame, ExportSource.Name.frame),
      ("person", sidecar["PatientID"]?.asString, .patientID),
      ("study", frame == nil ? study : nil, .study),
    ] {
      guard let value, !source.isNamed(value, by: own) else { continue }
      throw Problem(
        .data, source.name, "it is of another \(words) than the sidecar of \(d.name) says",
        expected: "a source of the same person and frame")
    }
    if let series = sidecar["SeriesInstanceUID"]?.asString, source.isNamed(series, by: .series) {
      return .series
    }
    return frame == nil ? nil : .frame
  }

  /// Inputs that say where a result lies, when no transform was at work.
  private static let ownInputs: Set<String> = ["bold", "image", "spect", "activity", "anat"]

  private func chain(_ d: ImageDescription, _ sidecar: JSON?) -> FrameProof? {
    guard let sidecar, sidecar["GeneratedBy"]?.asString == "boldspect",
      sidecar["image"]?["sha256"]?.asString == d.sha256
    else { return nil }
    if let series = sidecar["SourcesSHA256"]?.asString {
      // Imported from a series as it lay.
      return chain(d, from: [series])
    }
    guard sidecar["space"]?.asString == Space.native.rawValue,
      let inputs = sidecar["inputs"]?.items
    else { return nil }
    let roles = inputs.map {
      (role: $0["role"]?.asString ?? "", hash: $0["sha256"]?.asString ?? "")
    }
    let origins = Set(roles.filter { Self.ownInputs.contains($0.role) }.map(\.hash))
    guard !roles.contains(where: { $0.role.contains("transform") }), origins.count == 1 else {
      return nil
    }
    return chain(d, from: origins)
  }

  private func chain(_ d: ImageDescription, from origins: Set<String>) -> FrameProof? {
    guard let image = known.first(where: { origins.contains($0.sha256) }),
      d.grid.matches(image.image.d.grid)
    else { return nil }
    return .chain(imageSHA256: image.sha256, ofSeries: image.proof.isOfSourceSeries)
  }

  // MARK: what speaks against it

  /// Spaces that names state and that are a person's own.
  private static let ownSpaces: Set<String> = [
    "native", "scanner", "orig", "individual", "func", "bold", "boldref", "T1w", "T2w", "anat",
  ]

  /// Refuses an image of no side, of a template's space, or of nobody.
  private static func requireOwnSpace(_ d: ImageDescription, _ sidecar: JSON?) throws(Problem) {
    try requireKnownSides(d, for: "an export")
    let named = templateName(ofFileNamed: d.name)
    let stated = sidecar?["space"]?.asString
    let other = otherSpace(ofFileNamed: d.name).flatMap { ownSpaces.contains($0) ? nil : $0 }
    if d.formCode >= 3 || named != nil || other != nil || stated.map({ $0 != "native" }) == true {
      let why =
        named ?? other ?? (stated == "native" ? nil : stated) ?? "form code \(d.formCode)"
      throw Problem(
        .data, d.name, "it lies in the space of a template (\(visibleText(why, limit: 40)))",
        expected: "an image in the person's own scanner space")
    }
    guard !d.isSyntheticPerson else {
      throw Problem(
        .data, d.name, "it shows the synthetic sample person, of whom no DICOM object is",
        expected: "an image of the source's person")
    }
  }

  /// Refuses a statement that the source's own place speaks against.
  private func requireNear(_ d: ImageDescription) throws(Problem) {
    guard let corners = source.corners else { return }
    let places = corners.map { d.grid.voxel($0) }
    let isNear = [
      (places.map(\.x), d.grid.nx), (places.map(\.y), d.grid.ny), (places.map(\.z), d.grid.nz),
    ].allSatisfy { (at, count) in
      // Half of the field of view may be between them: slices of another series.
      let margin = Double(count) / 2
      return at.max().map { $0 >= -margin } == true
        && at.min().map { $0 <= Double(count - 1) + margin } == true
    }
    guard isNear else {
      throw Problem(
        .data, d.name, "it lies far from the source \(source.name)",
        expected: "an image of the same frame of reference")
    }
  }
}

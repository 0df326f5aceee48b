package import Basics
package import ImageFiles
import Imaging

/// How it is known that an image lies in the frame of reference of a DICOM object.
package enum FrameProof: Equatable, Sendable {
  /// Its sidecar names the source's series.
  case series
  /// Its sidecar names the frame.
  case frame
  /// It was made, on the same grid, of an image whose sidecar names the frame or, `ofSeries`, the source's series.
  case chain(imageSHA256: String, ofSeries: Bool)
  /// A person said it.
  case stated

  package var isOfSourceSeries: Bool {
    switch self {
    case .series, .chain(_, true): true
    case .frame, .chain, .stated: false
    }
  }

  package var words: String {
    switch self {
    case .series: "its sidecar names the source's series"
    case .frame: "its sidecar names it"
    case .chain(let hash, _):
      "it was made on the grid of image \(hash.prefix(12)), whose sidecar names it"
    case .stated: "BY A PERSON'S STATEMENT ALONE"
    }
  }
}

/// The frame of reference of a DICOM object, and which images lie in it.
package struct SourceFrame {
  package let source: ExportSource
  private let imported: (description: ImageDescription, proof: FrameProof?)?
  private let isStated: Bool

  /// - Parameters:
  ///   - imported: the image that was made of DICOM files of this frame, with its sidecar.
  ///   - isStated: whether a person says that everything lies in the frame.
  package init(
    _ source: ExportSource, imported path: String?, isStated: Bool
  ) throws(Problem) {
    self.source = source
    self.isStated = isStated
    guard let path else {
      imported = nil
      return
    }
    let d = try ImageReader.identify(path)
    try Self.requireOwnSpace(d, nil)
    imported = (d, try Self.direct(d, try Self.sidecar(of: path), source))
  }

  package var importedImage: ImageDescription? { imported?.description }

  /// Why a map lies in the frame.
  ///
  /// - Throws: where nothing shows that it does, or something shows that it does not.
  package func proof(of d: ImageDescription, _ path: String) throws(Problem) -> FrameProof {
    let sidecar = try Self.sidecar(of: path)
    try Self.requireOwnSpace(d, sidecar)
    if let direct = try Self.direct(d, sidecar, source) { return direct }
    if let chain = chain(d, sidecar) { return chain }
    guard isStated else { throw unproven(d.name) }
    try requireNear(d)
    return .stated
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
    if let imported, let proof = imported.proof, imported.description.sha256 == hash {
      return .chain(
        imageSHA256: imported.description.sha256, ofSeries: proof.isOfSourceSeries)
    }
    guard isStated else { throw unproven(name) }
    return .stated
  }

  private func unproven(_ name: String) -> Problem {
    Problem(
      .data, name, "nothing shows that it lies in the frame of reference of \(source.name)",
      expected: "a sidecar with FrameOfReferenceUID or SeriesInstanceUID of the source",
      remedy:
        "Give the image that it was made of by --imported, or, if you know it, state --same-frame")
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
    guard let imported, let known = imported.proof, let sidecar,
      sidecar["GeneratedBy"]?.asString == "boldspect",
      sidecar["image"]?["sha256"]?.asString == d.sha256,
      sidecar["space"]?.asString == Space.native.rawValue,
      let inputs = sidecar["inputs"]?.items
    else { return nil }
    let roles = inputs.map {
      (role: $0["role"]?.asString ?? "", hash: $0["sha256"]?.asString ?? "")
    }
    let origins = roles.filter { Self.ownInputs.contains($0.role) }
    guard !roles.contains(where: { $0.role.contains("transform") }), !origins.isEmpty,
      origins.allSatisfy({ $0.hash == imported.description.sha256 }),
      d.grid.matches(imported.description.grid)
    else { return nil }
    return .chain(
      imageSHA256: imported.description.sha256, ofSeries: known.isOfSourceSeries)
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

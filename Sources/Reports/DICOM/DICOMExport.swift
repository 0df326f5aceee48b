package import Basics
import ImageFiles
import Imaging
import Study

/// Maps, targets, a report and figures as DICOM objects in the study of a source.
package struct DICOMExport {
  private let request: ExportRequest
  private let frame: SourceFrame
  private let people: ExportedPeople
  private var files: [ExportedFile] = []
  private var rows: [JSON] = []
  private var proven: [(sha256: String, proof: FrameProof)] = []
  private var seriesCount = 0
  /// What everything was made of; never a name.
  package private(set) var inputs: [Provenance] = []
  package private(set) var findings: [Finding] = []
  package private(set) var result: [(String, JSON)] = []

  /// Makes every object and writes all of them, or none.
  package init(_ given: ExportRequest, progress: WorkProgress) throws(Problem) {
    var request = given
    try request.check()
    self.request = request
    let source = try ExportSource(request.source)
    people = try ExportedPeople(source, request.source, reason: request.otherPerson)
    inputs.append(try Provenance("source", file: request.source))
    let hasPlaces = !request.maps.isEmpty || request.targets != nil
    if hasPlaces { _ = try source.requireFrame(for: "a map or a target") }
    frame = try SourceFrame(
      source, path: hasPlaces ? request.source : nil, imported: request.imported,
      statement: request.sameFrame)
    var study = LoadedStudy(allowsMixedPeople: request.otherPerson != nil)
    for image in frame.imported {
      let ancestors = try image.description.header.lineage.followed().hashes
      try SideLedger.requireUnblocked(
        image.description.hashes, ancestors: ancestors, name: image.description.name,
        for: "an export")
      _ = try people.admit(image.description, ancestors, &findings)
      try study.admit(image.description, image.path, as: .like)
      inputs.append(Provenance("imported", image.description))
    }
    for path in request.maps {
      try progress.check()
      try add(map: path, in: &study)
    }
    if let path = request.targets { try add(targets: path) }
    if let path = request.pdf { try add(pdf: path) }
    try add(figures: request.figures)
    try progress.check()
    findings += study.findings
    let hashes = try ExportFolder.write(files, to: request.output)
    result = [
      ("folder", .string(fileName(request.output))),
      (
        "files",
        .array(
          zip(files, hashes).map {
            .object([("name", .string($0.name)), ("sha256", .string($1))])
          })
      ), ("objects", .array(rows)),
    ]
  }

  /// For a person to read.
  package var text: String {
    let lines = rows.map { row in
      ["kind", "files", "frame_of_reference", "note"].compactMap { row[$0]?.asString }
        .joined(separator: ", ")
    }
    return (lines + ["\(files.count) \(files.count == 1 ? "file" : "files"). " + researchUse])
      .joined(separator: "\n")
  }

  private mutating func nextSeries() -> Int {
    seriesCount += 1
    return seriesCount
  }

  /// What a proof is called where it goes out.
  private func words(_ proof: FrameProof) -> String {
    proof == .stated ? "\(proof.words): \(frame.statement ?? "")" : proof.words
  }

  private mutating func tell(_ proof: FrameProof, of name: String) {
    guard proof == .stated else { return }
    findings.append(
      Finding(
        "same-frame", .warning,
        "That it lies in the frame of reference of \(frame.source.name) is a person's statement alone: \(frame.statement ?? ""). "
          + "Nothing shows what it was made of.", file: name))
  }

  // MARK: maps

  private mutating func add(map path: String, in study: inout LoadedStudy) throws(Problem) {
    let (d, volume) = try readSingleVolume(path)
    let (ancestors, isWhole) = try d.header.lineage.followed()
    try SideLedger.requireUnblocked(
      d.hashes, ancestors: ancestors, name: d.name, for: "an export")
    try d.requireOwnGeometry(for: "an export")
    let proof = try frame.proof(of: d, volume, path)
    try SideLedger.requireUnblocked(proof.imageSHA256, name: d.name, for: "an export")
    let person = try people.admit(d, ancestors, &findings)
    // What a name or a person's word alone puts there may be made of anything.
    if proof == .stated || proof == .frame && !isWhole {
      try people.requireUnblocked(person, frame, name: d.name)
    }
    try study.admit(d, path, as: .moving)
    guard volume.range != nil else {
      throw Problem(.data, d.name, "it holds no number", expected: "a map")
    }
    let facts = MapFacts(try SourceFrame.sidecar(of: path))
    inputs.append(Provenance("map", d))
    findings += d.findings
    tell(proof, of: d.name)
    proven.append((d.sha256, proof))
    let map = ExportMap(
      volume: volume, unit: facts.unit,
      note: ExportNote(
        title: facts.title + (request.maps.count > 1 ? " map-\(proven.count)" : ""),
        derivation: "\(facts.made) SHA-256 \(d.sha256). Frame of reference: \(words(proof)).",
        unmeasured: d.isSimulated || facts.isSimulated ? "SIMULATED" : nil),
      isOfSourceSeries: proof.isOfSourceSeries, name: d.name)
    let name = request.maps.count > 1 ? "map-\(proven.count)" : "map"
    switch request.form {
    case .parametric:
      files.append(
        try ParametricMap.file(
          map, source: frame.source, series: nextSeries(), name: name + ".dcm"))
      row("Parametric Map", name + ".dcm", proof, "float32 values")
    case .mr:
      let made = try MRSlices.files(
        map, source: frame.source, series: nextSeries(), name: name)
      files += made.files
      row(
        "MR Image", "\(name)-0001.dcm to \(made.files.last?.name ?? "")", proof,
        "values right to \(made.quantisation.largestError)")
    }
  }

  private mutating func row(
    _ kind: String, _ files: String, _ proof: FrameProof?, _ note: String
  ) {
    rows.append(
      .object([
        ("kind", .string(kind)), ("files", .string(files)),
        ("frame_of_reference", .optional(proof?.words)), ("note", .string(note)),
      ]))
  }

  // MARK: targets

  private mutating func add(targets path: String) throws(Problem) {
    let chosen = try ExportedTargets(
      path, names: request.targetNames, takesUndecided: request.takesUndecided,
      into: request.output)
    inputs.append(try Provenance("targets", file: path))
    findings += chosen.findings
    var out: [ExportTarget] = []
    for place in chosen.places {
      for hash in [place.imageSHA256].compactMap({ $0 }) + place.origin {
        try SideLedger.requireUnblocked(hash, name: place.target.name, for: "an export")
      }
      try people.admit(
        hashes: [place.imageSHA256].compactMap { $0 } + place.origin, name: place.target.name,
        &findings)
      let proof = try frame.proof(
        ofPlaceIn: place.imageSHA256, among: proven, name: place.target.name)
      tell(proof, of: place.target.name)
      if proof == .stated { try people.requireUnblocked(nil, frame, name: place.target.name) }
      var target = place.target
      target.remarks.append("Frame of reference: \(words(proof)).")
      out.append(target)
      row(
        "Comprehensive 3D SR", "targets.dcm", proof,
        "\(target.name) \(target.side.rawValue) at \(millimetres(target.point)) mm RAS+")
    }
    let note = ExportNote(
      title: "target candidates", derivation: "Made by boldspect \(boldspectVersion).",
      unmeasured: nil)
    files.append(
      try MeasurementReport.file(
        out, note: note, source: frame.source, series: nextSeries(), name: "targets.dcm"))
  }

  // MARK: documents

  /// Nothing in them says whose they are: that they belong to the source is the word of the person who gives them.
  private static let given = "Taken into this study by the person who exported it."

  private mutating func add(pdf path: String) throws(Problem) {
    let pdf = try EncapsulatedPDF.read(path)
    let hash = sha256(of: pdf)
    inputs.append(Provenance("pdf", path: path, sha256: hash))
    let told = PDFText(beside: path)
    if told.isBlocked {
      throw Problem(
        .data, fileName(path),
        "the text beside it says that images are MIRRORED against each other, and nobody has decided",
        expected: "a report of images whose sides agree",
        remedy: "Decide with flipcheck --decide, and make the report again")
    }
    let note = ExportNote(
      title: "report",
      derivation: "\(Self.given) That it is of this person is a statement: "
        + "\(request.ofThisPerson ?? ""). SHA-256 of the PDF \(hash).",
      unmeasured: told.unmeasured)
    files.append(
      try EncapsulatedPDF.file(
        pdf, note: note, source: frame.source, series: nextSeries(), name: "report.dcm"))
    row(
      "Encapsulated PDF", "report.dcm", nil,
      (told.unmeasured.map { $0 + ", " } ?? "") + "\(pdf.count) bytes")
  }

  private mutating func add(figures paths: [String]) throws(Problem) {
    guard !paths.isEmpty else { return }
    let series = nextSeries()
    for (n, path) in paths.enumerated() {
      let sheet = try FigureSheet(path)
      let input = try Provenance("figure", file: path)
      inputs.append(input)
      let note = ExportNote(
        title: "figure", derivation: "\(Self.given) SHA-256 of the PNG \(input.sha256).",
        unmeasured: sheet.unmeasured)
      let name = paths.count > 1 ? "figure-\(n + 1).dcm" : "figure.dcm"
      files.append(
        try SecondaryCapture.file(
          width: sheet.width, height: sheet.height, rgb: sheet.rgb, note: note,
          source: frame.source, series: series + n, instance: 1, name: name))
      row("Secondary Capture", name, nil, sheet.unmeasured ?? "of measurements")
    }
    seriesCount += paths.count - 1
  }
}

/// What the JSON beside a map tells of it, as far as it may go out.
struct MapFacts {
  /// Such as `seedmap`; never a file's name.
  var title = "map"
  /// How it was made, as a sentence.
  var made = "An image of another program, exported by boldspect \(boldspectVersion)."
  /// By UCUM; nil where nothing says it.
  var unit: String?
  var isSimulated = false

  /// Units that sidecars name, BIDS's and DICOM's own, by UCUM; of others nothing is said.
  private static let units = [
    "1": "1", "%": "%", "Bq/mL": "Bq/mL", "BQML": "Bq/mL", "s": "s", "ms": "ms", "mm": "mm",
    "Hz": "Hz",
  ]

  init(_ sidecar: JSON?) {
    guard let sidecar else { return }
    unit = sidecar["Units"]?.asString.flatMap { Self.units[$0] }
    if case .bool(true)? = sidecar["simulated"] { isSimulated = true }
    guard sidecar["GeneratedBy"]?.asString == "boldspect",
      let command = sidecar["command"]?.asString
    else { return }
    let kind = ["measure", "statistic", "contrast", "proxy"].lazy.compactMap {
      sidecar["parameters"]?[$0]?.asString
    }.first
    title = visibleText(command, limit: 16) + (kind.map { " " + visibleText($0, limit: 14) } ?? "")
    let version = visibleText(sidecar["version"]?.asString ?? "", limit: 16)
    let inputs = (sidecar["inputs"]?.items ?? []).prefix(8).compactMap { input -> String? in
      guard let role = input["role"]?.asString, let hash = input["sha256"]?.asString else {
        return nil
      }
      return visibleText(role, limit: 24) + " " + hash.filter(\.isHexDigit).prefix(12)
    }
    made = "Made by boldspect \(version), \(title), of \(inputs.joined(separator: ", "))."
  }
}

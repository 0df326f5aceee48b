package import Basics
package import ImageFiles
import Imaging
package import Study
package import Targeting
package import Workflows

/// A navigator's file, a second one for Localite, and the program's own record beside it.
package struct NavigationFiles {
  package let navigator: Navigator
  package let path: String
  package let overwrite: Bool

  package init(navigator: Navigator, path: String, overwrite: Bool) {
    self.navigator = navigator
    self.path = path
    self.overwrite = overwrite
  }

  /// Where Localite's entry-target pair goes.
  private var entryTargetPath: String {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    let name = fileName(path)
    return folder
      + (name.hasPrefix("InstrumentMarker")
        ? "EntryTarget" + name.dropFirst("InstrumentMarker".count)
        : String(name.dropLast(4)) + "-EntryTarget.xml")
  }

  private var all: [String] {
    [path] + (navigator == .localite ? [entryTargetPath] : [])
      + [path + ".record.json", path + ".record.tsv"]
  }

  package func check() throws(Problem) {
    guard path.hasSuffix(navigator.fileEnding), !fileName(path).hasPrefix(navigator.fileEnding)
    else {
      throw Problem(
        .usage, fileName(path), "\(navigator.rawValue) reads \(navigator.fileEnding) files",
        expected: "such a name")
    }
    try checkFolder(of: path)
    for file in all { try AtomicFile.checkFree(file, overwrite: overwrite) }
    try requireNoInput(all, among: [])
    try requireOwnJSON(path + ".record.json")
  }

  /// Writes all files, reads the navigator's back and compares before anything is said to be saved.
  ///
  /// - Returns: one line per file.
  package func write(
    _ plan: CoilPlan, record: TargetRecord, way: WayToAnatomy, dose: DoseAdjustment?,
    warnings: [String], anatomy: Anatomy, form: Brainsight.Form, version: Brainsight.Version,
    axes: Localite.Axes, inputs: [Provenance]
  ) throws(Problem) -> [String] {
    try requireNames(record)
    let cautions = ExportCautions(record, more: warnings)
    let json = recordJSON(plan, record, way, dose, cautions, anatomy, form, inputs)
    var out: [String] = []
    let set = FileSet(overwrite: overwrite)
    var hashes: [(String, JSON)] = []
    for file in try navigatorFiles(
      plan, cautions, anatomy, form, version, axes)
    {
      let hash = try set.add(file.path, file.text)
      hashes.append((file.path == path ? "navigator_sha256" : "entry_target_sha256", .string(hash)))
      let back = try Self.points(try set.text(of: file.path), navigator, file: fileName(file.path))
      guard let apart = largestDifference(file.points, back), apart.millimetres <= 1e-4,
        apart.direction <= 1e-4
      else {
        throw Problem(
          .inputOutput, fileName(file.path),
          "what was read back differs from what was written; nothing was saved")
      }
      out.append(
        "saved and read back: \(fileName(file.path)) (off by \(plainNumber(apart.millimetres, 6)) mm)"
      )
    }
    var placed = record
    placed.point = plan.cortex
    placed.space = anatomy.end.space
    placed.template = anatomy.end.template
    placed.warnings = cautions.all
    let table = try set.add(path + ".record.tsv", TargetRecord.tsv([placed], coil: plan.pose))
    hashes.append(("record_tsv_sha256", .string(table)))
    try set.add(path + ".record.json", json.adding([("set", .object(hashes))]).text + "\n")
    try set.commit(last: path)
    out.append("record: \(fileName(path)).record.json and .record.tsv")
    return out
  }

  /// What the navigator reads, and the points that it must then find.
  private func navigatorFiles(
    _ plan: CoilPlan, _ cautions: ExportCautions, _ anatomy: Anatomy,
    _ form: Brainsight.Form, _ version: Brainsight.Version, _ axes: Localite.Axes
  ) throws(Problem) -> [(path: String, text: String, points: [NavigatedPoint])] {
    let program = "boldspect v\(boldspectVersion)"
    let world = navigator == .localite ? axes.rawValue : navigator == .slicer ? "LPS" : "RAS"
    let place =
      "\(plan.side.rawValue), \(world)+ mm of the \(anatomy.title), handle points \(plan.pose.handleWords)"
    let handle = "Handle: \(plan.handleAngleWords)"
    let note = "\(place). \(handle). \(researchUse) \(cautions.line(limit: 1500))"
    switch navigator {
    case .brainsight:
      let text = try Brainsight.text(
        plan, form, version,
        program: "\(program). \(researchUse) \(handle). \(cautions.line(limit: 1500))",
        file: anatomy.fileName)
      return [(path, text, plan.points)]
    case .simnibs: return [(path, SimNIBSTable.text(plan), plan.points)]
    case .slicer: return [(path, SlicerMarkups.json(plan, note: note).text + "\n", plan.points)]
    case .localite:
      let room = Localite.shortLimit - place.count - researchUse.count - 4
      let markers = Localite.instrumentMarkers(
        plan, axes, note: note,
        short: "\(place). \(cautions.line(limit: room)). \(researchUse)", program: program)
      let pair = Localite.entryTarget(plan, axes, note: note, program: program)
      return [
        (path, markers, [plan.points[2]]),
        (entryTargetPath, pair, [plan.points[1], plan.points[0]]),
      ]
    }
  }

  /// Refuses names that say another side than the target lies on, also the file's, and a name that is too long: before
  /// anything is planned.
  package func requireNames(_ record: TargetRecord) throws(Problem) {
    try SideInName.require(
      record.name, side: record.side, subject: record.name,
      remedy: "Look at the target, and save it under a name that is right")
    try SideInName.require(
      file: fileName(path), ending: navigator.fileEnding, holding: [record])
    try NavigatorNames.require(record)
  }

  private func recordJSON(
    _ plan: CoilPlan, _ record: TargetRecord, _ way: WayToAnatomy, _ dose: DoseAdjustment?,
    _ cautions: ExportCautions, _ anatomy: Anatomy, _ form: Brainsight.Form,
    _ inputs: [Provenance]
  ) -> JSON {
    .object([
      ("GeneratedBy", .string("boldspect")), ("version", .string(boldspectVersion)),
      ("target", record.json), ("side", .string(plan.side.rawValue)),
      (
        "anat",
        .object([
          ("sha256", .string(anatomy.end.sha256)), ("space", .string(anatomy.end.space.rawValue)),
          ("template", .optional(anatomy.end.template)),
          ("form", .string(form.isQform ? "qform" : "sform")), ("form_code", .int(form.code)),
          ("coordinates", .string("RAS+ mm")),
        ])
      ), ("way", .string(way.words)), ("target_mm", .point(plan.cortex)),
      ("scalp_mm", .point(plan.scalp)), ("depth_mm", .number(plan.depth)),
      ("depth_rule", .string(plan.depthWords)),
      (
        "coil",
        .object([
          (
            "axes", .string("x, y (prolongation of the handle), z (into the head), centre: columns")
          ),
          ("matrix", .array((plan.pose.matrix.rows + [[0, 0, 0, 1]]).map(JSON.numbers))),
          ("distance_mm", .number(plan.coilDistance)),
          ("handle_degrees", .number(plan.handleDegrees)),
          ("handle_axial_degrees", .optional(plan.axialHandleDegrees)),
          ("handle_angle", .string(plan.handleAngleWords)),
          ("handle_points", .string(plan.pose.handleWords)),
        ])
      ),
      (
        "dose",
        dose.map {
          .object([
            ("site_depth_mm", .number($0.siteMillimetres)),
            ("motor_depth_mm", .number($0.motorMillimetres)),
            ("added_percent_of_output", .number($0.added())),
            ("percent_per_mm", .number(DoseAdjustment.perMillimetre)),
            ("words", .string($0.words)),
          ])
        } ?? .null
      ), ("warnings", .array(cautions.all.map(JSON.string))),
      ("inputs", inputsJSON(inputs)), ("notice", .string(researchUse)),
    ])
  }

  /// The points of a navigator's text.
  private static func points(
    _ text: String, _ navigator: Navigator, file: String
  ) throws(Problem) -> [NavigatedPoint] {
    switch navigator {
    case .brainsight: try Brainsight.read(text, file: file).points
    case .localite: try Localite.read(text, file: file)
    case .simnibs: try SimNIBSTable.read(text, file: file)
    case .slicer: try SlicerMarkups.read(text, file: file)
    }
  }

  /// The points of a navigator's file, and what it says of its coordinate system.
  ///
  /// - Throws: a coordinate system that is not that of the anatomy's header.
  package static func read(
    _ path: String, _ navigator: Navigator, anatomy: ImageDescription
  ) throws(Problem) -> (points: [NavigatedPoint], note: String) {
    let file = fileName(path)
    let text = try readTextFile(path)
    let record = path + ".record.json"
    if let set = (try? JSON.parse(readTextFile(record)).value)?["set"] {
      let files = NavigationFiles(navigator: navigator, path: path, overwrite: false)
      try requireOneSave(
        [
          (path, set["navigator_sha256"]), (files.entryTargetPath, set["entry_target_sha256"]),
          (path + ".record.tsv", set["record_tsv_sha256"]),
        ], as: record)
    }
    guard navigator == .brainsight else {
      let found = try some(navigator, file) { () throws(Problem) in
        try points(text, navigator, file: file)
      }
      return (found, "\(found.count) points, RAS+ mm of \(anatomy.name)")
    }
    var system = ""
    let found = try some(navigator, file) { () throws(Problem) in
      let (name, points) = try Brainsight.read(text, file: file)
      system = name
      return points
    }
    let form = Brainsight.Form(isQform: anatomy.form == .qform, code: anatomy.formCode)
    var names: [String] = []
    for version in Brainsight.Version.allCases {
      names.append(try Brainsight.coordinateSystem(form, version, file: anatomy.name))
    }
    // Both forms agree where they are both set, or the anatomy is refused elsewhere: the other one's name is as good.
    if let code = anatomy.qformCode {
      let other = Brainsight.Form(isQform: true, code: code)
      names += Brainsight.Version.allCases.compactMap { version in
        try? Brainsight.coordinateSystem(other, version, file: anatomy.name)
      }.filter { !names.contains($0) }
    }
    let isSame = names.contains { $0.lowercased() == system.lowercased() }
    guard isSame else {
      throw Problem(
        .data, file, "its coordinate system is \(visibleText(system, limit: 40))",
        expected: "\(names.joined(separator: " or ")), as \(anatomy.name) says",
        remedy: "Export it in that system, or give the T1 that it belongs to")
    }
    return (found, "\(found.count) points, \(system), RAS+ mm of \(anatomy.name)")
  }

  /// The points that reading finds; of none, and of one that is wrong, the file is named.
  private static func some(
    _ navigator: Navigator, _ file: String, _ read: () throws(Problem) -> [NavigatedPoint]
  ) throws(Problem) -> [NavigatedPoint] {
    let found: [NavigatedPoint]
    do throws(Problem) { found = try read() } catch {
      guard error.subject != file else { throw error }
      throw Problem(
        error.kind, file, "\(error.subject): \(error.found)", expected: error.expected,
        remedy: error.remedy)
    }
    guard !found.isEmpty else {
      throw Problem(
        .data, file, "it holds no target", expected: "targets as \(navigator.rawValue) writes them")
    }
    return found
  }
}

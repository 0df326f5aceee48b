import ArgumentParser
import Basics
import ImageFiles
import Imaging
import Records
import Study
import Targeting
import Workflows

extension Navigator: ExpressibleByArgument {}

/// `boldspect target`.
struct TargetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "target", abstract: "Take a saved target to a navigator, or bring one back.",
    discussion: researchUse, subcommands: [ExportTarget.self, ImportTarget.self])
}

/// The anatomy, the way to it and the coil.
struct CoilOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The T1 of the whole head in whose world the navigator works.", valueName: "file"))
  var anat: String
  @Option(
    help: ArgumentHelp("A transform between the T1 and the target's space.", valueName: "file.txt"))
  var transform: String?
  @Option(
    help: ArgumentHelp(
      "Space of the T1, when it does not say it: MNI152 or native.", valueName: "name"))
  var anatSpace: String?
  @Flag(help: "The native target's run was aligned with this T1.")
  var sameWorld = false
  @Option(
    help: ArgumentHelp(
      "The handle's angle to the midline, to the back and outwards.", valueName: "degrees"))
  var handle = 45.0
  @Option(help: ArgumentHelp("From the scalp to the coil's centre.", valueName: "mm"))
  var coilDistance = 4.0
  @Option(
    help: ArgumentHelp(
      "Measured depth of the motor hot spot below the scalp, for the depth rule of the dose.",
      valueName: "mm"))
  var motorDepth: Double?

  /// The anatomy, refused when a navigator could take it for something else.
  func anatomy() throws(Problem) -> (ImageDescription, Anatomy) {
    guard handle.isFinite, abs(handle) <= 180 else {
      throw Problem(
        .usage, "--handle", "\(plainNumber(handle)) degrees is no angle", expected: "-180 to 180")
    }
    guard coilDistance.isFinite, coilDistance >= 0, coilDistance <= 50 else {
      throw Problem(
        .usage, "--coil-distance", "\(plainNumber(coilDistance)) mm is no useful distance",
        expected: "0 to 50")
    }
    if let motorDepth, !(5...60).contains(motorDepth) {
      throw Problem(
        .usage, "--motor-depth", "\(plainNumber(motorDepth)) mm is no depth of a motor cortex",
        expected: "5 to 60")
    }
    let (d, volume) = try readSingleVolume(anat)
    try requireKnownSides(d, for: "a target")
    if let apart = d.formsApartMillimetres, apart > 0.1 {
      throw Problem(
        .data, d.name,
        "its sform and qform put a corner \(plainNumber(apart, 2)) mm apart, and a navigator may follow the other one",
        expected: "forms that agree to 0.1 mm",
        remedy: "Write one of them into both, after looking which is right")
    }
    let stated = try statedSpace(anatSpace, "--anat-space")
    return (
      d,
      Anatomy(volume: volume, end: transformEnd(d, stated: stated), fileName: visibleText(d.name))
    )
  }
}

struct ExportTarget: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a saved target for Brainsight, Localite, SimNIBS or 3D Slicer.",
    discussion: """
      \(researchUse)

      The coil lies flat on the scalp point nearest to the target. Every file is read back and compared \
      before it counts as written; beside it come FILE.record.json and FILE.record.tsv after NIBS-BIDS. \
      Localite gets two files, instrument markers and an entry-target pair; it takes the first under the \
      name InstrumentMarker<date and time>.xml.
      """)

  @Argument(help: ArgumentHelp("What `targets -o` or the viewer saved.", valueName: "file.json"))
  var file: String
  @OptionGroup var coil: CoilOptions
  @Option(help: "brainsight, localite, simnibs or slicer.")
  var to: Navigator
  @Option(help: ArgumentHelp("Which one, when the file holds several.", valueName: "name"))
  var name: String?
  @Option(help: ArgumentHelp("12 for Brainsight up to 2.5.2, 14 for later ones.", valueName: "n"))
  var brainsightVersion = 12
  @Option(help: "RAS for projects made of NIfTI, LPS for those made of DICOM.")
  var localiteSpace = "RAS"
  @Option(name: .shortAndLong, help: ArgumentHelp("The navigator's file.", valueName: "file"))
  var output: String
  @Flag(help: "Replace what is already there.")
  var force = false

  func run() throws {
    guard let version = Brainsight.Version(rawValue: brainsightVersion) else {
      throw Problem(
        .usage, "--brainsight-version", "there is no version \(brainsightVersion) here",
        expected: "12 or 14")
    }
    guard let axes = Localite.Axes(rawValue: localiteSpace.uppercased()) else {
      throw Problem(
        .usage, "--localite-space", "there is no space \(visibleText(localiteSpace, limit: 20))",
        expected: "RAS or LPS")
    }
    let files = NavigationFiles(navigator: to, path: output, overwrite: force)
    try files.check()
    let record = try TargetFiles.record(file, named: name)
    guard record.decision != .rejected else {
      throw Problem(
        .data, record.name, "a person rejected this target", expected: "one that was not rejected")
    }
    let transform = try coil.transform.map { (path) throws(Problem) in try TransformFile.read(path)
    }
    try withStatus { progress in
      let (d, anatomy) = try coil.anatomy()
      let way = try wayToAnatomy(
        record, anatomy, transform: transform, isSameWorld: coil.sameWorld)
      let (plan, warnings) = try coilPlan(
        for: record, way: way, anatomy: anatomy, handleDegrees: coil.handle,
        coilDistance: coil.coilDistance, progress: progress)
      let dose = coil.motorDepth.map {
        DoseAdjustment(siteMillimetres: plan.depth, motorMillimetres: $0)
      }
      let written = try files.write(
        plan, record: record, way: way, dose: dose, warnings: warnings, anatomy: anatomy,
        form: Brainsight.Form(isQform: d.form == .qform, code: d.formCode), version: version,
        axes: axes,
        inputs: [
          ("target", try sha256(ofFile: file)), ("anat", d.sha256),
        ] + (coil.transform.map { [("transform", try sha256(ofFile: $0))] } ?? []))
      for warning in record.warnings + warnings { complain(warning) }
      if !record.isAcknowledged { complain("no person has confirmed this target on a screen") }
      try printResult(
        planText(plan, record, anatomy, dose) + "\n" + written.joined(separator: "\n"))
    }
  }
}

/// The plan for a person to read.
func planText(
  _ plan: CoilPlan, _ record: TargetRecord, _ anatomy: Anatomy, _ dose: DoseAdjustment?
) -> String {
  let world = "RAS+ mm of \(anatomy.fileName)"
  var lines = [
    "\(plan.name)  \(plan.side.rawValue)",
    "target \(millimetres(record.point)) mm \(record.spaceName)",
    "target \(millimetres(plan.cortex)), scalp \(millimetres(plan.scalp)), coil \(millimetres(plan.pose.centre)) (\(world))",
    "\(fixed(plan.depth, 1)) mm below the scalp: \(plan.depthWords)",
    "handle points \(plan.pose.handleWords): \(plainNumber(plan.handleDegrees, 1)) degrees from the midline in the axial plane, laid on the scalp",
  ]
  if let dose { lines.append(dose.words) }
  lines.append(researchUse)
  return lines.joined(separator: "\n")
}

struct ImportTarget: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Read targets from a navigator's file, and say where they are.",
    discussion: """
      Coordinates are those of the navigator's own T1 (RAS+ mm). With --transform they are also given in \
      the other image's space, and -o keeps the targets as the program's own file.
      """)

  @Argument(help: "A file of a navigator.")
  var file: String
  @Option(help: "brainsight, localite, simnibs or slicer.")
  var from: Navigator
  @Option(help: ArgumentHelp("The T1 that the navigator worked with.", valueName: "file"))
  var anat: String
  @Option(
    help: ArgumentHelp(
      "Space of the T1, when it does not say it: MNI152 or native.", valueName: "name"))
  var anatSpace: String?
  @Option(
    help: ArgumentHelp("A transform between the T1 and another image.", valueName: "file.txt"))
  var transform: String?
  @Flag(help: "As JSON.")
  var json = false
  @Option(
    name: .shortAndLong, help: ArgumentHelp("Keep them as .tsv and .json.", valueName: "file.tsv"))
  var output: String?
  @Flag(help: "Replace what is already there.")
  var force = false

  func run() throws {
    if let output { try TargetFiles.check(output, overwrite: force) }
    let d = try ImageReader.describe(anat)
    try requireKnownSides(d, for: "a target")
    let end = transformEnd(d, stated: try statedSpace(anatSpace, "--anat-space"))
    let (points, note) = try NavigationFiles.read(file, from, anatomy: d)
    var way: (affine: Affine, end: Transform.End)?
    if let transform {
      let found = try TransformFile.read(transform)
      let forward = found.moving.sha256 == d.sha256
      guard forward || found.fixed.sha256 == d.sha256 else {
        throw Problem(
          .data, fileName(transform), "it was made for other images than \(d.name)",
          expected: "a transform of this T1")
      }
      way = (
        forward ? found.fixedFromMoving : found.movingFromFixed,
        forward ? found.fixed : found.moving
      )
    }
    let space = way?.end ?? end
    let rule: SideRule = space.space == .mni152 ? .mni : .unknown
    let kept =
      points.contains { $0.role == .target } ? points.filter { $0.role == .target } : points
    for p in points {
      let there = way?.affine.applied(to: p.point) ?? p.point
      let side = rule.side(of: there)
      guard [p.point, there].allSatisfy({ abs($0.x) < 300 && abs($0.y) < 300 && abs($0.z) < 300 })
      else {
        throw Problem(
          .data, fileName(file), "\(p.name) lies at \(millimetres(p.point)) mm, in no head",
          expected: "millimetres of this T1")
      }
      for word in [Side.left, .right]
      where p.name.contains(word.rawValue) && side != word && (side == .left || side == .right) {
        throw Problem(
          .data, fileName(file),
          "\(p.name) names the side \(word.rawValue) but lies \(side.rawValue)",
          expected: "a name and a place that agree", remedy: "Look at the file's axes and at the T1"
        )
      }
    }
    let records = kept.map { p in
      let there = way?.affine.applied(to: p.point) ?? p.point
      return TargetRecord(
        name: plainName(p.name), note: note, point: there,
        space: space.space, template: space.template, side: rule.side(of: there), label: nil,
        r: nil, method: "imported from \(from.rawValue)", imageSHA256: space.sha256)
    }
    let document = JSON.object([
      (
        "points",
        .array(
          points.map { p in
            let there = way?.affine.applied(to: p.point) ?? p.point
            return .object([
              ("name", .string(p.name)), ("role", .string(p.role.rawValue)),
              ("anat_mm", .point(p.point)), ("mm", .point(there)),
              ("space", .string(space.template ?? space.space.rawValue)),
              ("side", .string(rule.side(of: there).rawValue)),
              (
                "pose",
                p.pose.map { .array(($0.matrix.rows + [[0, 0, 0, 1]]).map(JSON.numbers)) } ?? .null
              ), ("handle", .optional(p.pose?.handleWords)),
            ])
          })
      ),
      ("note", .string(note)),
      ("inputs", inputsJSON([("navigator", try sha256(ofFile: file)), ("anat", d.sha256)])),
      ("version", .string(boldspectVersion)), ("notice", .string(researchUse)),
    ])
    if let output {
      try TargetFiles.write(records, document: document, to: output, overwrite: force)
    }
    if json { return try printResult(document.text) }
    for p in points {
      let there = way?.affine.applied(to: p.point) ?? p.point
      try printResult(
        "\(tableCell(p.name))\t\(p.role.rawValue)\t\(rule.side(of: there).rawValue)\t\(millimetres(p.point)) mm of \(d.name)"
          + (way == nil
            ? "" : "\t\(millimetres(there)) mm \(space.template ?? space.space.rawValue)")
          + (p.pose.map { "\thandle points \($0.handleWords)" } ?? ""))
    }
    try printResult(note)
  }
}

import ArgumentParser
import Basics
import ImageFiles
import Imaging
import Records
import Reports
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
    help: ArgumentHelp(
      "A transform between the T1 and the target's space, or a chain of them.",
      valueName: "file.txt"))
  var transform: [String] = []
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
    let stated = try Study.stated(anatSpace, by: "--anat-space")
    let (d, volume) = try readSingleVolume(anat)
    try requireKnownSides(d, for: "a target")
    var study = LoadedStudy(stated: stated)
    try study.admit(d, anat, as: .navigatorAnatomy)
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
  @Flag(help: "Write a target that no person accepted, such as what `targets -o` saved.")
  var undecided = false
  @OptionGroup var answer: AnswerOptions
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
    try requireNoInput([output], among: [file, coil.anat] + coil.transform)
    let record = try TargetFiles.record(file, named: name)
    guard record.decision != .rejected else {
      throw Problem(
        .data, record.name, "a person rejected this target", expected: "one that was not rejected")
    }
    guard record.decision == .accepted || undecided else {
      throw Problem(
        .data, record.name, "no person accepted this target", expected: "one that was accepted",
        remedy: "Look at it in the viewer, or state --undecided")
    }
    let transform = try GivenTransforms.one(coil.transform)
    try withStatus { progress in
      let (d, anatomy) = try coil.anatomy()
      if !coil.transform.isEmpty { try d.requireOwnGeometry(for: "a transform") }
      let way = try wayToAnatomy(
        record, anatomy, transform: transform, isSameWorld: coil.sameWorld)
      let (plan, doubts) = try coilPlan(
        for: record, way: way, anatomy: anatomy, handleDegrees: coil.handle,
        coilDistance: coil.coilDistance, progress: progress)
      let warnings = try doubts + sideDecisions(record, d)
      let dose = coil.motorDepth.map {
        DoseAdjustment(siteMillimetres: plan.depth, motorMillimetres: $0)
      }
      var inputs = [try Provenance("target", file: file), Provenance("anat", d)]
      inputs += transform?.inputs ?? []
      let written = try files.write(
        plan, record: record, way: way, dose: dose, warnings: warnings, anatomy: anatomy,
        form: Brainsight.Form(isQform: d.form == .qform, code: d.formCode), version: version,
        axes: axes, inputs: inputs)
      for warning in record.warnings + warnings { complain(warning) }
      if !record.isAcknowledged { complain("no person has confirmed this target on a screen") }
      try answer.give(
        CommandAnswer(
          "target export", inputs: inputs, findings: d.findings,
          result: [
            ("name", .string(plan.name)), ("side", .string(plan.side.rawValue)),
            ("target_mm", .point(record.point)), ("target_space", .string(record.spaceName)),
            ("anat_target_mm", .point(plan.cortex)), ("scalp_mm", .point(plan.scalp)),
            ("coil_mm", .point(plan.pose.centre)), ("depth_mm", .number(plan.depth)),
            ("handle_degrees", .number(plan.handleDegrees)),
            ("written", .array(written.map(JSON.string))),
            ("warnings", .array((record.warnings + warnings).map(JSON.string))),
          ]),
        text: planText(plan, record, anatomy, dose) + "\n" + written.joined(separator: "\n"))
    }
  }
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
    help: ArgumentHelp(
      "A transform between the T1 and another image, or a chain of them.", valueName: "file.txt"))
  var transform: [String] = []
  @OptionGroup var answer: AnswerOptions
  @Option(
    name: .shortAndLong, help: ArgumentHelp("Keep them as .tsv and .json.", valueName: "file.tsv"))
  var output: String?
  @Flag(help: "Replace what is already there.")
  var force = false

  func run() throws {
    if let output {
      try TargetFiles.check(output, overwrite: force)
      try requireNoInput(TargetFiles.paths(output), among: [file, anat] + transform)
    }
    let stated = try Study.stated(anatSpace, by: "--anat-space")
    let d = try ImageReader.identify(anat)
    var study = LoadedStudy(stated: stated)
    try study.admit(d, anat, as: .navigatorAnatomy)
    try study.requireSidesDecided(for: "a target")
    let given = try GivenTransforms.one(transform)
    if let given, !given.isAccepted {
      study.findings.append(
        Finding(
          "not-accepted", .warning,
          "The transform is NOT ACCEPTED: no person said that it is right.", file: given.file))
    }
    let found = try NavigatorTargets(
      file, from, anatomy: d, stated: stated, transform: given)
    var inputs = [try Provenance("navigator", file: file), Provenance("anat", d)]
    inputs += given?.inputs ?? []
    let findings = d.findings + study.findings
    if let output {
      try TargetFiles.write(
        found.records, document: found.document(inputs: inputs, findings: findings), to: output,
        overwrite: force)
    }
    try answer.give(
      CommandAnswer(
        "target import", inputs: inputs, findings: findings, result: found.result),
      text: found.text)
  }
}

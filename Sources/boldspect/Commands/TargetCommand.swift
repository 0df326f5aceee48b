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
      "The handle's angle to the midline, to the back and outwards, before it is laid onto the scalp.",
      valueName: "degrees"))
  var handle = 45.0
  @Option(help: ArgumentHelp("From the scalp to the coil's centre.", valueName: "mm"))
  var coilDistance = 4.0
  @Option(
    help: ArgumentHelp(
      "Measured depth of the motor hot spot below the scalp, for the depth rule of the dose.",
      valueName: "mm"))
  var motorDepth: Double?

  var coil: TargetExport.Coil {
    TargetExport.Coil(
      anatomy: anat, transforms: transform, space: anatSpace, isSameWorld: sameWorld,
      handleDegrees: handle, distanceMillimetres: coilDistance, motorDepthMillimetres: motorDepth)
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
    let export = TargetExport(
      target: file, name: name, coil: coil.coil, files: files, version: version, axes: axes,
      allowsUndecided: undecided)
    try withStatus { progress in
      let (told, text, warnings) = try export.write(progress: progress)
      for warning in warnings { complain(warning) }
      try answer.give(told, text: text)
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

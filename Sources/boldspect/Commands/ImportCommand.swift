import ArgumentParser
import Basics
import ImageFiles
import Records
import Reports
import Study

/// `boldspect import`.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Write DICOM series as NIfTI with BIDS names and sidecars.",
    discussion: """
      Slices lie where their own headers put them, or the series is refused. Each series is written whole or not \
      at all. Who it is of is what --sub says; nothing of the patient is taken from the files.
      """)

  @Argument(help: "A folder of DICOM files.")
  var folder: String
  @Option(
    name: .shortAndLong, help: ArgumentHelp("The data set's folder.", valueName: "folder"))
  var output: String
  @Option(help: ArgumentHelp("Whose they are, as you call them.", valueName: "label"))
  var sub: String
  @Option(help: ArgumentHelp("Which visit it is.", valueName: "label"))
  var ses: String?
  @Option(
    help: ArgumentHelp(
      "What was done during runs (default: what a series' description says, else unknown).",
      valueName: "label"))
  var task: String?
  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      "What the one series is: \(DICOMImport.suffixes.joined(separator: ", ")).",
      valueName: "suffix"))
  var suffix: String?
  @Option(
    help: ArgumentHelp(
      "A series by its number or UID, exactly; may be repeated (default: all that open).",
      valueName: "number|UID"))
  var series: [String] = []
  @Option(
    help: ArgumentHelp(
      "Take them in beside another patient's images, and why.", valueName: "reason"))
  var otherPerson: String?
  @Flag(help: "Replace what is already there.")
  var force = false
  @Flag(help: envelopeHelp)
  var json = false

  func run() throws {
    let request = try DICOMImport(
      output: output, subject: sub, session: ses, task: task, suffix: suffix, force: force,
      otherPerson: otherPerson)
    try withStatus { progress in
      let outcome = try request.run(try DICOMFolder(folder), series, progress: progress)
      let findings = outcome.findings + outcome.imported.flatMap(\.findings)
      for finding in findings where finding.severity > .note { complain(finding.text) }
      for problem in outcome.skipped { complain("not imported: " + problem.sentence) }
      if json {
        let answer = CommandAnswer("import", findings: findings, result: ImportPage.result(outcome))
        try printResult(answer.json.text)
      } else {
        try printResult(ImportPage.text(outcome))
      }
      if let problem = outcome.unkept { throw problem.asUnkept("whose the images are") }
    }
  }
}

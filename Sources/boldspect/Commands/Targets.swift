import ArgumentParser
import Imaging
import ImagingIO
import Targeting
import Workflows

/// `boldspect targets`.
struct Targets: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Candidates for a TMS target: where the left DLPFC is most anticorrelated with sgACC.",
    discussion: """
      \(researchUse)

      Needs a run in MNI space. The protocol removes the global signal and smooths 4 mm; what would be \
      found without global-signal removal is shown beside it.
      """)

  @Argument(help: ArgumentHelp("4-D BOLD runs of one person, in MNI space.", valueName: "bold"))
  var bold: [String]
  @OptionGroup var runOptions: RunOptions
  @Option(
    help: ArgumentHelp("Grey matter probability; 0.5 and more is searched.", valueName: "file"))
  var gm: String?
  @Flag(help: "As JSON.")
  var json = false
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Also write the candidates as .tsv and .json.", valueName: "file.tsv"))
  var output: String?
  @Flag(help: "Replace what is already there.")
  var force = false

  func run() throws {
    if let output { try TargetFiles.check(output, overwrite: force) }
    try withStatus { progress in
      let runs = try CleanedRuns(bold, runOptions, progress: progress)
      var inputs = try TargetInputs(runs.first, greyMatter: gm)
      inputs.hashes = runs.inputs + inputs.hashes.filter { $0.role == "gm" }
      let report = try findTargets(
        in: runs.prepared, settings: TargetProtocol(), greyMatter: inputs.greyMatter,
        atlas: inputs.atlas, progress: progress)
      let space = runs.space
      let document = targetsJSON(report, space: space, inputs: inputs.hashes)
      if let output {
        try TargetFiles.write(
          records(report, space: space), document: document, to: output, overwrite: force)
      }
      try printResult(json ? document.text : targetsText(report, space: space))
    }
  }
}

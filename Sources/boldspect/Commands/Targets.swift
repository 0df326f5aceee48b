import ArgumentParser
import Basics
import ImageFiles
import Imaging
import Records
import Reports
import Study
import Targeting
import Workflows

/// `boldspect targets`.
struct Targets: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Candidates for a TMS target, with how far each can be trusted.",
    discussion: """
      \(researchUse)

      Needs a run in MNI space, or --transform from the run's own space to it. Without --protocol: where the left DLPFC is most anticorrelated with \
      sgACC. The protocol removes the global signal and smooths 4 mm; what would be found without \
      global-signal removal, and where a SPECT camera's resolution would have put it, is shown beside \
      it. Halves, odd and even blocks, runs and redrawn maps say how far the place can be trusted. \
      `boldspect protocols` lists the protocols.
      """)

  @Argument(help: ArgumentHelp("4-D BOLD runs of one person, in MNI space.", valueName: "bold"))
  var bold: [String]
  @OptionGroup var runOptions: RunOptions
  @Option(
    help: ArgumentHelp("Grey matter probability; 0.5 and more is searched.", valueName: "file"))
  var gm: String?
  @OptionGroup var networks: NetworkMapOptions
  @OptionGroup var search: TargetOptions
  @OptionGroup var answer: AnswerOptions
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Also write the candidates as .tsv and .json.", valueName: "file.tsv"))
  var output: String?
  @Flag(help: "Replace what is already there.")
  var force = false

  func run() throws {
    let settings = try search.settings()
    if let output {
      try TargetFiles.check(output, overwrite: force)
      try TargetFiles.require(output, fits: settings.region)
    }
    try withStatus { progress in
      var runs = try CleanedRuns(bold, runOptions.request, progress: progress)
      let transforms = runs.study.transforms
      var inputs = try TargetInputs(
        runs.first, greyMatter: gm, into: &runs.study)
      inputs.hashes = runs.inputs + inputs.hashes.filter { $0.role == "gm" }
      inputs.surroundings.networks = try networks.request.map(
        into: &runs.study, &inputs.hashes)
      var report = try findTargets(
        in: runs.prepared, settings: try search.resolved(settings, &runs, &inputs.hashes),
        inputs.surroundings, progress: progress)
      report.moreWarnings = transforms.warnings + personWarnings(runs.findings)
      let space = runs.space
      let native = { (place: WorldPoint) -> NativePlace? in
        space == .mni152 ? transforms.nativePlace(place) : nil
      }
      let result = targetsResult(report, space: space, native: native)
      if let output {
        try TargetFiles.write(
          records(report, run: runs.first, transforms: transforms), report, space: space,
          inputs: inputs.hashes, findings: runs.findings, to: output, overwrite: force)
      }
      try answer.give(
        CommandAnswer(
          "targets", inputs: inputs.hashes, findings: runs.findings, result: result),
        text: targetsText(report, space: space, native: native))
    }
  }
}

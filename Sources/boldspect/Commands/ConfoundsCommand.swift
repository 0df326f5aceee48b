import ArgumentParser
import Basics
import Connectivity
import ImageFiles
import Imaging
import Reports
import Study
import Workflows

/// `boldspect confounds`.
struct ConfoundsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "confounds",
    abstract:
      "What a run's confounds hold, what presets would take of them, and how the head moved.",
    discussion: """
      Framewise displacement by Power and by Jenkinson, DVARS, the frames that --fd and --dvars would \
      censor, and for every preset its columns and what it leaves of the degrees of freedom.
      """)

  @Argument(help: ArgumentHelp("A 4-D BOLD run.", valueName: "bold"))
  var bold: String
  @OptionGroup var runOptions: RunOptions
  @OptionGroup var denoisingOptions: DenoisingOptions
  @OptionGroup var answer: AnswerOptions

  func run() throws {
    try withStatus { progress in
      var choice = try runOptions.choice()
      try denoisingOptions.apply(to: &choice)
      var study = try runOptions.request.study()
      var loaded = try LoadedRun(
        bold, tr: runOptions.tr, mask: runOptions.mask, into: &study, progress: progress)
      var inputs = loaded.inputs
      var quiet = runOptions.request
      // Looking at a table needs no columns.
      if quiet.preset == .none, quiet.columns == nil, quiet.drop == nil { quiet.drop = 0 }
      let sources = try quiet.sources(
        of: loaded.run, at: loaded.description.path, number: 0, into: &study, inputs: &inputs)
      try loaded.carry(
        by: try quiet.transforms.read(), in: &study, inputs: &inputs)
      try study.requireTransformsUsed()
      let quality = RunQuality(
        sources.table, try loaded.run.signalQuality(progress: progress))
      let page = try ConfoundsPage(loaded.run, choice, sources, quality)
      try answer.give(
        CommandAnswer(
          "confounds", inputs: inputs,
          findings: loaded.findings + study.findings.filter { !loaded.findings.contains($0) },
          result: page.result),
        text: page.text)
    }
  }
}

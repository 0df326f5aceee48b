import ArgumentParser
import Basics
import Connectivity
import ImageFiles
import Imaging
import Records
import Reports
import Study
import Workflows

/// `boldspect compare`.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What changed in a seed's connectivity between two sessions of one person.",
    discussion: """
      Change of Fisher z, its standard error from the effective numbers of observations, and their \
      ratio: that error is the scans' own and not how much a person changes from day to day. With --sd and --retest (standard deviation over people and test–retest reliability of \
      Fisher z) the larger error counts and the reliable change index is told. Sessions that were not \
      cleaned alike are refused; lengths and censoring that differ are named. With --networks also \
      the change per network.
      """)

  @Argument(help: ArgumentHelp("The first session's run.", valueName: "first"))
  var first: String
  @Argument(help: ArgumentHelp("The second session's run.", valueName: "second"))
  var second: String
  @Option(parsing: .unconditional, help: ArgumentHelp("\(seedForms).", valueName: "seed"))
  var seed: String
  @Option(help: ArgumentHelp("Standard deviation of Fisher z over people.", valueName: "x"))
  var sd: Double?
  @Option(help: ArgumentHelp("Test–retest reliability of Fisher z.", valueName: "x"))
  var retest: Double?
  @Option(
    help: ArgumentHelp("Brain mask of the second session, when it is another.", valueName: "file"))
  var secondMask: String?
  @Option(
    help: ArgumentHelp("Only the first so many seconds of each session.", valueName: "s"))
  var seconds: Double?
  @Option(help: "What is written: ratio, delta or error.")
  var write = ChangeOutput.ratio
  @OptionGroup var networkOptions: NetworkOptions
  @OptionGroup var runOptions: RunOptions
  @OptionGroup var denoisingOptions: DenoisingOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var result: OptionalOutput

  func run() throws {
    let target = try result.checked(
      inputs: [first, second, secondMask] + seedFiles(seed) + networkOptions.inputFiles
        + runOptions.inputFiles)
    let comparison = SessionComparison(
      first: first, second: second, seed: seed, secondMask: secondMask, sd: sd, retest: retest,
      seconds: seconds, write: write, networks: networkOptions.request, runs: runOptions.request,
      cleaning: denoisingOptions.request)
    _ = try comparison.checkedRetest()
    try withStatus { progress in
      let told = try comparison.carriedOut(to: target, progress: progress)
      if answer.json { for warning in told.warnings { complain(warning) } }
      try answer.give(told.answer, text: told.text)
    }
  }
}

extension ChangeOutput: ExpressibleByArgument {}

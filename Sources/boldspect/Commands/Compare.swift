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
    let change = try checkedRetest()
    try withStatus { progress in
      var a = try session(0, nil, progress)
      var b = try session(1, a.study, progress)
      var inputs = a.inputs + b.inputs
      let place = try a.seed(seed, inputs: &inputs)
      let x = try a.cleaned(firstSeconds: seconds, progress: progress)
      let y = try b.cleaned(firstSeconds: seconds, progress: progress)
      let result = try sessionChange(
        from: x, to: y, seed: place, retest: change, progress: progress)
      if a.first.description.sha256 == b.first.description.sha256 {
        complain("both sessions are the same file")
      }
      if answer.json { for warning in result.warnings { complain(warning) } }
      var networks: [JSON] = []
      if networkOptions.networks != nil {
        networks = try networkChanges(&a, &b, x, y, &inputs)
      }
      let derived = Derived(
        command: "compare", inputs: inputs, space: a.space,
        parameters: [
          ("seed", .string(place.title)), ("written", .string(write.title)),
          ("sd", .optional(sd)), ("retest_reliability", .optional(retest)),
          ("error_of_difference", .optional(change?.errorOfDifference)),
          ("day_to_day_change_in_error", .bool(change != nil)),
          ("median_standard_error", .optional(medianOfNumbers(result.standardError))),
          (
            "largest_ratio",
            .optional(result.ratio.filter(\.isFinite).map { Double(abs($0)) }.max())
          ),
          ("networks", .array(networks)),
          ("warnings", .array(result.warnings.map(JSON.string))),
          ("first", .object(a.parameters(x))), ("second", .object(b.parameters(y))),
        ], findings: a.findings + b.findings.filter { !a.findings.contains($0) },
        isSimulated: a.isSimulated || b.isSimulated)
      if let target {
        let values =
          switch write {
          case .ratio: result.ratio
          case .delta: result.deltaZ
          case .error: result.standardError
          }
        try derived.write(
          result.first.mask.volume(values), formCode: a.first.description.formCode, to: target)
      }
      try answer.give(CommandAnswer(derived), text: changeText(result, change, networks))
    }
  }

  /// Refuses before the work what cannot be meant; the retest error where one was given.
  private func checkedRetest() throws(Problem) -> ReliableChange? {
    guard (sd == nil) == (retest == nil) else {
      throw Problem(
        .usage, "--retest", "a reliable change index needs both",
        expected: "--sd and --retest together")
    }
    guard runOptions.confounds.isEmpty || runOptions.confounds.count == 2 else {
      throw Problem(
        .usage, "--confounds", "there are \(runOptions.confounds.count) files for 2 sessions",
        expected: "one for each")
    }
    if let seconds, !(seconds >= 10 && seconds <= 100_000) {
      throw Problem(
        .usage, "--seconds", "\(plainNumber(seconds)) s is no useful length",
        expected: "10 s and more")
    }
    guard let sd, let retest else { return nil }
    return try ReliableChange(standardDeviation: sd, reliability: retest)
  }

  private func session(
    _ n: Int, _ known: LoadedStudy?, _ progress: WorkProgress
  ) throws(Problem) -> CleanedRuns {
    var options = runOptions
    if !options.confounds.isEmpty { options.confounds = [options.confounds[n]] }
    if n == 1, let secondMask { options.mask = secondMask }
    return try CleanedRuns(
      [n == 0 ? first : second], options.request, denoisingOptions.request,
      as: n == 0 ? .bold : .second, into: known, mayBeOthers: n == 0,
      progress: progress)
  }

  /// Change of within and between coupling per network, by the sum of the regions' errors.
  private func networkChanges(
    _ a: inout CleanedRuns, _ b: inout CleanedRuns, _ x: ReducedSeries, _ y: ReducedSeries,
    _ inputs: inout [Provenance]
  ) throws(Problem) -> [JSON] {
    let before = NetworkSummary(
      try x.matrix(of: try networkOptions.request.parcels(&a, inputs: &inputs)))
    var none: [Provenance] = []
    let after = NetworkSummary(
      try y.matrix(of: try networkOptions.request.parcels(&b, inputs: &none)))
    return networkChangesJSON(from: before, to: after)
  }
}

/// Which map of a change is written.
enum ChangeOutput: String, ExpressibleByArgument, CaseIterable {
  case ratio, delta, error

  var title: String {
    switch self {
    case .ratio: "change of Fisher z by its standard error"
    case .delta: "change of Fisher z"
    case .error: "standard error of the change"
    }
  }
}

package import Basics
package import Connectivity
import ImageFiles
import Imaging
package import Records
package import Study
import Workflows

/// Which map of a change is written.
package enum ChangeOutput: String, CaseIterable, Sendable {
  case ratio, delta, error

  package var title: String {
    switch self {
    case .ratio: "change of Fisher z by its standard error"
    case .delta: "change of Fisher z"
    case .error: "standard error of the change"
    }
  }

  /// In the 15 letters that NIfTI has for it.
  fileprivate var shortTitle: String {
    switch self {
    case .ratio: "dz by its error"
    case .delta: "change of z"
    case .error: "error of dz"
    }
  }

  fileprivate func values(_ change: SessionChange) -> [Float] {
    switch self {
    case .ratio: change.ratio
    case .delta: change.deltaZ
    case .error: change.standardError
    }
  }
}

/// Two sessions of one person and a seed, as a person asked to compare them.
package struct SessionComparison {
  package var first: String
  package var second: String
  package var seed: String
  /// Brain mask of the second session, when it is another.
  package var secondMask: String?
  /// Standard deviation over people and test–retest reliability of Fisher z.
  package var sd: Double?
  package var retest: Double?
  /// Only the first so many seconds of each session.
  package var seconds: Double?
  package var write: ChangeOutput
  package var networks: NetworkRequest
  package var runs: RunRequest
  package var cleaning: CleaningRequest

  package init(
    first: String, second: String, seed: String, secondMask: String?, sd: Double?, retest: Double?,
    seconds: Double?, write: ChangeOutput, networks: NetworkRequest, runs: RunRequest,
    cleaning: CleaningRequest
  ) {
    self.first = first
    self.second = second
    self.seed = seed
    self.secondMask = secondMask
    self.sd = sd
    self.retest = retest
    self.seconds = seconds
    self.write = write
    self.networks = networks
    self.runs = runs
    self.cleaning = cleaning
  }

  /// Refuses before the work what cannot be meant; the retest error where one was given.
  package func checkedRetest() throws(Problem) -> ReliableChange? {
    guard (sd == nil) == (retest == nil) else {
      throw Problem(
        .usage, "--retest", "a reliable change index needs both",
        expected: "--sd and --retest together")
    }
    guard runs.confounds.isEmpty || runs.confounds.count == 2 else {
      throw Problem(
        .usage, "--confounds", "there are \(runs.confounds.count) files for 2 sessions",
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

  /// Compares the sessions, and writes the map that was asked for.
  ///
  /// - Returns: the answer, the same for a person to read, and what is to be warned of beside it.
  package func carriedOut(
    to output: ImageOutput?, progress: WorkProgress
  ) throws(Problem) -> (answer: CommandAnswer, text: String, warnings: [String]) {
    let retest = try checkedRetest()
    var a = try session(0, nil, progress)
    var b = try session(1, a.study, progress)
    var inputs = a.inputs + b.inputs
    let place = try a.seed(seed, inputs: &inputs)
    let x = try a.cleaned(firstSeconds: seconds, progress: progress)
    let y = try b.cleaned(firstSeconds: seconds, progress: progress)
    let change = try sessionChange(
      from: x, to: y, seed: place, retest: retest, progress: progress)
    let rows = networks.networks == nil ? [] : try networkChanges(&a, &b, x, y, &inputs)
    let derived = Derived(
      command: "compare", inputs: inputs, space: a.space,
      parameters: parameters(change, retest, rows)
        + [("first", .object(a.parameters(x))), ("second", .object(b.parameters(y)))],
      findings: a.findings + b.findings.filter { !a.findings.contains($0) },
      isSimulated: a.isSimulated || b.isSimulated, meaning: .estimate(write.shortTitle))
    if let output {
      try derived.write(
        change.first.mask.volume(write.values(change)), formCode: a.first.description.formCode,
        to: output)
    }
    return (
      CommandAnswer(derived), changeText(change, retest, rows, space: a.space), change.warnings
    )
  }

  private func parameters(
    _ change: SessionChange, _ retest: ReliableChange?, _ networks: [JSON]
  ) -> [(String, JSON)] {
    let largest = change.ratio.filter(\.isFinite).map { Double(abs($0)) }.max()
    return [
      ("seed", .string(change.first.seed.title)), ("written", .string(write.title)),
      ("sd", .optional(sd)), ("retest_reliability", .optional(self.retest)),
      ("error_of_difference", .optional(retest?.errorOfDifference)),
      ("day_to_day_change_in_error", .bool(retest != nil)),
      ("median_standard_error", .optional(medianOfNumbers(change.standardError))),
      ("largest_ratio", .optional(largest)), ("networks", .array(networks)),
      ("warnings", .array(change.warnings.map(JSON.string))),
    ]
  }

  private func session(
    _ n: Int, _ known: LoadedStudy?, _ progress: WorkProgress
  ) throws(Problem) -> CleanedRuns {
    var own = runs
    if !own.confounds.isEmpty { own.confounds = [own.confounds[n]] }
    if n == 1, let secondMask { own.mask = secondMask }
    return try CleanedRuns(
      [n == 0 ? first : second], own, cleaning, as: n == 0 ? .bold : .second, into: known,
      mayBeOthers: n == 0, progress: progress)
  }

  /// Change of within and between coupling per network, by the sum of the regions' errors.
  private func networkChanges(
    _ a: inout CleanedRuns, _ b: inout CleanedRuns, _ x: ReducedSeries, _ y: ReducedSeries,
    _ inputs: inout [Provenance]
  ) throws(Problem) -> [JSON] {
    var none: [Provenance] = []
    let before = NetworkSummary(try x.matrix(of: try networks.parcels(&a, inputs: &inputs)))
    let after = NetworkSummary(try y.matrix(of: try networks.parcels(&b, inputs: &none)))
    return networkChangesJSON(from: before, to: after)
  }
}

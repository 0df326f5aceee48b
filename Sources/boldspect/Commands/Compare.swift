import ArgumentParser
import Basics
import Connectivity
import ImageFiles
import Imaging
import Records
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
  @Flag(help: "As JSON.")
  var json = false
  @OptionGroup var result: OptionalOutput

  func run() throws {
    let target = try result.checked(
      inputs: [first, second, seed, secondMask] + runOptions.inputFiles)
    guard (sd == nil) == (retest == nil) else {
      throw Problem(
        .usage, "--retest", "a reliable change index needs both",
        expected: "--sd and --retest together")
    }
    let change: ReliableChange? =
      if let sd, let retest { try ReliableChange(standardDeviation: sd, reliability: retest) } else
      {
        nil
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
    try withStatus { progress in
      var a = try session(0, nil, progress)
      var b = try session(1, a.study, progress)
      var inputs = a.inputs + b.inputs
      let place = try parseSeed(
        seed,
        SeedContext(a.study, grid: a.first.run.grid),
        inputs: &inputs)
      let x = try a.cleaned(firstSeconds: seconds, progress: progress)
      let y = try b.cleaned(firstSeconds: seconds, progress: progress)
      let result = try sessionChange(
        from: x, to: y, seed: place, retest: change, progress: progress)
      if a.first.description.sha256 == b.first.description.sha256 {
        complain("both sessions are the same file")
      }
      if json { for warning in result.warnings { complain(warning) } }
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
          ("median_standard_error", .optional(median(result.standardError))),
          (
            "largest_ratio",
            .optional(result.ratio.filter(\.isFinite).map { Double(abs($0)) }.max())
          ),
          ("networks", .array(networks)),
          ("warnings", .array(result.warnings.map(JSON.string))),
          ("first", .object(a.parameters(x))), ("second", .object(b.parameters(y))),
        ], findings: a.findings + b.findings, isSimulated: a.isSimulated || b.isSimulated)
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
      if json {
        try printResult(derived.json.text)
      } else {
        try printResult(changeText(result, change, networks))
      }
    }
  }

  private func session(
    _ n: Int, _ known: LoadedStudy?, _ progress: WorkProgress
  ) throws(Problem) -> CleanedRuns {
    var options = runOptions
    if !options.confounds.isEmpty { options.confounds = [options.confounds[n]] }
    if n == 1, let secondMask { options.mask = secondMask }
    return try CleanedRuns(
      [n == 0 ? first : second], options.request, denoisingOptions.request,
      as: n == 0 ? .bold : .second, into: known, progress: progress)
  }

  /// Change of within and between coupling per network, by the sum of the regions' errors.
  private func networkChanges(
    _ a: inout CleanedRuns, _ b: inout CleanedRuns, _ x: ReducedSeries, _ y: ReducedSeries,
    _ inputs: inout [(role: String, sha256: String)]
  ) throws(Problem) -> [JSON] {
    let before = NetworkSummary(
      try x.matrix(of: try networkOptions.request.parcels(&a, inputs: &inputs)))
    var none: [(role: String, sha256: String)] = []
    let after = NetworkSummary(
      try y.matrix(of: try networkOptions.request.parcels(&b, inputs: &none)))
    return before.networks.compactMap { n in
      guard let m = after.networks.first(where: { $0.name == n.name }) else { return nil }
      return .object([
        ("name", .string(n.name)), ("within_z_first", .number(n.within)),
        ("within_z_second", .number(m.within)), ("within_delta_z", .number(m.within - n.within)),
        ("between_z_first", .number(n.between)), ("between_z_second", .number(m.between)),
        ("between_delta_z", .number(m.between - n.between)),
      ])
    }
  }

  private func median(_ values: [Float]) -> Double? {
    boldspectPercentile(values.filter(\.isFinite), 50).map(Double.init)
  }

  private func changeText(
    _ result: SessionChange, _ retest: ReliableChange?, _ networks: [JSON]
  ) -> String {
    let ratios = result.ratio.filter(\.isFinite)
    let beyond = ratios.reduce(0) { $0 + (abs($1) > 1.96 ? 1 : 0) }
    var lines = [
      "change of \(result.first.seed.title): \(beyond) of \(ratios.count) voxels beyond ±1.96 "
        + "(5 % are expected by chance alone: \(ratios.count / 20)"
        + (retest == nil
          ? "; how much one person changes from day to day is not in this error: give --sd and --retest)"
          : ")"),
      "standard error of a change of Fisher z: median \(fixed(median(result.standardError) ?? .nan, 3))"
        + (retest.map { ", at least \(fixed($0.errorOfDifference, 3)) from retesting" } ?? ""),
    ]
    for case .object(let row) in networks {
      func number(_ key: String) -> String {
        if case .number(let v)? = row.first(where: { $0.0 == key })?.1 {
          return fixed(v, 3, signed: true)
        }
        return "–"
      }
      if case .string(let name)? = row.first?.1 {
        lines.append(
          "\(name): within \(number("within_delta_z")), between \(number("between_delta_z"))")
      }
    }
    lines += result.warnings.map { "! \($0)" }
    lines.append(researchUse)
    return lines.joined(separator: "\n")
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

import ArgumentParser
import Basics
import ImageFiles
import Imaging
import Perfusion
import Records
import Reports
import Study
import Workflows

/// Which map of a subtraction is written.
enum SubtractionOutput: String, ExpressibleByArgument, CaseIterable {
  case difference, sd

  var title: String {
    switch self {
    case .difference: "ictal minus interictal, in per cent of the brain's mean"
    case .sd: "ictal minus interictal by the SD of the difference within the brain"
    }
  }
}

/// `boldspect siscom`.
struct Siscom: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ictal minus interictal perfusion: normalise, subtract, 2 SD.",
    discussion: """
      \(researchUse)

      Both images in per cent of their mean over the brain, the second taken from the first, the \
      difference by its own SD within the brain. A pair is refused unless both files say that they are \
      in MNI152 space on one grid, a transform from one to the other is given with --transform, or you \
      state with --aligned that their coordinates agree.
      """)

  @Argument(help: "The ictal image.")
  var ictal: String
  @Argument(help: "The interictal image.")
  var interictal: String
  @Option(
    help: ArgumentHelp(
      "A transform between the two, as `register` makes it; either may be its MOVING.",
      valueName: "file.txt"))
  var transform: String?
  @Flag(help: "State that the two images lie on each other by their millimetres.")
  var aligned = false
  @Option(help: ArgumentHelp("Clusters beyond ± so many SD.", valueName: "x"))
  var threshold = 2.0
  @Option(help: "What is written: difference (per cent) or sd.")
  var write = SubtractionOutput.difference
  @OptionGroup var options: PerfusionOptions
  @Flag(help: "Print what was found as JSON.")
  var json = false
  @OptionGroup var output: OutputOptions

  func run() throws {
    try output.check(inputs: [ictal, interictal, options.mask])
    let rule = try ClusterRule(threshold: threshold, leastVoxels: options.minVoxels)
    let study = try options.study()
    try withStatus { progress in
      var a = try LoadedPerfusion(ictal, role: "ictal", into: study)
      var b = try LoadedPerfusion(
        interictal, role: "interictal", as: .interictal, into: a.study)
      guard a.description.sha256 != b.description.sha256 else {
        throw Problem(
          .usage, b.description.name, "both are the same file", expected: "two examinations")
      }
      let registration = try carryPair(&a, &b)
      let brain = try a.givenBrain(options.mask)
      let report = try siscom(
        ictal: SubtractionInput(volume: a.volume, fileName: a.description.name, space: a.space),
        interictal: SubtractionInput(
          volume: b.volume, fileName: b.description.name, space: b.space),
        isStated: aligned, registration: registration, brain: brain, rule: rule,
        atlas: a.space == .mni152 ? try AtlasFiles.standard() : nil, progress: progress)
      let found = report.subtraction
      let derived = Derived(
        command: "siscom", inputs: a.inputs + b.inputs, space: a.space,
        parameters: [
          ("value", .string(write.title)), ("alignment", .string(report.alignment.words)),
          ("brain", .string(report.brain.origin)), ("brain_voxels", .int(report.brain.count)),
          ("mean_difference_percent", .number(found.mean)),
          ("sd_difference_percent", .number(found.standardDeviation)),
          ("percent_beyond_2_sd", .number(found.percentBeyondTwo)),
          ("similarity_r", .number(found.similarity)), ("threshold_sd", .number(threshold)),
          ("clusters", clustersJSON(report.clusters)), ("sides", .string(PerfusionPage.sides)),
          ("warnings", .array(report.warnings.map(JSON.string))),
        ], findings: a.findings + b.findings,
        isSimulated: a.description.isSimulated || b.description.isSimulated)
      try derived.write(
        write == .sd ? found.score : found.difference, formCode: a.description.formCode,
        to: output.place)
      try printResult(json ? derived.json.text : siscomText(report, a, derived.isSimulated))
    }
  }
}

extension Siscom {
  /// Carries the interictal image to the ictal one's world; nil without a transform.
  private func carryPair(
    _ a: inout LoadedPerfusion, _ b: inout LoadedPerfusion
  ) throws(Problem) -> String? {
    guard let transform else { return nil }
    let t = try TransformFile.read(transform)
    try t.requireNotRejected(file: fileName(transform))
    let ends = [t.moving.sha256, t.fixed.sha256]
    guard ends.contains(a.description.sha256), ends.contains(b.description.sha256) else {
      throw Problem(
        .data, fileName(transform), "it is between other images than these two",
        expected: "a transform between \(a.description.name) and \(b.description.name)")
    }
    let isForward = t.moving.sha256 == b.description.sha256
    guard
      let grid = b.volume.grid.carried(by: isForward ? t.fixedFromMoving : t.movingFromFixed)
    else {
      throw Problem(.data, fileName(transform), "it leads nowhere", expected: "an affine transform")
    }
    b.volume = Volume(grid: grid, values: b.volume.values)
    b.space = a.space
    b.inputs.append(("transform", try sha256(ofFile: transform)))
    return Placement.registered(by: t.maker, isAccepted: t.isAccepted).words
  }
}

private func siscomText(
  _ report: SiscomReport, _ ictal: LoadedPerfusion, _ isSimulated: Bool
) -> String {
  let s = report.subtraction
  return
    ((isSimulated ? ["SIMULATED input: not a perfusion measurement"] : []) + [
      "ictal minus interictal in per cent of the mean over the brain (\(report.brain.count) voxels, mask "
        + "\(report.brain.origin)); registered: \(report.alignment.words)",
      "space \(ictal.space.rawValue), RAS+ mm; \(PerfusionPage.sides)",
      "SD of the difference \(fixed(s.standardDeviation, 2)) %; \(fixed(s.percentBeyondTwo, 1)) % of the brain "
        + "lies beyond ±2 SD (of a normal distribution 4.6 % do)",
      "clusters beyond ±\(plainNumber(report.rule.threshold)) SD",
    ] + clusterLines(report.clusters) + report.warnings.map { "! \($0)" } + [researchUse])
    .joined(separator: "\n")
}

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
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A transform between the two, as `register` makes it, either being its MOVING; or twice, for each the "
        + "one to a third image.", valueName: "file.txt"))
  var transform: [String] = []
  @Flag(help: "State that the two images lie on each other by their millimetres.")
  var aligned = false
  @Option(help: ArgumentHelp("Clusters beyond ± so many SD.", valueName: "x"))
  var threshold = 2.0
  @Option(help: "What is written: difference (per cent) or sd.")
  var write = SubtractionOutput.difference
  @OptionGroup var options: PerfusionOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try output.check(inputs: [ictal, interictal, options.mask] + transform)
    let rule = try ClusterRule(threshold: threshold, leastVoxels: options.minVoxels)
    let study = try options.study()
    try withStatus { progress in
      let pair = try LoadedPair(
        (ictal, "ictal", .spect), (interictal, "interictal", .interictal), by: transform,
        into: study)
      var a = pair.first
      let b = pair.second
      let brain = try a.givenBrain(options.mask)
      let report = try siscom(
        ictal: SubtractionInput(a), interictal: SubtractionInput(b), isStated: aligned,
        registration: pair.registration, brain: brain, rule: rule,
        atlas: a.space == .mni152 ? try AtlasFiles.standard() : nil, progress: progress)
      let found = report.subtraction
      let derived = Derived(
        command: "siscom", inputs: a.inputs + b.inputs, space: a.space,
        parameters: siscomParameters(report, written: write.title),
        findings: a.findings + b.findings.filter { !a.findings.contains($0) },
        isSimulated: a.description.isSimulated || b.description.isSimulated,
        meaning: .estimate(write == .sd ? "change by SD" : "change %"))
      try derived.write(
        write == .sd ? found.score : found.difference, formCode: a.description.formCode,
        to: output.place)
      try answer.give(
        CommandAnswer(
          derived,
          [
            ("ictal_file", .string(report.ictal)), ("interictal_file", .string(report.interictal)),
          ]),
        text: siscomText(report, space: a.space, isSimulated: derived.isSimulated))
    }
  }
}

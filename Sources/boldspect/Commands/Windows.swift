import ArgumentParser
import Basics
import Connectivity
import ImageFiles
import Imaging
import Records
import Reports
import Study
import Workflows

/// `boldspect windows`.
struct Windows: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "How a coupling changes along a run, with the range that chance alone gives.",
    discussion: """
      Pearson r of two places, window by window, beside the band in which all windows of 95 % of \
      surrogates with the same spectra and the same coupling over the whole run lie: the run is judged \
      as a whole, and a window inside that band shows no change. A window shorter than one period of the lowest frequency is flagged. With -o a seed map \
      per window is written as a 4-D image.
      """)

  @Argument(help: ArgumentHelp("A 4-D BOLD run.", valueName: "bold"))
  var bold: String
  @Option(parsing: .unconditional, help: ArgumentHelp("\(seedForms).", valueName: "seed"))
  var seed: String
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The other place, in the same forms.", valueName: "seed"))
  var with: String?
  @Option(help: ArgumentHelp("Length of a window (100).", valueName: "s"))
  var window = 100.0
  @Option(
    help: ArgumentHelp("From one window to the next; one frame without it.", valueName: "s"))
  var step: Double?
  @Flag(help: "Let frames enter and leave gradually (Gaussian, 3 frames).")
  var tapered = false
  @Option(help: ArgumentHelp("Surrogates of the null band.", valueName: "n"))
  var surrogates = 200
  @OptionGroup var runOptions: RunOptions
  @OptionGroup var denoisingOptions: DenoisingOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var result: OptionalOutput

  func run() throws {
    guard with != nil || result.output != nil else {
      throw Problem(
        .usage, "windows", "nothing is asked for", expected: "--with SEED or -o FILE")
    }
    guard (20...2000).contains(surrogates) else {
      throw Problem(
        .usage, "--surrogates", "\(surrogates) are no useful number", expected: "20 to 2000")
    }
    let target = try result.checked(
      inputs: [bold] + (seedFiles(seed) + (with.map(seedFiles) ?? [])) + runOptions.inputFiles)
    try withStatus { progress in
      var runs = try CleanedRuns(
        [bold], runOptions.request, denoisingOptions.request, progress: progress)
      try runs.first.requireTime()
      guard let tr = runs.first.run.repetitionTimeSeconds else { return }
      let shape = try slidingWindow(
        seconds: window, stepSeconds: step, tapered: tapered, repetitionTimeSeconds: tr)
      var inputs = runs.inputs
      let first = try runs.seed(seed, inputs: &inputs)
      let reduced = try runs.cleaned(progress: progress)
      let warning = shape.warning(
        repetitionTimeSeconds: tr, denoising: runs.prepared[0].denoising)
      let about = parameters(first, shape, tr, warning) + runs.parameters(reduced)
      if let warning { complain(warning) }
      if let with {
        let second = try runs.seed(with, inputs: &inputs)
        try requireTwo(first, second)
        let pair = try reduced.windowed(
          try reduced.coordinates(of: first), try reduced.coordinates(of: second), shape,
          surrogates: surrogates, randomSeed: windowSurrogateSeed, progress: progress)
        let derived = Derived(
          command: "windows", inputs: inputs, space: runs.space,
          parameters: [
            ("with", .string(second.title)), ("surrogates", .int(surrogates)),
            ("random_seed", .int(Int(windowSurrogateSeed))),
          ] + about, findings: runs.findings, isSimulated: runs.isSimulated)
        try answer.give(
          CommandAnswer(
            derived,
            windowsResult(pair, repetitionTimeSeconds: tr, taperFrames: shape.tail)),
          text: windowsText(pair, repetitionTimeSeconds: tr, taperFrames: shape.tail))
      }
      guard let target else { return }
      let movie = try reduced.windowedMaps(first, shape, progress: progress)
      let derived = Derived(
        command: "windows", inputs: inputs, space: runs.space,
        parameters: [("window_starts", .array(movie.starts.map { .int($0 + shape.tail) }))] + about,
        findings: runs.findings, isSimulated: runs.isSimulated,
        // Of so short a window no degrees of freedom are stated: r, and no statistic of NIfTI's.
        meaning: .estimate("Pearson r"))
      try derived.write(
        movie.maps.count, grid: runs.first.run.grid, formCode: runs.first.description.formCode,
        repetitionTimeSeconds: Double(shape.step) * tr, to: target, progress: progress
      ) { (n) throws(Problem) in movie.volume(n).values }
      if with == nil { try answer.give(CommandAnswer(derived)) }
    }
  }

  private func requireTwo(_ first: Seed, _ second: Seed) throws(Problem) {
    guard second == first else { return }
    throw Problem(
      .usage, "--with", "\(second.title) is the seed itself", expected: "another place")
  }

  private func parameters(
    _ seed: Seed, _ shape: SlidingWindow, _ repetitionTimeSeconds: Double, _ warning: String?
  ) -> [(String, JSON)] {
    [
      ("seed", .string(seed.title)), ("window_frames", .int(shape.width)),
      ("window_s", .number(Double(shape.width) * repetitionTimeSeconds)),
      ("taper_frames", .int(shape.tail)), ("step_frames", .int(shape.step)),
      ("shape", .string(shape.name)), ("warning", .optional(warning)),
    ]
  }
}

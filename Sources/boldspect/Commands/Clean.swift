import ArgumentParser
import Basics
import Connectivity
import ImageFiles
import Imaging
import Records
import Reports
import Study
import Workflows

/// `boldspect clean`.
struct Clean: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "A run without drift, stop-band and confounds, or one voxel's series of it.",
    discussion: """
      Writes the kept frames only; where frames were censored the image states no repetition time, \
      because its frames no longer follow a clock. With --at the series of one voxel is printed: as \
      stored, cleaned, and cleaned in per cent of its mean.
      """)

  @Argument(help: ArgumentHelp("A 4-D BOLD run.", valueName: "bold"))
  var bold: String
  @OptionGroup var runOptions: RunOptions
  @OptionGroup var denoisingOptions: DenoisingOptions
  @Flag(help: "Per cent of each voxel's mean instead of the run's unit.")
  var percent = false
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Print the series at a place in RAS+ mm.", valueName: "x,y,z"))
  var at: PointArgument?
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var result: OptionalOutput

  func run() throws {
    guard at != nil || result.output != nil else {
      throw Problem(.usage, "clean", "nothing is asked for", expected: "-o FILE or --at X,Y,Z")
    }
    let target = try result.checked(inputs: [bold] + runOptions.inputFiles)
    try withStatus { progress in
      let runs = try CleanedRuns(
        [bold], runOptions.request, denoisingOptions.request, progress: progress)
      let run = runs.first.run
      let reduced = try runs.cleaned(progress: progress)
      let frames = reduced.projection.blocks[0].frames
      if let at { try giveSeries(at.point, runs, reduced, frames) }
      guard let target else { return }
      let isWhole = frames.count == frames.last.map { $0 - frames[0] + 1 }
      let derived = Derived(
        command: "clean", inputs: runs.inputs, space: runs.space,
        parameters: [
          ("unit", .string(percent ? "per cent of the mean" : "as the run")),
          ("frames", .array(frames.map(JSON.int))),
        ] + runs.parameters(reduced), findings: runs.findings, isSimulated: runs.isSimulated)
      try derived.write(
        frames.count, grid: run.grid, formCode: runs.first.description.formCode,
        repetitionTimeSeconds: isWhole ? run.repetitionTimeSeconds : nil, to: target,
        progress: progress
      ) { (n) throws(Problem) in
        var values = reduced.frame(n)
        if percent {
          for (place, offset) in run.mask.offsets.enumerated() {
            values[place] = 100 * values[place] / run.mean.values[Int(offset)]
          }
        }
        return run.mask.volume(values).values
      }
      if at == nil { try answer.give(CommandAnswer(derived)) }
    }
  }

  private func giveSeries(
    _ point: WorldPoint, _ runs: CleanedRuns, _ reduced: ReducedSeries, _ frames: [Int]
  ) throws {
    let run = runs.first.run
    guard let v = run.grid.nearestVoxel(point), run.mask.contains(v) else {
      throw Problem(
        .data, "--at", "the place lies outside the brain mask", expected: "a voxel of the mask")
    }
    let page = VoxelSeriesPage(run, reduced, frames, at: v)
    try answer.give(
      CommandAnswer("clean", inputs: runs.inputs, findings: runs.findings, result: page.result),
      text: page.text)
  }
}

import ArgumentParser
import Basics
import ImageFiles
import Imaging
import Records
import Reports
import Study
import Workflows

/// `boldspect smooth`.
struct Smooth: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Smooth an image with a Gaussian.",
    discussion: "Weights are renormalised over what is finite; NaN stays NaN.")

  @Argument(help: "The image to smooth.")
  var file: String
  @Option(help: ArgumentHelp("Full width at half maximum.", valueName: "mm"))
  var fwhm: Double
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try output.check(inputs: [file])
    try checkFWHM(fwhm, "--fwhm")
    try withStatus { progress in
      let frames = try ImageFrames(file)
      let d = frames.header
      let derived = Derived(
        command: "smooth", inputs: [],
        space: space(ofFileNamed: d.name, formCode: d.formCode, stated: nil),
        parameters: [("fwhm_mm", .number(fwhm))], findings: [], isSimulated: d.isSimulated)
      let whole = try derived.write(
        ImageWriter.Content(
          grid: d.grid, formCode: d.formCode, frameCount: d.frameCount,
          repetitionTimeSeconds: d.blockingTime == nil ? d.headerRepetitionTimeSeconds : nil,
          note: derived.note, meaning: d.meaning), to: output.place, progress: progress,
        origin: { () throws(Problem) in try frames.origin() },
        late: { () throws(Problem) in
          let read = try frames.finish()
          return ([Provenance("image", read)], read.findings)
        },
        frame: { (_) throws(Problem) in
          let volume = Volume(grid: d.grid, values: try frames.next())
          if d.frameCount == 1 { try requireNoLabels(volume, fileName: d.name) }
          return volume.smoothed(fwhm: fwhm).values
        })
      try answer.give(CommandAnswer(whole))
    }
  }
}

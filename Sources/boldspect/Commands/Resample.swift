import ArgumentParser
import Basics
import ImageFiles
import Imaging
import Records
import Reports
import Study
import Workflows

/// `boldspect resample`.
struct Resample: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put a volume or a series on the grid of another image.",
    discussion:
      "Through the two affines; beyond the outermost voxel centres (nearest: half a voxel more) there is no data (NaN)."
  )

  @Argument(help: "The image to resample.")
  var file: String
  @Option(help: ArgumentHelp("The image whose grid is taken.", valueName: "file"))
  var like: String
  @Option(help: "nearest, linear or cubic.")
  var interpolation = Interpolation.linear
  @Option(
    help: ArgumentHelp(
      "Carry the image first, in the one resampling step: a transform whose MOVING it is, and what goes on from there.",
      valueName: "file.txt"))
  var transform: [String] = []
  @Option(
    help: ArgumentHelp(
      "MNI152 or native: both lie in it, whatever their headers say.", valueName: "name"))
  var space: String?
  @OptionGroup var people: PeopleOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try output.check(inputs: [file, like] + transform)
    let common = try Study.stated(space, by: "--space")
    try withStatus { progress in
      let target = try ImageReader.identify(like)
      try MemoryBudget.require(
        MemoryBudget.product(16, target.grid.count), of: target.name, for: "an image on its grid")
      let (d, samples) = try ImageReader.read(file, progress: progress)
      for image in [d, target] { try requireKnownSides(image, for: "resampling") }
      var study = LoadedStudy(allowsMixedPeople: people.mixedPeople)
      try study.admit(target, like, as: .like)
      try study.admit(d, file, as: .moving)
      let count = d.grid.count
      let way = try Carriage(of: d, to: target, by: transform, interpolation, stated: common)
      if interpolation != .nearest, d.frameCount == 1 {
        let volume = Volume(grid: d.grid, values: samples.floats(0..<count))
        try requireBetweenNumbers(volume, fileName: d.name)
      }
      let derived = Derived(
        command: "resample",
        inputs: [Provenance("image", d), Provenance("like", target)] + way.inputs,
        space: way.space,
        parameters: [
          ("interpolation", .string(interpolation.rawValue)),
          ("placement", .string(way.placement)),
        ],
        findings: d.findings + study.findings + way.findings,
        isSimulated: d.isSimulated)
      try derived.write(
        ImageWriter.Content(
          grid: target.grid, formCode: way.formCode(on: target), frameCount: d.frameCount,
          repetitionTimeSeconds: d.blockingTime == nil ? d.headerRepetitionTimeSeconds : nil,
          note: derived.note, meaning: d.meaning), to: output.place,
        progress: progress
      ) { (t) throws(Problem) in
        try way.carried(samples.floats(t * count..<(t + 1) * count), of: d)
      }
      try answer.give(CommandAnswer(derived))
    }
  }
}

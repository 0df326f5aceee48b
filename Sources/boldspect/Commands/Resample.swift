import ArgumentParser
import Basics
import ImageFiles
import Imaging
import Perfusion
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
      "Carry the image first, in the one resampling step: a transform whose MOVING it is.",
      valueName: "file.txt"))
  var transform: String?
  @OptionGroup var people: PeopleOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try output.check(inputs: [file, like, transform])
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
      let way = try transform.map { (path) throws(Problem) in
        try transformOf(d, path)
      }
      guard let from = way.map({ d.grid.carried(by: $0.fixedFromMoving) }) ?? d.grid else {
        throw Problem(.data, d.name, "the transform leads it nowhere")
      }
      var inputs = [Provenance("image", d), Provenance("like", target)]
      if let transform { inputs.append(try Provenance("transform", file: transform)) }
      let placement =
        way.map { Placement.registered(by: $0.maker, isAccepted: $0.isAccepted) } ?? .asStored
      let derived = Derived(
        command: "resample", inputs: inputs,
        space: space(ofFileNamed: target.name, formCode: target.formCode, stated: nil),
        parameters: [
          ("interpolation", .string(interpolation.rawValue)),
          ("placement", .string(placement.words)),
        ],
        findings: d.findings + study.findings
          + (way.map { $0.isAccepted != true } == true
            ? [Finding("carried", .warning, placement.words + ".")] : []),
        isSimulated: d.isSimulated)
      try derived.write(
        ImageWriter.Content(
          grid: target.grid, formCode: target.formCode, frameCount: d.frameCount,
          repetitionTimeSeconds: d.blockingTime == nil ? d.headerRepetitionTimeSeconds : nil,
          note: derived.note), to: output.place,
        progress: progress
      ) { (t) throws(Problem) in
        let out = Volume(grid: from, values: samples.floats(t * count..<(t + 1) * count))
          .resampled(to: target.grid, interpolation)
        guard out.values.contains(where: \.isFinite) else {
          throw Problem(
            .data, d.name, "it has no data on the grid of \(target.name)",
            expected: "images that overlap")
        }
        return out.values
      }
      try answer.give(CommandAnswer(derived))
    }
  }
}

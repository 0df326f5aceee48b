import ArgumentParser
import Basics
import Imaging
import Phantoms
import Records
import Reports

/// `boldspect sample`.
struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make the files of a synthetic person with known answers.",
    discussion: """
      Derived from the templates of Debian's mricron-data; SIMULATED throughout. The same options give \
      the same voxels on every machine.
      """)

  @Argument(help: "The folder to write into; made when it is not there.")
  var folder: String
  @Option(help: ArgumentHelp("Length of the BOLD run.", valueName: "min"))
  var minutes = 6.0
  @Option(help: ArgumentHelp("Edge of a BOLD voxel.", valueName: "mm"))
  var voxel = 3.0
  @OptionGroup var answer: AnswerOptions
  @Flag(help: "Replace what is already there.")
  var force = false

  func run() throws {
    try withStatus { progress in
      try writeSample(folder, minutes: minutes, voxel: voxel, force: force, progress: progress)
      try answer.give(
        CommandAnswer(
          "sample",
          result: [
            ("written", .array(SampleFiles.all.map(JSON.string))),
            ("truth", sampleTruth(minutes, voxel)),
          ]))
    }
  }
}

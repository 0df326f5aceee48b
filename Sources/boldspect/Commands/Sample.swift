import ArgumentParser
import Basics
import Phantoms
import Records
import Reports

/// `boldspect sample`.
struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make the files of two synthetic people with known answers.",
    discussion: """
      A study folder: two people, of whom one holds still, each before and after treatment, with twenty \
      generated normals. Derived from the templates of Debian's mricron-data; both are SYNTHETIC. The same \
      options give the same voxels on every machine.
      """)

  @Argument(help: "The folder to write into; made when it is not there.")
  var folder: String
  @Option(help: ArgumentHelp("Only this person: 1, reliable, or 2, not.", valueName: "n"))
  var person: Int?
  @Option(help: ArgumentHelp("Only this session: 1 before treatment, 2 after.", valueName: "n"))
  var session: Int?
  @Option(help: ArgumentHelp("Length of each BOLD run.", valueName: "min"))
  var minutes = 6.0
  @Option(help: ArgumentHelp("Edge of a BOLD voxel.", valueName: "mm"))
  var voxel = 3.0
  @Option(help: ArgumentHelp("Another seed: the same people on another day.", valueName: "n"))
  var seed = SampleChoice.usualSeed
  @Flag(help: "One run in one folder, as in SampleData.")
  var flat = false
  @OptionGroup var answer: AnswerOptions
  @Flag(help: "Replace what is already there.")
  var force = false

  func run() throws {
    let request = try SampleRequest(
      people: person.map { [$0] } ?? (flat ? [1] : [1, 2]),
      sessions: session.map { [$0] } ?? (flat ? [1] : [1, 2]), minutes: minutes, voxel: voxel,
      seed: seed, isFlat: flat, overwrite: force)
    try withStatus { progress in
      let truths = try writeSample(folder, request, progress: progress)
      try answer.give(
        CommandAnswer(
          "sample",
          result: [
            ("written", .array(request.files.map(JSON.string))), ("truth", .array(truths)),
          ]))
    }
  }
}

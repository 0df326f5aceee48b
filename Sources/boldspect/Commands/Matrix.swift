import ArgumentParser
import Basics
import Connectivity
import ImageFiles
import Imaging
import Records
import Reports
import Study
import Workflows

/// `boldspect matrix`.
struct Matrix: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Correlations between the regions of an atlas.",
    discussion: """
      The mean series of every region, and Pearson r between them, as a tab-separated table with the \
      names of the regions; n/a where a region has no data.
      """)

  @Argument(help: ArgumentHelp("4-D BOLD runs of one person, in MNI space.", valueName: "bold"))
  var bold: [String]
  @OptionGroup var networkOptions: NetworkOptions
  @Flag(help: "Fisher z instead of r.")
  var fisherZ = false
  @OptionGroup var runOptions: RunOptions
  @OptionGroup var denoisingOptions: DenoisingOptions
  @OptionGroup var answer: AnswerOptions
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write the table, and JSON beside it.", valueName: "file.tsv"))
  var output: String?
  @Flag(help: "Replace what is already there.")
  var force = false

  func run() throws {
    let target = try output.map { name throws(Problem) in
      let table = TableOutput(path: name, overwrite: force)
      try table.check(inputs: bold + networkOptions.inputFiles + runOptions.inputFiles)
      return table
    }
    try withStatus { progress in
      var runs = try CleanedRuns(
        bold, runOptions.request, denoisingOptions.request, bringsAtlas: true, progress: progress)
      var inputs = runs.inputs
      let parcels = try networkOptions.request.parcels(&runs, inputs: &inputs)
      let reduced = try runs.cleaned(progress: progress)
      if answer.json {
        // Every number stands as a value of its own before it is text.
        try MemoryBudget.require(
          MemoryBudget.product(80, parcels.count, parcels.count), of: "regions",
          for: "a matrix of \(parcels.count) regions as JSON",
          remedy: "Take an atlas with fewer regions")
      }
      let matrix = try reduced.matrix(of: parcels)
      let derived = Derived(
        command: "matrix", inputs: inputs, space: runs.space,
        parameters: [
          ("statistic", .string(fisherZ ? "Fisher z" : "Pearson r")),
          ("regions", .array(parcels.map(parcelJSON))),
        ] + runs.parameters(reduced), findings: runs.findings, isSimulated: runs.isSimulated)
      let text = matrixTable(matrix, fisherZ: fisherZ)
      if let target { try target.write(text, derived) }
      try answer.give(
        CommandAnswer(
          derived,
          [("values", .array((0..<matrix.count).map { row in matrixRow(matrix, row, fisherZ) }))]),
        text: target == nil ? String(text.dropLast()) : nil)
    }
  }
}

import ArgumentParser
import Basics
import Records
import Reports
import Study
import ViewerRuntime

/// `boldspect ratings`.
struct RatingsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ratings",
    abstract: "What people said of a folder's scans: good, doubtful, bad, and why.")

  @Argument(help: "A folder, a file of a person, or a sub- label in the folder where you are.")
  var folder = "."
  @Flag(help: "A tab-separated table, which is also what is printed without --json.")
  var tsv = false
  @Flag(help: "Records are kept in the study, under derivatives/boldspect.")
  var keepInStudy = false
  @OptionGroup var answer: AnswerOptions

  func run() throws {
    let library = StudyLibrary(keepsInStudy: keepInStudy)
    let found = try library.ratings(of: try StudyPlace(folder))
    try answer.give(
      CommandAnswer(
        "ratings", findings: found.findings,
        result: [("ratings", RatingsTable.json(found.entries))]),
      text: RatingsTable.tsv(found.entries))
  }
}

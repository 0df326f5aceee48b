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

  @OptionGroup var study: StudyOptions
  @Flag(help: "A tab-separated table; what is printed without --json too.")
  var tsv = false
  @OptionGroup var answer: AnswerOptions

  func run() throws {
    if tsv, answer.json {
      throw Problem(.usage, "--tsv", "--json is asked for too", expected: "one of them")
    }
    let found = try study.library.ratings(of: study.place())
    try answer.give(
      CommandAnswer(
        "ratings", findings: found.findings,
        result: [("ratings", RatingsTable.json(found.entries))]),
      text: RatingsTable.tsv(found.entries))
  }
}

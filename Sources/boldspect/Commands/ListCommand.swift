import ArgumentParser
import Basics
import Records
import Reports
import Study
import ViewerRuntime

/// `boldspect list`.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Who is in a folder: people, visits, runs, and what belongs to each.")

  @Argument(help: "A folder, a file of a person, or a sub- label in the folder where you are.")
  var folder = "."
  @Flag(help: "Read minutes and motion of every run, however many there are.")
  var facts = false
  @Flag(help: "Records are kept in the study, under derivatives/boldspect.")
  var keepInStudy = false
  @OptionGroup var answer: AnswerOptions

  func run() throws {
    let place = try StudyPlace(folder)
    let library = StudyLibrary(keepsInStudy: keepInStudy)
    let listing = try library.listing(of: place)
    let found = library.rows(of: listing, readsAll: facts)
    let findings = listing.findings + found.findings
    // Ten thousand people as JSON are made only where they are wanted.
    let result = answer.json ? StudyPage.result(listing, found.rows) : []
    try answer.give(
      CommandAnswer("list", findings: findings, result: result),
      text: StudyPage.text(listing, found.rows))
    library.keepIndex()
  }
}

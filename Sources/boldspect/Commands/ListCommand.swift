import ArgumentParser
import Basics
import ImageFiles
import Records
import Reports
import Study
import ViewerRuntime

/// `boldspect list`.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract:
      "Who is in a folder: people, visits, runs, and what belongs to each; of DICOM the series.")

  @OptionGroup var study: StudyOptions
  @Flag(help: "Read minutes and motion of every run, however many there are.")
  var facts = false
  @OptionGroup var answer: AnswerOptions

  func run() throws {
    let library = study.library
    let place = try study.place()
    let listing = try library.listing(of: place)
    let content = place.subject == nil && place.file == nil ? FolderContent(listing) : .people
    if content == .dicom { return try listSeries(listing.root) }
    let found = library.rows(of: listing, readsAll: facts)
    let findings = listing.findings + found.findings
    // Ten thousand people as JSON are made only where they are wanted.
    let result = answer.json ? StudyPage.result(listing, found.rows) : []
    try answer.give(
      CommandAnswer("list", findings: findings, result: result),
      text: StudyPage.text(listing, found.rows))
    library.keepIndex()
    if content == .both {
      complain(
        "There is DICOM among the files: `boldspect list` on its own folder lists its series.")
    }
  }

  private func listSeries(_ root: String) throws {
    let folder = try DICOMFolder(root)
    try answer.give(
      CommandAnswer(
        "list", findings: SeriesPage.findings(folder), result: SeriesPage.result(folder, root: root)
      ),
      text: SeriesPage.text(folder, root: root))
  }
}

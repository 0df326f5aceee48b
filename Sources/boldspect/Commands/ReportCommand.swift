import ArgumentParser
import Basics
import Foundation
import ImageFiles
import Imaging
import Perfusion
import Records
import Reports
import Study
import Targeting
import ViewerRuntime
import Workflows

/// `boldspect report`.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "A page for a person's record: one file with everything, and the same as plain text.",
    discussion: """
      \(researchUse)

      Of one visit: a folder's, with --session where there are several, or the files that are named. The HTML \
      needs no other file and no network. Its numbers are those of `networks`, `perfusion --table`, `siscom`, \
      `losses` and `targets`. The page names the person's files: it is a record, no anonymous export.
      """)

  @OptionGroup var files: StudyFileOptions
  @Option(help: ArgumentHelp("Which visit of a folder.", valueName: "label"))
  var session: String?
  @Option(
    help: ArgumentHelp("Of a folder: the visit since which change is told.", valueName: "label"))
  var since: String?
  @OptionGroup var search: ReportTargetOptions
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The page; its text is written beside it as .txt.", valueName: "file.html"))
  var output: String
  @Option(help: ArgumentHelp("Also a PDF, by chromium or weasyprint.", valueName: "file.pdf"))
  var pdf: String?
  @Flag(help: "Replace what is already there.")
  var force = false
  @Flag(help: envelopeHelp)
  var json = false

  func run() throws {
    let written = ReportFiles(output, pdf: pdf, overwrite: force)
    try written.check()
    let wish = try search.wish()
    let asked = try files.opened()
    guard files.opensFolder || session == nil && since == nil else {
      throw Problem(
        .usage, session == nil ? "--since" : "--session", "files are named", expected: "a folder")
    }
    let visit =
      files.opensFolder
      ? try ReportVisit(
        try StudyPlace(files.files[0]), asked: asked, session: session, since: since,
        library: StudyLibrary()) : ReportVisit(asked)
    try withStatus { progress in
      try requireNoInput(written.paths, among: visit.request.inputFiles)
      let source = try visit.source(progress: progress)
      let report = ChartReport(
        try ReportResults(source, wish, progress: progress), maker: .own)
      try written.write(report, progress: progress)
      for warning in report.warnings { complain(visibleText(warning, limit: 2000)) }
      let inputs = source.files.map { Provenance($0.role, path: $0.path, sha256: $0.sha256) }
      try printResult(
        json
          ? CommandAnswer(
            "report", inputs: inputs, findings: source.findings, result: report.result
          ).json.text : written.paths.joined(separator: "\n"))
    }
  }
}

/// How targets of a report are looked for.
struct ReportTargetOptions: ParsableArguments {
  @Option(
    name: .customLong("protocol"),
    help: ArgumentHelp("Target protocol by its name, or none.", valueName: "name"))
  var protocolName = "sgacc-left-dlpfc"
  @Option(
    help: ArgumentHelp("Redrawn maps behind the radius, 59 to 200; 0 for none.", valueName: "n"))
  var bootstrap: Int?

  func wish() throws(Problem) -> ReportWish {
    let isNone = protocolName == "none"
    return try ReportWish(
      isNone ? TargetProtocol() : try TargetProtocols.named(protocolName), bootstrap: bootstrap,
      wantsTargets: !isNone)
  }
}

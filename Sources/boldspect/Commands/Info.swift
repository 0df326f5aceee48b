import ArgumentParser
import Basics
import ImageFiles
import Reports
import Study

/// `boldspect info`.
struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what an image file is, where it lies, and what is odd about it.")

  @Argument(help: "An image: a NIfTI file, a DICOM series, or another format that is read.")
  var file: String
  @OptionGroup var answer: AnswerOptions

  func run() throws {
    var d = try ImageReader.identify(file)
    if let told = SideLedger.finding(of: d) { d.findings.append(told) }
    try answer.give(
      CommandAnswer(
        "info", inputs: [Provenance("image", d)], findings: d.findings,
        result: headerResult(d.header)),
      text: headerText(d.header))
  }
}

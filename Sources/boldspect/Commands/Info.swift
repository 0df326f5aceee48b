import ArgumentParser
import Basics
import ImageFiles
import Reports

/// `boldspect info`.
struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what an image file is, where it lies, and what is odd about it.")

  @Argument(help: "An image: a NIfTI file, a DICOM series, or another format that is read.")
  var file: String
  @OptionGroup var answer: AnswerOptions

  func run() throws {
    let d = try ImageReader.identify(file)
    try answer.give(
      CommandAnswer(
        "info", inputs: [Provenance("image", d)], findings: d.findings,
        result: headerResult(d.header)),
      text: headerText(d.header))
  }
}

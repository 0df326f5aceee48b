import ArgumentParser
import Reports

/// `boldspect info`.
struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what an image file is, where it lies, and what is odd about it.")

  @Argument(
    help: ArgumentHelp(
      "Images: NIfTI files, DICOM series, other formats that are read; - for standard input.",
      valueName: "file"))
  var files: [String]
  @OptionGroup var answer: AnswerOptions

  func run() throws {
    let pages = try files.map(HeaderAnswer.init)
    try answer.give(HeaderAnswer.answer(pages), text: HeaderAnswer.text(pages))
  }
}

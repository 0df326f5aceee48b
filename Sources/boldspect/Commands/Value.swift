import ArgumentParser
import Basics
import ImageFiles
import Imaging
import Reports
import Workflows

/// `boldspect value`.
struct Value: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The value of an image at places in world millimetres.")

  @Argument(
    help: ArgumentHelp(
      "Images: NIfTI files, DICOM series, other formats that are read; - for standard input.",
      valueName: "file"))
  var files: [String]
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A place in RAS+ mm; may be repeated.", valueName: "x,y,z"))
  var at: [PointArgument] = []
  @Option(help: "nearest, linear or cubic.")
  var interpolation = Interpolation.linear
  @Option(help: ArgumentHelp("One frame of a series, from 0; all without it.", valueName: "n"))
  var frame: Int?
  @OptionGroup var answer: AnswerOptions

  func run() throws {
    guard !at.isEmpty else {
      throw Problem(.usage, "--at", "no place is given", expected: "--at X,Y,Z")
    }
    try withStatus { progress in
      let pages = try files.map { (file) throws(Problem) in
        try ValuePage(
          of: file, at: at.map(\.point), interpolation: interpolation, frame: frame,
          progress: progress)
      }
      try answer.give(ValuePage.answer(pages), text: ValuePage.text(pages))
    }
  }
}

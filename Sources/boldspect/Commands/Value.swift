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

  @Argument(help: "An image: a NIfTI file, a DICOM series, or another format that is read.")
  var file: String
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
      let (d, rows) = try valueRows(
        of: file, at: at.map(\.point), interpolation: interpolation, frame: frame,
        progress: progress)
      try answer.give(
        CommandAnswer(
          "value", inputs: [Provenance("image", d)], findings: d.findings,
          result: [("values", .array(rows.map(json)))]),
        text: rows.map(text).joined(separator: "\n"))
    }
  }

  private func json(_ row: ValueRow) -> JSON {
    .object([
      ("mm", .point(row.point)), ("frame", row.frame.map(JSON.int) ?? .null),
      ("value", .optional(row.value)), ("inside", .bool(row.inside)),
    ])
  }

  private func text(_ row: ValueRow) -> String {
    let place = [row.point.x, row.point.y, row.point.z].map { plainNumber($0, 3) }
    return "\(place.joined(separator: ", ")) mm" + (row.frame.map { "  frame \($0)" } ?? "") + "  "
      + (row.value.map { "\(Float($0))" } ?? (row.inside ? "no data" : "outside"))
  }
}

package import Basics
import ImageFiles
package import Imaging
import Workflows

/// The values of one image at places.
package struct ValuePage {
  private let description: ImageDescription
  private let path: String
  private let rows: [ValueRow]

  package init(
    of file: String, at places: [WorldPoint], interpolation: Interpolation, frame: Int?,
    progress: WorkProgress
  ) throws(Problem) {
    path = file
    (description, rows) = try valueRows(
      of: file, at: places, interpolation: interpolation, frame: frame, progress: progress)
  }

  /// Of one file its values; of several each file's under its own path.
  package static func answer(_ pages: [ValuePage]) -> CommandAnswer {
    CommandAnswer(
      "value", inputs: pages.map { Provenance("image", $0.description) },
      findings: pages.flatMap { page in
        page.description.findings.map { $0.of(page.description.name) }
      },
      result: several(
        pages.map { (typedPath($0.path), [("values", JSON.array($0.rows.map(Self.json)))]) }))
  }

  package static func text(_ pages: [ValuePage]) -> String {
    pages.map { page in
      page.rows.map {
        (pages.count > 1 ? visibleText(typedPath(page.path), limit: 4096) + "  " : "")
          + Self.text($0)
      }.joined(separator: "\n")
    }.joined(separator: "\n")
  }

  private static func json(_ row: ValueRow) -> JSON {
    .object([
      ("mm", .point(row.point)), ("frame", row.frame.map(JSON.int) ?? .null),
      ("value", .optional(row.value)), ("inside", .bool(row.inside)),
    ])
  }

  private static func text(_ row: ValueRow) -> String {
    let place = [row.point.x, row.point.y, row.point.z].map { plainNumber($0, 3) }
    return "\(place.joined(separator: ", ")) mm" + (row.frame.map { "  frame \($0)" } ?? "") + "  "
      + (row.value.map { "\(Float($0))" } ?? (row.inside ? "no data" : "outside"))
  }
}

/// The result of a command about one file as it always was, and about several as a list with their paths.
func several(_ results: [(path: String, members: [(String, JSON)])]) -> [(String, JSON)] {
  if results.count == 1, let only = results.first { return only.members }
  return [
    ("files", .array(results.map { .object([("path", .string($0.path))] + $0.members) }))
  ]
}

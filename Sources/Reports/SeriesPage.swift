package import Basics
package import ImageFiles
import Study

/// A DICOM folder's series, as `list` tells them. Nothing of it says whose they are.
package enum SeriesPage {
  package static func result(_ folder: DICOMFolder) -> [(String, JSON)] {
    [
      ("series", .array(folder.series.map(json))),
      ("other_files", .int(folder.otherFiles)),
      ("damaged", .array(folder.damaged.map { .string($0.sentence) })),
    ]
  }

  private static func json(_ s: DICOMSeries) -> JSON {
    .object([
      ("number", s.number.map(JSON.int) ?? .null), ("uid", .string(s.uid)),
      ("date", .optional(s.date)), ("time", .optional(s.time)),
      ("description", .string(s.description)), ("kind", .string(s.kind.name)),
      ("role", .optional(SeriesRole(s)?.rawValue)), ("files", .int(s.fileCount)),
      ("shape", s.shape.map { .array($0.map(JSON.int)) } ?? .null),
      ("minutes", .optional(s.minutes)), ("opens", .bool(s.canBeOpened)),
      ("reason", .optional(s.problem?.sentence)),
    ])
  }

  /// Oddities of the folder itself.
  package static func findings(_ folder: DICOMFolder) -> [Finding] {
    var out = folder.damaged.prefix(3).map {
      Finding("dicom-damaged", .warning, $0.sentence, file: $0.subject)
    }
    if folder.isCut {
      out.append(
        Finding(
          "dicom-cut", .warning, "There are more files than are looked at; some are left out."))
    }
    return out
  }

  private static let heads = ["series", "date", "what", "size", "min", "description"]

  package static func text(_ folder: DICOMFolder) -> String {
    let cells = folder.series.map(line)
    let widths = heads.indices.map { n in
      max(heads[n].count, cells.map { $0[n].count }.max() ?? 0)
    }
    func joined(_ words: [String]) -> String {
      let padded = words.enumerated().map { n, word in
        word + String(repeating: " ", count: max(0, widths[n] - word.count))
      }
      var out = padded.joined(separator: "  ")
      while out.last == " " { out.removeLast() }
      return out
    }
    let open = folder.series.count(where: \.canBeOpened)
    var lines = [
      "\(folder.series.count) DICOM series, \(open) can be opened; \(folder.otherFiles) other files",
      joined(heads),
    ]
    for (series, words) in zip(folder.series, cells) {
      lines.append(joined(words))
      if let problem = series.problem { lines.append("    " + problem.sentence) }
    }
    lines.append(researchUse)
    return lines.joined(separator: "\n")
  }

  private static func line(_ s: DICOMSeries) -> [String] {
    [
      s.number.map { "\($0)" } ?? "–", [s.date, s.time].compactMap { $0 }.joined(separator: " "),
      s.kind.name, sizeWords(s), s.minutes.map { fixed($0, 1) } ?? "–",
      visibleText(s.description, limit: 60),
    ]
  }

  /// Columns × rows × slices, and times where there are several; the number of files where it cannot be opened.
  package static func sizeWords(_ s: DICOMSeries) -> String {
    guard let shape = s.shape else { return "\(s.fileCount) file\(s.fileCount == 1 ? "" : "s")" }
    return shape.prefix(shape[3] > 1 ? 4 : 3).map { "\($0)" }.joined(separator: "×")
  }
}

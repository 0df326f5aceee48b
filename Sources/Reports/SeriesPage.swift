package import Basics
package import ImageFiles
import Study

/// A DICOM folder's series, as `list` tells them. No name of a header is told: whose they are, folders and letters say.
package enum SeriesPage {
  /// - Parameter root: the folder that is listed.
  package static func result(_ folder: DICOMFolder, root: String) -> [(String, JSON)] {
    let owners = SeriesOwners(folder.series, root: root).words
    return [
      ("series", .array(zip(folder.series, owners).map { json($0, owner: $1) })),
      ("other_files", .int(folder.otherFiles)),
      ("damaged", .array(folder.damaged.map { .string($0.sentence) })),
    ]
  }

  private static func json(_ s: DICOMSeries, owner: String) -> JSON {
    .object([
      ("number", s.number.map(JSON.int) ?? .null), ("uid", .string(s.uid)),
      ("date", .optional(s.date)), ("time", .optional(s.time)),
      ("description", .string(s.description)), ("kind", .string(s.kind.name)),
      ("role", .optional(SeriesRole(s)?.rawValue)), ("files", .int(s.fileCount)),
      ("shape", s.shape.map { .array($0.map(JSON.int)) } ?? .null),
      ("minutes", .optional(s.minutes)), ("opens", .bool(s.canBeOpened)),
      ("reason", .optional(s.problem?.sentence)),
      ("owner", owner.isEmpty ? .null : .string(owner)),
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

  private static let heads = ["series", "date", "what", "size", "min", "uid", "description"]

  package static func text(_ folder: DICOMFolder, root: String) -> String {
    let owners = SeriesOwners(folder.series, root: root).words
    let hasOwners = owners.contains { !$0.isEmpty }
    let rows = zip(folder.series, owners).map { series, owner in
      (hasOwners ? [visibleText(owner, limit: 60)] : []) + line(series)
    }
    let table = AlignedTable(heads: (hasOwners ? ["whose"] : []) + heads, rows: rows).lines
    let open = folder.series.count(where: \.canBeOpened)
    var lines = [
      "\(folder.series.count) DICOM series, \(open) can be opened; "
        + "\(folder.otherFiles) other file\(folder.otherFiles == 1 ? "" : "s")",
      table[0],
    ]
    for (series, words) in zip(folder.series, table.dropFirst()) {
      lines.append(words)
      if let problem = series.problem { lines.append("    " + problem.sentence) }
      // A number that two have names neither.
      if series.number != nil, folder.series.count(where: { $0.number == series.number }) > 1 {
        lines.append("    --series " + visibleText(series.uid, limit: 70))
      }
    }
    lines.append(researchUse)
    return lines.joined(separator: "\n")
  }

  private static func line(_ s: DICOMSeries) -> [String] {
    [
      s.number.map { "\($0)" } ?? "–", [s.date, s.time].compactMap { $0 }.joined(separator: " "),
      s.kind.brief, sizeWords(s), s.minutes.map { fixed($0, 1) } ?? "–",
      "…" + visibleText(String(s.uid.suffix(8)), limit: 8),
      visibleText(s.description, limit: 60),
    ]
  }

  /// Columns × rows × slices, and times where there are several; the number of files where it cannot be opened.
  package static func sizeWords(_ s: DICOMSeries) -> String {
    guard let shape = s.shape else { return "\(s.fileCount) file\(s.fileCount == 1 ? "" : "s")" }
    return shape.prefix(shape[3] > 1 ? 4 : 3).map { "\($0)" }.joined(separator: "×")
  }
}

/// Text as a cell of a tab-separated table: without tabs, line ends or a beginning that a spreadsheet would run;
/// n/a for none. Every table that is written takes its text through here.
package func tableCell(_ text: String) -> String {
  // A cell holds all of it: what is cut may be the warning.
  let safe = visibleText(text, limit: .max)
  // Scalar by scalar: an accent on the sign takes nothing of what it does.
  guard let first = safe.unicodeScalars.first(where: { $0 != " " }) else { return "n/a" }
  return "=+-@＝＋－＠".unicodeScalars.contains(first) ? "'" + safe : safe
}

/// A tab-separated table with a header line; cells are text.
package struct TextTable: Sendable, Equatable {
  package let names: [String]
  package let rows: [[String]]

  package init(_ text: String, file: String) throws(Problem) {
    var lines = text.split(whereSeparator: \.isNewline).map(String.init)
    guard let head = lines.first else {
      throw Problem(
        .data, file, "it is empty", expected: "a tab-separated table with a header line")
    }
    lines.removeFirst()
    names = head.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard Set(names).count == names.count else {
      throw Problem(.data, file, "a column name stands twice", expected: "names that differ")
    }
    var rows: [[String]] = []
    for (row, line) in lines.enumerated() {
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard cells.count == names.count else {
        throw Problem(
          .data, file, "row \(row + 1) has \(cells.count) cells", expected: "\(names.count)")
      }
      rows.append(cells)
    }
    self.rows = rows
  }

  /// The number in a cell; NaN for what tables write when there is none.
  package func number(
    _ row: Int, _ column: Int, file: String
  ) throws(Problem) -> Double {
    let cell = rows[row][column]
    if let number = Double(cell) { return number }
    guard ["n/a", "nan", "NaN", ""].contains(cell) else {
      throw Problem(
        .data, file, "row \(row + 1) of column \(names[column]) is no number",
        expected: "a number or n/a")
    }
    return .nan
  }
}

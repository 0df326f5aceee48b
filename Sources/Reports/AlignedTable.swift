/// Cells in columns as wide as they need.
struct AlignedTable {
  let heads: [String]
  /// Columns of numbers, which end alike.
  var rightColumns: Set<Int> = []
  let rows: [[String]]

  /// The heads, then a line for each row.
  var lines: [String] {
    let widths = heads.indices.map { n in
      max(heads[n].count, rows.map { $0[n].count }.max() ?? 0)
    }
    return ([heads] + rows).map { words in
      let cells = words.enumerated().map { n, word in
        let pad = String(repeating: " ", count: max(0, widths[n] - word.count))
        return rightColumns.contains(n) ? pad + word : word + pad
      }
      var out = cells.joined(separator: "  ")
      while out.last == " " { out.removeLast() }
      return out
    }
  }
}

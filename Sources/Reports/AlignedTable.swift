import Basics

/// Rows under heads, each column as wide as its longest cell.
struct AlignedTable {
  let heads: [String]
  /// Columns of numbers, which end alike.
  var rightColumns: Set<Int> = []
  let rows: [[String]]

  /// The heads, then a line for each row.
  var lines: [String] {
    let columns = heads.count
    // Counting characters is the longest part of a table of ten thousand lines: each cell is counted once.
    let counts = [Int](count: rows.count * columns, filledByChunksOf: rows.count, grain: 256) {
      chunk, out in
      for row in chunk {
        for n in 0..<columns { out[row * columns + n] = rows[row][n].count }
      }
    }
    var widths = heads.map(\.count)
    for (place, count) in counts.enumerated() {
      widths[place % columns] = max(widths[place % columns], count)
    }
    let final = widths
    return [line(heads, heads.map(\.count)[...], final)]
      + parallelMap(rows.count) { row in
        line(rows[row], counts[(row * columns)..<((row + 1) * columns)], final)
      }
  }

  private func line(_ words: [String], _ counts: ArraySlice<Int>, _ widths: [Int]) -> String {
    var out = ""
    out.reserveCapacity(widths.reduce(0) { $0 + $1 + 2 })
    // Blanks are written before a word alone, so that none stand at the end.
    var blanks = 0
    for (n, word) in words.enumerated() {
      let pad = widths[n] - counts[counts.startIndex + n]
      let isRight = rightColumns.contains(n)
      if isRight { blanks += pad }
      if !word.isEmpty {
        for _ in 0..<blanks { out.append(" ") }
        out += word
        blanks = 0
      }
      blanks += isRight ? 2 : pad + 2
    }
    while out.last == " " { out.removeLast() }
    return out
  }
}

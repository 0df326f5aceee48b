/// A line plot in braille: two columns and four rows of dots to a cell.
///
/// - Parameters:
///   - values: evenly spaced; NaN leaves a gap. Scaled from the smallest to the largest.
///   - columns, rows: size in cells.
///   - low, high: values at the bottom and the top, where several curves share a scale; beyond them a curve runs
///     along the edge.
/// - Returns: glyphs row by row.
package func braillePlot(
  _ values: [Double], columns: Int, rows: Int, low lowest: Double? = nil,
  high highest: Double? = nil
) -> [[Unicode.Scalar]] {
  let width = 2 * columns
  let height = 4 * rows
  var dots = [[UInt32]](
    repeating: [UInt32](repeating: 0, count: max(0, columns)), count: max(0, rows))
  let finite = values.filter(\.isFinite)
  if let low = lowest ?? finite.min(), let high = highest ?? finite.max(), !finite.isEmpty,
    width > 0,
    height > 0
  {
    // Halves, because the difference of the largest numbers is none.
    let half = high / 2 - low / 2
    let span = half > 0 ? half : 0.5
    var previous: Int?
    for x in 0..<width {
      let place =
        values.count == 1 ? 0 : Double(x) * Double(values.count - 1) / Double(max(1, width - 1))
      let value = values[min(values.count - 1, Int(place.rounded()))]
      guard value.isFinite else {
        previous = nil
        continue
      }
      let share = min(1, max(0, (value / 2 - low / 2) / span))
      let y = height - 1 - Int((share * Double(height - 1)).rounded())
      let from = previous.map { min($0 + ($0 < y ? 1 : $0 > y ? -1 : 0), height - 1) } ?? y
      for step in min(from, y)...max(from, y) {
        dots[step / 4][x / 2] |= brailleBit(x % 2, step % 4)
      }
      previous = y
    }
  }
  // A blank takes a third of the bytes of a braille cell without dots.
  return dots.map { $0.map { $0 == 0 ? " " : Unicode.Scalar(0x2800 + $0) ?? " " } }
}

private func brailleBit(_ x: Int, _ y: Int) -> UInt32 {
  let left: [UInt32] = [0x01, 0x02, 0x04, 0x40]
  let right: [UInt32] = [0x08, 0x10, 0x20, 0x80]
  return x == 0 ? left[y] : right[y]
}

import CellUI
import Imaging

/// How often values occur, with the places that matter on the axis.
private struct Histogram {
  var title: String
  var unit: String
  var counts: [Int] = []
  var low = 0.0
  var high = 1.0
  /// The cursor's value; nil where there is none.
  var here: Double?
  /// Values of a threshold or window.
  var marks: [Double] = []
  var marksAre = ""

  /// - Parameter volume: zero is background and not counted.
  init(
    _ title: String, unit: String, _ volume: Volume, bins: Int, cursor: WorldPoint,
    marks: [Double], marksAre: String
  ) {
    self.title = title
    self.unit = unit
    self.marksAre = marksAre
    let v = Double(volume.nearest(cursor))
    here = v.isFinite ? v : nil
    var range = (Float.infinity, -Float.infinity)
    for value in volume.values where value.isFinite && value != 0 {
      range = (min(range.0, value), max(range.1, value))
    }
    guard range.0 < range.1 else { return }
    (low, high) = (Double(range.0), Double(range.1))
    self.marks = marks.filter { $0.isFinite && $0 >= low && $0 <= high }
    counts = [Int](repeating: 0, count: max(1, bins))
    let scale = Double(counts.count) / (high - low)
    for value in volume.values where value.isFinite && value != 0 {
      counts[min(counts.count - 1, Int((Double(value) - low) * scale))] += 1
    }
  }

  /// The bin of a value, kept within the axis.
  func bin(_ value: Double) -> Int {
    max(0, min(counts.count - 1, Int((value - low) / (high - low) * Double(counts.count))))
  }
}

/// Histograms of the overlay, the underlay and the right side, with the cursor's value in each.
func drawHistograms(_ frame: inout Frame, _ model: Model, _ area: Rect) {
  let width = area.columns - 2
  var all: [Histogram] = []
  if let shown = model.shownOverlay(model.currentOverlayID) {
    let level = shown.passed.level
    all.append(
      Histogram(
        visibleText(shown.name, limit: 60), unit: shown.unit, shown.volume, bins: width,
        cursor: model.cursor, marks: [level, -level, shown.style.top ?? .nan],
        marksAre: "threshold \(level.isFinite ? numberText(level) : "passed by nothing")"))
  }
  if case .grey(let image) = model.greyBase {
    let (low, high) = (Double(image.window.lowerBound), Double(image.window.upperBound))
    all.append(
      Histogram(
        visibleText(image.name, limit: 60), unit: "", image.volume, bins: width,
        cursor: model.cursor, marks: [low, high],
        marksAre: "black \(numberText(low)), white \(numberText(high))"))
  }
  let right = model.rightContent
  switch right.content.base {
  case .hot(let volume, let top):
    all.append(
      Histogram(
        right.heading, unit: right.unit, volume, bins: width, cursor: model.cursor, marks: [top],
        marksAre: "top of the scale \(numberText(top))"))
  default:
    if let layer = right.content.layers.first, !layer.isContour {
      all.append(
        Histogram(
          right.heading, unit: right.unit, layer.volume, bins: width, cursor: model.cursor,
          marks: [layer.level, -layer.level], marksAre: "threshold \(numberText(layer.level))"))
    }
  }
  guard !all.isEmpty else {
    frame.put("no values yet", row: area.row + area.rows / 2, column: area.column + 2)
    return
  }
  let each = area.rows / all.count
  for (n, histogram) in all.enumerated() {
    drawHistogram(
      &frame, model, histogram,
      Rect(
        column: area.column + 1, row: area.row + n * each, columns: width, rows: each))
  }
}

private func drawHistogram(
  _ frame: inout Frame, _ model: Model, _ h: Histogram, _ area: Rect
) {
  let total = h.counts.reduce(0, +)
  var at = frame.put(
    h.title, row: area.row, column: area.column, limit: area.column + area.columns,
    foreground: h.title.contains("SIMULATED") ? Ink.red : Ink.blue, style: .bold)
  let here = h.here.map { "cursor ▲ \(numberText($0)) \(h.unit)" } ?? "cursor: no data"
  at = frame.put("  \(here)", row: area.row, column: at, foreground: Ink.cursor)
  frame.put(
    "  │ \(h.marksAre)   \(total) voxels", row: area.row, column: at,
    limit: area.column + area.columns, foreground: Ink.dim)
  guard area.rows >= 4, let most = h.counts.max(), most > 0 else { return }
  let rows = area.rows - 3
  let marks = Set(h.marks.map(h.bin))
  let place = h.here.map(h.bin)
  for x in h.counts.indices {
    // A root shows the tails beside the peak.
    let part = (Double(h.counts[x]) / Double(most)).squareRoot()
    let halves = h.counts[x] == 0 ? 0 : max(1, Int((part * Double(2 * rows)).rounded()))
    for r in 0..<rows {
      let above = 2 * (rows - 1 - r)
      let glyph: Unicode.Scalar =
        halves >= above + 2 ? "█" : halves == above + 1 ? "▄" : marks.contains(x) ? "│" : " "
      frame[area.row + 1 + r, area.column + x] = Cell(
        glyph,
        foreground: x == place ? Ink.cursor : marks.contains(x) ? Ink.amber : Ink.dim)
    }
  }
  let axis = area.row + 1 + rows
  if let place {
    frame.put("▲", row: axis, column: area.column + place, foreground: Ink.cursor, style: .bold)
  }
  let (low, high) = (numberText(h.low), numberText(h.high))
  func put(_ text: String, _ column: Int) {
    let end = column + text.count
    guard place.map({ area.column + $0 < column || area.column + $0 >= end }) ?? true else {
      return
    }
    frame.put(text, row: axis, column: column, foreground: Ink.dim)
  }
  put(low, area.column)
  put(high, area.column + area.columns - high.count)
  put("height: root of the number", area.column + area.columns / 2 - 13)
}

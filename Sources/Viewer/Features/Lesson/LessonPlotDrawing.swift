import Basics
import CellUI

extension LessonPlot {
  var xBounds: ClosedRange<Double> {
    xRange ?? bounds(curves.flatMap(\.x))
  }

  var yBounds: ClosedRange<Double> {
    yRange ?? bounds(curves.flatMap(\.y))
  }

  private func bounds(_ values: [Double]) -> ClosedRange<Double> {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return 0...1 }
    return high > low ? low...high : low - 0.5...high + 0.5
  }
}

extension LessonCurve {
  /// Whether its points are few and stand for themselves.
  package var isPoints: Bool { isDotted && x.count <= 24 }

  /// The value at a place, on a straight line between its points; NaN outside of them.
  func value(at place: Double) -> Double {
    guard let next = x.firstIndex(where: { $0 >= place }) else { return .nan }
    guard next > 0, x[next] > place else { return next == 0 && x[0] > place ? .nan : y[next] }
    let t = (place - x[next - 1]) / (x[next] - x[next - 1])
    return y[next - 1] * (1 - t) + y[next] * t
  }

  /// The curve in words, for who hears it.
  package var words: String {
    let finite = zip(x, y).filter { $0.1.isFinite }
    guard let first = finite.first, let last = finite.last,
      let low = finite.min(by: { $0.1 < $1.1 }), let high = finite.max(by: { $0.1 < $1.1 })
    else { return "\(name): no values" }
    func at(_ point: (Double, Double)) -> String {
      "\(plainNumber(point.1, 2)) at \(plainNumber(point.0, 1))"
    }
    if isPoints {
      return "\(name): "
        + finite.map { "\(plainNumber($0.0, 0)) is \(plainNumber($0.1, 1))" }.joined(
          separator: ", ")
    }
    return "\(name): begins with \(at(first)), lowest \(at(low)), highest \(at(high)), ends with "
      + at(last)
  }
}

/// Axes with numbers and units, curves, the mark and the names of all.
func drawPlot(_ frame: inout Frame, _ model: Model, _ plot: LessonPlot, _ area: Rect) {
  let (xs, ys) = (plot.xBounds, plot.yBounds)
  let labels = [ys.upperBound, (ys.lowerBound + ys.upperBound) / 2, ys.lowerBound].map(axisNumber)
  let left = min(9, max(3, labels.map(\.count).max() ?? 3)) + 1
  let legend = plot.curves.count
  let top = area.row + 1 + legend
  let rows = area.rows - legend - 3
  let columns = area.columns - left
  guard rows >= 3, columns >= 12 else { return }
  frame.put(
    plot.yTitle + (area.columns >= 44 ? ", \(plot.title)" : ""), row: area.row,
    column: area.column, limit: area.column + area.columns, foreground: Ink.text)
  drawNames(&frame, model, plot, area)
  let canvas = Rect(column: area.column + left, row: top, columns: columns, rows: rows)
  for (n, label) in labels.enumerated() {
    frame.put(
      label, row: top + n * (rows - 1) / 2, column: canvas.column - 1 - label.count,
      foreground: Ink.dim)
  }
  let isUnicode = model.shell.capabilities.unicode
  for row in 0..<rows {
    frame.put(
      isUnicode ? "│" : "|", row: top + row, column: canvas.column - 1, foreground: Ink.dim)
  }
  drawZero(&frame, model, plot, canvas)
  drawXAxis(&frame, model, plot, canvas)
  if let mark = plot.mark, xs.contains(mark.x) {
    let column = canvas.column + place(mark.x, plot, columns)
    for row in 0..<rows {
      frame.put(isUnicode ? "│" : "|", row: top + row, column: column, foreground: LessonInk.mark)
    }
  }
  if model.shell.capabilities.hasImages { drawPixels(&frame, model, plot, canvas) }
  for (n, curve) in plot.curves.enumerated() {
    if curve.isPoints {
      drawPoints(&frame, plot, curve, canvas, shift: n)
    } else if model.shell.capabilities.hasImages {
      continue
    } else if isUnicode {
      drawBraille(&frame, plot, curve, canvas)
    } else {
      drawLetters(&frame, plot, curve, canvas, LessonPlot.letters[n % LessonPlot.letters.count])
    }
  }
}

extension LessonPlot {
  /// What curves are drawn with where there is no braille.
  fileprivate static let letters: [Unicode.Scalar] = ["*", "o", "+", "x"]
}

private func axisNumber(_ value: Double) -> String {
  plainNumber(value, abs(value) >= 20 ? 0 : abs(value) >= 2 ? 1 : 2)
}

private func place(_ x: Double, _ plot: LessonPlot, _ columns: Int) -> Int {
  let range = plot.xBounds
  let rising = (x - range.lowerBound) / (range.upperBound - range.lowerBound)
  let t = plot.flipsX ? 1 - rising : rising
  return max(0, min(columns - 1, Int((t * Double(columns - 1)).rounded())))
}

/// The curves' names in their colours, with how they are drawn.
private func drawNames(_ frame: inout Frame, _ model: Model, _ plot: LessonPlot, _ area: Rect) {
  for (n, curve) in plot.curves.enumerated() {
    let sign =
      curve.isPoints
      ? ""
      : !model.shell.capabilities.unicode
        ? String(LessonPlot.letters[n % LessonPlot.letters.count]) + " "
        : curve.isDotted ? "─── " : "━━━ "
    let at = frame.put(
      sign, row: area.row + 1 + n, column: area.column, foreground: curve.ink, style: .bold)
    frame.put(
      curve.name, row: area.row + 1 + n, column: at, limit: area.column + area.columns,
      foreground: curve.ink, style: .bold)
  }
}

/// As many cells as a stretch of the x axis is wide, around its middle, and at least one.
package func bandColumns(
  _ band: ClosedRange<Double>, _ plot: LessonPlot, _ columns: Int
) -> Range<Int> {
  let xs = plot.xBounds
  let perCell = (xs.upperBound - xs.lowerBound) / Double(max(1, columns - 1))
  let (low, high) = (
    max(xs.lowerBound, band.lowerBound), min(xs.upperBound, band.upperBound)
  )
  guard high > low, perCell > 0 else { return 0..<0 }
  let count = max(1, Int(((high - low) / perCell).rounded()))
  let middle = ((low + high) / 2 - xs.lowerBound) / perCell
  let centre = plot.flipsX ? Double(columns - 1) - middle : middle
  let first = Int((centre - Double(count - 1) / 2).rounded())
  return max(0, first)..<min(columns, max(0, first) + count)
}

/// Where zero is, if the values lie on both of its sides.
private func drawZero(_ frame: inout Frame, _ model: Model, _ plot: LessonPlot, _ canvas: Rect) {
  let ys = plot.yBounds
  guard ys.lowerBound < 0, ys.upperBound > 0, let row = lessonHeight(0, ys, canvas.rows),
    row < canvas.rows - 1
  else { return }
  let isUnicode = model.shell.capabilities.unicode
  for column in 0..<canvas.columns {
    frame.put(
      isUnicode ? "┄" : "-", row: canvas.row + row, column: canvas.column + column,
      foreground: Ink.dim)
  }
  // Over a label of the middle that is next to it.
  for near in [row - 1, row, row + 1] where near == (canvas.rows - 1) / 2 {
    frame.put(
      String(repeating: " ", count: 4), row: canvas.row + near, column: canvas.column - 5,
      foreground: Ink.dim)
  }
  frame.put("0", row: canvas.row + row, column: canvas.column - 2, foreground: Ink.text)
}

/// Names of the places below the axis; who finds no room is left out.
private func drawXNames(_ frame: inout Frame, _ plot: LessonPlot, _ canvas: Rect) {
  let foot = canvas.row + canvas.rows + 1
  var end = canvas.column - 1
  for (n, name) in plot.xNames.enumerated() {
    let at = canvas.column + place(Double(n + 1), plot, canvas.columns)
    guard at > end else { continue }
    end = frame.put(
      name, row: foot, column: at, limit: canvas.column + canvas.columns, foreground: Ink.text)
  }
}

private func drawXAxis(_ frame: inout Frame, _ model: Model, _ plot: LessonPlot, _ canvas: Rect) {
  let isUnicode = model.shell.capabilities.unicode
  let xs = plot.xBounds
  let row = canvas.row + canvas.rows
  for column in 0..<canvas.columns {
    frame.put(
      isUnicode ? "─" : "-", row: row, column: canvas.column + column, foreground: Ink.dim)
  }
  if let band = plot.band {
    for column in bandColumns(band.x, plot, canvas.columns) {
      frame.put(
        isUnicode ? "▀" : "#", row: row, column: canvas.column + column,
        foreground: LessonInk.mark)
    }
  }
  guard plot.xNames.isEmpty else {
    return drawXNames(&frame, plot, canvas)
  }
  let (first, last) = (
    plot.flipsX ? xs.upperBound : xs.lowerBound, plot.flipsX ? xs.lowerBound : xs.upperBound
  )
  let ends = plot.ends.map { plot.flipsX ? ($0.high, $0.low) : ($0.low, $0.high) }
  let low = (ends.map { $0.0 + " " } ?? "") + axisNumber(first)
  let high = axisNumber(last) + (ends.map { " " + $0.1 } ?? "")
  let foot = row + 1
  frame.put(low, row: foot, column: canvas.column, foreground: Ink.dim)
  frame.put(
    high, row: foot, column: canvas.column + canvas.columns - high.count, foreground: Ink.dim)
  let name = plot.band?.name ?? plot.mark?.name
  // The sign that it is drawn with: an arrow would have to stand below its place.
  let sign = plot.band == nil ? (isUnicode ? "│" : "|") : isUnicode ? "▀" : "#"
  let words = name.map { "\(sign) \($0)  \(plot.xTitle)" } ?? plot.xTitle
  let room = canvas.columns - low.count - high.count - 2
  let shown = words.count <= room ? words : plot.xTitle
  guard shown.count <= room else { return }
  let start = canvas.column + low.count + 1 + (room - shown.count) / 2
  let isNamed = shown == words && name != nil
  var at = start
  if isNamed, let name {
    at = frame.put("\(sign) \(name)  ", row: foot, column: at, foreground: LessonInk.mark)
  }
  frame.put(plot.xTitle, row: foot, column: at, foreground: Ink.text)
}

/// The place of a value in rows of dots from the top; nil outside.
private func lessonHeight(_ value: Double, _ range: ClosedRange<Double>, _ rows: Int) -> Int? {
  guard value.isFinite else { return nil }
  let perRow = (range.upperBound - range.lowerBound) / Double(max(1, rows - 1))
  let t = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
  guard t > -0.02, t < 1.02 else { return nil }
  var height = (value - range.lowerBound) / perRow
  if range.lowerBound < 0, range.upperBound > 0 {
    // Counted from the row of zero: no value lies on the other side of it, or on it, but by less than half a row.
    height = (-range.lowerBound / perRow).rounded() + value / perRow
  }
  return max(0, min(rows - 1, rows - 1 - Int(height.rounded())))
}

/// The curve at evenly spaced places, held within the axes.
private func resampled(_ plot: LessonPlot, _ curve: LessonCurve, _ count: Int) -> [Double] {
  let (xs, ys) = (plot.xBounds, plot.yBounds)
  return (0..<count).map { n in
    let t = Double(n) / Double(max(1, count - 1))
    let x = xs.lowerBound + (xs.upperBound - xs.lowerBound) * (plot.flipsX ? 1 - t : t)
    let y = curve.value(at: x)
    return y.isFinite ? max(ys.lowerBound, min(ys.upperBound, y)) : .nan
  }
}

/// Thin for one, of two dots for the other: they are told apart without colour.
private func drawBraille(
  _ frame: inout Frame, _ plot: LessonPlot, _ curve: LessonCurve, _ canvas: Rect
) {
  let values = resampled(plot, curve, 2 * canvas.columns)
  let ys = plot.yBounds
  let dot = (ys.upperBound - ys.lowerBound) / Double(max(1, 4 * canvas.rows - 1))
  for shift in curve.isDotted ? [0] : [0, 1] {
    let moved = values.map {
      max(ys.lowerBound, min(ys.upperBound, $0 + Double(shift) * dot))
    }
    let glyphs = braillePlot(
      zip(moved, values).map { $1.isFinite ? $0 : .nan }, columns: canvas.columns,
      rows: canvas.rows, low: ys.lowerBound, high: ys.upperBound)
    lay(glyphs, curve.ink, &frame, canvas)
  }
}

private func lay(
  _ glyphs: [[Unicode.Scalar]], _ ink: Colour, _ frame: inout Frame, _ canvas: Rect
) {
  for (row, line) in glyphs.enumerated() {
    for (column, glyph) in line.enumerated() where glyph != " " {
      let (r, c) = (canvas.row + row, canvas.column + column)
      let under = frame[r, c]
      // A cell has one colour: dots of another curve in it would be taken for this one's.
      let isOwn = under.foreground == ink && (0x2800...0x28ff).contains(under.glyph.value)
      let joined = isOwn ? Unicode.Scalar(under.glyph.value | glyph.value) ?? glyph : glyph
      frame[r, c] = Cell(joined, foreground: ink, style: .bold)
    }
  }
}

/// All curves as one picture, where there are pixels: lines that are seen from the last row.
private func drawPixels(
  _ frame: inout Frame, _ model: Model, _ plot: LessonPlot, _ canvas: Rect
) {
  let density = model.shell.capabilities.density
  let (width, height) = (canvas.columns * density.across, canvas.rows * density.down)
  var picture = Picture(width: width, height: height, density: density)
  if let mark = plot.mark, plot.xBounds.contains(mark.x) {
    let x = place(mark.x, plot, width)
    for y in 0..<height { picture.dot(x, y, max(1, density.across / 6), LessonInk.mark, .mark) }
  }
  for curve in plot.curves where !curve.isPoints {
    let size = max(1, density.across / (curve.isDotted ? 5 : 2))
    var before: Int?
    for (x, value) in resampled(plot, curve, width).enumerated() {
      guard value.isFinite, let y = lessonHeight(value, plot.yBounds, height) else {
        before = nil
        continue
      }
      let from = before ?? y
      for step in min(from, y)...max(from, y) { picture.dot(x, step, size, curve.ink, .mark) }
      before = y
    }
  }
  frame.draw(picture, row: canvas.row, column: canvas.column, model.shell.capabilities)
}

private func drawLetters(
  _ frame: inout Frame, _ plot: LessonPlot, _ curve: LessonCurve, _ canvas: Rect,
  _ letter: Unicode.Scalar
) {
  for (column, value) in resampled(plot, curve, canvas.columns).enumerated() {
    guard let row = lessonHeight(value, plot.yBounds, canvas.rows) else { continue }
    frame[canvas.row + row, canvas.column + column] = Cell(letter, foreground: curve.ink)
  }
}

/// Points as the first sign of the curve's name, those of each further curve a cell to the right: none hides another.
private func drawPoints(
  _ frame: inout Frame, _ plot: LessonPlot, _ curve: LessonCurve, _ canvas: Rect, shift: Int
) {
  let sign = curve.name.unicodeScalars.first ?? "●"
  for (x, y) in zip(curve.x, curve.y) {
    guard let row = lessonHeight(y, plot.yBounds, canvas.rows) else { continue }
    let column = min(canvas.columns - 1, place(x, plot, canvas.columns) + shift)
    frame[canvas.row + row, canvas.column + column] = Cell(
      sign, foreground: curve.ink, style: .bold)
  }
}

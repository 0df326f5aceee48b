import CellUI
import Imaging

/// Words on the left, a curve on the right, under the slices.
func drawLesson(_ frame: inout Frame, _ model: Model, _ area: Rect) {
  guard let state = model.lesson.running, Lesson.steps.indices.contains(state.step) else { return }
  let step = Lesson.steps[state.step]
  let plot = step.plot(model)
  let isSmall = frame.size.columns < 100
  let plotColumns = plot == nil ? 0 : isSmall ? 28 : min(60, frame.size.columns / 3)
  let textEnd = area.column + area.columns - plotColumns - (plotColumns > 0 ? 3 : 0)
  var at = frame.put(
    " LESSON \(state.step + 1) of \(Lesson.steps.count) ", row: area.row, column: area.column,
    foreground: Ink.black, background: Ink.blue, style: .bold)
  at = frame.put(
    "  " + step.title, row: area.row, column: at, limit: textEnd, foreground: Ink.strong,
    style: .bold)
  let lines = wrapped(step.words(model), textEnd - area.column)
  for (n, line) in lines.prefix(area.rows - 1).enumerated() {
    frame.put(
      line, row: area.row + 1 + n, column: area.column, limit: textEnd, foreground: Ink.text)
  }
  guard let plot, plotColumns > 8 else { return }
  drawPlot(
    &frame, model, plot,
    Rect(
      column: area.column + area.columns - plotColumns, row: area.row, columns: plotColumns,
      rows: area.rows))
}

private func drawPlot(_ frame: inout Frame, _ model: Model, _ plot: LessonPlot, _ area: Rect) {
  let lines = wrapped(plot.title, area.columns).prefix(2)
  for (n, line) in lines.enumerated() {
    frame.put(line, row: area.row + n, column: area.column, foreground: Ink.dim)
  }
  let top = area.row + lines.count
  let rows = max(1, area.rows - lines.count - 1)
  let finite = (plot.values + plot.other).filter(\.isFinite)
  let (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
  let columns = area.columns
  func curve(_ values: [Double], _ ink: Colour) {
    let glyphs = braillePlot(values, columns: columns, rows: rows, low: low, high: high)
    for (r, line) in glyphs.enumerated() {
      for (c, glyph) in line.enumerated() where glyph.value != 0x2800 {
        frame[top + r, area.column + c] = Cell(
          model.shell.capabilities.unicode ? glyph : "*", foreground: ink)
      }
    }
  }
  if let mark = plot.mark {
    let column = area.column + min(columns - 1, Int(mark * Double(columns - 1) + 0.5))
    for r in 0..<rows {
      frame.put(
        model.shell.capabilities.unicode ? "│" : "|", row: top + r, column: column,
        foreground: Ink.cursor
      )
    }
  }
  curve(plot.other, Ink.red)
  curve(plot.values, Ink.strong)
  let foot = top + rows
  frame.put(plot.ends.0, row: foot, column: area.column, foreground: Ink.dim)
  frame.put(
    plot.ends.1, row: foot, column: area.column + columns - plot.ends.1.count, foreground: Ink.dim)
}

import Basics
import CellUI
import Imaging

/// The colour bars of both panes.
func drawBars(
  _ frame: inout Frame, _ model: Model, _ layout: Layout, _ right: RightContent
) {
  let row = layout.bars.row
  let half = layout.panes[1].column
  drawOverlayBars(&frame, model, layout)
  let rightWidth = frame.size.columns - half - 4
  switch right.content.base {
  case .hot(_, let top):
    drawHotBar(
      &frame, model, row: row, column: half + 2, width: rightWidth, top: top, unit: right.unit,
      rows: layout.bars.count)
  default:
    if let layer = right.content.layers.first, right.content.showsMap, !layer.isContour {
      drawSignedBar(
        &frame, model, layer, row: row, column: half + 2, width: rightWidth,
        unit: right.unit, rows: layout.bars.count)
    }
  }
}

/// The palette's bar, with how many of its levels can be told apart here.
private func drawHotBar(
  _ frame: inout Frame, _ model: Model, row: Int, column: Int, width: Int, top: Double,
  unit: String, rows: Int
) {
  let topText = top >= 10 ? fixed(top, 0) : fixed(top, 3)
  let levels = "\(model.shell.levels) levels"
  let name =
    model.shell.capabilities.hasNoColourScale ? levels : "\(model.shell.palette.title), \(levels)"
  let edge = rows == 1 ? 2 : 0
  // On one row the words give way before the bar does.
  let brief = unit.split(separator: " (").first.map(String.init) ?? unit
  let label =
    rows > 1
    ? topText
    : [
      "\(topText) \(unit), \(levels)", "\(topText) \(unit)", "\(topText) \(brief)",
      "\(topText), \(levels)",
    ]
    .first { width - edge - $0.count - 2 >= 8 } ?? topText
  let length = max(4, width - (rows == 1 ? edge + label.count + 2 : 0))
  for n in 0..<length {
    let t = (Double(n) + 0.5) / Double(length)
    bar(&frame, model, row, column + edge + n, model.shell.palette.colour(t), "#", t)
  }
  if rows == 1 {
    frame.put("0", row: row, column: column, foreground: Ink.dim)
    frame.put(label, row: row, column: column + edge + length + 1, foreground: Ink.dim)
  } else {
    frame.put("0", row: row + 1, column: column, foreground: Ink.dim)
    frame.put(
      topText, row: row + 1, column: column + length - topText.count, foreground: Ink.dim)
    let room = length - topText.count - 4
    let words =
      ["\(unit)   \(name)", "\(unit)   \(levels)", unit].first { $0.count <= room } ?? unit
    frame.put(
      words, row: row + 1, column: column + (length - words.count) / 2, foreground: Ink.dim)
  }
}

import CellUI

/// Where panels are drawn.
func panelArea(_ layout: Layout) -> Rect {
  Rect(column: 1, row: 1, columns: layout.size.columns - 2, rows: layout.values - 1)
}

/// What takes the place of the slices: motion, matrix or networks.
func drawPanel(_ frame: inout Frame, _ model: Model, _ panel: Panel, _ layout: Layout) {
  let area = panelArea(layout)
  switch panel {
  case .motion: drawMotion(&frame, model, area)
  case .matrix: drawMatrix(&frame, model, area)
  case .networks: drawNetworks(&frame, model, area)
  case .losses: drawLosses(&frame, model, area)
  case .perfusion: drawPerfusion(&frame, model, area)
  case .overlays: drawOverlayList(&frame, model, area)
  case .histogram: drawHistograms(&frame, model, area)
  case .bookmarks: drawBookmarks(&frame, model, area)
  case .registration: break
  }
}

/// Says that a panel is being made.
func drawWaiting(_ frame: inout Frame, _ model: Model, _ area: Rect, _ what: String) {
  let text = model.shell.progress == nil ? "\(what): nothing yet" : "\(what): computing…"
  frame.put(
    text, row: area.row + area.rows / 2, column: area.column + (area.columns - text.count) / 2,
    foreground: Ink.dim)
}

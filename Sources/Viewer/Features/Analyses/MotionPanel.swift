import Basics
import CellUI
import Connectivity
import Imaging

/// How the head moved and what the signal did, in rows of one clock, with the carpet under them.
func drawMotion(_ frame: inout Frame, _ model: Model, _ area: Rect) {
  guard let run = model.scene.run, let quality = model.scene.quality,
    let carpet = model.analyses.carpet
  else { return drawWaiting(&frame, model, area, "motion and carpet") }
  let denoising = model.scene.denoising
  let left = area.column + 22
  let width = area.column + area.columns - left
  drawMotionTitle(&frame, run, denoising, area)
  let plotRows = area.rows < 24 ? 2 : area.rows < 40 ? 3 : 5
  var row = area.row + 1
  let traces = [
    Trace(title: "FD mm (Power)", detail: quality.displacementOrigin, values: quality.displacement),
    Trace(title: "DVARS", detail: "standardised", values: quality.standardisedDVARS),
    Trace(title: "global signal", detail: "mean of the mask", values: quality.globalSignal),
  ]
  for trace in traces {
    drawTrace(
      &frame, trace, label: area.column,
      Rect(column: left, row: row, columns: width, rows: plotRows))
    row += plotRows
  }
  drawKeptFrames(&frame, model, run, denoising, row: row, column: left, width: width)
  frame.put("kept │ left out ×", row: row, column: area.column, foreground: Ink.dim)
  row += 1
  let rows = area.row + area.rows - row
  guard rows > 1 else { return }
  drawCarpet(
    &frame, model, carpet, label: area.column,
    Rect(column: left, row: row, columns: width, rows: rows))
}

private func drawMotionTitle(
  _ frame: inout Frame, _ run: Run, _ denoising: Denoising, _ area: Rect
) {
  let lost = denoising.droppedFrames + denoising.censoredFrames.count
  var at = frame.put(
    "motion and signal", row: area.row, column: area.column, foreground: Ink.blue, style: .bold)
  at = frame.put(
    "  \(run.frameCount) frames, \(denoising.droppedFrames) dropped, "
      + "\(denoising.censoredFrames.count) censored, \(run.frameCount - lost) kept",
    row: area.row, column: at, foreground: Ink.text)
  if area.columns >= 100 {
    frame.put("  :censor MM  :drop N", row: area.row, column: at, foreground: Ink.dim)
  }
}

/// One number for each frame.
private struct Trace {
  let title: String
  let detail: String
  /// Nil where it is unknown.
  let values: [Double]?
}

/// A trace as a curve, its name and range before it.
private func drawTrace(_ frame: inout Frame, _ trace: Trace, label: Int, _ area: Rect) {
  let end = area.column - 1
  frame.put(trace.title, row: area.row, column: label, foreground: Ink.text)
  let values = trace.values ?? []
  let finite = values.filter(\.isFinite)
  guard let low = finite.min(), let high = finite.max() else {
    frame.put(
      "unknown: no motion file", row: area.row, column: area.column, foreground: Ink.dim)
    return
  }
  frame.put(
    "\(numberText(low))–\(numberText(high))", row: area.row + 1, column: label, limit: end,
    foreground: Ink.dim)
  if area.rows > 2 {
    frame.put(trace.detail, row: area.row + 2, column: label, limit: end, foreground: Ink.dim)
  }
  for (r, line) in braillePlot(values, columns: area.columns, rows: area.rows).enumerated() {
    for (c, glyph) in line.enumerated() {
      frame[area.row + r, area.column + c] = Cell(glyph, foreground: Ink.blue)
    }
  }
}

/// Every voxel over time in grey, its words before it.
private func drawCarpet(
  _ frame: inout Frame, _ model: Model, _ carpet: Carpet, label: Int, _ area: Rect
) {
  let density = panelDensity(model)
  let (wide, high) = (area.columns * density.across, area.rows * density.down)
  var picture = Picture(width: wide, height: high, density: density)
  for x in 0..<wide {
    let t = min(carpet.frameCount - 1, x * carpet.frameCount / max(1, wide))
    for y in 0..<high {
      let n = min(carpet.rowCount - 1, y * carpet.rowCount / high)
      let grey = (Double(carpet.value(n, t)) + 1.5) / 3
      let v = UInt8(max(0, min(1, grey)) * 235)
      picture.set(x, y, Colour(v, v, v), .tissue)
    }
  }
  frame.draw(picture, row: area.row, column: area.column, model.shell.capabilities)
  for (n, line) in [
    "carpet, ±1.5 SD", "voxels by how much", "they follow the", "global signal",
  ].prefix(area.rows).enumerated() {
    frame.put(
      line, row: area.row + n, column: label, limit: area.column - 1, foreground: Ink.dim)
  }
}

/// A row that marks what is left out, and the frame that is looked at.
private func drawKeptFrames(
  _ frame: inout Frame, _ model: Model, _ run: Run, _ denoising: Denoising, row: Int, column: Int,
  width: Int
) {
  let out = Set(denoising.censoredFrames)
  for x in 0..<width {
    let from = x * run.frameCount / width
    let to = max(from + 1, (x + 1) * run.frameCount / width)
    let isOut = (from..<to).contains { out.contains($0) || $0 < denoising.droppedFrames }
    let isHere = (from..<to).contains(model.navigation.frame)
    frame.put(
      isHere ? "▲" : isOut ? "×" : "│", row: row, column: column + x,
      foreground: isHere ? Ink.cursor : isOut ? Ink.red : Ink.bar,
      style: isOut || isHere ? .bold : [])
  }
}

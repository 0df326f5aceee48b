import CellUI
import Imaging

/// A length of the picture, and how many pixels it has.
private struct ScaleBar {
  var millimetres: Int
  var pixels: Int

  var label: String { " \(millimetres) mm" }

  /// Lengths that pixels show to a hundredth, the most wanted first; after them to a twentieth.
  static func fitting(millimetresPerPixel: Double, unit: Int, limit: Int) -> [ScaleBar] {
    var exact: [ScaleBar] = []
    var others: [ScaleBar] = []
    for length in [50, 30, 60, 40, 20, 100, 10, 5, 2, 1] {
      let wanted = Double(length) / millimetresPerPixel
      let pixels = Int(min(1e6, wanted.rounded()))
      guard pixels >= 3 * unit, pixels <= limit else { continue }
      let error = abs(Double(pixels) / wanted - 1)
      let bar = ScaleBar(millimetres: length, pixels: pixels)
      if error <= 0.01 { exact.append(bar) } else if error <= 0.05 { others.append(bar) }
    }
    return exact + others
  }

  /// Cells that it takes; its ends stand in the middle of theirs.
  func cells(_ density: PixelDensity) -> Int {
    pixels / density.across + (pixels % density.across > 0 ? 2 : 1)
  }
}

/// Draws a slice into an area of cells, with a scale bar where nothing of the head is hidden by it.
func drawSlice(
  _ frame: inout Frame, _ model: Model, _ geometry: SliceGeometry, _ picture: Picture, _ area: Rect
) {
  let density = picture.density
  let hasImages = model.shell.capabilities.hasImages
  // A line of pixels that are as large as voxels would be a beam.
  let isFine = hasImages && density.across >= 4
  let room = area.columns / 2 - 2
  var bar: (bar: ScaleBar, column: Int, cells: Int)?
  if model.hasWorld, area.rows >= 4 {
    let all = ScaleBar.fitting(
      millimetresPerPixel: geometry.millimetresPerPixel, unit: density.across,
      limit: (room - 7) * density.across)
    search: for one in all {
      let cells = one.cells(density)
      let width = cells + one.label.count
      for column in [0, area.columns - width]
      where isEmpty(picture, column, width, area.rows - 1) {
        bar = (one, column, cells)
        break search
      }
    }
    // Fine pixels hide little, and a picture that is kept must say how large it is.
    if bar == nil, isFine { bar = all.first.map { ($0, 0, $0.cells(density)) } }
  }
  if let bar, isFine {
    var marked = picture
    let (stroke, down) = (density.stroke, density.down)
    let (left, y) = (
      bar.column * density.across + density.across / 2, (2 * area.rows - 1) * down / 2
    )
    for x in left...(left + bar.bar.pixels) { marked.dot(x, y, stroke, Ink.text, .mark) }
    for end in [left, left + bar.bar.pixels] {
      for dy in -down / 4...down / 4 { marked.dot(end, y + dy, stroke, Ink.text, .mark) }
    }
    frame.draw(marked, row: area.row, column: area.column, model.shell.capabilities)
  } else {
    frame.draw(picture, row: area.row, column: area.column, model.shell.capabilities)
  }
  drawInterpolated(&frame, model, row: area.row, end: area.column + area.columns)
  guard let bar else { return }
  let row = area.row + area.rows - 1
  var column = area.column + bar.column
  if !isFine {
    let line = "├" + String(repeating: "─", count: max(0, bar.cells - 2)) + "┤"
    frame.put(line, row: row, column: column, foreground: Ink.dim, background: Ink.black)
  }
  column += bar.cells
  frame.put(bar.bar.label, row: row, column: column, foreground: Ink.dim, background: Ink.black)
}

/// Whether nothing of the head lies in some cells of a row.
private func isEmpty(_ picture: Picture, _ column: Int, _ columns: Int, _ row: Int) -> Bool {
  let density = picture.density
  guard column >= 0, (column + columns) * density.across <= picture.width else { return false }
  for y in (row * density.down)..<min(picture.height, (row + 1) * density.down) {
    for x in (column * density.across)..<((column + columns) * density.across)
    where picture.kinds[y * picture.width + x] != .nothing { return false }
  }
  return true
}

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

/// A slice in an area of cells.
struct PlacedSlice {
  let geometry: SliceGeometry
  let picture: Picture
  let area: Rect

  /// Whether a bar with its words is short beside the slice.
  fileprivate func hasRoom(for bar: ScaleBar) -> Bool {
    area.rows >= 4 && bar.cells(picture.density) + bar.label.count <= area.columns / 2 - 2
  }

  /// The first column of the lowest row where a bar with its words hides nothing of the head.
  fileprivate func column(for bar: ScaleBar) -> Int? {
    guard hasRoom(for: bar) else { return nil }
    let width = bar.cells(picture.density) + bar.label.count
    return [0, area.columns - width].first { isEmpty(picture, $0, width, area.rows - 1) }
  }
}

/// Draws slices of one scale, each with a scale bar of one length where nothing of the head is hidden by it.
func drawSlices(_ frame: inout Frame, _ model: Model, _ slices: [PlacedSlice]) {
  let bar = model.hasWorld ? commonBar(slices, model) : nil
  for slice in slices {
    var column = bar.flatMap { slice.column(for: $0) }
    // Fine pixels hide little, and a picture that is kept must say how large it is.
    if let bar, isFine(slice.picture, model), slice.hasRoom(for: bar) { column = column ?? 0 }
    drawSlice(&frame, model, slice, bar.flatMap { bar in column.map { (bar, $0) } })
  }
}

/// A line of pixels that are as large as voxels would be a beam.
private func isFine(_ picture: Picture, _ model: Model) -> Bool {
  model.shell.capabilities.hasImages && picture.density.across >= 4
}

/// The length that has room in as many of the slices as can be, the most wanted of these.
private func commonBar(_ slices: [PlacedSlice], _ model: Model) -> ScaleBar? {
  guard let first = slices.first, let columns = slices.map(\.area.columns).max() else { return nil }
  let density = first.picture.density
  let all = ScaleBar.fitting(
    millimetresPerPixel: first.geometry.millimetresPerPixel, unit: density.across,
    limit: (columns / 2 - 9) * density.across)
  var best: (bar: ScaleBar, count: Int)?
  for bar in all {
    let count = slices.reduce(0) { $0 + ($1.column(for: bar) == nil ? 0 : 1) }
    if count > best?.count ?? 0 { best = (bar, count) }
    if count == slices.count { break }
  }
  return best?.bar ?? (isFine(first.picture, model) ? all.first : nil)
}

/// Draws a slice with its scale bar.
private func drawSlice(
  _ frame: inout Frame, _ model: Model, _ slice: PlacedSlice,
  _ placed: (bar: ScaleBar, column: Int)?
) {
  let (area, density) = (slice.area, slice.picture.density)
  var picture = slice.picture
  let isFine = isFine(picture, model)
  if let placed, isFine {
    let (stroke, down) = (density.stroke, density.down)
    let (left, y) = (
      placed.column * density.across + density.across / 2, (2 * area.rows - 1) * down / 2
    )
    let right = left + placed.bar.pixels
    for x in left...right { picture.dot(x, y, stroke, Ink.text, .mark) }
    for end in [left, right] {
      for dy in -down / 4...down / 4 { picture.dot(end, y + dy, stroke, Ink.text, .mark) }
    }
  }
  frame.draw(picture, row: area.row, column: area.column, model.shell.capabilities)
  drawInterpolated(&frame, model, row: area.row, end: area.column + area.columns)
  guard let (bar, first) = placed else { return }
  let row = area.row + area.rows - 1
  let cells = bar.cells(density)
  let column = area.column + first
  if !isFine {
    let line = "├" + String(repeating: "─", count: max(0, cells - 2)) + "┤"
    frame.put(line, row: row, column: column, foreground: Ink.dim, background: Ink.black)
  }
  frame.put(
    bar.label, row: row, column: column + cells, foreground: Ink.dim, background: Ink.black)
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

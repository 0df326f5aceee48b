import CellUI
import Imaging

/// Pictures, and beside them a plot or a table; while they are being made, that.
func drawBody(_ frame: inout Frame, _ model: Model, _ step: LessonStep, _ area: Rect) {
  let pictures = step.pictures(model)
  let plot = step.plot(model)
  let table = step.table(model)
  guard !pictures.isEmpty || plot != nil || !table.isEmpty else {
    let words =
      step.cannot(model) != nil || failure(model, step) != nil
      ? "not with these files" : "being made…"
    frame.put(
      words, row: area.row + area.rows / 2, column: area.column + (area.columns - words.count) / 2,
      foreground: Ink.dim)
    return
  }
  let hasSide = plot != nil || !table.isEmpty
  let part = pictures.isEmpty ? 1.0 : pictures.count == 1 ? 0.5 : 0.4
  var sideColumns = hasSide ? Int(Double(area.columns) * part) : 0
  // A square picture takes no more than its height.
  if hasSide, pictures.count == 1, pictures[0].zoom != nil {
    sideColumns = max(sideColumns, area.columns - 2 * (area.rows - 1) - 6)
  }
  let pictureArea = Rect(
    column: area.column, row: area.row,
    columns: area.columns - sideColumns - (hasSide && !pictures.isEmpty ? 2 : 0), rows: area.rows)
  if !pictures.isEmpty { drawPictures(&frame, model, pictures, pictureArea) }
  let side = Rect(
    column: area.column + area.columns - sideColumns, row: area.row, columns: sideColumns,
    rows: area.rows)
  if let plot, !table.isEmpty, area.columns >= 100 {
    // A table needs its width; the plot takes what is left.
    let width = min(side.columns * 3 / 5, 64)
    drawRows(
      &frame, model, table,
      Rect(column: side.column, row: side.row, columns: width, rows: side.rows))
    drawPlot(
      &frame, model, plot,
      Rect(
        column: side.column + width + 2, row: side.row, columns: side.columns - width - 2,
        rows: side.rows))
  } else if !table.isEmpty {
    drawRows(&frame, model, table, side)
  } else if let plot {
    drawPlot(&frame, model, plot, side)
  }
}

// MARK: - Pictures

/// In one row or two, whichever makes them larger.
private func drawPictures(
  _ frame: inout Frame, _ model: Model, _ pictures: [LessonPicture], _ area: Rect
) {
  func cells(_ rows: Int) -> Rect {
    let across = (pictures.count + rows - 1) / rows
    return Rect(
      column: 0, row: 0, columns: area.columns / across - 3, rows: area.rows / rows - 1)
  }
  // A head, or rows of values as they are.
  var shape = (width: 145.0, height: 175.0)
  if case .raster(let values)? = pictures.first?.content {
    shape = (Double(values.first?.count ?? 1), Double(values.count))
  }
  func size(_ rows: Int) -> Double {
    let one = cells(rows)
    return min(Double(one.columns) / shape.width, 2 * Double(one.rows) / shape.height)
  }
  let rows = pictures.count > 1 && size(2) > 1.1 * size(1) ? 2 : 1
  let across = (pictures.count + rows - 1) / rows
  let one = cells(rows)
  for (n, picture) in pictures.enumerated() {
    let place = Rect(
      column: area.column + n % across * (one.columns + 3) + 1,
      row: area.row + n / across * (one.rows + 1), columns: one.columns, rows: one.rows + 1)
    drawPicture(&frame, model, picture, place)
  }
}

private func drawPicture(
  _ frame: inout Frame, _ model: Model, _ picture: LessonPicture, _ area: Rect
) {
  let room = area.columns - 1
  var caption = picture.caption
  if caption.count > room { caption = picture.shortCaption ?? caption }
  if caption.count > room { caption = caption.replacing("SIMULATED, ", with: "SIM. ") }
  frame.put(
    model.shell.capabilities.unicode ? "■ " : "# ", row: area.row, column: area.column,
    limit: area.column + area.columns,
    foreground: picture.ink)
  frame.put(
    caption, row: area.row, column: area.column + 2, limit: area.column + area.columns + 1,
    foreground: Ink.text, style: .bold)
  let inner = Rect(
    column: area.column, row: area.row + 1, columns: area.columns, rows: area.rows - 1)
  switch picture.content {
  case .slice(let content, let plane, let place):
    drawSlice(&frame, model, picture, (content, plane, place), inner)
  case .raster(let rows):
    drawRaster(&frame, model, rows, inner, fills: picture.fills)
    if let sides = picture.sides { drawSides(&frame, sides, inner) }
  case .nothing(let words):
    frame.put(words, row: inner.row + inner.rows / 2, column: inner.column, foreground: Ink.dim)
  }
}

private func drawSlice(
  _ frame: inout Frame, _ model: Model, _ picture: LessonPicture,
  _ slice: (content: PaneContent, plane: Plane, place: WorldPoint), _ area: Rect
) {
  let density = model.shell.capabilities.density
  let (width, height) = (area.columns * density.across, area.rows * density.down)
  guard width > 4, height > 4, model.scene.grid != nil else { return }
  let scale =
    picture.zoom.map { $0 / Double(min(width, height)) }
    ?? SliceGeometry.needed(model.scene, slice.plane, width: width, height: height)
  let geometry = SliceGeometry(
    plane: slice.plane, isRadiological: model.navigation.isRadiological, scene: model.scene,
    width: width, height: height, scale: scale, centre: picture.zoom == nil ? nil : slice.place)
  let axis = slice.plane.normalAxis
  /// A place as it is seen from the slice.
  func onSlice(_ point: WorldPoint) -> WorldPoint {
    var p = point
    p[axis] = slice.place[axis]
    return p
  }
  var drawn = sliceRaster(
    slice.content, geometry, cursor: slice.place,
    lines: picture.lines.map { (onSlice($0.from), onSlice($0.to), $0.ink) }, showsCross: false,
    density: density)
  for bar in picture.bars { drawBar(&drawn, model, geometry, bar.place) }
  let pixel = scale
  for mark in picture.marks where !mark.isSmall {
    drawMark(&drawn, geometry, mark, onSlice(mark.point), millimetresPerPixel: pixel)
  }
  for mark in picture.marks where mark.isSmall {
    let at = geometry.pixel(onSlice(mark.point))
    drawn.dot(at.x, at.y, max(1, density.across / 4), mark.ink, .mark)
  }
  frame.draw(drawn, row: area.row, column: area.column, model.shell.capabilities)
  drawSideLetters(&frame, model, geometry, area)
  var letters = LessonLetters(area: area)
  // The last stands on top, and has the first choice of a place.
  for mark in picture.marks.reversed() where !mark.letter.isEmpty {
    let at = geometry.pixel(onSlice(mark.point))
    let reach = max(mark.radius ?? 0, 1.2 * pixel) / pixel
    letters.put(
      mark.letter, &frame,
      (area.column + at.x / density.across, area.row + at.y / density.down),
      (
        Int((reach / Double(density.across)).rounded(.up)) + 1,
        Int((reach / Double(density.down)).rounded(.up))
      ), lightened(mark.ink))
  }
}

/// A disc with a black rim, or a ring between two black ones, so that both are seen on every colour.
private func drawMark(
  _ picture: inout Picture, _ geometry: SliceGeometry, _ mark: LessonMark, _ centre: WorldPoint,
  millimetresPerPixel pixel: Double
) {
  guard let wanted = mark.radius else { return }
  let at = geometry.pixel(centre)
  let stroke = Double(picture.density.stroke)
  let radius = max(wanted / pixel, 1.2 * stroke)
  let reach = Int((radius + 2 * stroke).rounded(.up))
  for y in max(0, at.y - reach)...max(0, min(picture.height - 1, at.y + reach))
  where y < picture.height {
    for x in max(0, at.x - reach)...max(0, min(picture.width - 1, at.x + reach))
    where x < picture.width {
      let d = Double((x - at.x) * (x - at.x) + (y - at.y) * (y - at.y)).squareRoot()
      let isInk = mark.isFilled ? d <= radius : abs(d - radius) <= 0.6 * stroke
      let isRim = abs(d - radius - stroke) <= 0.6 * stroke
      if isInk {
        picture.set(x, y, mark.ink, .mark)
      } else if isRim {
        picture.set(x, y, Ink.black, .mark)
      }
    }
  }
}

/// Letters beside their marks, none over another.
private struct LessonLetters {
  let area: Rect
  private var taken: Set<Int> = []

  init(area: Rect) { self.area = area }

  /// - Parameters:
  ///   - at: the mark's cell.
  ///   - reach: how many cells it fills to either side, and up and down.
  mutating func put(
    _ text: String, _ frame: inout Frame, _ at: (column: Int, row: Int),
    _ reach: (across: Int, down: Int), _ ink: Colour
  ) {
    let width = text.count
    let right = (at.column + reach.across, at.row)
    let left = (at.column - reach.across - width + 1, at.row)
    let above = (at.column, at.row - reach.down)
    let below = (at.column, at.row + reach.down)
    let corners = [-1, 1].flatMap { side in
      [(right.0, at.row + side), (left.0, at.row + side)]
    }
    // In the middle of its own mark it can be taken for no other's.
    let middle = (at.column - (width - 1) / 2, at.row)
    let free = ([middle, right, left, above, below] + corners).first { isFree($0, width) } ?? right
    for n in 0..<width { taken.insert(cell(free.0 + n, free.1)) }
    // On a light colour of its own, so that it is read on every other.
    frame.put(
      text, row: free.1, column: free.0, limit: area.column + area.columns,
      foreground: Ink.black, background: ink, style: .bold)
  }

  private func cell(_ column: Int, _ row: Int) -> Int { row * 10_000 + column }

  private func isFree(_ at: (Int, Int), _ width: Int) -> Bool {
    guard at.0 >= area.column, at.0 + width <= area.column + area.columns, at.1 >= area.row,
      at.1 < area.row + area.rows
    else { return false }
    return (0..<width).allSatisfy { !taken.contains(cell(at.0 + $0, at.1)) }
  }
}

/// What lies at the sides of rows of values.
private func drawSides(
  _ frame: inout Frame, _ sides: (left: String, right: String), _ area: Rect
) {
  let row = area.row + area.rows / 2
  frame.put(
    sides.left, row: row, column: area.column, foreground: Ink.amber, background: Ink.black,
    style: .bold)
  frame.put(
    sides.right, row: row, column: area.column + area.columns - sides.right.count,
    foreground: Ink.amber, background: Ink.black, style: .bold)
}

/// A colour on which black letters are read.
private func lightened(_ ink: Colour) -> Colour {
  ink.luminance < 120 ? ink.mixed(with: Ink.strong, 0.45) : ink
}

/// Left and right, or what else lies at the sides, and the slice's own place.
private func drawSideLetters(
  _ frame: inout Frame, _ model: Model, _ geometry: SliceGeometry, _ area: Rect
) {
  let letters = geometry.axes.letters(model.scene.laterality)
  let row = area.row + area.rows / 2
  frame.put(
    letters.left, row: row, column: area.column - 1, foreground: Ink.amber, background: Ink.black,
    style: .bold)
  frame.put(
    letters.right, row: row, column: area.column + area.columns, foreground: Ink.amber,
    background: Ink.black, style: .bold)
}

/// A broken line across a slice at a height, so that it hides little.
private func drawBar(
  _ picture: inout Picture, _ model: Model, _ geometry: SliceGeometry, _ height: Double
) {
  var at = WorldPoint(0, 0, 0)
  at[geometry.axes.verticalAxis] = height
  let y = geometry.pixel(at).y
  let stroke = picture.density.stroke
  for x in stride(from: 0, to: picture.width, by: 1) where x / (2 * stroke) % 3 == 0 {
    picture.dot(x, y, stroke, LessonInk.mark, .mark)
  }
}

/// Rows of values as a picture, in its own proportions.
private func drawRaster(
  _ frame: inout Frame, _ model: Model, _ rows: [[Float]], _ area: Rect, fills: Bool
) {
  guard let columns = rows.first?.count, columns > 0 else { return }
  let density = model.shell.capabilities.density
  let (width, height) = (area.columns * density.across, area.rows * density.down)
  guard width > 0, height > 0 else { return }
  let least = max(Double(columns) / Double(width), Double(rows.count) / Double(height))
  let across = fills ? Double(columns) / Double(width) : least
  let down = fills ? Double(rows.count) / Double(height) : least
  var picture = Picture(width: width, height: height, density: density)
  let left = (Double(width) - Double(columns) / across) / 2
  let top = (Double(height) - Double(rows.count) / down) / 2
  for y in 0..<height {
    for x in 0..<width {
      let column = Int(((Double(x) + 0.5 - left) * across).rounded(.down))
      let row = Int(((Double(y) + 0.5 - top) * down).rounded(.down))
      guard rows.indices.contains(row), rows[row].indices.contains(column) else { continue }
      let value = Double(rows[row][column])
      let colour =
        model.shell.capabilities.hasNoColourScale
        ? ColourMaps.monochrome(value) : model.lessonPalette.colour(value)
      picture.set(x, y, value > 0 ? colour : Colour(0, 0, 0), value > 0 ? .tissue : .nothing)
    }
  }
  frame.draw(picture, row: area.row, column: area.column, model.shell.capabilities)
}

// MARK: - Tables

private func drawRows(_ frame: inout Frame, _ model: Model, _ rows: [LessonRow], _ area: Rect) {
  // A single word has the whole row.
  let inColumns = rows.filter { $0.words.count > 1 }
  let count = inColumns.map(\.words.count).max() ?? 1
  let markWidth = (rows.map(\.mark.count).max() ?? 0) + 1
  var widths = (0..<count).map { column in
    inColumns.map { $0.words.indices.contains(column) ? $0.words[column].count : 0 }.max() ?? 0
  }
  // What is too wide is taken from the widest column.
  while widths.reduce(markWidth, +) + 2 * (count - 1) > area.columns,
    let widest = widths.indices.max(by: { widths[$0] < widths[$1] }), widths[widest] > 6
  {
    widths[widest] -= 1
  }
  let spare = area.rows >= 2 * rows.count ? 2 : 1
  for (n, line) in rows.enumerated() where n * spare < area.rows {
    let row = area.row + n * spare
    let isLetter = line.mark.first.map { $0.isLetter || $0.isNumber } == true
    frame.put(
      line.mark, row: row, column: area.column, foreground: isLetter ? Ink.black : line.ink,
      background: isLetter ? lightened(line.ink) : nil, style: .bold)
    var at = area.column + markWidth
    for (column, word) in line.words.enumerated() {
      let width =
        line.words.count == 1 ? area.column + area.columns - at : widths[column]
      frame.put(
        word.count > width ? shortened(word, width) : word, row: row, column: at,
        limit: min(at + width, area.column + area.columns),
        foreground: line.isHead ? Ink.dim : isLetter ? Ink.strong : line.ink,
        style: line.isHead ? [] : .bold)
      at += width + 2
    }
  }
}

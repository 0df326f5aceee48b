import Basics
import CellUI
import Connectivity
import Imaging

/// The matrix of all regions, and what the region at the cursor is coupled with.
func drawMatrix(_ frame: inout Frame, _ model: Model, _ area: Rect) {
  guard let matrix = model.analyses.matrix else {
    return drawWaiting(&frame, model, area, "matrix")
  }
  let n = matrix.count
  guard n > 0 else {
    frame.put(
      "matrix: no region shares a voxel with the brain mask", row: area.row, column: area.column,
      limit: area.column + area.columns, foreground: Ink.dim)
    return
  }
  let title = "matrix of \(n) regions"
  let at = frame.put(
    title, row: area.row, column: area.column, foreground: Ink.blue, style: .bold)
  frame.put(
    "  Pearson r  DOF \(matrix.degreesOfFreedom)  \(shortSummary(matrix.denoising))",
    row: area.row, column: at, limit: area.column + area.columns, foreground: Ink.dim)
  guard let screen = MatrixScreen(model, area) else { return }
  let here = model.placeAtCursor.flatMap { place in
    matrix.parcels.firstIndex { $0.places.contains(place) }
  }
  if model.shell.capabilities.colours == .none {
    drawDigits(&frame, matrix, screen.side, screen.region.area)
  } else {
    frame.draw(
      matrixPicture(model, matrix, side: screen.side, here: here), row: screen.region.area.row,
      column: screen.region.area.column, model.shell.capabilities)
  }
  let rows = area.rows - 1
  let names = drawNetworkNames(&frame, matrix, screen.side, rows, area)
  let column = area.column + screen.side + (names > 0 ? names + 4 : 3)
  let width = area.column + area.columns - column
  guard width > 20 else { return }
  let lines = couplingLines(matrix, here, rows: rows, width: width)
  for (n, line) in lines.prefix(rows - 2).enumerated() {
    frame.put(
      line.0, row: area.row + 1 + n, column: column, limit: area.column + area.columns,
      foreground: line.1)
  }
  drawCorrelationBar(
    &frame, model, row: area.row + rows, column: column, length: min(width - 10, 40))
}

/// Every cell of the matrix, and the row and column of the region at the cursor.
private func matrixPicture(
  _ model: Model, _ matrix: ConnectivityMatrix, side: Int, here: Int?
) -> Picture {
  let n = matrix.count
  let density = panelDensity(model)
  let (wide, high) = (side * density.across, side * density.down / 2)
  var picture = Picture(
    width: wide, height: (side + side % 2) / 2 * density.down, density: density)
  for y in 0..<high {
    let a = min(n - 1, y * n / high)
    for x in 0..<wide {
      let b = min(n - 1, x * n / wide)
      let (ink, kind) = matrixCell(matrix[a, b], isDiagonal: a == b, threshold: model.rThreshold)
      picture.set(x, y, ink, kind)
    }
  }
  guard let here else { return picture }
  // The row and the column of the region at the cursor, dotted so that its values can be seen.
  let middle = (x: (2 * here + 1) * wide / (2 * n), y: (2 * here + 1) * high / (2 * n))
  let (step, size) = (4 * density.across, max(density.stroke, density.across / 2))
  for at in stride(from: middle.x % step, to: wide, by: step) where at != middle.x {
    picture.dot(at, middle.y, size, Ink.cursor, .mark)
  }
  for at in stride(from: middle.y % step, to: high, by: step) where at != middle.y {
    picture.dot(middle.x, at, size, Ink.cursor, .mark)
  }
  return picture
}

private func matrixCell(
  _ r: Double, isDiagonal: Bool, threshold: Double
) -> (Colour, PixelKind) {
  guard r.isFinite else { return (ColourMaps.outsideField, .nothing) }
  if isDiagonal { return (Colour(70, 70, 70), .tissue) }
  let isStrong = abs(r) >= threshold
  return (matrixInk(r), isStrong ? (r > 0 ? .positive : .negative) : .nothing)
}

/// The region at the cursor, and those that it is coupled with most and least.
private func couplingLines(
  _ matrix: ConnectivityMatrix, _ here: Int?, rows: Int, width: Int
) -> [(String, Colour)] {
  guard let here else { return [("no region at the cursor", Ink.dim)] }
  let parcel = matrix.parcels[here]
  let others = (0..<matrix.count).filter { $0 != here && matrix[here, $0].isFinite }
    .sorted { (matrix[here, $0], $0) > (matrix[here, $1], $1) }
  let count = max(1, min(8, (rows - 5) / 2))
  var lines: [(String, Colour)] = [
    ("the voxel's region:", Ink.dim), (parcel.name, Ink.strong),
    ("\(parcel.places.count) voxels" + (parcel.network.map { ", \($0)" } ?? ""), Ink.dim),
    ("most coupled", Ink.amber),
  ]
  lines += others.prefix(count).map { entry(matrix, here, $0, width) }
  lines.append(("least coupled", Ink.amber))
  lines += others.suffix(count).reversed().map { entry(matrix, here, $0, width) }
  return lines
}

/// The colours from −1 to +1.
private func drawCorrelationBar(
  _ frame: inout Frame, _ model: Model, row: Int, column: Int, length: Int
) {
  let low = frame.put("−1 ", row: row, column: column, foreground: Ink.dim)
  func r(_ n: Int, of count: Int) -> Double { 2 * (Double(n) + 0.5) / Double(count) - 1 }
  if model.shell.capabilities.colours == .none {
    for n in 0..<length {
      let r = r(n, of: length)
      frame[row, low + n] = Cell(r > 0 ? "+" : "-", style: abs(r) > 0.5 ? .bold : [])
    }
  } else {
    // Drawn as the matrix is: of few colours both are made of the same ones.
    var bar = Picture(width: length, height: 2, density: .half)
    for x in 0..<length {
      let (ink, kind) = matrixCell(
        r(x, of: length), isDiagonal: false, threshold: model.rThreshold)
      for y in 0..<2 { bar.set(x, y, ink, kind) }
    }
    var cells = model.shell.capabilities
    cells.pictures = .blocks
    frame.draw(bar, row: row, column: low, cells)
  }
  frame.put(" +1 r", row: row, column: low + length, foreground: Ink.dim)
}

/// The colour of a correlation in the matrix: black at 0.
private func matrixInk(_ r: Double) -> Colour {
  let t = min(1, abs(r))
  let ink = r > 0 ? ColourMaps.positive(t) : ColourMaps.negative(t)
  return Colour(0, 0, 0).mixed(with: ink, min(1, 1.6 * t))
}

/// Without colours: the first decimal of r, a minus sign for all that is negative.
private func drawDigits(
  _ frame: inout Frame, _ matrix: ConnectivityMatrix, _ side: Int, _ area: Rect
) {
  for y in stride(from: 0, to: side, by: 2) {
    for x in 0..<side {
      let (a, b) = (y * matrix.count / side, x * matrix.count / side)
      let r = matrix[a, b]
      let text =
        a == b ? "\\" : !r.isFinite ? " " : r < 0 ? "-" : String(min(9, Int(r * 10)))
      frame.put(
        text, row: area.row + y / 2, column: area.column + x, style: r >= 0.5 ? .bold : [])
    }
  }
}

/// Names of networks beside their blocks of rows; returns the room that they take.
private func drawNetworkNames(
  _ frame: inout Frame, _ matrix: ConnectivityMatrix, _ side: Int, _ rows: Int, _ area: Rect
) -> Int {
  guard matrix.parcels.contains(where: { $0.network != nil }), area.columns >= 100 else { return 0 }
  let width = 12
  let n = matrix.count
  var start = 0
  while start < n {
    var end = start + 1
    while end < n, matrix.parcels[end].network == matrix.parcels[start].network { end += 1 }
    let top = start * side / n / 2
    let bottom = max(top + 1, end * side / n / 2)
    let column = area.column + side
    for row in top..<min(rows, bottom) {
      frame.put(
        row == top ? "┐" : row == bottom - 1 ? "┘" : "│", row: area.row + 1 + row, column: column,
        foreground: Ink.dim)
    }
    frame.put(
      shortened(matrix.parcels[start].network ?? "no network", width),
      row: area.row + 1 + (top + bottom - 1) / 2, column: column + 2, limit: column + 2 + width,
      foreground: Ink.text)
    start = end
  }
  return width
}

private func entry(
  _ matrix: ConnectivityMatrix, _ a: Int, _ b: Int, _ width: Int
) -> (String, Colour) {
  let r = matrix[a, b]
  return (
    "\(fixed(r, 2, signed: true))  \(shortened(matrix.parcels[b].name, max(9, width - 8)))",
    Ink.text
  )
}

import Basics
import CellUI
import Connectivity
import Imaging

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

private func waiting(_ frame: inout Frame, _ model: Model, _ area: Rect, _ what: String) {
  let text = model.shell.progress == nil ? "\(what): nothing yet" : "\(what): computing…"
  frame.put(
    text, row: area.row + area.rows / 2, column: area.column + (area.columns - text.count) / 2,
    foreground: Ink.dim)
}

// MARK: - Motion

private func drawMotion(_ frame: inout Frame, _ model: Model, _ area: Rect) {
  guard let run = model.scene.run, let quality = model.scene.quality,
    let carpet = model.analyses.carpet
  else { return waiting(&frame, model, area, "motion and carpet") }
  let denoising = model.scene.denoising
  let left = area.column + 22
  let width = area.column + area.columns - left
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
  let plotRows = area.rows < 24 ? 2 : area.rows < 40 ? 3 : 5
  var row = area.row + 1
  let traces: [(String, String, [Double]?)] = [
    ("FD mm (Power)", quality.displacementOrigin, quality.displacement),
    ("DVARS", "standardised", quality.standardisedDVARS),
    ("global signal", "mean of the mask", quality.globalSignal),
  ]
  for (title, detail, values) in traces {
    frame.put(title, row: row, column: area.column, foreground: Ink.text)
    let finite = (values ?? []).filter(\.isFinite)
    if let low = finite.min(), let high = finite.max() {
      frame.put(
        "\(numberText(low))–\(numberText(high))", row: row + 1, column: area.column,
        limit: left - 1, foreground: Ink.dim)
      if plotRows > 2 {
        frame.put(detail, row: row + 2, column: area.column, limit: left - 1, foreground: Ink.dim)
      }
      for (r, line) in braillePlot(values ?? [], columns: width, rows: plotRows).enumerated() {
        for (c, glyph) in line.enumerated() {
          frame[row + r, left + c] = Cell(glyph, foreground: Ink.blue)
        }
      }
    } else {
      frame.put("unknown: no motion file", row: row, column: left, foreground: Ink.dim)
    }
    row += plotRows
  }
  drawKeptFrames(&frame, model, run, denoising, row: row, column: left, width: width)
  frame.put("kept │ left out ×", row: row, column: area.column, foreground: Ink.dim)
  row += 1
  let rows = area.row + area.rows - row
  guard rows > 1 else { return }
  let density = panelDensity(model)
  let (wide, high) = (width * density.across, rows * density.down)
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
  frame.draw(picture, row: row, column: left, model.shell.capabilities)
  for (n, line) in [
    "carpet, ±1.5 SD", "voxels by how much", "they follow the", "global signal",
  ].prefix(rows).enumerated() {
    frame.put(line, row: row + n, column: area.column, limit: left - 1, foreground: Ink.dim)
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

// MARK: - Matrix

private func drawMatrix(_ frame: inout Frame, _ model: Model, _ area: Rect) {
  guard let matrix = model.analyses.matrix else { return waiting(&frame, model, area, "matrix") }
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
  let rows = area.rows - 1
  guard let screen = MatrixScreen(model, area) else { return }
  let side = screen.side
  let here = model.placeAtCursor.flatMap { place in
    matrix.parcels.firstIndex { $0.places.contains(place) }
  }
  let density = panelDensity(model)
  let (wide, high) = (side * density.across, side * density.down / 2)
  var picture = Picture(
    width: wide, height: (side + side % 2) / 2 * density.down, density: density)
  for y in 0..<high {
    let a = min(n - 1, y * n / high)
    for x in 0..<wide {
      let b = min(n - 1, x * n / wide)
      let r = matrix[a, b]
      guard r.isFinite else {
        picture.set(x, y, ColourMaps.outsideField, .nothing)
        continue
      }
      if a == b {
        picture.set(x, y, Colour(70, 70, 70), .tissue)
      } else {
        let isStrong = abs(r) >= model.rThreshold
        picture.set(
          x, y, matrixInk(r),
          isStrong ? (r > 0 ? .positive : .negative) : .nothing)
      }
    }
  }
  if let here {
    // The row and the column of the region at the cursor, dotted so that its values can be seen.
    let middle = (x: (2 * here + 1) * wide / (2 * n), y: (2 * here + 1) * high / (2 * n))
    let (step, size) = (4 * density.across, max(density.stroke, density.across / 2))
    for at in stride(from: middle.x % step, to: wide, by: step) where at != middle.x {
      picture.dot(at, middle.y, size, Ink.cursor, .mark)
    }
    for at in stride(from: middle.y % step, to: high, by: step) where at != middle.y {
      picture.dot(middle.x, at, size, Ink.cursor, .mark)
    }
  }
  if model.shell.capabilities.colours == .none {
    drawDigits(&frame, matrix, side, area)
  } else {
    frame.draw(
      picture, row: screen.region.area.row, column: screen.region.area.column,
      model.shell.capabilities)
  }
  let names = drawNetworkNames(&frame, matrix, side, rows, area)
  let column = area.column + side + (names > 0 ? names + 4 : 3)
  let width = area.column + area.columns - column
  guard width > 20 else { return }
  var lines: [(String, Colour)] = []
  if let here {
    let parcel = matrix.parcels[here]
    lines.append(("the voxel's region:", Ink.dim))
    lines.append((parcel.name, Ink.strong))
    lines.append(
      ("\(parcel.places.count) voxels" + (parcel.network.map { ", \($0)" } ?? ""), Ink.dim))
    let others = (0..<n).filter { $0 != here && matrix[here, $0].isFinite }
      .sorted { (matrix[here, $0], $0) > (matrix[here, $1], $1) }
    let count = max(1, min(8, (rows - 5) / 2))
    lines.append(("most coupled", Ink.amber))
    lines += others.prefix(count).map { entry(matrix, here, $0, width) }
    lines.append(("least coupled", Ink.amber))
    lines += others.suffix(count).reversed().map { entry(matrix, here, $0, width) }
  } else {
    lines.append(("no region at the cursor", Ink.dim))
  }
  for (n, line) in lines.prefix(rows - 2).enumerated() {
    frame.put(
      line.0, row: area.row + 1 + n, column: column, limit: area.column + area.columns,
      foreground: line.1)
  }
  let bar = min(width - 10, 40)
  let low = frame.put(
    "−1 ", row: area.row + rows, column: column, foreground: Ink.dim)
  for n in 0..<bar {
    let r = 2 * (Double(n) + 0.5) / Double(bar) - 1
    let glyph: Cell =
      model.shell.capabilities.colours == .none
      ? Cell(r > 0 ? "+" : "-", style: abs(r) > 0.5 ? .bold : [])
      : Cell(" ", foreground: matrixInk(r), background: matrixInk(r), style: .picture)
    frame[area.row + rows, low + n] = glyph
  }
  frame.put(" +1 r", row: area.row + rows, column: low + bar, foreground: Ink.dim)
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
        text, row: area.row + 1 + y / 2, column: area.column + x, style: r >= 0.5 ? .bold : [])
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

// MARK: - Networks

private func drawNetworks(_ frame: inout Frame, _ model: Model, _ area: Rect) {
  guard let report = model.analyses.networks else {
    return waiting(&frame, model, area, "networks")
  }
  let end = area.column + area.columns
  var row = area.row
  let at = frame.put(
    "networks", row: row, column: area.column, foreground: Ink.blue, style: .bold)
  let basis =
    area.columns >= 100 || !report.isWithinPerson
    ? report.basis : "within this person, each against the others; no reference"
  frame.put("  \(basis)", row: row, column: at, limit: end, foreground: Ink.amber)
  row += 2
  let isWide = area.columns >= 100
  let stride = isWide ? 18 : 12
  let first = area.column + (isWide ? 22 : 20)
  frame.put("network", row: row, column: area.column, foreground: Ink.dim)
  for (n, measure) in NetworkMeasure.columns.enumerated() {
    frame.put(measure.title, row: row, column: first + n * stride, foreground: Ink.dim)
  }
  let segregation = first + NetworkMeasure.columns.count * stride
  frame.put("segr.", row: row, column: segregation, limit: end, foreground: Ink.dim)
  row += 1
  for network in report.summary.networks where row < area.row + area.rows {
    frame.put(
      shortened(network.name, isWide ? 20 : 18), row: row, column: area.column,
      foreground: Ink.strong)
    let shown = report.findings.filter {
      $0.network == network.name && NetworkMeasure.columns.contains($0.measure)
    }
    for (n, finding) in shown.enumerated() {
      let stands = finding.word != nil
      let sign = finding.score.map { $0.t > 0 ? "▲" : "▼" } ?? " "
      let t = isWide ? finding.score.map { " t \(fixed($0.t, 1, signed: true))" } ?? "" : ""
      frame.put(
        fixed(finding.value, 2) + t + (stands ? " \(sign)" : ""), row: row,
        column: first + n * stride, foreground: stands ? Ink.amber : Ink.text,
        style: stands ? .bold : [])
    }
    frame.put(
      fixed(network.segregation, 2), row: row, column: segregation, limit: end,
      foreground: Ink.text)
    row += 1
  }
  row += 1
  var lines: [(String, Colour)] = report.findings.compactMap { finding in
    guard let word = finding.word, let score = finding.score else { return nil }
    return (
      "\(finding.network): \(word)\(finding.isWithinPerson ? " within this person" : ""), "
        + "\(finding.measure.title) \(fixed(finding.value, 2)), q \(probabilityText(finding.q ?? score.p))",
      Ink.amber
    )
  }
  if lines.isEmpty {
    lines.append(("nothing stands out at a false discovery rate of 5 %", Ink.text))
  }
  lines.insert((report.globalCoupling.text, Ink.text), at: 0)
  lines.append((report.leastText, Ink.dim))
  var last = "system segregation \(fixed(report.summary.segregation, 2))"
  if let anti = report.summary.defaultModeAnticorrelation {
    last += "; default mode with attention networks: mean z \(fixed(anti, 2, signed: true))"
  }
  lines.append((last, Ink.text))
  lines += report.warnings.map { ("! \($0)", Ink.amber) }
  lines.append(("ALFF: \(report.alffDefinition), by the brain's mean", Ink.dim))
  for line in lines.flatMap({ line in wrapped(line.0, area.columns).map { ($0, line.1) } })
  where row < area.row + area.rows {
    frame.put(line.0, row: row, column: area.column, limit: end, foreground: line.1)
    row += 1
  }
}

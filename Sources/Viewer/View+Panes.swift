import CellUI
import Connectivity
import Imaging
import Perfusion

/// What the right pane shows now, with its words.
struct RightContent {
  var content: PaneContent
  var heading: String
  var headingInk: Colour
  var detail: String
  /// The same in the 30 columns that a small screen has.
  var shortDetail: String
  var unit: String

  /// Whether it is made of the run and says so.
  var isSimulated: Bool { heading.hasPrefix("SIMULATED") }
}

extension Model {
  /// The picture and words of the left pane.
  var leftContent: PaneContent {
    PaneContent(
      base: underlay.map(PaneContent.Base.grey) ?? .none, map: overlay?.volume,
      threshold: overlayRange.low, ceiling: overlayRange.high,
      floor: activityOverlay == nil ? 0 : overlayRange.low, showsMap: showsOverlay)
  }

  /// The picture and words of the right pane.
  var rightContent: RightContent {
    func plain(_ base: PaneContent.Base) -> PaneContent {
      PaneContent(
        base: base, map: nil, threshold: threshold, ceiling: ceiling, showsMap: false,
        palette: palette, isMonochrome: capabilities.hasNoColourScale)
    }
    let fwhm = plainNumber(camera.fwhm, 1)
    switch right {
    case .measured(let n):
      guard scene.spects.indices.contains(n) else {
        return RightContent(
          content: plain(.none), heading: isLoading ? "reading…" : "no SPECT given",
          headingInk: Ink.dim, detail: isLoading ? "" : "start with --spect FILE", shortDetail: "",
          unit: "")
      }
      let spect = scene.spects[n]
      var content = plain(.hot(spect.measured.volume, top: hotTop * rightScale))
      content.outlined = spect.z
      let outlines = spect.z == nil ? "" : "outlined: |z| ≥ 2  "
      return RightContent(
        content: content,
        heading: spect.isSimulated ? "SPECT SIMULATED" : "SPECT measured",
        headingInk: spect.isSimulated ? Ink.red : Ink.blue,
        detail:
          "% of \(spect.measured.uptake.reference)  \(spect.measured.placement.words)  " + outlines
          + shortened(visibleText(spect.name, limit: 60), 24),
        shortDetail: spect.measured.placement.short, unit: "% of \(spect.measured.uptake.reference)"
      )
    case .simulated:
      guard let simulated else {
        return RightContent(
          content: plain(.none), heading: "SIMULATED", headingInk: Ink.red, detail: "being made…",
          shortDetail: "being made…", unit: "")
      }
      return RightContent(
        content: plain(.hot(simulated.volume, top: simulatedTop(simulated) * rightScale)),
        heading: "SIMULATED", headingInk: Ink.red,
        detail: "mean BOLD, \(simulated.averaging.stepWords), \(windowText(simulated))",
        shortDetail: "\(simulated.averaging.shortStep) \(windowText(simulated))",
        unit: "mean BOLD")
    case .mapBlurred:
      var content = leftContent
      content.map = blurredMap
      return RightContent(
        content: content, heading: "SIMULATED MAP BLURRED", headingInk: Ink.red,
        detail: blurredMap == nil
          ? "Space sets a seed" : "this map through a \(fwhm) mm camera: correlations averaged",
        shortDetail: "\(fwhm) mm", unit: "r")
    case .seriesBlurred: return seriesContent
    case .second, .change: return comparedContent
    case .difference(let n):
      let name = scene.spects.indices.contains(n) ? scene.spects[n].name : ""
      return RightContent(
        content: PaneContent(
          base: underlay.map(PaneContent.Base.grey) ?? .none, map: difference, threshold: 0.5,
          ceiling: 3, floor: 0.5, showsMap: true), heading: "measured − SIMULATED",
        headingInk: Ink.red,
        detail: "\(shortened(visibleText(name, limit: 60), 20)), both standardised; not a test",
        shortDetail: "not a test", unit: "SD")
    }
  }

  /// The second session's map, or the change to it.
  private var comparedContent: RightContent {
    let isChange = right == .change
    let name = shortened(visibleText(scene.secondTitle ?? "", limit: 60), 24)
    return RightContent(
      content: PaneContent(
        base: underlay.map(PaneContent.Base.grey) ?? .none,
        map: isChange ? currentChange?.ratio : currentChange?.second,
        threshold: isChange ? 1.96 : threshold,
        ceiling: isChange ? 5 : ceiling, floor: isChange ? 1.96 : 0, showsMap: true),
      heading: isChange ? "change: second − first" : "second session",
      headingInk: Ink.blue,
      detail: currentChange == nil
        ? (seedMap == nil ? "Space sets a seed" : "none of this seed yet")
        : isChange
          ? "change of Fisher z by its error; \(name)" : "the same seed in \(name)",
      shortDetail: isChange ? "by its error" : name, unit: isChange ? "Δz/SE" : "r")
  }

  /// White of the SPECT scale in per cent of the reference, the same in every slice.
  var hotTop: Double {
    guard case .measured(let n) = right, scene.spects.indices.contains(n) else { return 120 }
    return scene.spects[n].top
  }

  func simulatedTop(_ simulated: SimulatedSPECT) -> Double {
    simulatedTop ?? Double(simulated.volume.range?.high ?? 1)
  }

  func windowText(_ simulated: SimulatedSPECT) -> String {
    if case .uptake(let tau) = simulated.window.average {
      return "uptake \(plainNumber(tau, 2)) min"
    }
    let from = simulated.window.startSeconds
    return simulated.window.seconds.map {
      "\(fixed($0 / 60, 1)) min" + (from > 0 ? " from \(fixed(from / 60, 1))" : "")
    } ?? "whole run"
  }
}

extension NamedSPECT {
  /// The largest value within reason, up to the next ten.
  var top: Double { ((Double(measured.volume.range?.high ?? 120) / 10).rounded(.up)) * 10 }
}

func drawPanes(_ frame: inout Frame, _ model: Model, _ layout: Layout) {
  let scene = model.scene
  let right = model.rightContent
  drawHeadings(&frame, model, layout, right)
  let columns = min(layout.panes[0].columns, layout.panes[1].columns) - 6
  guard scene.grid != nil else {
    let words = model.isLoading ? "reading…" : "nothing to show"
    frame.put(
      words, row: layout.panes[0].row + layout.panes[0].rows / 2,
      column: layout.panes[0].columns / 2 - words.count / 2, foreground: Ink.dim)
    return
  }
  let density = sliceDensity(model, columns: columns, rows: layout.panes[0].rows)
  let (width, height) = (columns * density.across, layout.panes[0].rows * density.down)
  let scale = SliceGeometry.scale(
    fitting: scene, planes: Plane.allCases, width: width, height: height)
  for (pane, content) in zip(layout.panes, [model.leftContent, right.content]) {
    let geometry = SliceGeometry(
      plane: model.plane, isRadiological: model.isRadiological, scene: scene, width: width,
      height: height, scale: scale)
    let picture = sliceRaster(content, geometry, cursor: model.cursor, density: density)
    let area = Rect(column: pane.column + 3, row: pane.row, columns: columns, rows: pane.rows)
    drawSlice(&frame, model, geometry, picture, area)
    drawLetters(&frame, model, geometry, area)
  }
  drawBars(&frame, model, layout, right)
}

/// Letters at the edges of a slice and the slice's own place.
func drawLetters(_ frame: inout Frame, _ model: Model, _ geometry: SliceGeometry, _ area: Rect) {
  drawEdgeLetters(&frame, model, geometry, area)
  frame.put(
    sliceLabel(model, geometry.plane), row: area.row, column: area.column - 2,
    foreground: Ink.text, background: Ink.black)
}

/// R and L, A and P, S and I where they belong; question marks where nobody knows.
func drawEdgeLetters(
  _ frame: inout Frame, _ model: Model, _ geometry: SliceGeometry, _ area: Rect
) {
  let letters = geometry.axes.letters(model.scene.laterality)
  let middleRow = area.row + area.rows / 2
  frame.put(
    letters.left, row: middleRow, column: area.column - 2, foreground: Ink.amber, style: .bold)
  frame.put(
    letters.right, row: middleRow, column: area.column + area.columns + 1, foreground: Ink.amber,
    style: .bold)
  let middle = area.column + area.columns / 2
  frame.put(
    letters.top, row: area.row, column: middle, foreground: Ink.dim, background: Ink.black)
  frame.put(
    letters.bottom, row: area.row + area.rows - 1, column: middle, foreground: Ink.dim,
    background: Ink.black)
}

/// "z +24" where millimetres mean something, the slice's own number elsewhere.
func sliceLabel(_ model: Model, _ plane: Plane) -> String {
  let axis = plane.normalAxis
  guard model.hasWorld else { return plane.rawValue }
  return "\(["x", "y", "z"][axis]) \(fixed(model.cursor[axis], 0, signed: true))"
}

private func drawHeadings(
  _ frame: inout Frame, _ model: Model, _ layout: Layout, _ right: RightContent
) {
  let row = layout.headings.row
  let half = layout.panes[1].column
  let end = half - 1
  let leftTitle: String
  var leftDetail = ""
  if let movie = model.movie, model.overlayIndex == 0 {
    leftTitle = windowTitle(movie, model.movieIndex)
    leftDetail = "\(movie.seed.shortTitle)  |r| ≥ \(fixed(model.threshold, 2))  p plays, [ ] step"
  } else if let map = model.seedMap, model.overlayIndex == 0 {
    leftTitle =
      layout.headings.count > 1 ? "connectivity of \(map.seed.title)" : map.seed.shortTitle
    leftDetail =
      "DOF \(map.degreesOfFreedom)  "
      + (model.inference?.medianN.map { "N eff \(fixed($0, 0))  " } ?? "")
      + (model.scene.runCount > 1 ? "\(model.scene.runCount) runs  " : "")
      + shortSummary(map.denoising)
  } else if let map = model.activityOverlay {
    leftTitle = map.name
    leftDetail = "from \(numberText(model.overlayRange.low))  \(map.detail)"
  } else if let overlay = model.overlay {
    leftTitle = visibleText(overlay.name, limit: 60)
    leftDetail = "|value| ≥ \(fixed(model.threshold, 2))"
  } else {
    leftTitle = model.scene.run == nil ? "" : "Space sets a seed at the cursor"
    leftDetail = model.underlay?.name ?? ""
  }
  let name = model.scene.run == nil ? "image" : "rsfMRI"
  var at = frame.put(
    model.rightHasFocus ? " " : "›", row: row, column: 0, foreground: Ink.cursor)
  at = frame.put(name, row: row, column: at + 1, foreground: Ink.blue, style: .bold)
  if model.isLive {
    at = frame.put(" LIVE", row: row, column: at, foreground: Ink.cursor, style: .bold)
  }
  at = frame.put(" " + leftTitle, row: row, column: at, limit: end, foreground: Ink.text)
  frame.put(
    model.rightHasFocus ? "›" : " ", row: row, column: half, foreground: Ink.cursor)
  let rightAt = frame.put(
    right.heading, row: row, column: half + 2, foreground: right.headingInk, style: .bold)
  if layout.headings.count > 1 {
    if right.isSimulated {
      frame.put(
        "no perfusion measurement", row: row, column: rightAt + 2, limit: frame.size.columns - 1,
        foreground: Ink.red)
    }
    frame.put(leftDetail, row: row + 1, column: 2, limit: end, foreground: Ink.dim)
    frame.put(
      right.detail, row: row + 1, column: half + 2, limit: frame.size.columns - 1,
      foreground: Ink.dim)
  } else {
    if let map = model.seedMap, model.overlayIndex == 0, model.movie == nil {
      frame.put(
        "  DOF \(map.degreesOfFreedom)", row: row, column: at, limit: end, foreground: Ink.dim)
    }
    frame.put(
      " " + right.shortDetail, row: row, column: rightAt, limit: frame.size.columns - 1,
      foreground: Ink.dim)
  }
}

/// What was done to the run, in a few words; the sidecars hold all of it.
func shortSummary(_ d: Denoising) -> String {
  var parts = [
    d.bandHertz.map { "\(plainNumber($0.lowerBound))–\(plainNumber($0.upperBound)) Hz" }
      ?? "no band",
    d.removesGlobalSignal ? "GSR" : "no GSR",
  ]
  if !d.confounds.isEmpty { parts.append("\(d.confounds.count) confounds") }
  if d.smoothingFWHM > 0 { parts.append("\(plainNumber(d.smoothingFWHM)) mm") }
  return parts.joined(separator: "  ")
}

private func drawBars(
  _ frame: inout Frame, _ model: Model, _ layout: Layout, _ right: RightContent
) {
  let row = layout.bars.row
  let half = layout.panes[1].column
  let width = half - 4
  if let map = model.activityOverlay, model.showsOverlay {
    drawActivityBar(
      &frame, model, map, row: row, column: 2, width: width, rows: layout.bars.count)
  } else if model.overlay != nil, model.showsOverlay {
    drawSignedBar(
      &frame, model, model.leftContent, row: row, column: 2, width: width,
      unit: model.overlayIndex == 0 && model.seedMap != nil ? "r" : "", rows: layout.bars.count)
  }
  let rightWidth = frame.size.columns - half - 4
  switch right.content.base {
  case .hot(_, let top):
    drawHotBar(
      &frame, model, row: row, column: half + 2, width: rightWidth, top: top, unit: right.unit,
      rows: layout.bars.count)
  default:
    if right.content.map != nil, right.content.showsMap {
      drawSignedBar(
        &frame, model, right.content, row: row, column: half + 2, width: rightWidth,
        unit: right.unit, rows: layout.bars.count)
    }
  }
}

/// "window 3 of 38, 30–130 s".
func windowTitle(_ movie: WindowMovie, _ index: Int) -> String {
  guard movie.starts.indices.contains(index) else { return "" }
  let tr = movie.repetitionTimeSeconds ?? 1
  let start = Double(movie.starts[index] + movie.window.tail) * tr
  let end = start + Double(movie.window.width) * tr
  return "window \(index + 1) of \(movie.starts.count), \(fixed(start, 0))–\(fixed(end, 0)) s"
}

/// A number with as many decimals as its size needs.
func numberText(_ value: Double) -> String {
  fixed(value, abs(value) >= 100 ? 0 : abs(value) >= 10 ? 1 : abs(value) >= 0.1 ? 2 : 4)
}

/// The colours of a map that has no negative values.
private func drawActivityBar(
  _ frame: inout Frame, _ model: Model, _ map: NamedVolume, row: Int, column: Int, width: Int,
  rows: Int
) {
  let low = numberText(model.overlayRange.low)
  let high = numberText(model.overlayRange.high)
  let edge = rows == 1 ? low.count + 1 : 0
  let length = max(4, width - (rows == 1 ? low.count + high.count + 2 : 0))
  for n in 0..<length {
    let t = (Double(n) + 0.5) / Double(length)
    bar(&frame, model, row, column + edge + n, ColourMaps.positive(t), "+", t)
  }
  let numbers = rows == 1 ? row : row + 1
  frame.put(low, row: numbers, column: column, foreground: Ink.dim)
  frame.put(
    high, row: numbers, column: column + edge + length + (rows == 1 ? 1 : -high.count),
    foreground: Ink.dim)
  if rows > 1 {
    frame.put(
      map.name, row: numbers, column: column + (length - map.name.count) / 2, foreground: Ink.dim)
  }
}

/// Negative and positive colours with their numbers; on one row the numbers stand beside them.
private func drawSignedBar(
  _ frame: inout Frame, _ model: Model, _ content: PaneContent, row: Int, column: Int, width: Int,
  unit: String, rows: Int
) {
  let (low, high) = (content.threshold, content.ceiling)
  let lowText = fixed(low, 2)
  let highText = fixed(high, 2)
  let edge = rows == 1 ? highText.count + 2 : 0
  let middle = rows == 1 ? lowText.count + unit.count + 5 : 6
  let length = max(4, (width - 2 * edge - middle) / 2)
  let negative = column + edge
  let positive = negative + length + middle
  for n in 0..<length {
    let t = (Double(n) + 0.5) / Double(length)
    let value = low + t * (high - low)
    bar(&frame, model, row, negative + length - 1 - n, content.full(-value), "-", t)
    bar(&frame, model, row, positive + n, content.full(value), "+", t)
  }
  if rows == 1 {
    frame.put("−" + highText, row: row, column: column, foreground: Ink.dim)
    frame.put("±\(lowText) \(unit)", row: row, column: negative + length + 1, foreground: Ink.dim)
    frame.put(highText, row: row, column: positive + length + 1, foreground: Ink.dim)
  } else {
    frame.put("−" + highText, row: row + 1, column: negative, foreground: Ink.dim)
    frame.put(
      "−" + lowText, row: row + 1, column: negative + length - lowText.count - 1,
      foreground: Ink.dim)
    frame.put(lowText, row: row + 1, column: positive, foreground: Ink.dim)
    frame.put(
      highText, row: row + 1, column: positive + length - highText.count, foreground: Ink.dim)
    frame.put(unit, row: row + 1, column: negative + length + 2, foreground: Ink.dim)
  }
}

/// The palette's bar, with how many of its levels can be told apart here.
private func drawHotBar(
  _ frame: inout Frame, _ model: Model, row: Int, column: Int, width: Int, top: Double,
  unit: String, rows: Int
) {
  let topText = top >= 10 ? fixed(top, 0) : fixed(top, 3)
  let levels = "\(model.levels) levels"
  let name = model.capabilities.hasNoColourScale ? levels : "\(model.palette.title), \(levels)"
  let edge = rows == 1 ? 2 : 0
  // On one row the words give way before the bar does.
  let label =
    rows > 1
    ? topText
    : ["\(topText) \(unit), \(levels)", "\(topText) \(unit)", "\(topText), \(levels)"]
      .first { width - edge - $0.count - 2 >= 8 } ?? topText
  let length = max(4, width - (rows == 1 ? edge + label.count + 2 : 0))
  for n in 0..<length {
    let t = (Double(n) + 0.5) / Double(length)
    bar(&frame, model, row, column + edge + n, model.palette.colour(t), "#", t)
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

private func bar(
  _ frame: inout Frame, _ model: Model, _ row: Int, _ column: Int, _ colour: Colour,
  _ glyph: Unicode.Scalar, _ t: Double
) {
  if model.capabilities.hasNoColourScale {
    // The glyphs that the picture itself uses.
    let shade = rampGlyph(Int(ColourMaps.monochrome(t).red), unicode: model.capabilities.unicode)
    frame[row, column] = Cell(
      glyph == "#" ? shade : glyph, foreground: glyph == "#" ? .standard : colour,
      style: t > 0.5 && glyph != "#" ? .bold : [])
  } else {
    var pixels = Picture(width: 1, height: 2)
    for y in 0..<2 { pixels.set(0, y, colour, .tissue) }
    frame.draw(pixels, row: row, column: column, model.capabilities)
  }
}

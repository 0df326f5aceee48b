import Basics
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
  /// The underlay in the window that was chosen.
  var greyBase: PaneContent.Base {
    guard var image = underlay else { return .none }
    image.window = image.window(view.underlay)
    return .grey(image)
  }

  /// The picture of the left pane.
  var leftContent: PaneContent {
    PaneContent(
      base: greyBase, layers: overlayLayers, showsMap: overlays.isShown, gamma: view.underlay.gamma)
  }

  /// Another map of correlations, drawn as the seed map is, over the underlay.
  func correlationContent(_ volume: Volume?, showsMap: Bool) -> PaneContent {
    let style = style(.map)
    let layers = volume.map {
      [
        MapLayer(
          volume: $0, level: rThreshold, floor: style.floor, ceiling: style.ceiling,
          sign: style.sign, colours: style.colours, isFaded: style.isFaded,
          isOutlined: style.isOutlined, unit: "r")
      ]
    }
    return PaneContent(
      base: greyBase, layers: layers ?? [], showsMap: showsMap, gamma: view.underlay.gamma)
  }

  /// A map on a fixed scale over the underlay.
  func scaledContent(
    _ volume: Volume?, level: Double, ceiling: Double, unit: String
  ) -> PaneContent {
    PaneContent(
      base: greyBase,
      layers: volume.map {
        [MapLayer(volume: $0, level: level, floor: level, ceiling: ceiling, unit: unit)]
      } ?? [], showsMap: true, gamma: view.underlay.gamma)
  }

  /// The picture and words of the right pane.
  var rightContent: RightContent {
    var out = plainRightContent
    if view.outlinesAcross, overlays.isShown,
      var layer = shownOverlay(currentOverlayID).map(MapLayer.init)
    {
      layer.isContour = true
      layer.line = (Colour(120, 255, 255), Colour(205, 130, 255))
      if !out.content.showsMap { out.content.layers = [] }
      out.content.layers.append(layer)
      out.content.showsMap = true
      out.detail = "line: \(layer.name)  " + out.detail
    }
    return out
  }

  private var plainRightContent: RightContent {
    func plain(_ base: PaneContent.Base) -> PaneContent {
      PaneContent(
        base: base, palette: shell.palette, isMonochrome: shell.capabilities.hasNoColourScale)
    }
    let fwhm = plainNumber(averaging.camera.fwhm, 1)
    switch panes.right {
    case .measured(let n):
      guard scene.spects.indices.contains(n) else {
        return RightContent(
          content: plain(.none), heading: shell.isLoading ? "reading…" : "no SPECT given",
          headingInk: Ink.dim, detail: shell.isLoading ? "" : "start with --spect FILE",
          shortDetail: "",
          unit: "")
      }
      let spect = scene.spects[n]
      var content = plain(.hot(spect.measured.volume, top: hotTop * perfusion.rightScale))
      content.outlined = spect.z
      let outlines = spect.z == nil ? "" : "outlined: |z| ≥ 2  "
      return RightContent(
        content: content,
        heading: spect.isSimulated ? "SPECT SIMULATED" : "SPECT measured",
        headingInk: spect.isSimulated ? Ink.red : Ink.blue,
        detail:
          "% of \(spect.referenceWords)  \(spect.measured.placement.words)  " + outlines
          + shortened(visibleText(spect.name, limit: 60), 24),
        shortDetail: spect.measured.placement.short, unit: "% of \(spect.referenceWords)"
      )
    case .simulated:
      guard let simulated = self.averaging.simulated else {
        return RightContent(
          content: plain(.none), heading: "SIMULATED", headingInk: Ink.red, detail: "being made…",
          shortDetail: "being made…", unit: "")
      }
      return RightContent(
        content: plain(.hot(simulated.volume, top: simulatedTop(simulated) * perfusion.rightScale)),
        heading: "SIMULATED", headingInk: Ink.red,
        detail: (simulated.averaging.nativeIsAwaited ? "own resolution being measured  " : "")
          + "\(simulated.proxyWords), \(windowText(simulated)), \(simulated.averaging.stepWords)",
        shortDetail: simulated.averaging.nativeIsAwaited
          ? "being measured…" : "\(simulated.averaging.shortStep) \(windowText(simulated))",
        unit: simulated.proxyWords)
    case .mapBlurred:
      return RightContent(
        content: correlationContent(averaging.blurredMap, showsMap: overlays.isShown),
        heading: "SIMULATED MAP BLURRED", headingInk: Ink.red,
        detail: averaging.blurredMap == nil
          ? "Space sets a seed" : "this map through a \(fwhm) mm camera: correlations averaged",
        shortDetail: "\(fwhm) mm", unit: "r")
    case .seriesBlurred: return seriesContent
    case .second, .change: return comparedContent
    case .made(let kind): return madeContent(kind)
    case .difference(let n):
      let name = scene.spects.indices.contains(n) ? scene.spects[n].name : ""
      return RightContent(
        content: scaledContent(averaging.difference, level: 0.5, ceiling: 3, unit: "SD"),
        heading: "measured − SIMULATED",
        headingInk: Ink.red,
        detail: "\(shortened(visibleText(name, limit: 60), 20)), both standardised; not a test",
        shortDetail: "not a test", unit: "SD")
    }
  }

  /// The second session's map, or the change to it.
  private var comparedContent: RightContent {
    let isChange = panes.right == .change
    let name = shortened(visibleText(scene.secondTitle ?? "", limit: 60), 24)
    return RightContent(
      content: isChange
        ? scaledContent(currentChange?.ratio, level: 1.96, ceiling: 5, unit: "Δz/SE")
        : correlationContent(currentChange?.second, showsMap: true),
      heading: isChange ? "change: second − first" : "second session",
      headingInk: Ink.blue,
      detail: currentChange == nil
        ? (connectivity.seedMap == nil ? "Space sets a seed" : "none of this seed yet")
        : isChange
          ? "change of Fisher z by its error; \(name)" : "the same seed in \(name)",
      shortDetail: isChange ? "by its error" : name, unit: isChange ? "Δz/SE" : "r")
  }

  /// White of the SPECT scale in per cent of the reference, the same in every slice.
  var hotTop: Double {
    guard case .measured(let n) = panes.right, scene.spects.indices.contains(n) else { return 120 }
    return scene.spects[n].top
  }

  func simulatedTop(_ simulated: SimulatedSPECT) -> Double {
    averaging.simulatedTop ?? Double(simulated.volume.range?.high ?? 1)
  }

  func windowText(_ simulated: SimulatedSPECT) -> String {
    if simulated.time == nil { return "one map, no time" }
    if case .uptake(let tau) = simulated.window.average {
      return "uptake \(plainNumber(tau, 2)) min"
    }
    let from = simulated.window.startSeconds
    return simulated.window.seconds.map {
      "\(fixed($0 / 60, 1)) min" + (from > 0 ? " from \(fixed(from / 60, 1))" : "")
    } ?? "whole run"
  }
}

extension SimulatedSPECT {
  /// The proxy as the screen names it.
  var proxyWords: String { proxy == "mean" ? "mean BOLD" : proxy }
}

extension NamedSPECT {
  /// The largest value within reason, up to the next ten.
  var top: Double { ((Double(measured.volume.range?.high ?? 120) / 10).rounded(.up)) * 10 }
}

func drawPanes(_ frame: inout Frame, _ model: Model, _ layout: Layout) {
  let right = model.rightContent
  drawHeadings(&frame, model, layout, right)
  guard model.scene.grid != nil else {
    let words = model.shell.isLoading ? "reading…" : "nothing to show"
    frame.put(
      words, row: layout.panes[0].row + layout.panes[0].rows / 2,
      column: layout.panes[0].columns / 2 - words.count / 2, foreground: Ink.dim)
    return
  }
  drawTiles(&frame, model, layout, right)
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
  let name =
    model.scene.run != nil ? "rsfMRI" : model.scene.lacksRun ? "image, BOLD MISSING" : "image"
  // One side alone has the row to itself: a heading over another side's picture would lie.
  let isAlone = model.showsOneSide
  let hint = isAlone ? "Tab: " + (model.panes.rightHasFocus ? name : right.heading) : ""
  let last = frame.size.columns - 1 - (isAlone ? hint.count + 2 : 0)
  let half = !isAlone ? layout.panes[1].column : model.panes.rightHasFocus ? 0 : frame.size.columns
  let end = min(half - 1, last)
  if isAlone { frame.put(hint, row: row, column: last + 2, foreground: Ink.dim) }
  let leftTitle: String
  var leftDetail = ""
  if let movie = model.movie.windows, model.overlays.index == 0 {
    leftTitle = windowTitle(movie, model.movie.index)
    leftDetail = "\(movie.seed.shortTitle)  |r| ≥ \(fixed(model.rThreshold, 2))  p plays, [ ] step"
  } else if let map = model.connectivity.seedMap, model.overlays.index == 0 {
    leftTitle =
      layout.headings.count > 1 ? "connectivity of \(map.seed.title)" : map.seed.shortTitle
    leftDetail =
      "DOF \(map.degreesOfFreedom)  "
      + (model.connectivity.inference?.medianN.map { "N eff \(fixed($0, 0))  " } ?? "")
      + (model.scene.runCount > 1 ? "\(model.scene.runCount) runs  " : "")
      + shortSummary(map.denoising)
  } else if let map = model.activityOverlay {
    leftTitle = map.name
    leftDetail = "from \(numberText(model.levelText(model.currentOverlayID)))  \(map.detail)"
  } else if let overlay = model.overlay {
    leftTitle = visibleText(overlay.name, limit: 60)
    leftDetail = "|value| ≥ \(numberText(model.levelText(model.currentOverlayID)))"
  } else {
    leftTitle = model.scene.run == nil ? "" : "Space sets a seed at the cursor"
    leftDetail = model.underlay?.name ?? ""
  }
  let words = model.overlays.isShown ? model.overlayWords : ["overlays off"]
  leftDetail = whole(words + leftDetail.split(separator: "  ").map(String.init), end - 2)
  var at = frame.put(
    model.panes.rightHasFocus ? " " : "›", row: row, column: 0, limit: end, foreground: Ink.cursor)
  at = frame.put(name, row: row, column: at + 1, limit: end, foreground: Ink.blue, style: .bold)
  if model.connectivity.isLive {
    at = frame.put(
      " LIVE", row: row, column: at, limit: end, foreground: Ink.cursor, style: .bold)
  }
  at = frame.put(" " + leftTitle, row: row, column: at, limit: end, foreground: Ink.text)
  frame.put(
    model.panes.rightHasFocus ? "›" : " ", row: row, column: half, foreground: Ink.cursor)
  let rightAt = frame.put(
    right.heading, row: row, column: half + 2, foreground: right.headingInk, style: .bold)
  if layout.headings.count > 1 {
    if right.isSimulated {
      frame.put(
        "no perfusion measurement", row: row, column: rightAt + 2, limit: last,
        foreground: Ink.red)
    }
    frame.put(leftDetail, row: row + 1, column: 2, limit: end, foreground: Ink.dim)
    frame.put(
      right.detail, row: row + 1, column: half + 2, limit: frame.size.columns - 1,
      foreground: Ink.dim)
  } else {
    if !words.isEmpty {
      frame.put(
        "  " + whole(words, end - at - 2), row: row, column: at, limit: end,
        foreground: Ink.dim)
    } else if let map = model.connectivity.seedMap, model.overlays.index == 0,
      model.movie.windows == nil
    {
      frame.put(
        "  DOF \(map.degreesOfFreedom)", row: row, column: at, limit: end, foreground: Ink.dim)
    }
    frame.put(
      " " + right.shortDetail, row: row, column: rightAt, limit: last, foreground: Ink.dim)
  }
}

private func drawBars(
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

import Basics
import CellUI
import Imaging
import Perfusion
import Targeting

/// Every picture of the layout with its letters and its own place.
func drawTiles(_ frame: inout Frame, _ model: Model, _ layout: Layout, _ right: RightContent) {
  let arrangement = Arrangement(model, layout)
  let pane = layout.whole
  if let refusal = arrangement.refusal {
    for (n, line) in wrapped(refusal, pane.columns - 4).enumerated() {
      frame.put(
        line, row: pane.row + pane.rows / 2 + n, column: (pane.columns - line.count) / 2,
        foreground: Ink.amber)
    }
    return
  }
  var left = model.leftContent
  if let level = model.view.isoline, case .hot(let volume, _) = right.content.base {
    left.isoline = (volume, level)
  }
  let drawn = arrangement.tiles.map {
    PlacedSlice(
      geometry: $0.geometry, picture: tilePicture(model, $0, left, right, arrangement.density),
      area: $0.area)
  }
  // One bar tells the size of all tiles of a lightbox: they have one scale.
  let hasBar = arrangement.tiles.indices.filter { !arrangement.tiles[$0].isSmall || $0 == 0 }
  drawSlices(&frame, model, hasBar.map { drawn[$0] })
  for (tile, slice) in zip(arrangement.tiles, drawn) {
    if tile.isSmall, tile.area != arrangement.tiles[0].area {
      frame.draw(
        slice.picture, row: tile.area.row, column: tile.area.column, model.shell.capabilities)
    }
    if tile.isSmall {
      drawSmallLetters(&frame, model, tile)
    } else {
      drawLetters(&frame, model, tile.geometry, tile.area)
    }
  }
  if !model.shell.capabilities.hasNoColourScale { drawNoDataWords(&frame, arrangement, drawn) }
  for (side, area) in arrangement.free { drawLegend(&frame, model, side, right, area) }
  if let words = singleWords(model, right), let tile = arrangement.tiles.first {
    // Beside the head, where the picture is black, and never over the letter at its side.
    let field = model.scene.field.map { $0.high.x - $0.low.x } ?? 0
    let head = Int(max(field, 160) / arrangement.scale) / arrangement.density.across
    let room = max(18, min(40, (tile.area.columns - head) / 2 - 1))
    var row = tile.area.row + 2
    for (text, ink) in words {
      for line in wrapped(text, room) {
        frame.put(
          line, row: row, column: tile.area.column, foreground: ink, background: Ink.black,
          style: .bold)
        row += 1
      }
    }
  }
}

/// What a tile shows.
private func tilePicture(
  _ model: Model, _ tile: Tile, _ left: PaneContent, _ right: RightContent, _ density: PixelDensity
) -> Picture {
  // What a person rejected is no mark of a target: the list has it.
  let marks = model.targets.book.filter { $0.decision != .rejected }.map(\.point)
  func raster(_ content: PaneContent) -> Picture {
    sliceRaster(
      content, tile.geometry, cursor: tile.place, marks: marks, showsCross: tile.hasCursor,
      density: density)
  }
  switch tile.side {
  case .left: return raster(left)
  case .right: return raster(right.content)
  case .fused:
    return fused(raster(left), raster(right.content), part: Double(model.view.mix) / 100)
  }
}

/// Says what the breath of blue is, at the first picture that has some and room for words.
private func drawNoDataWords(
  _ frame: inout Frame, _ arrangement: Arrangement, _ drawn: [PlacedSlice]
) {
  let blue = ColourMaps.outsideField
  guard
    let slice = zip(arrangement.tiles, drawn).first(where: { tile, slice in
      tile.side != .left && !tile.isSmall && slice.picture.colours.contains(blue)
    })?.1
  else { return }
  let words = " no data "
  frame.put(
    words, row: slice.area.row + 1, column: slice.area.column + slice.area.columns - words.count,
    foreground: Ink.text, background: Colour(28, 28, 60))
}

/// What the one picture of the fused and flicker layouts is, in words.
private func singleWords(_ model: Model, _ right: RightContent) -> [(String, Colour)]? {
  let hasMap = model.overlays.isShown && model.overlay != nil
  let left =
    hasMap
    ? model.scene.run == nil ? "image" : "rsfMRI"
    : shortened(visibleText(model.underlay?.name ?? "image", limit: 40), 24)
  var placement: [(String, Colour)] = []
  if case .measured(let n) = model.panes.right, model.scene.spects.indices.contains(n) {
    let placed = model.scene.spects[n].measured.placement
    placement = [(placed.short, placed.short == "REGISTERED" ? Ink.dim : Ink.amber)]
  }
  switch model.view.layout {
  case .fused:
    return [
      ("FUSED", Ink.amber), (left + " below", Ink.blue),
      ("\(right.heading) above, \(model.view.mix) %", right.headingInk),
    ] + placement + [
      (
        model.shell.capabilities.hasNoColourScale
          ? "without colours the stronger one is shown" : "mixed colours: values below", Ink.dim
      )
    ]
  case .flicker:
    return [
      ("SHOWN:", Ink.amber),
      model.view.showsRight ? (right.heading, right.headingInk) : (left, Ink.blue),
      (
        model.view.showsRight ? "pane 2 of 2" : "pane 1 of 2", Ink.dim
      ),
    ] + (model.view.showsRight ? placement : [])
  case .side, .planes, .lightbox: return nil
  }
}

/// The right picture over the left one, where it has anything to show.
func fused(_ left: Picture, _ right: Picture, part: Double) -> Picture {
  var out = left
  for n in out.colours.indices where right.kinds[n] != .nothing {
    if right.kinds[n] == .mark || left.kinds[n] == .mark {
      out.kinds[n] = .mark
      out.colours[n] = right.kinds[n] == .mark ? right.colours[n] : left.colours[n]
      continue
    }
    out.colours[n] =
      left.kinds[n] == .nothing
      ? Colour(0, 0, 0).mixed(with: right.colours[n], part)
      : left.colours[n].mixed(with: right.colours[n], part)
    if part >= 0.5 || left.kinds[n] == .nothing { out.kinds[n] = right.kinds[n] }
  }
  return out
}

/// The label above a slice of the lightbox, with the letter of its top, and letters at its sides.
private func drawSmallLetters(_ frame: inout Frame, _ model: Model, _ tile: Tile) {
  let letters = tile.geometry.axes.letters(model.scene.laterality)
  let area = tile.area
  let axis = tile.geometry.plane.normalAxis
  let place =
    model.hasWorld
    ? "\(["x", "y", "z"][axis]) \(fixed(tile.place[axis], 0, signed: true))"
    : model.scene.grid?.nearestVoxel(tile.place).map { v in
      "slice \([v.i, v.j, v.k][axis])"
    } ?? ""
  frame.put(
    (tile.hasCursor ? "›" : " ") + place, row: area.row - 1, column: area.column - 2,
    limit: area.column + area.columns + 2, foreground: tile.hasCursor ? Ink.cursor : Ink.text,
    style: tile.hasCursor ? .bold : [])
  let middle = area.column + area.columns / 2
  if middle > area.column - 1 + place.count {
    frame.put(letters.top, row: area.row - 1, column: middle, foreground: Ink.dim)
  }
  let row = area.row + area.rows / 2
  frame.put(
    letters.left, row: row, column: area.column - 1, foreground: Ink.amber, style: .bold)
  frame.put(
    letters.right, row: row, column: area.column + area.columns, foreground: Ink.amber,
    style: .bold)
}

/// Layout, zoom and scale for the title bar.
func layoutWords(_ model: Model, _ layout: Layout) -> [String] {
  guard model.scene.grid != nil, model.targets.list == nil, model.shell.panel == nil,
    !model.shell.showsHelp
  else {
    return []
  }
  let now = Arrangement(model, layout)
  guard now.refusal == nil else { return [] }
  var parts: [String] = []
  switch model.view.layout {
  case .side: break
  case .planes:
    parts.append(
      now.showsBoth ? "three planes" : "three planes, \(model.key(.otherPane)): other side")
  case .lightbox:
    let spacing = now.spacing.map { plainNumber($0, 1) } ?? "?"
    parts.append(
      "lightbox \(spacing) mm apart"
        + (now.showsBoth ? "" : ", \(model.key(.otherPane)): other side"))
  case .fused: parts.append("fused \(model.view.mix) %")
  case .flicker: parts.append(model.isAlternating ? "flicker, by itself" : "flicker")
  }
  if model.view.zoom > 1 { parts.append("zoom \(plainNumber(now.base / now.scale, 1))×") }
  if model.view.layout != .side || model.view.zoom > 1 {
    parts.append("\(plainNumber(now.scale, 2)) mm/pixel")
  }
  return parts
}

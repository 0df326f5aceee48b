import Basics
import CellUI
import Imaging

/// The colours of every overlay on screen with their numbers.
func drawOverlayBars(_ frame: inout Frame, _ model: Model, _ layout: Layout) {
  for placed in placedBars(model, layout) {
    if let map = model.given(placed.shown.id), map.activity != nil {
      drawActivityBar(
        &frame, model, map, placed.layer, row: placed.row, column: placed.column,
        width: placed.width, rows: placed.rows)
    } else {
      drawSignedBar(
        &frame, model, placed.layer, row: placed.row, column: placed.column, width: placed.width,
        unit: placed.unit, rows: placed.rows)
    }
  }
}

/// The colours of a map that has no negative values.
private func drawActivityBar(
  _ frame: inout Frame, _ model: Model, _ map: NamedVolume, _ layer: MapLayer, row: Int,
  column: Int, width: Int,
  rows: Int
) {
  let low = numberText(layer.level)
  let high = numberText(max(layer.level, layer.ceiling))
  let edge = rows == 1 ? low.count + 1 : 0
  let length = max(4, width - (rows == 1 ? low.count + high.count + 2 : 0))
  for n in 0..<length {
    let t = (Double(n) + 0.5) / Double(length)
    bar(
      &frame, model, row, column + edge + n,
      layer.full(layer.level + t * (max(layer.level, layer.ceiling) - layer.level)), "+", t)
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

/// Negative and positive colours with their numbers, or one of them where one is drawn; on one row
/// the numbers stand beside them.
func drawSignedBar(
  _ frame: inout Frame, _ model: Model, _ layer: MapLayer, row: Int, column: Int, width: Int,
  unit: String, rows: Int
) {
  guard layer.level.isFinite else {
    frame.put(
      "no voxel passes", row: row, column: column, limit: column + width, foreground: Ink.amber)
    return
  }
  let placed = SignedBar(layer, row: row, column: column, width: width, unit: unit, rows: rows)
  let (lowText, highText) = (placed.lowText, placed.highText)
  guard let minus = placed.negative, let plus = placed.positive else {
    drawHalfBar(
      &frame, model, layer, placed, row: row, column: column, unit: unit, rows: rows)
    return
  }
  let (negative, positive, length) = (minus.column, plus.column, plus.columns)
  for n in 0..<length {
    let t = (Double(n) + 0.5) / Double(length)
    let value = placed.value(n, of: length)
    bar(&frame, model, row, negative + length - 1 - n, layer.full(-value), "-", t)
    bar(&frame, model, row, positive + n, layer.full(value), "+", t)
  }
  if rows == 1 {
    frame.put("−" + highText, row: row, column: column, foreground: Ink.dim)
    frame.put("±\(lowText) \(unit)", row: row, column: negative + length + 1, foreground: Ink.dim)
    frame.put(highText, row: row, column: positive + length + 1, foreground: Ink.dim)
  } else {
    frame.put("−" + highText, row: row + 1, column: negative, foreground: Ink.dim)
    let room = positive + length - highText.count - negative - highText.count - 2
    if unit.count > 4, room >= unit.count + 2 {
      // A name takes the middle; the least numbers give way.
      frame.put(
        unit, row: row + 1, column: column + (positive + length - column - unit.count) / 2,
        foreground: Ink.text)
    } else {
      frame.put(
        "−" + lowText, row: row + 1, column: negative + length - lowText.count - 1,
        foreground: Ink.dim)
      frame.put(lowText, row: row + 1, column: positive, foreground: Ink.dim)
      frame.put(unit, row: row + 1, column: negative + length + 2, foreground: Ink.dim)
    }
    frame.put(
      highText, row: row + 1, column: positive + length - highText.count, foreground: Ink.dim)
  }
}

/// The colours of the one sign that is drawn.
private func drawHalfBar(
  _ frame: inout Frame, _ model: Model, _ layer: MapLayer, _ placed: SignedBar, row: Int,
  column: Int, unit: String, rows: Int
) {
  guard let half = placed.positive ?? placed.negative else { return }
  let isPositive = placed.positive != nil
  let sign = isPositive || layer.isUnsigned ? "" : "−"
  let texts = (sign + placed.lowText, sign + placed.highText)
  let (edge, length) = (half.column - column, half.columns)
  for n in 0..<length {
    let t = (Double(n) + 0.5) / Double(length)
    let value = placed.value(n, of: length)
    bar(
      &frame, model, row, column + edge + n, layer.full(isPositive ? value : -value),
      isPositive ? "+" : "-", t)
  }
  let numbers = rows == 1 ? row : row + 1
  frame.put(texts.0, row: numbers, column: column, foreground: Ink.dim)
  if rows == 1 {
    frame.put(
      "\(texts.1) \(unit)", row: row, column: column + edge + length + 1, foreground: Ink.dim)
  } else {
    frame.put(
      texts.1, row: numbers, column: column + length - texts.1.count, foreground: Ink.dim)
    frame.put(unit, row: numbers, column: column + (length - unit.count) / 2, foreground: Ink.dim)
  }
}

func bar(
  _ frame: inout Frame, _ model: Model, _ row: Int, _ column: Int, _ colour: Colour,
  _ glyph: Unicode.Scalar, _ t: Double
) {
  if model.shell.capabilities.hasNoColourScale {
    // The glyphs that the picture itself uses.
    let shade = rampGlyph(
      Int(ColourMaps.monochrome(t).red), unicode: model.shell.capabilities.unicode)
    frame[row, column] = Cell(
      glyph == "#" ? shade : glyph, foreground: glyph == "#" ? .standard : colour,
      style: t > 0.5 && glyph != "#" ? .bold : [])
  } else {
    var pixels = Picture(width: 1, height: 2)
    for y in 0..<2 { pixels.set(0, y, colour, .tissue) }
    frame.draw(pixels, row: row, column: column, model.shell.capabilities)
  }
}

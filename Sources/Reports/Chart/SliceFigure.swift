package import Basics
import CellUI
package import Imaging
package import PixelFiles

/// Slices of one or two images in three planes, made for paper: orientation letters, millimetres, colour bars with
/// their unit, and under it space, sides and what it is for. Every voxel has the colour of its value.
package struct SliceFigure {
  /// One image: what is drawn over which background.
  package struct Layer {
    package var title: String
    package var volume: Volume
    package var background: Volume?
    package var scale: ChartScale

    package init(title: String, volume: Volume, background: Volume?, scale: ChartScale) {
      (self.title, self.volume, self.background, self.scale) = (title, volume, background, scale)
    }
  }

  var layers: [Layer]
  /// World millimetres of the brain.
  var box: (low: WorldPoint, high: WorldPoint)
  /// Cuts in each plane, in the order of `Plane`.
  var cuts: [[Double]]
  /// A place that is marked in every slice that goes through it.
  var mark: WorldPoint?
  /// Space, and the like, under the pictures.
  var notes: [String]
  /// SIMULATED and the like; nil for a measurement.
  var unmeasured: String?
  var sidesAreKnown: Bool

  package init(
    layers: [Layer], box: (low: WorldPoint, high: WorldPoint), cuts: [[Double]], mark: WorldPoint?,
    notes: [String], unmeasured: String?, sidesAreKnown: Bool
  ) {
    (self.layers, self.box, self.cuts, self.mark) = (layers, box, cuts, mark)
    (self.notes, self.unmeasured, self.sidesAreKnown) = (notes, unmeasured, sidesAreKnown)
  }

  /// Pixels between the tiles.
  package static let gap = 10
  private static let ink = Colour(0, 0, 0)

  /// World axes to the picture's right with their sign, upwards, and out of it; radiological: the person's right
  /// on the left, a sagittal slice with the nose to the left.
  private struct Plane {
    var across: Int
    var sign: Double
    var up: Int
    var normal: Int
    var letters: (left: String, right: String)
    var axis: String

    static let all = [
      Plane(across: 0, sign: -1, up: 1, normal: 2, letters: ("R", "L"), axis: "z"),
      Plane(across: 0, sign: -1, up: 2, normal: 1, letters: ("R", "L"), axis: "y"),
      Plane(across: 1, sign: -1, up: 2, normal: 0, letters: ("A", "P"), axis: "x"),
    ]
  }

  /// Cuts through the lower, the middle and the upper part of a brain.
  static func usualCuts(_ box: (low: WorldPoint, high: WorldPoint)) -> [[Double]] {
    [(2, [0.38, 0.55, 0.72]), (1, [0.3, 0.5, 0.72]), (0, [0.25, 0.47, 0.75])].map { axis, parts in
      parts.map { part in
        (box.low[axis] + part * (box.high[axis] - box.low[axis])).rounded()
      }
    }
  }

  /// - Parameter width: pixels of the whole figure; 2 000 on 17 cm are 300 a inch.
  func drawn(width: Int = 2000) throws(Problem) -> ChartFigureImage {
    let sheet = try canvas(width: width)
    let bytes = try sheet.png(texts: [
      ("Software", "boldspect \(boldspectVersion)"), ("Disclaimer", researchUse),
      (FigureSheet.unmeasuredKey, unmeasured ?? "no"),
    ])
    return ChartFigureImage(png: bytes, width: sheet.width, height: sheet.height)
  }

  /// The figure's pixels.
  package func canvas(width: Int) throws(Problem) -> Canvas {
    let painter = try GlyphPainter(cell: PixelDensity(across: 15, down: 30))
    let cell = painter.cell
    let columns = layers.count * (cuts.first?.count ?? 1)
    let tile = (width - (columns + 1) * Self.gap) / max(1, columns)
    let widest = (0..<3).map { box.high[$0] - box.low[$0] + 12 }.max() ?? 200
    let scale = min(Double(tile) / widest, 4)
    let heights = Plane.all.map { Int((box.high[$0.up] - box.low[$0.up] + 12) * scale) }
    let lines = noteLines(width / cell.across - 1)
    let head = 2 * cell.down
    let barRoom = 4 * cell.down
    let height =
      head + heights.reduce(0) { $0 + $1 + cell.down + Self.gap } + barRoom
      + lines.count * cell.down + Self.gap
    var sheet = Canvas(width: width, height: height, background: Colour(255, 255, 255))
    for (n, layer) in layers.enumerated() {
      drawFrame(layer, n, &sheet, barTop: height - lines.count * cell.down - barRoom, painter)
    }
    var top = head
    for (row, plane) in Plane.all.enumerated() {
      for (n, layer) in layers.enumerated() {
        for (k, cut) in cuts[row].enumerated() {
          let left = n * (width / layers.count) + Self.gap + k * (tile + Self.gap)
          draw(layer, plane, cut, &sheet, (left, top, tile, heights[row]), scale, painter)
        }
      }
      top += heights[row] + cell.down + Self.gap
    }
    for (k, line) in lines.enumerated() {
      let isWord = k == 0 && unmeasured != nil
      sheet.put(
        line, Self.gap, height - (lines.count - k) * cell.down - Self.gap / 2, painter,
        isWord ? Colour(150, 0, 0) : Self.ink, bold: isWord)
    }
    return sheet
  }

  /// What stands over and under a layer's pictures.
  private func drawFrame(
    _ layer: Layer, _ n: Int, _ sheet: inout Canvas, barTop: Int, _ painter: GlyphPainter
  ) {
    let across = sheet.width / layers.count
    let left = n * across + Self.gap
    let lines = Self.halves(layer.title, across / painter.cell.across - 2)
    for (k, line) in lines.prefix(2).enumerated() {
      sheet.put(line, left, k * painter.cell.down, painter, Self.ink, bold: true)
    }
    drawBar(layer.scale, &sheet, left, barTop, across - 4 * Self.gap, painter)
  }

  /// Which way round the slices are, as the letters beside them say it.
  var sidesWords: String {
    sidesAreKnown
      ? "radiological: the person's right is on the left of axial and coronal slices"
      : "the file does not say which side is left"
  }

  private func noteLines(_ room: Int) -> [String] {
    let all = [unmeasured].compactMap { $0 } + notes + [sidesWords, researchUse]
    return all.flatMap { Self.halves(visibleText($0, limit: 300), room) }
  }

  /// Text in lines of so many characters.
  private static func halves(_ text: String, _ room: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in visibleText(text, limit: 300).split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > room {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return lines + [line]
  }

  private func draw(
    _ layer: Layer, _ plane: Plane, _ cut: Double, _ sheet: inout Canvas,
    _ area: (left: Int, top: Int, width: Int, height: Int), _ scale: Double, _ painter: GlyphPainter
  ) {
    let span = layer.background.map(Self.span)
    var middle = WorldPoint(0, 0, 0)
    for axis in 0..<3 { middle[axis] = (box.low[axis] + box.high[axis]) / 2 }
    middle[plane.normal] = cut
    for y in 0..<area.height {
      for x in 0..<area.width {
        var p = middle
        p[plane.across] += plane.sign * (Double(x) - Double(area.width) / 2) / scale
        p[plane.up] += (Double(area.height) / 2 - Double(y)) / scale
        sheet.set(area.left + x, area.top + y, colour(layer, p, span))
      }
    }
    if let mark, abs(mark[plane.normal] - cut) < 0.6 {
      let x =
        area.left + area.width / 2
        + Int(plane.sign * (mark[plane.across] - middle[plane.across]) * scale)
      let y = area.top + area.height / 2 - Int((mark[plane.up] - middle[plane.up]) * scale)
      drawMark(&sheet, x, y, Int(6 * scale))
    }
    let cell = painter.cell
    let letters = sidesAreKnown ? plane.letters : ("?", "?")
    let white = Colour(255, 255, 255)
    sheet.put(letters.0, area.left + 6, area.top + 4, painter, white, bold: true)
    sheet.put(
      letters.1, area.left + area.width - cell.across - 6, area.top + 4, painter, white, bold: true)
    sheet.put(
      "\(plane.axis) \(fixed(cut, 0, signed: true)) mm", area.left, area.top + area.height, painter,
      Self.ink)
  }

  /// Black and white of a background: its bright part alone, for the air around a head would take most of the greys.
  private static func span(_ background: Volume) -> (Float, Float) {
    let bright = background.values.filter { $0.isFinite && $0 > 0 }
    let high = boldspectPercentile(bright, 99.5) ?? 1
    return (boldspectPercentile(bright.filter { $0 > high / 20 }, 2) ?? 0, high)
  }

  private func colour(_ layer: Layer, _ p: WorldPoint, _ span: (Float, Float)?) -> Colour {
    if let found = layer.scale.colour(layer.volume.nearest(p)) { return found }
    guard let background = layer.background, let span else { return Colour(0, 0, 0) }
    let value = background.nearest(p)
    guard value.isFinite, value > 0 else { return Colour(0, 0, 0) }
    let part = max(0, min(1, (value - span.0) / max(span.1 - span.0, .leastNormalMagnitude)))
    let grey = UInt8(wholeNumber(20 + Double(part) * 175, in: 0...195))
    return Colour(grey, grey, grey)
  }

  /// A cross that leaves the place itself to be seen.
  private func drawMark(_ sheet: inout Canvas, _ x: Int, _ y: Int, _ reach: Int) {
    for d in reach / 2...2 * reach {
      for w in -3...3 {
        let colour = abs(w) == 3 ? Colour(0, 0, 0) : Colour(95, 255, 135)
        for (px, py) in [(x + d, y + w), (x - d, y + w), (x + w, y + d), (x + w, y - d)] {
          sheet.set(px, py, colour)
        }
      }
    }
  }

  private func drawBar(
    _ scale: ChartScale, _ sheet: inout Canvas, _ left: Int, _ top: Int, _ width: Int,
    _ painter: GlyphPainter
  ) {
    let cell = painter.cell
    let ticks = scale.ticks
    for x in 0..<width {
      let value = ticks[0] + (ticks[2] - ticks[0]) * Double(x) / Double(max(1, width - 1))
      sheet.fill(
        left + x, top, 1, cell.down - 4, scale.colour(Float(value)) ?? Colour(120, 120, 120))
    }
    for (n, tick) in ticks.enumerated() {
      let text = plainNumber(tick, 2)
      let at =
        left + n * width / 2
        - (n == 0 ? 0 : n == 1 ? text.count * cell.across / 2 : text.count * cell.across)
      sheet.put(text, at, top + cell.down, painter, Self.ink)
    }
    for (k, line) in Self.halves(scale.words, width / cell.across).prefix(2).enumerated() {
      sheet.put(line, left, top + (2 + k) * cell.down, painter, Self.ink)
    }
  }
}

/// A drawn figure.
struct ChartFigureImage {
  var png: [UInt8]
  var width: Int
  var height: Int
}

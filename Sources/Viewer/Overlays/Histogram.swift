import Basics
import CellUI
import Imaging

/// How often values occur in a volume, in bins so fine that any number of columns can be made of them.
struct Distribution: Sendable {
  static let bins = 16384
  let volume: Volume
  private(set) var counts: [Int] = []
  private(set) var low = 0.0
  private(set) var high = 1.0

  /// Zero is background and not counted.
  init(_ volume: Volume) {
    self.volume = volume
    var range = (Float.infinity, -Float.infinity)
    for value in volume.values where value.isFinite && value != 0 {
      range = (min(range.0, value), max(range.1, value))
    }
    guard range.0 < range.1 else { return }
    (low, high) = (Double(range.0), Double(range.1))
    counts = [Int](repeating: 0, count: Self.bins)
    for value in volume.values where value.isFinite && value != 0 {
      counts[place(Double(value), of: Self.bins)] += 1
    }
  }

  /// Which of so many equal parts of the axis a value lies in.
  func place(_ value: Double, of parts: Int) -> Int {
    max(0, min(parts - 1, Int((value - low) / (high - low) * Double(parts))))
  }

  func columns(_ number: Int) -> [Int] {
    guard !counts.isEmpty, number > 0 else { return [] }
    var out = [Int](repeating: 0, count: number)
    for (n, count) in counts.enumerated() { out[n * number / counts.count] += count }
    return out
  }
}

extension Model {
  /// What the histograms are of: overlay, underlay and right side, as far as they are there.
  var histogramVolumes: [Volume] {
    var out: [Volume] = []
    if let shown = shownOverlay(currentOverlayID) { out.append(shown.volume) }
    if let underlay { out.append(underlay.volume) }
    switch rightContent.content.base {
    case .hot(let volume, _): out.append(volume)
    default:
      if let layer = rightContent.content.layers.first, !layer.isContour {
        out.append(layer.volume)
      }
    }
    return out
  }

  /// Counted already, or now.
  func distribution(_ volume: Volume) -> Distribution {
    overlays.distributions.first { $0.volume === volume } ?? Distribution(volume)
  }
}

/// A distribution with the places that matter on its axis.
private struct Histogram {
  var title: String
  var unit: String
  var distribution: Distribution
  /// The cursor's value; nil where there is none.
  var here: Double?
  /// Values of a threshold or window.
  var marks: [Double]
  var marksAre: String

  init(
    _ title: String, unit: String, _ distribution: Distribution, cursor: WorldPoint,
    marks: [Double], marksAre: String
  ) {
    self.title = title
    self.unit = unit
    self.distribution = distribution
    self.marksAre = marksAre
    let v = Double(distribution.volume.nearest(cursor))
    here = v.isFinite ? v : nil
    self.marks = marks.filter {
      $0.isFinite && $0 >= distribution.low && $0 <= distribution.high
    }
  }
}

/// Histograms of the overlay, the underlay and the right side, with the cursor's value in each.
func drawHistograms(_ frame: inout Frame, _ model: Model, _ area: Rect) {
  var all: [Histogram] = []
  if let shown = model.shownOverlay(model.currentOverlayID) {
    let level = shown.passed.level
    all.append(
      Histogram(
        visibleText(shown.name, limit: 60), unit: shown.unit, model.distribution(shown.volume),
        cursor: model.cursor, marks: [level, -level, shown.style.top ?? .nan],
        marksAre: "threshold \(level.isFinite ? numberText(level) : "passed by nothing")"))
  }
  if case .grey(let image) = model.greyBase {
    let (low, high) = (Double(image.window.lowerBound), Double(image.window.upperBound))
    all.append(
      Histogram(
        visibleText(image.name, limit: 60), unit: "", model.distribution(image.volume),
        cursor: model.cursor, marks: [low, high],
        marksAre: "black \(numberText(low)), white \(numberText(high))"))
  }
  let right = model.rightContent
  switch right.content.base {
  case .hot(let volume, let top):
    all.append(
      Histogram(
        right.heading, unit: right.unit, model.distribution(volume), cursor: model.cursor,
        marks: [top],
        marksAre: "top of the scale \(numberText(top))"))
  default:
    if let layer = right.content.layers.first, !layer.isContour {
      all.append(
        Histogram(
          right.heading, unit: right.unit, model.distribution(layer.volume), cursor: model.cursor,
          marks: [layer.level, -layer.level], marksAre: "threshold \(numberText(layer.level))"))
    }
  }
  guard !all.isEmpty else {
    frame.put("no values yet", row: area.row + area.rows / 2, column: area.column + 2)
    return
  }
  for (n, histogram) in all.enumerated() {
    drawHistogram(&frame, model, histogram, histogramArea(n, of: all.count, area))
  }
}

/// Where the histograms stand: as many of one height as there are.
private func histogramArea(_ n: Int, of count: Int, _ area: Rect) -> Rect {
  let each = area.rows / count
  return Rect(
    column: area.column + 1, row: area.row + n * each, columns: area.columns - 2, rows: each)
}

/// The overlay's histogram, which stands first: a threshold can be pointed at in it.
func histogramRegions(_ model: Model, _ area: Rect) -> [HitRegion] {
  guard let shown = model.shownOverlay(model.currentOverlayID), shown.style.kind == .value,
    model.activityOverlay == nil
  else { return [] }
  let place = histogramArea(0, of: max(1, model.histogramVolumes.count), area)
  let d = model.distribution(shown.volume)
  guard place.rows >= 4, !d.counts.isEmpty else { return [] }
  let bars = Rect(
    column: place.column, row: place.row + 1, columns: place.columns, rows: place.rows - 3)
  return [HitRegion(area: bars, meaning: .values(shown.id, first: d.low, last: d.high))]
}

private func drawHistogram(
  _ frame: inout Frame, _ model: Model, _ h: Histogram, _ area: Rect
) {
  let d = h.distribution
  let counts = d.columns(area.columns)
  let total = counts.reduce(0, +)
  var at = frame.put(
    h.title, row: area.row, column: area.column, limit: area.column + area.columns,
    foreground: h.title.contains("SIMULATED") ? Ink.red : Ink.blue, style: .bold)
  let here = h.here.map { "cursor ▲ \(numberText($0)) \(h.unit)" } ?? "cursor: no data"
  at = frame.put("  \(here)", row: area.row, column: at, foreground: Ink.cursor)
  frame.put(
    "  │ \(h.marksAre)   \(total) voxels", row: area.row, column: at,
    limit: area.column + area.columns, foreground: Ink.dim)
  guard area.rows >= 4, let most = counts.max(), most > 0 else { return }
  let rows = area.rows - 3
  let marks = Set(h.marks.map { d.place($0, of: counts.count) })
  let place = h.here.map { d.place($0, of: counts.count) }
  for x in counts.indices {
    // A root shows the tails beside the peak.
    let part = (Double(counts[x]) / Double(most)).squareRoot()
    let halves = counts[x] == 0 ? 0 : max(1, Int((part * Double(2 * rows)).rounded()))
    for r in 0..<rows {
      let above = 2 * (rows - 1 - r)
      let glyph: Unicode.Scalar =
        halves >= above + 2 ? "█" : halves == above + 1 ? "▄" : marks.contains(x) ? "│" : " "
      frame[area.row + 1 + r, area.column + x] = Cell(
        glyph,
        foreground: x == place ? Ink.cursor : marks.contains(x) ? Ink.amber : Ink.dim)
    }
  }
  let axis = area.row + 1 + rows
  if let place {
    frame.put("▲", row: axis, column: area.column + place, foreground: Ink.cursor, style: .bold)
  }
  let (low, high) = (numberText(d.low), numberText(d.high))
  func put(_ text: String, _ column: Int) {
    let end = column + text.count
    guard place.map({ area.column + $0 < column || area.column + $0 >= end }) ?? true else {
      return
    }
    frame.put(text, row: axis, column: column, foreground: Ink.dim)
  }
  put(low, area.column)
  put(high, area.column + area.columns - high.count)
  put("height: root of the number", area.column + area.columns / 2 - 13)
}

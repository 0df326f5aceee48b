import Basics
import CellUI

/// A colour bar of an overlay and where it stands.
struct PlacedBar {
  let shown: ShownOverlay
  let layer: MapLayer
  let unit: String
  let row: Int
  let column: Int
  let width: Int
  let rows: Int
}

/// Both halves of a map's colours, or the one that is drawn; numbers stand beside or under them.
struct SignedBar {
  let low: Double
  let high: Double
  let lowText: String
  let highText: String
  /// Cells of the negative colours, the strongest first; nil where none are drawn.
  let negative: Rect?
  /// Cells of the positive colours, the strongest last.
  let positive: Rect?

  init(_ layer: MapLayer, row: Int, column: Int, width: Int, unit: String, rows: Int) {
    low = layer.level
    high = max(low, min(layer.top, max(layer.ceiling, low)))
    func number(_ v: Double) -> String {
      v >= 10 || v > 0 && v < 0.01 ? numberText(v) : fixed(v, 2)
    }
    (lowText, highText) = (number(low), number(high))
    guard layer.sign == .both else {
      let signs = layer.sign == .positive || layer.isUnsigned ? 0 : 1
      let edge = rows == 1 ? lowText.count + signs + 1 : 0
      let tail = rows == 1 ? highText.count + signs + unit.count + 2 : 0
      let half = Rect(
        column: column + edge, row: row, columns: max(4, width - edge - tail), rows: 1)
      negative = layer.sign == .negative ? half : nil
      positive = layer.sign == .positive ? half : nil
      return
    }
    let edge = rows == 1 ? highText.count + 2 : 0
    let middle = rows == 1 ? lowText.count + unit.count + 5 : 6
    let length = max(4, (width - 2 * edge - middle) / 2)
    negative = Rect(column: column + edge, row: row, columns: length, rows: 1)
    positive = Rect(column: column + edge + length + middle, row: row, columns: length, rows: 1)
  }

  /// |value| in the middle of a cell of a half that begins with the weakest.
  func value(_ n: Int, of length: Int) -> Double {
    low + (Double(n) + 0.5) / Double(length) * (high - low)
  }
}

extension PlacedBar {
  /// The bar, where the overlay has a threshold that a value can be.
  var signed: SignedBar? {
    guard layer.level.isFinite else { return nil }
    return SignedBar(layer, row: row, column: column, width: width, unit: unit, rows: rows)
  }

  /// The cells of the bar as they answer.
  var regions: [HitRegion] {
    guard let bar = signed, shown.style.kind == .value else { return [] }
    return bar.regions(shown.id)
  }
}

extension SignedBar {
  /// Both halves as values of an overlay.
  func regions(_ id: OverlayID) -> [HitRegion] {
    // A half of one sign grows to the right, whichever sign it is; of two the negative one to the left.
    let isMirrored = positive != nil
    return [
      negative.map {
        HitRegion(
          area: $0,
          meaning: .values(id, first: isMirrored ? high : low, last: isMirrored ? low : high))
      },
      positive.map { HitRegion(area: $0, meaning: .values(id, first: low, last: high)) },
    ].compactMap { $0 }
  }
}

/// The bars of the overlays on screen as far as they fit whole, the current one first.
func placedBars(_ model: Model, _ layout: Layout) -> [PlacedBar] {
  guard model.overlays.isShown, !(model.showsOneSide && model.panes.rightHasFocus) else {
    return []
  }
  let (column, width, rows) = (2, layout.panes[1].column - 4, layout.bars.count)
  let current = model.currentOverlayID
  let shown = model.shownOverlays.reversed().sorted { $0.id == current && $1.id != current }
  guard !shown.isEmpty else { return [] }
  let fitting = rows == 1 ? 1 : max(1, min(shown.count, width / 26))
  let each = (width + 2) / fitting - 2
  return shown.prefix(fitting).enumerated().map { n, overlay in
    PlacedBar(
      shown: overlay, layer: MapLayer(overlay),
      // One bar needs no name: the heading says it.
      unit: shown.count > 1
        ? shortened(visibleText(overlay.shortName, limit: 40), 12) : overlay.unit,
      row: layout.bars.row, column: column + n * (each + 2), width: each, rows: rows)
  }
}

/// Where a threshold can be pointed at; bars of activity have none.
func barRegions(_ model: Model, _ layout: Layout) -> [HitRegion] {
  placedBars(model, layout).filter { model.given($0.shown.id)?.activity == nil }
    .flatMap(\.regions)
}

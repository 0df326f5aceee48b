import Basics
import CellUI
import Imaging

/// The colour bar of the right pane and where it stands.
enum RightBar {
  case hot(HotBar)
  case signed(MapLayer, Rect)

  /// Nil where the right side has no colours, or is not on screen.
  init?(_ model: Model, _ layout: Layout, _ right: RightContent) {
    if model.showsOneSide, !model.panes.rightHasFocus { return nil }
    let half = layout.panes[1].column
    let area = Rect(
      column: half + 2, row: layout.bars.row, columns: layout.size.columns - half - 4,
      rows: layout.bars.count)
    if case .hot(_, let top) = right.content.base {
      self = .hot(HotBar(model, area, top: top, unit: right.unit))
    } else if let layer = right.content.layers.first, right.content.showsMap, !layer.isContour {
      self = .signed(layer, area)
    } else {
      return nil
    }
  }

  /// The bar as it answers.
  func regions(_ model: Model, unit: String) -> [HitRegion] {
    switch self {
    case .hot(let bar):
      return [
        HitRegion(area: bar.cells, meaning: .white(top: bar.top)),
        HitRegion(area: bar.end, meaning: .fullScale),
      ]
    case .signed(let layer, let area):
      guard layer.level.isFinite else { return [] }
      let bar = SignedBar(
        layer, row: area.row, column: area.column, width: area.columns, unit: unit,
        rows: area.rows)
      switch model.panes.right {
      case .mapBlurred, .seriesBlurred, .second:
        return model.style(.map).kind == .value ? bar.regions(.map) : []
      default:
        return [bar.negative, bar.positive].compactMap { $0 }.map {
          HitRegion(area: $0, meaning: .fixedScale)
        }
      }
    }
  }
}

/// Where the right pane's colours can be pointed at.
func rightBarRegions(_ model: Model, _ layout: Layout) -> [HitRegion] {
  let right = model.rightContent
  return RightBar(model, layout, right)?.regions(model, unit: right.unit) ?? []
}

/// The colour bars of both panes.
func drawBars(
  _ frame: inout Frame, _ model: Model, _ layout: Layout, _ right: RightContent
) {
  drawOverlayBars(&frame, model, layout)
  switch RightBar(model, layout, right) {
  case .hot(let bar): bar.draw(&frame, model)
  case .signed(let layer, let area):
    drawSignedBar(
      &frame, model, layer, row: area.row, column: area.column, width: area.columns,
      unit: right.unit, rows: area.rows)
  case nil: break
  }
}

/// The palette's bar, with how many of its levels can be told apart here.
struct HotBar {
  let top: Double
  let cells: Rect
  /// The number at the white end, with what stands beside it on one row.
  let end: Rect
  private let label: String
  private let zero: (row: Int, column: Int)
  /// Words under the bar.
  private let words: (text: String, column: Int)?

  init(_ model: Model, _ area: Rect, top: Double, unit: String) {
    self.top = top
    let topText = top >= 10 ? fixed(top, 0) : fixed(top, 3)
    let levels = "\(model.shell.levels) levels"
    if area.rows == 1 {
      let edge = 2
      // On one row the words give way before the bar does.
      let brief = unit.split(separator: " (").first.map(String.init) ?? unit
      label =
        [
          "\(topText) \(unit), \(levels)", "\(topText) \(unit)", "\(topText) \(brief)",
          "\(topText), \(levels)",
        ].first { area.columns - edge - $0.count - 2 >= 8 } ?? topText
      let length = max(4, area.columns - edge - label.count - 2)
      cells = Rect(column: area.column + edge, row: area.row, columns: length, rows: 1)
      end = Rect(
        column: cells.column + length + 1, row: area.row, columns: label.count, rows: 1)
      zero = (area.row, area.column)
      words = nil
      return
    }
    let length = max(4, area.columns)
    label = topText
    cells = Rect(column: area.column, row: area.row, columns: length, rows: 1)
    end = Rect(
      column: area.column + length - topText.count, row: area.row + 1, columns: topText.count,
      rows: 1)
    zero = (area.row + 1, area.column)
    let name =
      model.shell.capabilities.hasNoColourScale ? levels : "\(model.shell.palette.title), \(levels)"
    let room = length - topText.count - 4
    let text =
      ["\(unit)   \(name)", "\(unit)   \(levels)", unit].first { $0.count <= room } ?? unit
    words = (text, area.column + (length - text.count) / 2)
  }

  func draw(_ frame: inout Frame, _ model: Model) {
    for n in 0..<cells.columns {
      let t = (Double(n) + 0.5) / Double(cells.columns)
      bar(&frame, model, cells.row, cells.column + n, model.shell.palette.colour(t), "#", t)
    }
    frame.put("0", row: zero.row, column: zero.column, foreground: Ink.dim)
    frame.put(label, row: end.row, column: end.column, foreground: Ink.dim)
    guard let words else { return }
    frame.put(words.text, row: end.row, column: words.column, foreground: Ink.dim)
  }
}

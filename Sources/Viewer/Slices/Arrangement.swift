import CellUI
import Imaging

/// One picture on the screen and where its pixels lie.
struct Tile {
  enum Side: Equatable {
    case left, right
    /// Both in one picture.
    case fused
  }
  let side: Side
  let geometry: SliceGeometry
  /// The cells of the picture, without its letters.
  let area: Rect
  /// The cursor, carried to this tile's slice.
  let place: WorldPoint
  /// Whether the slice is the cursor's own.
  let hasCursor: Bool
  /// Whether letters stand close by and the label above, as in a lightbox.
  let isSmall: Bool
}

/// Every picture of the screen, all at one scale.
struct Arrangement {
  var tiles: [Tile] = []
  /// mm per pixel as fitted and as shown.
  var base = 1.0
  var scale = 1.0
  /// Whether both sides are there, or the one that has the focus.
  var showsBoth = true
  /// Pixels of a cell.
  private(set) var density = PixelDensity.half
  /// Where a side has room that no picture takes.
  private(set) var free: [(side: Tile.Side, area: Rect)] = []
  /// The distance of the lightbox's slices.
  var spacing: Double?
  /// Why there is no picture.
  var refusal: String?

  /// mm per cell: coarser than this a head is a smudge.
  static let coarsest = 16.0
  /// mm per cell that a lightbox does not exceed while fewer slices would help.
  static let mosaicScale = 8.0

  init(_ model: Model, _ layout: Layout) {
    let all = model.sliceDensities
    self.init(model, layout, all.first ?? .half)
    for density in all.dropFirst() {
      // A little less than a pixel for a voxel loses rows; half a per cent loses none.
      if base <= model.scene.step(along: 0) * 1.005 { return }
      self = Arrangement(model, layout, density)
    }
  }

  private init(_ model: Model, _ layout: Layout, _ density: PixelDensity) {
    self.density = density
    guard model.scene.grid != nil else { return }
    switch model.view.layout {
    case .side: sideBySide(model, layout)
    case .planes: planes(model, layout)
    case .lightbox: lightbox(model, layout)
    case .fused: single(model, layout, .fused)
    case .flicker: single(model, layout, model.view.showsRight ? .right : .left)
    }
    if base * Double(density.across) > Self.coarsest {
      tiles = []
      refusal = Self.refusal(model)
    }
  }

  // MARK: - The layouts

  private mutating func sideBySide(_ model: Model, _ layout: Layout) {
    let columns = min(layout.panes[0].columns, layout.panes[1].columns) - 6
    let areas = layout.panes.map {
      Rect(column: $0.column + 3, row: $0.row, columns: columns, rows: $0.rows)
    }
    fit(model, Plane.allCases.map { (areas[0], $0) })
    tiles = zip([Tile.Side.left, .right], areas).map { tile(model, $0, model.navigation.plane, $1) }
  }

  private mutating func single(_ model: Model, _ layout: Layout, _ side: Tile.Side) {
    let pane = layout.whole
    let area = Rect(
      column: pane.column + 3, row: pane.row, columns: pane.columns - 6, rows: pane.rows)
    fit(model, Plane.allCases.map { (area, $0) })
    tiles = [tile(model, side, model.navigation.plane, area)]
  }

  private mutating func planes(_ model: Model, _ layout: Layout) {
    for (side, pane) in sides(model, layout) {
      let (areas, corner) = threeAreas(model, pane)
      fit(model, areas)
      tiles += areas.map { tile(model, side, $0.plane, $0.area) }
      if let corner { free.append((side, corner)) }
    }
  }

  private mutating func lightbox(_ model: Model, _ layout: Layout) {
    let shown = sides(model, layout)
    guard let field = model.scene.field, let pane = shown.first?.pane,
      // By the finest pixels: coarser ones are tried first, and must not decide how many slices there are.
      let mosaic = Mosaic.chosen(model, pane, model.sliceDensities.last ?? density)
    else {
      base = .infinity
      return
    }
    spacing = mosaic.spacing
    let plane = model.navigation.plane
    let axis = plane.normalAxis
    let (low, high) = (field.low[axis], field.high[axis])
    let lattice = SliceLattice(
      cursor: model.cursor[axis], low: low, high: high, spacing: mosaic.spacing)
    fit(model, [(mosaic.area(of: 0, in: pane), plane)])
    for (side, pane) in shown {
      for (n, slice) in lattice.shown(mosaic.slots, low: low, high: high).enumerated() {
        var place = model.cursor
        if slice != lattice.here { place[axis] = lattice[slice] }
        tiles.append(
          tile(
            model, side, plane, mosaic.area(of: n, in: pane), place: place,
            hasCursor: slice == lattice.here, isSmall: true))
      }
    }
  }

  // MARK: - Parts

  /// Both panes where there is room, else the one with the focus in all of the width.
  private mutating func sides(_ model: Model, _ layout: Layout) -> [(side: Tile.Side, pane: Rect)] {
    showsBoth = !model.showsOneSide
    guard showsBoth else { return [(model.panes.rightHasFocus ? .right : .left, layout.whole)] }
    let columns = min(layout.panes[0].columns, layout.panes[1].columns)
    return zip([Tile.Side.left, .right], layout.panes).map {
      ($0, Rect(column: $1.column, row: $1.row, columns: columns, rows: $1.rows))
    }
  }

  /// The finest scale at which every area holds its plane of the field.
  private mutating func fit(_ model: Model, _ areas: [(area: Rect, plane: Plane)]) {
    let cell = density
    let needed = areas.map {
      SliceGeometry.needed(
        model.scene, $0.plane, width: $0.area.columns * cell.across,
        height: $0.area.rows * cell.down)
    }.max()
    let voxel = model.scene.step(along: 0)
    base = SliceGeometry.snapped(needed ?? 3, voxel: voxel, slack: 1.12)
    scale =
      model.view.zoom > 1
      ? SliceGeometry.zoomed(base, by: model.view.zoom, voxel: voxel) : base
  }

  private func tile(
    _ model: Model, _ side: Tile.Side, _ plane: Plane, _ area: Rect, place: WorldPoint? = nil,
    hasCursor: Bool = true, isSmall: Bool = false
  ) -> Tile {
    let cell = density
    let geometry = SliceGeometry(
      plane: plane, isRadiological: model.navigation.isRadiological, scene: model.scene,
      width: area.columns * cell.across, height: area.rows * cell.down, scale: scale,
      centre: model.view.zoom > 1 ? model.view.centre : nil)
    return Tile(
      side: side, geometry: geometry, area: area, place: place ?? model.cursor,
      hasCursor: hasCursor, isSmall: isSmall)
  }

  /// Three planes in a pane: in a row, one under the other, or round a corner, whichever is largest; and the
  /// quarter that three round a corner leave.
  private func threeAreas(
    _ model: Model, _ pane: Rect
  ) -> (areas: [(area: Rect, plane: Plane)], corner: Rect?) {
    guard let field = model.scene.field else { return ([], nil) }
    let size = (0..<3).map { max(1, field.high[$0] - field.low[$0] + model.scene.step(along: $0)) }
    let (x, y, z) = (size[0], size[1], size[2])
    let cell = density
    func part(_ whole: Int, _ share: Double) -> Int { Int(Double(whole) * share) }
    func inset(_ column: Int, _ row: Int, _ columns: Int, _ rows: Int) -> Rect {
      Rect(
        column: pane.column + column + 3, row: pane.row + row, columns: columns - 6, rows: rows)
    }
    // The letters' columns are no part of what is shared out.
    func columns(_ shares: [Double]) -> [Int] {
      let room = max(0, pane.columns - 6 * shares.count)
      return shares.map { part(room, $0 / shares.reduce(0, +)) + 6 }
    }
    let row = columns([x, x, y])
    let corner = columns([x, y])
    let top = part(pane.rows, z / (z + y))
    let (high, low) = (part(pane.rows, y / (y + 2 * z)), part(pane.rows, z / (y + 2 * z)))
    let ways: [[(area: Rect, plane: Plane)]] = [
      [
        (inset(0, 0, row[0], pane.rows), .axial),
        (inset(row[0], 0, row[1], pane.rows), .coronal),
        (inset(row[0] + row[1], 0, row[2], pane.rows), .sagittal),
      ],
      [
        (inset(0, top, corner[0], pane.rows - top), .axial),
        (inset(0, 0, corner[0], top), .coronal),
        (inset(corner[0], 0, corner[1], top), .sagittal),
      ],
      [
        (inset(0, 0, pane.columns, high), .axial),
        (inset(0, high, pane.columns, low), .coronal),
        (inset(0, high + low, pane.columns, low), .sagittal),
      ],
    ]
    func scale(_ way: [(area: Rect, plane: Plane)]) -> Double {
      way.map {
        SliceGeometry.needed(
          model.scene, $0.plane, width: $0.area.columns * cell.across,
          height: $0.area.rows * cell.down)
      }.max() ?? .infinity
    }
    let scales = ways.map(scale)
    let best = scales.indices.min { scales[$0] < scales[$1] } ?? 0
    let quarter = Rect(
      column: pane.column + corner[0] + 2, row: pane.row + top + 1,
      columns: pane.columns - corner[0] - 4, rows: pane.rows - top - 2)
    return (ways[best], best == 1 ? quarter : nil)
  }

  /// The size that this layout needs, from the usual ones.
  private static func refusal(_ model: Model) -> String {
    let sizes = [(100, 30), (120, 40), (160, 45), (200, 60), (300, 80), (500, 200)]
    let here = model.shell.size
    for (columns, rows) in sizes where columns >= here.columns && rows >= here.rows {
      var larger = model
      larger.shell.size = Size(columns: columns, rows: rows)
      let layout = Layout(larger.shell.size)
      if larger.shell.size != here, Arrangement(larger, layout).refusal == nil {
        return
          "this layout needs about \(columns)×\(rows), this is \(here.columns)×\(here.rows); 1 is side by side"
      }
    }
    return "this layout has no room here; 1 is side by side"
  }
}

extension Model {
  /// Whether a layout of many pictures has room for the side with the focus alone.
  var showsOneSide: Bool {
    shell.size.columns < 100 && (view.layout == .planes || view.layout == .lightbox)
  }
}

package import CellUI
package import Imaging

/// A rectangle that was drawn and what it stands for: the mouse asks these and nothing else.
package struct HitRegion: Sendable {
  package let area: Rect
  package let meaning: HitMeaning

  package func contains(column: Int, row: Int) -> Bool {
    column >= area.column && column < area.column + area.columns && row >= area.row
      && row < area.row + area.rows
  }
}

package enum HitMeaning: Sendable {
  /// A slice of the head.
  case slice(SliceRegion)
  /// |value| of an overlay along columns, as its colour bar or histogram shows them.
  case values(OverlayID, first: Double, last: Double)
  /// Perfusion from 0 to its white along columns.
  case white(top: Double)
  /// The number at the white end of perfusion.
  case fullScale
  /// Colours whose scale nothing changes.
  case fixedScale
  /// The matrix of so many regions.
  case matrix(count: Int)
  /// A row of the target list.
  case target(Int)
  /// A row of the bookmarks.
  case bookmark(Int)
  /// A line of the list of people, and a run of the visit that is looked at.
  case visit(Int)
  case visitRun(Int)
  /// A line of the list of series.
  case series(Int)
  /// A hint of the key line.
  case hint(HintTarget)
}

/// What a click on a hint does.
package enum HintTarget: Sendable {
  case action(Action)
  /// Where letters are typed and keys are no actions.
  case key(Key)
}

/// A slice as it was drawn: which cell shows which place.
package struct SliceRegion: Sendable {
  let geometry: SliceGeometry
  let density: PixelDensity
  let area: Rect
  /// The cursor, carried to this slice.
  let place: WorldPoint
  let hasCursor: Bool

  /// The place in the head that the upper half of a cell shows.
  package func world(column: Int, row: Int) -> WorldPoint {
    let (across, down) = (density.across, density.down)
    return geometry.world(
      (column - area.column) * across + across / 2, (row - area.row) * down + (down - 1) / 4,
      through: place)
  }

  /// The cell that shows a place; it may lie outside of the slice.
  package func cell(of point: WorldPoint) -> (column: Int, row: Int) {
    let pixel = geometry.pixel(point)
    func whole(_ v: Int, _ n: Int) -> Int { v >= 0 ? v / n : (v - n + 1) / n }
    return (area.column + whole(pixel.x, density.across), area.row + whole(pixel.y, density.down))
  }
}

/// Everything on the screen that can be pointed at, the uppermost last.
package func hitRegions(_ model: Model) -> [HitRegion] {
  guard Layout.fits(model.shell.size), model.shell.prompt == nil else { return [] }
  let layout = Layout(model.shell.size)
  return screenRegions(model, layout) + FootLine(model, layout).regions
}

/// The regions above the key line.
private func screenRegions(_ model: Model, _ layout: Layout) -> [HitRegion] {
  if model.shell.showsHelp || model.showsLesson { return [] }
  if model.showsSeries { return SeriesScreen(model, layout).regions }
  if model.showsPeople { return BrowserScreen(model, layout).regions }
  if let list = model.targets.list { return TargetScreen(model, list, layout).regions }
  let area = panelArea(layout)
  switch model.shell.panel {
  case .matrix: return MatrixScreen(model, area).map { [$0.region] } ?? []
  case .bookmarks: return BookmarkScreen(model, area).regions
  case .histogram: return histogramRegions(model, area)
  case .registration:
    return model.registration == nil ? [] : RegistrationScreen(model, layout).regions(model)
  case .motion, .networks, .losses, .perfusion, .overlays: return []
  case nil: break
  }
  guard model.scene.grid != nil else { return [] }
  return Arrangement(model, layout).regions + barRegions(model, layout)
    + rightBarRegions(model, layout)
}

extension Arrangement {
  /// The slices as they are drawn.
  var regions: [HitRegion] {
    tiles.map {
      HitRegion(
        area: $0.area,
        meaning: .slice(
          SliceRegion(
            geometry: $0.geometry, density: density, area: $0.area, place: $0.place,
            hasCursor: $0.hasCursor)))
    }
  }
}

import Basics
import CellUI
import Connectivity
import Imaging

/// A click, a drag or the wheel: whatever has a place on the screen. Nothing needs it.
func pointAt(_ model: inout Model, _ mouse: Mouse) -> [Effect] {
  guard Layout.fits(model.shell.size) else { return [] }
  let layout = Layout(model.shell.size, lesson: model.lesson.running != nil)
  if mouse.kind == .wheelUp || mouse.kind == .wheelDown {
    let step = mouse.kind == .wheelUp ? 1 : -1
    if model.shell.showsHelp {
      model.shell.helpPage = max(0, model.shell.helpPage - step)
      return []
    }
    // Over a registration the same keys move the SPECT: no wheel does that by accident.
    guard model.shell.prompt == nil, model.shell.panel != .registration else { return [] }
    return act(&model, step > 0 ? .sliceForward : .sliceBack)
  }
  guard model.shell.prompt == nil, !model.shell.showsHelp, mouse.kind != .release else { return [] }
  if let targets = model.targets.list {
    guard !targets.isConfirming, mouse.kind == .press else { return [] }
    return clickList(&model, targets, layout, mouse)
  }
  switch model.shell.panel {
  case .matrix: return mouse.kind == .press ? clickMatrix(&model, layout, mouse) : []
  case .bookmarks: return mouse.kind == .press ? clickBookmark(&model, layout, mouse) : []
  case .registration, .motion, .networks, .losses, .perfusion, .overlays, .histogram: return []
  case nil: break
  }
  if let effects = clickBar(&model, layout, mouse) { return effects }
  guard let point = worldPoint(under: mouse, model, layout) else { return [] }
  model.cursor = point
  model.navigation.hasMoved = true
  // A dragged seed outside of the brain keeps the last map, as a stepped one does.
  if model.connectivity.isLive {
    guard model.placeAtCursor != nil else { return [] }
    return askSeedMap(&model, .sphere(centre: model.cursor, radius: 6, name: nil))
  }
  return askBand(&model)
}

/// The voxel of the shown grid that a cell of a picture shows: the upper half of the cell. Nil outside
/// of the pictures and of the image.
func worldPoint(under mouse: Mouse, _ model: Model, _ layout: Layout) -> WorldPoint? {
  guard let grid = model.scene.grid else { return nil }
  let arrangement = Arrangement(model, layout)
  let (across, down) = (arrangement.density.across, arrangement.density.down)
  for tile in arrangement.tiles {
    let (column, row) = (mouse.column - tile.area.column, mouse.row - tile.area.row)
    guard column >= 0, column < tile.area.columns, row >= 0, row < tile.area.rows else { continue }
    // The cursor's own cell stays where it is: a click there must not move it by half a cell.
    let here = tile.geometry.pixel(tile.place)
    if tile.hasCursor, here.x >= 0, here.y >= 0, here.x / across == column, here.y / down == row {
      return model.cursor
    }
    let w = tile.geometry.world(
      column * across + across / 2, row * down + (down - 1) / 4, through: tile.place)
    guard let v = grid.nearestVoxel(w) else { return nil }
    // Along the normal the slice keeps its own place.
    var point = grid.world(v)
    let axis = tile.geometry.plane.normalAxis
    point[axis] = tile.place[axis]
    return point
  }
  return nil
}

/// On the left colour bar: the threshold is the value that was pointed at.
private func clickBar(_ model: inout Model, _ layout: Layout, _ mouse: Mouse) -> [Effect]? {
  guard mouse.row == layout.bars.row, mouse.column < layout.panes[1].column else { return nil }
  guard model.overlay != nil, model.overlays.isShown, model.activityOverlay == nil,
    model.shownOverlays.count == 1, let layer = model.shownOverlays.first.map(MapLayer.init),
    layer.sign == .both, layer.level.isFinite, model.style(model.currentOverlayID).kind == .value
  else { return [] }
  guard let bar = signedBar(model, layout) else { return [] }
  let x = mouse.column
  let part: Double
  if x >= bar.positive, x < bar.positive + bar.length {
    part = (Double(x - bar.positive) + 0.5) / Double(bar.length)
  } else if x >= bar.negative, x < bar.negative + bar.length {
    part = (Double(bar.negative + bar.length - 1 - x) + 0.5) / Double(bar.length)
  } else {
    return []
  }
  let value = model.threshold + part * (model.ceiling - model.threshold)
  model.threshold = max(0, min(model.ceiling - 0.05, (value * 100).rounded() / 100))
  tell(&model, "threshold \(fixed(model.threshold, 2)); { and } step it, Ctrl-U goes back")
  return []
}

/// Where the left bar's two halves stand, as it is drawn.
private func signedBar(
  _ model: Model, _ layout: Layout
) -> (negative: Int, positive: Int, length: Int)? {
  let rows = layout.bars.count
  let unit = model.overlays.index == 0 && model.connectivity.seedMap != nil ? "r" : ""
  let width = layout.panes[1].column - 4
  let edge = rows == 1 ? fixed(model.ceiling, 2).count + 2 : 0
  let middle = rows == 1 ? fixed(model.threshold, 2).count + unit.count + 5 : 6
  let length = max(4, (width - 2 * edge - middle) / 2)
  let negative = 2 + edge
  return (negative, negative + length + middle, length)
}

/// A row of the target list.
private func clickList(
  _ model: inout Model, _ state: TargetsState, _ layout: Layout, _ mouse: Mouse
) -> [Effect] {
  guard let list = targetListRows(model, state, layout) else { return [] }
  let n = list.first + mouse.row - list.row
  guard mouse.row >= list.row, mouse.row < list.row + list.count,
    model.targetEntries.indices.contains(n)
  else { return [] }
  model.targets.list?.index = n
  jumpToTarget(&model)
  return []
}

private func clickBookmark(_ model: inout Model, _ layout: Layout, _ mouse: Mouse) -> [Effect] {
  let rows = layout.values - 1
  let (list, first) = bookmarkRows(model, rows)
  let top = 1 + rows - list + 1
  let n = first + mouse.row - top
  guard mouse.row >= top, mouse.row < top + list - 1, model.ways.bookmarks.indices.contains(n)
  else { return [] }
  model.ways.bookmarkIndex = n
  model.cursor = model.ways.bookmarks[n].point
  model.navigation.hasMoved = true
  return cursorArrived(&model)
}

/// A cell of the matrix: the cursor goes to the region of its row, and the pair is said.
private func clickMatrix(_ model: inout Model, _ layout: Layout, _ mouse: Mouse) -> [Effect] {
  guard let matrix = model.analyses.matrix, let run = model.scene.run, matrix.count > 0 else {
    return []
  }
  let rows = layout.values - 2
  let columns = model.shell.size.columns - 2
  let n = matrix.count
  let room = min(2 * rows, columns * 3 / 5)
  let side = n <= room ? n * max(1, room / n) : room
  let (x, y) = (mouse.column - 1, 2 * (mouse.row - 2))
  guard x >= 0, x < side, y >= 0, y < side else { return [] }
  let (a, b) = (min(n - 1, y * n / side), min(n - 1, x * n / side))
  let parcel = matrix.parcels[a]
  // The voxel nearest to the region's middle, which itself may lie outside of it.
  let places = parcel.places.map { run.grid.world(at: Int(run.mask.offsets[$0])) }
  var mean = WorldPoint(0, 0, 0)
  for p in places { for axis in 0..<3 { mean[axis] += p[axis] / Double(places.count) } }
  guard let nearest = places.min(by: { $0.distance(to: mean) < $1.distance(to: mean) }) else {
    return []
  }
  model.cursor = nearest
  model.navigation.hasMoved = true
  tell(
    &model,
    a == b
      ? parcel.name
      : "\(parcel.name) with \(matrix.parcels[b].name): r \(fixed(matrix[a, b], 2, signed: true))")
  return cursorArrived(&model)
}

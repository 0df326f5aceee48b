import Basics
import CellUI
import Connectivity
import Imaging

/// A click, a drag or the wheel: whatever has a place on the screen. Nothing needs it.
///
/// What lies under it is what is on the screen, a message too; that goes with the click.
func pointAt(_ model: inout Model, _ mouse: Mouse) -> [Effect] {
  let isPointed = mouse.kind == .press || mouse.kind == .drag
  let under =
    isPointed
    ? hitRegions(model).last { $0.contains(column: mouse.column, row: mouse.row) } : nil
  model.notice = nil
  guard Layout.fits(model.shell.size) else { return [] }
  if mouse.kind == .wheelUp || mouse.kind == .wheelDown {
    let step = mouse.kind == .wheelUp ? 1 : -1
    if model.shell.showsHelp {
      model.shell.helpPage = max(0, model.shell.helpPage - step)
      return []
    }
    // Over a registration the same keys move the SPECT: no wheel does that by accident.
    guard model.shell.prompt == nil, model.shell.panel != .registration else { return [] }
    if model.showsPeople { return wheelOverList(&model, -step) }
    return act(&model, step > 0 ? .sliceForward : .sliceBack)
  }
  guard let region = under else { return [] }
  let isPress = mouse.kind == .press
  switch region.meaning {
  case .slice(let slice): return pointAtSlice(&model, slice, mouse)
  case .values(let id, let first, let last):
    let part = (Double(mouse.column - region.area.column) + 0.5) / Double(region.area.columns)
    return pointAtValue(&model, id, abs(first + part * (last - first)))
  case .white(let top):
    // Not dragged: the scale under the mouse changes with every step.
    guard isPress else { return [] }
    let part = Double(mouse.column - region.area.column + 1) / Double(region.area.columns)
    return pointAtWhite(&model, part * top, top: top)
  case .fullScale:
    guard isPress else { return [] }
    model.perfusion.rightScale = 1
    tell(&model, "the whole scale of perfusion")
    return []
  case .fixedScale:
    return isPress
      ? refuse(&model, "the scale of \(model.rightContent.heading) is fixed") : []
  case .matrix(let count):
    return isPress ? pointAtMatrix(&model, region.area, count, mouse) : []
  case .target(let n):
    guard isPress, model.targetEntries.indices.contains(n) else { return [] }
    model.targets.list?.index = n
    jumpToTarget(&model)
    return []
  case .bookmark(let n):
    guard isPress, model.ways.bookmarks.indices.contains(n) else { return [] }
    model.ways.bookmarkIndex = n
    model.cursor = model.ways.bookmarks[n].point
    model.navigation.hasMoved = true
    return cursorArrived(&model)
  case .visit, .visitRun, .series: return isPress ? pointAtList(&model, region.meaning) : []
  case .hint(let target):
    guard isPress else { return [] }
    switch target {
    case .action(let action): return act(&model, action)
    case .key(let key): return typeInHelp(&model, key)
    }
  }
}

/// The cursor goes to the voxel that the cell shows.
private func pointAtSlice(
  _ model: inout Model, _ slice: SliceRegion, _ mouse: Mouse
) -> [Effect] {
  guard let point = slice.voxelPlace(under: mouse, model) else { return [] }
  model.cursor = point
  model.navigation.hasMoved = true
  if model.shell.panel == .registration {
    // Arrows move the SPECT in the plane that was looked at last.
    model.navigation.plane = slice.geometry.plane
    return []
  }
  return cursorArrived(&model)
}

extension SliceRegion {
  /// The voxel of the shown grid that a cell shows; nil outside of the image.
  fileprivate func voxelPlace(under mouse: Mouse, _ model: Model) -> WorldPoint? {
    guard let grid = model.scene.grid else { return nil }
    // The cursor's own cell stays where it is: a click there must not move it by half a cell.
    if hasCursor, cell(of: place) == (mouse.column, mouse.row) { return model.cursor }
    guard let v = grid.nearestVoxel(world(column: mouse.column, row: mouse.row)) else { return nil }
    // Along the normal the slice keeps its own place.
    var point = grid.world(v)
    let axis = geometry.plane.normalAxis
    point[axis] = place[axis]
    return point
  }
}

/// On a colour bar or a histogram: the overlay's threshold is the value that was pointed at.
private func pointAtValue(_ model: inout Model, _ id: OverlayID, _ value: Double) -> [Effect] {
  var style = model.style(id)
  let step = style.ceiling <= 1 ? 0.05 : roundNumber(style.ceiling / 20)
  style.threshold = max(
    0, min(style.ceiling - step, (value * 100).rounded() / 100))
  model.view.styles[id] = style
  tell(
    &model, "threshold \(fixed(style.threshold, 2)); { and } step it, Ctrl-U goes back")
  return []
}

/// On the bar of perfusion: its white is the value that was pointed at, as far as white goes down.
private func pointAtWhite(_ model: inout Model, _ value: Double, top: Double) -> [Effect] {
  let full = top / model.perfusion.rightScale
  let white = max(0.2 * full, value)
  let effects = setWhite(&model, 0, white, top: top)
  tell(
    &model,
    "white is \(numberText(white)); { and } step it, the number at the bar's end gives all of it back"
  )
  return effects
}

/// A cell of the matrix: the cursor goes to the region of its row, and the pair is said.
private func pointAtMatrix(
  _ model: inout Model, _ area: Rect, _ count: Int, _ mouse: Mouse
) -> [Effect] {
  guard let matrix = model.analyses.matrix, matrix.count == count, let run = model.scene.run else {
    return []
  }
  let (x, y) = (mouse.column - area.column, 2 * (mouse.row - area.row))
  let (a, b) = (
    min(count - 1, y * count / area.columns), min(count - 1, x * count / area.columns)
  )
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

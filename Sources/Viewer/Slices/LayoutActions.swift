import CellUI
import Imaging

extension Model {
  /// Whether the flicker layout is on screen and goes to and fro by itself.
  var isAlternating: Bool { view.layout == .flicker && view.alternates && movie.windows == nil }

  /// How long the loop waits for a key before something moves by itself; nil when nothing does.
  package var tickMilliseconds: Int? {
    if lesson.running != nil { return lessonMilliseconds }
    if movie.isPlaying { return 200 }
    // Slow enough for the eyes of people whom flashes harm: they begin at three a second.
    return isAlternating ? 800 : nil
  }
}

/// Actions that change how the sides are laid out; nil for all others.
func actOnLayouts(_ model: inout Model, _ action: Action) -> [Effect]? {
  switch action {
  case .side: setLayout(&model, .side)
  case .planes: setLayout(&model, .planes)
  case .lightbox: setLayout(&model, .lightbox)
  case .fused: setLayout(&model, .fused)
  case .flicker:
    if model.view.layout == .flicker, model.shell.panel == nil {
      model.view.showsRight.toggle()
    } else {
      setLayout(&model, .flicker)
    }
  case .play where model.view.layout == .flicker && model.movie.windows == nil:
    model.view.alternates.toggle()
  case .less, .more: return changeAmount(&model, action == .more ? 1 : -1)
  case .zoomIn, .zoomOut: return zoomStep(&model, isIn: action == .zoomIn)
  case .zoomReset: setZoom(&model, 1)
  case .centre:
    guard model.view.zoom > 1 else {
      return refuse(&model, "nothing is zoomed; \(model.key(.zoomIn)) zooms in")
    }
    model.view.centre = model.cursor
  case .pan:
    guard model.view.zoom > 1 || model.navigation.isPanning else {
      return refuse(&model, "all of the head is on screen; \(model.key(.zoomIn)) zooms in")
    }
    model.navigation.isPanning.toggle()
  case .left where model.navigation.isPanning, .right where model.navigation.isPanning,
    .up where model.navigation.isPanning,
    .down where model.navigation.isPanning:
    pan(&model, action)
  default: return nil
  }
  return []
}

/// Leaves what Esc leaves before anything else of the slices.
func endLayoutMode(_ model: inout Model) -> Bool {
  if model.navigation.isPanning {
    model.navigation.isPanning = false
  } else if model.isAlternating {
    model.view.alternates = false
  } else {
    return false
  }
  return true
}

func setLayout(_ model: inout Model, _ layout: PaneLayout) {
  model.view.layout = layout
  // A layout is of slices: a panel would hide that anything happened.
  model.shell.panel = nil
}

/// The lightbox's spacing, or the fused picture's mix.
private func changeAmount(_ model: inout Model, _ direction: Int) -> [Effect] {
  switch model.view.layout {
  case .fused:
    model.view.mix = max(0, min(100, model.view.mix + 10 * direction))
  case .lightbox:
    let step = model.scene.step(along: model.navigation.plane.normalAxis)
    let layout = Layout(model.shell.size)
    let now = Arrangement(model, layout).spacing ?? 4 * step
    // Whole voxels, so that no slice is shown twice.
    let voxels = max(1, (now / step).rounded() + Double(direction))
    let wanted = voxels * step
    guard Presentation.spacings.contains(wanted) else {
      return refuse(&model, "slices can be 1 to 100 mm apart")
    }
    model.view.spacing = wanted
  default:
    return refuse(&model, "( and ) change the lightbox (3) and the fused picture (4)")
  }
  return []
}

// MARK: - Zoom

private func zoomStep(_ model: inout Model, isIn: Bool) -> [Effect] {
  let now = Arrangement(model, Layout(model.shell.size))
  guard !now.tiles.isEmpty else { return refuse(&model, "there is no picture to zoom") }
  let steps = SliceGeometry.zoomSteps(now.base, voxel: model.scene.step(along: 0))
  let next =
    isIn
    ? steps.first { $0 < now.scale * 0.99 } : steps.last { $0 > now.scale * 1.01 }
  guard let next else {
    return refuse(
      &model, isIn ? "this is as near as it goes" : "all of the head is on screen")
  }
  setZoom(&model, next >= now.base ? 1 : now.base / next)
  return []
}

/// Zooms so that the cursor stays where it is on the screen.
func setZoom(_ model: inout Model, _ zoom: Double) {
  guard zoom > 1 else {
    model.view.zoom = 1
    model.view.centre = nil
    model.navigation.isPanning = false
    return
  }
  let middle = model.view.centre ?? model.scene.middle
  let part = model.view.zoom / zoom
  var centre = model.cursor
  for axis in 0..<3 {
    centre[axis] += (middle[axis] - model.cursor[axis]) * part
  }
  model.view.zoom = zoom
  model.view.centre = inField(centre, model.scene)
  keepCursorInSight(&model)
}

/// An eighth of the picture to a side.
private func pan(_ model: inout Model, _ action: Action) {
  let now = Arrangement(model, Layout(model.shell.size))
  guard
    let tile = now.tiles.first(where: { $0.geometry.plane == model.navigation.plane })
      ?? now.tiles.first
  else { return }
  let axes = tile.geometry.axes
  var centre = model.view.centre ?? model.scene.middle
  let across = Double(max(1, tile.geometry.width / 8)) * now.scale
  let down = Double(max(1, tile.geometry.height / 8)) * now.scale
  switch action {
  case .left: centre[axes.horizontalAxis] -= axes.horizontalSign * across
  case .right: centre[axes.horizontalAxis] += axes.horizontalSign * across
  case .up: centre[axes.verticalAxis] += down
  default: centre[axes.verticalAxis] -= down
  }
  model.view.centre = inField(centre, model.scene)
}

/// Moves a zoomed picture as little as shows the cursor.
func keepCursorInSight(_ model: inout Model) {
  guard model.view.zoom > 1 else { return }
  let now = Arrangement(model, Layout(model.shell.size))
  var centre = model.view.centre ?? model.scene.middle
  var done: Set<Int> = []
  for tile in now.tiles where tile.hasCursor {
    let g = tile.geometry
    let at = g.pixel(model.cursor)
    func correction(_ place: Int, _ size: Int) -> Double {
      let margin = min(3, size / 4)
      if place < margin { return Double(place - margin) }
      if place >= size - margin { return Double(place - (size - margin - 1)) }
      return 0
    }
    if done.insert(g.axes.horizontalAxis).inserted {
      centre[g.axes.horizontalAxis] +=
        g.axes.horizontalSign * correction(at.x, g.width) * now.scale
    }
    if done.insert(g.axes.verticalAxis).inserted {
      centre[g.axes.verticalAxis] -= correction(at.y, g.height) * now.scale
    }
  }
  model.view.centre = centre
}

/// A place moved into the field.
func inField(_ w: WorldPoint, _ scene: Scene) -> WorldPoint {
  guard let field = scene.field else { return w }
  var out = w
  for axis in 0..<3 { out[axis] = max(field.low[axis], min(field.high[axis], w[axis])) }
  return out
}

extension Scene {
  /// The middle of the field.
  var middle: WorldPoint {
    guard let field else { return WorldPoint(0, 0, 0) }
    return WorldPoint(
      (field.low.x + field.high.x) / 2, (field.low.y + field.high.y) / 2,
      (field.low.z + field.high.z) / 2)
  }
}

import Basics
import CellUI
import Connectivity
import Imaging
import Perfusion
import Targeting

/// Keys that move the cursor and turn the picture; nil for all others.
func actOnSlices(_ model: inout Model, _ action: Action) -> [Effect]? {
  switch action {
  case .left, .right, .up, .down, .sliceForward, .sliceBack: return moveCursor(&model, action)
  case .axial: model.navigation.plane = .axial
  case .coronal: model.navigation.plane = .coronal
  case .sagittal: model.navigation.plane = .sagittal
  case .frameBack: return stepFrame(&model, -1)
  case .frameForward: return stepFrame(&model, 1)
  case .underlay:
    if model.underlayCount > 0 {
      model.navigation.underlayIndex = (model.navigation.underlayIndex + 1) % model.underlayCount
    }
  case .flip:
    guard model.scene.laterality == .known else {
      return refuse(&model, "the sides are unknown: there is no convention to flip")
    }
    model.navigation.isRadiological.toggle()
  case .otherPane:
    model.panes.rightHasFocus.toggle()
    // Clusters of another map are counted from the first.
    model.ways.cluster = nil
  default: return nil
  }
  return []
}

/// Moves the cursor by voxels on the screen.
private func move(_ model: inout Model, horizontal: Int, vertical: Int) -> [Effect] {
  let axes = ScreenAxes(
    plane: model.navigation.plane, isRadiological: model.navigation.isRadiological)
  if horizontal != 0 {
    return moveAlong(&model, axes.horizontalAxis, horizontal * Int(axes.horizontalSign))
  }
  return moveAlong(&model, axes.verticalAxis, vertical)
}

/// Moves the cursor as a key says that means a direction.
func moveCursor(_ model: inout Model, _ action: Action) -> [Effect] {
  switch action {
  case .left: move(&model, horizontal: -1, vertical: 0)
  case .right: move(&model, horizontal: 1, vertical: 0)
  case .up: move(&model, horizontal: 0, vertical: 1)
  case .down: move(&model, horizontal: 0, vertical: -1)
  case .sliceForward: moveAlong(&model, model.navigation.plane.normalAxis, 1)
  case .sliceBack: moveAlong(&model, model.navigation.plane.normalAxis, -1)
  default: []
  }
}

/// Moves the cursor along a world axis, kept within the picture.
private func moveAlong(_ model: inout Model, _ axis: Int, _ steps: Int) -> [Effect] {
  guard let field = model.scene.field else { return [] }
  let step = model.scene.step(along: axis)
  let margin = 3 * step
  let wanted = model.cursor[axis] + Double(steps) * step
  guard wanted >= field.low[axis] - margin, wanted <= field.high[axis] + margin else { return [] }
  model.cursor[axis] = wanted
  model.navigation.hasMoved = true
  return cursorArrived(&model)
}

private func stepFrame(_ model: inout Model, _ step: Int) -> [Effect] {
  guard let run = model.scene.run else { return refuse(&model, "frames need a BOLD run (--bold)") }
  model.navigation.frame = max(0, min(run.frameCount - 1, model.navigation.frame + step))
  return []
}

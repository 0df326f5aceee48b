import Imaging
import Perfusion

/// Where the lesson stands, and what the screen was before it.
package struct LessonState: Sendable {
  package var step: Int
  var camera: Camera
  var right: RightPane
  var view: Presentation
}

/// Begins the lesson, or ends it.
func toggleLesson(_ model: inout Model) -> [Effect] {
  if model.lesson.running != nil { return endLesson(&model) }
  if model.shell.isLoading { return refuse(&model, "the files are still being read") }
  guard model.scene.run != nil else {
    return refuse(&model, "the lesson needs a BOLD run (--bold); `boldspect lesson` has one")
  }
  model.shell.panel = nil
  model.targets.list = nil
  model.lesson.running = LessonState(
    step: 0, camera: model.averaging.camera, right: model.panes.right, view: model.view)
  // Numbers and words of the lesson are of the plain picture.
  model.view = Presentation()
  model.averaging.camera.proxy = .mean
  return Lesson.steps[0].prepare(&model)
}

func endLesson(_ model: inout Model) -> [Effect] {
  guard let state = model.lesson.running else { return [] }
  model.lesson.running = nil
  model.averaging.camera = state.camera
  model.panes.right = state.right
  model.view = state.view
  return refreshRight(&model)
}

/// Actions while a lesson is given; nil for those that mean the same as elsewhere.
func actOnLesson(_ model: inout Model, _ action: Action) -> [Effect]? {
  guard let state = model.lesson.running else { return nil }
  switch action {
  case .next, .accept: return step(&model, state.step + 1)
  case .previous: return step(&model, state.step - 1)
  case .lesson: return endLesson(&model)
  default: return nil
  }
}

private func step(_ model: inout Model, _ wanted: Int) -> [Effect] {
  guard wanted < Lesson.steps.count else { return endLesson(&model) }
  guard wanted >= 0 else { return [] }
  model.lesson.running?.step = wanted
  return Lesson.steps[wanted].prepare(&model)
}

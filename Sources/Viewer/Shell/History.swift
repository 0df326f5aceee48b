import Basics
import CellUI
import Connectivity
import Imaging

/// The one place where state changes: pure, and what must be done elsewhere comes back as effects.
///
/// Around the change itself it is remembered what the views were and where the cursor was, so that
/// both can be gone back to.
///
/// An answer that nobody awaits, or that was made of what is no longer shown, ends here.
package func update(_ model: inout Model, by message: Message) -> [Request] {
  switch message {
  case .event, .tick:
    model.requests.answering = nil
    return ask(&model, message)
  case .answer(let id, let made, let inner):
    guard let effect = model.requests.pending[id] else { return [] }
    // That nothing more comes is true whatever was made.
    if case .finished = inner {} else if !model.shows(made, for: effect) { return [] }
    model.requests.answering = (id, effect)
    defer { model.requests.answering = nil }
    return ask(&model, inner)
  default: return []
  }
}

/// What the viewer asks for before a key was pressed.
package func firstRequests(_ model: inout Model) -> [Request] {
  [model.requests.stamp(.load), model.requests.stamp(.recall)]
}

/// Changes the model and gives what it asks for its names.
private func ask(_ model: inout Model, _ message: Message) -> [Request] {
  let wanting = Wanting(model)
  var effects = remembered(&model, message)
  let dropped = model.dropWorthless(since: wanting, effects)
  if !dropped.isEmpty { effects.insert(.forget(dropped), at: 0) }
  let shown = Shown(model)
  return effects.map { model.requests.stamp($0, shown) }
}

private func remembered(_ model: inout Model, _ message: Message) -> [Effect] {
  let before = model.viewState
  model.ways.isStepping = false
  let bookmarks = model.ways.bookmarks
  var effects = respond(&model, message)
  rememberLooking(&model)
  if case .event = message, model.ways.bookmarks != bookmarks {
    effects.append(.keepBookmarks(model.ways.bookmarks))
  }
  // What undo brings back has its own middle of the picture.
  if model.cursor != before.cursor, !model.ways.isRestoring { keepCursorInSight(&model) }
  model.ways.isRestoring = false
  model.refreshThresholds()
  remember(&model, message, before)
  return effects
}

/// Steps that are kept.
private let historyLimit = 300

private func remember(_ model: inout Model, _ message: Message, _ before: ViewState) {
  guard !model.ways.isStepping, model.scene.grid != nil else { return }
  switch message {
  case .event, .seedMap, .targets, .loadedTargets, .foundPeaks: break
  default: return
  }
  let after = model.viewState
  let steps = (0..<3).map { abs(after.cursor[$0] - before.cursor[$0]) }
  let isJump = (0..<3).contains { steps[$0] > 1.5 * model.scene.step(along: $0) }
  if isJump,
    model.navigation.hasMoved || !model.ways.places.isEmpty || before.cursor != WorldPoint(0, 0, 0)
  {
    model.ways.places.append(before.cursor)
    model.ways.places = model.ways.places.suffix(historyLimit)
    model.ways.placesAhead = []
  }
  // The lesson moves camera and panes itself, and gives them back.
  guard model.lesson.running == nil, after != before else { return }
  // An answer belongs to the key that asked; only a seed in words says with it what it is.
  switch message {
  case .event, .foundPeaks: break
  default: if after.seed == before.seed { return }
  }
  let moves = before.differsOnlyInPlace(from: after) && !isJump
  if !(moves && model.ways.isMoving && model.ways.future.isEmpty) {
    model.ways.past.append(before)
    model.ways.past = model.ways.past.suffix(historyLimit)
  }
  model.ways.isMoving = moves
  model.ways.future = []
}

/// Undo, redo, back and forward; nil for all others.
func actOnHistory(_ model: inout Model, _ action: Action) -> [Effect]? {
  let isHistory = [.undoView, .redoView, .placeBack, .placeForward].contains(action)
  // There something is being decided about the place on screen: it must not move under the decision.
  if isHistory, [.targets, .confirm, .following, .registration, .lesson].contains(model.context) {
    return refuse(&model, "Esc first: this would move the picture under \(model.context.title)")
  }
  switch action {
  case .undoView, .redoView:
    model.ways.isStepping = true
    model.ways.isRestoring = true
    let isUndo = action == .undoView
    let now = model.viewState
    guard let wanted = isUndo ? model.ways.past.popLast() : model.ways.future.popLast() else {
      return refuse(
        &model, isUndo ? "no view to go back to" : "no view was undone")
    }
    if isUndo { model.ways.future.append(now) } else { model.ways.past.append(now) }
    model.ways.isMoving = false
    let effects = show(&model, wanted)
    if model.notice == nil {
      tell(
        &model,
        "\(isUndo ? "undone" : "redone"): now \(changeWords(from: now, to: wanted)); "
          + "\(model.ways.past.count) back, \(model.ways.future.count) forward")
    }
    return effects
  case .placeBack, .placeForward:
    model.ways.isStepping = true
    let isBack = action == .placeBack
    let here = model.cursor
    func next() -> WorldPoint? {
      isBack ? model.ways.places.popLast() : model.ways.placesAhead.popLast()
    }
    // Undo may have come here already: a step that goes nowhere is none.
    var found = next()
    while let same = found, same == here { found = next() }
    guard let there = found else {
      return refuse(&model, isBack ? "no place was left by a jump yet" : "no later place")
    }
    if isBack { model.ways.placesAhead.append(here) } else { model.ways.places.append(here) }
    model.cursor = there
    model.navigation.hasMoved = true
    return cursorArrived(&model)
  default: return nil
  }
}

/// Which ways of looking two states differ in, by name.
func changeWords(from a: ViewState, to b: ViewState) -> String {
  var names = ViewField.all.filter { $0.write(a) != $0.write(b) }.map { field in
    // What a screen has no short word for is named alone.
    ["cursor", "zoom-centre", "overlay-styles"].contains(field.name)
      ? "another " + field.name.split(separator: "-").joined(separator: " ")
      : "\(field.name) \(field.write(b) == .null ? "none" : (field.write(b).asString ?? field.write(b).text))"
  }
  if a.seed != b.seed { names.append("seed " + (b.seed?.shortTitle ?? "none")) }
  return names.isEmpty ? "nothing that is seen" : names.prefix(4).joined(separator: ", ")
}

/// What follows wherever the cursor goes at once: a live seed, the band of a movie.
func cursorArrived(_ model: inout Model) -> [Effect] {
  // A live seed that comes to lie outside of the brain keeps the last map.
  model.connectivity.isLive ? seedHere(&model, quiet: true) : askBand(&model)
}

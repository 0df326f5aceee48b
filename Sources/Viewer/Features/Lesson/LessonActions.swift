import Basics
package import Connectivity
import Imaging
import Targeting

/// What a part of the lesson is made with, beside the files.
package struct LessonWish: Sendable, Equatable {
  /// An event that is known; nil looks for the minute that differs most.
  package var event: LessonTruth.Event?
  package var seed: Seed?

  package init(event: LessonTruth.Event? = nil, seed: Seed? = nil) {
    self.event = event
    self.seed = seed
  }
}

/// Begins the lesson, goes on where it was left, or leaves it.
func toggleLesson(_ model: inout Model) -> [Effect] {
  model.lesson.running == nil ? enterLesson(&model, nil) : leaveLesson(&model)
}

/// The lesson at a step, from 1 on; nil goes on where it was left.
func enterLesson(_ model: inout Model, _ number: Int?) -> [Effect] {
  if model.shell.isLoading { return refuse(&model, "the files are still being read") }
  guard model.scene.run != nil else {
    return refuse(&model, "the lesson needs a BOLD run (--bold); `boldspect lesson` has one")
  }
  if let number, !(1...Lesson.steps.count).contains(number) {
    return refuse(&model, "the lesson has steps 1 to \(Lesson.steps.count)")
  }
  model.shell.panel = nil
  model.targets.list = nil
  var state = model.lesson.running ?? model.lesson.left ?? LessonState()
  if model.lesson.running == nil {
    state.seed = model.ways.seed ?? model.connectivity.seedMap?.seed
  }
  if let number { state.step = number - 1 }
  state.showsContents = false
  model.lesson.running = state
  return beginStep(&model)
}

/// The page with all steps.
func showContents(_ model: inout Model) -> [Effect] {
  let effects = model.lesson.running == nil ? enterLesson(&model, nil) : []
  if model.lesson.running != nil { model.lesson.running?.showsContents = true }
  return effects
}

func leaveLesson(_ model: inout Model) -> [Effect] {
  guard var state = model.lesson.running else { return [] }
  state.showsContents = false
  state.autoSeconds = nil
  model.lesson.left = state
  model.lesson.running = nil
  tell(
    &model,
    "\(model.key(.lesson)) comes back to step \(state.step + 1) of the lesson, :lesson N to another"
  )
  if let seed = state.seed, seed != model.connectivity.seedMap?.seed {
    return askSeedMap(&model, seed)
  }
  return refreshRight(&model)
}

/// Actions while a lesson is given; nil for those that mean the same as elsewhere.
func actOnLesson(_ model: inout Model, _ action: Action) -> [Effect]? {
  guard let state = model.lesson.running else { return nil }
  if state.showsContents { return actOnContents(&model, action) }
  switch action {
  case .next, .seed, .sliceBack, .right: return go(&model, by: 1)
  case .previous, .sliceForward, .left: return go(&model, by: -1)
  case .accept, .axial: model.lesson.running?.showsAnswer.toggle()
  case .targets: return toggleTruth(&model)
  case .coronal: model.lesson.running?.showsContents = true
  case .coarser, .up, .frameForward: return vary(&model, by: 1)
  case .finer, .down, .frameBack: return vary(&model, by: -1)
  case .play: return toggleAutoplay(&model)
  case .lesson: return leaveLesson(&model)
  case .command: return nil
  default:
    return refuse(
      &model, "this key is not one of the lesson's; Esc leaves it, \(model.key(.lesson)) comes back"
    )
  }
  return []
}

private func actOnContents(_ model: inout Model, _ action: Action) -> [Effect]? {
  let last = Lesson.steps.count - 1
  let step = model.lessonNow.step
  switch action {
  case .next, .down, .right: model.lesson.running?.step = min(last, step + 1)
  case .previous, .up, .left: model.lesson.running?.step = max(0, step - 1)
  case .accept, .seed, .coronal, .lesson:
    return closeContents(&model)
  case .command: return nil
  default: break
  }
  return []
}

/// From the page of all steps to the one that is marked.
func closeContents(_ model: inout Model) -> [Effect] {
  model.lesson.running?.showsContents = false
  return beginStep(&model)
}

private func go(_ model: inout Model, by count: Int) -> [Effect] {
  let wanted = model.lessonNow.step + count
  guard Lesson.steps.indices.contains(wanted) else {
    model.lesson.running?.autoSeconds = nil
    return refuse(
      &model,
      count > 0
        ? "this is the last step; \(model.key(.coronal)) shows all of them, Esc leaves the lesson"
        : "this is the first step")
  }
  model.lesson.running?.step = wanted
  return beginStep(&model)
}

/// Sets what a step begins with and asks for what it needs.
private func beginStep(_ model: inout Model) -> [Effect] {
  guard var state = model.lesson.running, Lesson.steps.indices.contains(state.step) else {
    return []
  }
  state.showsAnswer = false
  state.moments = 0
  let step = Lesson.steps[state.step]
  state.width = step.firstWidth
  state.phase = 40
  model.lesson.running = state
  var effects: [Effect] = []
  let asked = model.ways.seed ?? model.connectivity.seedMap?.seed
  let usual = model.scene.space == .mni152 ? Sites.seed(named: "PCC") : nil
  let seed = asked ?? usual ?? .sphere(centre: model.cursor, radius: 6, name: nil)
  if asked == nil { effects += askSeedMap(&model, seed) }
  let wish = LessonWish(event: model.lesson.truth?.event, seed: seed)
  for part in step.needs where !model.lesson.has(part) && model.lesson.failures[part] == nil {
    let isAwaited = model.requests.isAwaited {
      if case .lesson(part, _) = $0 { true } else { false }
    }
    if !isAwaited { effects.append(.lesson(part, wish)) }
  }
  return effects + step.prepare(&model)
}

/// The one thing that changes in a step.
private func vary(_ model: inout Model, by count: Int) -> [Effect] {
  let step = Lesson.steps[model.lessonNow.step]
  guard let variable = step.variable else {
    return refuse(&model, "nothing changes in this step; \(model.key(.next)) goes on")
  }
  if step.moves {
    let views = model.lesson.camera?.views ?? 60
    let now = model.lessonNow.phase
    model.lesson.running?.phase = (now + count + views) % views
    return []
  }
  let wanted = model.lessonNow.width + count
  guard lessonWidths.indices.contains(wanted) else {
    return refuse(&model, "the \(variable) goes no further")
  }
  model.lesson.running?.width = wanted
  return []
}

private func toggleTruth(_ model: inout Model) -> [Effect] {
  guard model.lesson.truth != nil else {
    return refuse(&model, "the truth is known of synthetic people alone")
  }
  guard !model.knownTruth(Lesson.steps[model.lessonNow.step]).isEmpty else {
    let known = Lesson.steps.indices.filter { !model.knownTruth(Lesson.steps[$0]).isEmpty }
      .map { "\($0 + 1)" }
    return refuse(
      &model,
      "no known truth answers this step; it answers steps \(known.joined(separator: ", "))")
  }
  model.lesson.running?.showsTruth.toggle()
  return []
}

private func toggleAutoplay(_ model: inout Model) -> [Effect] {
  if model.lesson.running?.autoSeconds != nil {
    model.lesson.running?.autoSeconds = nil
    tell(&model, "the lesson waits for keys")
  } else {
    model.lesson.running?.autoSeconds = LessonState.usualAutoSeconds
    model.lesson.running?.moments = 0
    tell(
      &model,
      "a step every \(plainNumber(LessonState.usualAutoSeconds)) s, its answer after half of them; "
        + "\(model.key(.play)) stops")
  }
  return []
}

extension LessonState {
  static let usualAutoSeconds = 20.0
  /// Milliseconds of a moment.
  static let moment = 200
}

extension Model {
  /// Whether the lesson is what is on screen.
  var showsLesson: Bool {
    lesson.running != nil && !shell.showsHelp && targets.list == nil && shell.panel != .registration
  }

  /// How often the lesson moves by itself; nil for not.
  var lessonMilliseconds: Int? {
    guard showsLesson, let state = lesson.running, !state.showsContents,
      Lesson.steps.indices.contains(state.step)
    else { return nil }
    let turns = Lesson.steps[state.step].moves && lesson.camera != nil
    return turns || state.autoSeconds != nil ? LessonState.moment : nil
  }
}

/// A moment passed.
func lessonTick(_ model: inout Model) -> [Effect] {
  guard model.showsLesson, var state = model.lesson.running, !state.showsContents else {
    return []
  }
  if Lesson.steps[state.step].moves, let camera = model.lesson.camera {
    state.phase = (state.phase + 1) % camera.views
  }
  guard let seconds = state.autoSeconds else {
    model.lesson.running = state
    return []
  }
  state.moments += 1
  let passed = Double(state.moments * LessonState.moment) / 1000
  if passed >= seconds / 2 { state.showsAnswer = true }
  model.lesson.running = state
  guard passed >= seconds else { return [] }
  return go(&model, by: 1)
}

/// Takes in a part that was made.
func receiveLesson(_ model: inout Model, _ message: Message) -> [Effect] {
  switch message {
  case .lesson(let material):
    model.lesson.take(material)
    model.shell.progress = nil
  case .lessonTruth(let truth): model.lesson.truth = truth
  default: break
  }
  return []
}

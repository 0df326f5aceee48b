import Basics
import CellUI
import Connectivity
import Imaging
import Perfusion
import Targeting

/// What a message changes, by the feature that it belongs to; `update` remembers what was before.
func respond(_ model: inout Model, _ message: Message) -> [Effect] {
  switch message {
  case .event(let event): handle(&model, event)
  // Opened before: what comes here is what it holds.
  case .answer: []
  case .firstLook, .loaded, .spects, .prepared: receiveScene(&model, message)
  case .cleaned, .seedMap, .blurredMap, .inference: receiveSeeds(&model, message)
  case .activity, .motion, .matrix, .networks: receiveAnalyses(&model, message)
  case .movie, .windowBand, .tick: receiveMovie(&model, message)
  case .change: receiveChange(&model, message)
  case .simulated, .simulatedSlice, .contrast, .blurredSeries: receiveAveraging(&model, message)
  case .made, .perfusion, .peaks: receivePerfusion(&model, message)
  case .foundPeaks(let search, let found): receivePeaks(&model, search, found)
  case .targets, .coil, .recovered, .keptMarks, .saved, .loadedTargets:
    receiveTargets(&model, message)
  case .aligned: receiveRegistration(&model, message)
  case .lesson, .lessonTruth: receiveLesson(&model, message)
  case .sides: receiveSides(&model, message)
  case .bookmarks: receiveBookmarks(&model, message)
  case .people, .series, .facts, .lastView: receivePeople(&model, message)
  case .progress, .finished, .files, .typed, .told, .failed: receiveShell(&model, message)
  }
}

private func handle(_ model: inout Model, _ event: Event) -> [Effect] {
  switch event {
  case .resized(let size):
    model.shell.size = size
    return []
  case .resumed: return [.redraw]
  case .ended:
    model.shell.hasEnded = true
    return [.quit]
  case .key(let key):
    if case .mouse(let mouse) = key { return pointAt(&model, mouse) }
    let wasNotice = model.notice != nil
    model.notice = nil
    let before = model.shell.prompt
    if case .pasted(let text) = key {
      let effects = paste(&model, text)
      followSearch(&model, before, key)
      return effects
    }
    if before != nil {
      let effects = typePrompt(&model, key)
      followSearch(&model, before, key)
      return effects
    }
    if model.shell.showsHelp { return typeInHelp(&model, key) }
    guard let action = model.ways.keys.action(for: key) else { return [] }
    // The key that takes a message away does nothing else when it is Esc.
    if wasNotice, action == .back { return [] }
    return act(&model, action)
  }
}

/// What carries an action out, or leaves it to the next one.
private typealias ActionHandler = @Sendable (inout Model, Action) -> [Effect]?

/// Who is asked, in this order: what is open on the screen before what is always there.
private let actionHandlers: [ActionHandler] = [
  actOnShell, actOnBrowser, actOnHistory, actOnBookmarks, actOnTargets, actOnRegistration,
  actOnLesson,
  actOnPerfusion, actOnLayouts, actOnOverlays, actOnAnalyses, actOnSlices, actOnThresholds,
  actOnSeeds, actOnRightPane, actOnMarks, openFeature,
]

/// Carries out an action in the mode that the screen is in.
package func act(_ model: inout Model, _ action: Action) -> [Effect] {
  for handler in actionHandlers {
    if let effects = handler(&model, action) { return effects }
  }
  return CommandRegistry.of(action)?.key?.own?(&model) ?? []
}

/// Keys that mean the same wherever they are pressed; nil for all others.
private func actOnShell(_ model: inout Model, _ action: Action) -> [Effect]? {
  switch action {
  case .quit:
    model.shell.hasEnded = true
    return [.quit]
  case .suspend: return [.suspend]
  case .redraw: return [.redraw]
  case .help:
    model.shell.showsHelp.toggle()
    model.shell.helpPage = 0
    model.ways.filter = ""
    return []
  case .back: return back(&model)
  default: return nil
  }
}

/// Keys that open a line or a screen of its own; nil for all others.
private func openFeature(_ model: inout Model, _ action: Action) -> [Effect]? {
  switch action {
  case .goTo: model.shell.prompt = Prompt(purpose: .place, text: "")
  case .command: model.shell.prompt = Prompt(purpose: .command, text: "")
  case .bookmarkHere:
    let n = (1...).first { n in !model.ways.bookmarks.contains { $0.name == "place-\(n)" } } ?? 1
    model.shell.prompt = Prompt(purpose: .bookmark, text: "place-\(n)")
  case .bookmarks: return toggleBookmarks(&model)
  case .registration: return openRegistration(&model)
  case .lesson: return toggleLesson(&model)
  default: return nil
  }
  return []
}

/// Words, progress and endings of what was asked for.
func receiveShell(_ model: inout Model, _ message: Message) -> [Effect] {
  switch message {
  case .progress(let text, let part):
    model.shell.progress = (text, part)
    model.requests.progressing = model.requests.answering?.id
    return []
  case .finished:
    if let (id, effect) = model.requests.answering { model.end(id, effect) }
    return []
  case .files(let prefix, let names):
    takeFiles(&model, prefix, names)
    return []
  case .typed(let lines):
    model.ways.typed = lines + model.ways.typed
    return []
  case .told(let text):
    tell(&model, text)
    return []
  case .failed(let problem):
    model.shell.progress = nil
    if case .lesson(let part, _)? = model.requests.answering?.effect {
      // It stays true for as long as the lesson runs, and stands in its step.
      model.lesson.failures[part] = problem.sentence
      return []
    }
    model.notice = Notice(text: problem.sentence, isError: problem.kind != .cancelled)
    if case .makePicture(let kind)? = model.requests.answering?.effect {
      leaveUnmade(&model, kind)
    }
    // What was decided earlier and is lost from view stays said: the next notice takes the line.
    if problem.isOfKeptState, !model.ways.recordProblems.contains(problem.sentence) {
      model.ways.recordProblems.append(problem.sentence)
    }
    // A name that is taken is mended, not typed anew.
    if case .keepTransform(_, _, _, let name, _)? = model.requests.answering?.effect,
      [.cannotCreate, .usage].contains(problem.kind), model.shell.prompt == nil,
      model.shell.panel == .registration
    {
      // What is asked for besides is why it is right.
      let more = problem.kind == .usage ? " " : "-2"
      model.shell.prompt = Prompt(purpose: .transformName, text: name + more)
    }
    return []
  default: return []
  }
}

/// Says why a key does nothing now.
func refuse(_ model: inout Model, _ reason: String) -> [Effect] {
  model.notice = Notice(text: reason, isError: false, isRefusal: true)
  return []
}

/// Says what was done, where the screen alone would not.
func tell(_ model: inout Model, _ words: String) {
  model.notice = Notice(text: words, isError: false)
}

/// The page of all steps before the lesson itself.
private func leaveOrClose(_ model: inout Model) -> [Effect] {
  guard model.lesson.running?.showsContents == true else { return leaveLesson(&model) }
  return closeContents(&model)
}

private func back(_ model: inout Model) -> [Effect] {
  if model.shell.showsHelp {
    model.shell.showsHelp = false
  } else if model.showsPeople {
    if model.browser.isWaiting, model.shell.progress != nil { return [.cancel] }
    return model.browser.series.isShown ? closeSeries(&model) : closeList(&model)
  } else if model.targets.list?.isConfirming == true {
    model.targets.list?.isConfirming = false
  } else if model.lesson.running != nil {
    return leaveOrClose(&model)
  } else if model.targets.list?.isFollowing == true {
    model.targets.list?.isFollowing = false
  } else if model.targets.list != nil {
    model.targets.list = nil
  } else if model.shell.panel != nil {
    model.shell.panel = nil
    if model.canCancel { return [.cancel] }
  } else if endLayoutMode(&model) {
  } else if model.movie.isPlaying {
    model.movie.isPlaying = false
  } else if model.movie.windows != nil {
    stopMovie(&model)
  } else if model.canCancel {
    return [.cancel]
  } else if model.connectivity.isLive {
    model.connectivity.isLive = false
  }
  return []
}

import Basics
import CellUI
import Connectivity
import Imaging
import Perfusion
import Targeting

/// Keys that search and mark while the list is closed; nil for all others.
func actOnMarks(_ model: inout Model, _ action: Action) -> [Effect]? {
  switch action {
  case .targets: return askTargets(&model)
  case .mark: return markCursor(&model)
  case .undo: return undoBook(&model)
  case .searchHere:
    if let reason = model.scene.targetsRefusal {
      return refuse(&model, "no target search: \(reason)")
    }
    return searchSphere(&model, model.cursor, radius: 20)
  case .accept, .rename, .note, .take, .reject:
    return refuse(&model, "this key works in the target list; \(model.key(.targets)) opens it")
  default: return nil
  }
}

/// What a search found, a coil over a place, and targets that were kept.
func receiveTargets(_ model: inout Model, _ message: Message) -> [Effect] {
  switch message {
  case .targets(let report): return takeReport(&model, report)
  case .coil(let place, let outlook):
    if model.currentTarget?.point == place { model.targets.list?.coil = (place, outlook) }
    return []
  case .recovered(let records):
    // A session file's own come first. What was left here is added: it would else be lost with the next
    // change, which keeps the book as it is on screen.
    let own = records.filter { !$0.isOfAnother(than: model.scene.person) }
    model.targets.book += own.filter { left in
      !model.targets.book.contains { $0.isReadBack(as: left) }
    }
    model.targets.others = records.filter { $0.isOfAnother(than: model.scene.person) }
    if !own.isEmpty {
      model.notice = Notice(
        text: "\(own.count) mark\(own.count == 1 ? "" : "s") of an earlier session "
          + "\(own.count == 1 ? "is" : "are") back; t lists them", isError: false,
        isAboveKeys: true)
    }
    tellOthersMarks(&model)
    // What an earlier session left is not undone by one key.
    model.targets.bookHistory = []
    return []
  case .keptMarks(let records):
    for n in model.targets.book.indices {
      guard model.targets.book[n].decider == nil else { continue }
      let mark = model.targets.book[n]
      model.targets.book[n].decider = records.first { $0.isReadBack(as: mark) }?.decider
    }
    return []
  case .saved(let name):
    model.targets.list?.written = name
    model.targets.list?.isConfirming = false
    model.notice = Notice(text: "saved and read back: \(name)", isError: false)
    return keptRegistration(&model)
  case .loadedTargets(let records):
    model.targets.saved = records
    model.notice = Notice(
      text: "\(records.count) saved target\(records.count == 1 ? "" : "s") loaded; "
        + "\(model.key(.targets)) shows them",
      isError: false)
    if let first = records.first { model.cursor = first.point }
    return []
  default: return []
  }
}

/// Two people whose files hold the same bytes are a mistake of filing, or one person under two names.
private func tellOthersMarks(_ model: inout Model) {
  let others = model.targets.others
  guard !others.isEmpty else { return }
  let names = Set(others.compactMap(\.person)).sorted().joined(separator: ", ")
  let words =
    "\(others.count) mark\(others.count == 1 ? "" : "s") of this file "
    + "\(others.count == 1 ? "was" : "were") made as \(names), a name that this file does not have here. "
    + "\(others.count == 1 ? "It is" : "They are") kept and not shown as \(model.scene.person ?? "this person's")"
  model.ways.recordProblems.append(words)
  model.notice = Notice(text: words, isError: true, isAboveKeys: true)
}

/// Opens the list, or shows what was found in the one that is open.
private func takeReport(_ model: inout Model, _ report: TargetReport) -> [Effect] {
  model.targets.isSearching = report.isPreliminary
  if !report.isPreliminary { model.shell.progress = nil }
  if model.lesson.running != nil {
    model.lesson.targets = report
    return []
  }
  if model.targets.list == nil {
    model.targets.list = TargetsState(report: report)
    jumpToTarget(&model)
  } else {
    let isOther = model.targets.list?.report.result.centre != report.result.centre
    model.targets.list?.report = report
    // Another place under the confirm screen would be confirmed unseen.
    if isOther {
      model.targets.list?.isConfirming = false
      if model.shell.prompt?.purpose == .targetName { model.shell.prompt = nil }
    }
    if isOther, model.targets.list?.isFollowing == false {
      model.targets.list?.index = 0
      jumpToTarget(&model)
    }
  }
  return []
}

func askTargets(_ model: inout Model) -> [Effect] {
  if model.shell.isLoading { return refuse(&model, "the files are still being read") }
  if let reason = model.scene.targetsRefusal {
    return refuse(&model, "no target search: \(reason)")
  }
  if model.targets.isSearching { return refuse(&model, "the search is running; Esc cancels it") }
  return searchTargets(&model)
}

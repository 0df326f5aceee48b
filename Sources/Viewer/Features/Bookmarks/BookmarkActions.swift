import Basics
import CellUI
import Imaging
import Targeting

/// Keeps the cursor's place under a name; the same name again moves it there.
func setBookmark(_ model: inout Model, _ text: String) -> [Effect] {
  guard model.scene.grid != nil else { return refuse(&model, "no image is loaded") }
  let name = String(text.prefix { $0 != " " })
  let note = String(text.dropFirst(name.count)).trimmedBlanks
  guard typedNumbers(name) == nil else { return refuse(&model, "a number alone is no name") }
  guard isTargetName(name) else {
    return refuse(
      &model, "a bookmark's name has letters, digits, - _ and . only; a note may follow it")
  }
  let side = model.scene.sideRule.side(of: model.cursor)
  if let conflict = SideInName.conflict(name, with: side) { return refuse(&model, conflict) }
  let mark = Bookmark(name: name, note: note, point: model.cursor)
  if let n = model.ways.bookmarks.firstIndex(where: { $0.name == name }) {
    model.ways.bookmarks[n] = mark
    tell(&model, "\(name) moved here\(model.placeWords)")
  } else {
    model.ways.bookmarks.append(mark)
    tell(&model, "\(name)\(model.placeWords): ' lists bookmarks, :workspace save keeps them")
  }
  return []
}

func dropBookmark(_ model: inout Model, _ name: String) -> [Effect] {
  guard let n = model.ways.bookmarks.firstIndex(where: { $0.name == name }) else {
    return refuse(&model, "there is no bookmark \(visibleText(name, limit: 40))")
  }
  model.ways.bookmarks.remove(at: n)
  model.ways.bookmarkIndex = max(0, min(model.ways.bookmarks.count - 1, model.ways.bookmarkIndex))
  tell(&model, "\(name) is no bookmark any more")
  return []
}

func toggleBookmarks(_ model: inout Model) -> [Effect] {
  if model.shell.panel == .bookmarks {
    model.shell.panel = nil
    return []
  }
  guard !model.ways.bookmarks.isEmpty else {
    return refuse(
      &model, "there is no bookmark yet; \" or :bookmark NAME keeps the place at the cursor")
  }
  model.targets.list = nil
  model.shell.panel = .bookmarks
  return visitBookmark(&model, model.ways.bookmarkIndex)
}

/// Actions while the list of bookmarks is open; nil for those that mean the same as elsewhere.
func actOnBookmarks(_ model: inout Model, _ action: Action) -> [Effect]? {
  guard model.shell.panel == .bookmarks, model.targets.list == nil else { return nil }
  let at = model.ways.bookmarkIndex
  switch action {
  case .next, .down, .sliceBack: return visitBookmark(&model, at + 1)
  case .previous, .up, .sliceForward: return visitBookmark(&model, at - 1)
  case .accept, .bookmarks:
    model.shell.panel = nil
    return []
  case .note:
    guard model.ways.bookmarks.indices.contains(at) else { return [] }
    model.shell.prompt = Prompt(purpose: .bookmarkNote, text: model.ways.bookmarks[at].note)
    return []
  case .reject:
    guard model.ways.bookmarks.indices.contains(at) else { return [] }
    let effects = dropBookmark(&model, model.ways.bookmarks[at].name)
    if model.ways.bookmarks.isEmpty { model.shell.panel = nil }
    return effects
  case .left, .right: return []
  default: return nil
  }
}

private func visitBookmark(_ model: inout Model, _ wanted: Int) -> [Effect] {
  let n = max(0, min(model.ways.bookmarks.count - 1, wanted))
  guard model.ways.bookmarks.indices.contains(n) else { return [] }
  model.ways.bookmarkIndex = n
  model.cursor = model.ways.bookmarks[n].point
  model.navigation.hasMoved = true
  return cursorArrived(&model)
}

func noteBookmark(_ model: inout Model, _ text: String) -> [Effect] {
  guard model.ways.bookmarks.indices.contains(model.ways.bookmarkIndex) else { return [] }
  model.ways.bookmarks[model.ways.bookmarkIndex].note = text
  tell(&model, text.isEmpty ? "note taken away" : "noted")
  return []
}

/// Bookmarks of an earlier session on the same image.
func receiveBookmarks(_ model: inout Model, _ message: Message) -> [Effect] {
  switch message {
  case .bookmarks(let marks):
    let own = model.ways.bookmarks
    model.ways.bookmarks += marks.filter { !own.contains($0) }
    return []
  default: return []
  }
}

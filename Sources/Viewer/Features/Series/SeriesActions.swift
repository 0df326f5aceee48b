import Basics
import CellUI

extension Model {
  /// Whether the list of DICOM series is what is seen.
  package var showsSeries: Bool { showsPeople && browser.series.isShown }
}

/// Keys while the list of series is on screen; nil for those that mean the same as elsewhere.
func actOnSeries(_ model: inout Model, _ action: Action) -> [Effect]? {
  let page = max(1, model.shell.size.rows / 2)
  switch action {
  case .down, .next: return moveSeries(&model, 1)
  case .up, .previous: return moveSeries(&model, -1)
  case .sliceBack: return moveSeries(&model, page)
  case .sliceForward: return moveSeries(&model, -page)
  case .firstLine: return moveSeries(&model, -wholeList)
  case .lastLine: return moveSeries(&model, wholeList)
  case .seed: return markSeries(&model)
  case .accept: return openSeries(&model)
  case .left,
    .otherPane where model.browser.listing?.visits.isEmpty == false:
    model.browser.series.isShown = false
    return []
  case .people: return leaveList(&model)
  case .right, .left, .otherPane, .searchPeople, .filterPeople, .sortPeople, .rateGood,
    .rateDoubtful,
    .rateBad, .noteVisit, .nextPerson, .previousPerson, .nextVisit, .previousVisit, .anotherSpace,
    .anotherRun:
    return refuse(&model, "Space marks a series, Enter opens it")
  default: return isPictureKey(action) ? [] : nil
  }
}

func moveSeries(_ model: inout Model, _ step: Int) -> [Effect] {
  let last = max(0, (model.browser.series.listing?.series.count ?? 0) - 1)
  model.browser.series.line = max(0, min(last, model.browser.series.line + step))
  return []
}

/// Marks the line's series for opening together with others, or takes the mark back.
private func markSeries(_ model: inout Model) -> [Effect] {
  guard let one = model.browser.series.selected else { return [] }
  if let reason = one.reason { return refuse(&model, reason) }
  let line = model.browser.series.line
  if model.browser.series.marked.remove(line) == nil { model.browser.series.marked.insert(line) }
  return []
}

/// Opens what is marked; where nothing is, the line's series.
private func openSeries(_ model: inout Model) -> [Effect] {
  guard let listing = model.browser.series.listing, let one = model.browser.series.selected else {
    return refuse(&model, "there is no series that can be opened")
  }
  let marked = model.browser.series.marked.sorted()
  if marked.isEmpty, let reason = one.reason { return refuse(&model, reason) }
  return [
    .openSeries(marked.isEmpty ? [model.browser.series.line] : marked, listing: listing.number)
  ]
}

/// One step back: the marks, then the people where there are some, then the picture.
func closeSeries(_ model: inout Model) -> [Effect] {
  if !model.browser.series.marked.isEmpty {
    model.browser.series.marked = []
    return []
  }
  if model.browser.listing?.visits.isEmpty == false {
    model.browser.series.isShown = false
    return []
  }
  return leaveList(&model)
}

/// A click on a line looks at it, another one opens it.
func pointAtSeries(_ model: inout Model, _ n: Int) -> [Effect] {
  guard model.browser.series.listing?.series.indices.contains(n) == true else { return [] }
  if model.browser.series.line == n { return act(&model, .accept) }
  model.browser.series.line = n
  return []
}

/// Keys of the list of series.
func seriesHints(_ model: Model, _ keys: KeyHints) -> [KeyHint] {
  let hasPeople = model.browser.listing?.visits.isEmpty == false
  return [
    keys.hint(.accept, words: "open"), keys.hint(.seed, words: "mark, to open together"),
    keys.help, keys.lines("lines"),
  ] + (hasPeople ? [keys.hint(.left, words: "people")] : []) + [keys.quit]
}

/// The list of series in words.
func saySeries(_ model: Model, _ say: (_ topic: String, _ words: String) -> Void) {
  say("where", "the list of DICOM series")
  guard let listing = model.browser.series.listing, let one = model.browser.series.selected else {
    return say("list", "no series")
  }
  let open = listing.series.count { $0.reason == nil }
  say("list", "\(listing.series.count) series, \(open) can be opened")
  let parts: [String?] = [
    "series \(one.number)", visibleText(one.owner), one.kind, one.when,
    visibleText(one.description), one.size,
    one.minutes.map { "\(fixed($0, 1)) minutes" }, one.role,
    model.browser.series.marked.contains(model.browser.series.line) ? "marked" : nil,
    one.reason.map { "cannot be opened: " + visibleText($0) },
  ]
  say("line", parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ", "))
}

import CellUI

extension Model {
  /// Whether the list of people is what is seen.
  package var showsPeople: Bool {
    browser.isOpen && targets.list == nil && lesson.running == nil
  }
}

/// A click on a line of the list of people or of series.
func pointAtList(_ model: inout Model, _ meaning: HitMeaning) -> [Effect] {
  switch meaning {
  case .visit(let n): pointAtVisit(&model, n)
  case .visitRun(let n): pointAtRun(&model, n)
  case .series(let n): pointAtSeries(&model, n)
  default: []
  }
}

/// A click on a line looks at it, another one opens it.
func pointAtVisit(_ model: inout Model, _ n: Int) -> [Effect] {
  let isDICOM = model.browser.listing?.hasDICOM == true && n == model.browser.shown.count
  guard model.browser.shown.indices.contains(n) || isDICOM else { return [] }
  if model.browser.line == n, model.browser.run == nil { return act(&model, .accept) }
  model.browser.line = n
  model.browser.run = nil
  return askFacts(model)
}

func pointAtRun(_ model: inout Model, _ n: Int) -> [Effect] {
  guard let visit = model.browser.selected, visit.runs.indices.contains(n) else { return [] }
  if model.browser.run == n { return act(&model, .accept) }
  model.browser.run = n
  return []
}

/// Keys of the list.
func peopleHints(_ model: Model, _ keys: KeyHints) -> [KeyHint] {
  let isInRuns = model.browser.run != nil
  return [
    keys.hint(.accept, words: "open"),
    isInRuns ? keys.hint(.left, words: "to the list") : keys.hint(.right, words: "its runs"),
    keys.hint(.searchPeople, words: "find"), keys.hint(.filterPeople, words: "filter"),
    keys.hint(.rateGood, .rateDoubtful, .rateBad, words: "rate"), keys.help,
    keys.hint(.sortPeople, words: "sort"), keys.hint(.noteVisit, words: "note"),
    keys.lines("lines"), keys.quit,
  ]
}

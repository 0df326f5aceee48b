import Basics

/// The list of people in words: the line that one is on, and what there is of it.
func sayPeople(_ model: Model, _ say: (_ topic: String, _ words: String) -> Void) {
  say("where", model.context.title)
  guard let listing = model.browser.listing else {
    return say("state", model.browser.isWaiting ? "reading the folder" : "no folder is open")
  }
  say(
    "list",
    "\(model.browser.shown.count) of \(listing.visits.count) visits of \(listing.people) people"
      + (model.browser.filter == .all ? "" : ", \(model.browser.filter.words)")
      + (model.browser.search.isEmpty ? "" : ", found by \(visibleText(model.browser.search))"))
  if model.browser.isOnDICOM { return say("line", "DICOM series in this folder") }
  guard let visit = model.browser.selected else { return say("line", "nobody is found") }
  let known = visit.summary
  let parts: [String?] = [
    visibleText(visit.title), visit.runs.isEmpty ? "no BOLD" : "BOLD " + visit.runWords,
    known.minutes.map { "\(fixed($0, 1)) minutes" },
    known.minutesKept.map { "\(fixed($0, 1)) kept" },
    known.meanDisplacementMillimetres.map { "mean displacement \(fixed($0, 2)) mm" },
    visit.spects.isEmpty ? "no SPECT" : "SPECT " + visit.spectWords,
    known.registration.map { "registered " + $0 },
    known.accepted > 0 ? "\(known.accepted) targets accepted" : nil, known.rating,
  ]
  say("line", parts.compactMap { $0 }.joined(separator: ", "))
  if let run = model.browser.run, visit.runs.indices.contains(run) {
    say("run", "\(visit.runs[run].seriesWords) \(visit.runs[run].space ?? "native")")
  }
  for (n, problem) in visit.problems.enumerated() { say("problem \(n + 1)", visibleText(problem)) }
}

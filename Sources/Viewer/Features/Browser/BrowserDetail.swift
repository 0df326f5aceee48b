import Basics
import CellUI

/// What the looked-at visit has: its runs with what was found beside each, SPECT, notes and problems.
func drawVisit(_ frame: inout Frame, _ model: Model, _ screen: BrowserScreen) {
  guard let visit = model.browser.selected else { return }
  let area = screen.area
  let last = area.row + area.rows
  frame.fill(
    Rect(column: 0, row: screen.detail, columns: frame.size.columns, rows: 1),
    Cell(" ", background: Ink.bar))
  var at = frame.put(
    visibleText(visit.title, limit: 60), row: screen.detail, column: area.column,
    foreground: Ink.strong, background: Ink.bar, style: .bold)
  if let word = visit.summary.unmeasured {
    at = frame.put(
      "  " + word, row: screen.detail, column: at, foreground: Ink.red,
      background: Ink.bar, style: .bold)
  }
  let counts =
    [
      visit.runs.isEmpty ? "no BOLD" : "\(visit.runs.count) BOLD",
      visit.spects.isEmpty ? "no SPECT" : "\(visit.spects.count) SPECT",
      visit.unknown.isEmpty ? nil : "\(visit.unknown.count) of unknown kind",
      visit.targets == 0 ? nil : "\(visit.targets) target files",
    ].compactMap { $0 } + visit.others
  frame.put(
    "  " + counts.joined(separator: "  "), row: screen.detail, column: at,
    limit: area.column + area.columns, foreground: Ink.text, background: Ink.bar)
  for n in screen.runs { drawRun(&frame, model, screen, n, visit.runs[n]) }
  var row = screen.detail + 1 + screen.runs.count
  for line in visitLines(visit, model.browser.run) where row < last {
    frame.put(
      line.head, row: row, column: area.column + 1, foreground: Ink.blue, style: .bold)
    frame.put(
      line.text, row: row, column: area.column + 12, limit: area.column + area.columns,
      foreground: line.ink)
    row += 1
  }
}

private func drawRun(
  _ frame: inout Frame, _ model: Model, _ screen: BrowserScreen, _ n: Int, _ run: BrowserRun
) {
  let area = screen.area(ofRun: n)
  let isHere = model.browser.run == n
  if isHere { frame.fill(area, Cell(" ", background: Ink.selected)) }
  let back = isHere ? Ink.selected : nil
  let isOpen =
    model.browser.opened?.run == n && model.browser.opened?.visit == model.browser.selectedVisit
  frame.put(
    isHere ? "›" : isOpen ? "•" : " ", row: area.row, column: area.column,
    foreground: isHere ? Ink.cursor : Ink.blue, background: back, style: .bold)
  let known = run.known
  let minutes = known.minutes.map {
    "\(fixed($0, 1)) min" + (known.minutesKept.map { ", \(fixed($0, 1)) kept (FD ≤ 0.5)" } ?? "")
  }
  let parts: [(String, Colour)] = [
    (run.seriesWords, Ink.strong), (run.space ?? run.spaceWord, Ink.text),
    (minutes ?? (known.isRead ? "length unknown" : "…"), Ink.text),
    (known.meanDisplacementMillimetres.map { "FD \(fixed($0, 2)) mm" } ?? "", Ink.text),
    (
      run.isAbsent
        ? "CONTENT ABSENT" : "with " + companionWords(run.companions),
      run.isAbsent ? Ink.red : Ink.dim
    ),
    (run.isCleaned ? "cleaned before" : "", Ink.amber),
    (known.ratingWord ?? "", Ink.amber),
  ]
  var x = area.column + 1
  for (text, ink) in parts where !text.isEmpty {
    x =
      frame.put(
        visibleText(text, limit: 80), row: area.row, column: x,
        limit: area.column + area.columns, foreground: ink, background: back) + 2
  }
}

/// What was found beside a run, by kind.
private func companionWords(_ found: [BrowserFile]) -> String {
  var kinds: [String] = []
  for one in found where one.kind != "transform" && one.kind != "boldref" {
    if !kinds.contains(one.kind) { kinds.append(one.kind) }
  }
  return kinds.isEmpty ? "nothing beside it" : kinds.joined(separator: ", ")
}

/// Everything else of the visit, a line each; of a run that the arrows are on, why each file was taken.
private func visitLines(
  _ visit: BrowserVisit, _ run: Int?
) -> [(head: String, text: String, ink: Colour)] {
  var out: [(head: String, text: String, ink: Colour)] = []
  if let run, visit.runs.indices.contains(run) {
    for one in visit.runs[run].companions where one.kind != "transform" {
      out.append((one.kind, "\(shortenedName(visibleText(one.name), 44)): \(one.reason)", Ink.dim))
    }
  }
  for one in visit.spects {
    let role = [one.role, one.isAbsent ? "CONTENT ABSENT" : nil].compactMap { $0 }
    out.append(
      (
        "SPECT",
        shortenedName(visibleText(one.name), 48) + "  "
          + (role + [one.reason]).joined(separator: "; "), Ink.text
      ))
  }
  if !visit.unknown.isEmpty { out.append(("unknown", visit.unknownWords, Ink.amber)) }
  if visit.runs.isEmpty {
    for one in visit.anatomies where one.kind != BrowserVisit.unknownKind {
      out.append(("anatomy", "\(visibleText(one.name, limit: 60))", Ink.text))
    }
  }
  let known =
    run.flatMap { visit.runs.indices.contains($0) ? visit.runs[$0].known : nil } ?? visit.summary
  if !known.changed.isEmpty {
    let names = known.changed.map { shortenedName(visibleText($0), 44) }.joined(separator: ", ")
    out.append(("changed", "\(names): not what was opened or rated before", Ink.amber))
  } else if known.isOtherVersion {
    out.append(("records", "belong to another version of this file", Ink.amber))
  }
  for words in known.twins { out.append(("same", visibleText(words, limit: 200), Ink.red)) }
  for sentence in known.damaged { out.append(("records", visibleText(sentence), Ink.red)) }
  if let rating = known.rating {
    out.append(
      (
        "rating",
        (known.isSaidOfAnother ? "of the same bytes under another name, " : "")
          + visibleText(
            [rating, known.reason ?? ""].filter { !$0.isEmpty }.joined(separator: ": "))
          + (known.isSaidOfAnother
            ? "" : known.isUnproven ? "  (?: found by size and time, opening proves it)" : ""),
        Ink.amber
      ))
  }
  for note in known.notes { out.append(("note", visibleText(note), Ink.text)) }
  for problem in visit.problems + visit.runs.flatMap(\.problems).uniqued {
    out.append(("problem", visibleText(problem), Ink.amber))
  }
  return out
}

extension [String] {
  /// Each once, in its order.
  fileprivate var uniqued: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}

/// A file's name in so many characters that still says who and what: subject and session at its beginning and the
/// last word stay, the middle goes.
package func shortenedName(_ name: String, _ limit: Int) -> String {
  guard name.count > limit, limit > 2 else { return name }
  let words = name.split(separator: "_", omittingEmptySubsequences: false)
  let who = words.prefix { $0.hasPrefix("sub-") || $0.hasPrefix("ses-") }.joined(separator: "_")
  guard !who.isEmpty, words.count > 1, let last = words.last else { return shortened(name, limit) }
  // The ending says least: it goes first.
  let what = String(last.prefix { $0 != "." })
  let middle = words.dropFirst().dropLast()
  // Which of several scans it is: ictal or not, then the run, then the tracer.
  let role =
    ["ictal", "run-", "trc-"].lazy.compactMap { wanted in
      middle.first { $0.lowercased().contains(wanted) }
    }.first.map { "…" + $0 } ?? ""
  for text in ["\(who)\(role)…\(last)", "\(who)\(role)…\(what)", "\(who)…\(what)"]
  where text.count <= limit { return text }
  return shortened(name, limit)
}

import Basics
import CellUI

/// Where the list of people and what the looked-at visit has stand.
struct BrowserScreen {
  let area: Rect
  /// The row of the column heads.
  let head: Int
  /// The first row of the list, and which of the shown visits stand there.
  let top: Int
  let lines: Range<Int>
  /// The row of the looked-at visit's title, and its runs under it.
  let detail: Int
  let runs: Range<Int>
  let columns: [BrowserColumn]

  init(_ model: Model, _ layout: Layout) {
    let rows = layout.keys - 1
    area = Rect(column: 1, row: 1, columns: layout.size.columns - 2, rows: rows)
    head = area.row + 1
    top = head + 1
    let runCount = model.browser.selected?.runs.count ?? 0
    // What one visit has takes at most the lower half; the list keeps eight lines.
    let wanted = runCount + 6
    let below = max(4, min(wanted, rows - 2 - 8, rows / 2))
    let room = max(1, rows - 2 - below)
    let count = model.browser.shown.count + (model.browser.listing?.hasDICOM == true ? 1 : 0)
    let first = max(0, min(model.browser.line - room / 2, count - room))
    lines = first..<min(count, first + room)
    detail = top + room
    let most = max(1, below - 5)
    let at = model.browser.run ?? 0
    let firstRun = max(0, min(at - most / 2, runCount - most))
    runs = firstRun..<min(runCount, firstRun + most)
    columns = BrowserColumn.fitting(area.columns - 2, model.browser)
  }

  func area(ofLine n: Int) -> Rect {
    Rect(column: area.column, row: top + n - lines.lowerBound, columns: area.columns, rows: 1)
  }

  func area(ofRun n: Int) -> Rect {
    Rect(column: area.column, row: detail + 1 + n - runs.lowerBound, columns: area.columns, rows: 1)
  }

  /// The lines as they answer.
  var regions: [HitRegion] {
    lines.map { HitRegion(area: area(ofLine: $0), meaning: .visit($0)) }
      + runs.map { HitRegion(area: area(ofRun: $0), meaning: .visitRun($0)) }
  }
}

/// A column of the list.
struct BrowserColumn {
  let head: String
  var width: Int
  var isNumber = false
  let text: @Sendable (BrowserVisit, Bool) -> String
  var ink: @Sendable (BrowserVisit) -> Colour = { _ in Ink.text }

  /// The columns that there is room for, the least needed left out first.
  static func fitting(_ room: Int, _ browser: BrowserState) -> [BrowserColumn] {
    let visits = browser.listing?.visits ?? []
    func longest(_ least: Int, _ most: Int, _ text: (BrowserVisit) -> String) -> Int {
      min(most, visits.prefix(400).reduce(least) { max($0, text($1).count) })
    }
    let wide = room >= 110
    let subject = BrowserColumn(
      head: "person", width: longest(8, wide ? 28 : 18) { $0.subject },
      // A person with several visits is named once.
      text: { visit, isFirst in isFirst ? visit.subject : "" }, ink: { _ in Ink.strong })
    let session = BrowserColumn(
      head: "visit", width: longest(5, wide ? 16 : 10) { $0.session ?? "–" },
      text: { visit, _ in visit.session ?? "–" }, ink: { _ in Ink.strong })
    let rest: [(BrowserColumn, rank: Int)] = [
      (runs(longest(6, 14) { $0.runWords }), 0),
      (number("min", 5) { $0.minutes.map { fixed($0, 1) } }, 3),
      (number("kept", 5) { $0.minutesKept.map { fixed($0, 1) } }, 1),
      (number("FD mm", 5) { $0.meanDisplacementMillimetres.map { fixed($0, 2) } }, 1),
      (spect(longest(5, wide ? 20 : 11) { $0.spectWords }), 0), (registered, 2), (targets, 2),
      (rating, 0), (notes(wide ? 24 : 12), 4),
    ]
    for rank in stride(from: 4, through: 0, by: -1) {
      var kept = [subject, session] + rest.filter { $0.rank <= rank }.map(\.0)
      let taken = kept.reduce(0) { $0 + $1.width + 1 }
      // What was noted and found takes what the others leave.
      if rank == 4, taken < room { kept[kept.count - 1].width += room - taken }
      if taken <= room || rank == 0 { return kept }
    }
    return [subject, session]
  }

  private static func runs(_ width: Int) -> BrowserColumn {
    BrowserColumn(
      head: "BOLD", width: width, text: { visit, _ in visit.runWords },
      ink: { $0.runs.isEmpty ? Ink.dim : $0.runs.allSatisfy(\.isAbsent) ? Ink.amber : Ink.text })
  }

  private static func number(
    _ head: String, _ width: Int, _ text: @escaping @Sendable (BrowserKnown) -> String?
  ) -> BrowserColumn {
    BrowserColumn(
      head: head, width: width, isNumber: true,
      text: { visit, _ in
        let known = visit.summary
        return text(known) ?? (known.isRead || visit.runs.isEmpty ? "–" : "…")
      })
  }

  private static func spect(_ width: Int) -> BrowserColumn {
    BrowserColumn(
      head: "SPECT", width: width, text: { visit, _ in visit.spectWords },
      ink: { $0.spects.isEmpty ? Ink.dim : Ink.text })
  }

  private static let registered = BrowserColumn(
    head: "reg", width: 3,
    text: { visit, _ in visit.summary.registration ?? "–" },
    ink: { $0.summary.isRegistered == false ? Ink.amber : Ink.text })

  private static let targets = BrowserColumn(
    head: "tgt", width: 3, isNumber: true,
    text: { visit, _ in
      let n = visit.summary.accepted
      return n == 0 ? "–" : "\(n)" + (visit.summary.isUnproven ? "?" : "")
    })

  private static let rating = BrowserColumn(
    head: "rating", width: 11,
    text: { visit, _ in
      let known = visit.summary
      let none = known.hidesRating ? "unreadable" : "–"
      return known.ratingWord ?? (known.isOtherVersion ? "≠" : none)
    },
    ink: {
      let known = $0.summary
      if known.isSaidOfAnother || known.isOtherVersion { return Ink.amber }
      if known.rating == nil, known.hidesRating { return Ink.red }
      switch known.rating {
      case "good": return Ink.text
      case "doubtful": return Ink.amber
      case "bad": return Ink.red
      default: return Ink.dim
      }
    })

  private static func notes(_ width: Int) -> BrowserColumn {
    BrowserColumn(
      head: "notes, problems", width: width,
      text: { visit, _ in
        let problems = visit.summary.twins + visit.problems + visit.runs.flatMap(\.problems)
        let own = visit.summary.notes.first ?? problems.first
        return [visit.summary.unmeasured, own].compactMap { $0 }
          .joined(separator: "; ")
      }, ink: { $0.summary.notes.isEmpty || $0.summary.unmeasured != nil ? Ink.amber : Ink.text })
  }
}

/// The list of people, and under it what the looked-at visit has.
func drawBrowser(_ frame: inout Frame, _ model: Model, _ layout: Layout) {
  let browser = model.browser
  let screen = BrowserScreen(model, layout)
  drawBrowserHead(&frame, browser, screen)
  guard let listing = browser.listing else { return }
  for n in screen.lines where n == browser.shown.count {
    drawDICOMLine(&frame, model, screen, n)
  }
  for n in screen.lines where n < browser.shown.count {
    let visit = listing.visits[browser.shown[n]]
    // A person is named again on the first line that is seen.
    let isFirst =
      n == screen.lines.lowerBound || browser.order != .name
      || listing.visits[browser.shown[n - 1]].subject != visit.subject
    drawLine(&frame, model, screen, n, visit, isFirst: isFirst || n == browser.line)
  }
  if browser.shown.isEmpty {
    frame.put(
      listing.visits.isEmpty
        ? "no images of a person were found in this folder"
        : "nobody is found; Esc shows all", row: screen.top + 1, column: screen.area.column + 1,
      foreground: Ink.dim)
  }
  drawVisit(&frame, model, screen)
}

/// The line below the people that leads to the folder's DICOM.
private func drawDICOMLine(
  _ frame: inout Frame, _ model: Model, _ screen: BrowserScreen, _ n: Int
) {
  let area = screen.area(ofLine: n)
  let isHere = n == model.browser.line
  let back = isHere ? Ink.selected : nil
  if isHere { frame.fill(area, Cell(" ", background: Ink.selected)) }
  frame.put(
    isHere ? "›" : " ", row: area.row, column: area.column, foreground: Ink.cursor,
    background: back, style: .bold)
  let at = frame.put(
    "DICOM", row: area.row, column: area.column + 1, foreground: Ink.strong, background: back,
    style: isHere ? .bold : [])
  frame.put(
    "  series in this folder: Enter lists them", row: area.row, column: at,
    limit: area.column + area.columns, foreground: Ink.dim, background: back)
}

private func drawBrowserHead(
  _ frame: inout Frame, _ browser: BrowserState, _ screen: BrowserScreen
) {
  let row = screen.area.row
  guard let listing = browser.listing else {
    frame.put(
      browser.isWaiting ? "reading the folder…" : "no folder is open", row: row + 2,
      column: screen.area.column + 1, foreground: Ink.dim)
    return
  }
  var words = [
    browser.shown.count == listing.visits.count
      ? "\(listing.people) \(listing.people == 1 ? "person" : "people"), \(listing.visits.count) \(listing.visits.count == 1 ? "visit" : "visits")"
      : "\(browser.shown.count) of \(listing.visits.count) visits"
  ]
  if !browser.search.isEmpty {
    words.append("found by “\(visibleText(browser.search, limit: 30))”")
  }
  if browser.filter != .all { words.append(browser.filter.words) }
  if browser.order != .name { words.append(browser.order.words) }
  let at = frame.put(
    words[0], row: row, column: screen.area.column, foreground: Ink.blue, style: .bold)
  frame.put(
    words.dropFirst().map { "  " + $0 }.joined(), row: row, column: at,
    limit: screen.area.column + screen.area.columns, foreground: Ink.amber)
  if let worst = listing.findings.max(by: { $0.severity < $1.severity }), words.count == 1 {
    frame.put(
      "  " + visibleText(worst.text), row: row, column: at,
      limit: screen.area.column + screen.area.columns, foreground: Ink.amber)
  }
  var x = screen.area.column + 1
  for column in screen.columns {
    let pad = column.isNumber ? max(0, column.width - column.head.count) : 0
    frame.put(
      String(column.head.prefix(column.width)), row: screen.head, column: x + pad,
      foreground: Ink.dim)
    x += column.width + 1
  }
}

private func drawLine(
  _ frame: inout Frame, _ model: Model, _ screen: BrowserScreen, _ n: Int, _ visit: BrowserVisit,
  isFirst: Bool
) {
  let area = screen.area(ofLine: n)
  let isHere = n == model.browser.line
  let isOpen = model.browser.opened?.visit == model.browser.shown[n]
  let back = isHere ? Ink.selected : nil
  if isHere { frame.fill(area, Cell(" ", background: Ink.selected)) }
  frame.put(
    isHere ? "›" : isOpen ? "•" : " ", row: area.row, column: area.column,
    foreground: isHere ? Ink.cursor : Ink.blue, background: back, style: .bold)
  var x = area.column + 1
  for column in screen.columns {
    let text = shortenedName(visibleText(column.text(visit, isFirst), limit: 80), column.width)
    let pad = column.isNumber ? max(0, column.width - text.count) : 0
    frame.put(
      text, row: area.row, column: x + pad, limit: x + column.width,
      foreground: column.ink(visit), background: back, style: isHere ? .bold : [])
    x += column.width + 1
  }
}

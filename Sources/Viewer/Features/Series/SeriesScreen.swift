import Basics
import CellUI

/// Where the list of series stands.
struct SeriesScreen {
  let area: Rect
  let head: Int
  let top: Int
  let lines: Range<Int>
  /// Where what is to be said of the looked-at series begins.
  let detail: Int
  /// Widths of number, what, date, size, minutes and role, and of the owner where there are several; the description
  /// has the rest.
  let widths: [Int]
  let hasOwners: Bool

  init(_ model: Model, _ layout: Layout) {
    let rows = layout.keys - 1
    area = Rect(column: 1, row: 1, columns: layout.size.columns - 2, rows: rows)
    head = area.row + 1
    top = head + 1
    let room = max(1, rows - 2 - 4)
    let series = model.browser.series.listing?.series ?? []
    let first = max(0, min(model.browser.series.line - room / 2, series.count - room))
    lines = first..<min(series.count, first + room)
    detail = top + room
    func longest(_ head: String, _ most: Int, _ text: (BrowserSeries) -> String) -> Int {
      min(most, series.prefix(400).reduce(head.count) { max($0, text($1).count) })
    }
    let isWide = area.columns >= 100
    hasOwners = series.contains { !$0.owner.isEmpty }
    let own = hasOwners ? [longest("whose", isWide ? 28 : 16) { $0.owner }] : []
    let others = [
      longest("series", 8) { $0.number }, longest("what", isWide ? 22 : 14) { $0.kind },
      isWide ? longest("date", 16) { $0.when } : 10, longest("size", 16) { $0.size }, 5,
      longest("as", 7) { $0.role ?? "–" },
    ]
    widths = others + own
  }

  func area(ofLine n: Int) -> Rect {
    Rect(column: area.column, row: top + n - lines.lowerBound, columns: area.columns, rows: 1)
  }

  var regions: [HitRegion] {
    lines.map { HitRegion(area: area(ofLine: $0), meaning: .series($0)) }
  }
}

/// The list of series, and why the looked-at one cannot be opened.
func drawSeries(_ frame: inout Frame, _ model: Model, _ layout: Layout) {
  let screen = SeriesScreen(model, layout)
  guard let listing = model.browser.series.listing else { return }
  let open = listing.series.count { $0.reason == nil }
  let at = frame.put(
    "\(listing.series.count) DICOM series, \(open) can be opened", row: screen.area.row,
    column: screen.area.column, foreground: Ink.blue, style: .bold)
  let marked = model.browser.series.marked.count
  let others = [
    marked == 0 ? nil : "\(marked) marked",
    listing.otherFiles == 0
      ? nil : "\(listing.otherFiles) other file\(listing.otherFiles == 1 ? "" : "s")",
    listing.damaged.isEmpty ? nil : "\(listing.damaged.count) damaged",
  ]
  frame.put(
    others.compactMap { $0.map { "  " + $0 } }.joined(), row: screen.area.row, column: at,
    limit: screen.area.column + screen.area.columns, foreground: Ink.amber)
  let heads =
    ["series", "what", "date", "size", "min", "as"] + (screen.hasOwners ? ["whose"] : [])
  drawCells(&frame, screen, screen.head, heads + ["description"]) { _ in Ink.dim }
  for n in screen.lines { drawSeriesLine(&frame, model, screen, n, listing.series[n]) }
  drawSeriesDetail(&frame, model, screen, listing)
}

private func drawCells(
  _ frame: inout Frame, _ screen: SeriesScreen, _ row: Int, _ cells: [String],
  background: Colour? = nil, ink: (Int) -> Colour
) {
  var x = screen.area.column + 2
  let end = screen.area.column + screen.area.columns
  for (n, cell) in cells.enumerated() where x < end {
    let width = n < screen.widths.count ? screen.widths[n] : end - x
    // The beginning says most: of a date the day, of a description what was taken.
    let whole = visibleText(cell, limit: 200)
    let text = n == 2 ? String(whole.prefix(width)) : cut(whole, width)
    let pad = n == 4 ? max(0, width - text.count) : 0
    frame.put(
      text, row: row, column: x + pad, limit: min(end, x + width), foreground: ink(n),
      background: background)
    x += width + 2
  }
}

private func cut(_ text: String, _ width: Int) -> String {
  text.count <= width ? text : text.prefix(max(0, width - 1)) + "…"
}

private func drawSeriesLine(
  _ frame: inout Frame, _ model: Model, _ screen: SeriesScreen, _ n: Int, _ one: BrowserSeries
) {
  let area = screen.area(ofLine: n)
  let isHere = n == model.browser.series.line
  let back = isHere ? Ink.selected : nil
  if isHere { frame.fill(area, Cell(" ", background: Ink.selected)) }
  let isMarked = model.browser.series.marked.contains(n)
  frame.put(
    (isHere ? "›" : " ") + (isMarked ? "•" : " "), row: area.row, column: area.column,
    foreground: isHere ? Ink.cursor : Ink.blue, background: back, style: .bold)
  let ink = one.reason == nil ? Ink.text : Ink.dim
  let minutes = one.minutes.map { fixed($0, 1) } ?? "–"
  drawCells(
    &frame, screen, area.row,
    [one.number, one.kind, one.when, one.size, minutes, one.role ?? "–"]
      + (screen.hasOwners ? [one.owner] : []) + [one.description],
    background: back
  ) { $0 == 0 && one.reason == nil ? Ink.strong : ink }
}

/// What is to be said of the looked-at series, in the lines below the list.
private func drawSeriesDetail(
  _ frame: inout Frame, _ model: Model, _ screen: SeriesScreen, _ listing: SeriesListing
) {
  frame.fill(
    Rect(column: 0, row: screen.detail, columns: frame.size.columns, rows: 1),
    Cell(" ", background: Ink.bar))
  guard let one = model.browser.series.selected else {
    frame.put(
      "no series was found in this folder", row: screen.top, column: screen.area.column + 2,
      foreground: Ink.dim)
    return
  }
  frame.put(
    visibleText(
      ["series \(one.number)", one.owner, one.description].filter { !$0.isEmpty }
        .joined(separator: "  "), limit: 120), row: screen.detail,
    column: screen.area.column, limit: screen.area.column + screen.area.columns,
    foreground: Ink.strong, background: Ink.bar, style: .bold)
  let words =
    one.reason.map { "not opened: " + visibleText($0, limit: 400) }
    ?? "opens as \(one.role ?? "an image"), where its own header puts it"
  let lines = wrapped(words, max(10, screen.area.columns - 2))
  let last = screen.area.row + screen.area.rows
  for (n, line) in lines.enumerated() where screen.detail + 1 + n < last {
    frame.put(
      line, row: screen.detail + 1 + n, column: screen.area.column + 1,
      foreground: one.reason == nil ? Ink.text : Ink.amber)
  }
}

import Basics

extension ChartPage {
  /// Columns of the page as plain text.
  private static let width = 100

  /// The same words and numbers as the HTML, without pictures.
  package var text: String {
    var lines = [Self.safe(title)]
    if let banner { lines.append("*** \(Self.safe(banner)) ***") }
    lines += Self.folded(researchUse, Self.width)
    for section in sections {
      // Not in capitals: a file's name stands in some.
      let title = Self.safe(section.title)
      lines += ["", title, String(repeating: "=", count: title.count)]
      for block in section.blocks { lines += Self.lines(block) }
    }
    lines += ["", "boldspect \(boldspectVersion)"]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func lines(_ block: ChartBlock) -> [String] {
    switch block {
    case .paragraph(let text): return folded(safe(text), width)
    case .warning(let text): return hung("! ", safe(text))
    case .list(let items): return items.flatMap { hung("- ", safe($0)) }
    case .facts(let facts):
      let room = min(24, (facts.map(\.name.count).max() ?? 0) + 2)
      return facts.flatMap { fact in
        hung(padded(safe(fact.name), room), safe(fact.text))
      }
    case .table(let table): return lines(table)
    case .figure(let figure): return hung("[figure] ", safe(figure.caption))
    }
  }

  private static func lines(_ table: ChartTable) -> [String] {
    let cells = ([table.columns] + table.rows).map { $0.map(safe) }
    let widths = table.columns.indices.map { n in
      cells.map { $0.indices.contains(n) ? $0[n].count : 0 }.max() ?? 0
    }
    var out = ["", safe(table.caption)]
    for (r, row) in cells.enumerated() {
      var line = r > 0 && table.strong.contains(r - 1) ? "* " : "  "
      for (n, text) in row.enumerated() {
        let pad = String(repeating: " ", count: max(0, widths[n] - text.count))
        line += (n == 0 ? "" : "  ") + (table.words.contains(n) ? text + pad : pad + text)
      }
      while line.last == " " { line.removeLast() }
      out.append(line)
    }
    if let words = table.strongWords, !table.strong.isEmpty { out.append("* " + safe(words)) }
    if let note = table.note { out += folded(safe(note), width) }
    return out + [""]
  }

  private static func padded(_ text: String, _ room: Int) -> String {
    text + String(repeating: " ", count: max(1, room - text.count))
  }

  /// Lines that begin under each other behind what stands before the first.
  private static func hung(_ head: String, _ text: String) -> [String] {
    let lines = folded(text, max(20, width - head.count))
    return lines.enumerated().map { n, line in
      (n == 0 ? head : String(repeating: " ", count: head.count)) + line
    }
  }

  private static func folded(_ text: String, _ width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return lines + [line]
  }
}

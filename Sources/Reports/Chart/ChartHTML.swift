import Basics
import Foundation

extension ChartPage {
  /// One file that shows itself without any other and without a network.
  package var html: String {
    var out = Self.head(title)
    out += "<body>\n<header><h1>\(Self.escaped(title))</h1>\n"
    if let banner { out += "<p class=\"banner\">\(Self.escaped(banner))</p>\n" }
    out += "<p class=\"use\">\(Self.escaped(researchUse))</p></header>\n<main>\n"
    for section in sections {
      out += "<section>\n<h2>\(Self.escaped(section.title))</h2>\n"
      out += section.blocks.map(Self.html).joined()
      out += "</section>\n"
    }
    out +=
      "</main>\n<footer>\(Self.escaped("boldspect \(boldspectVersion). \(researchUse)"))</footer>\n"
    return out + "</body>\n</html>\n"
  }

  static func escaped(_ text: String) -> String { escapedMarkup(text, limit: textLimit) }

  /// Nothing is loaded, from nowhere, and no script runs.
  static let policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

  private static func head(_ title: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="\(policy)">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="referrer" content="no-referrer">
    <meta name="generator" content="boldspect \(boldspectVersion)">
    <title>\(escaped(title))</title>
    <style>\(style)</style>
    </head>

    """
  }

  private static func html(_ block: ChartBlock) -> String {
    switch block {
    case .paragraph(let text): return "<p>\(escaped(text))</p>\n"
    case .warning(let text): return "<p class=\"warning\">\(escaped(text))</p>\n"
    case .list(let lines):
      return "<ul>\n" + lines.map { "<li>\(escaped($0))</li>\n" }.joined() + "</ul>\n"
    case .facts(let facts):
      return "<dl>\n"
        + facts.map { "<dt>\(escaped($0.name))</dt><dd>\(escaped($0.text))</dd>\n" }.joined()
        + "</dl>\n"
    case .table(let table): return html(table)
    case .figure(let figure):
      let data = Data(figure.png).base64EncodedString()
      return
        "<figure><img alt=\"\(escaped(figure.caption))\" width=\"\(figure.width / 2)\" "
        + "height=\"\(figure.height / 2)\" src=\"data:image/png;base64,\(data)\">"
        + "<figcaption>\(escaped(figure.caption))</figcaption></figure>\n"
    }
  }

  /// Whether a word of it is too long for a column.
  private static func isLong(_ text: String) -> Bool {
    text.split(separator: " ").contains { $0.count > 24 }
  }

  private static func html(_ table: ChartTable) -> String {
    func cell(_ tag: String, _ n: Int, _ text: String) -> String {
      let kind = table.words.contains(n) ? (isLong(text) ? " class=\"long\"" : "") : " class=\"n\""
      return "<\(tag)\(kind)>\(escaped(text))</\(tag)>"
    }
    var out = "<div class=\"wide\"><table><caption>\(escaped(table.caption))</caption>\n<thead><tr>"
    for (n, name) in table.columns.enumerated() { out += cell("th", n, name) }
    out += "</tr></thead>\n<tbody>\n"
    for (r, row) in table.rows.enumerated() {
      out += table.strong.contains(r) ? "<tr class=\"strong\">" : "<tr>"
      for (n, text) in row.enumerated() { out += cell("td", n, text) }
      out += "</tr>\n"
    }
    out += "</tbody></table></div>\n"
    if let words = table.strongWords, !table.strong.isEmpty {
      out += "<p class=\"note\">Bold: \(escaped(words)).</p>\n"
    }
    if let note = table.note { out += "<p class=\"note\">\(escaped(note))</p>\n" }
    return out
  }

  /// Readable on a screen of any width and on A4.
  private static let style = """

    :root { color-scheme: light; }
    body { font: 15px/1.45 "DejaVu Sans", Helvetica, Arial, sans-serif; color: #111; background: #fff;
      max-width: 62em; margin: 0 auto; padding: 1em; overflow-wrap: anywhere; }
    h1 { font-size: 1.5em; margin: 0.2em 0; }
    h2 { font-size: 1.15em; margin: 1.6em 0 0.4em; border-bottom: 2px solid #333; }
    .banner { background: #7a0000; color: #fff; font-weight: bold; padding: 0.4em 0.6em; }
    .use, footer { color: #444; font-size: 0.9em; }
    footer { margin-top: 2em; border-top: 1px solid #999; padding-top: 0.5em; }
    .warning { border-left: 6px solid #b35a00; background: #fff4e5; margin: 0.4em 0; padding: 0.3em 0.7em; }
    .note { font-size: 0.85em; color: #333; margin-top: 0.2em; }
    dl { display: grid; grid-template-columns: minmax(7em, max-content) 1fr; gap: 0.15em 1em; margin: 0.4em 0; }
    dt { font-weight: bold; } dd { margin: 0; }
    .wide { overflow-x: auto; }
    table { border-collapse: collapse; margin: 0.7em 0 0.2em; font-size: 0.87em; font-variant-numeric: tabular-nums; }
    caption { text-align: left; font-weight: bold; padding-bottom: 0.2em; }
    th, td { border-bottom: 1px solid #bbb; padding: 0.15em 0.6em; text-align: left; vertical-align: top; }
    td { min-width: 2.5em; }
    th { border-bottom: 2px solid #666; }
    th, td { overflow-wrap: normal; }
    .n { text-align: right; white-space: nowrap; }
    .long { overflow-wrap: anywhere; min-width: 13em; }
    .strong td { font-weight: bold; background: #eef3fa; }
    figure { margin: 0.8em 0; } img { max-width: 100%; height: auto; display: block; }
    figcaption { font-size: 0.87em; margin-top: 0.3em; }
    @media (max-width: 40em) { body { font-size: 14px; padding: 0.5em; }
      dl { grid-template-columns: 1fr; } dd { margin-bottom: 0.4em; } }
    @page { size: A4; margin: 15mm 14mm; }
    @media print { body { font-size: 9.5pt; max-width: none; padding: 0; } .wide { overflow: visible; }
      h2, caption { break-after: avoid; } tr, figure, .warning { break-inside: avoid; } thead { display: table-header-group; break-after: avoid; }
      tbody tr:first-child { break-before: avoid; } table { font-size: 8pt; } th, td { padding: 0.15em 0.4em; }
      img { max-height: 235mm; width: auto; } }

    """
}

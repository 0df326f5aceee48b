import Basics
import CellUI

/// A key while help is open: letters narrow it, the arrows turn pages.
func typeInHelp(_ model: inout Model, _ key: Key) -> [Effect] {
  switch key {
  case .escape:
    // What was typed goes with it: Esc and q are the way out from everywhere.
    model.shell.showsHelp = false
    model.ways.filter = ""
    model.shell.helpPage = 0
  case .control("c"): return act(&model, .quit)
  case .control("l"): return act(&model, .redraw)
  case .control("z"): return act(&model, .suspend)
  case .control("u"): model.ways.filter = ""
  case .pageDown, .down, .right: model.shell.helpPage += 1
  case .pageUp, .up, .left: model.shell.helpPage = max(0, model.shell.helpPage - 1)
  case .home: model.shell.helpPage = 0
  case .backspace, .delete:
    if model.ways.filter.isEmpty {
      model.shell.showsHelp = false
    } else {
      model.ways.filter.removeLast()
    }
    model.shell.helpPage = 0
  case .enter:
    let left = model.helpLines
    model.shell.showsHelp = false
    guard left.count == 1, !model.ways.filter.isEmpty, let line = left.first, !line.isWord
    else { break }
    model.ways.filter = ""
    if let action = line.action { return act(&model, action) }
    model.shell.prompt = Prompt(
      purpose: .command,
      text: line.command + (CommandRegistry.named(line.command)?.parameter == .nothing ? "" : " "))
  case .character("?") where model.ways.filter.isEmpty: model.shell.showsHelp = false
  case .character(let scalar) where scalar.value >= 0x20 && model.ways.filter.count < 40:
    if scalar != " " || !model.ways.filter.isEmpty {
      model.ways.filter.unicodeScalars.append(scalar)
      model.shell.helpPage = 0
    }
  default: break
  }
  return []
}

/// A line of help needs so many columns.
private let helpWidth = 78

/// Keys and commands, narrowed to what was typed, page by page.
func drawHelp(_ frame: inout Frame, _ model: Model, _ layout: Layout) {
  var under = model
  under.shell.showsHelp = false
  let context = under.context
  var at = frame.put(
    "Keys of \(context.title)", row: layout.title + 1, column: 2, foreground: Ink.blue, style: .bold
  )
  at = frame.put("   narrow: ", row: layout.title + 1, column: at, foreground: Ink.dim)
  at = frame.put(
    model.ways.filter, row: layout.title + 1, column: at, foreground: Ink.strong, style: .bold)
  frame.put("_", row: layout.title + 1, column: at, foreground: Ink.cursor, style: .bold)
  let top = layout.title + 3
  let rows = max(1, layout.keys - top - 1)
  let columns = max(1, frame.size.columns / helpWidth)
  let width = frame.size.columns / columns
  let cells = helpCells(model, ownCount: context.own.count, width: width)
  let perPage = rows * columns
  let pages = (cells.count + perPage - 1) / perPage
  let page = model.shell.helpPage % pages
  for (n, cell) in cells.dropFirst(page * perPage).prefix(perPage).enumerated() {
    let column = 2 + n / rows * width
    frame.put(
      cell.keys, row: top + n % rows, column: column, limit: column + cell.indent - 1,
      foreground: Ink.blue, style: .bold)
    let end = frame.put(
      cell.text, row: top + n % rows, column: column + cell.indent, limit: column + width - 1,
      foreground: cell.ink)
    frame.put(
      cell.reason, row: top + n % rows, column: end + 2, limit: column + width - 1,
      foreground: Ink.amber)
  }
  if pages > 1 {
    let text = "page \(page + 1) of \(pages), PgDn"
    frame.put(
      text, row: layout.title + 1, column: frame.size.columns - text.count - 1, foreground: Ink.dim)
  }
}

/// A row of the help page.
private struct HelpCell {
  var keys = ""
  var text: String
  /// Beside the text, in amber.
  var reason = ""
  var ink: Colour
  /// Where the text begins.
  var indent = 13
}

/// Every line of help in rows of one width.
private func helpCells(_ model: Model, ownCount: Int, width: Int) -> [HelpCell] {
  // A reason takes a row of its own below the key: so lines are laid out first.
  var cells: [HelpCell] = []
  let lines = model.helpLines
  for (n, line) in lines.enumerated() {
    if model.ways.filter.isEmpty, ownCount > 0, n == ownCount {
      cells.append(HelpCell(text: "everywhere", ink: Ink.amber))
    }
    if model.ways.filter.isEmpty, line.isWord, !lines[n - 1].isWord {
      cells.append(HelpCell(text: "words on the screen", ink: Ink.amber))
    }
    let isAvailable = line.reason == nil
    let indent = line.isWord ? 22 : 13
    let room = width - indent - 3
    let words = wrapped(line.text, room)
    // Beside the text where there is room, else below it.
    let reason = line.reason.map { "not now: " + $0 }
    let isBeside =
      words.count == 1 && reason.map { line.text.count + 2 + $0.count <= room } ?? false
    for (k, text) in words.enumerated() {
      cells.append(
        HelpCell(
          keys: k == 0 ? line.keys : "", text: text, reason: isBeside ? reason ?? "" : "",
          ink: isAvailable ? Ink.text : Ink.dim, indent: indent))
    }
    if let reason, !isBeside {
      for text in wrapped(reason, room).prefix(2) {
        cells.append(HelpCell(text: text, ink: Ink.amber))
      }
    }
  }
  if cells.isEmpty {
    cells.append(HelpCell(text: "nothing has these words; Ctrl-U shows all", ink: Ink.amber))
  }
  return cells
}

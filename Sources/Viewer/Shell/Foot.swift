import CellUI

/// The last row as it stands: hints of keys, as far as they fit whole, and what is being done.
struct FootLine {
  /// A piece of text where it stands.
  struct Piece {
    let text: String
    let area: Rect
    let ink: Colour
    let style: Style
    let target: HintTarget?
  }

  private(set) var pieces: [Piece] = []
  private let row: Int

  /// Empty where something is typed or said there.
  init(_ model: Model, _ layout: Layout) {
    row = layout.keys
    guard model.shell.prompt == nil, model.notice?.isAboveKeys != false else { return }
    var end = layout.size.columns - 1
    if let progress = model.shell.progress {
      let text = "\(progress.text) \(Int(progress.part * 100)) %  "
      let cancel = model.showsEndOfProgress ? "Esc cancels" : ""
      end -= text.count + cancel.count + 1
      put(text, end + 1, Ink.amber)
      if !cancel.isEmpty {
        put(cancel, end + 1 + text.count, Ink.amber, target: .action(.back))
      }
    }
    var at = 1
    let hints = keyLine(model)
    // The way out stands last, and has room kept.
    let last = hints.last.map { $0.count + 2 } ?? 0
    for (n, hint) in hints.enumerated()
    where at + hint.count <= end - (n == hints.count - 1 ? 0 : last) {
      for part in hint.keys {
        at = put(part.text, at, Ink.blue, style: .bold, target: part.target)
      }
      for part in hint.words { at = put(part.text, at, Ink.text, target: part.target) }
      at += 2
    }
  }

  @discardableResult
  private mutating func put(
    _ text: String, _ column: Int, _ ink: Colour, style: Style = [],
    target: HintTarget? = nil
  ) -> Int {
    let area = Rect(column: column, row: row, columns: text.count, rows: 1)
    pieces.append(Piece(text: text, area: area, ink: ink, style: style, target: target))
    return column + text.count
  }

  /// The hints as they answer.
  var regions: [HitRegion] {
    pieces.compactMap { piece in
      piece.target.map { HitRegion(area: piece.area, meaning: .hint($0)) }
    }
  }
}

/// The last row: what is typed, a message, or the keys that matter now.
func drawFoot(_ frame: inout Frame, _ model: Model, _ layout: Layout) {
  let row = layout.keys
  let columns = frame.size.columns
  frame.fill(Rect(column: 0, row: row, columns: columns, rows: 1), Cell(" ", background: Ink.bar))
  if let prompt = model.shell.prompt {
    // Why a name was not taken stands above it.
    if let notice = model.notice { drawNotice(&frame, notice, lastRow: row - 1) }
    drawPrompt(&frame, model, prompt, layout)
    return
  }
  if let notice = model.notice {
    drawNotice(&frame, notice, lastRow: notice.isAboveKeys ? row - 1 : row)
    if !notice.isAboveKeys { return }
  }
  for piece in FootLine(model, layout).pieces {
    frame.put(
      piece.text, row: piece.area.row, column: piece.area.column, foreground: piece.ink,
      style: piece.style)
  }
}

private func drawNotice(_ frame: inout Frame, _ notice: Notice, lastRow: Int) {
  let columns = frame.size.columns
  // A long message takes rows of the time course rather than losing its end.
  let lines = wrapped((notice.isError ? "! " : "") + notice.text, columns - 2).prefix(4)
  for (n, line) in lines.enumerated() {
    let at = lastRow - lines.count + 1 + n
    frame.fill(
      Rect(column: 0, row: at, columns: columns, rows: 1), Cell(" ", background: Ink.bar))
    frame.put(
      line, row: at, column: 1, limit: columns - 1,
      foreground: notice.isError ? Ink.red : Ink.amber, style: notice.isError ? .bold : [])
  }
}

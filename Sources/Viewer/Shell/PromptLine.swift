import Basics
import CellUI

/// The typed line with its cursor, and above it the words that fit.
func drawPrompt(
  _ frame: inout Frame, _ model: Model, _ prompt: Prompt, _ layout: Layout
) {
  let row = layout.keys
  let columns = frame.size.columns
  var at = frame.put(prompt.label, row: row, column: 1, foreground: Ink.blue, style: .bold)
  // What is before the cursor stays in sight, however long the line is.
  let typed = Array(prompt.text).map { Array(visibleText(String($0)).unicodeScalars) }
  let room = max(1, columns - at - 2)
  let before = typed.prefix(prompt.cursor).reduce(0) { $0 + $1.count }
  let all = typed.flatMap { $0 }
  let first = max(0, before - room + 1)
  let shown = all.dropFirst(first).prefix(room)
  for (n, scalar) in shown.enumerated() {
    frame.put(
      String(scalar), row: row, column: at + n, foreground: Ink.strong,
      style: prompt.isProposal || first + n == before ? .reverse : [])
  }
  at += shown.count
  if before >= all.count {
    frame.put("_", row: row, column: at, foreground: Ink.cursor, style: .bold)
    at += 1
  }
  guard prompt.completes else { return }
  drawOffers(&frame, model, prompt, row: row, columns: columns)
}

extension Prompt {
  var label: String {
    switch purpose {
    case .command: ":"
    case .place: "go to (X,Y,Z mm or a name): "
    case .targetName: "save under the name: "
    case .rename: "name: "
    case .note, .bookmarkNote: "note: "
    case .transformName: "accept, and write the transform as: "
    case .people: "find (part of a name, a visit, a task): "
    case .ratingDoubtful: "doubtful, because: "
    case .ratingBad: "bad, because: "
    case .visitNote: "note about this scan: "
    case .bookmark: "bookmark (NAME, then a note): "
    }
  }
}

/// What can be typed here: commands with what they take, or the words that fit.
private func drawOffers(
  _ frame: inout Frame, _ model: Model, _ prompt: Prompt, row: Int, columns: Int
) {
  let most = frame.size.rows < 34 ? 6 : 9
  var lines: [(head: String, rest: String, isHere: Bool)] = []
  let found = prompt.offer?.completion ?? completion(of: prompt, model)
  let word = String(prompt.text.prefix { $0 != " " })
  let isCommand = prompt.purpose == .command && !prompt.head.contains(" ")
  if isCommand || (prompt.offer != nil && found?.start == 0 && prompt.purpose == .command) {
    let words = found?.words ?? []
    let from = max(0, min(words.count - most, (prompt.offer?.at ?? 0) - most / 2))
    for (n, name) in words.enumerated().dropFirst(from).prefix(most) {
      lines.append(
        (":" + name, commandWords(name, model), n == prompt.offer?.at))
    }
    if words.count > from + most {
      lines.append(("", "\(words.count - from - most) more, Tab goes through them", false))
    }
    if words.isEmpty { lines.append(("", "no command begins so; ? lists them", false)) }
  } else {
    if prompt.purpose == .command, let name = CommandRegistry.found(word).first {
      lines.append((":" + name, commandWords(name, model), false))
    }
    let words = (found?.words ?? []).map { visibleText($0, limit: 60) }
    lines += grid(words, columns: columns - 4, rows: most - lines.count, at: prompt.offer?.at)
  }
  let width = columns
  for (n, line) in lines.enumerated() {
    let at = row - lines.count + n
    guard at > 0 else { continue }
    let back = line.isHere ? Ink.selected : Ink.bar
    frame.fill(Rect(column: 0, row: at, columns: width, rows: 1), Cell(" ", background: back))
    let isHead = !line.head.isEmpty
    frame.put(
      line.head, row: at, column: 1, foreground: Ink.blue, background: back, style: .bold)
    frame.put(
      whole(line.rest, columns - (isHead ? 21 : 3)), row: at, column: isHead ? 20 : 2,
      limit: columns - 1,
      foreground: isHead ? Ink.text : Ink.strong, background: back)
  }
}

/// As many whole words as there is room for.
private func whole(_ text: String, _ room: Int) -> String {
  guard text.count > room else { return text }
  let head = text.prefix(max(0, room - 2))
  guard let blank = head.lastIndex(of: " ") else { return String(head) + " …" }
  return head[..<blank] + " …"
}

/// Words in columns; the one that Tab stands on is marked with an arrow as well as by its place.
private func grid(
  _ words: [String], columns: Int, rows: Int, at: Int?
) -> [(head: String, rest: String, isHere: Bool)] {
  guard !words.isEmpty, rows > 0 else { return [] }
  let width = min(columns, (words.map(\.count).max() ?? 1) + 3)
  let across = max(1, columns / width)
  let perPage = across * rows
  let page = (at ?? 0) / perPage
  let shown = Array(words.enumerated().dropFirst(page * perPage).prefix(perPage))
  var out: [(head: String, rest: String, isHere: Bool)] = []
  for start in stride(from: 0, to: shown.count, by: across) {
    let line = shown[start..<min(shown.count, start + across)].map { n, word in
      let cell = (n == at ? "›" : " ") + word
      return cell + String(repeating: " ", count: max(0, width - cell.count))
    }.joined()
    out.append(("", line, false))
  }
  let left = words.count - page * perPage - shown.count
  if left > 0, !out.isEmpty {
    out[out.count - 1].rest =
      String(out[out.count - 1].rest.prefix(max(0, columns - 10))) + "  +\(left)"
  }
  return out
}

/// What a command takes and does; what it does alone for a key's own name.
func commandWords(_ name: String, _ model: Model) -> String {
  guard let command = CommandRegistry.named(name) else { return "" }
  let shown = command.key.flatMap { model.ways.keys.shown($0.action) }
  return command.words + (shown.map { "  [\($0)]" } ?? "")
}

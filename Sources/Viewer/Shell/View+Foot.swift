import Basics
import CellUI
import Imaging

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
    drawNotice(&frame, notice, lastRow: row)
    return
  }
  var end = columns - 1
  if let progress = model.shell.progress {
    let text = "\(progress.text) \(Int(progress.part * 100)) %  Esc cancels"
    end = columns - text.count - 2
    frame.put(text, row: row, column: end + 1, foreground: Ink.amber)
  }
  var at = 1
  let line = keyLine(model)
  // The way out stands last, and has room kept.
  let last = line.last.map { $0.0.count + 1 + $0.1.count + 2 } ?? 0
  for (n, (keys, text)) in line.enumerated()
  where at + keys.count + 1 + text.count <= end - (n == line.count - 1 ? 0 : last) {
    at = frame.put(keys, row: row, column: at, foreground: Ink.blue, style: .bold)
    at = frame.put(" " + text, row: row, column: at, foreground: Ink.text) + 2
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

/// The typed line with its cursor, and above it the words that fit.
private func drawPrompt(
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

/// The keys that matter now, the most wanted first.
func keyLine(_ model: Model) -> [(String, String)] {
  func key(_ action: Action) -> String {
    // The first of several: the line is short.
    let shown = model.ways.keys.shown(action) ?? ":" + action.name
    return shown.split(separator: " ").first.map(String.init) ?? shown
  }
  let help = (key(.help), "help")
  let leave = (key(.quit), "quit")
  switch model.context {
  case .help:
    return [
      ("type", "to narrow"), ("PgUp/Dn", "page"), ("Enter", "do it when one is left"),
      ("Esc", "back"),
    ]
  case .confirm:
    let side = model.currentTarget.map { model.scene.sideRule.side(of: $0.point).rawValue } ?? ""
    return [("Enter", "name and save \(side)"), ("Esc", "back"), help, leave]
  case .following:
    return [
      ("←↑↓→ PgUp/Dn", "move the sphere"), ("[ ]", "percentile"), ("Esc", "stay here"), help, leave,
    ]
  case .targets:
    return [
      ("n N", "next/previous"), ("Enter", "confirm"), ("Y X", "accept/reject"), ("Esc", "back"),
      ("e", "note"), ("r", "rename"), ("U", "undo"), ("[ ]", "percentile"),
      ("S", "search here"), ("L", "follow"), help, leave,
    ]
  case .lesson:
    return [
      ("n", "next"), ("N", "previous"), ("←↑↓→", "cursor"), ("- +", "camera mm"),
      ("Esc", "end of the lesson"), help, leave,
    ]
  case .registration:
    return [
      ("Esc", "back"), ("←↑↓→ PgUp/Dn", "move"), ("[ ]", "turn"), ("{ }", "step"),
      ("Space", "register"), ("o", "checks/edges"), ("U", "undo"), ("Enter", "accept"),
      ("X", "as stored"), help, leave,
    ]
  case .bookmarks:
    return [
      ("n N", "next/previous"), ("Enter", "there, to the slices"), ("e", "note"),
      ("X", "take away"), ("Esc", "back"), help, leave,
    ]
  case .panel where model.shell.panel == .perfusion:
    let clusters = model.perfusion.sheet?.peaks.isEmpty == false
    return [("Esc", "back to the slices"), ("↑↓ PgUp/Dn", "lines")]
      + (clusters ? [("n N", "cursor to a cluster")] : [(":perfusion X", "clusters beyond ± X")])
      + [help, leave]
  case .panel where model.shell.panel == .overlays:
    return [
      ("Esc", "back to the slices"), (key(.nextOverlay), "choose"), (key(.keep), "keep"),
      ("^ _", "higher, lower"), ("{ }", "threshold"), (key(.thresholdKind), "of what"),
      (key(.sign), "signs"), (key(.clusterSize), "clusters"), (key(.outline), "outline"),
      (", .", "opacity"), help, leave,
    ]
  case .panel:
    return [
      ("Esc", "back to the slices"), (key(.motion), "motion"), (key(.matrix), "matrix"),
      (key(.networks), "networks"), help, leave,
    ]
  case .movie:
    return [
      (key(.play), model.movie.isPlaying ? "stop" : "play"), ("[ ]", "window"),
      ("Esc", model.movie.isPlaying ? "stop" : "end of the movie"),
      ("←↑↓→", "cursor"), (key(.cycleRight), "right"), help, leave,
    ]
  case .slices:
    if let keys = layoutKeyLine(model) { return keys }
    return [
      ("←↑↓→", "cursor"), ("PgUp/Dn", "slice"), (key(.seed), "seed"),
      (key(.live), model.connectivity.isLive ? "live ON" : "live"),
      (key(.cycleRight), "right"), help, (key(.targets), "targets"), ("{ }", "threshold"),
      (key(.command), "command"), (key(.goTo), "go to"), ("a c s", "plane"), ("1–5", "layout"),
      ("Z z", "zoom"),
      ("n N", "clusters"),
      (key(.undoView), "undo"), (key(.bookmarks), "bookmarks"), (key(.overlay), "overlay"),
      (key(.underlay), "underlay"), ("- +", "camera mm"), (key(.flip), "flip"),
      (key(.motion), "motion"), (key(.matrix), "matrix"), (key(.activity), "activity"),
      (key(.movie), "windows"), (key(.course), "course"), leave,
    ]
  }
}

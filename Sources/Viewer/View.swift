package import CellUI
import Connectivity
import Imaging
import Perfusion
import Targeting

/// The whole screen from the model alone.
package func view(_ model: Model) -> Frame {
  var frame = Frame(size: model.size)
  guard Layout.fits(model.size) else {
    let need =
      "boldspect needs \(Layout.minimum.columns)×\(Layout.minimum.rows), this is "
      + "\(model.size.columns)×\(model.size.rows)"
    for (n, line) in wrapped(need, max(1, model.size.columns)).enumerated() {
      frame.put(
        line, row: model.size.rows / 2 + n, column: max(0, (model.size.columns - line.count) / 2))
    }
    return finished(frame, model)
  }
  let layout = Layout(model.size, lesson: model.lesson != nil)
  drawTitle(&frame, model, layout)
  if model.showsHelp {
    drawHelp(&frame, model, layout)
  } else if let targets = model.targets {
    drawTargets(&frame, model, targets, layout)
  } else if model.panel == .registration {
    drawRegistration(&frame, model, layout)
  } else if let panel = model.panel {
    drawPanel(&frame, model, panel, layout)
    drawValues(&frame, model, layout)
    drawCourse(&frame, model, layout)
  } else {
    drawPanes(&frame, model, layout)
    drawValues(&frame, model, layout)
    if model.lesson == nil {
      drawCourse(&frame, model, layout)
    } else {
      drawLesson(&frame, model, layout.course)
    }
  }
  drawFoot(&frame, model, layout)
  return finished(frame, model)
}

/// The frame in what the terminal can show.
private func finished(_ frame: Frame, _ model: Model) -> Frame {
  var out = frame
  if let table = model.table { out = out.quantised(to: table) }
  if let cost = model.cost, model.showsCost {
    let text = " \(cost.bytes) bytes  \(fixed(cost.milliseconds, 1)) ms "
    out.put(
      text, row: out.size.rows - 1, column: out.size.columns - text.count, foreground: Ink.black,
      background: Ink.amber)
  }
  if !model.capabilities.unicode { out = out.inASCII() }
  return out
}

private func drawTitle(_ frame: inout Frame, _ model: Model, _ layout: Layout) {
  let scene = model.scene
  frame.fill(
    Rect(column: 0, row: layout.title, columns: frame.size.columns, rows: 1),
    Cell(" ", background: Ink.bar))
  let convention =
    model.scene.laterality == .unknown
    ? Side.unknown.rawValue : model.isRadiological ? "RADIOLOGICAL" : "NEUROLOGICAL"
  let use = frame.size.columns >= 100 ? "research and education only" : "not for diagnosis"
  let rightEdge = frame.size.columns - 1
  let useColumn = rightEdge - use.count
  let conventionColumn = useColumn - convention.count - 2
  frame.put(use, row: layout.title, column: useColumn, foreground: Ink.dim)
  frame.put(
    convention, row: layout.title, column: conventionColumn, foreground: Ink.amber, style: .bold)
  let isWide = frame.size.columns >= 100
  var at = 1
  if isWide {
    at = frame.put(
      "boldspect  ", row: layout.title, column: 1, foreground: Ink.strong, style: .bold)
  }
  if scene.isSimulated {
    at = frame.put(
      "SIMULATED ", row: layout.title, column: at, foreground: Ink.red, style: .bold)
  }
  var parts: [String] = []
  if !scene.title.isEmpty {
    let room = isWide ? frame.size.columns / 3 : scene.isSimulated ? 14 : 22
    parts.append(shortened(visibleText(scene.title, limit: 80), room))
  }
  if let seconds = scene.run?.seconds, isWide { parts.append("\(fixed(seconds / 60, 1)) min") }
  if let grid = scene.grid {
    parts.append(
      "\(scene.space == .mni152 ? "MNI152" : "native space") \(plainNumber(grid.spacing.0, 1)) mm")
  }
  parts += layoutWords(model, layout)
  // What does not fit whole is left out: half a number is worse than none.
  for part in parts where at + part.count <= conventionColumn - 2 {
    at = frame.put(part, row: layout.title, column: at, foreground: Ink.text) + 2
  }
}

/// A file name cut in the middle, where names differ least.
func shortened(_ text: String, _ limit: Int) -> String {
  guard text.count > limit, limit > 8 else { return text }
  let head = limit / 2
  return String(text.prefix(head)) + "…" + String(text.suffix(limit - head - 1))
}

/// The last row: what is typed, a message, or the keys that matter now.
private func drawFoot(_ frame: inout Frame, _ model: Model, _ layout: Layout) {
  let row = layout.keys
  let columns = frame.size.columns
  frame.fill(Rect(column: 0, row: row, columns: columns, rows: 1), Cell(" ", background: Ink.bar))
  if let prompt = model.prompt {
    let label: String
    switch prompt.purpose {
    case .command: label = ":"
    case .place: label = "go to (X,Y,Z mm or a name): "
    case .targetName: label = "save under the name: "
    case .rename: label = "name: "
    case .note: label = "note: "
    case .transformName: label = "accept, and write the transform as: "
    }
    var at = frame.put(label, row: row, column: 1, foreground: Ink.blue, style: .bold)
    let typed = visibleText(prompt.text)
    at = frame.put(
      String(typed.suffix(max(1, columns - at - 4))), row: row, column: at, foreground: Ink.strong)
    frame.put("_", row: row, column: at, foreground: Ink.cursor, style: .bold)
    if prompt.purpose == .command {
      let word = prompt.text.prefix { $0 != " " }
      let hints = KeyMap.commands.filter { $0.name.hasPrefix(word) }
      let hint =
        hints.count == 1
        ? "\(hints[0].name) \(hints[0].takes): \(hints[0].text)"
        : hints.map(\.name).joined(separator: " ")
      frame.put(hint, row: row, column: max(at + 3, columns - hint.count - 1), foreground: Ink.dim)
    }
    return
  }
  if let notice = model.notice {
    // A long message takes rows of the time course rather than losing its end.
    let lines = wrapped((notice.isError ? "! " : "") + notice.text, columns - 2).prefix(4)
    for (n, line) in lines.enumerated() {
      let at = row - lines.count + 1 + n
      frame.fill(
        Rect(column: 0, row: at, columns: columns, rows: 1), Cell(" ", background: Ink.bar))
      frame.put(
        line, row: at, column: 1, limit: columns - 1,
        foreground: notice.isError ? Ink.red : Ink.amber, style: notice.isError ? .bold : [])
    }
    return
  }
  var end = columns - 1
  if let progress = model.progress {
    let text = "\(progress.text) \(Int(progress.part * 100)) %  Esc cancels"
    end = columns - text.count - 2
    frame.put(text, row: row, column: end + 1, foreground: Ink.amber)
  }
  var at = 1
  for (keys, text) in keyLine(model) {
    guard at + keys.count + 1 + text.count <= end else { break }
    at = frame.put(keys, row: row, column: at, foreground: Ink.blue, style: .bold)
    at = frame.put(" " + text, row: row, column: at, foreground: Ink.text) + 2
  }
}

/// Text in lines of at most so many characters, broken between words.
func wrapped(_ text: String, _ width: Int) -> [String] {
  var lines: [String] = []
  var line = ""
  for word in text.split(separator: " ") {
    if !line.isEmpty, line.count + 1 + word.count > width {
      lines.append(line)
      line = ""
    }
    line += (line.isEmpty ? "" : " ") + word
  }
  return line.isEmpty ? lines : lines + [line]
}

/// The keys that matter now, the most wanted first.
private func keyLine(_ model: Model) -> [(String, String)] {
  if model.showsHelp { return [("Esc", "back"), ("q", "quit")] }
  if let targets = model.targets {
    if targets.isConfirming {
      let side = model.currentTarget.map { model.scene.sideRule.side(of: $0.point).rawValue } ?? ""
      return [("Enter", "name and save \(side)"), ("Esc", "back"), ("q", "quit")]
    }
    if targets.isFollowing {
      return [
        ("←↑↓→ PgUp/Dn", "move the sphere"), ("[ ]", "percentile"), ("Esc", "stay here"),
        ("q", "quit"),
      ]
    }
    return [
      ("n N", "next/previous"), ("Enter", "confirm"), ("Y X", "accept/reject"),
      ("e", "note"), ("r", "rename"), ("U", "undo"), ("[ ]", "percentile"),
      ("S", "search here"), ("L", "follow"), ("Esc", "back"), ("?", "help"), ("q", "quit"),
    ]
  }
  if model.lesson != nil {
    return [
      ("n", "next"), ("N", "previous"), ("←↑↓→", "cursor"), ("- +", "camera mm"),
      ("Esc", "end of the lesson"), ("?", "help"), ("q", "quit"),
    ]
  }
  if model.panel == .registration {
    return [
      ("←↑↓→ PgUp/Dn", "move"), ("[ ]", "turn"), ("{ }", "step"), ("Space", "register"),
      ("o", "checks/edges"), ("U", "undo"), ("Enter", "accept"), ("X", "as stored"),
      ("Esc", "back"),
    ]
  }
  if model.panel == .perfusion {
    let clusters = model.perfusionSheet?.peaks.isEmpty == false
    return [("Esc", "back to the slices"), ("↑↓ PgUp/Dn", "lines")]
      + (clusters ? [("n N", "cursor to a cluster")] : [(":perfusion X", "clusters beyond ± X")])
      + [("?", "help"), ("q", "quit")]
  }
  if model.panel == .overlays {
    return [
      ("Esc", "back to the slices"), ("O", "choose"), ("K", "keep"), ("^ _", "higher, lower"),
      ("{ }", "threshold"), ("%", "of what"), (";", "signs"), ("#", "clusters"), ("d", "outline"),
      (", .", "opacity"), ("?", "help"),
    ]
  }
  if model.panel != nil {
    return [
      ("Esc", "back to the slices"), ("m", "motion"), ("x", "matrix"), ("T", "networks"),
      ("?", "help"), ("q", "quit"),
    ]
  }
  if model.movie != nil {
    return [
      ("p", model.isPlaying ? "stop" : "play"), ("[ ]", "window"),
      ("Esc", model.isPlaying ? "stop" : "end of the movie"),
      ("←↑↓→", "cursor"), ("v", "right"), ("?", "help"), ("q", "quit"),
    ]
  }
  if let keys = layoutKeyLine(model) { return keys }
  return [
    ("←↑↓→", "cursor"), ("PgUp/Dn", "slice"), ("Space", "seed"),
    ("L", model.isLive ? "live ON" : "live"),
    ("v", "right"), ("?", "help"), ("t", "targets"), ("{ }", "threshold"), (":", "command"),
    ("g", "go to"), ("a c s", "plane"), ("1–5", "layout"), ("Z z", "zoom"), ("o", "overlay"),
    ("u", "underlay"), ("- +", "camera mm"),
    ("R", "flip"), ("m", "motion"), ("x", "matrix"), ("A", "activity"), ("w", "windows"),
    ("y", "course"), ("q", "quit"),
  ]
}

/// Lines of the help page and the width that none of them exceeds.
private let helpWidth = 70

private func drawHelp(_ frame: inout Frame, _ model: Model, _ layout: Layout) {
  let top = layout.title + 2
  let rows = max(1, layout.keys - top - 1)
  let lines: [(String, String)] =
    KeyMap.bindings.map { ($0.shown, $0.text) }
    + KeyMap.commands.map {
      (":\($0.name)", $0.takes.isEmpty ? $0.text : "\($0.takes): \($0.text)")
    }
  let columns = max(1, frame.size.columns / helpWidth)
  let perPage = rows * columns
  let pages = (lines.count + perPage - 1) / perPage
  let page = model.helpPage % pages
  for (n, line) in lines.dropFirst(page * perPage).prefix(perPage).enumerated() {
    let column = 2 + n / rows * (frame.size.columns / columns)
    let row = top + n % rows
    frame.put(line.0, row: row, column: column, foreground: Ink.blue, style: .bold)
    frame.put(line.1, row: row, column: column + 12, foreground: Ink.text)
  }
  if pages > 1 {
    let text = "page \(page + 1) of \(pages), PgDn"
    frame.put(
      text, row: layout.keys - 1, column: frame.size.columns - text.count - 1, foreground: Ink.dim)
  }
}

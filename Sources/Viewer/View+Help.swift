import Basics
import CellUI
import Imaging

/// What the keys speak of now.
package enum KeyContext: String, Sendable, CaseIterable {
  case help, slices, movie, targets, confirm, following, registration, lesson, panel, bookmarks

  var title: String {
    switch self {
    case .help: "help"
    case .slices: "the slices"
    case .movie: "the movie"
    case .targets: "the target list"
    case .confirm: "the confirm screen"
    case .following: "the moving search sphere"
    case .registration: "laying a SPECT over the anatomy"
    case .lesson: "the lesson"
    case .panel: "the panel"
    case .bookmarks: "the bookmarks"
    }
  }

  /// Keys that mean something of their own here, with what.
  package var own: [(Action, String)] {
    switch self {
    case .help, .slices, .panel: []
    case .movie: [(.frameBack, "previous window"), (.frameForward, "next window")]
    case .targets:
      [
        (.next, "next in the list"), (.previous, "previous in the list"),
        (.down, "next in the list"), (.up, "previous in the list"),
        (.sliceBack, "next in the list"), (.sliceForward, "previous in the list"),
        (.accept, "confirm the target"), (.frameBack, "smaller percentile"),
        (.frameForward, "larger percentile"), (.live, "the search sphere follows the cursor"),
        (.undo, "undo the last mark, name, note or decision"), (.targets, "close the list"),
      ]
    case .confirm: [(.accept, "name it and save it"), (.back, "back to the list")]
    case .following:
      [
        (.left, "sphere left on the screen"), (.right, "sphere right"), (.up, "sphere up"),
        (.down, "sphere down"), (.sliceForward, "sphere to the next slice"),
        (.sliceBack, "sphere to the previous slice"), (.back, "stay here"),
      ]
    case .registration:
      [
        (.left, "SPECT left on the screen"), (.right, "SPECT right"), (.up, "SPECT up"),
        (.down, "SPECT down"), (.sliceForward, "SPECT through the slices, forward"),
        (.sliceBack, "SPECT through the slices, back"), (.frameBack, "turn it, anticlockwise"),
        (.frameForward, "turn it, clockwise"), (.thresholdDown, "smaller steps"),
        (.thresholdUp, "larger steps"), (.overlay, "squares, or edges"), (.undo, "undo a step"),
        (.reject, "as the file has it"), (.seed, "register by elastix"),
        (.accept, "accept, and write the transform"),
      ]
    case .lesson: [(.next, "next step"), (.previous, "previous step"), (.accept, "next step")]
    case .bookmarks:
      [
        (.next, "next bookmark"), (.previous, "previous bookmark"), (.down, "next bookmark"),
        (.up, "previous bookmark"), (.sliceBack, "next bookmark"),
        (.sliceForward, "previous bookmark"), (.accept, "there, to the slices"),
        (.note, "write a note"),
        (.reject, "take it away"),
      ]
    }
  }
}

extension KeyContext {
  /// Keys that do nothing here, so that help is silent about them.
  var idle: Set<Action> {
    switch self {
    case .targets, .bookmarks: [.left, .right]
    default: []
    }
  }
}

/// A line of help.
package struct HelpLine: Equatable, Sendable {
  package var keys: String
  package var text: String
  /// Its name after `:`.
  package var command: String
  /// Why it does nothing now.
  package var reason: String?
  var action: Action?
}

extension Model {
  package var context: KeyContext {
    if shell.showsHelp { return .help }
    if let targets = self.targets.list {
      return targets.isConfirming ? .confirm : targets.isFollowing ? .following : .targets
    }
    if lesson.running != nil { return .lesson }
    if shell.panel == .registration { return .registration }
    if shell.panel == .bookmarks { return .bookmarks }
    if shell.panel != nil { return .panel }
    return movie.windows != nil ? .movie : .slices
  }

  /// Help for what is on screen, narrowed to what was typed.
  package var helpLines: [HelpLine] {
    var under = self
    under.shell.showsHelp = false
    let context = under.context
    let own = context.own
    var lines: [HelpLine] = []
    func line(_ binding: Binding, _ text: String) -> HelpLine? {
      guard let keys = ways.keys.shown(binding.action) else { return nil }
      return HelpLine(
        keys: keys, text: text, command: CommandNames.name(of: binding.action),
        reason: under.reasonAgainst(binding.action), action: binding.action)
    }
    for (action, text) in own {
      if let binding = KeyMap.bindings.first(where: { $0.action == action }),
        let made = line(binding, text)
      {
        lines.append(made)
      }
    }
    for binding in KeyMap.bindings
    where !own.contains(where: { $0.0 == binding.action }) && !context.idle.contains(binding.action)
    {
      if let made = line(binding, binding.text) { lines.append(made) }
    }
    for command in KeyMap.commands {
      lines.append(
        HelpLine(
          keys: ":" + command.name,
          text: command.takes.isEmpty ? command.text : "\(command.takes): \(command.text)",
          command: command.name, reason: under.reasonAgainst(command: command.name), action: nil))
    }
    let wanted = ways.filter.lowercased().split(separator: " ")
    guard !wanted.isEmpty else { return lines }
    return lines.filter { line in
      // One letter is a key; more are words.
      if wanted.count == 1, ways.filter.count == 1 {
        return line.keys.split(separator: " ").contains { $0 == ways.filter }
      }
      let all = "\(line.keys) \(line.text) \(line.command)".lowercased()
      return wanted.allSatisfy { all.contains($0) }
    }
  }

  /// Why an action does nothing now, in the words that its key would give: it is tried on a copy.
  package func reasonAgainst(_ action: Action) -> String? {
    var copy = self
    copy.notice = nil
    let effects = act(&copy, action)
    return effects.isEmpty && copy.notice?.isRefusal == true ? copy.notice?.text : nil
  }

  private func reasonAgainst(command name: String) -> String? {
    // Whether a place is known depends on its name, not on what is loaded.
    let example: String
    switch Parameter.of(name) {
    case .nothing: example = ""
    case .number(let range, _, _): example = plainNumber(range.lowerBound, 4)
    case .words(let words): example = words.first ?? ""
    case .seed, .place: example = "0,0,0"
    case .region: example = "brain"
    case .session: example = "save example"
    case .file(let endings): example = "example" + (endings.first ?? "")
    case .bookmark: example = ways.bookmarks.first?.name ?? "name"
    case .other(let text): example = text
    }
    if name == "camera-fwhm" { return nil }
    var copy = self
    copy.notice = nil
    let effects = runCommand(&copy, example.isEmpty ? name : "\(name) \(example)")
    return effects.isEmpty && copy.notice?.isRefusal == true ? copy.notice?.text : nil
  }
}

/// A key while help is open: letters narrow it, the arrows turn pages.
func typeInHelp(_ model: inout Model, _ key: Key) -> [Effect] {
  switch key {
  case .escape:
    if model.ways.filter.isEmpty { model.shell.showsHelp = false }
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
    guard left.count == 1, !model.ways.filter.isEmpty, let line = left.first else { break }
    model.ways.filter = ""
    if let action = line.action { return act(&model, action) }
    model.shell.prompt = Prompt(
      purpose: .command,
      text: line.command + (Parameter.of(line.command) == .nothing ? "" : " "))
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
  let own = context.own.count
  // A reason takes a row of its own below the key: so lines are laid out first.
  var cells: [(keys: String, text: String, reason: String, ink: Colour)] = []
  for (n, line) in model.helpLines.enumerated() {
    if model.ways.filter.isEmpty, own > 0, n == own {
      cells.append(("", "everywhere", "", Ink.amber))
    }
    let isAvailable = line.reason == nil
    let room = width - 16
    let words = wrapped(line.text, room)
    // Beside the text where there is room, else below it.
    let reason = line.reason.map { "not now: " + $0 }
    let isBeside =
      words.count == 1 && reason.map { line.text.count + 2 + $0.count <= room } ?? false
    for (k, text) in words.enumerated() {
      cells.append(
        (
          k == 0 ? line.keys : "", text, isBeside ? reason ?? "" : "",
          isAvailable ? Ink.text : Ink.dim
        ))
    }
    if let reason, !isBeside {
      for text in wrapped(reason, room).prefix(2) { cells.append(("", text, "", Ink.amber)) }
    }
  }
  if cells.isEmpty { cells.append(("", "nothing has these words; Esc shows all", "", Ink.amber)) }
  let perPage = rows * columns
  let pages = (cells.count + perPage - 1) / perPage
  let page = model.shell.helpPage % pages
  for (n, cell) in cells.dropFirst(page * perPage).prefix(perPage).enumerated() {
    let column = 2 + n / rows * width
    frame.put(
      cell.keys, row: top + n % rows, column: column, limit: column + 12, foreground: Ink.blue,
      style: .bold)
    let end = frame.put(
      cell.text, row: top + n % rows, column: column + 13, limit: column + width - 1,
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

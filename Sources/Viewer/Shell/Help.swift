import Basics
import CellUI
import Imaging

/// What the keys speak of now.
package enum KeyContext: String, Sendable, CaseIterable {
  case help, slices, movie, targets, confirm, following, registration, lesson, panel, bookmarks
  case people, series

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
    case .people: "the list of people"
    case .series: "the list of series"
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
    case .confirm:
      [
        (.accept, "name it and save it"), (.down, "further words"), (.up, "the words before"),
        (.back, "back to the list"),
      ]
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
    case .lesson:
      [
        (.next, "next step"), (.previous, "previous step"), (.axial, "the answer, or not"),
        (.coarser, "more of what changes in the step"), (.finer, "less of it"),
        (.coronal, "all steps"), (.targets, "the truth of a synthetic person"),
        (.play, "the lesson by itself, or not"), (.accept, "the answer, or not"),
        (.lesson, "leave the lesson"),
      ]
    case .bookmarks:
      [
        (.next, "next bookmark"), (.previous, "previous bookmark"), (.down, "next bookmark"),
        (.up, "previous bookmark"), (.sliceBack, "next bookmark"),
        (.sliceForward, "previous bookmark"), (.accept, "there, to the slices"),
        (.note, "write a note"),
        (.reject, "take it away"),
      ]
    case .series:
      [
        (.down, "next line"), (.up, "line before"), (.sliceBack, "a page down"),
        (.sliceForward, "a page up"), (.firstLine, "the first line"), (.lastLine, "the last line"),
        (.accept, "open the series, or all that are marked"),
        (.seed, "mark the series, to open it with others"), (.left, "to the people"),
        (.people, "to the pictures"),
      ]
    case .people:
      [
        (.down, "next line"), (.up, "line before"), (.sliceBack, "a page down"),
        (.sliceForward, "a page up"), (.firstLine, "the first line"), (.lastLine, "the last line"),
        (.right, "to the runs of the visit"),
        (.left, "back to the list"), (.accept, "open the visit, or the run"),
        (.people, "to the pictures"), (.searchPeople, "find, while typing"),
        (.filterPeople, "only those where something is missing"), (.sortPeople, "another order"),
        (.rateGood, "this scan is good"), (.rateDoubtful, "doubtful, and why"),
        (.rateBad, "bad, and why"), (.noteVisit, "a note about this scan"),
        (.nextPerson, "next person"), (.previousPerson, "person before"),
        (.otherPane, "to the runs of the visit, and back"),
      ]
    }
  }
}

extension KeyContext {
  /// Keys that do nothing here, so that help is silent about them.
  /// Keys that speak of a picture: in the list of people none is seen.
  static let picturesOnly = Set(
    CommandRegistry.keys.compactMap(\.key?.action).filter { action in
      !KeyContext.people.own.contains { $0.0 == action }
        && !CommandTopic.people.keys.contains { $0.key?.action == action }
        && !CommandTopic.program.keys.contains { $0.key?.action == action }
        && action != .lesson && action != .otherPane
    })

  /// Keys that say nothing of series.
  static let notOfSeries = Set(
    CommandRegistry.keys.compactMap(\.key?.action).filter { action in
      !KeyContext.series.own.contains { $0.0 == action }
        && !CommandTopic.program.keys.contains { $0.key?.action == action } && action != .lesson
    })

  var idle: Set<Action> {
    switch self {
    case .targets, .bookmarks: [.left, .right]
    case .people: KeyContext.picturesOnly
    case .series: KeyContext.notOfSeries
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
  /// What else it is found by.
  var otherWords = ""
  /// Whether it explains a word and is nothing to press.
  package var isWord = false
}

extension Model {
  package var context: KeyContext {
    if shell.showsHelp { return .help }
    if showsSeries { return .series }
    if showsPeople { return .people }
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
    func line(_ binding: CommandKey, _ text: String) -> HelpLine? {
      guard let keys = ways.keys.shown(binding.action) else { return nil }
      return HelpLine(
        keys: keys, text: text, command: binding.action.name,
        reason: under.reasonAgainst(binding.action), action: binding.action)
    }
    for (action, text) in own {
      if let binding = KeyMap.binding(of: action),
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
          text: command.words, command: command.name, reason: under.reasonAgainst(command),
          action: nil, otherWords: command.otherWords))
    }
    for entry in Glossary.entries {
      lines.append(
        HelpLine(keys: entry.word, text: entry.meaning, command: "", reason: nil, isWord: true))
    }
    let wanted = ways.filter.lowercased().split(separator: " ")
    guard !wanted.isEmpty else { return lines }
    return lines.filter { line in
      // One letter is a key; more are words.
      if wanted.count == 1, ways.filter.count == 1 {
        return line.keys.split(separator: " ").contains { $0 == ways.filter }
      }
      if line.isWord {
        func words(_ text: String) -> [Substring] {
          text.lowercased().split { !$0.isLetter && $0 != "+" }
        }
        let own = words(line.keys + " " + line.text), typed = words(ways.filter)
        return !typed.isEmpty
          && typed.allSatisfy { start in own.contains { $0.hasPrefix(start) } }
      }
      let all = "\(line.keys) \(line.text) \(line.command) \(line.otherWords)".lowercased()
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

  private func reasonAgainst(_ command: CommandSpec) -> String? {
    // Whether a place is known depends on its name, not on what is loaded.
    let example: String
    switch command.parameter {
    case .nothing: example = ""
    case .number(let range, _, _): example = plainNumber(range.lowerBound, 4)
    case .words(let words): example = words.first ?? ""
    case .seed, .place: example = "0,0,0"
    case .region: example = "brain"
    case .workspace: example = "save example"
    case .file(let endings): example = "example" + (endings.first ?? "")
    case .bookmark: example = ways.bookmarks.first?.name ?? "name"
    case .overlay: example = overlayIDs.first.map(overlayName) ?? "map"
    case .other(let text): example = text
    }
    var copy = self
    copy.notice = nil
    let effects = command(&copy, example)
    return effects.isEmpty && copy.notice?.isRefusal == true ? copy.notice?.text : nil
  }
}

import CellUI
import Imaging

/// A line of text that is being typed.
package struct Prompt: Equatable, Sendable {
  package enum Purpose: Equatable, Sendable {
    case command, place, targetName, rename, note, transformName, bookmark, bookmarkNote
    case people, ratingDoubtful, ratingBad, visitNote

    /// Whether a name is typed; a note is gone on with.
    var isName: Bool {
      switch self {
      case .targetName, .rename, .transformName, .bookmark: true
      case .command, .place, .note, .bookmarkNote, .people, .ratingDoubtful, .ratingBad, .visitNote:
        false
      }
    }
  }
  package var purpose: Purpose
  package var text: String
  /// Characters before the place where typing goes on.
  package var cursor: Int
  /// What Tab goes through, from which character on; and where it stands.
  package var offer: (completion: Completion, at: Int?)?
  /// How far back in the history the line is from, and what was typed before that.
  var recalled = 0
  var draft = ""
  /// Of which scan a rating or a note is.
  var subject: ReviewSubject?
  /// Whether the text was put there as a proposal: the first character that is typed takes its place.
  var isProposal: Bool

  package init(purpose: Purpose, text: String) {
    self.purpose = purpose
    self.text = text
    cursor = text.count
    isProposal = !text.isEmpty && purpose.isName
  }

  package static func == (a: Prompt, b: Prompt) -> Bool {
    a.purpose == b.purpose && a.text == b.text && a.cursor == b.cursor
  }

  /// What stands before the cursor.
  var head: String { String(text.prefix(cursor)) }

  /// Whether Tab finds words for what is typed.
  var completes: Bool { purpose == .command || purpose == .place }

  mutating func replace(from start: Int, to end: Int, with new: String) {
    let all = Array(text)
    let from = max(0, min(all.count, start))
    let to = max(from, min(all.count, end))
    text = String(all[..<from]) + new + String(all[to...])
    cursor = from + new.count
  }
}

/// What a name or a line may have at most.
private let longestLine = 300

/// A key while a line is typed.
func typePrompt(_ model: inout Model, _ key: Key) -> [Effect] {
  guard var prompt = model.shell.prompt else { return [] }
  let offer = prompt.offer
  prompt.offer = nil
  let isProposal = prompt.isProposal
  prompt.isProposal = false
  defer { if model.shell.prompt != nil { model.shell.prompt = prompt } }
  let count = prompt.text.count
  switch key {
  case .escape, .control("c"):
    model.shell.prompt = nil
    return []
  case .left, .control("b"): prompt.cursor = max(0, prompt.cursor - 1)
  case .right, .control("f"): prompt.cursor = min(count, prompt.cursor + 1)
  case .home, .control("a"): prompt.cursor = 0
  case .end, .control("e"): prompt.cursor = count
  case .backspace:
    if prompt.text.isEmpty {
      model.shell.prompt = nil
      return []
    }
    if prompt.cursor > 0 { prompt.replace(from: prompt.cursor - 1, to: prompt.cursor, with: "") }
  case .delete, .control("d"):
    let at = prompt.cursor
    prompt.replace(from: at, to: at + 1, with: "")
  case .control("u"): prompt.replace(from: 0, to: prompt.cursor, with: "")
  case .control("k"):
    let at = prompt.cursor
    prompt.replace(from: at, to: count, with: "")
  case .control("w"):
    var start = prompt.cursor
    let all = Array(prompt.text)
    while start > 0, all[start - 1] == " " { start -= 1 }
    while start > 0, all[start - 1] != " " { start -= 1 }
    prompt.replace(from: start, to: prompt.cursor, with: "")
  case .up, .control("p"): recall(&prompt, model, 1)
  case .down, .control("n"): recall(&prompt, model, -1)
  case .tab, .backTab:
    guard prompt.completes else { return [] }
    prompt.offer = offer
    return offerNext(&prompt, model, key == .tab ? 1 : -1)
  case .enter:
    model.shell.prompt = nil
    let effects = finish(&model, prompt)
    // A name that cannot be is mended, not typed anew.
    if prompt.purpose.isName, model.notice?.isRefusal == true { model.shell.prompt = prompt }
    return effects
  case .character(let scalar):
    guard prompt.text.unicodeScalars.count < longestLine, scalar.value >= 0x20 else { return [] }
    var text = isProposal ? "" : String(prompt.text.prefix(prompt.cursor))
    let rest = isProposal ? "" : String(prompt.text.dropFirst(prompt.cursor))
    text.unicodeScalars.append(scalar)
    prompt.text = text + rest
    prompt.cursor = text.count
  default: break
  }
  return []
}

private func finish(_ model: inout Model, _ prompt: Prompt) -> [Effect] {
  let text = prompt.text.trimmedBlanks
  switch prompt.purpose {
  case .command:
    remember(&model, text)
    return runCommand(&model, text)
  case .place:
    guard !text.isEmpty else { return [] }
    if model.ways.typedPlaces.last != text { model.ways.typedPlaces.append(text) }
    return goTo(&model, text)
  case .targetName: return saveTarget(&model, text)
  case .transformName: return acceptRegistration(&model, text)
  case .rename, .note: return finishEdit(&model, prompt.purpose, text)
  case .bookmark: return text.isEmpty ? [] : setBookmark(&model, text)
  case .bookmarkNote: return noteBookmark(&model, text)
  case .people: return askFacts(model)
  case .ratingDoubtful: return keepReview(prompt.subject, rating: "doubtful", text)
  case .ratingBad: return keepReview(prompt.subject, rating: "bad", text)
  case .visitNote: return keepReview(prompt.subject, rating: nil, text)
  }
}

/// Lines of the history that begin as what was typed.
private func recall(_ prompt: inout Prompt, _ model: Model, _ step: Int) {
  let all =
    prompt.purpose == .command
    ? model.ways.typed : prompt.purpose == .place ? model.ways.typedPlaces : []
  if prompt.recalled == 0 { prompt.draft = prompt.text }
  let draft = prompt.draft
  let fitting = all.filter { $0.hasPrefix(draft) && $0 != draft }
  prompt.recalled = max(0, min(fitting.count, prompt.recalled + step))
  prompt.text = prompt.recalled == 0 ? draft : fitting[fitting.count - prompt.recalled]
  prompt.cursor = prompt.text.count
}

/// Remembers a command for ↑, the newest place of each.
private func remember(_ model: inout Model, _ text: String) {
  guard !text.isEmpty else { return }
  model.ways.typed.removeAll { $0 == text }
  model.ways.typed = (model.ways.typed + [text]).suffix(200)
}

/// Whether a command may outlive the session: paths, notes and names that a person chose may not.
package func mayBeKept(_ line: String) -> Bool {
  let word = String(line.prefix { $0 != " " })
  guard let command = CommandRegistry.found(word).first.flatMap(CommandRegistry.named),
    !command.isPersonal
  else { return false }
  return !line.contains("/") && !line.contains(".nii") && !line.contains("#")
    && !line.contains(".json") && line.count <= 80
}

extension String {
  var trimmedBlanks: String {
    var t = self[...]
    while t.first == " " { t.removeFirst() }
    while t.last == " " { t.removeLast() }
    return String(t)
  }
}

/// Text from elsewhere goes into the line that is typed, and nowhere else: as keys it could decide things.
/// Its first line alone, without controls.
func paste(_ model: inout Model, _ text: String) -> [Effect] {
  guard model.shell.prompt != nil else {
    return refuse(&model, "pasted text is taken where a line is typed; : begins one")
  }
  var effects: [Effect] = []
  for scalar in text.unicodeScalars.prefix(while: { $0 != "\n" && $0 != "\r" })
  where scalar.properties.generalCategory != .control {
    effects += typePrompt(&model, .character(scalar))
  }
  return effects
}

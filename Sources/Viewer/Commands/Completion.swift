import Basics
import CellUI
import Connectivity
import Imaging
import Perfusion
import Targeting

/// Words for a part of the typed line.
package struct Completion: Equatable, Sendable {
  /// The character that the words begin at, and the one that they end before.
  package var start: Int
  package var end: Int
  package var words: [String]
}

/// Tab: as much as all words share, then one after the other. Names of files are asked for.
func offerNext(_ prompt: inout Prompt, _ model: Model, _ step: Int) -> [Effect] {
  if let offer = prompt.offer, !offer.completion.words.isEmpty {
    let words = offer.completion.words
    let next =
      offer.at.map { ($0 + step + words.count) % words.count } ?? (step > 0 ? 0 : words.count - 1)
    put(&prompt, offer.completion, words[next], at: next)
    return []
  }
  if let path = filePart(prompt) { return [.listFiles(path.text, endings: path.endings)] }
  offer(&prompt, completion(of: prompt, model))
  return []
}

/// The files that were asked for are there; nothing happens when the line has changed meanwhile.
func takeFiles(_ model: inout Model, _ prefix: String, _ names: [String]) {
  guard var prompt = model.shell.prompt, let path = filePart(prompt), path.text == prefix else {
    return
  }
  offer(
    &prompt,
    Completion(start: path.start, end: prompt.cursor, words: names))
  model.shell.prompt = prompt
  if names.isEmpty { tell(&model, "no such file begins with \(visibleText(prefix, limit: 60))") }
}

private func offer(_ prompt: inout Prompt, _ found: Completion?) {
  guard let found, !found.words.isEmpty else { return }
  if found.words.count == 1 {
    put(&prompt, found, found.words[0], at: nil)
    prompt.offer = nil
    let word = found.words[0]
    // A command goes on with what it takes; a folder with what is in it.
    if found.start == 0, prompt.purpose == .command,
      CommandRegistry.named(word)?.parameter != .nothing,
      !prompt.text.hasPrefix(word + " ")
    {
      prompt.replace(from: prompt.cursor, to: prompt.cursor, with: " ")
    }
    return
  }
  let typed = String(Array(prompt.text)[found.start..<found.end])
  let shared = sharedBeginning(found.words)
  prompt.offer = (found, nil)
  if shared.count >= typed.count, shared != typed {
    put(&prompt, found, shared, at: nil)
    prompt.offer?.completion.end = prompt.cursor
  }
}

private func put(_ prompt: inout Prompt, _ c: Completion, _ word: String, at: Int?) {
  prompt.replace(from: c.start, to: c.end, with: word)
  var moved = c
  moved.end = prompt.cursor
  prompt.offer = (moved, at)
}

/// What all words begin with, whatever the case; in the first one's letters.
func sharedBeginning(_ words: [String]) -> String {
  guard let first = words.first else { return "" }
  var count = first.count
  for word in words {
    let same = zip(first.lowercased(), word.lowercased()).prefix { $0 == $1 }.count
    count = min(count, same)
  }
  return String(first.prefix(count))
}

/// The path that is being typed, where one is.
private func filePart(_ prompt: Prompt) -> (start: Int, text: String, endings: [String])? {
  guard prompt.purpose == .command, let (command, rest, start) = parts(prompt.head) else {
    return nil
  }
  switch command.parameter {
  case .file(let endings): return (start, rest, endings)
  case .workspace:
    guard let space = rest.firstIndex(of: " ") else { return nil }
    let path = String(rest[rest.index(after: space)...])
    return (start + rest.count - path.count, path, [".json"])
  case .seed, .region:
    // A file has a slash or a dot; names have neither.
    guard rest.contains("/") || rest.hasPrefix(".") || rest.hasPrefix("~") else { return nil }
    return (start, rest, [".nii", ".nii.gz"])
  default: return nil
  }
}

/// A command, what follows its name, and where that begins; nil before the first blank.
private func parts(_ head: String) -> (command: CommandSpec, rest: String, start: Int)? {
  guard let space = head.firstIndex(of: " ") else { return nil }
  guard
    let command = CommandRegistry.found(String(head[..<space])).first
      .flatMap(CommandRegistry.named)
  else { return nil }
  let rest = String(head[space...].drop { $0 == " " })
  return (command, rest, head.count - rest.count)
}

/// The words that fit what stands before the cursor.
func completion(of prompt: Prompt, _ model: Model) -> Completion? {
  let head = prompt.head
  func fitting(_ words: [String], _ typed: String, _ start: Int) -> Completion {
    let lower = typed.lowercased()
    return Completion(
      start: start, end: prompt.cursor,
      words: words.filter { $0.lowercased().hasPrefix(lower) })
  }
  if prompt.purpose == .place { return fitting(placeWords(model), head, 0) }
  guard prompt.purpose == .command else { return nil }
  guard let (command, rest, start) = parts(head) else {
    return fitting(CommandRegistry.names, head, 0)
  }
  switch command.parameter {
  case .nothing, .file: return nil
  case .number(_, _, let orNone): return orNone ? fitting(["none"], rest, start) : nil
  case .words(let words): return fitting(words, rest, start)
  case .overlay: return nil
  case .other:
    return command.name == "band" ? fitting(["none", "0.01,0.1", "0.01,0.08"], rest, start) : nil
  case .bookmark: return fitting(model.ways.bookmarks.map(\.name), rest, start)
  case .workspace:
    return rest.contains(" ") ? nil : fitting(["save"], rest, start)
  case .region:
    return fitting(["brain"] + regionNames(model), rest, start)
  case .place: return fitting(placeWords(model), rest, start)
  case .seed:
    // After a plus another place begins.
    let tail = rest.range(ofLast: " + ").map { String(rest[$0...]) } ?? rest
    return fitting(
      Sites.seedNames + ["label:"].filter { _ in !tail.hasPrefix("label:") }
        + (tail.hasPrefix("label:") ? regionNames(model).map { "label:" + $0 } : []),
      tail, start + rest.count - tail.count)
  }
}

private func regionNames(_ model: Model) -> [String] {
  model.scene.atlas?.names.values.sorted() ?? []
}

/// Bookmarks, sites, regions and EEG positions; the last two by their beginnings until one is typed.
private func placeWords(_ model: Model) -> [String] {
  model.ways.bookmarks.map(\.name) + (Sites.seeds + Sites.treatment).map(\.name)
    + ScalpLandmarks.labels.flatMap { label in
      ScalpLandmarks.Cap.allCases.filter { ScalpLandmarks.position(label, $0) != nil }.map {
        "\(label)@\($0.rawValue.lowercased().prefix { $0.isLetter })"
      }
    } + regionNames(model).map { "label:" + $0 }
}

extension String {
  /// Where the text after the last occurrence of a few characters begins.
  fileprivate func range(ofLast part: String) -> String.Index? {
    var at = endIndex
    while at > startIndex {
      at = index(before: at)
      if self[at...].hasPrefix(part) { return index(at, offsetBy: part.count) }
    }
    return nil
  }
}

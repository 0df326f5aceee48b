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

/// What a command takes: for completion, for help and for the words of a refusal.
package enum Parameter: Sendable, Equatable {
  case nothing
  /// A number within a range of a unit, or the word `none` where that is said.
  case number(ClosedRange<Double>, String, orNone: Bool)
  case words([String])
  case seed, place, region, bookmark, session
  /// A file whose name ends so; any when there is none.
  case file([String])
  case other(example: String)

  /// What a command takes by its full name.
  package static func of(_ name: String) -> Parameter {
    func number(_ range: ClosedRange<Double>, _ unit: String, orNone: Bool = false) -> Parameter {
      .number(range, unit, orNone: orNone)
    }
    switch name {
    case "seed": return .seed
    case "goto": return .place
    case "threshold": return .other(example: "0.3")
    case "fdr": return number(0.0001...0.9999, "share of false discoveries")
    case "fwhm": return number(0...30, "mm")
    case "camera": return .words(CameraPreset.allCases.map(\.rawValue))
    case "window", "windows": return number(1...100_000, "seconds")
    case "start": return number(0...100_000, "seconds")
    case "average": return .words(["window", "uptake"])
    case "frame": return number(0...1_000_000, "from 0")
    case "polort": return number(0...10, "degree")
    case "gsr": return .words(["on", "off"])
    case "smooth": return number(0...30, "mm")
    case "highpass": return number(1.01...10_000, "seconds", orNone: true)
    case "preset": return .words(NuisancePreset.allCases.map(\.rawValue))
    case "censor": return number(0.001...999, "mm", orNone: true)
    case "drop": return number(0...999_999, "frames")
    case "band": return .other(example: "0.01,0.1")
    case "protocol": return .words(TargetProtocol.shipped.map(\.id))
    case "method": return .words(["cluster", "peak", "cone"])
    case "percentile": return number(0.1...50, "per cent")
    case "sphere": return .other(example: "-40,40,30,12")
    case "voxel": return .other(example: "0,0,0")
    case "reference": return .region
    case "palette": return .words(Palette.allCases.map(\.rawValue))
    case "load": return .file([".json"])
    case "session": return .session
    case "bookmark": return .other(example: "name")
    case "proxy": return .words(ProxyChoice.allCases.map(\.rawValue))
    case "scan": return .words(ScanMethod.allCases.map(\.rawValue))
    case "perfusion": return .other(example: "2")
    case "range": return .other(example: "0 0.8")
    case "sign": return .words(SignShown.allCases.map(\.rawValue))
    case "cluster": return .other(example: "20")
    case "outline", "fade", "contour", "keep", "across", "alternate": return .words(["on", "off"])
    case "opacity": return number(10...100, "per cent")
    case "colours": return .words(OverlayColours.all.map(\.name))
    case "choose": return .other(example: "map")
    case "isoline": return .other(example: "100")
    case "underlay": return .other(example: "2 98 0.5")
    case "layout": return .words(PaneLayout.allCases.map(\.rawValue))
    case "spacing": return .other(example: "12")
    case "mix": return number(0...100, "per cent")
    case "zoom": return number(Presentation.zooms, "times")
    case "centre": return .words(["cursor", "none"])
    case "plane": return .words(Plane.allCases.map(\.rawValue))
    case "convention": return .words(["radiological", "neurological"])
    case "unbookmark": return .bookmark
    default: return .nothing
    }
  }

  /// Why what was typed cannot be meant, with range and unit; nil when it may be.
  func fault(_ name: String, _ rest: String) -> String? {
    guard case .number(let range, let unit, let orNone) = self else { return nil }
    let expected =
      "a number from \(plainNumber(range.lowerBound)) to \(plainNumber(range.upperBound)) (\(unit))"
      + (orNone ? ", or none" : "")
    if orNone, rest == "none" { return nil }
    if rest.isEmpty { return ":\(name) takes \(expected)" }
    let shown = visibleText(rest, limit: 30)
    guard let n = typedNumbers(rest) else {
      return "\(shown) is no number: :\(name) takes \(expected)"
    }
    guard n.count == 1 else { return "\(shown) is not one number: :\(name) takes \(expected)" }
    return range.contains(n[0]) ? nil : "\(shown) is out of range: :\(name) takes \(expected)"
  }
}

/// The names of everything that can be typed after `:`.
package enum CommandNames {
  /// `sliceForward` is `slice-forward`.
  package static func name(of action: Action) -> String {
    var out = ""
    for c in action.rawValue {
      if c.isUppercase { out += "-" + c.lowercased() } else { out.append(c) }
    }
    return out
  }

  /// Actions by the names that no command has.
  package static let actions: [(name: String, action: Action)] = {
    let taken = Set(KeyMap.commands.map(\.name))
    return Action.allCases.map { (name(of: $0), $0) }.filter { !taken.contains($0.0) }
  }()

  package static let all: [String] = KeyMap.commands.map(\.name) + actions.map(\.name)

  /// The name that a word is, else those that it begins; a command of its own before an action.
  package static func found(_ word: String) -> [String] {
    if all.contains(word) { return [word] }
    let commands = KeyMap.commands.map(\.name).filter { $0.hasPrefix(word) }
    return commands.isEmpty ? actions.map(\.name).filter { $0.hasPrefix(word) } : commands
  }
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
    if found.start == 0, prompt.purpose == .command, Parameter.of(word) != .nothing,
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
  guard prompt.purpose == .command, let (name, rest, start) = parts(prompt.head) else { return nil }
  switch Parameter.of(name) {
  case .file(let endings): return (start, rest, endings)
  case .session:
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

/// A command's full name, what follows it, and where that begins; nil before the first blank.
private func parts(_ head: String) -> (name: String, rest: String, start: Int)? {
  guard let space = head.firstIndex(of: " ") else { return nil }
  guard let name = CommandNames.found(String(head[..<space])).first else { return nil }
  let rest = String(head[space...].drop { $0 == " " })
  return (name, rest, head.count - rest.count)
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
  guard let (name, rest, start) = parts(head) else { return fitting(CommandNames.all, head, 0) }
  switch Parameter.of(name) {
  case .nothing, .file: return nil
  case .number(_, _, let orNone): return orNone ? fitting(["none"], rest, start) : nil
  case .words(let words): return fitting(words, rest, start)
  case .other:
    return name == "band" ? fitting(["none", "0.01,0.1", "0.01,0.08"], rest, start) : nil
  case .bookmark: return fitting(model.ways.bookmarks.map(\.name), rest, start)
  case .session:
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

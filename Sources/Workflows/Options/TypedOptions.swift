package import Basics
import Foundation

/// The options that were typed, with what stands behind each.
package struct TypedOptions {
  /// In their order; the value of a flag is nil.
  private let given: [(name: String, value: String?)]

  package init(_ arguments: some Sequence<String>) {
    var out: [(name: String, value: String?)] = []
    for word in arguments {
      if word == "--" { break }
      if word.hasPrefix("-"), word.count > 1, Double(word) == nil,
        word.first(where: \.isLetter) != nil
      {
        let sides = word.split(separator: "=", maxSplits: 1).map(String.init)
        out.append((sides[0], sides.count > 1 ? sides[1] : nil))
      } else if let last = out.last, last.value == nil {
        out[out.count - 1].value = word
      }
    }
    given = out
  }

  func has(_ names: String...) -> Bool { given.contains { names.contains($0.name) } }

  func value(_ name: String) -> String? { given.last { $0.name == name }?.value }

  /// What stands behind an option and begins with a minus: the parser takes it for an option of its own.
  package func negativeValue(of name: String) -> String? {
    value(name).flatMap { $0.hasPrefix("-") ? visibleText($0, limit: 60) : nil }
  }

  // MARK: - Given twice

  /// Refuses an option that takes one value and was given two: the parser would take the last without a word.
  ///
  /// - Parameter help: the parser's list of the command's options, as JSON; asked for only where it may matter.
  package func requireOnce(_ help: () -> String) throws(Problem) {
    for name in given.map(\.name) where name.hasPrefix("--no-") {
      let other = "--" + name.dropFirst(5)
      guard has(other) else { continue }
      throw Problem(
        .usage, name, "\(other) is given too, and says the opposite", expected: "one of the two")
    }
    guard mayBeDoubled else { return }
    for option in SingleOption.all(in: help()) {
      let own = given.filter { option.names.contains($0.name) }
      guard let first = own.first, let other = own.first(where: { $0.value != first.value }) else {
        continue
      }
      let words = [first, other].map { "\($0.name) \(visibleText($0.value ?? "", limit: 40))" }
      throw Problem(
        .usage, other.name, "two values are given: \(words.joined(separator: " and "))",
        expected: "one")
    }
  }

  /// Whether two of them may be one option, which the parser's list is asked for only then: it costs milliseconds.
  private var mayBeDoubled: Bool {
    var seen: Set<String> = []
    let twice = given.contains { !seen.insert($0.name).inserted }
    return twice || Self.spellings.contains { pair in pair.allSatisfy { name in has(name) } }
  }

  /// Options that have an old name beside the new one.
  private static let spellings = [
    ["--smooth", "--fwhm"], ["--camera-fwhm", "--fwhm"], ["--camera-preset", "--camera"],
    ["--colour-depth", "--colours"], ["-o", "--output"],
  ]
}

/// An option that takes one value, with all of its names.
private struct SingleOption {
  var names: Set<String>

  static func all(in help: String) -> [SingleOption] {
    guard let tool = try? JSONDecoder().decode(Tool.self, from: Data(help.utf8))
    else { return [] }
    return (tool.command.arguments ?? []).filter { $0.kind == "option" && !$0.isRepeating }.map {
      SingleOption(
        names: Set(($0.names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name }))
    }
  }

  private struct Tool: Decodable { var command: Command }
  private struct Command: Decodable { var arguments: [Argument]? }
  private struct Argument: Decodable {
    var kind: String
    var isRepeating: Bool
    var names: [Name]?
  }
  private struct Name: Decodable {
    var kind: String
    var name: String
  }
}

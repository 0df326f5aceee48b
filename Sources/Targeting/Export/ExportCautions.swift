import Basics

/// What speaks against a target that leaves for another program, the most severe first: the same in the navigator's
/// file, in the records beside it and on the terminal.
package struct ExportCautions: Sendable, Equatable {
  /// What is said of a target that nobody confirmed.
  package static let unconfirmed = "no person has confirmed this target on a screen"
  /// Where what was cut from a line is to be read.
  private static let rest = "in record.json"

  /// Every warning once.
  package let all: [String]
  private let whose: String

  /// - Parameter more: what was found on the way out, beside what the target was saved with.
  package init(_ record: TargetRecord, more: [String]) {
    let found = (record.isAcknowledged ? [] : [Self.unconfirmed]) + more + record.warnings
    var once: [String] = []
    for one in found where !once.contains(one) { once.append(one) }
    all = Self.bySeverity(once)
    whose = record.person.map { "Target of \($0)" } ?? "Nothing says whose the target is"
  }

  /// Words that warnings are known by: nobody looked at it, another person's or nobody's head or run, sides that
  /// rest on headers or on a decision, a place that is not there when cleaned otherwise, a place that is not known.
  private static let severest: [[String]] = [
    [unconfirmed], ["of one person", "nobody's own"], ["measured of nobody"],
    ["SIDES BY DECISION", "NOT COMPARED", "NOT BE TOLD"],
    [TargetCheck.Outcome.goesAway.rawValue, "the sign flips"],
    ["is not known to within", "halves of the data", "half of the data", "other seeds"],
    ["NOT ACCEPTED"],
    [TargetCheck.Outcome.moves.rawValue, TargetCheck.Outcome.weakens.rawValue],
  ]

  /// The most severe first; of the same severity in the order in which they came.
  package static func bySeverity(_ warnings: [String]) -> [String] {
    warnings.enumerated()
      .sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }
      .map(\.element)
  }

  private static func rank(_ warning: String) -> Int {
    severest.firstIndex { $0.contains(where: warning.contains) } ?? severest.count
  }

  /// Whose it is and what speaks against it, in one line; what does not fit is cut between words, and counted.
  package func line(limit: Int) -> String {
    var out = visibleText(whose, limit: 80)
    for (n, warning) in all.enumerated() {
      let next = ". WARNING: " + visibleText(warning, limit: 1000)
      let left = all.count - n
      let room = limit - out.count
      let told = left > 1 ? Self.more(left - 1).count : 0
      if next.count + told <= room {
        out += next
        continue
      }
      let part = Self.words(of: next, within: room - Self.more(left).count - 1)
      // Less than a few words of it say nothing.
      guard part.count > 30 else { return out + Self.more(left) }
      return out + part + (left > 1 ? "…" + Self.more(left - 1) : "… (all of it \(Self.rest))")
    }
    return out
  }

  private static func more(_ count: Int) -> String { " … \(count) more \(rest)" }

  /// As many whole words from the beginning as fit.
  private static func words(of text: String, within room: Int) -> String {
    guard text.count > room else { return text }
    let cut = text.prefix(max(0, room))
    return String(cut.lastIndex(of: " ").map { cut[..<$0] } ?? "")
  }
}

import Basics
import Foundation
import Targeting

/// The files that a seed in words names, decided by the words alone.
package func seedFiles(_ text: String) -> [String] { seedParts(text).compactMap(\.file) }

/// A seed in words with the files that it names under other paths.
package func seed(_ text: String, withPaths change: (String) -> String) -> String {
  seedParts(text).map { part in
    part.file.map { part.before + change($0) + part.after } ?? part.before
  }.joined(separator: " + ")
}

private typealias SeedPart = (before: String, file: String?, after: String)

/// The parts of a union, each with its file; read in the order in which a seed is read.
private func seedParts(_ text: String) -> [SeedPart] {
  text.components(separatedBy: " + ").map { part in
    let word = part.trimmingCharacters(in: .whitespaces)
    if numberList(word) != nil || namedRadius(word) != nil || Sites.seed(named: word) != nil
      || word.hasPrefix("box:")
      || word.hasPrefix("label:")
    {
      return (word, nil, "")
    }
    if let hash = word.lastIndex(of: "#") {
      return ("", String(word[..<hash]), String(word[hash...]))
    }
    let weights = "weights:"
    if word.hasPrefix(weights) { return (weights, String(word.dropFirst(weights.count)), "") }
    return word.contains("/") || word.contains(".") ? ("", word, "") : (word, nil, "")
  }
}

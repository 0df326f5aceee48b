import Basics
import ImageFiles

/// ictal, interictal, baseline or challenge, where a file's name says it.
package func perfusionRole(ofFileNamed name: String) -> String? {
  perfusionRole(lowerWords(EntityName(name).stem))
}

/// The same of a text.
package func perfusionRole(saidBy text: String) -> String? { perfusionRole(lowerWords(text)) }

/// As a file's name says it, else its sidecar; none where the two say different things.
package func agreedRole(_ named: String?, _ sidecar: String?) -> String? {
  guard let named, let sidecar else { return named ?? sidecar }
  return named == sidecar ? named : nil
}

/// What an image on its own says of itself, by its name and by the sidecar beside it.
package func agreedRole(ofFileAt path: String) -> String? {
  agreedRole(
    perfusionRole(ofFileNamed: fileName(path)), RunFacts.perfusion(besides: path)?.role)
}

/// Words of letters and digits, small.
func lowerWords(_ text: String) -> [Substring] {
  text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber })
}

/// iktal, as it is written in German, Dutch and the north.
func inEnglish(_ word: Substring) -> String {
  word.hasSuffix("iktal") ? word.dropLast(5) + "ictal" : String(word)
}

/// Nil where nothing says it, or where two things are said at once.
func perfusionRole(_ words: [Substring]) -> String? {
  var found: Set<String> = []
  for (n, word) in words.enumerated() {
    let before = n > 0 ? words[n - 1] : ""
    switch inEnglish(word) {
    case "interictal": found.insert("interictal")
    case "ictal":
      // inter-ictal is one word; post-ictal, non-ictal and the like are neither.
      if before == "inter" {
        found.insert("interictal")
      } else if ["post", "non", "pre", "peri", "prä", "prae", "not", "no", "nicht"].contains(before)
      {
        found.insert("none")
      } else {
        found.insert("ictal")
      }
    case let other where other.hasSuffix("ictal"): found.insert("none")
    case "baseline": found.insert("baseline")
    case "acetazolamide", "acz", "diamox", "challenge": found.insert("challenge")
    default: break
    }
  }
  if found.contains("challenge"), found.isSubset(of: ["challenge", "baseline"]) {
    return "challenge"
  }
  guard found.count == 1, let one = found.first, one != "none" else { return nil }
  return one
}

import Basics
import ImageFiles

/// ictal, interictal, baseline or challenge, where a file's name says it: what it says of the image counts, and what
/// it says of the person's visit where that says nothing.
package func perfusionRole(ofFileNamed name: String) -> String? {
  let said = SaidRole(EntityName(name))
  return said.isOfImage ? said.role : said.ofVisit
}

/// The same of a text.
package func perfusionRole(saidBy text: String) -> String? { perfusionRole(lowerWords(text)) }

/// As a file's name says it, else its sidecar; none where the two say different things.
package func agreedRole(_ named: String?, _ sidecar: String?) -> String? {
  guard let named, let sidecar else { return named ?? sidecar }
  return named == sidecar ? named : nil
}

/// The same of the image alone: what its visit is called says nothing here.
package func imageRole(ofFileNamed name: String) -> String? { SaidRole(EntityName(name)).role }

/// What an image on its own says of itself: by its name, else by the sidecar beside it, else by the names of its visit
/// and of the folder that it lies in.
package func agreedRole(ofFileAt path: String) -> String? {
  let said = SaidRole(EntityName(fileName(path)))
  let sidecar = RunFacts.perfusion(besides: path)?.role
  if said.isOfImage { return agreedRole(said.role, sidecar) }
  // ses-ictal/pet/x.nii: the kind of image lies under the visit.
  let folders = absolutePath(path).split(separator: "/").dropLast().suffix(2).reversed()
  return sidecar ?? said.ofVisit
    ?? folders.lazy.compactMap { perfusionRole(lowerWords(String($0))) }.first
}

extension SPECTFile {
  /// Its role, once its sidecar is known: the one rule for list, screen and page.
  package func settledRole(sidecar: String?) -> String? {
    SaidRole(name).isOfImage ? agreedRole(role, sidecar) : sidecar ?? role
  }
}

/// What an image's name says of its role.
struct SaidRole {
  /// Whether it says anything of the image itself, be it two things at once.
  let isOfImage: Bool
  let role: String?
  /// What the name of its visit says, as `ses-baseline` does.
  let ofVisit: String?

  init(_ name: EntityName) {
    var (own, visit): ([Substring], [Substring]) = ([], [])
    for part in name.stem.split(separator: "_") {
      if part.hasPrefix("ses-") { visit += lowerWords(String(part)) }
      if !part.hasPrefix("ses-"), !part.hasPrefix("sub-") { own += lowerWords(String(part)) }
    }
    role = perfusionRole(own)
    isOfImage = role != nil || own.contains { inEnglish($0).hasSuffix("ictal") }
    ofVisit = perfusionRole(visit)
  }
}

/// Words of letters and digits, small.
func lowerWords(_ text: String) -> [Substring] {
  text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber })
}

/// iktal, as it is written in German, Dutch and the north, with the endings that an adjective has there.
func inEnglish(_ word: Substring) -> String {
  for ending in ["", "e", "er", "es", "en", "em"] where word.hasSuffix("iktal" + ending) {
    return word.dropLast(5 + ending.count) + "ictal"
  }
  switch word {
  case "anfall", "anfalls", "seizure": return "ictal"
  case "anfallsfrei", "seizurefree": return "interictal"
  default: return String(word)
  }
}

/// Words before it that make another time of a seizure.
private let notThen: Set<Substring> = [
  "post", "non", "pre", "peri", "prä", "prae", "not", "no", "nicht", "kein", "keine", "keiner",
  "vor", "nach", "ohne", "before", "after", "without",
]

/// Nil where nothing says it, or where two things are said at once.
func perfusionRole(_ words: [Substring]) -> String? {
  var found: Set<String> = []
  for (n, word) in words.enumerated() {
    let before = n > 0 ? words[n - 1] : ""
    switch inEnglish(word) {
    case "interictal": found.insert("interictal")
    case "ictal":
      // inter-ictal is one word; post-ictal, non-ictal and the like are neither.
      let after = n + 1 < words.count ? words[n + 1] : ""
      // seizure-free; an ictal scan may well be free-breathing.
      let isFree = !word.hasSuffix("al") && ["free", "frei"].contains(after)
      if before == "inter" || isFree {
        found.insert("interictal")
      } else if notThen.contains(before) {
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

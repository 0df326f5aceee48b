import Basics
import ImageFiles
import Study

/// What the text that `report` writes beside its PDF says of it; a PDF of another program has none.
struct PDFText {
  /// SYNTHETIC PERSON or SIMULATED, where its banner says so.
  let unmeasured: String?
  /// Whether it says that two images are mirrored and nobody has decided.
  let isBlocked: Bool

  init(beside path: String) {
    let stem = path.lowercased().hasSuffix(".pdf") ? String(path.dropLast(4)) : path
    // Lines are broken where the page ends, words are not.
    let words = ((try? readTextFile(stem + ".txt")) ?? "").split(whereSeparator: \.isWhitespace)
    let text = words.joined(separator: " ")
    unmeasured = ["SYNTHETIC PERSON", "SIMULATED"].first { text.contains("*** \($0):") }
    isBlocked = text.contains(ChartReport.blockedWords) || text.contains(SideLedger.undecidedWords)
  }
}

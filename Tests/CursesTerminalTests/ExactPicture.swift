import CellUI
import Foundation

/// The half blocks of a screen that was written as text with 24 bits.
struct ExactPicture {
  private var halves: [[(upper: Colour, lower: Colour)?]] = []

  init(_ text: String) {
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      var row: [(upper: Colour, lower: Colour)?] = []
      var (front, back) = (Colour?.none, Colour?.none)
      var rest = line[...]
      while let character = rest.popFirst() {
        guard character == "\u{1b}" else {
          row.append(Self.cell(character, front, back))
          continue
        }
        guard let end = rest.firstIndex(of: "m") else { break }
        (front, back) = Self.colours(rest[..<end].dropFirst().split(separator: ";"))
        rest = rest[rest.index(after: end)...]
      }
      halves.append(row)
    }
  }

  /// Nil where no half block stands: blanks may be text.
  func cell(_ row: Int, _ column: Int) -> (upper: Colour, lower: Colour)? {
    row < halves.count && column < halves[row].count ? halves[row][column] : nil
  }

  private static func cell(
    _ character: Character, _ front: Colour?, _ back: Colour?
  ) -> (upper: Colour, lower: Colour)? {
    guard character == "▀", let front, let back else { return nil }
    return (front, back)
  }

  /// Each sequence begins with 0.
  private static func colours(_ words: [Substring]) -> (Colour?, Colour?) {
    var (front, back) = (Colour?.none, Colour?.none)
    var n = 0
    while n < words.count {
      guard words[n] == "38" || words[n] == "48", n + 4 < words.count, words[n + 1] == "2" else {
        n += 1
        continue
      }
      let parts = words[(n + 2)...(n + 4)].compactMap { UInt8($0) }
      let colour = Colour(parts[0], parts[1], parts[2])
      if words[n] == "38" { front = colour } else { back = colour }
      n += 5
    }
    return (front, back)
  }
}

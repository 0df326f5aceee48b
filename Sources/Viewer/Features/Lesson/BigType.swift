import CellUI

/// Letters of three by five pixels, for what is read from the last row.
enum BigType {
  /// Rows from the top, each an octal digit: 4, 2 and 1 are its pixels from the left.
  private static let glyphs: [Character: String] = [
    "A": "25755", "B": "65656", "C": "34443", "D": "65556", "E": "74647", "F": "74644",
    "G": "34553", "H": "55755", "I": "72227", "J": "11152", "K": "55655", "L": "44447",
    "M": "57755", "N": "65555", "O": "25552", "P": "65644", "Q": "25563", "R": "65655",
    "S": "34216", "T": "72222", "U": "55557", "V": "55552", "W": "55775", "X": "55255",
    "Y": "55222", "Z": "71247", "0": "25552", "1": "26227", "2": "61247", "3": "61216",
    "4": "55711", "5": "74616", "6": "34652", "7": "71122", "8": "25252", "9": "25316",
    ".": "00002", ",": "00024", "-": "00700", "−": "00700", "–": "00700", "+": "02720",
    "%": "51245", "?": "61202", ":": "02020", "/": "11244", "×": "05250", "'": "22000",
    "(": "12221", ")": "42224", "±": "27207", "…": "00005", " ": "00000",
  ]

  /// Columns that a text takes at a scale.
  static func columns(_ text: String, scale: Int = 1) -> Int { 4 * text.count * scale }

  /// Rows of cells at a scale.
  static func rows(scale: Int) -> Int { (5 * scale + 1) / 2 }

  static func canDraw(_ text: String) -> Bool {
    text.uppercased().allSatisfy { glyphs[$0] != nil }
  }

  /// Draws a text from half blocks.
  static func draw(
    _ frame: inout Frame, _ text: String, row: Int, column: Int, scale: Int = 1, ink: Colour
  ) {
    var at = column
    for letter in text.uppercased() {
      let lines = (glyphs[letter] ?? "00000").map { $0.wholeNumberValue ?? 0 }
      func isSet(_ x: Int, _ y: Int) -> Bool {
        let (column, line) = (x / scale, y / scale)
        return line < 5 && column < 3 && lines[line] & (4 >> column) != 0
      }
      for y in 0..<rows(scale: scale) {
        for x in 0..<(3 * scale) {
          let (upper, lower) = (isSet(x, 2 * y), isSet(x, 2 * y + 1))
          guard upper || lower else { continue }
          frame.put(
            upper && lower ? "█" : upper ? "▀" : "▄", row: row + y, column: at + x,
            foreground: ink)
        }
      }
      at += 4 * scale
    }
  }
}

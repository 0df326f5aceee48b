import CellUI
import Testing

/// What a screen says on a white terminal and without Unicode.
@Suite struct PaintingTests {
  @Test func everyCellSaysItsColours() {
    var frame = Frame(size: Size(columns: 6, rows: 2))
    frame.put("ab", row: 0, column: 1)
    frame.put("cd", row: 1, column: 1, foreground: Colour(1, 2, 3))
    let painted = frame.painted
    for row in 0..<2 {
      for column in 0..<6 {
        #expect(!painted[row, column].foreground.isStandard)
        #expect(painted[row, column].background == Colour(0, 0, 0))
        #expect(painted[row, column].glyph == frame[row, column].glyph)
      }
    }
    #expect(painted[1, 1].foreground == Colour(1, 2, 3))
    #expect(painted.painted == painted)
  }

  @Test func plusMinusIsNoPlus() {
    var frame = Frame(size: Size(columns: 12, rows: 2))
    frame.put("r ±0.30", row: 0, column: 0)
    frame.put("±0.30", row: 1, column: 0)
    let text = frame.inASCII().text
    #expect(text.contains("r+-0.30"))
    #expect(text.contains("~0.30"))
    #expect(!text.contains(" +0.30"))
  }
}

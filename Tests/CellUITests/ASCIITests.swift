import CellUI
import Testing

/// What a screen says without Unicode.
@Suite struct ASCIITests {
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

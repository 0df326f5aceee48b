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

  @Test func aBoundIsNotTakenForAnother() {
    var frame = Frame(size: Size(columns: 24, rows: 4))
    frame.put("q ≤ 0.05 and z ≥ 3", row: 0, column: 0)
    frame.put("≤ 6 mm ≥x", row: 1, column: 0)
    frame.put("a≠ b a≤b", row: 2, column: 0)
    frame.put("› 90° 8 mm³ “PCC” ━ • ■", row: 3, column: 0)
    #expect(
      frame.inASCII().text == """
        q<= 0.05 and z>= 3
        <=6 mm>=x
        a!=b a?b
        > 90d 8 mm3 "PCC" - * #
        """)
  }
}

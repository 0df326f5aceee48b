import CellUI
import Testing

/// What a screen says without Unicode.
@Suite struct ASCIITests {
  @Test func plusMinusIsNoPlus() {
    var frame = Frame(size: Size(columns: 12, rows: 2))
    frame.put("r ±0.30", row: 0, column: 0)
    frame.put("±0.30", row: 1, column: 0)
    let text = frame.inASCII().text
    #expect(text == "r +/-0.30\n+/-0.30")
  }

  /// A bar stands where a click finds it: no sign moves it.
  @Test func aBarStaysInItsPlace() {
    var frame = Frame(size: Size(columns: 12, rows: 1))
    frame.put("±2 SD", row: 0, column: 0)
    for column in 6..<12 { frame[0, column] = Cell(" ", background: Colour(255, 0, 0)) }
    let out = frame.inASCII()
    #expect(out.text == "~2 SD")
    #expect((6..<12).allSatisfy { out[0, $0].background == Colour(255, 0, 0) })
    #expect(out[0, 5].background == .standard)
  }

  @Test func aBoundIsNotTakenForAnother() {
    var frame = Frame(size: Size(columns: 26, rows: 7))
    frame.put("q ≤ 0.05 and z ≥ 3", row: 0, column: 0)
    frame.put("≤ 6 mm  ≥x and more words.", row: 1, column: 0)
    frame.put("a≤b, and no room for more.", row: 2, column: 0)
    frame.put("› 90° 8 mm³ “PCC” ━ • ■", row: 3, column: 0)
    frame.put("0.03…0.80  5→10 mm", row: 4, column: 0)
    frame.put("sub-RAPID…bold.nii.gz  ←↑↓→", row: 5, column: 0)
    frame.put("name…nii and no room here..", row: 6, column: 0)
    #expect(
      frame.inASCII().text == """
        q <= 0.05 and z >= 3
        <=6 mm >=x and more words.
        a?b, and no room for more.
        > 90d 8 mm3 "PCC" - * #
        0.03...0.80  5->10 mm
        sub-RAPID..bold.nii.gz <^v
        name~nii and no room here.
        """)
  }
}

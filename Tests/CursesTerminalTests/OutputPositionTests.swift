import CursesTerminal
import Testing

struct OutputPositionTests {
  /// Characters and sequences of every kind that is written; each is whole.
  static let whole = [
    "a", "▀", "é", "\u{1F9E0}", "\u{1b}7", "\u{1b}8", "\u{1b}(B", "\u{0f}", "\u{1b}[m",
    "\u{1b}[38;2;1;2;3;48;5;4m", "\u{1b}[?1006;1000h", "\u{1b}]4;16;rgb:01/02/03\u{07}",
    "\u{1b}]104\u{1b}\\", "\u{1b}]R", "\u{1b}_Ga=T,m=1;R[7m\u{1b}\\", "\u{1b}P$qm\u{1b}\\", "\r",
  ]

  @Test(arguments: whole) func aSequenceEndsWhereItEnds(_ text: String) {
    let bytes = Array(text.utf8)
    for cut in 0...bytes.count {
      var position = OutputPosition()
      for byte in bytes[..<cut] { position.take(byte) }
      #expect(position.isBetween == (cut == 0 || cut == bytes.count), "\(cut)")
      let rest = Array(bytes[cut...])
      #expect(
        position.bytesToEnd(in: rest + Array("\u{1b}[7mx".utf8)) == (cut == 0 ? 0 : rest.count),
        "\(cut)")
    }
  }

  @Test func whatIsAllUnderWayIsKept() {
    var position = OutputPosition()
    position.take(0x1b)
    #expect(position.bytesToEnd(in: Array("[48;5".utf8)) == 5)
  }
}

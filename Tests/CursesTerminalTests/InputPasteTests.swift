import Basics
import CursesTerminal
import Testing

/// Pasted text never becomes keys, and yet its end may be lost.
@Suite struct InputPasteTests {
  typealias Piece = InputPaste.Piece

  /// All of a text at one time.
  func take(_ text: String, _ paste: inout InputPaste, at time: Double) -> [Piece] {
    text.unicodeScalars.flatMap { paste.take($0, at: time) }
  }

  /// Text that stalled: it was handed out and is still open.
  func unclosed(_ text: String = "goto 1") -> InputPaste {
    var paste = InputPaste(at: 0)
    #expect(take(text, &paste, at: 0) == [])
    #expect(paste.pause(at: InputPaste.pauseMilliseconds) == [.text(text)])
    #expect(!paste.isClosed && !paste.isUndecided)
    return paste
  }

  @Test func theMarkOfItsEndClosesIt() {
    var paste = InputPaste(at: 0)
    #expect(take("qq", &paste, at: 1) == [])
    #expect(paste.end(at: 2) == [.text("qq")])
    #expect(paste.isClosed)
  }

  /// The line may stand still for longer than any pause: what then comes is more of the text.
  @Test(arguments: [600.0, 5000, 3_600_000])
  func theRestAfterAStandstillIsText(_ later: Double) {
    var paste = unclosed()
    #expect(take(",2,3qqq", &paste, at: later) == [])
    #expect(paste.end(at: later + 1) == [.text(",2,3qqq")])
    #expect(paste.isClosed)
  }

  @Test func burstsAreHandedOutOneByOne() {
    var paste = unclosed()
    for n in 1...5 {
      let time = 1000.0 * Double(n)
      #expect(take("qqq", &paste, at: time) == [])
      #expect(paste.isUndecided)
      #expect(paste.pause(at: time + InputPaste.aloneMilliseconds / 2) == [])
      #expect(paste.pause(at: time + InputPaste.aloneMilliseconds) == [.text("qqq")])
      #expect(!paste.isClosed && !paste.isUndecided)
    }
  }

  /// At full speed and without an end it is handed out once, and no byte of the rest is a key.
  @Test func textThatNeverPausesIsBoundedInTimeAndLength() {
    var paste = InputPaste(at: 0)
    var time = 0.0
    var pieces: [Piece] = []
    while time < 60_000 {
      pieces += paste.take("q", at: time)
      time += 0.1
    }
    #expect(pieces == [.text(String(repeating: "q", count: 10_000))])
    #expect(!paste.isClosed)
    #expect(paste.end(at: time) == [])
  }

  /// Its first line alone is wanted; what follows another time would be put behind it.
  @Test func whatFollowsALineIsReadOver() {
    var paste = unclosed("goto 1\r")
    #expect(take("2,3", &paste, at: 1000) == [])
    #expect(paste.end(at: 1001) == [])
  }

  @Test func escapeWithNothingBehindItEndsIt() {
    var open = InputPaste(at: 0)
    #expect(take("abc\u{1b}", &open, at: 0) == [])
    #expect(open.pause(at: InputPaste.escapeMilliseconds / 2) == [])
    #expect(open.pause(at: InputPaste.escapeMilliseconds) == [.text("abc"), .escape])
    #expect(open.isClosed)

    var late = unclosed()
    #expect(late.take("\u{1b}", at: 1000) == [] && late.isUndecided)
    #expect(late.pause(at: 1000 + InputPaste.escapeMilliseconds) == [.escape])
    #expect(late.isClosed)
  }

  /// Both keys lay ready when the program had time for them.
  @Test func escapeAndAKeyThatComeTogetherAreKeys() {
    var open = InputPaste(at: 0)
    #expect(take("abc\u{1b}q", &open, at: 0) == [])
    #expect(
      open.pause(at: InputPaste.escapeMilliseconds) == [.text("abc"), .escape, .key("q")])
    var late = unclosed()
    #expect(take("\u{1b}q", &late, at: 1000) == [.escape, .key("q")])
    #expect(late.isClosed)
    // Nobody looked in between.
    var busy = InputPaste(at: 0)
    #expect(take("abc\u{1b}", &busy, at: 0) == [])
    #expect(busy.take("q", at: 300) == [.text("abc"), .escape, .key("q")])
    #expect(busy.isClosed)
  }

  @Test func escapeWithinTextIsText() {
    var open = InputPaste(at: 0)
    #expect(take("abc\u{1b}def", &open, at: 0) == [])
    #expect(open.pause(at: InputPaste.escapeMilliseconds) == [])
    #expect(open.pause(at: InputPaste.pauseMilliseconds) == [.text("abc\u{1b}def")])
    #expect(!open.isClosed)
  }

  /// ncurses does not find a mark of which the first byte came long before the others.
  @Test(arguments: 1...5) func aMarkInTwoPiecesClosesIt(_ cut: Int) {
    let mark = Array("\u{1b}[201~".unicodeScalars)
    var open = InputPaste(at: 0)
    var pieces = take("abc", &open, at: 0)
    for one in mark[..<cut] { pieces += open.take(one, at: 0) }
    pieces += open.pause(at: InputPaste.escapeMilliseconds / 2)
    for one in mark[cut...] { pieces += open.take(one, at: InputPaste.escapeMilliseconds / 2) }
    #expect(pieces == [.text("abc")])
    #expect(open.isClosed)
  }

  @Test func whatComesAloneIsAKeyAndTwoOfThemCloseIt() {
    var paste = unclosed()
    #expect(paste.take("j", at: 1000) == [])
    #expect(paste.pause(at: 1000 + InputPaste.aloneMilliseconds) == [.key("j")])
    #expect(!paste.isClosed)
    #expect(take("qqq", &paste, at: 1200) == [])
    #expect(paste.pause(at: 1300) == [.text("qqq")])
    for (time, isClosed) in [(1400.0, false), (1500, true)] {
      #expect(paste.take("\r", at: time) == [])
      #expect(paste.pause(at: time + 50) == [.key("\r")])
      #expect(paste.isClosed == isClosed)
    }
  }

  /// An arrow among text belongs to it; one that comes alone is a key.
  @Test func keysAmongTextAreReadOver() {
    var open = InputPaste(at: 0)
    #expect(take("a", &open, at: 0) == [])
    #expect(!open.takeKey(at: 1).isKey)
    #expect(open.end(at: 2) == [.text("a")])
    var late = unclosed()
    let alone = late.takeKey(at: 1000)
    #expect(alone.isKey && alone.pieces == [] && !late.isClosed)
    #expect(take("ab", &late, at: 1100) == [])
    #expect(!late.takeKey(at: 1101).isKey)
  }

  /// Whatever comes at whatever pace: Escape and q, a third of a second apart, are Escape and q.
  @Test(arguments: 1...20) func escapeAndQAreKeysFromAnyState(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let some: [Unicode.Scalar] = ["q", "\u{1b}", "[", "2", "0", "1", "\r", "a", "\u{3bb}"]
    for _ in 0..<300 {
      var (paste, time) = (InputPaste(at: 0), 0.0)
      for _ in 0..<Int.random(in: 0..<40, using: &generator) where !paste.isClosed {
        time += [0, 0, 0.1, 5, 40, 600].randomElement(using: &generator) ?? 0
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: _ = paste.takeKey(at: time)
        case 1: _ = paste.pause(at: time)
        default: _ = paste.take(some.randomElement(using: &generator) ?? "q", at: time)
        }
      }
      guard !paste.isClosed else { continue }
      var pieces = paste.take("\u{1b}", at: time)
      pieces += paste.pause(at: time + 200)
      if !paste.isClosed { pieces += paste.take("q", at: time + 300) }
      #expect(paste.isClosed)
      #expect(pieces.contains(.escape))
    }
  }
}

import Basics
import CellUI
import Imaging
import TestSupport
import Testing

@Suite struct EncoderTests {
  /// The two pixels of a cell.
  struct Pixels: Equatable {
    var upper: Int
    var lower: Int
  }

  /// Paints bytes on a screen; only what the encoder may write is understood.
  func paint(_ bytes: [UInt8], _ screen: inout [[Pixels]]) {
    var scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars[...]
    var (row, column, front, back) = (0, 0, -1, -1)
    while let scalar = scalars.popFirst() {
      if scalar == "\u{1b}" {
        guard let kind = scalars.popFirst(), kind == "[" else { continue }
        var body = ""
        var final: Unicode.Scalar = " "
        while let next = scalars.popFirst() {
          if next.properties.isAlphabetic {
            final = next
            break
          }
          body.unicodeScalars.append(next)
        }
        let numbers = body.split(separator: ";").compactMap { Int($0) }
        switch final {
        case "H": (row, column) = (numbers[0] - 1, numbers[1] - 1)
        case "C": column += numbers.first ?? 1
        default:
          var n = 0
          while n + 2 < numbers.count {
            if numbers[n] == 38 { front = numbers[n + 2] } else { back = numbers[n + 2] }
            n += 3
          }
        }
        continue
      }
      switch scalar {
      case " ": screen[row][column] = Pixels(upper: back, lower: back)
      case "█": screen[row][column] = Pixels(upper: front, lower: front)
      case "▀": screen[row][column] = Pixels(upper: front, lower: back)
      case "▄": screen[row][column] = Pixels(upper: back, lower: front)
      default: Issue.record("\(scalar) is not of a picture")
      }
      column += 1
    }
  }

  func pixels(_ frame: Frame) -> [[Pixels]] {
    (0..<frame.size.rows).map { row in
      (0..<frame.size.columns).map { column in
        let cell = frame[row, column]
        let lower = ColourTable.xterm.number(cell.background)
        return Pixels(
          upper: cell.glyph == " " ? lower : ColourTable.xterm.number(cell.foreground),
          lower: lower)
      }
    }
  }

  func randomFrame(_ generator: inout SeededGenerator) -> Frame {
    let colours = [16, 52, 88, 124, 196, 232].map(IndexedColours.colour)
    var picture = Picture(width: 40, height: 16)
    for y in 0..<16 {
      for x in 0..<40 {
        let n = Int.random(in: 0..<colours.count, using: &generator)
        picture.set(x, y, colours[(x / 5 + y / 4) % 3 == 0 ? 0 : n], .tissue)
      }
    }
    var frame = Frame(size: Size(columns: 40, rows: 8))
    frame.draw(picture, row: 0, column: 0, Capabilities(colours: .indexed, unicode: true))
    return frame
  }

  @Test func whateverWayIsTakenThePictureIsTheSame() {
    var generator = SeededGenerator(seed: 8)
    var old = randomFrame(&generator)
    var screen = pixels(old)
    for _ in 0..<40 {
      var new = old
      let other = randomFrame(&generator)
      for row in 0..<8 {
        for column in 0..<40 where Int.random(in: 0..<4, using: &generator) > 1 {
          new[row, column] = other[row, column]
        }
      }
      paint(PictureEncoder(.indexed).encode(new.changes(from: old), in: new), &screen)
      #expect(screen == pixels(new))
      old = new
    }
  }

  @Test func answersAreTakenApartFromKeys() {
    var replies = TerminalReplies()
    let text =
      "a\u{1b}P1$r0;48:2::1:2:3m\u{1b}\\\u{1b}[A\u{1b}]4;255;rgb:eeee/eeee/eeee\u{7}"
      + "\u{1b}]4;255;rgb:1212/3434/5656\u{1b}\\é\u{1b}]4;255;rgb:ee/ee/ee\u{1b}\\\u{1b}[?62;22cq"
    for byte in text.utf8 { replies.take([byte]) }
    #expect(replies.isComplete)
    #expect(TerminalQuestions.saysDirect(replies) && TerminalQuestions.redefines(replies))
    #expect(TerminalQuestions.repair(replies) == nil)
    #expect(
      typedKeys(replies.typed) == [.character("a"), .up, .character("é"), .character("q")])
  }

  @Test func theColourBehindTextIsDarkOnlyWhereItIsSaid() {
    func isDark(_ answer: String) -> Bool {
      var replies = TerminalReplies()
      replies.take("\u{1b}]\(answer)\u{1b}\\".utf8)
      return TerminalQuestions.isDark(replies)
    }
    for dark in [
      "11;rgb:0000/0000/0000", "11;rgb:1e/1e/2e", "11;rgb:0/2/3", "11;rgba:0000/2b2b/3636/cccc",
    ] {
      #expect(isDark(dark), "\(dark)")
    }
    for other in [
      "11;rgb:ffff/ffff/ffff", "11;rgb:fd/f6/e3", "11;rgb:8080/8080/8080", "11;rgb:00/00",
      "11;rgb:zz/00/00", "10;rgb:00/00/00", "11;#000000", "11;",
    ] {
      #expect(!isDark(other), "\(other)")
    }
    #expect(!TerminalQuestions.isDark(TerminalReplies()))
  }

  @Test func aTerminalThatDoesNotGiveBackIsPutRight() {
    var replies = TerminalReplies()
    for value in ["ee/ee/ee", "12/34/56", "12/34/56"] {
      replies.take("\u{1b}]4;255;rgb:\(value)\u{1b}\\".utf8)
    }
    #expect(!TerminalQuestions.redefines(replies))
    #expect(TerminalQuestions.repair(replies) == "\u{1b}]4;255;rgb:ee/ee/ee\u{1b}\\")
  }

  @Test(arguments: [
    (["TERM": "xterm-256color"], false, true, false),
    (["TERM": "xterm-256color"], true, false, false),
    // Chosen colours take less than half of the bytes of 24 bits.
    (["TERM": "xterm-256color", "COLORTERM": "truecolor"], false, true, true),
    (["TERM": "screen", "STY": "1", "COLORTERM": "truecolor"], false, false, false),
    (["TERM": "tmux-256color", "TMUX": "x", "COLORTERM": "truecolor"], false, false, true),
    (["TERM": "linux"], false, false, false), (["TERM": "vt100"], false, false, false),
    (["TERM": "xterm", "BOLDSPECT_NO_PROBE": "1"], false, false, false),
  ])
  func onlyTerminalsThatUnderstandAreAsked(
    _ environment: [String: String], _ isUnderMosh: Bool, _ asks: Bool, _ isDirect: Bool
  ) {
    let plan = TerminalPlan(
      environment: environment, isUnderMosh: isUnderMosh, colours: nil, pictures: .half,
      mayProbe: true)
    #expect(plan.asksDirect == (asks && !isDirect) && plan.asksPalette == asks)
    #expect(plan.isDirect == isDirect)
    #expect(TerminalQuestions.bytes(plan).isEmpty == !asks)
    let mayAsk = asks
    for wanted in [PicturesWanted.auto, .kitty] {
      let images = TerminalPlan(
        environment: environment, isUnderMosh: isUnderMosh, colours: nil, pictures: wanted,
        mayProbe: true)
      #expect(images.asksImages == mayAsk)
      #expect(TerminalQuestions.bytes(images).contains("a=q") == mayAsk)
      // Insisting helps where nothing is asked, but nowhere where images do not get through.
      let isInside = isUnderMosh || environment["TMUX"] != nil || environment["STY"] != nil
      #expect(images.hasImages == (wanted == .kitty && !mayAsk && !isInside))
    }
  }
}

import Basics
import CellUI
import Imaging
import TestSupport
import Testing

@Suite struct CellTests {
  func randomFrame(_ generator: inout SeededGenerator) -> Frame {
    var frame = Frame(size: Size(columns: 30, rows: 8))
    for row in 0..<8 {
      for column in 0..<30 where Int.random(in: 0..<3, using: &generator) > 0 {
        frame[row, column] = Cell(
          Unicode.Scalar(UInt8.random(in: 32...126, using: &generator)),
          foreground: Colour(UInt8.random(in: 0...255, using: &generator), 0, 9), style: [])
      }
    }
    return frame
  }

  @Test func applyingTheChangesGivesTheNewFrame() {
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<50 {
      let old = randomFrame(&generator)
      var new = old
      for _ in 0..<20 {
        new[Int.random(in: 0..<8, using: &generator), Int.random(in: 0..<30, using: &generator)] =
          Cell("x")
      }
      #expect(old.applying(new.changes(from: old)) == new)
      #expect(new.changes(from: new).isEmpty)
      #expect(Frame(size: new.size).applying(new.changes(from: nil)) == new)
    }
  }

  /// What was found for another picture changes no colour of this one: more colours than it remembers, twice.
  @Test func everyColourBecomesItsNearest() {
    var generator = SeededGenerator(seed: 11)
    let table = ColourTable.xterm
    var seen: [Colour] = []
    for n in 0..<40 {
      var frame = Frame(size: Size(columns: 80, rows: 24))
      for at in 0..<80 * 24 {
        // Neighbours in hue, new ones, and those of pictures before.
        let colour =
          n > 20 && at % 2 == 0
          ? seen[Int.random(in: 0..<seen.count, using: &generator)]
          : Colour(hex: UInt32.random(in: 0...0xff_ffff, using: &generator))
        seen.append(colour)
        frame[at / 80, at % 80] = Cell("x", foreground: colour)
      }
      let shown = frame.quantised(to: table)
      for at in stride(from: 0, to: 80 * 24, by: 17) {
        let (before, after) = (frame[at / 80, at % 80], shown[at / 80, at % 80])
        #expect(after.foreground == table.colour(table.number(before.foreground)))
        let lab = Lab(before.foreground)
        let far = table.colours.map { Lab($0).distance(to: lab) }
        #expect(Lab(after.foreground).distance(to: lab) == far.min())
        #expect(table.colours.first { Lab($0).distance(to: lab) == far.min() } == after.foreground)
        #expect(after.background == before.background)
      }
    }
  }

  @Test func textNeverCarriesControlOrWideScalars() {
    var frame = Frame(size: Size(columns: 20, rows: 1))
    frame.put("a\u{1b}b\u{202e}c漢d😀", row: 0, column: 0)
    #expect(frame.text == "a?b?c?d?")
    #expect(frame.inASCII().text == "a?b?c?d?")
    frame.put("far beyond the edge of the frame", row: 0, column: 15)
    #expect(frame.text.count == 20)
    frame.put("x", row: 7, column: -3)
  }

  @Test func indexedColoursAreFixedPoints() {
    for index in 16...255 {
      let colour = IndexedColours.colour(index)
      #expect(IndexedColours.colour(IndexedColours.index(colour)) == colour)
    }
    #expect(IndexedColours.colour(IndexedColours.index(Colour(250, 3, 2))) == Colour(255, 0, 0))
  }

  @Test func keyScriptsAreReadOrRefused() throws {
    #expect(
      try KeyScript.parse("a<Up><C-l><Lt><Space>{<F2>")
        == [
          .character("a"), .up, .control("l"), .character("<"), .character(" "), .character("{"),
          .function(2),
        ])
    #expect(throws: KeyScript.UnknownKey.self) { try KeyScript.parse("<Nope>") }
  }

  @Test func encodingMovesOnceAndColoursOnlyWhereTheyChange() {
    let red = Cell(" ", background: Colour(255, 0, 0), style: .picture)
    let bytes = PictureEncoder(.indexed).encode([
      Patch(row: 2, column: 4, cells: [red, red, red]), Patch(row: 2, column: 9, cells: [red]),
    ])
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text == "\u{1b}7\u{1b}[0m\u{1b}[3;5H\u{1b}[48;5;196m   \u{1b}[2C \u{1b}8")
    #expect(PictureEncoder(.direct).encode([]).isEmpty)
  }

  @Test func picturesReadWithoutColour() {
    var picture = Picture(width: 4, height: 2)
    picture.set(0, 0, Colour(160, 160, 160), .tissue)
    picture.set(0, 1, Colour(160, 160, 160), .tissue)
    picture.set(1, 0, Colour(255, 0, 0), .positive)
    picture.set(2, 1, Colour(0, 0, 255), .negative)
    var frame = Frame(size: Size(columns: 4, rows: 1))
    frame.draw(picture, row: 0, column: 0, Capabilities(colours: .none, unicode: true))
    #expect(frame.text == "▓+−")
    frame.draw(picture, row: 0, column: 0, Capabilities(colours: .direct, unicode: true))
    #expect(frame[0, 1].glyph == "▀" && frame[0, 1].foreground == Colour(255, 0, 0))
    #expect(frame[0, 0].glyph == " " && frame[0, 0].background == Colour(160, 160, 160))
  }

  @Test func braillePlotsReachTopAndBottom() {
    let rows = braillePlot([0, 1, 0, 1], columns: 2, rows: 1)
    #expect(rows.count == 1 && rows[0].count == 2)
    #expect(
      braillePlot([.nan, .nan], columns: 3, rows: 2).joined().allSatisfy { $0 == " " })
    #expect(braillePlot([], columns: 3, rows: 2).count == 2)
  }

  /// The difference of the largest numbers is none, and what is beyond a scale runs along its edge.
  @Test func aPlotHoldsWhateverNumbersItIsGiven() {
    let most = Double.greatestFiniteMagnitude
    let far = braillePlot([-most, most], columns: 1, rows: 1)
    #expect(far == braillePlot([-1, 1], columns: 1, rows: 1))
    let beyond = braillePlot([-1e300, 0.25, 7], columns: 2, rows: 1, low: 0, high: 1)
    #expect(beyond == braillePlot([0, 0.25, 1], columns: 2, rows: 1, low: 0, high: 1))
    #expect(
      braillePlot([0, .leastNonzeroMagnitude], columns: 1, rows: 1).joined().contains { $0 != " " })
  }

  /// The cursor is green: no value of a map, a scale or an anatomy may be.
  @Test(arguments: [Capabilities.Colours.eight, .sixteen])
  func onlyGreenIsDrawnGreen(_ colours: Capabilities.Colours) {
    let greens = Set([0x00aa00, 0x55ff55].map { Colour(hex: $0) })
    func cell(_ colour: Colour) -> Cell {
      var picture = Picture(width: 1, height: 2)
      picture.colours = [colour, colour]
      var frame = Frame(size: Size(columns: 1, rows: 1))
      frame.draw(
        picture, row: 0, column: 0, Capabilities(colours: colours, unicode: true))
      return frame[0, 0]
    }
    for step in 0...64 {
      let t = Double(step) / 64
      for colour in [
        Colour(255, 69, 0).mixed(with: Colour(255, 235, 60), t),
        Colour(0, 0, 0).mixed(with: Colour(255, 255, 255), t),
        Colour(0, 90, 255).mixed(with: Colour(170, 240, 255), t),
        Colour(255, 0, 0).mixed(with: Colour(255, 255, 200), t),
      ] {
        let drawn = cell(colour)
        #expect(greens.isDisjoint(with: [drawn.foreground, drawn.background]), "\(colour)")
      }
    }
    #expect(greens.contains(cell(Colour(95, 255, 135)).background))
  }

  /// White says above: a light blue mark in one half of a cell is no white one, whatever lies in the other half.
  @Test(arguments: [Capabilities.Colours.eight, .sixteen])
  func aBlueMarkIsNeverWhite(_ colours: Capabilities.Colours) {
    for mark in [Colour(95, 175, 255), Colour(170, 240, 255), Colour(0, 90, 255)] {
      for step in 0...32 {
        let t = Double(step) / 32
        for other in [
          Colour(0, 0, 0).mixed(with: Colour(255, 0, 0), t),
          Colour(255, 0, 0).mixed(with: Colour(255, 255, 200), t),
          Colour(0, 0, 0).mixed(with: Colour(255, 255, 255), t),
        ] {
          for isBelow in [false, true] {
            var picture = Picture(width: 1, height: 2)
            picture.colours = isBelow ? [other, mark] : [mark, other]
            var frame = Frame(size: Size(columns: 1, rows: 1))
            frame.draw(
              picture, row: 0, column: 0, Capabilities(colours: colours, unicode: true))
            let drawn = isBelow ? frame[0, 0].background : frame[0, 0].foreground
            #expect(drawn.blue > drawn.red, "\(mark) beside \(other) is \(drawn)")
          }
        }
      }
    }
  }

  /// Dark grey on black is no text where both are the nearest to black.
  @Test(arguments: [ColourTable.eight, .sixteen, .xterm])
  func noTextHasTheColourBehindIt(_ table: ColourTable) {
    var frame = Frame(size: Size(columns: 4, rows: 1))
    frame.put("kept", row: 0, column: 0, foreground: Colour(58, 58, 58))
    let shown = frame.quantised(to: table)[0, 0].foreground
    #expect(shown.contrast(with: Colour(0, 0, 0)) > 1.5)
    frame.put("kept", row: 0, column: 0, foreground: Colour(215, 215, 215))
    #expect(
      frame.quantised(to: table)[0, 0].foreground
        == table.colour(table.number(Colour(215, 215, 215))))
  }
}

import Basics
import CellUI
import CursesTerminal
import Testing

/// Characters in UTF-8, and bytes that are none.
@Suite struct InputCharacterTests {
  func characters(_ bytes: [UInt8]) -> String {
    var state = InputCharacter()
    var all = String.UnicodeScalarView()
    for byte in bytes { if let scalar = state.take(byte) { all.append(scalar) } }
    return String(all)
  }

  @Test func charactersAreTakenWhole() {
    #expect(characters(Array("aéλ漢🧠\u{202e}\u{10ffff}".utf8)) == "aéλ漢🧠\u{202e}\u{10ffff}")
  }

  /// A byte that begins nothing, one that goes on with nothing, a character that is cut off, and what no character is.
  @Test(
    arguments: [
      [0x9b], [0xff, 0xfe], [0xc3], [0xe6, 0xbc], [0xc0, 0x80], [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
    ] as [[UInt8]])
  func whatIsNoneTakesNothingWithIt(_ bytes: [UInt8]) {
    #expect(characters(Array("a".utf8) + bytes + Array("\u{1b}qé".utf8)) == "a\u{1b}qé")
  }
}

/// Reports of the mouse, whole and cut off.
@Suite struct InputMouseTests {
  func last(_ bytes: some Sequence<Int32>, isOld: Bool = false) -> InputMouse.Step {
    var report = InputMouse(isOld: isOld, at: 0)
    var step = InputMouse.Step.goesOn
    for byte in bytes where step == .goesOn { step = report.take(byte, at: 0) }
    return step
  }

  func last(_ text: String) -> InputMouse.Step { last(text.utf8.map(Int32.init)) }

  @Test(arguments: [
    ("0;10;5M", Mouse(.press, column: 9, row: 4)), ("0;10;5m", Mouse(.release, column: 9, row: 4)),
    ("32;1;1M", Mouse(.drag, column: 0, row: 0)),
    ("64;300;200M", Mouse(.wheelUp, column: 299, row: 199)),
    ("65;3;4M", Mouse(.wheelDown, column: 2, row: 3)),
    ("20;10;5M", Mouse(.press, column: 9, row: 4)),
  ])
  func numbersSayWhatHappened(_ text: String, _ mouse: Mouse) {
    #expect(last(text) == .ends(mouse))
  }

  @Test(arguments: [
    "M", "0M", "0;1M", "0;0;5M", "0;5;0M", ";;M", "1;2;3M", "0;1;2;3M", "0;999999999999;1M",
  ])
  func whatMeansNothingIsReadOver(_ text: String) { #expect(last(text) == .ends(nil)) }

  /// Escape, a key or the beginning of a paste after a report that was cut off.
  @Test(arguments: [27, 0x71, 3, 410, 1500] as [Int32], ["", "0", "0;10;"])
  func aKeyCutsItOff(_ code: Int32, _ text: String) {
    #expect(last(text.utf8.map(Int32.init) + [code]) == .isKey)
  }

  @Test func itIsBoundedInTimeAndLength() {
    var report = InputMouse(isOld: false, at: 0)
    #expect(report.take(0x30, at: 10) == .goesOn)
    #expect(report.pause(at: 10 + InputMouse.pauseMilliseconds / 2) == .goesOn)
    #expect(report.pause(at: 10 + InputMouse.pauseMilliseconds) == .ends(nil))
    #expect(last(String(repeating: "1", count: 1000)) == .ends(nil))
  }

  @Test(arguments: 1...20) func oldReportsAreTakenOrDropped(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
        Int32.random(in: 0...300, using: &generator)
      }
      guard case .ends(let mouse?) = last(bytes, isOld: true) else { continue }
      #expect((0...222).contains(mouse.column) && (0...222).contains(mouse.row))
    }
  }
}

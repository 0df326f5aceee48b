import Basics
import CellUI
import CursesTerminal
import Testing

/// Whatever a line sends, a string on its way in ends, and a key is a key again.
@Suite struct InputStringTests {
  /// Bytes, keys and codes of ncurses, and nothing that is one of them.
  func code(_ generator: inout SeededGenerator) -> Int32 {
    switch Int.random(in: 0..<20, using: &generator) {
    case 0: InputString.endCode
    case 1: Int32.random(in: 256...2000, using: &generator)
    case 2: Int32.random(in: .min...(.max), using: &generator)
    default: Int32.random(in: 0...255, using: &generator)
    }
  }

  @Test(arguments: 1...20) func afterGarbageAndAPauseAKeyIsAKey(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      var time = 0.0
      var string = InputString(
        introducer: code(&generator), at: time)
      var isOver = false
      var taken = 0
      for _ in 0..<Int.random(in: 0..<300, using: &generator) where !isOver {
        time += Double.random(in: 0..<40, using: &generator)
        isOver = string.take(code(&generator), at: time) != .goesOn
        taken += 1
        #expect(string.length == taken)
      }
      guard !isOver else { continue }
      // Nothing is over too early; after the pause all is.
      #expect(string.pause(at: time + InputString.pauseMilliseconds / 2) == .goesOn)
      #expect(string.pause(at: time + InputString.pauseMilliseconds + 1) != .goesOn)
    }
  }

  /// A string that never pauses ends by its length.
  @Test func aStringWithoutAnEndIsBounded() {
    var string = InputString(introducer: InputString.firstCode, at: 0)
    var taken = 0
    while taken < 2 * InputString.lengthLimit, string.take(0x71, at: 0) == .goesOn { taken += 1 }
    #expect(taken < InputString.lengthLimit)
  }

  /// And by its time, however slowly it comes.
  @Test func aStringThatTricklesInIsBounded() {
    var string = InputString(introducer: InputString.firstCode, at: 0)
    var time = 0.0
    while time < 60_000, string.take(0x71, at: time) == .goesOn { time += 100 }
    #expect(time < 10_000)
  }

  private func string(_ bytes: [Int32], at time: Double = 0) -> (InputString, InputString.Step) {
    var string = InputString(introducer: InputString.firstCode, at: time)
    var step = InputString.Step.goesOn
    for byte in bytes where step == .goesOn { step = string.take(byte, at: time) }
    return (string, step)
  }

  /// The Escape key ends it and is the Escape key all the same; the two bytes of its end may come apart.
  @Test func escapeWithNothingBehindItIsAKey() {
    var (open, step) = string([0x71, 0x1b])
    #expect(step == .goesOn)
    #expect(open.pause(at: InputString.escapeMilliseconds / 2) == .goesOn)
    #expect(open.pause(at: InputString.escapeMilliseconds) == .wasTyped([.escape]))
    #expect(string([0x71, 0x1b, 0x5c]).1 == .ends)
    // Both lay ready when the program had time for them.
    #expect(string([0x71, 0x1b, 0x71]).1 == .isKeyBehindEscape)
    #expect(string([0x71, 0x1b, 0x5b]).1 == .isKey)
  }
}

import Basics
import CellUI
import Testing

/// A terminal's answers, and what is no answer, however broken.
@Suite struct RepliesTests {
  /// Mostly what begins, ends and cuts sequences.
  func byte(_ generator: inout SeededGenerator) -> UInt8 {
    let special = Array("\u{1b}\u{1b}\u{1b}[]P_^XO?\\ct;0179\u{7}".utf8)
    let n = Int.random(in: 0..<3 * special.count, using: &generator)
    return special.indices.contains(n) ? special[n] : UInt8.random(in: 0...255, using: &generator)
  }

  /// Bytes that are held, as keys, answers or a beginning.
  func held(_ replies: TerminalReplies) -> Int {
    replies.typed.count + replies.pending.count
      + (replies.controls + replies.commands + replies.graphics).reduce(0) {
        $0 + $1.unicodeScalars.count
      }
  }

  @Test(arguments: 1...50) func afterGarbageAndAPauseAKeyIsAKey(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<100 {
      var replies = TerminalReplies()
      let count = Int.random(in: 0..<200, using: &generator)
      for n in 0..<count {
        replies.take([byte(&generator)])
        // Every byte is at one place at most: none is worked on again and again.
        #expect(held(replies) <= n + 1)
      }
      replies.pause()
      #expect(replies.pending.isEmpty)
      replies.take("q".utf8)
      #expect(replies.typed.last == UInt8(ascii: "q"))
      #expect(typedKeys(replies.typed).last == .character("q"))
    }
  }

  @Test(arguments: ["]", "P", "_", "["]) func aSequenceWithoutAnEndIsBounded(_ first: String) {
    var replies = TerminalReplies()
    replies.take("\u{1b}\(first)".utf8)
    var longest = 0
    for _ in 0..<10 * TerminalReplies.lengthLimit {
      replies.take("0".utf8)
      longest = max(longest, replies.pending.count)
    }
    #expect(longest == TerminalReplies.lengthLimit)
    #expect(replies.typed.last == UInt8(ascii: "0"))
    replies.take("q".utf8)
    #expect(typedKeys(replies.typed).last == .character("q"))
  }

  @Test func keysOfTheConsoleAreOneKey() {
    var replies = TerminalReplies()
    replies.take("\u{1b}[[A\u{1b}[Bx".utf8)
    #expect(typedKeys(replies.typed) == [.down, .character("x")])
  }

  /// Escape, an answer, and `[6;q`: four keys after Escape, not the sequence that they would be without the answer.
  @Test(arguments: ["\u{1b}[6;20;10t", "\u{1b}_Gi=31;OK\u{1b}\\", "\u{1b}[?62c"])
  func anEscapeBeforeAnAnswerIsAKey(_ answer: String) {
    var replies = TerminalReplies()
    replies.take("\u{1b}\(answer)[6;q".utf8)
    #expect(typedKeys(replies.typed) == [.escape] + "[6;q".unicodeScalars.map { .character($0) })
    var paused = TerminalReplies()
    paused.take("\u{1b}".utf8)
    paused.pause()
    paused.take("[A".utf8)
    #expect(typedKeys(paused.typed) == [.escape, .character("["), .character("A")])
  }
}

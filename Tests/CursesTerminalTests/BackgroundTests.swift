import Foundation
import Synchronization
import TestSupport
import Testing

/// Text is light: what is behind it is known to be dark, or is painted dark.
@Suite(.serialized) struct BackgroundTests {
  /// Which of the characters that stand have a background of their own, and which the terminal's.
  private func backgrounds(_ pieces: [Piece]) -> (own: Int, terminals: Int) {
    var hasOwn = false
    var found = (own: 0, terminals: 0)
    for piece in pieces {
      switch piece {
      case .text(let byte) where byte > 32 && byte < 127:
        if hasOwn { found.own += 1 } else { found.terminals += 1 }
      case .csi(let text) where text.hasSuffix("m"):
        var words = text.dropLast().split(separator: ";", omittingEmptySubsequences: false)
          .map { Int($0) ?? 0 }[...]
        while let word = words.popFirst() {
          switch word {
          case 0, 49: hasOwn = false
          case 38, 48:
            if word == 48 { hasOwn = true }
            words = words.dropFirst(words.first == 5 ? 2 : 4)
          case 40...47, 100...107: hasOwn = true
          default: break
          }
        }
      default: break
      }
    }
    return found
  }

  private func shown(
    background: String?, term: String = "xterm-256color", manners: FakeTerminal.Manners
  ) throws -> (own: Int, terminals: Int) {
    let terminal = try FakeTerminal(
      MatrixTests.demo, columns: 100, rows: 30, term: term, manners: manners,
      background: background)
    terminal.wait(for: "DOF")
    terminal.settle()
    let pieces = terminal.state.withLock { $0.pieces }
    terminal.type("q")
    terminal.finish()
    #expect(terminal.process.terminationStatus == 0)
    return backgrounds(pieces)
  }

  @Test(
    arguments: [
      ("rgb:ffff/ffff/ffff", "xterm-256color"), ("rgb:fd/f6/e3", "xterm-256color"),
      ("rgb:ffff/ffff/ffff", "xterm"),
    ], [FakeTerminal.Manners.onlyAttributes, .palette, .direct])
  func aWhiteTerminalIsPainted(
    _ terminal: (background: String, term: String), _ manners: FakeTerminal.Manners
  ) throws {
    let found = try shown(
      background: terminal.background, term: terminal.term, manners: manners)
    #expect(found.own > 300)
    #expect(found.terminals == 0)
  }

  @Test(arguments: ["xterm-256color", "xterm", "tmux-256color", "screen", "linux"])
  func whatDoesNotSayIsPainted(_ term: String) throws {
    let found = try shown(background: nil, term: term, manners: .silent)
    #expect(found.own > 300)
    #expect(found.terminals == 0)
  }

  /// Text has a table of its own where the entry names eight colours and pictures have 24 bits.
  @Test(arguments: [["COLORTERM": "truecolor"], [:]])
  func noTextIsHiddenByItsOwnColour(_ environment: [String: String]) throws {
    let terminal = try FakeTerminal(
      MatrixTests.demo, columns: 120, rows: 40, term: "xterm", environment: environment,
      manners: .onlyAttributes)
    terminal.wait(for: "DOF")
    terminal.settle()
    terminal.type("m")
    terminal.settle(1)
    let pieces = terminal.state.withLock { $0.pieces }
    terminal.type("q")
    terminal.finish()
    var (front, back) = (39, 49)
    var hidden = 0
    for piece in pieces {
      switch piece {
      // All but blanks and the bytes of pictures' blocks, which begin with e2 96.
      case .text(let byte) where byte > 32 && byte < 127:
        if front - 30 == back - 40 { hidden += 1 }
      case .csi(let text) where text.hasSuffix("m"):
        for word in text.dropLast().split(separator: ";", omittingEmptySubsequences: false) {
          switch Int(word) ?? 0 {
          case 0: (front, back) = (39, 49)
          case let n where (30...37).contains(n) || n == 39: front = n
          case let n where (40...47).contains(n) || n == 49: back = n
          default: break
          }
          // What follows is a colour of a picture.
          if word == "38" || word == "48" { break }
        }
      default: break
      }
    }
    #expect(hidden == 0)
  }

  @Test func whatIsSurelyDarkStays() throws {
    let found = try shown(background: "rgb:1e1e/1e1e/2e2e", manners: .onlyAttributes)
    #expect(found.terminals > 200)
  }

  @Test func withoutColourTheTerminalsOwnTwoAreKept() throws {
    let terminal = try FakeTerminal(
      MatrixTests.demo, columns: 100, rows: 30, environment: ["NO_COLOR": "1"],
      manners: .onlyAttributes, background: "rgb:ffff/ffff/ffff")
    terminal.wait(for: "DOF")
    terminal.settle()
    let found = backgrounds(terminal.state.withLock { $0.pieces })
    terminal.type("q")
    terminal.finish()
    #expect(found.own == 0)
  }

  @Test(arguments: ["xterm", "screen", "tmux"])
  func fewColoursComeWithAWayToMore(_ term: String) throws {
    let terminal = try FakeTerminal(
      MatrixTests.demo, columns: 120, rows: 40, term: term, manners: .onlyAttributes)
    #expect(terminal.wait(for: "--colour-depth 256"))
    terminal.type("q")
    terminal.finish()
  }
}

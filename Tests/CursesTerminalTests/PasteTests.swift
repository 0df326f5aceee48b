import Foundation
import TestSupport
import Testing

/// Pasted text on a line that stands still, at full speed, without an end: no key of it reaches the program, and
/// Escape and q still do.
@Suite(.serialized) struct PasteTests {
  private func open() throws -> FakeTerminal {
    let terminal = try FakeTerminal(
      MatrixTests.demo, columns: 100, rows: 30, environment: ["BOLDSPECT_NO_PROBE": "1"])
    terminal.wait(for: "DOF")
    terminal.settle()
    return terminal
  }

  private func ends(_ terminal: FakeTerminal) -> Bool {
    let end = Date(timeIntervalSinceNow: 20)
    while terminal.process.isRunning, Date() < end { Thread.sleep(forTimeInterval: 0.02) }
    let isOver = !terminal.process.isRunning
    if !isOver { kill(terminal.process.processIdentifier, SIGKILL) }
    terminal.finish()
    return isOver && terminal.process.terminationStatus == 0
  }

  private func type(_ text: String, on terminal: FakeTerminal, thenSeconds pause: Double) {
    terminal.type(text)
    Thread.sleep(forTimeInterval: pause)
  }

  @Test func theRestOfAPasteThatStoodStillIsNoKey() throws {
    let terminal = try open()
    type("\u{1b}[200~gsr qqq", on: terminal, thenSeconds: 1)
    for _ in 0..<3 { type("qqq\rq", on: terminal, thenSeconds: 0.8) }
    terminal.type("qqqq\u{1b}[201~")
    terminal.settle()
    #expect(terminal.process.isRunning)
    terminal.type("q")
    #expect(ends(terminal))
  }

  @Test func aPasteWithoutAnEndIsLeftByEscape() throws {
    let terminal = try open()
    type("\u{1b}[200~gsr", on: terminal, thenSeconds: 1)
    type("qqqqqq", on: terminal, thenSeconds: 0.5)
    #expect(terminal.process.isRunning)
    type("\u{1b}", on: terminal, thenSeconds: 0.4)
    terminal.type("q")
    #expect(ends(terminal))
  }

  @Test func keysAreKeysAgainAfterAPasteWithoutAnEnd() throws {
    let terminal = try open()
    type("\u{1b}[200~gsr", on: terminal, thenSeconds: 1)
    for key in ["j", "k", "q"] { type(key, on: terminal, thenSeconds: 0.4) }
    #expect(ends(terminal))
  }

  /// Longer than any paste is, and no end of it.
  @Test func aFloodIsNoKeyAndHoldsNoSignalUp() throws {
    let terminal = try open()
    terminal.type("\u{1b}[200~")
    let end = Date(timeIntervalSinceNow: 4)
    while Date() < end, terminal.process.isRunning {
      terminal.type(String(repeating: "qx", count: 1000))
    }
    #expect(terminal.process.isRunning)
    kill(terminal.process.processIdentifier, SIGTERM)
    let late = Date(timeIntervalSinceNow: 20)
    while terminal.process.isRunning, Date() < late { Thread.sleep(forTimeInterval: 0.02) }
    #expect(!terminal.process.isRunning)
    terminal.finish()
    #expect(terminal.process.terminationStatus == 128 + SIGTERM)
  }
}

import Foundation
import Synchronization
import TestSupport
import Testing

/// Terminals that take a frame in pieces: what they are sent is whole all the same.
@Suite(.serialized) struct SlowTerminalTests {
  /// A frame of much more than a line holds, and nobody reads it yet.
  func openAndPause(_ options: [String]) throws -> FakeTerminal {
    let terminal = try FakeTerminal(
      MatrixTests.demo + options, columns: 500, rows: 200,
      environment: ["BOLDSPECT_NO_PROBE": "1"])
    terminal.wait(for: "DOF")
    terminal.settle()
    terminal.state.withLock { $0.isPaused = true }
    terminal.type("\u{0c}")
    Thread.sleep(forTimeInterval: 0.5)
    return terminal
  }

  func readOn(_ terminal: FakeTerminal) { terminal.state.withLock { $0.isPaused = false } }

  func checkWhole(_ terminal: FakeTerminal) {
    MatrixTests().check(terminal)
    #expect(String(validating: terminal.bytes(from: 0), as: UTF8.self) != nil)
  }

  @Test(arguments: ["24bit", "256", "16", "none"])
  func aNewSizeCutsNothing(_ colours: String) throws {
    let terminal = try openAndPause(["--colours", colours])
    terminal.resize(columns: 300, rows: 100)
    kill(terminal.process.processIdentifier, SIGWINCH)
    Thread.sleep(forTimeInterval: 0.3)
    readOn(terminal)
    terminal.settle()
    terminal.type("q")
    terminal.finish()
    #expect(terminal.process.terminationStatus == 0)
    checkWhole(terminal)
  }

  /// The rest of the frame is not waited for, and nothing of it is cut.
  @Test(arguments: ["24bit", "256"], ["q", ""])
  func leavingCutsNothing(_ colours: String, _ key: String) throws {
    let terminal = try openAndPause(["--colours", colours])
    StubbornTests().end(terminal, by: key)
    Thread.sleep(forTimeInterval: 0.1)
    readOn(terminal)
    terminal.finish()
    checkWhole(terminal)
    #expect(terminal.isGivenBack)
  }

  /// Its screen is given back although it reads only after the end.
  @Test(arguments: ["q", ""])
  func aTerminalThatReadsLaterIsGivenBack(_ key: String) throws {
    let terminal = try openAndPause(["--colours", "256"])
    StubbornTests().end(terminal, by: key)
    terminal.process.waitUntilExit()
    readOn(terminal)
    terminal.finish()
    #expect(terminal.isGivenBack)
  }

  /// Whoever stops it and lets it go on does not wait for it to have stopped.
  @Test func aStopThatWasTakenBackDoesNotStop() throws {
    let terminal = try openAndPause(["--colours", "256"])
    let id = terminal.process.processIdentifier
    kill(id, SIGTSTP)
    Thread.sleep(forTimeInterval: 0.1)
    kill(id, SIGCONT)
    readOn(terminal)
    Thread.sleep(forTimeInterval: 1)
    terminal.type("q")
    #expect(StubbornTests().ends(terminal))
    #expect(terminal.process.terminationStatus == 0)
    #expect(terminal.isGivenBack)
  }

  /// Ctrl-S holds the line and not the program.
  @Test func aTerminalThatWasStoppedByAKeyIsGivenBack() throws {
    let terminal = try FakeTerminal(
      MatrixTests.demo, columns: 100, rows: 30, environment: ["BOLDSPECT_NO_PROBE": "1"])
    terminal.wait(for: "DOF")
    terminal.settle()
    terminal.type("\u{13}")
    terminal.type("q")
    terminal.finish()
    #expect(terminal.process.terminationStatus == 0)
    #expect(terminal.isGivenBack)
  }
}

extension FakeTerminal {
  /// Whether main screen, mouse, paste mode, cursor and the line's modes are as they were.
  var isGivenBack: Bool {
    let text = text
    func isLast(_ sequence: String, after other: String) -> Bool {
      guard let on = text.range(of: "\u{1b}[?" + other, options: .backwards) else { return true }
      return text[on.upperBound...].contains("\u{1b}[?" + sequence)
    }
    return ["1049", "1002", "2004"].allSatisfy { isLast($0 + "l", after: $0 + "h") }
      && text.range(of: "\u{1b}[?25l", options: .backwards).map { off in
        text[off.upperBound...].contains("25h")
      } ?? true
      && state.withLock { $0.modesAfter } == modesBefore
  }
}

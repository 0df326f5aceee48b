import Foundation
import Synchronization
import TestSupport
import Testing

/// Terminals, lines and signals that do what nobody expects: the program still ends, and what it had is
/// given back.
@Suite(.serialized) struct StubbornTests {
  func open(
    _ arguments: [String] = MatrixTests.demo, columns: Int = 100, rows: Int = 30,
    term: String = "xterm-256color", controls: Bool = false
  ) throws -> FakeTerminal {
    let terminal = try FakeTerminal(
      arguments, columns: columns, rows: rows, term: term,
      environment: ["BOLDSPECT_NO_PROBE": "1"], controls: controls)
    terminal.wait(for: "DOF")
    terminal.settle()
    return terminal
  }

  /// Whether the program ends by itself; otherwise it is ended.
  func ends(_ terminal: FakeTerminal, seconds: Double = 20) -> Bool {
    let end = Date(timeIntervalSinceNow: seconds)
    while terminal.process.isRunning, Date() < end { Thread.sleep(forTimeInterval: 0.02) }
    let isOver = !terminal.process.isRunning
    if !isOver { kill(terminal.process.processIdentifier, SIGKILL) }
    terminal.state.withLock { $0.isPaused = false }
    terminal.finish()
    return isOver
  }

  @Test(arguments: [
    SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGIO,
    SIGPWR, SIGSYS, 16, 40,
  ])
  func everySignalThatEndsGivesAllBackAndIsTheExitCode(_ signal: Int32) throws {
    let terminal = try open()
    kill(terminal.process.processIdentifier, signal)
    #expect(ends(terminal))
    #expect(terminal.process.terminationReason == .exit)
    #expect(terminal.process.terminationStatus == 128 + signal)
    for mode in ["?1049", "?1002", "?2004"] {
      let on = try #require(terminal.text.range(of: "\u{1b}[" + mode + "h"), "\(mode)")
      #expect(terminal.text[on.upperBound...].contains("\u{1b}[" + mode + "l"), "\(mode)")
    }
    #expect(terminal.state.withLock { $0.modesAfter } == terminal.modesBefore)
  }

  /// Its entry goes back from the second screen in another way than most.
  @Test(arguments: [SIGSEGV, SIGABRT, SIGTERM]) func aTerminalOfAnotherSecondScreenIsGivenBack(
    _ signal: Int32
  ) throws {
    let terminal = try open(term: "rxvt")
    kill(terminal.process.processIdentifier, signal)
    #expect(ends(terminal))
    let on = try #require(terminal.text.range(of: "\u{1b}[?47h"))
    #expect(terminal.text[on.upperBound...].contains("\u{1b}[?47l"))
  }

  /// A string that does not end is given up after a pause, and what follows are keys again.
  @Test(arguments: ["]", "P", "_", "^", "X"])
  func aStringWithoutAnEndIsGivenUp(_ first: String) throws {
    let terminal = try open()
    terminal.type("\u{1b}" + first)
    for _ in 0..<50 { terminal.type(String(repeating: "qx", count: 1000)) }
    terminal.settle(1)
    // Nothing of it was a key.
    #expect(terminal.process.isRunning)
    terminal.type("q")
    #expect(ends(terminal))
    #expect(terminal.process.terminationStatus == 0)
  }

  @Test func aStringThatEndsIsNoKey() throws {
    let terminal = try open()
    terminal.type("\u{1b}]52;c;qqqq\u{07}\u{1b}Pqqqq\u{1b}\\")
    terminal.settle()
    #expect(terminal.process.isRunning)
    terminal.type("q")
    #expect(ends(terminal))
  }

  @Test func aStringThatGoesOnForEverDoesNotHoldASignalUp() throws {
    let terminal = try open()
    terminal.type("\u{1b}]")
    for _ in 0..<20 { terminal.type(String(repeating: "y", count: 1000)) }
    kill(terminal.process.processIdentifier, SIGTERM)
    #expect(ends(terminal))
    #expect(terminal.process.terminationStatus == 128 + SIGTERM)
  }

  /// Button, column and row as three raw bytes; here those would be the keys q, q and q.
  @Test(
    arguments: [[32, 113, 44], [35, 113, 44], [113, 113, 113], [32, 200, 255]] as [[UInt8]])
  func oldReportsOfTheMouseAreNoKeys(_ bytes: [UInt8]) throws {
    let terminal = try open()
    terminal.type(bytes: [0x1b, 0x5b, 0x4d] + bytes)
    terminal.settle()
    #expect(terminal.process.isRunning)
    terminal.type("q")
    #expect(ends(terminal))
    #expect(terminal.process.terminationStatus == 0)
  }

  @Test(arguments: [[], [32], [32, 113]] as [[UInt8]])
  func anOldReportThatIsCutLeavesAPasteWhole(_ bytes: [UInt8]) throws {
    let terminal = try open()
    terminal.type(bytes: [0x1b, 0x5b, 0x4d] + bytes + Array("\u{1b}[200~q\u{1b}[201~".utf8))
    terminal.settle()
    #expect(terminal.process.isRunning)
    terminal.type("q")
    #expect(ends(terminal))
    #expect(terminal.process.terminationStatus == 0)
  }

  /// In xterm's entry reports are numbers, which ncurses would wait for: it is not asked.
  @Test(arguments: ["<", "<0;10;", "<0;10;5"])
  func aReportInNumbersThatIsCutTakesNoKeyAndNoPaste(_ text: String) throws {
    let terminal = try open()
    terminal.type("\u{1b}[" + text + "\u{1b}[200~q\u{1b}[201~")
    terminal.settle()
    #expect(terminal.process.isRunning)
    terminal.type("\u{1b}[" + text)
    terminal.settle()
    terminal.type("q")
    #expect(ends(terminal))
    #expect(terminal.process.terminationStatus == 0)
  }

  /// Keys that come in one piece with a byte that is no UTF-8, as after a time in which nothing was read.
  @Test(arguments: [[0x9b], [0xff, 0xfe], [0xc3]] as [[UInt8]])
  func aByteThatIsNoTextTakesNoKeys(_ bytes: [UInt8]) throws {
    let terminal = try open()
    terminal.type(bytes: bytes + [0x71])
    #expect(ends(terminal, seconds: 5))
    #expect(terminal.process.terminationStatus == 0)
  }

  /// The picture that was on its way is given up; its colours do not stay.
  @Test func aPictureThatIsGivenUpLeavesNoColour() throws {
    let terminal = try open(columns: 300, rows: 100)
    terminal.state.withLock { $0.isPaused = true }
    terminal.type("\u{0c}")
    Thread.sleep(forTimeInterval: 0.5)
    terminal.type("q")
    Thread.sleep(forTimeInterval: 0.2)
    terminal.state.withLock { $0.isPaused = false }
    #expect(ends(terminal))
    let left = try #require(terminal.text.range(of: "\u{1b}[?1049l", options: .backwards))
    let before = terminal.text[..<left.lowerBound]
    let plain = before.ranges(of: "\u{1b}[m").last ?? before.ranges(of: "\u{1b}[0m").last
    let colours = try #require(before.ranges(of: /\u{1b}\[[34]8;[0-9;]*m/).last)
    #expect(try #require(plain).lowerBound > colours.lowerBound)
    #expect(
      terminal.text[left.upperBound...].contains("\u{1b}[23;0;0t")
        || before.contains("\u{1b}[23;0;0t"))
  }

  @Test(arguments: [
    "xterm-kitty", "xterm-ghostty", "alacritty", "foot", "konsole-256color", "putty-256color",
  ])
  func aTerminalWithoutAnEntryGetsThatOfItsFamily(_ term: String) throws {
    let terminal = try open(term: term)
    #expect(terminal.text.contains("RADIOLOGICAL"))
    terminal.type("q")
    #expect(ends(terminal))
    #expect(terminal.process.terminationStatus == 0)
  }

  /// More than ncurses can count, or than memory is asked for: refused in words, before there is a screen.
  @Test(arguments: [(40_000, 24), (80, 40_000), (30_000, 30_000)])
  func aTerminalOfAnAbsurdSizeIsRefusedInWords(_ columns: Int, _ rows: Int) throws {
    let terminal = try FakeTerminal(
      MatrixTests.demo + ["--pictures", "kitty", "--no-probe"], columns: columns, rows: rows)
    #expect(ends(terminal, seconds: 60))
    #expect(terminal.process.terminationReason == .exit)
    #expect(terminal.process.terminationStatus == 69)
    #expect(terminal.text.contains("\(columns) columns and \(rows) rows"))
    #expect(!terminal.text.contains("\u{1b}[?1049h"))
    #expect(terminal.state.withLock { $0.modesAfter } == terminal.modesBefore)
  }

  @Test(arguments: [(40_000, 24), (80, 40_000)])
  func aWindowThatGrowsBeyondAllMeasureIsNoTrap(_ columns: Int, _ rows: Int) throws {
    let terminal = try open()
    terminal.resize(columns: columns, rows: rows)
    kill(terminal.process.processIdentifier, SIGWINCH)
    terminal.settle(1)
    #expect(terminal.process.isRunning)
    terminal.type("q")
    #expect(ends(terminal, seconds: 60))
    #expect(terminal.process.terminationReason == .exit)
    #expect(terminal.process.terminationStatus == 0)
  }

  /// How a person or a system ends the program, and its exit code then.
  static let endings = [("q", 0), ("\u{03}", 128 + SIGINT), ("", 128 + SIGTERM)]

  func end(_ terminal: FakeTerminal, by key: String) {
    if key.isEmpty {
      kill(terminal.process.processIdentifier, SIGTERM)
    } else {
      terminal.type(key)
    }
  }

  /// Keys and signals are heard although nothing that is drawn goes out.
  @Test(arguments: endings) func aTerminalThatDoesNotReadIsLeft(_ key: String, _ code: Int32) throws
  {
    // Ctrl-C comes from the line itself; a signal is sent to the program.
    let terminal = try open(controls: !key.isEmpty)
    terminal.state.withLock { $0.isPaused = true }
    let before = terminal.count
    for _ in 0..<10 {
      terminal.type("\u{0c}")
      Thread.sleep(forTimeInterval: 0.2)
    }
    #expect(terminal.count == before)
    end(terminal, by: key)
    #expect(ends(terminal))
    #expect(terminal.process.terminationStatus == code)
    #expect(terminal.state.withLock { $0.modesAfter } == terminal.modesBefore)
  }

  @Test(arguments: endings) func aFloodOfKeysThatStartAnalysesIsLeft(_ key: String, _ code: Int32)
    throws
  {
    let terminal = try open(controls: !key.isEmpty)
    for _ in 0..<40 { terminal.type(String(repeating: "\u{1b}OC x", count: 30)) }
    end(terminal, by: key)
    #expect(ends(terminal))
    #expect(terminal.process.terminationStatus == code)
  }
}

import Foundation
import Synchronization
import TestSupport
import Testing

/// Terminals of every kind: the right picture or the right message, and nothing that is not in the
/// announced set.
@Suite(.serialized) struct MatrixTests {
  static let sample = RealData.project.appending(path: "SampleData").path
  /// Not as other tests start it: those end theirs by its command line.
  static let demo = ["demo", "--palette", "hot-iron", "--data", sample]

  /// What may be sent: ncurses' own, our pictures, and questions and colours where they are allowed.
  func isAnnounced(
    _ piece: Piece, asks: Bool, redefines: Bool, images: Bool, mouse: Bool
  ) -> Bool {
    switch piece {
    case .text: return true
    case .control(let c): return [8, 9, 10, 13, 14, 15].contains(c)
    case .escape(let s): return ["7", "8", "=", ">", "(B", "(0", ")0", "M", "H"].contains(s)
    case .csi(let s):
      guard let final = s.last else { return false }
      let body = s.dropLast()
      if body.hasPrefix("?") {
        let modes: Set<Substring> = [
          "1", "3", "4", "7", "12", "25", "2004", "1049", "12;25", "3;4", "0", "1", "8",
        ]
        let clicks: Set<Substring> = ["1000", "1006;1000", "1002"]
        if mouse, clicks.contains(body.dropFirst()) { return "hl".contains(final) }
        return "hlc".contains(final) && modes.contains(body.dropFirst())
      }
      if ["c", "16t", ">q"].contains(s) { return asks }
      if s == "!p" || s == "4l" || s == "34h" || s == "34l" || s == "22;0;0t" || s == "23;0;0t" {
        return true
      }
      return "HJKmABCDGdXPrb@".contains(final)
        && body.allSatisfy { $0.isNumber || $0 == ";" }
    case .osc(let s):
      if s == "R" || s == "104" { return true }
      if s == "11;?" { return asks }
      guard s.hasPrefix("4;") || s.hasPrefix("104;") else { return false }
      return redefines || asks
    case .dcs(let s): return asks && s == "$qm"
    case .stray(let s):
      return asks && s.hasPrefix("Gi=8099,") && s.contains("a=q") || images && s.hasPrefix("G")
    }
  }

  func check(
    _ terminal: FakeTerminal, asks: Bool = false, redefines: Bool = false, images: Bool = false,
    mouse: Bool = true
  ) {
    let (all, rest) = terminal.state.withLock { ($0.pieces, $0.rest) }
    #expect(rest.isEmpty)
    let strangers = all.filter {
      !isAnnounced($0, asks: asks, redefines: redefines, images: images, mouse: mouse)
    }
    #expect(strangers.isEmpty, "\(strangers.prefix(5))")
  }

  func visit(_ terminal: FakeTerminal) {
    terminal.wait(for: "DOF")
    terminal.settle()
    for key in ["v", ":palette pet\r", "}", "\u{1b}[5~", "c", "q"] {
      terminal.type(key)
      terminal.settle(0.15)
    }
    terminal.finish()
    #expect(terminal.process.terminationStatus == 0)
  }

  @Test(arguments: [
    ("xterm-256color", [:]), ("xterm-256color", ["COLORTERM": "truecolor"]),
    ("xterm-256color", ["BOLDSPECT_NO_PROBE": "1"]), ("tmux-256color", ["TMUX": "/x"]),
    ("screen", [:]), ("screen-256color", [:]), ("linux", [:]), ("vt100", [:]),
    ("xterm-256color", ["NO_COLOR": "1"]), ("xterm-256color", ["LC_ALL": "C"]),
    ("linux", ["LC_ALL": "C"]), ("xterm-256color", ["NCURSES_NO_UTF8_ACS": "1"]),
  ])
  func everyTerminalGetsOnlyWhatItKnows(_ term: String, _ environment: [String: String]) throws {
    let terminal = try FakeTerminal(
      Self.demo, columns: 80, rows: 24, term: term, environment: environment)
    visit(terminal)
    let asks =
      term == "xterm-256color"
      && (environment.isEmpty || environment["LC_ALL"] != nil || environment["COLORTERM"] != nil)
    let hasMouse = term != "linux" && term != "vt100"
    check(terminal, asks: asks, mouse: hasMouse)
    let text = terminal.text
    // What was asked of the mouse is taken back, each mode as often as it was set.
    for mode in ["?1000", "?1006;1000", "?1002"] {
      func count(_ end: String) -> Int { text.components(separatedBy: mode + end).count - 1 }
      #expect(count("h") == count("l"), "\(mode)")
    }
    #expect(text.contains("?1002h") == hasMouse)
    #expect(text.contains("RADIOLOGICAL") && text.contains("SYNTHETIC"))
    #expect(text.contains("\u{1b}[c") == asks)
    let isDirect = environment["COLORTERM"] != nil
    #expect(text.contains("38;2;") == isDirect)
    let hasIndexed = text.contains("8;5;")
    #expect(hasIndexed == (term.contains("256") && environment["NO_COLOR"] == nil))
    if environment["LC_ALL"] == "C" {
      #expect(terminal.state.withLock { $0.bytes.allSatisfy { $0 < 0x80 } })
    }
    if term == "screen" || term == "linux" {
      #expect(text.contains("▒") == (environment["LC_ALL"] == nil))
    }
  }

  @Test(arguments: [(1, 1), (20, 3), (79, 24), (80, 23), (80, 24), (200, 60), (500, 200)])
  func everySizeGetsAPictureOrTheSizeThatIsNeeded(_ columns: Int, _ rows: Int) throws {
    let terminal = try FakeTerminal(
      Self.demo, columns: columns, rows: rows, environment: ["BOLDSPECT_NO_PROBE": "1"])
    if columns >= 80, rows >= 24 {
      visit(terminal)
      #expect(terminal.text.contains("RADIOLOGICAL"))
    } else {
      terminal.settle(1)
      terminal.type("q")
      terminal.finish()
      if columns > 20 { #expect(terminal.text.contains("needs 80×24")) }
    }
    check(terminal)
  }

  @Test func aPaletteIsSetWhereTheTerminalProvedItAndGivenBack() throws {
    let terminal = try FakeTerminal(Self.demo, columns: 120, rows: 40, manners: .palette)
    terminal.wait(for: "DOF")
    terminal.settle()
    let during = terminal.state.withLock { $0.palette.count }
    #expect(during == 240)
    #expect(terminal.text.contains("levels"))
    terminal.type("q")
    terminal.finish()
    check(terminal, asks: true, redefines: true)
    #expect(terminal.state.withLock { $0.palette.isEmpty })
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGINT, SIGSEGV, SIGABRT])
  func signalsGiveThePaletteBack(_ signal: Int32) throws {
    let terminal = try FakeTerminal(Self.demo, columns: 120, rows: 40, manners: .palette)
    terminal.wait(for: "DOF")
    terminal.settle()
    #expect(terminal.state.withLock { $0.palette.count } == 240)
    kill(terminal.process.processIdentifier, signal)
    terminal.finish()
    #expect(terminal.state.withLock { $0.palette.isEmpty })
  }

  @Test func stoppingGivesThePaletteBackAndGoingOnTakesItAgain() throws {
    let terminal = try FakeTerminal(Self.demo, columns: 120, rows: 40, manners: .palette)
    terminal.wait(for: "DOF")
    terminal.settle()
    let id = terminal.process.processIdentifier
    kill(id, SIGTSTP)
    terminal.settle()
    #expect(terminal.state.withLock { $0.palette.isEmpty })
    kill(id, SIGCONT)
    terminal.settle()
    #expect(terminal.state.withLock { $0.palette.count } == 240)
    terminal.type("q")
    terminal.finish()
    #expect(terminal.state.withLock { $0.palette.isEmpty })
  }

  /// Whatever its entry on this machine says.
  @Test(arguments: ["xterm-256color", "xterm"])
  func aTerminalThatSaysSoGetsTwentyFourBits(_ term: String) throws {
    let terminal = try FakeTerminal(
      Self.demo, columns: 80, rows: 24, term: term, manners: .direct)
    visit(terminal)
    check(terminal, asks: true)
    #expect(terminal.text.contains("48;2;"))
    #expect(terminal.state.withLock { $0.changes } == 0)
  }

  /// Answers after the time is up are neither keys nor text.
  @Test(arguments: [0.05, 0.5, 1.2], [FakeTerminal.Manners.palette, .kitty])
  func lateAnswersAreSwallowed(_ delay: Double, _ manners: FakeTerminal.Manners) throws {
    let terminal = try FakeTerminal(
      Self.demo, columns: 120, rows: 40, manners: manners, delay: delay)
    // Typed while the terminal is asked: kept.
    terminal.wait(for: "\u{1b}[c")
    terminal.type(":debug\r")
    terminal.wait(for: "DOF")
    Thread.sleep(forTimeInterval: delay)
    terminal.settle()
    #expect(terminal.process.isRunning)
    #expect(terminal.text.contains("bytes"))
    for leak in ["4;255", "11;rgb", "62;22", "1$r", "Gi=", "6;19", "kitty("] {
      let shown = terminal.state.withLock { s in
        String(
          decoding: s.pieces.compactMap { if case .text(let b) = $0 { b } else { nil } },
          as: UTF8.self)
      }
      #expect(!shown.contains(leak))
    }
    terminal.type("q")
    terminal.finish()
    #expect(terminal.process.terminationStatus == 0)
  }
}

/// What steps cost at 160 × 45 in 256 colours; bytes, not times.
@Suite(.serialized) struct ByteTests {
  static let real = [
    "view", "--bold", RealData.path(RealData.bold), "--mask", RealData.path(RealData.mask),
    "--spect", RealData.path(RealData.spect), "--seed", "PCC",
  ]

  func costs(_ arguments: [String], _ manners: FakeTerminal.Manners, _ name: String) throws {
    let terminal = try FakeTerminal(
      arguments + ["--colours", "256"], columns: 160, rows: 45, manners: manners)
    terminal.wait(for: "N eff")
    terminal.settle(1)
    // What was said of the files gives its line back first: that is no part of a step.
    _ = terminal.cost("\u{1b}")
    let kib = 1024.0
    // Steps of the cursor carry the time course, values and statistics of the new place as text;
    // the limit is that of the pictures.
    let drawn = { (text: String) in
      text.components(separatedBy: "\u{1b}7").dropFirst()
        .reduce(0) { $0 + $1.components(separatedBy: "\u{1b}8")[0].utf8.count + 4 }
    }
    for (what, keys, limit) in [
      ("crosshair", ["\u{1b}OC", "\u{1b}OA", "\u{1b}OD", "\u{1b}OB"], 1.2),
      ("threshold", ["{", "{", "}", "}", "}"], 7), ("slice", ["\u{1b}[5~", "\u{1b}[5~"], 32),
    ] {
      var pictures: [Int] = []
      let bytes = keys.map { key in
        let before = terminal.count
        let count = terminal.cost(key)
        pictures.append(drawn(String(decoding: terminal.bytes(from: before), as: UTF8.self)))
        return count
      }
      print("\(name) \(what) \(bytes), pictures \(pictures)")
      // A scale of 66 levels has more to say than the fixed colours' 17.
      let limit = what == "slice" && manners == .palette ? 44 : limit
      let counted = what == "crosshair" ? pictures : bytes
      for count in counted { #expect(Double(count) <= limit * kib, "\(name) \(what) \(bytes)") }
      // With all text: a limit of our own.
      for count in bytes where what == "crosshair" { #expect(Double(count) <= 1.8 * kib) }
    }
    terminal.type("q")
    terminal.finish()
  }

  @Test(arguments: [FakeTerminal.Manners.onlyAttributes, .palette])
  func stepsOnTheSampleAreWithinTheirBytes(_ manners: FakeTerminal.Manners) throws {
    try costs(MatrixTests.demo, manners, "sample \(manners)")
  }

  @Test(
    .enabled(if: RealData.isPresent), arguments: [FakeTerminal.Manners.onlyAttributes, .palette])
  func stepsOnRealDataAreWithinTheirBytes(_ manners: FakeTerminal.Manners) throws {
    try costs(Self.real, manners, "real \(manners)")
  }
}

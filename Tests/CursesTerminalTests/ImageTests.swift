import Foundation
import Synchronization
import TestSupport
import Testing

/// Images in a terminal that says that it shows them: exact, few bytes, and nothing left behind.
@Suite(.serialized) struct ImageTests {
  func open(
    _ arguments: [String] = MatrixTests.demo, _ manners: FakeTerminal.Manners = .kitty,
    columns: Int = 160, rows: Int = 45, environment: [String: String] = [:]
  ) throws -> FakeTerminal {
    let terminal = try FakeTerminal(
      arguments, columns: columns, rows: rows, environment: environment, manners: manners)
    terminal.wait(for: "DOF")
    terminal.settle(0.8)
    return terminal
  }

  func screen(_ terminal: FakeTerminal, _ columns: Int = 160, _ rows: Int = 45) -> PixelScreen {
    var screen = PixelScreen(columns: columns, rows: rows)
    screen.take(terminal.bytes(from: 0))
    return screen
  }

  /// What the images show in every cell.
  func shown(_ terminal: FakeTerminal) -> [Int?] {
    let screen = screen(terminal)
    return (0..<45).flatMap { row in
      (0..<160).map { screen.image(Double(row) + 0.3, Double($0) + 0.6) }
    }
  }

  @Test(arguments: [FakeTerminal.Manners.kitty, .images])
  func picturesAreImagesAndGoAway(_ manners: FakeTerminal.Manners) throws {
    let terminal = try open(MatrixTests.demo, manners)
    // Two slices in three bands, three colour bars, and what was laid over them while loading.
    #expect((9..<30).contains(screen(terminal).images.count))
    for key in ["v", "}", "\u{1b}[5~", "\u{1b}OC", "\u{1b}OC", "?", "\u{1b}", "m", "\u{1b}"] {
      terminal.type(key)
      terminal.settle(0.2)
    }
    let during = screen(terminal)
    #expect(during.complaints.isEmpty, "\(during.complaints)")
    #expect(during.images.count > 4)
    terminal.type("q")
    terminal.finish()
    MatrixTests().check(terminal, asks: true, images: true)
    let after = screen(terminal)
    #expect(after.images.isEmpty && after.complaints.isEmpty)
  }

  /// Small images laid over large ones, and whole ones: the screen is the same in the end.
  @Test func aDetourLeadsBackToTheSameScreen() throws {
    let terminal = try open()
    let before = shown(terminal)
    #expect(before.compactMap { $0 }.count > 3000)
    for keys in [["\u{1b}OC", "\u{1b}OC", "\u{1b}OD", "\u{1b}OD"], ["?", "\u{1b}"], ["R", "R"]] {
      for key in keys {
        terminal.type(key)
        terminal.settle(0.3)
      }
      #expect(shown(terminal) == before, "\(keys)")
    }
    terminal.type("\u{0c}")
    terminal.settle()
    #expect(shown(terminal) == before)
    terminal.type("q")
    terminal.finish()
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGINT, SIGSEGV, SIGABRT])
  func signalsLeaveNoImage(_ signal: Int32) throws {
    let terminal = try open()
    #expect(!screen(terminal).images.isEmpty)
    kill(terminal.process.processIdentifier, signal)
    terminal.finish()
    #expect(screen(terminal).images.isEmpty)
  }

  @Test func stoppingTakesTheImagesAwayAndGoingOnBringsThemBack() throws {
    let terminal = try open()
    let before = shown(terminal)
    let id = terminal.process.processIdentifier
    kill(id, SIGTSTP)
    terminal.settle()
    #expect(screen(terminal).images.isEmpty)
    kill(id, SIGCONT)
    terminal.settle()
    #expect(shown(terminal) == before)
    terminal.type("q")
    terminal.finish()
  }

  @Test(arguments: [
    (["--pictures", "half"], [:]), (["--no-probe"], [:]), (["--colours", "none"], [:]),
    ([], ["TMUX": "/x"]), (["--pictures", "kitty"], ["STY": "1"]),
    (["--pictures", "kitty"], ["NCURSES_NO_UTF8_ACS": "1"]),
  ])
  func whoeverDoesNotWantOrPassImagesGetsNone(
    _ arguments: [String], _ environment: [String: String]
  ) throws {
    let terminal = try open(
      MatrixTests.demo + arguments, columns: 80, rows: 24, environment: environment)
    terminal.type("q")
    terminal.finish()
    #expect(!terminal.text.contains("\u{1b}_G"))
  }

  /// A person's word stands for an answer that was not asked for.
  @Test func insistingWorksWithoutAnAnswer() throws {
    let terminal = try open(
      MatrixTests.demo + ["--pictures", "kitty", "--no-probe"], .silent,
      environment: ["KITTY_WINDOW_ID": "1"])
    terminal.type("q")
    terminal.finish()
    #expect(!terminal.text.contains("a=q") && !terminal.text.contains("\u{1b}[c"))
    // The cells' size is not known, so it stays at half blocks.
    #expect(!terminal.text.contains("a=T"))
  }

  @Test func quadrantsSayThatTheyMix() throws {
    let terminal = try open(MatrixTests.demo + ["--pictures", "quadrant"])
    #expect(terminal.text.contains("interpolated"))
    #expect(terminal.text.contains("▌") || terminal.text.contains("▛"))
    terminal.type("q")
    terminal.finish()
    MatrixTests().check(terminal, asks: true)
  }

  func costs(_ arguments: [String], _ name: String) throws {
    let terminal = try FakeTerminal(arguments, columns: 160, rows: 45, manners: .kitty)
    terminal.wait(for: "N eff")
    terminal.settle(1)
    for (what, keys, limit) in [
      ("slice", ["\u{1b}[5~", "\u{1b}[5~", "\u{1b}[6~"], 16),
      ("threshold", ["{", "}"], 16), ("seed", [" "], 16),
      ("crosshair", ["\u{1b}OC", "\u{1b}OA"], 4),
    ] {
      let bytes = keys.map { terminal.cost($0) }
      print("\(name) kitty \(what) \(bytes)")
      for count in bytes { #expect(count <= limit * 1024, "\(name) \(what) \(bytes)") }
    }
    #expect(screen(terminal).complaints.isEmpty)
    terminal.type("q")
    terminal.finish()
  }

  @Test func aFrameOfTheSampleIsWithinItsBytes() throws { try costs(MatrixTests.demo, "sample") }

  @Test(.enabled(if: RealData.isPresent))
  func aFrameOfRealDataIsWithinItsBytes() throws { try costs(ByteTests.real, "real") }
}

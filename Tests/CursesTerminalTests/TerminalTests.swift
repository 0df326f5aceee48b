import Foundation
import TestSupport
import Testing

/// The real program in a real pseudo-terminal, by util-linux's `script`.
@Suite(.serialized) struct TerminalTests {
  /// Runs shell commands in a pseudo-terminal of 100 × 30 and returns all that was written to it.
  func inTerminal(
    _ commands: String, keys: String = "", term: String = "xterm-256color",
    environment: [String: String] = [:]
  ) throws -> String {
    try withTemporaryFolder { folder in
      let log = folder + "/log"
      let run = folder + "/run"
      let program = Program.url.path
      let data = RealData.project.appending(path: "SampleData").path
      try Data(
        "stty cols 100 rows 30\nB='\(program)'\nS='\(data)'\ncd '\(folder)'\n\(commands)\n".utf8
      ).write(to: URL(filePath: run))
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/script")
      process.arguments = ["-q", "-f", "-e", "-c", "sh \(run)", log]
      process.environment = ProcessInfo.processInfo.environment.merging(
        ["TERM": term, "LC_ALL": "C.UTF-8", "COLORTERM": ""].merging(environment) { $1 }
      ) { $1 }
      let input = Pipe()
      process.standardInput = input
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      // Keys wait until the picture is there.
      if !keys.isEmpty {
        for _ in 0..<300 {
          let text = (try? Data(contentsOf: URL(filePath: log))) ?? Data()
          if String(decoding: text, as: UTF8.self).contains("DOF") { break }
          Thread.sleep(forTimeInterval: 0.05)
        }
        // A bar is a pause, so that what came before it is drawn.
        for part in keys.split(separator: "|") {
          try input.fileHandleForWriting.write(contentsOf: Data(part.utf8))
          Thread.sleep(forTimeInterval: 0.4)
        }
      }
      process.waitUntilExit()
      try? input.fileHandleForWriting.close()
      return String(decoding: try Data(contentsOf: URL(filePath: log)), as: UTF8.self)
    }
  }

  /// What `stty -a` said before and after.
  func modes(_ text: String) -> [String] {
    text.components(separatedBy: "speed ").dropFirst().map {
      $0.components(separatedBy: "END").first ?? ""
    }
  }

  @Test func quittingGivesTheTerminalBack() throws {
    let text = try inTerminal(
      "stty -a; echo END; $B demo --data \"$S\"; echo \"code $?\"; stty -a; echo END", keys: "vR<q")
    let both = modes(text)
    #expect(both.count == 2)
    #expect(both.first == both.last)
    #expect(text.contains("code 0"))
    #expect(text.contains("\u{1b}[?1049h"))
    let left = try #require(text.range(of: "\u{1b}[?1049l", options: .backwards))
    #expect(text[left.upperBound...].contains("code 0"))
    #expect(text.contains("SYNTHETIC PERSON"))
  }

  @Test(arguments: ["TERM", "HUP", "INT", "SEGV", "ABRT", "TRAP"])
  func everySignalGivesTheTerminalBack(_ name: String) throws {
    // The program takes the place of the shell that said its number.
    let text = try inTerminal(
      """
      stty -a; echo END
      ( n=0; until [ -s id ] || [ $n -gt 50 ]; do sleep 0.1; n=$((n+1)); done
        sleep 1; kill -\(name) $(cat id) ) &
      sh -c 'echo $$ > id; exec "$0" demo --data "$1"' "$B" "$S"
      echo "code $?"
      stty -a; echo END
      """)
    let both = modes(text)
    #expect(both.count == 2)
    #expect(both.first == both.last)
    #expect(text.contains("\u{1b}[?1049l"))
    #expect(text.contains("\u{1b}[?25h") || text.contains("\u{1b}[?12l\u{1b}[?25h"))
    #expect(!text.contains("Press space to interact"))
  }

  @Test func terminalsThatCannotAreRefusedInASentence() throws {
    for (term, word) in [("dumb", "cannot place its cursor"), ("nonsense-99", "is not known")] {
      let text = try inTerminal("$B demo --data \"$S\"; echo \"code $?\"", term: term)
      #expect(text.contains(word), "\(text)")
      #expect(text.contains("snapshot"))
      #expect(text.contains("code 69"))
    }
  }

  @Test func noColourMeansNoColourBytes() throws {
    let text = try inTerminal(
      "$B demo --data \"$S\"", keys: "q", environment: ["NO_COLOR": "1"])
    #expect(!text.contains("38;5;") && !text.contains("48;2;"))
    #expect(text.contains("RADIOLOGICAL"))
  }

  @Test func controlLDrawsTheWholeScreenAnew() throws {
    let one = try inTerminal("$B demo --data \"$S\"", keys: "q")
    let twice = try inTerminal("$B demo --data \"$S\"", keys: "\u{0c}|q")
    func titles(_ text: String) -> Int { text.components(separatedBy: "RADIOLOGICAL").count - 1 }
    #expect(titles(twice) > titles(one))
  }

  @Test func oneStepOfTheThresholdCostsFewBytes() throws {
    let one = try inTerminal("$B demo --data \"$S\"", keys: "q").utf8.count
    let many = try inTerminal("$B demo --data \"$S\"", keys: "}}}}}}}}q").utf8.count
    // Eight steps are taken in together or one by one; each costs at most 7 KB in 256 colours.
    #expect(many - one < 8 * 7000)
  }

  @Test func theMouseMovesTheCursorAndIsGivenBack() throws {
    // A click whose press and release arrive together, as over a slow line, on the head's left, which
    // is on the right of the screen; a press on its right; a drag back.
    let text = try inTerminal(
      "$B demo --data \"$S\"",
      keys: "\u{1b}[<0;86;12M\u{1b}[<0;86;12m|\u{1b}[<0;66;12M|\u{1b}[<32;86;12M|\u{1b}[<0;86;12m|q"
    )
    let on = try #require(text.range(of: "\u{1b}[?1002h"))
    let off = try #require(text.range(of: "\u{1b}[?1002l", options: .backwards))
    #expect(on.upperBound < off.lowerBound)
    #expect(text[on.upperBound...].contains("\u{1b}[?1006;1000l"))
    let press = try #require(text.range(of: "RIGHT"))
    #expect(text[..<press.lowerBound].contains("LEFT"))
    #expect(text[press.upperBound...].contains("LEFT"))
    let without = try inTerminal("$B demo --data \"$S\" --no-mouse", keys: "q")
    #expect(!without.contains("[?1002h") && !without.contains("[?1006"))
    #expect(!without.contains("[?1000h"))
  }

  /// Pasted text with a q and an Enter in it: at the slices it does nothing, in a line it is text up to its
  /// first end of line, and the terminal is told to mark it and given back.
  @Test func pastedTextIsNeverTakenForKeys() throws {
    let text = try inTerminal(
      "$B demo --data \"$S\"",
      keys: "\u{1b}[200~qq\r\u{1b}[201~|:|\u{1b}[200~gsr pasted\rq\u{1b}[201~|\u{1b}|q")
    let on = try #require(text.range(of: "\u{1b}[?2004h"))
    let off = try #require(text.range(of: "\u{1b}[?2004l", options: .backwards))
    #expect(on.upperBound < off.lowerBound)
    #expect(text.contains("pasted text is taken where a line is typed"))
    #expect(text.contains("pasted"))
    #expect(!text.contains("pastedq"))
  }
}

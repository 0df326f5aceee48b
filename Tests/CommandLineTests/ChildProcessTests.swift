import Foundation
import Glibc
import ImageFiles
import Imaging
import TestSupport
import Testing

/// What is left when a command that works with a child process is ended from outside.
@Suite struct ChildProcessTests {
  /// A command that waits for a stand-in of elastix, which says its process number and the folder it works in.
  private struct Waiting {
    let process: Process
    let child: pid_t
    let folder: String
    let environment: [String: String]

    init(_ place: String) throws {
      let tools = place + "/bin"
      let temporary = place + "/tmp"
      for path in [tools, temporary] {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      }
      let note = place + "/note"
      let script =
        "#!/bin/sh\necho $$ $(pwd) > \(note).part; mv \(note).part \(note)\nexec sleep 300\n"
      try script.write(toFile: tools + "/elastix", atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: tools + "/elastix")
      let image = place + "/a.nii"
      try ImageWriter.write(
        image,
        Small.volume(Small.grid(8, 8, 8, spacing: (8, 8, 8))) {
          Float($0.i + 8 * ($0.j % 3))
        },
        formCode: 1, note: "", overwrite: false)
      environment = ProcessInfo.processInfo.environment.merging([
        "PATH": tools + ":/usr/bin:/bin", "TMPDIR": temporary,
      ]) { $1 }
      process = Process()
      process.executableURL = Program.url
      process.arguments = ["register", image, "--to", image, "-o", place + "/t.txt"]
      process.environment = environment
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      process.standardInput = FileHandle.nullDevice
      try process.run()
      var words: [Substring] = []
      for _ in 0..<600 where words.count < 2 {
        usleep(50_000)
        words = ((try? String(contentsOfFile: note, encoding: .utf8)) ?? "")
          .split(whereSeparator: \.isWhitespace)
      }
      child = try #require(words.first.flatMap { pid_t($0) }, "the stand-in was not started")
      folder = try #require(words.last.map(String.init))
    }

    var isChildAlive: Bool { kill(child, 0) == 0 && !isZombie(child) }

    /// Ended but not yet waited for by whoever took it over.
    private func isZombie(_ pid: pid_t) -> Bool {
      let text = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
      return text.split(separator: ")").last?.split(separator: " ").first == "Z"
    }

    func waitForChildsEnd() {
      for _ in 0..<200 where isChildAlive { usleep(50_000) }
    }
  }

  @Test(arguments: [SIGHUP, SIGQUIT, SIGTERM, SIGINT])
  func aSignalLeavesNeitherImagesNorChild(_ number: Int32) throws {
    try withTemporaryFolder { place in
      let waiting = try Waiting(place)
      #expect(FileManager.default.fileExists(atPath: waiting.folder + "/fixed.mha"))
      kill(waiting.process.processIdentifier, number)
      waiting.process.waitUntilExit()
      #expect(waiting.process.terminationReason == .exit)
      #expect(waiting.process.terminationStatus == 130)
      waiting.waitForChildsEnd()
      #expect(!waiting.isChildAlive)
      #expect(!FileManager.default.fileExists(atPath: waiting.folder))
    }
  }

  @Test func whatAKilledProcessLeftGoesAtTheNextStart() throws {
    try withTemporaryFolder { place in
      let waiting = try Waiting(place)
      // One that lives keeps its folder, and nobody keeps a core file.
      _ = try Program.run(["--version"], environment: waiting.environment)
      #expect(FileManager.default.fileExists(atPath: waiting.folder + "/fixed.mha"))
      let pid = waiting.process.processIdentifier
      let limits = try String(contentsOfFile: "/proc/\(pid)/limits", encoding: .utf8)
      let core = try #require(limits.split(separator: "\n").first { $0.contains("core file") })
      #expect(core.split(separator: " ").contains("0"), "\(core)")

      kill(pid, SIGKILL)
      waiting.process.waitUntilExit()
      waiting.waitForChildsEnd()
      #expect(!waiting.isChildAlive)
      #expect(FileManager.default.fileExists(atPath: waiting.folder))
      _ = try Program.run(["--version"], environment: waiting.environment)
      #expect(!FileManager.default.fileExists(atPath: waiting.folder))
    }
  }
}

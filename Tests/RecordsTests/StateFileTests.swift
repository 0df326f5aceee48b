import Basics
import Foundation
import ImageFiles
import Imaging
import Records
import Targeting
import TestSupport
import Testing

/// What is kept between sessions: shared, copied, put aside, and never destroyed.
@Suite struct StateFileTests {
  static let hash = String(repeating: "a", count: 64)

  static func mark(_ name: String, x: Double = -36) -> TargetRecord {
    TargetRecord(
      name: name, note: "", point: WorldPoint(x, 40, 30), space: .mni152, side: .left,
      label: nil, r: nil, method: "marked by hand")
  }

  private func file(_ folder: String) -> StateFile<TargetRecord> {
    marksFile(of: Self.hash, in: RecordsFolder(path: folder, isShared: false))
  }

  private func path(_ folder: String) -> String { folder + "/marks-\(Self.hash.prefix(32)).json" }

  private func names(_ folder: String) throws -> [String] {
    try file(folder).recovered().map(\.name)
  }

  @Test func whatAnotherSessionWroteSinceStays() throws {
    try withTemporaryFolder { folder in
      let (first, second) = (file(folder), file(folder))
      try first.keep([Self.mark("one")])
      #expect(try second.recovered().map(\.name) == ["one"])
      try first.keep([Self.mark("one"), Self.mark("two")])
      try second.keep([Self.mark("one"), Self.mark("three")])
      #expect(Set(try names(folder)) == ["one", "two", "three"])
      // What a session knew and leaves out was removed by it.
      try second.keep([Self.mark("three")])
      #expect(Set(try names(folder)) == ["two", "three"])
      let mode = try FileManager.default.attributesOfItem(atPath: path(folder))[.posixPermissions]
      #expect(mode as? Int == 0o600)
    }
  }

  @Test func aListMadeBeforeTheFileWasSeenRemovesNothing() throws {
    try withTemporaryFolder { folder in
      try file(folder).keep([Self.mark("old")])
      let now = file(folder)
      _ = try now.recovered()
      try now.keep([Self.mark("new")], knowsRead: false)
      #expect(Set(try names(folder)) == ["new", "old"])
      try now.keep([], knowsRead: false)
      #expect(try names(folder) == ["old"])
      try now.keep([], knowsRead: true)
      #expect(try names(folder) == [])
    }
  }

  @Test func anOlderFileOpensAndIsCopiedBeforeItChanges() throws {
    try withTemporaryFolder { folder in
      let old =
        JSON.object([
          ("GeneratedBy", .string("boldspect")), ("kind", .string("marks")),
          ("targets", .array([Self.mark("old").json])),
        ]).text + "\n"
      try old.write(toFile: path(folder), atomically: true, encoding: .utf8)
      let now = file(folder)
      #expect(try now.recovered().map(\.name) == ["old"])
      #expect(try String(contentsOfFile: path(folder), encoding: .utf8) == old)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 1)
      try now.keep([Self.mark("old"), Self.mark("new")])
      try now.keep([Self.mark("new")])
      #expect(try String(contentsOfFile: path(folder) + ".0.1", encoding: .utf8) == old)
      #expect(try names(folder) == ["new"])
    }
  }

  @Test func whatANewerVersionWroteIsLeftAlone() throws {
    try withTemporaryFolder { folder in
      let newer = "{\"kind\": \"marks\", \"format\": 2, \"targets\": {\"by\": \"place\"}}\n"
      try newer.write(toFile: path(folder), atomically: true, encoding: .utf8)
      let now = file(folder)
      let read = #expect(throws: Problem.self) { try now.recovered() }
      let kept = #expect(throws: Problem.self) { try now.keep([Self.mark("one")]) }
      for problem in [read, kept] {
        #expect(try #require(problem).sentence.contains("a newer version of boldspect"))
      }
      #expect(try String(contentsOfFile: path(folder), encoding: .utf8) == newer)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 1)
    }
  }

  @Test func whatCannotBeReadIsPutAsideWheneverItIsFound() throws {
    try withTemporaryFolder { folder in
      let damaged = "{\"targets\": ["
      try damaged.write(toFile: path(folder), atomically: true, encoding: .utf8)
      let now = file(folder)
      // Damaged before it was opened, and again behind the session's back.
      #expect(throws: Problem.self) { try now.recovered() }
      try "not even JSON".write(toFile: path(folder), atomically: true, encoding: .utf8)
      let told = try now.keep([Self.mark("new")])
      #expect(try #require(told).sentence.contains("put aside"))
      let all = try FileManager.default.contentsOfDirectory(atPath: folder)
      let aside = all.filter { $0.contains(".damaged-") }
      let texts = try aside.map { try String(contentsOfFile: folder + "/" + $0, encoding: .utf8) }
      #expect(Set(texts) == [damaged, "not even JSON"])
      #expect(try names(folder) == ["new"])
    }
  }

  @Test func typedCommandsOfAnOlderVersionAreTakenOver() throws {
    try withTemporaryFolder { folder in
      try "fwhm 9\nband none\n".write(
        toFile: folder + "/typed.txt", atomically: true, encoding: .utf8)
      let (one, other) = (
        StateFile<String>.typedCommands(in: folder), StateFile<String>.typedCommands(in: folder)
      )
      #expect(try one.recovered() == ["fwhm 9", "band none"])
      _ = try other.recovered()
      try one.keep(["fwhm 9", "band none", "gsr on"])
      try other.keep(["fwhm 9", "band none", "zoom 2"])
      let after = try StateFile<String>.typedCommands(in: folder).recovered()
      #expect(Set(after) == ["fwhm 9", "band none", "gsr on", "zoom 2"])
      #expect(FileManager.default.fileExists(atPath: folder + "/typed.txt"))
    }
  }

  @Test func whatAKilledRunLeftIsTidiedUp() throws {
    try withTemporaryFolder { folder in
      let gone = Process()
      gone.executableURL = URL(filePath: "/bin/true")
      try gone.run()
      gone.waitUntilExit()
      let hourAgo = Date(timeIntervalSinceNow: -7200)
      func litter(_ process: Int32, _ name: String, _ date: Date) throws -> String {
        let path = folder + "/.boldspect-\(process)-\(name).tmp"
        try Data([1]).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
        return path
      }
      let old = try litter(gone.processIdentifier, "1", hourAgo)
      let young = try litter(gone.processIdentifier, "2", Date())
      let alive = try litter(ProcessInfo.processInfo.processIdentifier, "3", hourAgo)
      let plain = folder + "/.boldspect-\(gone.processIdentifier).tmp"
      try FileManager.default.copyItem(atPath: old, toPath: plain)
      try FileManager.default.setAttributes([.modificationDate: hourAgo], ofItemAtPath: plain)
      try file(folder).keep([Self.mark("one")])
      #expect(!FileManager.default.fileExists(atPath: plain))
      // A writer of this machine that was killed just now leaves nothing; one of another machine may live.
      let set = FileSet(overwrite: false)
      try set.add(folder + "/x.txt", "x")
      let staged = try #require(
        try FileManager.default.contentsOfDirectory(atPath: folder).first {
          $0.hasPrefix(".boldspect-\(ProcessInfo.processInfo.processIdentifier)-")
            && !$0.hasSuffix("-3.tmp")
        })
      let machine = String(staged.split(separator: "-")[2])
      // Reading alone tidies too.
      let read = try litter(gone.processIdentifier, "\(machine)-6", Date())
      _ = try file(folder).recovered()
      #expect(!FileManager.default.fileExists(atPath: read))
      let here = try litter(gone.processIdentifier, "\(machine)-5", Date())
      let there = try litter(gone.processIdentifier, "\(machine)0-5", Date())
      try file(folder).keep([Self.mark("two")])
      #expect(!FileManager.default.fileExists(atPath: here))
      #expect(FileManager.default.fileExists(atPath: there))
      #expect(FileManager.default.fileExists(atPath: folder + "/" + staged))
      #expect(!FileManager.default.fileExists(atPath: old))
      #expect(FileManager.default.fileExists(atPath: young))
      #expect(FileManager.default.fileExists(atPath: alive))
    }
  }
}

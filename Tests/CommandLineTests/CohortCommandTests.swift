import Foundation
import TestSupport
import Testing

/// `bids` over a few made people: what is done, skipped, failed and killed.
@Suite struct CohortCommandTests {
  static func level(
    _ cohort: SmallCohort, _ out: String, _ level: String = "participant", _ more: [String] = []
  ) -> [String] {
    [
      "bids", cohort.study, out, level, "--seed", "sgACC", "--bootstrap", "0", "--parts", "maps",
      "motion", "perfusion",
    ] + more
  }

  /// The table without its last column, which says how long it took.
  static func outcomes(_ out: String) throws -> [String] {
    try String(contentsOfFile: out + "/outcomes.tsv", encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).dropLast().joined(separator: "\t")
    }
  }

  static func results(_ out: String) throws -> [String: Data] {
    try contents(of: out).filter { $0.key != "outcomes.tsv" }
  }

  private func requireSame(_ a: String, _ b: String) throws {
    let (first, second) = (try Self.results(a), try Self.results(b))
    #expect(first.keys.sorted() == second.keys.sorted())
    for (path, bytes) in first where second[path] != bytes { Issue.record("\(path) differs") }
    #expect(try Self.outcomes(a) == Self.outcomes(b))
  }

  @Test func aKilledRunEndsAsAnUndisturbedOne() throws {
    try withTemporaryFolder { folder in
      let cohort = try SmallCohort(folder, people: 6, broken: 4)
      let whole = try Program.run(Self.level(cohort, folder + "/a"))
      #expect(whole.status == 75, "\(whole.errors)")
      let rows = try Self.outcomes(folder + "/a")
      #expect(rows.count == 7)
      #expect(rows.filter { $0.contains("\tdone\t") }.count == 5)
      #expect(rows[4].hasPrefix("sub-04\tn/a\tfailed\t") && rows[4].contains("_bold.nii"))
      #expect(!FileManager.default.fileExists(atPath: folder + "/a/sub-04/sub-04_motion.tsv"))
      // Killed as soon as so many visits have their place.
      for count in [0, 2, 4] {
        let process = Process()
        process.executableURL = Program.url
        process.arguments = Self.level(cohort, folder + "/b")
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        while process.isRunning {
          let table = (try? Self.outcomes(folder + "/b")) ?? []
          if table.count > count { break }
          usleep(2000)
        }
        usleep(UInt32(40_000 * (count + 1)))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
      }
      let last = try Program.run(Self.level(cohort, folder + "/b"))
      #expect(last.status == 75, "\(last.errors)")
      try requireSame(folder + "/a", folder + "/b")
      #expect(!(try contents(of: folder + "/b")).keys.contains { $0.hasSuffix(".tmp") })
    }
  }

  @Test func whatIsDoneIsSkippedUntilSomethingChanges() throws {
    try withTemporaryFolder { folder in
      let cohort = try SmallCohort(folder, people: 2)
      // In the study: what was made there is nobody's image and no data set.
      let out = cohort.study + "/results"
      func skipped(_ more: [String] = []) throws -> Int {
        let result = try Program.run(Self.level(cohort, out, "participant", ["--json"] + more))
        #expect(result.status == 0, "\(result.errors)")
        return try #require(try answered(result.output)["skipped"] as? Int)
      }
      #expect(try skipped() == 0)
      let before = try contents(of: out)
      #expect(try skipped() == 2)
      // The table too: the seconds are those of the run that did the work.
      #expect(try contents(of: out) == before)
      #expect(try skipped(["--polort", "1"]) == 0)
      #expect(try skipped(["--polort", "1", "--participant_label", "sub-02"]) == 1)
      // A result that was lost or changed is made again.
      try FileManager.default.removeItem(atPath: out + "/sub-01/sub-01_motion.tsv")
      #expect(try skipped(["--polort", "1"]) == 1)
      // Another time alone is no other file.
      let table = cohort.study + "/" + SmallCohort.confounds("sub-01")
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1_000_000_000)], ofItemAtPath: table)
      #expect(try skipped(["--polort", "1"]) == 2)
      // Changed behind the clock's back: only reading proves it.
      var text = try String(contentsOfFile: table, encoding: .utf8)
      let last = try #require(text.lastIndex(where: { $0.isNumber }))
      text.replaceSubrange(last...last, with: text[last] == "1" ? "2" : "1")
      let handle = try #require(FileHandle(forWritingAtPath: table))
      try handle.write(contentsOf: Data(text.utf8))
      try handle.close()
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1_000_000_000)], ofItemAtPath: table)
      #expect(try skipped(["--polort", "1"]) == 2)
      #expect(try skipped(["--polort", "1", "--rehash"]) == 1)
      // Fewer people's files leave none of the old maps behind.
      let scan = "sub-01/spect/sub-01_space-MNI152NLin2009cAsym_spect.nii"
      try FileManager.default.removeItem(atPath: cohort.study + "/" + scan)
      #expect(try skipped(["--polort", "1"]) == 1)
      let maps = try Self.results(out).keys.filter { $0.hasSuffix("cerebralmap.nii.gz") }
      #expect(!maps.isEmpty && maps.allSatisfy { $0.hasPrefix("sub-02/") })
    }
  }

  @Test func twoRunsOnOneOutputDoNoHarm() throws {
    try withTemporaryFolder { folder in
      let cohort = try SmallCohort(folder, people: 3)
      #expect(try Program.run(Self.level(cohort, folder + "/a")).status == 0)
      let both = (0..<2).map { _ in Process() }
      for process in both {
        process.executableURL = Program.url
        process.arguments = Self.level(cohort, folder + "/b")
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
      }
      for process in both {
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
      }
      try requireSame(folder + "/a", folder + "/b")
    }
  }

  @Test func filesFollowTheUmaskWhereThatIsAskedFor() throws {
    try withTemporaryFolder { folder in
      let cohort = try SmallCohort(folder, people: 1)
      for (option, mode) in [("", 0o600), ("--group-files", 0o664)] {
        let out = folder + "/out" + option
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments =
          [
            "-c", "umask 002; exec \"$0\" \"$@\"", Program.url.path, "bids", cohort.study, out,
            "participant", "--parts", "motion",
          ] + (option.isEmpty ? [] : [option])
        shell.standardError = FileHandle.nullDevice
        shell.standardOutput = FileHandle.nullDevice
        try shell.run()
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 0)
        for name in ["outcomes.tsv", "sub-01/sub-01_motion.tsv"] {
          let found = try FileManager.default.attributesOfItem(atPath: out + "/" + name)
          #expect(found[.posixPermissions] as? Int == mode, "\(name)")
        }
      }
    }
  }

  @Test func wrongPlacesAndNamesAreRefused() throws {
    try withTemporaryFolder { folder in
      let cohort = try SmallCohort(folder, people: 1)
      let other = folder + "/other"
      try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
      try "mine".write(toFile: other + "/notes.txt", atomically: true, encoding: .utf8)
      let wrong: [([String], Int32, String)] = [
        ([cohort.study, cohort.study, "participant"], 64, "folder of their own"),
        ([cohort.study, other, "participant"], 73, "no cohort run of boldspect wrote"),
        ([folder + "/none", folder + "/o", "participant"], 66, "none"),
        ([cohort.study + "/sub-01", folder + "/o", "participant"], 64, "--participant-label"),
        ([cohort.study, folder + "/o", "frob"], 64, "participant"),
        (
          [cohort.study, folder + "/o", "participant", "--participant-label", "77"], 66,
          "nothing of this person"
        ),
        ([cohort.study, folder + "/o", "participant", "--parts", "networks"], 64, "--networks"),
        ([cohort.study, folder + "/o", "group"], 66, "nobody's results"),
      ]
      for (arguments, status, words) in wrong {
        let result = try Program.run(["bids"] + arguments)
        #expect(result.status == status, "\(arguments): \(result.errors)")
        #expect(result.errors.contains(words), "\(arguments): \(result.errors)")
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: other) == ["notes.txt"])
    }
  }
}

import Basics
import Foundation
import ImageFiles
import Imaging
import Records
import Targeting
import TestSupport
import Testing

/// Sets of files as one save, and mixed ones by name.
@Suite struct SetTests {
  private func change(_ path: String) throws {
    let handle = try #require(FileHandle(forWritingAtPath: path))
    handle.seekToEndOfFile()
    handle.write(Data("\n".utf8))
    try handle.close()
  }

  private func dropSet(_ path: String) throws {
    let json = try JSON.parse(String(contentsOfFile: path, encoding: .utf8)).value
    let members = (json.members ?? []).filter { $0.0 != "set" && $0.0 != "image" }
    try JSON.object(members).text.write(toFile: path, atomically: true, encoding: .utf8)
  }

  @Test(arguments: [".tsv", ".txt"]) func aTargetBesideAnotherSavesFilesIsNamed(_ ending: String)
    throws
  {
    try withTemporaryFolder { folder in
      let tsv = folder + "/t.tsv"
      let record = StateFileTests.mark("one")
      try TargetFiles.write(
        [record], document: .object([]), sheet: "report", to: tsv, overwrite: false)
      let json = TargetFiles.jsonPath(tsv)
      #expect(try TargetFiles.load(json) == [record])
      try change(folder + "/t" + ending)
      let problem = try #require(
        #expect(throws: Problem.self) { try TargetFiles.record(json, named: nil) })
      #expect(problem.subject == "t" + ending && problem.sentence.contains("t.json"))
      // What 0.1 wrote has no hashes and still opens; so does a file that was copied alone.
      try dropSet(json)
      #expect(try TargetFiles.load(json) == [record])
    }
  }

  @Test func aFailedTargetLeavesWhatWasThere() throws {
    try withTemporaryFolder { folder in
      let tsv = folder + "/t.tsv"
      try TargetFiles.write(
        [StateFileTests.mark("old")], document: .object([]), sheet: "old boldspect", to: tsv,
        overwrite: false)
      // A side that its own place contradicts is refused when it is read back.
      let wrong = StateFileTests.mark("new", x: 36)
      #expect(throws: Problem.self) {
        try TargetFiles.write(
          [wrong], document: .object([]), sheet: "new boldspect", to: tsv, overwrite: true)
      }
      #expect(try TargetFiles.load(TargetFiles.jsonPath(tsv)).map(\.name) == ["old"])
      #expect(try String(contentsOfFile: folder + "/t.txt", encoding: .utf8) == "old boldspect")
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
          == ["t.json", "t.tsv", "t.txt"])
    }
  }

  @Test func anImageBesideAnotherOnesSidecarIsRefused() throws {
    try withTemporaryFolder { folder in
      func save(_ name: String, _ value: Float) throws -> String {
        let path = folder + "/" + name
        let grid = Small.grid(4, 4, 4)
        try Derived(
          command: "test", inputs: [], space: .native, parameters: [], isSimulated: true
        ).write(
          Volume(grid: grid, values: [Float](repeating: value, count: grid.count)), formCode: 1,
          to: ImageOutput(output: path))
        return path
      }
      let (a, b) = (try save("a.nii.gz", 1), try save("b.nii.gz", 2))
      #expect(try ImageReader.readVolume(a).volume.values[0] == 1)
      try FileManager.default.removeItem(atPath: a)
      try FileManager.default.copyItem(atPath: b, toPath: a)
      let problem = try #require(
        #expect(throws: Problem.self) { try ImageReader.readVolume(a) })
      #expect(problem.sentence.contains("a.json") && problem.sentence.contains("another image"))
      // Its header alone can still be looked at, and a sidecar of 0.1 says nothing of hashes.
      #expect(try ImageReader.describe(a).isSimulated)
      try dropSet(folder + "/a.json")
      #expect(try ImageReader.readVolume(a).volume.values[0] == 2)
    }
  }

  @Test func anUnpackedImageIsStillItsOwn() throws {
    try withTemporaryFolder { folder in
      let grid = Small.grid(4, 4, 4)
      let path = folder + "/a.nii.gz"
      try Derived(
        command: "test", inputs: [], space: .native, parameters: [], isSimulated: true
      ).write(
        Volume(grid: grid, values: [Float](repeating: 1, count: grid.count)), formCode: 1,
        to: ImageOutput(output: path))
      let process = Process()
      process.executableURL = URL(filePath: "/bin/gunzip")
      process.arguments = [path]
      try process.run()
      process.waitUntilExit()
      #expect(try ImageReader.readVolume(folder + "/a.nii").volume.values[0] == 1)
    }
  }

  private func head(_ folder: String) throws -> String {
    let grid = Small.grid(4, 4, 4)
    let path = folder + "/t1.nii"
    try ImageWriter.write(
      path, Volume(grid: grid, values: [Float](repeating: 1, count: grid.count)), formCode: 1,
      note: "test", overwrite: false)
    return path
  }

  /// Where both forms say one geometry, the name of either is as good.
  @Test(arguments: [
    (1, 1, "NIfTI:S:Scanner", true), (1, 1, "NIfTI:Q:Scanner", true), (1, 1, "NIfTI:Scanner", true),
    (2, 1, "NIfTI:Q:Scanner", true), (2, 1, "NIfTI:S:Aligned", true),
    (2, 1, "NIfTI:Q:Aligned", false), (1, 0, "NIfTI:Q:Scanner", false),
    (1, 1, "NIfTI:Q:MNI-152", false), (1, 1, "Brainsight", false),
  ])
  func eitherFormsNameIsTaken(
    _ sform: UInt8, _ qform: UInt8, _ system: String, _ isTaken: Bool
  ) throws {
    try withTemporaryFolder { folder in
      let image = try head(folder)
      var bytes = [UInt8](try Data(contentsOf: URL(filePath: image)))
      (bytes[252], bytes[254]) = (qform, sform)
      try Data(bytes).write(to: URL(filePath: image))
      let path = folder + "/x.txt"
      try """
      # Version: 14
      # Coordinate system: \(system)
      # Target Name\tLoc. X\tLoc. Y\tLoc. Z\tm0n0\tm0n1\tm0n2\tm1n0\tm1n1\tm1n2\tm2n0\tm2n1\tm2n2
      a_target\t1\t2\t3\t1\t0\t0\t0\t1\t0\t0\t0\t1

      """.write(toFile: path, atomically: true, encoding: .utf8)
      let anatomy = try ImageReader.identify(image)
      do throws(Problem) {
        let found = try NavigationFiles.read(path, .brainsight, anatomy: anatomy)
        #expect(isTaken, "\(system)")
        #expect(found.points.map(\.point) == [WorldPoint(1, 2, 3)])
      } catch {
        #expect(!isTaken, "\(error.sentence)")
        #expect(error.sentence.contains("its coordinate system is"))
      }
    }
  }

  @Test func aNavigatorsFileBesideAnotherSavesRecordIsNamed() throws {
    try withTemporaryFolder { folder in
      let image = try head(folder)
      let anatomy = try ImageReader.identify(image)
      let (path, record) = (folder + "/x.csv", folder + "/x.csv.record.json")
      let table = "Type,X,Y,Z\nGeneric,1,2,3\n"
      try table.write(toFile: path, atomically: true, encoding: .utf8)
      func refused(with hash: String) throws -> Bool {
        try JSON.object([("set", .object([("navigator_sha256", .string(hash))]))]).text
          .write(toFile: record, atomically: true, encoding: .utf8)
        do throws(Problem) {
          _ = try NavigationFiles.read(path, .simnibs, anatomy: anatomy)
          return false
        } catch { return error.sentence.contains("files of one save") }
      }
      #expect(try !refused(with: sha256(of: Array(table.utf8))))
      #expect(try refused(with: String(repeating: "0", count: 64)))
    }
  }

  @Test func whatAnotherProgramWroteBesideATargetStays() throws {
    try withTemporaryFolder { folder in
      let tsv = folder + "/t.tsv"
      func refused(_ name: String) {
        #expect {
          try TargetFiles.check(tsv, overwrite: true)
        } throws: { error in
          let problem = error as? Problem
          return problem?.subject == name
            && problem?.found.contains("not written by boldspect") == true
        }
      }
      try "{\"a\": 1}".write(toFile: folder + "/t.json", atomically: true, encoding: .utf8)
      refused("t.json")
      try FileManager.default.removeItem(atPath: folder + "/t.json")
      try "notes of a person".write(toFile: folder + "/t.txt", atomically: true, encoding: .utf8)
      refused("t.txt")
      try FileManager.default.removeItem(atPath: folder + "/t.txt")
      try TargetFiles.write(
        [StateFileTests.mark("one")], document: .object([]), sheet: "by boldspect", to: tsv,
        overwrite: false)
      try TargetFiles.check(tsv, overwrite: true)
      // What 0.1 wrote does not say who wrote it.
      let json = try JSON.parse(String(contentsOfFile: folder + "/t.json", encoding: .utf8)).value
      try JSON.object((json.members ?? []).filter { $0.0 != "GeneratedBy" }).text.write(
        toFile: folder + "/t.json", atomically: true, encoding: .utf8)
      try TargetFiles.check(tsv, overwrite: true)
    }
  }

  @Test func aTableHoldsAllOfAWarning() throws {
    var record = StateFileTests.mark("one")
    record.warnings = [String(repeating: "a long warning ", count: 30) + "with its end"]
    #expect(TargetRecord.tsv([record]).contains("with its end"))
    let finding = Finding("x", .warning, record.warnings[0])
    #expect(finding.text.hasSuffix("with its end"))
  }

  @Test func aFileOfANewerVersionIsRefused() throws {
    func check(_ members: [(String, JSON)]) throws {
      try requireKnownVersion(.object(members), file: "w.json", format: 1)
    }
    try check([])
    try check([("version", .string(boldspectVersion)), ("format", .int(1))])
    try check([("version", .string("0.0.9"))])
    for newer: [(String, JSON)] in [
      [("format", .int(2))], [("format", .number(2))], [("version", .string("99.0"))],
      [("version", .string(boldspectVersion + ".1"))],
    ] {
      #expect {
        try check(newer)
      } throws: { ($0 as? Problem)?.kind == .unavailable }
    }
    #expect {
      try check([("format", .string("x"))])
    } throws: { ($0 as? Problem)?.kind == .data }
  }
}

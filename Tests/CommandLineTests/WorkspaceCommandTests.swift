import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// Sessions whose words are words and whose files are files, and sessions of 0.1.
@Suite struct SessionCommandTests {
  private static func absolute(_ path: String) -> String {
    URL(filePath: path).standardizedFileURL.path
  }

  private static let files = [
    "--bold", absolute(SampleCommandTests.bold), "--mask", absolute(SampleCommandTests.mask),
    "--confounds", absolute(SampleCommandTests.sample("confounds.tsv")), "--preset", "6P",
    "--fwhm", "6", "--band", "0.01,0.08", "--gsr", "--seed", "PCC",
  ]

  private func snapshot(_ arguments: [String], in folder: String) throws -> Program.Result {
    try Program.run(["snapshot", "--format", "words", "-o", "-"] + arguments, in: folder)
  }

  private func object(_ path: String) throws -> JSON {
    try JSON.parse(String(contentsOfFile: path, encoding: .utf8)).value
  }

  /// Files that happen to be named as a preset, a seed and a number are no options.
  @Test func wordsStayWordsWhereFilesHaveTheirNames() throws {
    try withTemporaryFolder { folder in
      for name in ["6P", "PCC", "6"] {
        try "x".write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
      }
      let saved = try snapshot(
        Self.files + ["--keys", ":workspace save s.json<Enter>"], in: folder)
      #expect(saved.status == 0, "\(saved.errors)")
      let request = try #require(try object(folder + "/s.json")["request"])
      #expect(request["preset"]?.asString == "6P")
      #expect(request["seed"]?.asString == "PCC")
      #expect(request["fwhm"]?.number == 6)
      #expect(request["gsr"] == .bool(true))
      #expect(request["band"]?.items?.compactMap(\.number) == [0.01, 0.08])
      let before = try snapshot(Self.files, in: folder)
      let after = try snapshot(["--workspace", "s.json"], in: folder)
      #expect(after.status == 0, "\(after.errors)")
      #expect(after.output == before.output)
    }
  }

  /// What a newer version wrote may mean something else there.
  @Test func aWorkspaceOfANewerVersionIsRefusedAndLeft() throws {
    try withTemporaryFolder { folder in
      let saved = try snapshot(
        Self.files + ["--keys", ":workspace save s.json<Enter>"], in: folder)
      #expect(saved.status == 0, "\(saved.errors)")
      let members = try #require(try object(folder + "/s.json").members)
      for (name, value) in [("format", JSON.int(2)), ("version", .string("99.1.0"))] {
        let newer = JSON.object(members.map { $0.0 == name ? (name, value) : $0 }).text
        try newer.write(toFile: folder + "/n.json", atomically: true, encoding: .utf8)
        let refused = try snapshot(["--workspace", "n.json"], in: folder)
        #expect(
          refused.status == 69 && refused.errors.contains("a newer version"), "\(refused.errors)")
        #expect(try String(contentsOfFile: folder + "/n.json", encoding: .utf8) == newer)
      }
    }
  }

  /// The form of 0.1: options as they were typed, what was the name of a file as a file.
  @Test func aSessionOfTheOldFormOpens() throws {
    try withTemporaryFolder { folder in
      try "x".write(toFile: folder + "/6P", atomically: true, encoding: .utf8)
      let saved = try snapshot(
        Self.files + ["--keys", ":workspace save s.json<Enter>"], in: folder)
      #expect(saved.status == 0, "\(saved.errors)")
      func file(_ path: String) throws -> JSON {
        let side = sidecarPath(path)
        let hasSide = path.hasSuffix(".gz") && FileManager.default.fileExists(atPath: side)
        return .object([
          ("path", .string(path)), ("sha256", .string(try sha256(ofFile: path))),
          ("companion_sha256", .optional(hasSide ? try sha256(ofFile: side) : nil)),
        ])
      }
      func option(_ name: String, _ values: JSON...) -> JSON {
        .object([("option", .string(name)), ("values", .array(values))])
      }
      var options = [
        option("--bold", try file(Self.files[1])), option("--mask", try file(Self.files[3])),
        option("--confounds", try file(Self.files[5])),
        option("--preset", try file(folder + "/6P")),
        option("--fwhm", .string("6")), option("--band", .string("0.01,0.08")), option("--gsr"),
        option("--seed", .string("PCC")),
      ]
      func write(_ name: String) throws {
        let members = try #require(try object(folder + "/s.json").members)
        let old = members.map { $0.0 == "request" ? ($0.0, JSON.array(options)) : $0 }
        try JSON.object(old).text.write(
          toFile: folder + "/" + name, atomically: true, encoding: .utf8)
      }
      try write("old.json")
      let (new, old) = (
        try snapshot(["--workspace", "s.json"], in: folder),
        try snapshot(["--workspace", "old.json"], in: folder)
      )
      #expect(old.status == 0, "\(old.errors)")
      #expect(old.output == new.output)
      options.append(option("--dance", .string("now")))
      try write("odd.json")
      let refused = try snapshot(["--workspace", "odd.json"], in: folder)
      #expect(refused.status == 65 && refused.errors.contains("--dance"), "\(refused.errors)")
    }
  }

  /// A seed out of a file goes with its session, under its own path and hash.
  @Test func theFileOfASeedBelongsToTheSession() throws {
    try withTemporaryFolder { folder in
      let mask = folder + "/seed.nii.gz"
      try FileManager.default.copyItem(
        atPath: SampleCommandTests.sample("label-GM_probseg.nii.gz"), toPath: mask)
      let files = Array(Self.files.dropLast()) + ["weights:seed.nii.gz"]
      let saved = try snapshot(files + ["--keys", ":workspace save s.json<Enter>"], in: folder)
      #expect(saved.status == 0, "\(saved.errors)")
      let before = try snapshot(files, in: folder)
      // From anywhere else it is the same file.
      let after = try snapshot(["--workspace", folder + "/s.json"], in: "/")
      #expect(after.status == 0, "\(after.errors)")
      #expect(after.output == before.output)
      let handle = try #require(FileHandle(forWritingAtPath: mask))
      handle.seekToEndOfFile()
      handle.write(Data([0]))
      try handle.close()
      let changed = try snapshot(["--workspace", folder + "/s.json"], in: "/")
      #expect(changed.status == 65 && changed.errors.contains("seed.nii.gz"), "\(changed.errors)")
    }
  }

  /// What could not be kept is said after the screen is gone, and in the exit code.
  @Test func aMarkThatCannotBeKeptIsSaidOnLeaving() throws {
    try withTemporaryFolder { folder in
      try "x".write(toFile: folder + "/boldspect", atomically: true, encoding: .utf8)
      let result = try Program.run(
        ["view", "--speak"] + Self.files, environment: ["XDG_STATE_HOME": folder],
        input: ":bookmark one\rq")
      #expect(result.status == 74, "\(result.errors)")
      #expect(result.errors.contains("not saved") && result.errors.contains("bookmarks"))
    }
  }

  /// A transform is for the files that it was made of, packed or not.
  @Test func aTransformNamesWholeFiles() throws {
    try withTemporaryFolder { folder in
      var paths: [String] = []
      for (n, name) in ["moving.nii", "fixed.nii"].enumerated() {
        let grid = Small.grid(8, 9, 10)
        let values = (0..<grid.count).map { Float($0 * (n + 1)) }
        paths.append(folder + "/" + name)
        try ImageWriter.write(
          paths[n], Volume(grid: grid, values: values), formCode: 1, note: "test",
          overwrite: false)
      }
      let matrix = folder + "/m.txt"
      try "1 0 0 1\n0 1 0 2\n0 0 1 3\n0 0 0 1\n".write(
        toFile: matrix, atomically: true, encoding: .utf8)
      let made = try Program.run([
        "transform", "import", matrix, "--format", "matrix", "--direction", "moving-to-fixed",
        "--moving", paths[0], "--fixed", paths[1], "-o", folder + "/t.txt",
      ])
      #expect(made.status == 0, "\(made.errors)")
      let t = try object(folder + "/t.json")
      #expect(try t["moving"]?["sha256"]?.asString == sha256(ofFile: paths[0]))
      #expect(try t["fixed"]?["sha256"]?.asString == sha256(ofFile: paths[1]))
      // It is taken for its own image, and not for another with the same header.
      func carry(_ image: String, _ name: String) throws -> Int32 {
        try Program.run([
          "resample", image, "--like", paths[1], "--transform", folder + "/t.txt", "-o",
          folder + "/" + name,
        ]).status
      }
      #expect(try carry(paths[0], "a.nii") == 0)
      let other = folder + "/other.nii"
      let grid = Small.grid(8, 9, 10)
      try ImageWriter.write(
        other, Volume(grid: grid, values: [Float](repeating: 5, count: grid.count)), formCode: 1,
        note: "test", overwrite: false)
      #expect(try carry(other, "b.nii") == 65)
    }
  }
}

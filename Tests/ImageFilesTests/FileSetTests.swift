import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// Several files as one save, and what is noticed when they are not of one.
@Suite struct FileSetTests {
  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }

  private func litter(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".tmp") }
  }

  @Test func allAreNewOrNoneIs() throws {
    try withTemporaryFolder { folder in
      let (a, b) = (folder + "/a", folder + "/b")
      let first = FileSet(overwrite: false)
      #expect(try first.add(a, "a1") == sha256(of: Array("a1".utf8)))
      try first.add(b, "b1")
      #expect(try first.text(of: a) == "a1")
      #expect(!FileManager.default.fileExists(atPath: a))
      try first.commit(last: a)
      #expect(try text(a) == "a1" && text(b) == "b1")
      // A set that is given up leaves what was there, and nothing else.
      do {
        let second = FileSet(overwrite: true)
        try second.add(a, "a2")
      }
      #expect(try text(a) == "a1")
      #expect(try litter(folder) == [])
      let third = FileSet(overwrite: true)
      try third.add(a, "a3")
      try third.add(b, "b3")
      try third.commit(last: a)
      #expect(try text(a) == "a3" && text(b) == "b3")
      #expect(try litter(folder) == [])
      let refused = FileSet(overwrite: false)
      #expect(throws: Problem.self) { try refused.add(a, "a4") }
    }
  }

  /// The last one of three cannot take its place: the others are as they were.
  @Test(arguments: [true, false]) func aFailureHalfWayPutsAllBack(_ overwrites: Bool) throws {
    try withTemporaryFolder { folder in
      let (a, b) = (folder + "/a", folder + "/b")
      let other = folder + "/other"
      try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: false)
      if overwrites {
        for path in [a, b] { try "old".write(toFile: path, atomically: true, encoding: .utf8) }
      }
      let set = FileSet(overwrite: overwrites)
      try set.add(a, "new")
      try set.add(other + "/c", "new")
      try set.add(b, "new")
      try FileManager.default.removeItem(atPath: other)
      #expect(throws: Problem.self) { try set.commit(last: other + "/c") }
      for path in [a, b] {
        if overwrites {
          #expect(try text(path) == "old")
        } else {
          #expect(!FileManager.default.fileExists(atPath: path))
        }
      }
      #expect(try litter(folder) == [])
    }
  }

  /// File systems without a rename that spares what is there, and without second names: FAT, and some shares.
  @Test(arguments: [[.reserve], [.link, .reserve], [.rename, .reserve]] as [[FreeNameWay]])
  func everyFileSystemHasOldOrNew(_ ways: [FreeNameWay]) throws {
    try FreeNameWay.$usable.withValue(ways) {
      try allAreNewOrNoneIs()
      try aFailureHalfWayPutsAllBack(true)
      try aFailureHalfWayPutsAllBack(false)
      try withTemporaryFolder { folder in
        // What appeared meanwhile is somebody else's.
        let (a, b) = (folder + "/a", folder + "/b")
        let set = FileSet(overwrite: false)
        try set.add(a, "new")
        try set.add(b, "new")
        try "other".write(toFile: b, atomically: false, encoding: .utf8)
        #expect(throws: Problem.self) { try set.commit(last: b) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["b"])
        #expect(try text(b) == "other")
      }
    }
  }

  @Test func aTransformBesideAnotherOnesSidecarIsRefused() throws {
    try withTemporaryFolder { folder in
      let end = Transform.End(
        sha256: String(repeating: "1", count: 64), space: .native, template: nil)
      func transform(_ x: Double) throws -> Transform {
        try Transform(
          fixedFromMoving: Affine(spacing: (1, 1, 1), origin: WorldPoint(x, 0, 0)), moving: end,
          fixed: Transform.End(
            sha256: String(repeating: "2", count: 64), space: .native, template: nil),
          origin: "test", file: "test")
      }
      let (a, b) = (folder + "/a.txt", folder + "/b.txt")
      try TransformFile.write(a, try transform(1), version: "test", overwrite: false)
      try TransformFile.write(b, try transform(1 + 1e-12), version: "test", overwrite: false)
      #expect(try TransformFile.read(a).fixedFromMoving.rows[0][3] == 1)
      // Nearly the same numbers, of another save.
      try FileManager.default.removeItem(atPath: a)
      try FileManager.default.copyItem(atPath: b, toPath: a)
      let problem = #expect(throws: Problem.self) { try TransformFile.read(a) }
      #expect(try #require(problem).sentence.contains("files of one save"))
      // Without hashes, as 0.1 wrote it, numbers that agree are enough.
      let side = try text(TransformFile.sidecar(a))
      let lines = side.split(separator: "\n").filter { !$0.contains("matrix_sha256") }
      let older = lines.joined(separator: "\n").replacing(/\},\n\}$/, with: "}\n}")
      try older.write(toFile: TransformFile.sidecar(a), atomically: true, encoding: .utf8)
      #expect(try TransformFile.read(a).origin == "test")
    }
  }

  /// The hash of a file is that of all its bytes, whatever follows the voxels.
  @Test(arguments: ["x.nii", "x.nii.gz"]) func theHashIsThatOfTheWholeFile(_ name: String) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/" + name
      let grid = Small.grid(5, 4, 3)
      try ImageWriter.write(
        path, Volume(grid: grid, values: (0..<60).map(Float.init)), formCode: 4, note: "test",
        overwrite: false)
      if name == "x.nii" {
        let handle = try #require(FileHandle(forWritingAtPath: path))
        handle.seekToEndOfFile()
        handle.write(Data(repeating: 7, count: 3 << 20))
        try handle.close()
      }
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/sha256sum")
      process.arguments = [path]
      let pipe = Pipe()
      process.standardOutput = pipe
      try process.run()
      let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      let hash = String(output.prefix(64))
      #expect(hash.count == 64)
      #expect(try ImageReader.identify(path).sha256 == hash)
      #expect(try ImageReader.read(path).description.sha256 == hash)
    }
  }
}

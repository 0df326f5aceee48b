import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// What is kept of a warp: a JSON, and the files that it names by their hashes.
@Suite struct WarpFileTests {
  static func make(in folder: String) throws -> (file: WarpFile, field: String) {
    let reference = try WarpReference()
    let field = try reference.one("composite").write(in: folder)
    let found = try ForeignTransform.itk.read(
      [field], direction: nil, moving: reference.moving, fixed: reference.fixed)
    let end = Transform.End(
      sha256: String(repeating: "a", count: 64), space: .native, template: nil)
    let there = Transform.End(
      sha256: String(repeating: "b", count: 64), space: .mni152, template: "MNI152NLin6Asym")
    let warp = try Warp(
      movingFromFixed: found.movingFromFixed, moving: end, movingGrid: reference.moving,
      fixed: there, fixedGrid: reference.fixed, origin: "imported, a test",
      figures: [("round_trip_mm", 0.001)], file: "w")
    let part = WarpFile.Part(path: field, sha256: try sha256(ofFile: field))
    return (
      WarpFile(warp: warp, format: .itk, direction: found.direction, parts: [part]), field
    )
  }

  @Test func aWarpIsReadBackAsItWas() throws {
    let places = try WarpReference().one("composite")
    try withTemporaryFolder { folder in
      let (file, _) = try Self.make(in: folder)
      let path = folder + "/w.json"
      try file.write(path, version: "0", overwrite: false)
      // The folder may move: what lies in it is named from there.
      #expect(try readTextFile(path).contains("\"path\": \"Composite.h5\""))
      let moved = folder + "-moved"
      try FileManager.default.moveItem(atPath: folder, toPath: moved)
      defer { try? FileManager.default.moveItem(atPath: moved, toPath: folder) }
      let back = try WarpFile.read(moved + "/w.json")
      #expect(back.warp.moving == file.warp.moving && back.warp.fixed == file.warp.fixed)
      #expect(back.warp.isAccepted == nil && back.warp.warning?.contains("NOT ACCEPTED") == true)
      for (p, q) in zip(places.points, places.carried) {
        #expect(try #require(back.warp.movingFromFixed.applied(to: p)).distance(to: q) < 1e-3)
      }
      // Turned round twice it is itself; turned once it leads the other way.
      let once = try back.inverted(file: "w")
      try once.write(moved + "/i.json", version: "0", overwrite: false)
      let read = try WarpFile.read(moved + "/i.json").warp
      #expect(read.moving == file.warp.fixed)
      for (p, q) in zip(places.points, places.carried) {
        #expect(try #require(read.fixedFromMoving.applied(to: p)).distance(to: q) < 1e-3)
      }
    }
  }

  @Test func whatWasChangedIsRefused() throws {
    try withTemporaryFolder { folder in
      let (file, field) = try Self.make(in: folder)
      let path = folder + "/w.json"
      #expect(throws: Problem.self) {
        try file.write(folder + "/w.txt", version: "0", overwrite: false)
      }
      try file.write(path, version: "0", overwrite: false)
      #expect(throws: Problem.self) { try file.write(path, version: "0", overwrite: false) }
      // A warp where a matrix is needed is told as what it is.
      #expect {
        try TransformFile.read(path)
      } throws: { ($0 as? Problem)?.sentence.contains("it is a warp") == true }
      let text = try readTextFile(path)
      for (old, new) in [
        ("\"warp\"", "\"transform\""), ("\"itk\"", "\"frob\""), ("moving-to-fixed", "sideways"),
        ("\"native\"", "\"nowhere\""), ("\"dimensions\": [6", "\"dimensions\": [6.5"),
        ("\"dimensions\": [6", "\"dimensions\": [1e30"), ("aaaa", "xyz"),
        ("-36.0", "0.0"), ("\"path\": \"C", "\"path\": \"/nowhere/C"), ("{", ""),
        // Grids exchanged: the composite's own geometry speaks against it.
        ("\"direction\": \"moving-to-fixed\"", "\"direction\": \"fixed-to-moving\""),
      ] {
        #expect(text.contains(old), "\(old)")
        try text.replacingOccurrences(of: old, with: new)
          .write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: Problem.self, "\(old)") { try WarpFile.read(path) }
      }
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      _ = try WarpFile.read(path)
      var bytes = try Data(contentsOf: URL(filePath: field))
      bytes[bytes.count - 1] ^= 1
      try bytes.write(to: URL(filePath: field))
      #expect {
        try WarpFile.read(path)
      } throws: { ($0 as? Problem)?.sentence.contains("is not the file that w.json") == true }
    }
  }
}

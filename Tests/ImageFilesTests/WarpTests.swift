import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// Warps and matrices of other programs, against those programs' own libraries.
@Suite struct WarpTests {
  static let names = [
    "composite", "warp", "rigid", "similarity", "two matrices", "lta 0", "lta 1", "afni",
    "fsl absolute", "fsl relative",
  ]

  @Test(arguments: names) func carriesPointsAsItsProgramDoes(_ name: String) throws {
    let reference = try WarpReference()
    let one = try reference.one(name)
    try withTemporaryFolder { folder in
      let path = try one.write(in: folder)
      let found = try one.format.read(
        [path], direction: .forward, moving: one.moving, fixed: reference.fixed)
      let back = try #require(found.movingFromFixed.inverse)
      #expect(one.points.count >= 6)
      for (p, q) in zip(one.points, one.carried) {
        let there = try #require(found.movingFromFixed.applied(to: p))
        #expect(there.distance(to: q) < 1e-3, "\(name) \(p)")
        #expect(try #require(back.applied(to: there)).distance(to: p) < 0.01, "\(name) \(p)")
      }
    }
  }

  /// A map that is said to lead the other way between the exchanged images is the same map.
  @Test(arguments: ["warp", "rigid", "two matrices"])
  func theOtherDirectionBetweenExchangedImagesIsTheSame(_ name: String) throws {
    let reference = try WarpReference()
    let one = try reference.one(name)
    try withTemporaryFolder { folder in
      let found = try one.format.read(
        [try one.write(in: folder)], direction: .backward, moving: reference.fixed,
        fixed: one.moving)
      for (p, q) in zip(one.points, one.carried) {
        let there = try #require(found.movingFromFixed.applied(to: q))
        #expect(there.distance(to: p) < 0.01)
      }
    }
  }

  @Test(arguments: [
    ("composite", true), ("inverse composite", false), ("lta 0", true), ("lta 1", true),
    ("fsl absolute", true), ("fsl relative", true),
  ])
  func geometryProvesTheDirection(_ name: String, _ isForward: Bool) throws {
    let reference = try WarpReference()
    let one = try reference.one(name)
    try withTemporaryFolder { folder in
      let path = try one.write(in: folder)
      func read(
        _ direction: ForeignTransform.Direction?, exchanged: Bool = false
      ) throws -> ForeignTransform.Found {
        try one.format.read(
          [path], direction: direction, moving: exchanged ? reference.fixed : reference.moving,
          fixed: exchanged ? reference.moving : reference.fixed)
      }
      let right: ForeignTransform.Direction = isForward ? .forward : .backward
      #expect(try read(nil).direction == right && read(nil).isProven)
      #expect(try read(nil, exchanged: true).direction == right.reversed)
      #expect {
        try read(right.reversed)
      } throws: { ($0 as? Problem)?.sentence.contains("geometry says \(right.rawValue)") == true }
    }
    guard !isForward else { return }
    // Its points come from MOVING, and its map is theirs.
    try withTemporaryFolder { folder in
      let found = try one.format.read(
        [try one.write(in: folder)], direction: nil, moving: reference.moving,
        fixed: reference.fixed)
      let push = try #require(found.movingFromFixed.inverse)
      for (p, q) in zip(one.points, one.carried) {
        #expect(try #require(push.applied(to: p)).distance(to: q) < 1e-3)
      }
    }
  }

  @Test(arguments: ["warp", "rigid", "afni"]) func whatProvesNothingIsAsked(_ name: String) throws {
    let reference = try WarpReference()
    let one = try reference.one(name)
    try withTemporaryFolder { folder in
      let path = try one.write(in: folder)
      #expect {
        try one.format.read([path], direction: nil, moving: one.moving, fixed: reference.fixed)
      } throws: {
        let problem = $0 as? Problem
        return problem?.kind == .usage && problem?.subject == "--direction"
      }
    }
  }

  /// ANTs' pair, given as `-t 1Warp -t rigid`: a point of FIXED goes through the warp first.
  @Test func severalFilesOfITKGoInTheOrderOfAntsApplyTransforms() throws {
    let reference = try WarpReference()
    let (warp, rigid) = (try reference.one("warp"), try reference.one("rigid"))
    try withTemporaryFolder { folder in
      let paths = [try warp.write(in: folder), try rigid.write(in: folder)]
      func read(_ paths: [String]) throws -> SpatialMap {
        try ForeignTransform.itk.read(
          paths, direction: .forward, moving: reference.moving, fixed: reference.fixed
        ).movingFromFixed
      }
      let (a, b) = (try read([paths[0]]), try read([paths[1]]))
      let both = try read(paths)
      for p in warp.points {
        let there = try #require(a.applied(to: p).flatMap(b.applied))
        #expect(try #require(both.applied(to: p)).distance(to: there) < 1e-9)
      }
      #expect(throws: Problem.self) {
        try ForeignTransform.matrix.read(
          paths, direction: .forward, moving: reference.moving, fixed: reference.fixed)
      }
    }
  }

  @Test func afniIsRefusedForObliqueImages() throws {
    let reference = try WarpReference()
    let one = try reference.one("afni")
    try withTemporaryFolder { folder in
      let path = try one.write(in: folder)
      #expect {
        try one.format.read(
          [path], direction: .forward, moving: reference.moving, fixed: reference.fixed)
      } throws: { ($0 as? Problem)?.sentence.contains("MOVING is oblique") == true }
    }
  }

  @Test func coefficientsAreNoImageAndNoField() throws {
    let reference = try WarpReference()
    try withTemporaryFolder { folder in
      let path = try TransformTests.write(reference.coefficients, "c.nii.gz", in: folder)
      func isTold(_ body: () throws -> Void) {
        #expect {
          try body()
        } throws: { ($0 as? Problem)?.sentence.contains("fnirtfileutils") == true }
      }
      isTold { _ = try ImageReader.describe(path) }
      isTold { _ = try ImageReader.readVolume(path) }
      for format in [ForeignTransform.fsl, .itk] {
        isTold {
          _ = try format.read(
            [path], direction: .forward, moving: reference.moving, fixed: reference.fixed)
        }
      }
    }
  }

  @Test(arguments: [
    ("src volume info", "# LTA file created by NiTransforms", "NiTransforms"),
    ("type      = 1", "type      = 14", "its type is 14"),
    ("nxforms   = 1", "nxforms   = 2", "one 4×4 matrix"),
  ])
  func oddLTAIsRefused(_ old: String, _ new: String, _ words: String) throws {
    let reference = try WarpReference()
    let one = try reference.one("lta 1")
    var text = String(decoding: one.bytes, as: UTF8.self)
    text = new.hasPrefix("#") ? new + "\n" + text : text.replacingOccurrences(of: old, with: new)
    try withTemporaryFolder { folder in
      let path = try TransformTests.write(Data(text.utf8), "a.lta", in: folder)
      #expect {
        try one.format.read(
          [path], direction: .forward, moving: one.moving, fixed: reference.fixed)
      } throws: { ($0 as? Problem)?.sentence.contains(words) == true }
    }
  }

  /// Between voxels, a matrix means nothing without the two volumes.
  @Test func aVoxelLTAWithoutGeometryIsRefused() throws {
    let reference = try WarpReference()
    for (name, isRefused) in [("lta 0", true), ("lta 1", false)] {
      let one = try reference.one(name)
      let text = String(decoding: one.bytes, as: UTF8.self)
        .replacingOccurrences(of: "valid = 1", with: "valid = 0")
      try withTemporaryFolder { folder in
        let path = try TransformTests.write(Data(text.utf8), "a.lta", in: folder)
        func read(_ direction: ForeignTransform.Direction?) throws {
          _ = try one.format.read(
            [path], direction: direction, moving: one.moving, fixed: reference.fixed)
        }
        #expect(throws: Problem.self) { try read(nil) }
        if isRefused {
          #expect(throws: Problem.self) { try read(.forward) }
        } else {
          try read(.forward)
        }
      }
    }
  }
}

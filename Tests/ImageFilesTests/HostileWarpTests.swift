import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// Damaged, false and boastful files are refused, and end nothing.
@Suite struct HostileWarpTests {
  static func read(
    _ bytes: Data, _ name: String, _ reference: WarpReference, _ format: ForeignTransform = .itk
  ) throws -> SpatialMap {
    var map: SpatialMap?
    try withTemporaryFolder { folder in
      map = try format.read(
        [try TransformTests.write(bytes, name, in: folder)], direction: .forward,
        moving: reference.moving, fixed: reference.fixed
      ).movingFromFixed
    }
    return try #require(map)
  }

  @Test func aCutCompositeIsRefused() throws {
    let reference = try WarpReference()
    let whole = try reference.one("composite").bytes
    for part in [0.001, 0.01, 0.2, 0.5, 0.9, 0.999] {
      #expect(throws: Problem.self, "\(part)") {
        try Self.read(
          whole.prefix(Int((part * Double(whole.count)).rounded())), "x.h5", reference)
      }
    }
  }

  /// libhdf5 itself crashes on some of them; whoever reads them does not.
  @Test func changedBytesOfACompositeEndNothing() throws {
    let reference = try WarpReference()
    let whole = try reference.one("composite").bytes
    var random = SeededGenerator(seed: 7)
    for _ in 0..<60 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...24, using: &random) {
        let most = [300, 3000, bytes.count].randomElement(using: &random) ?? 1
        bytes[Int.random(in: 0..<most, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      do {
        _ = try Self.read(bytes, "x.h5", reference)
      } catch let problem as Problem {
        #expect(problem.kind == .data)
      }
    }
  }

  @Test func otherHDF5IsNamed() throws {
    let reference = try WarpReference()
    let whole = try reference.one("similarity").bytes
    func changed(_ old: String, _ new: String) -> Data {
      var bytes = whole
      while let found = bytes.range(of: Data(old.utf8)) {
        bytes.replaceSubrange(found, with: Data(new.utf8))
      }
      return bytes
    }
    #expect {
      try Self.read(
        changed("Similarity3DTransform_double", "SimilarityXYTransform_double"), "x.h5", reference)
    } throws: { ($0 as? Problem)?.sentence.contains("SimilarityXYTransform") == true }
    #expect(throws: Problem.self) {
      try Self.read(
        changed("Similarity3DTransform_double_3_3", "Similarity3DTransform_double_2_2"), "x.h5",
        reference)
    }
  }

  /// A field in NIfTI-1, uncompressed, by hand.
  static func field(
    _ grid: Grid, dim: [Int16], intent: Int16 = 1007, value: (Int) -> Float = { _ in 1 },
    count: Int? = nil
  ) -> Data {
    var head = [UInt8](repeating: 0, count: 352)
    func put<T>(_ x: T, _ at: Int) {
      withUnsafeBytes(of: x) { head.replaceSubrange(at..<at + $0.count, with: $0) }
    }
    put(Int32(348), 0)
    for (n, d) in dim.enumerated() { put(d, 40 + 2 * n) }
    put(intent, 68)
    put(Int16(16), 70)
    put(Int16(32), 72)
    for n in 0..<8 { put(Float(1), 76 + 4 * n) }
    put(Float(352), 108)
    head[123] = 2
    put(Int16(2), 254)
    for (r, row) in grid.worldFromVoxel.rows.enumerated() {
      for (c, x) in row.enumerated() { put(Float(x), 280 + 16 * r + 4 * c) }
    }
    head.replaceSubrange(344..<348, with: Array("n+1\0".utf8))
    let values = (0..<(count ?? 3 * grid.count)).map(value)
    return Data(head) + values.withUnsafeBytes { Data($0) }
  }

  @Test func fieldsThatAreNoneAreRefused() throws {
    let reference = try WarpReference()
    let grid = reference.fixed
    let n = [grid.nx, grid.ny, grid.nz].map { Int16($0) }
    let five = [5] + n + [1, 3, 1, 1]
    // One millimetre to the left, to the back and up: LPS.
    let good = try Self.read(Self.field(grid, dim: five), "x.nii", reference)
    let there = try #require(good.applied(to: WorldPoint(0, 0, 0)))
    #expect(there.distance(to: WorldPoint(-1, -1, 1)) < 1e-6)
    for (bytes, words) in [
      (Self.field(grid, dim: five, value: { $0 == 40 ? .nan : 1 }), "none (NaN"),
      (Self.field(grid, dim: five, value: { $0 == 40 ? 1e9 : 1 }), "more than"),
      (Self.field(grid, dim: five, intent: 1006), "intent 1006"),
      (Self.field(grid, dim: five, intent: 0), "intent 0"),
      (Self.field(grid, dim: [5] + n + [1, 2, 1, 1]), "×1×2"),
      (Self.field(grid, dim: [5] + n + [2, 3, 1, 1]), "×2×3"),
      (Self.field(grid, dim: [4] + n + [3, 1, 1, 1]), "intent 1007"),
      (Self.field(grid, dim: [3] + n + [1, 1, 1, 1]), "three numbers"),
      (Self.field(grid, dim: five, count: 3 * grid.count - 1), "bytes can hold"),
      (Self.field(grid, dim: [5, 20000, 20000, 1, 1, 3, 1, 1]), "claims"),
      (Self.field(grid, dim: [5, 32000, 32000, 32000, 1, 3, 1, 1]), "beyond reason"),
    ] {
      #expect {
        try Self.read(bytes, "x.nii", reference)
      } throws: {
        let sentence = ($0 as? Problem)?.sentence ?? ""
        return sentence.contains(words)
      }
    }
    // FSL's must lie on the grid of an image, and say places or differences.
    let other = try #require(
      grid.carried(by: Affine(spacing: (1, 1, 1), origin: WorldPoint(9, 0, 0))))
    for (bytes, words) in [
      (Self.field(other, dim: [4] + n + [3, 1, 1, 1], intent: 2006), "neither image"),
      (
        Self.field(
          grid, dim: [4] + n + [3, 1, 1, 1], intent: 2006,
          value: { Float($0 % grid.nx) * -18 }), "neither places (1) nor differences (0)"
      ),
    ] {
      #expect {
        try Self.read(bytes, "x.nii", reference, .fsl)
      } throws: { ($0 as? Problem)?.sentence.contains(words) == true }
    }
  }

  @Test func otherProgramsFilesAreNamedWhereOursAreMeant() throws {
    let reference = try WarpReference()
    for (name, words) in [
      ("composite", "--format itk"), ("rigid", "--format itk"), ("lta 1", "--format lta"),
      ("afni", "--format afni"), ("warp", "--format itk or fsl"),
    ] {
      try withTemporaryFolder { folder in
        let path = try reference.one(name).write(in: folder)
        #expect {
          try TransformFile.read(path)
        } throws: {
          let sentence = ($0 as? Problem)?.sentence ?? ""
          return sentence.contains("transform import") && sentence.contains(words)
        }
      }
    }
  }
}

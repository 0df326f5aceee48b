import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// The mean of a run whose file scales its numbers.
@Suite struct ScaledMeanTests {
  /// A NIfTI-1 file of 3×2×2 voxels: value = slope · stored + intercept.
  static func file<T: FixedWidthInteger>(
    _ datatype: Int16, _ stored: [[T]], slope: Float, intercept: Float
  ) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 352)
    func put<V>(_ value: V, at: Int) {
      withUnsafeBytes(of: value) { bytes.replaceSubrange(at..<at + $0.count, with: $0) }
    }
    put(Int32(348), at: 0)
    for (n, d) in [4, 3, 2, 2, stored.count, 1, 1, 1].enumerated() { put(Int16(d), at: 40 + 2 * n) }
    put(datatype, at: 70)
    put(Int16(T.bitWidth), at: 72)
    for n in 0..<8 { put(Float(n == 4 ? 2 : 1), at: 76 + 4 * n) }
    put(Float(352), at: 108)
    put(slope, at: 112)
    put(intercept, at: 116)
    bytes[123] = 2 | 8
    put(Int16(1), at: 254)
    for row in 0..<3 { put(Float(1), at: 280 + 16 * row + 4 * row) }
    bytes.replaceSubrange(344..<348, with: Array("n+1\0".utf8))
    for frame in stored { for v in frame { withUnsafeBytes(of: v) { bytes += $0 } } }
    return bytes
  }

  func check<T: FixedWidthInteger>(_ datatype: Int16, _: T.Type) throws {
    let stored = (0..<6).map { t in (0..<12).map { v in T(3 * v + t * t) } }
    let (slope, intercept) = (0.5, -100.0)
    try withTemporaryFolder { folder in
      let path = folder + "/scaled.nii"
      try Data(
        Self.file(datatype, stored, slope: Float(slope), intercept: Float(intercept))
      ).write(to: URL(filePath: path))
      let (_, run) = try ImageReader.readRun(
        path, repetitionTimeSeconds: nil,
        mask: { d in Mask(grid: d.grid, origin: "all") { _ in true } }, progress: .silent)
      for v in 0..<12 {
        let mean = stored.reduce(0.0) { $0 + Double($1[v]) } / 6
        let expected = slope * mean + intercept
        #expect(abs(Double(run.mean.values[v]) - expected) < 1e-4)
        #expect(abs(run.series(of: v).reduce(0, +) / 6 - expected) < 1e-9)
        #expect(abs(Double(run.mean(of: 0..<6)[v]) - expected) < 1e-4)
      }
    }
  }

  @Test func theMeanIsThatOfTheScaledNumbers() throws {
    try check(4, Int16.self)
    try check(8, Int32.self)
  }
}

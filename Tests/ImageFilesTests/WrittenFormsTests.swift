import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// What is written says where it lies by both forms, and what its values are.
@Suite struct WrittenFormsTests {
  /// Rotations about the three axes, in degrees, and which axes are turned round.
  static let directions: [(Double, Double, Double, (Double, Double, Double))] = [
    (0, 0, 0, (1, 1, 1)), (0, 0, 0, (-1, 1, 1)), (0, 0, 0, (-1, -1, 1)), (0, 0, 0, (-1, -1, -1)),
    (12, -7, 31, (1, 1, 1)), (12, -7, 31, (-1, 1, 1)), (178, 3, -91, (1, -1, 1)),
    (90, 0, 0, (1, 1, 1)), (180, 0, 0, (1, 1, 1)), (0, 180, 0, (1, 1, -1)), (0, 0, 180, (1, 1, 1)),
    (120, 45, 179.9, (-1, -1, 1)),
  ]

  private static func product(_ p: [[Double]], _ q: [[Double]]) -> [[Double]] {
    var out = [[Double]](repeating: [0, 0, 0], count: 3)
    for i in 0..<3 {
      for j in 0..<3 {
        for k in 0..<3 { out[i][j] += p[i][k] * q[k][j] }
      }
    }
    return out
  }

  static func grid(
    _ d: (Double, Double, Double, (Double, Double, Double)), shear: Double = 0
  ) throws -> Grid {
    let angles: [Double] = [d.0, d.1, d.2].map { $0 * Double.pi / 180 }
    let c: [Double] = angles.map { cos($0) }
    let s: [Double] = angles.map { sin($0) }
    let x: [[Double]] = [[1, 0, 0], [0, c[0], -s[0]], [0, s[0], c[0]]]
    let y: [[Double]] = [[c[1], 0, s[1]], [0, 1, 0], [-s[1], 0, c[1]]]
    let z: [[Double]] = [[c[2], -s[2], 0], [s[2], c[2], 0], [0, 0, 1]]
    let turned = product(product(z, y), x)
    let sizes: [Double] = [2 * d.3.0, 2.5 * d.3.1, 3.1 * d.3.2]
    var rows: [[Double]] = []
    for i in 0..<3 {
      var row: [Double] = []
      for j in 0..<3 { row.append(turned[i][j] * sizes[j]) }
      row.append(Double(i) * 7 - 40)
      rows.append(row)
    }
    rows[0][1] += shear
    return try #require(Grid(dimensions: (40, 44, 30), worldFromVoxel: Affine(rows: rows)))
  }

  private func written(_ grid: Grid, code: Int = 1) throws -> ([UInt8], ImageHeader) {
    try withTemporaryFolder { folder in
      let path = folder + "/a.nii"
      try ImageWriter.write(
        path, Volume(grid: grid, values: [Float](repeating: 1, count: grid.count)), formCode: code,
        note: "t", overwrite: false)
      return ([UInt8](try Data(contentsOf: URL(filePath: path))), try ImageReader.describe(path))
    }
  }

  @Test(arguments: directions.indices) func bothFormsSayTheSame(_ n: Int) throws {
    let (bytes, header) = try written(try Self.grid(Self.directions[n]))
    #expect(bytes[252] == 1 && bytes[254] == 1)
    // The reader compares both at every corner.
    #expect(try #require(header.formsApartMillimetres) < 0.001)
    #expect(header.grid.matches(try Self.grid(Self.directions[n])))
  }

  @Test func whatAQuaternionCannotSayHasNone() throws {
    let (bytes, _) = try written(try Self.grid(Self.directions[4], shear: 0.05))
    #expect(bytes[252] == 0 && bytes[254] == 1)
    // What has no place in the head has none by the other form either.
    let (unknown, header) = try written(try Self.grid(Self.directions[0]), code: 0)
    #expect(unknown[252] == 0 && header.laterality == .unknown)
  }

  @Test func theIntentSaysWhatTheValuesAre() throws {
    try withTemporaryFolder { folder in
      let grid = try Self.grid(Self.directions[0])
      let path = folder + "/r.nii"
      try ImageWriter.write(
        path,
        ImageWriter.Content(
          grid: grid, formCode: 4, note: "t", meaning: .correlation(degreesOfFreedom: 67)),
        overwrite: false
      ) { _ in [Float](repeating: 0.5, count: grid.count) }
      let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
      #expect(bytes[68] == 2 && bytes[69] == 0)
      let parameter = bytes[56..<60].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      #expect(Float(bitPattern: parameter) == 67)
      #expect(String(decoding: bytes[328..<337], as: UTF8.self) == "Pearson r")
      #expect(try ImageReader.readVolume(path).volume.values.allSatisfy { $0 == 0.5 })
    }
  }
}

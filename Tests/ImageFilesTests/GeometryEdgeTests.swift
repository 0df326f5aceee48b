import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// Directions of every kind: each is written by both forms, which say the same.
@Suite struct GeometryEdgeTests {
  private func turn(_ axis: Int, _ degrees: Double) -> [[Double]] {
    let (c, s) = (cos(degrees * .pi / 180), sin(degrees * .pi / 180))
    let (a, b) = ((axis + 1) % 3, (axis + 2) % 3)
    var m = [[1.0, 0, 0], [0, 1, 0], [0, 0, 1]]
    m[a][a] = c
    m[a][b] = -s
    m[b][a] = s
    m[b][b] = c
    return m
  }

  private func product(_ p: [[Double]], _ q: [[Double]]) -> [[Double]] {
    var out = [[0.0, 0, 0], [0, 0, 0], [0, 0, 0]]
    for i in 0..<3 {
      for j in 0..<3 {
        for k in 0..<3 { out[i][j] += p[i][k] * q[k][j] }
      }
    }
    return out
  }

  @Test(arguments: [1.0, -1]) func everyTurnHasAQuaternion(_ handed: Double) throws {
    try withTemporaryFolder { folder in
      let angles = [0.0, 37, 90, 143, 180, 251]
      let path = folder + "/a.nii"
      for x in angles {
        for y in angles {
          for z in angles {
            let m = product(product(turn(2, z), turn(1, y)), turn(0, x))
            let size = [2, 2.5, 3.1 * handed]
            var rows: [[Double]] = []
            for (i, row) in m.enumerated() {
              rows.append(zip(row, size).map { $0 * $1 } + [Double(i) * 7 - 40])
            }
            let grid = try #require(
              Grid(dimensions: (3, 4, 5), worldFromVoxel: Affine(rows: rows)))
            try ImageWriter.write(
              path, Small.volume(grid) { Float($0.i + $0.j) }, formCode: 1, note: "",
              overwrite: true)
            let d = try ImageReader.describe(path)
            let apart = try #require(d.formsApartMillimetres, "\(x) \(y) \(z): one form is missing")
            #expect(apart < 0.001 && d.laterality == .known, "\(x) \(y) \(z)")
            #expect(d.grid.matches(grid))
          }
        }
      }
    }
  }
}

import Imaging

/// A grid's directions as the quaternion of a NIfTI qform.
///
/// Source: nifti1.h of the NIfTI DFWG, "QUATERNION REPRESENTATION OF ROTATION MATRIX (METHOD 2)".
struct Quaternion {
  /// b, c and d; a is what is left of length 1.
  let values: [Float]
  /// −1 where the axes are a mirrored set.
  let factor: Float

  /// Nil where the axes are sheared, or where the numbers as they are stored would put a corner of the grid 0.001 mm
  /// or more away from where the sform has it: two forms that differ are worse than one.
  init?(_ grid: Grid) {
    let spacing = [grid.spacing.0, grid.spacing.1, grid.spacing.2]
    guard spacing.allSatisfy({ $0 > 0 }) else { return nil }
    let rows = grid.worldFromVoxel.rows
    var r = (0..<3).map { i in (0..<3).map { rows[i][$0] / spacing[$0] } }
    let determinant =
      r[0][0] * (r[1][1] * r[2][2] - r[1][2] * r[2][1])
      - r[0][1] * (r[1][0] * r[2][2] - r[1][2] * r[2][0])
      + r[0][2] * (r[1][0] * r[2][1] - r[1][1] * r[2][0])
    factor = determinant < 0 ? -1 : 1
    for i in 0..<3 { r[i][2] *= Double(factor) }
    values = Self.rotation(r).map(Float.init)
    let back = Self.matrix(values.map(Double.init))
    let sizes = [grid.nx, grid.ny, grid.nz]
    // The farthest that any voxel can move, over all three axes.
    let moved = (0..<3).map { i in
      (0..<3).reduce(0.0) { sum, j in
        let stored = back[i][j] * Double(Float(spacing[j])) * (j == 2 ? Double(factor) : 1)
        return sum + abs(stored - rows[i][j]) * Double(sizes[j])
      }
    }
    guard moved.allSatisfy({ $0 < 0.001 }) else { return nil }
  }

  /// b, c, d of a rotation matrix.
  private static func rotation(_ r: [[Double]]) -> [Double] {
    let trace = 1 + r[0][0] + r[1][1] + r[2][2]
    if trace > 0.5 {
      let a = 0.5 * trace.squareRoot()
      return [
        0.25 * (r[2][1] - r[1][2]) / a, 0.25 * (r[0][2] - r[2][0]) / a,
        0.25 * (r[1][0] - r[0][1]) / a,
      ]
    }
    // The largest of the three, so that nothing is divided by a small number.
    let sizes = (0..<3).map { 1 + 2 * r[$0][$0] - (r[0][0] + r[1][1] + r[2][2]) }
    let k = sizes.indices.max { sizes[$0] < sizes[$1] } ?? 0
    let (m, n) = ((k + 1) % 3, (k + 2) % 3)
    let largest = 0.5 * max(0, sizes[k]).squareRoot()
    var q = [0.0, 0.0, 0.0]
    q[k] = largest
    q[m] = 0.25 * (r[m][k] + r[k][m]) / largest
    q[n] = 0.25 * (r[n][k] + r[k][n]) / largest
    // a is never below 0.
    return 0.25 * (r[n][m] - r[m][n]) / largest < 0 ? q.map { -$0 } : q
  }

  private static func matrix(_ q: [Double]) -> [[Double]] {
    var (b, c, d) = (q[0], q[1], q[2])
    let norm = b * b + c * c + d * d
    var a = 0.0
    if 1 - norm < 1e-7 {
      // A half turn, as every reader takes what rounding left of it: a is 0 and the rest has length 1.
      let length = norm.squareRoot()
      (b, c, d) = (b / length, c / length, d / length)
    } else {
      a = (1 - norm).squareRoot()
    }
    return [
      [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
      [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
      [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - c * c - b * b],
    ]
  }
}

/// An affine map of space, three rows of four numbers; the fourth row is 0 0 0 1.
package struct Affine: Hashable, Sendable {
  // Fixed-size rows, because a map is applied for every pixel of a picture.
  private var r0: SIMD4<Double>
  private var r1: SIMD4<Double>
  private var r2: SIMD4<Double>

  /// Three rows of four numbers each; anything else is a programmer's mistake.
  package init(rows: [[Double]]) {
    precondition(rows.count == 3 && rows.allSatisfy { $0.count == 4 })
    r0 = SIMD4(rows[0])
    r1 = SIMD4(rows[1])
    r2 = SIMD4(rows[2])
  }

  /// Three rows; the last column is the offset in millimetres.
  package var rows: [[Double]] { [r0, r1, r2].map { [$0[0], $0[1], $0[2], $0[3]] } }

  /// A diagonal matrix and an offset, both in millimetres.
  package init(spacing: (Double, Double, Double), origin: WorldPoint) {
    r0 = SIMD4(spacing.0, 0, 0, origin.x)
    r1 = SIMD4(0, spacing.1, 0, origin.y)
    r2 = SIMD4(0, 0, spacing.2, origin.z)
  }

  package static let identity = Affine(spacing: (1, 1, 1), origin: WorldPoint(0, 0, 0))

  package func applied(_ x: Double, _ y: Double, _ z: Double) -> (Double, Double, Double) {
    let (a, b, c) = (r0, r1, r2)
    return (
      a[0] * x + a[1] * y + a[2] * z + a[3], b[0] * x + b[1] * y + b[2] * z + b[3],
      c[0] * x + c[1] * y + c[2] * z + c[3]
    )
  }

  /// The map that applies `inner` first and this one to its result.
  package func composed(after inner: Affine) -> Affine {
    let (rows, within) = (self.rows, inner.rows)
    var out = [[Double]](repeating: [0, 0, 0, 0], count: 3)
    for r in 0..<3 {
      for c in 0..<4 {
        var sum = c == 3 ? rows[r][3] : 0
        for k in 0..<3 { sum += rows[r][k] * within[k][c] }
        out[r][c] = sum
      }
    }
    return Affine(rows: out)
  }

  /// Determinant of the 3×3 part: its sign is the handedness, its size the volume of a voxel in mm³.
  package var determinant: Double {
    let (a, b, c) = (r0, r1, r2)
    return a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0])
      + a[2] * (b[0] * c[1] - b[1] * c[0])
  }

  package var isFinite: Bool { rows.allSatisfy { $0.allSatisfy(\.isFinite) } }

  /// The inverse map, or nil where there is none.
  package var inverse: Affine? {
    let d = determinant
    guard d.isFinite, d != 0 else { return nil }
    let (a, b, c) = (r0, r1, r2)
    let m = [
      [
        (b[1] * c[2] - b[2] * c[1]) / d, (a[2] * c[1] - a[1] * c[2]) / d,
        (a[1] * b[2] - a[2] * b[1]) / d,
      ],
      [
        (b[2] * c[0] - b[0] * c[2]) / d, (a[0] * c[2] - a[2] * c[0]) / d,
        (a[2] * b[0] - a[0] * b[2]) / d,
      ],
      [
        (b[0] * c[1] - b[1] * c[0]) / d, (a[1] * c[0] - a[0] * c[1]) / d,
        (a[0] * b[1] - a[1] * b[0]) / d,
      ],
    ]
    let t = (a[3], b[3], c[3])
    return Affine(
      rows: m.map { r in
        let back = r[0] * t.0 + r[1] * t.1 + r[2] * t.2
        return [r[0], r[1], r[2], -back]
      })
  }

  /// Length of each column in millimetres: the voxel spacing.
  package var columnNorms: (Double, Double, Double) {
    func norm(_ c: Int) -> Double { (r0[c] * r0[c] + r1[c] * r1[c] + r2[c] * r2[c]).squareRoot() }
    return (norm(0), norm(1), norm(2))
  }
}

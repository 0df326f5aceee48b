import Basics
import Imaging

extension RawHeader {
  /// The affine of the sform, or the reason why it cannot be trusted.
  func sformAffine(_ scale: Double, name: String) throws(Problem) -> Affine {
    let m = Affine(rows: srow.map { $0.map { $0 * scale } })
    guard m.isFinite else {
      throw Problem(.data, name, "its sform holds a number that is not finite")
    }
    try Self.checkShape(m, "sform", name)
    return m
  }

  /// The affine of the qform (NIfTI-1 standard, method 2).
  func qformAffine(_ scale: Double, name: String) throws(Problem) -> Affine {
    let q = quaternion
    guard (q + qoffset).allSatisfy(\.isFinite) else {
      throw Problem(.data, name, "its qform holds a number that is not finite")
    }
    let size = (1...3).map { pixdim[$0] * scale }
    guard size.allSatisfy({ $0.isFinite && $0 > 0 }) else {
      throw Problem(
        .data, name, "its voxel size (pixdim) is \(size.map { plainNumber($0) })",
        expected: "positive numbers for its qform")
    }
    let norm = q[0] * q[0] + q[1] * q[1] + q[2] * q[2]
    guard norm <= 1 + 1e-5 else {
      throw Problem(
        .data, name, "its quaternion is longer than 1 (\(plainNumber(norm)))",
        expected: "a rotation")
    }
    var (b, c, d) = (q[0], q[1], q[2])
    var a = 1 - norm
    if a < 1e-7 {
      // A half turn: the real part is 0 and the rest has length 1, as the standard's code does.
      let l = 1 / norm.squareRoot()
      (a, b, c, d) = (0, b * l, c * l, d * l)
    } else {
      a = a.squareRoot()
    }
    let qfac: Double = pixdim[0] < 0 ? -1 : 1
    let r = [
      [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
      [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
      [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - c * c - b * b],
    ]
    let m = Affine(
      rows: (0..<3).map { row in
        [
          r[row][0] * size[0], r[row][1] * size[1], r[row][2] * size[2] * qfac,
          qoffset[row] * scale,
        ]
      })
    try Self.checkShape(m, "qform", name)
    return m
  }

  /// Volume of a voxel by that of a box with its edges; a gantry tilt of 30° leaves 0.87.
  private static let leastSpread = 0.05
  /// A kilometre: far beyond any scanner's room, and a millimetre there is still exact to its tenth decimal.
  private static let farthestMillimetres = 1e6

  static func checkShape(_ m: Affine, _ form: String, _ name: String) throws(Problem) {
    let norms = m.columnNorms
    guard abs(m.determinant) > 1e-9, m.inverse?.isFinite == true else {
      throw Problem(
        .data, name, "its \(form) cannot be inverted", expected: "three independent axes")
    }
    // 1 for axes at right angles. Axes that lie in one plane but for rounding have a determinant whose sign,
    // and with it left and right, is an accident.
    let spread = abs(m.determinant) / (norms.0 * norms.1 * norms.2)
    guard spread >= leastSpread else {
      throw Problem(
        .data, name,
        "the axes of its \(form) lie almost in one plane, so that no side can be trusted",
        expected: "three independent axes")
    }
    guard [norms.0, norms.1, norms.2].allSatisfy({ $0 >= 0.01 && $0 <= 1000 }) else {
      throw Problem(
        .data, name,
        "its \(form) says a voxel size of \(plainNumber(norms.0)) × "
          + "\(plainNumber(norms.1)) × \(plainNumber(norms.2)) mm", expected: "0.01 to 1000 mm")
    }
    guard m.rows.allSatisfy({ abs($0[3]) <= farthestMillimetres }) else {
      throw Problem(
        .data, name,
        "its \(form) puts the first voxel at \(m.rows.map { plainNumber($0[3], 1) }.joined(separator: ", ")) mm",
        expected: "a place within a kilometre of the origin")
    }
  }
}

package import Basics
import Glibc
package import Imaging

/// Where a coil's centre is and how it is turned, in RAS+ mm.
///
/// SimNIBS's axes: z into the head, y the prolongation of the handle, pointing away from it, x = y × z.
package struct CoilPose: Sendable, Equatable {
  /// Columns x, y, z and the centre.
  package let matrix: Affine

  package var centre: WorldPoint { column(3) }
  package var x: WorldPoint { column(0) }
  package var y: WorldPoint { column(1) }
  package var z: WorldPoint { column(2) }

  private func column(_ c: Int) -> WorldPoint {
    let m = matrix.rows
    return WorldPoint(m[0][c], m[1][c], m[2][c])
  }

  /// - Throws: anything but a rotation and a place: shear, scale or a mirror would bend or turn the coil.
  ///   What rounding to four decimals does (1.8e-4) passes.
  package init(matrix: Affine, name: String) throws(Problem) {
    let m = matrix.rows
    func dot(_ a: Int, _ b: Int) -> Double { (0..<3).reduce(0) { $0 + m[$1][a] * m[$1][b] } }
    let isFinite = matrix.isFinite
    let lengths = (0..<3).allSatisfy { abs(dot($0, $0) - 1) <= 2e-4 }
    let angles = [(0, 1), (0, 2), (1, 2)].allSatisfy { abs(dot($0.0, $0.1)) <= 2e-4 }
    guard isFinite, lengths, angles, abs(matrix.determinant - 1) <= 3e-4 else {
      let found =
        !isFinite
        ? "it holds a number that is not finite"
        : matrix.determinant < 0
          ? "it mirrors (determinant \(plainNumber(matrix.determinant, 4)))"
          : lengths ? "its axes are not at right angles" : "its axes are not of length 1"
      throw Problem(
        .data, name, "the coil's pose is no rotation: \(found)",
        expected: "three unit axes at right angles with determinant +1")
    }
    self.matrix = matrix
  }

  /// A coil that lies flat on the scalp.
  ///
  /// - Parameters:
  ///   - scalp: the scalp point below its centre, and the unit normal out of the head.
  ///   - millimetres: from the scalp to the coil's centre.
  ///   - forward: which way y points, before it is laid into the scalp's plane.
  /// - Throws: a direction that stands on the scalp.
  package init(
    scalp: WorldPoint, normal n: WorldPoint, millimetres: Double, forward d: WorldPoint,
    name: String
  ) throws(Problem) {
    let along = n.dot(d)
    let flat = WorldPoint(d.x - along * n.x, d.y - along * n.y, d.z - along * n.z)
    let length = flat.dot(flat).squareRoot()
    guard length > 0.2 else {
      throw Problem(
        .data, name, "the handle's direction stands almost upright on the scalp there",
        expected: "another angle", remedy: "State it with --handle")
    }
    let y = WorldPoint(flat.x / length, flat.y / length, flat.z / length)
    let z = WorldPoint(-n.x, -n.y, -n.z)
    let x = y.cross(z)
    let c = WorldPoint(
      scalp.x + millimetres * n.x, scalp.y + millimetres * n.y, scalp.z + millimetres * n.z)
    try self.init(
      matrix: Affine(rows: [[x.x, y.x, z.x, c.x], [x.y, y.y, z.y, c.y], [x.z, y.z, z.z, c.z]]),
      name: name)
  }

  /// Which way y points for a handle that leaves the midline by `degrees`, to the back and outwards:
  /// 45° is the usual placement over the DLPFC.
  ///
  /// - Throws: a place on the midline, whose outside nobody knows, unless the angle is 0 or 180.
  package static func forward(
    handleDegrees degrees: Double, side: Side, name: String
  ) throws(Problem) -> WorldPoint {
    let radians = degrees * .pi / 180
    let medial: Double
    switch side {
    case .left: medial = 1
    case .right: medial = -1
    case .midline, .unknown:
      guard abs(sin(radians)) < 1e-9 else {
        throw Problem(
          .data, name, "it lies on the midline, so which way the handle turns outwards is unknown",
          expected: "--handle 0 or 180")
      }
      medial = 0
    }
    return WorldPoint(medial * sin(radians), cos(radians), 0)
  }

  /// Where the handle points, in words: the opposite of y.
  package var handleWords: String {
    let parts: [(Double, String, String)] = [
      (-y.y, "anterior", "posterior"), (-y.x, "right", "left"), (-y.z, "superior", "inferior"),
    ]
    return parts.filter { abs($0.0) >= 0.25 }.sorted { abs($0.0) > abs($1.0) }
      .map { $0.0 > 0 ? $0.1 : $0.2 }.joined(separator: ", ")
  }

  /// The largest difference of a position in mm and of a direction, to another pose.
  package func difference(to other: CoilPose) -> (millimetres: Double, direction: Double) {
    let (a, b) = (matrix.rows, other.matrix.rows)
    var turn = 0.0
    for r in 0..<3 { for c in 0..<3 { turn = max(turn, abs(a[r][c] - b[r][c])) } }
    return (centre.distance(to: other.centre), turn)
  }
}

extension WorldPoint {
  package func dot(_ o: WorldPoint) -> Double { x * o.x + y * o.y + z * o.z }

  package func cross(_ o: WorldPoint) -> WorldPoint {
    WorldPoint(y * o.z - z * o.y, z * o.x - x * o.z, x * o.y - y * o.x)
  }
}

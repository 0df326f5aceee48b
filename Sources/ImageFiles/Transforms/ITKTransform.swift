import Basics
import Foundation
import Imaging

/// One transform as ITK writes it: a kind, its parameters, and those that an optimiser leaves alone.
struct ITKTransform {
  /// Without the number type and dimensions, such as `AffineTransform`.
  var kind: String
  var parameters: [Double]
  var fixed: [Double]
  /// A field's displacements, LPS mm, instead of parameters: there are millions of them.
  var field: [Float] = []

  /// The kind and dimensions out of `AffineTransform_double_3_3`.
  static func kind(_ word: String, _ name: String) throws(Problem) -> String {
    let parts = word.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count == 4, ["double", "float"].contains(parts[1]), parts[2] == "3",
      parts[3] == "3"
    else {
      throw Problem(
        .data, name, "it holds a transform of kind \(visibleText(word, limit: 60))",
        expected: "one from three dimensions to three")
    }
    return String(parts[0])
  }

  static let composite = "CompositeTransform"
  static let fieldKinds = [
    "DisplacementFieldTransform", "GaussianSmoothingOnUpdateDisplacementFieldTransform",
  ]

  /// The map of points that it is, between RAS+ worlds.
  func part(_ name: String) throws(Problem) -> SpatialMap.Part {
    guard (parameters + fixed).allSatisfy(\.isFinite) else {
      throw Problem(
        .data, name, "its \(kind) holds numbers that are none", expected: "a transform of ITK")
    }
    if Self.fieldKinds.contains(kind) { return .field(try displacements(name)) }
    guard let m = try matrix(name) else {
      throw Problem(
        .data, name,
        "its \(visibleText(kind, limit: 60)) has \(parameters.count) parameters and \(fixed.count) fixed ones",
        expected: "what ITK writes for that kind")
    }
    return .affine(m.withFlippedXY)
  }

  /// Rows of an affine kind, LPS+; nil where its numbers are not as many as they must be.
  private func matrix(_ name: String) throws(Problem) -> Affine? {
    let p = parameters
    switch kind {
    case "AffineTransform", "MatrixOffsetTransformBase", "Rigid3DTransform":
      guard p.count == 12, fixed.count == 3 else { return nil }
      return centred(Array(p[..<9]), Array(p[9...]))
    case "Euler3DTransform":
      guard p.count == 6, [3, 4].contains(fixed.count) else { return nil }
      let turn = rotation(p, isZYX: fixed.count == 4 && fixed[3] != 0)
      return centred(turn, Array(p[3...]))
    case "VersorRigid3DTransform":
      guard p.count == 6, fixed.count == 3 else { return nil }
      return try versor(name).map { centred($0, Array(p[3...])) }
    case "VersorTransform":
      guard p.count == 3, fixed.count == 3 else { return nil }
      return try versor(name).map { centred($0, [0, 0, 0]) }
    case "Similarity3DTransform":
      guard p.count == 7, fixed.count == 3 else { return nil }
      return try versor(name).map { turn in centred(turn.map { $0 * p[6] }, Array(p[3..<6])) }
    case "TranslationTransform":
      guard p.count == 3 else { return nil }
      return Affine(spacing: (1, 1, 1), origin: WorldPoint(p[0], p[1], p[2]))
    case "IdentityTransform":
      return .identity
    default:
      throw Problem(
        .data, name, "it holds a transform of kind \(visibleText(kind, limit: 60))",
        expected:
          "affine, Euler3D, VersorRigid3D, Similarity3D, translation or a displacement field")
    }
  }

  /// y = A (x − c) + c + t.
  private func centred(_ a: [Double], _ t: [Double]) -> Affine {
    Affine(
      rows: (0..<3).map { r in
        let row = Array(a[3 * r..<3 * r + 3])
        let turned = row[0] * fixed[0] + row[1] * fixed[1] + row[2] * fixed[2]
        return row + [t[r] + fixed[r] - turned]
      })
  }

  /// A rotation from the three parts of a unit quaternion that stand for its axis (itkVersor.hxx, GetMatrix).
  private func versor(_ name: String) throws(Problem) -> [Double]? {
    let (x, y, z) = (parameters[0], parameters[1], parameters[2])
    let square = x * x + y * y + z * z
    guard square <= 1 + 1e-9 else {
      throw Problem(
        .data, name, "its versor is longer than 1 (\(plainNumber(square.squareRoot(), 4)))",
        expected: "a rotation")
    }
    let w = max(0, 1 - square).squareRoot()
    let (xx, yy, zz) = (2 * x * x, 2 * y * y, 2 * z * z)
    let (xy, xz, yz) = (2 * x * y, 2 * x * z, 2 * y * z)
    let (xw, yw, zw) = (2 * x * w, 2 * y * w, 2 * z * w)
    return [1 - yy - zz, xy - zw, xz + yw] + [xy + zw, 1 - xx - zz, yz - xw]
      + [xz - yw, yz + xw, 1 - xx - yy]
  }

  /// Euler3DTransform: three angles in radians about x, y and z. R = Rz Rx Ry, or Rz Ry Rx where its fourth fixed
  /// parameter says so (itkEuler3DTransform.hxx, ComputeMatrix).
  private func rotation(_ angles: [Double], isZYX: Bool) -> [Double] {
    let c = angles.prefix(3).map { cos($0) }
    let s = angles.prefix(3).map { sin($0) }
    let x = [[1, 0, 0], [0, c[0], -s[0]], [0, s[0], c[0]]]
    let y = [[c[1], 0, s[1]], [0, 1, 0], [-s[1], 0, c[1]]]
    let z = [[c[2], -s[2], 0], [s[2], c[2], 0], [0, 0, 1]]
    func times(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
      a.map { row in (0..<3).map { n in row[0] * b[0][n] + row[1] * b[1][n] + row[2] * b[2][n] } }
    }
    return times(z, isZYX ? times(y, x) : times(x, y)).flatMap { $0 }
  }
}

// MARK: Fields

extension ITKTransform {
  /// A field's grid by its fixed parameters: size, origin, spacing, and direction row by row, LPS+.
  static func fieldGrid(_ fixed: [Double], _ name: String) throws(Problem) -> Grid {
    let odd = Problem(
      .data, name, "the grid of its displacement field is none",
      expected: "a size, an origin, voxels above 0 and a direction")
    guard fixed.count == 18, fixed.allSatisfy(\.isFinite),
      fixed[..<3].allSatisfy({ $0 == $0.rounded() && $0 > 1 && $0 <= 4096 }),
      fixed[6..<9].allSatisfy({ $0 > 1e-3 && $0 < 100 })
    else { throw odd }
    let n = fixed[..<3].map { Int($0) }
    // From voxels, so that only the world's side turns.
    let sign = [-1.0, -1, 1]
    var (turned, rows): ([[Double]], [[Double]]) = ([], [])
    for r in 0..<3 {
      let d = Array(fixed[9 + 3 * r..<12 + 3 * r])
      turned.append(d + [0])
      let scaled = [d[0] * fixed[6], d[1] * fixed[7], d[2] * fixed[8], fixed[3 + r]]
      rows.append(scaled.map { $0 * sign[r] })
    }
    let (world, turn) = (Affine(rows: rows), Affine(rows: turned))
    guard abs(abs(turn.determinant) - 1) < 1e-3,
      let grid = Grid(dimensions: (n[0], n[1], n[2]), worldFromVoxel: world)
    else { throw odd }
    return grid
  }

  private func displacements(_ name: String) throws(Problem) -> DisplacementField {
    let grid = try Self.fieldGrid(fixed, name)
    var values = field.isEmpty ? parameters.map { Float($0) } : field
    guard values.count == MemoryBudget.product(3, grid.count) else {
      throw Problem(
        .data, name, "its displacement field has \(values.count) numbers",
        expected: "\(MemoryBudget.product(3, grid.count)), three for each voxel")
    }
    flipXY(&values)
    return try DisplacementField(grid: grid, values: values, file: name)
  }
}

/// LPS+ shifts to RAS+ ones, three numbers a node.
func flipXY(_ values: inout [Float]) {
  for at in stride(from: 0, to: values.count - 2, by: 3) {
    values[at] = -values[at]
    values[at + 1] = -values[at + 1]
  }
}

// MARK: Lists

extension ITKTransform {
  /// What a list of transforms does to a point: of a composite the last one first.
  static func map(_ list: [ITKTransform], _ name: String) throws(Problem) -> SpatialMap {
    var parts = list
    if parts.first?.kind == composite {
      parts.removeFirst()
      guard !parts.isEmpty else {
        throw Problem(.data, name, "its composite is empty", expected: "transforms in it")
      }
    } else if parts.count != 1 {
      throw Problem(
        .data, name, "it holds \(parts.count) transforms that are no composite",
        expected: "one transform, or a CompositeTransform")
    }
    var out: [SpatialMap.Part] = []
    for part in parts.reversed() {
      guard part.kind != composite else {
        throw Problem(
          .data, name, "it holds a composite within a composite", expected: "one composite",
          remedy: "Flatten it, or give its parts one by one")
      }
      out.append(try part.part(name))
    }
    return SpatialMap(out)
  }
}

package import Basics
import Foundation
package import Imaging

/// Matrices of other programs, each with its own idea of axes and direction.
package enum ForeignTransform: String, Sendable, CaseIterable {
  /// Four rows of four numbers between RAS+ worlds.
  case matrix
  /// FLIRT: between scaled voxels of the two images, x turned round where the affine is right-handed.
  case fsl
  /// ITK and ANTs, text or .mat: LPS+ points of the fixed image to the moving one.
  case itk

  /// What the person says the file does.
  package enum Direction: String, Sendable, CaseIterable {
    /// It carries MOVING onto FIXED, as the program that made it uses the words.
    case forward = "moving-to-fixed"
    case backward = "fixed-to-moving"
  }

  /// The matrix from MOVING to FIXED between RAS+ worlds.
  ///
  /// - Parameters:
  ///   - direction: `forward`: FLIRT's `-in MOVING -ref FIXED -omat FILE`; ANTs' `-f FIXED -m MOVING`, or
  ///     `antsApplyTransforms -i MOVING -r FIXED -t FILE`; a matrix that takes points of MOVING to FIXED.
  ///   - moving, fixed: the two images; FLIRT's matrices mean nothing without their grids.
  package func fixedFromMoving(
    _ path: String, direction: Direction, moving: Grid, fixed: Grid
  ) throws(Problem) -> Affine {
    let name = fileName(path)
    let isForward = direction == .forward
    let out: Affine?
    switch self {
    case .matrix:
      let m = try matrix4(try readTextFile(path), file: name)
      out = isForward ? m : m.inverse
    case .fsl:
      let m = try matrix4(try readTextFile(path), file: name)
      let (from, to) = isForward ? (moving, fixed) : (fixed, moving)
      // world(to) = W(to) S(to)⁻¹ F S(from) W(from)⁻¹
      guard let unscaled = Self.scaled(to).inverse else { throw Self.singular(name) }
      let carried = to.worldFromVoxel.composed(after: unscaled).composed(after: m)
        .composed(after: Self.scaled(from)).composed(after: from.voxelFromWorld)
      out = isForward ? carried : carried.inverse
    case .itk:
      let pulled = try Self.itk(path).withFlippedXY
      // ITK resamples: its map takes points of the fixed image to the moving one.
      out = isForward ? pulled.inverse : pulled
    }
    guard let out, out.isFinite else { throw Self.singular(name) }
    return out
  }

  private static func singular(_ name: String) -> Problem {
    Problem(.data, name, "its matrix cannot be inverted", expected: "a rigid or affine transform")
  }

  /// FSL's millimetres from voxels: voxel times size, x counted from the other end where the affine keeps
  /// handedness (FSL's newimage coordinates).
  static func scaled(_ grid: Grid) -> Affine {
    let s = grid.spacing
    let flips = grid.worldFromVoxel.determinant > 0
    return Affine(rows: [
      [flips ? -s.0 : s.0, 0, 0, flips ? Double(grid.nx - 1) * s.0 : 0], [0, s.1, 0, 0],
      [0, 0, s.2, 0],
    ])
  }

  /// Transforms that are a 3×3 matrix, a translation and a centre.
  private static let affineNames = [
    "AffineTransform_double_3_3", "AffineTransform_float_3_3",
    "MatrixOffsetTransformBase_double_3_3", "MatrixOffsetTransformBase_float_3_3",
  ]

  private static let eulerNames = ["Euler3DTransform_double_3_3", "Euler3DTransform_float_3_3"]

  private static func itk(_ path: String) throws(Problem) -> Affine {
    let name = fileName(path)
    let source = try FileSource(path)
    guard source.size <= 1 << 20 else {
      throw Problem(
        .data, name, "it has \(source.size) bytes", expected: "an affine transform of ITK")
    }
    let bytes = try readText(source)
    let isText = bytes.starts(with: Array("#Insight Transform File".utf8))
    let (kind, parameters, fixed) =
      isText
      ? try itkText(String(decoding: bytes, as: UTF8.self), name) : try itkMatlab(bytes, name)
    let isRigid =
      eulerNames.contains(kind) && parameters.count == 6 && [3, 4].contains(fixed.count)
    guard isRigid || parameters.count == 12 && fixed.count == 3,
      (parameters + fixed).allSatisfy(\.isFinite)
    else {
      throw Problem(
        .data, name, "it has \(parameters.count) parameters and \(fixed.count) fixed ones",
        expected: "12 and 3, as of an affine transform, or 6 and 3, as of Euler3DTransform")
    }
    let matrix =
      isRigid ? rotation(parameters, isZYX: fixed.count == 4 && fixed[3] != 0) : parameters
    let shift = isRigid ? 3 : 9
    // y = A (x − c) + c + t
    return Affine(
      rows: (0..<3).map { r in
        let a = Array(matrix[3 * r..<3 * r + 3])
        let turned = a[0] * fixed[0] + a[1] * fixed[1] + a[2] * fixed[2]
        return a + [parameters[shift + r] + fixed[r] - turned]
      })
  }

  /// Euler3DTransform: three angles in radians about x, y and z. R = Rz Rx Ry, or Rz Ry Rx where its fourth fixed
  /// parameter says so (itkEuler3DTransform.hxx, ComputeMatrix).
  private static func rotation(_ angles: [Double], isZYX: Bool) -> [Double] {
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

  private static func itkText(
    _ text: String, _ name: String
  ) throws(Problem) -> (String, [Double], [Double]) {
    var kind: String?
    var parameters: [Double] = []
    var fixed: [Double] = []
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      let value = parts[1].split(separator: " ")
      switch parts[0] {
      case "Transform":
        guard kind == nil else {
          throw Problem(
            .data, name, "it holds more than one transform", expected: "one affine transform")
        }
        kind = value.first.map(String.init)
      case "Parameters": parameters = value.compactMap { Double($0) }
      case "FixedParameters": fixed = value.compactMap { Double($0) }
      default: break
      }
    }
    return (try requireAffine(kind, name), parameters, fixed)
  }

  private static func requireAffine(_ kind: String?, _ name: String) throws(Problem) -> String {
    guard let kind, (affineNames + eulerNames).contains(kind) else {
      throw Problem(
        .data, name, "it holds a transform of kind \(visibleText(kind ?? "unknown", limit: 60))",
        expected:
          "an affine transform (AffineTransform, MatrixOffsetTransformBase or Euler3DTransform)")
    }
    return kind
  }

  /// MATLAB level 4: five numbers of 32 bits (type, rows, columns, imaginary, length of the name), the
  /// name, the values column by column.
  private static func itkMatlab(
    _ bytes: [UInt8], _ name: String
  ) throws(Problem) -> (String, [Double], [Double]) {
    let broken = Problem(
      .data, name, "it is neither ITK's text nor a MATLAB level 4 file",
      expected: "an affine transform of ITK")
    func word(_ at: Int) -> Int? {
      guard at + 4 <= bytes.count else { return nil }
      return Int(
        UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2]) << 16
          | UInt32(bytes[at + 3]) << 24)
    }
    var at = 0
    var found: [(name: String, values: [Double])] = []
    while at < bytes.count, found.count < 8 {
      guard let type = word(at), let rows = word(at + 4), let columns = word(at + 8),
        let imaginary = word(at + 12), let length = word(at + 16), type == 0 || type == 10,
        imaginary == 0, rows > 0, columns > 0, rows <= 64, columns <= 64, length > 0, length <= 64
      else { throw broken }
      let size = type == 0 ? 8 : 4
      let start = at + 20 + length
      guard start + rows * columns * size <= bytes.count else { throw broken }
      let title = String(
        decoding: bytes[at + 20..<start].prefix { $0 != 0 }, as: UTF8.self)
      let values = (0..<rows * columns).map { n -> Double in
        var bits: UInt64 = 0
        for b in 0..<size { bits |= UInt64(bytes[start + n * size + b]) << UInt64(8 * b) }
        return size == 8
          ? Double(bitPattern: bits) : Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
      }
      found.append((title, values))
      at = start + rows * columns * size
    }
    guard found.count == 2, let fixed = found.first(where: { $0.name == "fixed" }),
      let main = found.first(where: { $0.name != "fixed" })
    else { throw broken }
    return (try requireAffine(main.name, name), main.values, fixed.values)
  }
}

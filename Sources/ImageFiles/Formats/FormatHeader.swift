import Basics
import Imaging

extension ImageHeader {
  /// The header of an image whose format has one matrix; the same limits hold as for NIfTI.
  ///
  /// - Parameters:
  ///   - shape: voxels along x, y and z, and frames; each at least 1.
  ///   - matrix: voxel to RAS+ mm; nil where the file does not say where it lies, so that sides are unknown.
  ///   - sizeMillimetres: of a voxel, used where there is no matrix.
  ///   - formCode: what the world is, in NIfTI's codes (1 scanner, 2 aligned, 3 Talairach, 4 MNI).
  init(
    path: String, shape: [Int], type: SampleType, slope: Double = 1, intercept: Double = 0,
    matrix: Affine?, sizeMillimetres: [Double], formCode: Int,
    repetitionTimeSeconds: Double? = nil, findings: [Finding]
  ) throws(Problem) {
    let name = fileName(path)
    var findings = findings
    for (axis, n) in shape.enumerated() where n < 1 || n > Int(Int32.max) {
      throw Problem(
        .data, name, "it claims \(n) values along dimension \(axis + 1)",
        expected: "a positive size")
    }
    let elements = shape.reduce(1) { MemoryBudget.product($0, $1) }
    guard elements < Gate.mostElements else {
      throw Problem(
        .data, name, "its size \(shape.map(String.init).joined(separator: "×")) is beyond reason",
        expected: "fewer than 2^31 voxels")
    }
    if let matrix {
      guard matrix.isFinite else {
        throw Problem(.data, name, "its matrix holds a number that is not finite")
      }
      try RawHeader.checkShape(matrix, "matrix", name)
    } else {
      findings.append(
        Finding(
          "laterality-unknown", .blocking,
          "The file does not say which side is left, nor where it lies."))
    }
    let placed: Affine
    if let matrix {
      placed = matrix
    } else {
      placed = try Self.centred(shape, sizeMillimetres, name)
    }
    guard let grid = Grid(dimensions: (shape[0], shape[1], shape[2]), worldFromVoxel: placed) else {
      throw Problem(.data, name, "its geometry cannot be inverted")
    }
    self.init(
      path: path, name: name, shape: shape, dimensionCount: shape[3] > 1 ? 4 : 3,
      spacing: grid.spacing, type: type, slope: slope, intercept: intercept,
      form: matrix == nil ? .none : .format, statedFormCode: matrix == nil ? 0 : formCode,
      formsApartMillimetres: nil, affine: matrix, grid: grid,
      laterality: matrix == nil ? .unknown : .known, isSimulated: false, isSyntheticPerson: false,
      headerRepetitionTimeSeconds: repetitionTimeSeconds, noticed: findings)
    lineage = Lineage(ofFile: path)
    noticed += lineage.inherited
  }

  /// The voxel sizes alone, around the middle of the image.
  private static func centred(
    _ shape: [Int], _ size: [Double], _ name: String
  ) throws(Problem) -> Affine {
    guard size.allSatisfy({ $0.isFinite && $0 >= 0.01 && $0 <= 1000 }) else {
      throw Problem(
        .data, name, "it has no matrix and no usable voxel size", expected: "a geometry")
    }
    let middle = (0..<3).map { -Double(shape[$0] - 1) / 2 * size[$0] }
    return Affine(
      spacing: (size[0], size[1], size[2]), origin: WorldPoint(middle[0], middle[1], middle[2]))
  }

  /// A repetition time that is plausible; what is not becomes a finding.
  static func plausibleTime(
    _ seconds: Double?, frames: Int, _ findings: inout [Finding]
  ) -> Double? {
    guard frames > 1 else { return nil }
    guard let seconds, seconds.isFinite, Gate.plausibleRepetitionTime.contains(seconds) else {
      findings.append(
        Finding(
          "tr-unknown", .warning,
          seconds.map {
            "A repetition time of \(plainNumber($0)) s is not plausible (0.05 to 20 s) and taken as "
              + "unknown. State it with --tr."
          } ?? "The file states no repetition time. State it with --tr."))
      return nil
    }
    return seconds
  }
}

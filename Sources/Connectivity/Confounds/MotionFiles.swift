package import Basics
import Imaging

extension Confounds {
  /// Reads a confounds file of any kind that is known, by its name: a tab-separated table
  /// (fMRIPrep, BIDS), FSL's `.par`, AFNI's `.1D`, HCP's `Movement_Regressors….txt`, SPM's `rp_….txt`.
  package init(text: String, file: String) throws(Problem) {
    let name = file.lowercased()
    if name.hasSuffix(".par") {
      self = try Self.numbers(text, file, as: .fsl)
    } else if name.hasSuffix(".1d") {
      self = try Self.numbers(text, file, as: .afni)
    } else if name.hasPrefix("movement_regressors"), name.hasSuffix(".txt") {
      self = try Self.numbers(text, file, as: .hcp)
    } else if name.hasPrefix("rp_") || name.contains("_rp_"), name.hasSuffix(".txt") {
      self = try Self.numbers(text, file, as: .spm)
    } else {
      try self.init(tsv: text, file: file)
    }
  }

  private enum MotionFormat {
    /// mcflirt: rotations about x, y, z in radians, then translations in mm.
    case fsl
    /// 3dvolreg -1Dfile: roll, pitch, yaw in degrees, then dS, dL, dP in mm.
    case afni
    /// HCP: translations in mm, rotations in degrees, then the differences of each.
    case hcp
    /// spm_realign: translations in mm, then pitch, roll, yaw in radians.
    case spm
  }

  private static let motionNames = ["trans_x", "trans_y", "trans_z", "rot_x", "rot_y", "rot_z"]

  /// Columns of numbers without a header, as motion parameters in mm and radians.
  ///
  /// AFNI's axes point to superior, left and posterior, ours to right, anterior and superior, so
  /// left and posterior change sign; displacement and regression do not see it.
  private static func numbers(
    _ text: String, _ file: String, as format: MotionFormat
  ) throws(Problem) -> Confounds {
    var rows: [[Double]] = []
    for line in text.split(whereSeparator: \.isNewline) where !line.hasPrefix("#") {
      let cells = line.split { $0 == " " || $0 == "\t" }
      if cells.isEmpty { continue }
      let values = cells.compactMap { Double($0) }
      guard values.count == cells.count, values.allSatisfy(\.isFinite) else {
        throw Problem(
          .data, file, "row \(rows.count + 1) holds something that is no number",
          expected: "numbers separated by blanks")
      }
      rows.append(values)
    }
    let expected = format == .hcp ? [12, 6] : [6]
    guard let width = rows.first?.count, expected.contains(width),
      rows.allSatisfy({ $0.count == width })
    else {
      throw Problem(
        .data, file, rows.isEmpty ? "it is empty" : "its rows have \(rows[0].count) numbers",
        expected: "\(expected.map(String.init).joined(separator: " or ")) in every row")
    }
    let degree = Double.pi / 180
    let order: [(Int, Double)] =
      switch format {
      case .fsl: [(3, 1), (4, 1), (5, 1), (0, 1), (1, 1), (2, 1)]
      case .afni: [(4, -1), (5, -1), (3, 1), (1, degree), (2, -degree), (0, degree)]
      case .hcp: [(0, 1), (1, 1), (2, 1), (3, degree), (4, degree), (5, degree)]
      case .spm: (0..<6).map { ($0, 1) }
      }
    return Confounds(
      names: motionNames, columns: order.map { at, scale in rows.map { $0[at] * scale } })
  }
}

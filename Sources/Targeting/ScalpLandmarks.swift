package import Basics
import Glibc
package import Imaging

/// EEG positions on the scalp in MNI millimetres, as published caps have them: F3 alone moves by up to
/// 17 mm from one to the next, so a position is never shown without its cap.
package enum ScalpLandmarks {
  package enum Cap: String, Sendable, CaseIterable {
    case okamoto2004 = "Okamoto 2004"
    case cutini2011 = "Cutini 2011"
    case spm12 = "SPM12 extended 10-20"
  }

  package static func position(_ label: String, _ cap: Cap) -> WorldPoint? {
    table[label].flatMap { $0[cap] }
  }

  package static var labels: [String] { table.keys.sorted() }

  private static let table: [String: [Cap: WorldPoint]] = [
    "F3": [
      .okamoto2004: WorldPoint(-43.3, 58.3, 40.2), .cutini2011: WorldPoint(-48.6, 53.8, 38.2),
      .spm12: WorldPoint(-48.2, 45.4, 49.2),
    ],
    "F4": [
      .okamoto2004: WorldPoint(47.1, 57.1, 40.1), .cutini2011: WorldPoint(49.3, 54.4, 40.6),
      .spm12: WorldPoint(53.6, 46.2, 44.5),
    ],
    "F5": [
      .cutini2011: WorldPoint(-62.9, 47, 13), .spm12: WorldPoint(-62.9, 43.4, 21.1),
    ],
    "F1": [
      .cutini2011: WorldPoint(-29, 58.4, 54.5), .spm12: WorldPoint(-24.8, 46.1, 68),
    ],
    "AF3": [
      .cutini2011: WorldPoint(-39.1, 70.9, 23.6), .spm12: WorldPoint(-33.1, 72.3, 30.3),
    ],
    "FC3": [
      .cutini2011: WorldPoint(-59.3, 24.6, 51.5), .spm12: WorldPoint(-58.7, 14.2, 59.5),
    ],
    "Fz": [
      .okamoto2004: WorldPoint(0, 52.6, 70.5), .cutini2011: WorldPoint(0, 58, 66),
      .spm12: WorldPoint(2.3, 47.1, 74.5),
    ],
    "Cz": [
      .okamoto2004: WorldPoint(0.9, -13.5, 98.6), .cutini2011: WorldPoint(0, -9.5, 97.7),
      .spm12: WorldPoint(2.8, -23.4, 99.9),
    ],
    "C3": [
      .okamoto2004: WorldPoint(-61.8, -13.4, 68.9), .cutini2011: WorldPoint(-66.1, -11, 63.1),
      .spm12: WorldPoint(-66.8, -20.2, 65.6),
    ],
  ]
}

/// Where Beam's method puts F3, from three measures of a head.
package struct BeamF3: Sendable, Equatable {
  /// From the midline along the circumference, and from the vertex, in centimetres.
  package let alongCircumferenceCentimetres: Double
  package let fromVertexCentimetres: Double
  /// The same with the 3.5 mm that the arc from the vertex is too short on average
  /// (Mir-Moghtadaei 2015).
  package var adjustedFromVertexCentimetres: Double { fromVertexCentimetres + 0.35 }

  /// The formulas of the method's own website (Beam 2009); those of the printed paper give places
  /// outside of any head.
  ///
  /// - Parameters: tragus to tragus over the vertex, nasion to inion, circumference; in centimetres.
  /// - Throws: measures that no head has.
  package init(
    tragusTragus tt: Double, nasionInion ni: Double, circumference hc: Double
  ) throws(Problem) {
    for (value, option, range) in [
      (tt, "--tragus", 25.0...50.0), (ni, "--nasion", 25.0...50.0),
      (hc, "--circumference", 40.0...75.0),
    ] {
      guard range.contains(value) else {
        throw Problem(
          .usage, option, "\(plainNumber(value, 2)) cm is no head",
          expected: "\(plainNumber(range.lowerBound)) to \(plainNumber(range.upperBound)) cm")
      }
    }
    let degree = Double.pi / 180
    let r2 = 0.4 * tt
    let r1 = 0.4 * ni
    let a = (r2 * sin(324 * degree) + r1 / 2) / r2
    let b = r1 * sin(298 * degree) / (r1 * cos(298 * degree) - r2 / 2)
    let x = 0.5 * (r1 - r2 * b) / (a - b)
    let y = a * x - r1 / 2
    let angle = atan(y / x) / degree
    fromVertexCentimetres = 0.91 * (x * x + y * y).squareRoot()
    alongCircumferenceCentimetres = hc / 4 * (90 + angle) / 90
  }
}

package import Basics
import Imaging

/// A parallel-hole collimator with its crystal: how wide a point is seen at a distance.
///
/// The spread is a Gaussian of σ(z) = √((a z + b)² + c²) with a = k d / (L − 2/μ), b = k d, c = k Rᵢ and
/// k = 1 / √(8 ln 2): hole diameter d, hole length L, lead's attenuation μ at 140.5 keV, intrinsic
/// FWHM Rᵢ of the crystal (the usual geometric formula, Anger 1964).
package struct Collimator: Sendable, Equatable {
  /// The name that options and sidecars use.
  package let name: String
  /// Growth of the geometric σ with distance, dimensionless.
  package let slope: Double
  /// Geometric σ on the collimator's face, in millimetres.
  package let atFace: Double
  /// σ of the crystal, in millimetres.
  package let intrinsic: Double

  /// FWHM of a usual crystal in millimetres.
  package static let usualIntrinsicFWHM = 3.8
  /// Attenuation of lead at 140.5 keV, per centimetre.
  static let leadPerCentimetre = 28.34

  /// - Parameters:
  ///   - hole: diameter of a hole in millimetres.
  ///   - length: length of a hole in millimetres, longer than 2/μ of lead (0.7 mm).
  ///   - intrinsicFWHM: of the crystal, in millimetres.
  package init(
    name: String, hole: Double, length: Double,
    intrinsicFWHM: Double = Collimator.usualIntrinsicFWHM
  ) {
    self.name = name
    atFace = sigma(fromFWHM: hole)
    slope = atFace / (length - 20 / Collimator.leadPerCentimetre)
    intrinsic = sigma(fromFWHM: intrinsicFWHM)
  }

  /// A collimator known by its σ in millimetres: slope × distance + atFace, and the crystal's.
  package init(name: String, slope: Double, atFace: Double, intrinsic: Double) {
    self.name = name
    self.slope = slope
    self.atFace = atFace
    self.intrinsic = intrinsic
  }

  /// σ in millimetres at a distance from the face in millimetres; behind the face as on it.
  package func deviation(atDistance distance: Double) -> Double {
    let geometric = slope * max(0, distance) + atFace
    return (geometric * geometric + intrinsic * intrinsic).squareRoot()
  }

  /// Full width at half maximum in millimetres at a distance from the face in millimetres.
  package func fwhm(atDistance distance: Double) -> Double {
    deviation(atDistance: distance) * 2.354820045030949
  }

  /// Hole diameter and length of parallel-hole collimators in millimetres: published dimensions.
  static let dimensions: [(name: String, hole: Double, length: Double)] = [
    ("symbia-lehr", 1.11, 24.05), ("symbia-leap", 1.45, 24.05), ("ecam-leuhr", 1.16, 35.8),
    ("ge-lehr", 1.50, 35.0), ("prism-leuhr", 1.40, 34.9), ("brightview-lehr", 1.22, 27.0),
    ("mediso-leuhr", 1.40, 40.0),
  ]

  /// The names of those that are built in; the first is the default.
  package static var names: [String] { dimensions.map(\.name) }

  /// A built-in collimator.
  ///
  /// - Throws: a name that is none of `names`, or an intrinsic width that no crystal has.
  package static func named(
    _ name: String, intrinsicFWHM: Double = usualIntrinsicFWHM
  ) throws(Problem) -> Collimator {
    guard let found = dimensions.first(where: { $0.name == name.lowercased() }) else {
      throw Problem(
        .usage, name, "there is no such collimator",
        expected: "one of \(names.joined(separator: ", "))")
    }
    guard intrinsicFWHM.isFinite, (0...20).contains(intrinsicFWHM) else {
      throw Problem(
        .usage, "--intrinsic", "\(plainNumber(intrinsicFWHM)) mm is no useful width",
        expected: "0 to 20 mm")
    }
    return Collimator(
      name: found.name, hole: found.hole, length: found.length, intrinsicFWHM: intrinsicFWHM)
  }
}

package import Basics
package import Imaging

/// Ictal minus interictal perfusion (SISCOM: O'Brien 1998; normalise, subtract, 2 SD).
package struct Subtraction: Sendable {
  /// Difference in per cent of the reference, NaN outside the brain.
  package let difference: Volume
  /// (difference − mean)/SD over the brain.
  package let score: Volume
  /// Mean and SD (n − 1) of the difference over the brain, in per cent of the reference.
  package let mean: Double
  package let standardDeviation: Double
  /// Per cent of the brain's voxels at or beyond ±2 SD; 4.6 would be a Gaussian's.
  package let percentBeyondTwo: Double
  /// Pearson r of the two images over the brain: low where they do not lie on each other.
  package let similarity: Double

  /// Below this similarity the two may not lie on each other.
  package static let leastSimilarity = 0.8

  /// - Parameters:
  ///   - ictal, interictal: registered, on one grid, any units.
  ///   - brain: where both are normalised to 100 % and the SD is taken.
  /// - Throws: no common data, or no difference at all.
  package init(ictal: Volume, interictal: Volume, brain: Mask) throws(Problem) {
    precondition(ictal.grid.count == interictal.grid.count)
    let common = Mask(grid: brain.grid, origin: brain.origin) {
      brain.places[$0] >= 0 && ictal.values[$0].isFinite && interictal.values[$0].isFinite
    }
    let a = try Uptake(ictal, reference: common, name: "ictal").referenceMean
    let b = try Uptake(interictal, reference: common, name: "interictal").referenceMean
    let pairs = common.offsets.map {
      (100 * Double(ictal.values[Int($0)]) / a, 100 * Double(interictal.values[Int($0)]) / b)
    }
    let n = Double(pairs.count)
    let mean = pairs.reduce(0) { $0 + ($1.0 - $1.1) } / n
    let squares = pairs.reduce(0) { sum, p in
      let d = p.0 - p.1 - mean
      return sum + d * d
    }
    let sd = (squares / max(1, n - 1)).squareRoot()
    guard sd > 0 else {
      throw Problem(
        .data, "interictal", "the two images do not differ", expected: "two examinations")
    }
    difference = common.volume(pairs.map { Float($0.0 - $0.1) })
    score = common.volume(pairs.map { Float(($0.0 - $0.1 - mean) / sd) })
    self.mean = mean
    standardDeviation = sd
    percentBeyondTwo =
      100 * pairs.reduce(0) { $0 + (abs($1.0 - $1.1 - mean) >= 2 * sd ? 1 : 0) } / n
    let (ma, mb) = (pairs.reduce(0) { $0 + $1.0 } / n, pairs.reduce(0) { $0 + $1.1 } / n)
    var (saa, sbb, sab) = (0.0, 0.0, 0.0)
    for (x, y) in pairs {
      saa += (x - ma) * (x - ma)
      sbb += (y - mb) * (y - mb)
      sab += (x - ma) * (y - mb)
    }
    similarity = saa > 0 && sbb > 0 ? sab / (saa * sbb).squareRoot() : 0
  }
}

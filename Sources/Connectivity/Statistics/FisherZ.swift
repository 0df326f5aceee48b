import Glibc

/// Fisher's z: atanh r, with |r| clipped to 1 − 1e-7 so that a voxel with itself stays finite.
package func fisherZ(_ r: Double) -> Double { atanh(max(-1 + 1e-7, min(1 - 1e-7, r))) }

/// Pearson r of two series given by their coordinates, whose means the projection removed; NaN where one
/// is nothing.
package func correlation(_ a: [Double], _ b: [Double]) -> Double {
  var (aa, bb, ab) = (0.0, 0.0, 0.0)
  for (x, y) in zip(a, b) {
    aa += x * x
    bb += y * y
    ab += x * y
  }
  return aa > 0 && bb > 0 ? ab / (aa * bb).squareRoot() : .nan
}

/// r of a Fisher z.
package func correlation(ofFisherZ z: Double) -> Double { tanh(z) }

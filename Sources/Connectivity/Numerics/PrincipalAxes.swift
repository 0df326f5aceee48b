package import Basics
package import Imaging

/// Standard deviations of a cloud of points along its principal axes, the longest first, with the axes
/// as unit vectors; empty with fewer than four points.
package func principalAxes(
  _ cloud: [WorldPoint]
) throws(Problem) -> [(millimetres: Double, axis: WorldPoint)] {
  guard cloud.count >= 4 else { return [] }
  let n = Double(cloud.count)
  let mean = (0..<3).map { axis in cloud.reduce(0.0) { $0 + $1[axis] } / n }
  var covariance = [Double](repeating: 0, count: 9)
  for point in cloud {
    for a in 0..<3 {
      for b in 0..<3 {
        covariance[3 * a + b] += (point[a] - mean[a]) * (point[b] - mean[b]) / (n - 1)
      }
    }
  }
  let found = try LinearAlgebra.leadingEigenvectors(covariance, 3, count: 3)
  return zip(found.values, found.vectors).map { value, v in
    (max(0, value).squareRoot(), WorldPoint(v[0], v[1], v[2]))
  }
}

import Basics
import Imaging

extension ReducedSeries {
  /// Pearson r of many series with some voxels, one row of `places.count` numbers a series; 0 without data.
  ///
  /// - Parameter series: coordinates, each of length 1.
  package func correlations(of series: [[Float]], at places: [Int]) -> [[Float]] {
    let (d, n) = (degreesOfFreedom, places.count)
    guard n > 0, !series.isEmpty else { return series.map { _ in [] } }
    precondition(series.allSatisfy { $0.count == d })
    var columns = [Float](repeating: 0, count: d * n)
    for row in 0..<d {
      for (at, place) in places.enumerated() {
        columns[row * n + at] = unit[row * voxelCount + place]
      }
    }
    let rows = series.flatMap { $0 }
    var out = [Float](repeating: 0, count: series.count * n)
    out.withUnsafeMutableBufferPointer { out in
      rows.withUnsafeBufferPointer { rows in
        columns.withUnsafeBufferPointer { columns in
          guard let a = rows.baseAddress, let b = columns.baseAddress, let c = out.baseAddress
          else { return }
          LinearAlgebra.multiply(series.count, n, d, a, b, ldb: n, c, ldc: n)
        }
      }
    }
    return series.indices.map { Array(out[$0 * n..<($0 + 1) * n]) }
  }
}

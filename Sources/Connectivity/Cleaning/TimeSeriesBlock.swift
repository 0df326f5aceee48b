/// Cleaned series of some voxels, frame after frame.
package struct TimeSeriesBlock: Sendable {
  package let voxelCount: Int
  private let values: [Float]

  init(voxelCount: Int, values: [Float]) {
    self.voxelCount = voxelCount
    self.values = values
  }

  /// One kept frame: a number per voxel.
  package func withFrame<R>(_ t: Int, _ body: (UnsafePointer<Float>) -> R) -> R? {
    values.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { body($0 + t * voxelCount) }
    }
  }
}

extension ReducedSeries {
  /// Cleaned series of some voxels, each of length 1; 0 without data.
  package func timeSeries(of places: [Int]) -> TimeSeriesBlock {
    let n = places.count
    let t = projection.frameCount
    let d = degreesOfFreedom
    let rows = unitCoordinates(of: places)
    var coordinates = [Float](repeating: 0, count: d * n)
    for v in 0..<n { for k in 0..<d { coordinates[k * n + v] = rows[v * d + k] } }
    let basis = projection.denseBasis()
    var out = [Float](repeating: 0, count: t * n)
    out.withUnsafeMutableBufferPointer { out in
      basis.withUnsafeBufferPointer { basis in
        coordinates.withUnsafeBufferPointer { c in
          if let out = out.baseAddress, let b = basis.baseAddress, let c = c.baseAddress {
            LinearAlgebra.multiplyTransposed(t, n, d, b, c, ldb: n, out)
          }
        }
      }
    }
    return TimeSeriesBlock(voxelCount: n, values: out)
  }
}

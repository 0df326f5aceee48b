import Basics

/// One image: a number per voxel, NaN where there is no data.
package final class Volume: Sendable {
  package let grid: Grid
  /// One value per voxel, i fastest.
  package let values: [Float]

  package init(grid: Grid, values: [Float]) {
    precondition(values.count == grid.count)
    self.grid = grid
    self.values = values
  }

  package subscript(_ v: VoxelIndex) -> Float { values[grid.offset(v)] }

  /// The value of the voxel that contains a world point; NaN outside.
  package func nearest(_ w: WorldPoint) -> Float {
    guard let v = grid.nearestVoxel(w) else { return .nan }
    return self[v]
  }

  /// A percentile of the finite values, 0…100, linear between order statistics; nil without any.
  package func percentile(_ percent: Double) -> Float? {
    boldspectPercentile(values.filter(\.isFinite), percent)
  }

  /// Smallest and largest finite value.
  package var range: (low: Float, high: Float)? {
    var low = Float.infinity
    var high = -Float.infinity
    for v in values where v.isFinite {
      low = min(low, v)
      high = max(high, v)
    }
    return low <= high ? (low, high) : nil
  }
}

/// Percentile with linear interpolation between order statistics (numpy's default).
package func boldspectPercentile(_ values: [Float], _ percent: Double) -> Float? {
  guard !values.isEmpty else { return nil }
  let sorted = values.sorted()
  let place = percent / 100 * Double(sorted.count - 1)
  let low = wholeNumber(place, in: 0...sorted.count - 1)
  let high = min(low + 1, sorted.count - 1)
  let weight = place - Double(low)
  return Float(Double(sorted[low]) * (1 - weight) + Double(sorted[high]) * weight)
}

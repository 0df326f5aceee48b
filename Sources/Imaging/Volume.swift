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

  /// How many voxels of a mask on the same grid have no number.
  package func countWithoutData(in mask: Mask) -> Int {
    mask.offsets.reduce(0) { $0 + (values[Int($1)].isFinite ? 0 : 1) }
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
  var some = values
  let place = percent / 100 * Double(some.count - 1)
  let low = wholeNumber(place, in: 0...some.count - 1)
  putInPlace(low, of: &some)
  let weight = place - Double(low)
  let next = some[min(low + 1, some.count - 1)...].reduce(Float.infinity) { $1 < $0 ? $1 : $0 }
  return Float(Double(some[low]) * (1 - weight) + Double(next) * weight)
}

/// Puts the value that would stand at an index of the sorted values there, nothing larger before it and nothing
/// smaller behind it: Hoare's selection, which does not sort what nobody asks for.
private func putInPlace(_ index: Int, of values: inout [Float]) {
  var (low, high) = (0, values.count - 1)
  var rounds = 0
  while low < high {
    rounds += 1
    if rounds > 100 {
      // An order in which every pivot is a bad one.
      values[low...high].sort()
      return
    }
    let (a, b, c) = (values[low], values[(low + high) / 2], values[high])
    let pivot = max(min(a, b), min(max(a, b), c))
    var (i, j) = (low, high)
    while i <= j {
      while values[i] < pivot { i += 1 }
      while pivot < values[j] { j -= 1 }
      if i <= j {
        values.swapAt(i, j)
        i += 1
        j -= 1
      }
    }
    if index <= j {
      high = j
    } else if index >= i {
      low = i
    } else {
      return
    }
  }
}

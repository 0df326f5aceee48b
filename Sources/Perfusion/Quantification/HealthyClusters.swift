import Basics
package import Imaging

/// The largest cluster of each of some normal people, each held against the others: what size is
/// expected of somebody healthy.
package struct HealthyClusters: Sendable, Equatable {
  /// Voxels of each person's largest cluster, ascending; 0 where there is none.
  package let decreases: [Int]
  package let increases: [Int]
  package let voxelVolume: Double

  /// - Parameters:
  ///   - count: how many people; each is compared with `count` − 1 others by their Crawford–Howell z.
  ///   - percent: a person's voxel in per cent of the reference; NaN without data.
  package init(
    count: Int, in mask: Mask, threshold: Double,
    percent: @Sendable (_ person: Int, _ voxel: Int) -> Double
  ) {
    let offsets = mask.offsets.map(Int.init)
    var sums = [Double](repeating: 0, count: offsets.count)
    var squares = sums
    var middles = sums
    // Around the first person's value, so that the difference of squares keeps its digits.
    for (n, voxel) in offsets.enumerated() {
      middles[n] = percent(0, voxel)
      for person in 0..<count {
        let d = percent(person, voxel) - middles[n]
        sums[n] += d
        squares[n] += d * d
      }
    }
    let (all, allSquares, middle) = (sums, squares, middles)
    let score = CrawfordHowell(count: count - 1)
    let others = Double(count - 1)
    let sizes = parallelMap(count) { person -> (Int, Int) in
      var low = [Bool](repeating: false, count: mask.grid.count)
      var high = low
      for (n, voxel) in offsets.enumerated() {
        let own = percent(person, voxel) - middle[n]
        let mean = (all[n] - own) / others
        let variance = (allSquares[n] - own * own - others * mean * mean) / (others - 1)
        guard variance > 1e-12 * mean * mean, variance > 0 else { continue }
        let deviation = (own - mean) / variance.squareRoot()
        // Far below the threshold there is no need of the exact z.
        guard abs(deviation) >= threshold else { continue }
        let z = score.z(ofDeviation: deviation)
        low[voxel] = z <= -threshold
        high[voxel] = z >= threshold
      }
      func largest(_ inside: [Bool]) -> Int {
        connectedPieces(inside, mask.grid, faces: false).map(\.count).max() ?? 0
      }
      return (largest(low), largest(high))
    }
    decreases = sizes.map(\.0).sorted()
    increases = sizes.map(\.1).sorted()
    voxelVolume = mask.grid.voxelVolume
  }

  package var people: Int { decreases.count }

  /// How many people have a cluster of that size or larger in the same direction.
  package func peopleWithAsLarge(_ cluster: PerfusionCluster) -> Int {
    (cluster.isDecrease ? decreases : increases).count { $0 >= cluster.voxels }
  }

  /// Middle and largest of a direction in cubic millimetres.
  package func sizes(decrease: Bool) -> (median: Double, largest: Double) {
    let sorted = decrease ? decreases : increases
    let n = sorted.count
    let middle = Double(sorted[(n - 1) / 2] + sorted[n / 2]) / 2
    return (middle * voxelVolume, Double(sorted[n - 1]) * voxelVolume)
  }
}

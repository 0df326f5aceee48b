import Basics
import Glibc
import Imaging

/// Correlations between voxels of noise that lie a fixed step apart, over all frames.
struct SpatialAutocorrelation: Sendable {
  let mask: Mask
  /// Whether all values are the same.
  let isFlat: Bool
  /// Sixteen frames at a time, a vector for each mask voxel: a pair is one product, whatever lies between.
  private let groups: [[SIMD16<Float>]]
  /// Each voxel's sum of squares over the frames.
  private let squares: [Double]

  /// Independent frames that each voxel's own RMS was taken of; nil where nothing was divided by one.
  private let normalisedBy: Double?

  /// - Parameters:
  ///   - frames: one row of mask values for each; their mean over the mask is removed.
  ///   - normalisedBy: independent frames that each voxel's own RMS was taken of.
  init(_ frames: [[Float]], in mask: Mask, normalisedBy: Double? = nil) {
    self.mask = mask
    self.normalisedBy = normalisedBy
    let means = frames.map { row in
      row.reduce(0.0) { $0 + Double($1) } / Double(max(1, row.count))
    }
    isFlat = !zip(frames, means).contains { row, mean in row.contains { Double($0) != mean } }
    let groups = parallelMap((frames.count + 15) / 16) { g in
      var rows = [SIMD16<Float>](repeating: .zero, count: mask.count)
      for lane in 0..<min(16, frames.count - 16 * g) {
        let mean = means[16 * g + lane]
        let row = frames[16 * g + lane]
        for p in rows.indices { rows[p][lane] = Float(Double(row[p]) - mean) }
      }
      return rows
    }
    self.groups = groups
    var squares = [Double](repeating: 0, count: mask.count)
    for group in groups {
      for p in group.indices { squares[p] += Double((group[p] * group[p]).sum()) }
    }
    self.squares = squares
  }

  /// What pairs of voxels one step apart say.
  struct Pairs {
    /// Pearson's r about 0, over all pairs and frames.
    let correlation: Double
    let count: Int
  }

  /// - Parameter step: in voxels; nil without at least 100 pairs.
  func pairs(_ step: VoxelIndex) -> Pairs? {
    let grid = mask.grid
    var first: [Int32] = []
    var second: [Int32] = []
    first.reserveCapacity(mask.count)
    second.reserveCapacity(mask.count)
    for (place, offset) in mask.offsets.enumerated() {
      let v = grid.index(at: Int(offset))
      let w = VoxelIndex(v.i + step.i, v.j + step.j, v.k + step.k)
      guard grid.contains(w) else { continue }
      let other = mask.places[grid.offset(w)]
      if other >= 0 {
        first.append(Int32(place))
        second.append(other)
      }
    }
    guard first.count >= 100 else { return nil }
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for n in first.indices {
      xx += squares[Int(first[n])]
      yy += squares[Int(second[n])]
    }
    for group in groups {
      group.withUnsafeBufferPointer { values in
        var sum = SIMD16<Float>.zero
        for n in 0..<first.count {
          sum += values[Int(first[n])] * values[Int(second[n])]
          // Emptied into a double before single precision runs out.
          if n % 512 == 511 {
            xy += Double(sum.sum())
            sum = .zero
          }
        }
        xy += Double(sum.sum())
      }
    }
    guard xx > 0, yy > 0 else { return nil }
    let r = xy / (xx * yy).squareRoot()
    // A correlation of n values that are divided by their own RMS is too small by r (1 − r²)/2n (Hotelling).
    let shrunk = normalisedBy.map { (1 - r * r) / (2 * $0) } ?? 0
    return Pairs(correlation: min(1, r * (1 + shrunk)), count: first.count)
  }

  /// Forman's estimate from first differences (Forman 1995; Kiebel 1999): dx·√(−2 ln 2/ln(1 − var Δ/2 var)),
  /// the FWHM of the kernel itself. Nil where neighbours are not correlated at all.
  ///
  /// - Parameter axis: 0 is i, 1 is j, 2 is k.
  func firstDifferenceFWHM(_ axis: Int) -> Double? {
    let s = mask.grid.spacing
    let spacing = [s.0, s.1, s.2][axis]
    guard let neighbours = pairs(step(axis, 1)) else { return nil }
    // With both variances over the same pairs 1 − var Δ/2 var is their correlation.
    let r = neighbours.correlation
    guard r > 0.02, r < 1 else { return nil }
    return spacing * (-2 * 0.693_147_180_559_945_3 / log(r)).squareRoot()
  }

  func step(_ axis: Int, _ n: Int) -> VoxelIndex {
    VoxelIndex(axis == 0 ? n : 0, axis == 1 ? n : 0, axis == 2 ? n : 0)
  }

  /// Steps of whole voxels along the axes, the diagonals of faces and those of the body, up to a
  /// distance in mm, with what they say; nearest first.
  func correlations(
    along directions: [VoxelIndex], upTo reach: Double
  ) -> [(distance: Double, correlation: Double)] {
    let origin = mask.grid.world(VoxelIndex(0, 0, 0))
    var steps: [(VoxelIndex, Double)] = []
    for d in directions {
      for n in 1...1000 {
        let step = VoxelIndex(d.i * n, d.j * n, d.k * n)
        let distance = mask.grid.world(step).distance(to: origin)
        guard distance <= reach else { break }
        steps.append((step, distance))
      }
    }
    let wanted = steps
    let found = parallelMap(wanted.count) { pairs(wanted[$0].0) }
    return zip(steps, found).compactMap { step, pairs in
      pairs.map { (step.1, $0.correlation) }
    }.sorted { $0 < $1 }
  }

  /// The thirteen directions to the 26 neighbours.
  static let allDirections: [VoxelIndex] = [
    VoxelIndex(1, 0, 0), VoxelIndex(0, 1, 0), VoxelIndex(0, 0, 1), VoxelIndex(1, 1, 0),
    VoxelIndex(1, -1, 0), VoxelIndex(1, 0, 1), VoxelIndex(1, 0, -1), VoxelIndex(0, 1, 1),
    VoxelIndex(0, 1, -1), VoxelIndex(1, 1, 1), VoxelIndex(1, 1, -1), VoxelIndex(1, -1, 1),
    VoxelIndex(-1, 1, 1),
  ]
}

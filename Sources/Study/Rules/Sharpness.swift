import Imaging

extension Volume {
  /// How much values differ over 4 mm, by what they differ at all: half the mean squared difference over the
  /// variance, of voxels at least 6 mm within what is bright (the variogram at 4 mm).
  ///
  /// Measured: SPECT and PET 0.07–0.14, EPI 0.11; T1-weighted heads, brains and their averages at 1 to 3 mm
  /// 0.27–0.48. Nil for voxels so large that it says nothing, and where too few are bright.
  var relativeDifferenceAt4Millimetres: Double? {
    let size = grid.spacing
    guard max(size.0, size.1, size.2) <= 3.5 else { return nil }
    let step = max(1, grid.count / 1_000_000)
    let some = stride(from: 0, to: grid.count, by: step).map { values[$0] }
    guard let high = boldspectPercentile(some.filter { $0.isFinite && $0 > 0 }, 99) else {
      return nil
    }
    let least = 0.3 * high
    func voxels(_ millimetres: Double) -> [Int] {
      [size.0, size.1, size.2].map { max(1, Int((millimetres / $0).rounded())) }
    }
    let (margin, lag) = (voxels(6), voxels(4))
    let strides = [1, grid.nx, grid.nx * grid.ny]
    func isInside(_ v: VoxelIndex) -> Bool {
      v.i >= margin[0] && v.i < grid.nx - margin[0] && v.j >= margin[1]
        && v.j < grid.ny - margin[1] && v.k >= margin[2] && v.k < grid.nz - margin[2]
    }
    func isDeep(_ at: Int) -> Bool {
      values[at] > least
        && (0..<3).allSatisfy { axis in
          values[at - margin[axis] * strides[axis]] > least
            && values[at + margin[axis] * strides[axis]] > least
        }
    }
    var (count, sum, squares, differences) = (0.0, 0.0, 0.0, 0.0)
    for at in stride(from: 0, to: grid.count, by: step)
    where values[at] > least && isInside(grid.index(at: at)) && isDeep(at) {
      let x = Double(values[at])
      (count, sum, squares) = (count + 1, sum + x, squares + x * x)
      for axis in 0..<3 {
        // Between the two sides of a place, each half of the way off.
        let half = lag[axis] / 2
        let a = Double(values[at - half * strides[axis]])
        let b = Double(values[at + (lag[axis] - half) * strides[axis]])
        differences += (a - b) * (a - b) / 3
      }
    }
    guard count >= 1000 else { return nil }
    let variance = squares / count - (sum / count) * (sum / count)
    guard variance > 0, differences.isFinite else { return nil }
    return differences / count / (2 * variance)
  }
}

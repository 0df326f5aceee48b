import Basics

/// A box of voxels, both corners inside.
package struct VoxelBox: Sendable, Equatable {
  package let low: VoxelIndex
  package let high: VoxelIndex

  /// Nil when it shares no voxel with the grid; what lies outside is cut off.
  package init?(_ low: VoxelIndex, _ high: VoxelIndex, in grid: Grid) {
    let a = VoxelIndex(max(0, low.i), max(0, low.j), max(0, low.k))
    let b = VoxelIndex(min(grid.nx - 1, high.i), min(grid.ny - 1, high.j), min(grid.nz - 1, high.k))
    guard a.i <= b.i, a.j <= b.j, a.k <= b.k else { return nil }
    (self.low, self.high) = (a, b)
  }

  package var count: Int {
    (high.i - low.i + 1) * (high.j - low.j + 1) * (high.k - low.k + 1)
  }
}

/// Smoothing, no data counting as zero, of the voxels of a box only, i fastest: the values that
/// `smoothedValues` has there, for the work that these few need.
///
/// The axis along which the box is thinnest goes first, so that a slice costs one pass over as many
/// slices as the kernel reaches and two over itself.
///
/// - Parameter places: of each voxel in `values`, negative for none, as a mask has them; nil when `values` has
///   all voxels of the grid.
package func smoothedValues(
  _ values: [Float], places: [Int32]? = nil, _ grid: Grid, fwhm: (Double, Double, Double),
  box: VoxelBox
) -> [Float] {
  let kernels = gaussianKernels(grid, fwhm: fwhm)
  let n = [grid.nx, grid.ny, grid.nz]
  let low = [box.low.i, box.low.j, box.low.k]
  let high = [box.high.i, box.high.j, box.high.k]
  // What the box needs: itself and the kernels' reach, as far as there is an image.
  let from = (0..<3).map { max(0, low[$0] - kernels[$0].count / 2) }
  let to = (0..<3).map { min(n[$0] - 1, high[$0] + kernels[$0].count / 2) }
  let size = (0..<3).map { to[$0] - from[$0] + 1 }
  let (width, depth, rowCount) = (size[0], size[1], size[1] * size[2])
  let a = [Float](count: width * rowCount, filledByChunksOf: rowCount, grain: 64) { rows, out in
    for row in rows {
      let start = grid.offset(VoxelIndex(from[0], from[1] + row % depth, from[2] + row / depth))
      for i in 0..<width { out[row * width + i] = finiteValue(values, places, at: start + i) }
    }
  }
  return convolvedBox(a, kernels, from: from, size: size, low: low, high: high)
}

/// A Gaussian per voxel axis.
func gaussianKernels(_ grid: Grid, fwhm: (Double, Double, Double)) -> [[Float]] {
  let s = grid.spacing
  return [(fwhm.0, s.0), (fwhm.1, s.1), (fwhm.2, s.2)].map { f, spacing in
    gaussianKernel(sigmaVoxels: sigma(fromFWHM: max(0, f)) / spacing).map(Float.init)
  }
}

/// The box from `low` to `high` of a convolution whose input begins at `from`, zero beyond it.
func convolvedBox(
  _ input: [Float], _ kernels: [[Float]], from: [Int], size: [Int], low: [Int], high: [Int]
) -> [Float] {
  var (a, size) = (input, size)
  let shares = (0..<3).map { Double(high[$0] - low[$0] + 1) / Double(size[$0]) }
  let order = [0, 1, 2].sorted { shares[$0] < shares[$1] }
  for axis in order {
    let kept = low[axis] - from[axis]..<high[axis] - from[axis] + 1
    switch axis {
    case 0: a = alongRows(a, kernels[0], length: size[0], kept: kept)
    case 1: a = acrossRows(a, kernels[1], lines: size[1], length: size[0], kept: kept)
    default: a = acrossRows(a, kernels[2], lines: size[2], length: size[0] * size[1], kept: kept)
    }
    size[axis] = kept.count
  }
  return a
}

/// The value of a voxel; 0 where there is none or it is no number.
@inline(__always)
private func finiteValue(_ values: [Float], _ places: [Int32]?, at offset: Int) -> Float {
  var value = Float.nan
  if let places {
    let place = places[offset]
    if place >= 0 { value = values[Int(place)] }
  } else {
    value = values[offset]
  }
  return value.isFinite ? value : 0
}

package import Basics
import Glibc
package import Imaging

/// How noisy a reconstructed image is.
package enum NoiseLevel: Sendable, Equatable {
  /// Standard deviation in per cent of the mean over the brain.
  case percent(Double)
  /// All recorded counts of the brain.
  case counts(Double)

  /// In per cent of the mean.
  ///
  /// Of counts by Budinger's rule for tomography, 120·n^(3/4)/√N per cent for n resolution elements and N
  /// counts in a slice as thick as the resolution (Budinger 1977, J Comput Assist Tomogr 1:131): attenuation and
  /// the edges of the object are not in it.
  /// - Throws: a level that no image has.
  package func percent(of mask: Mask, fwhm: Double) throws(Problem) -> Double {
    switch self {
    case .percent(let p):
      guard p.isFinite, (0...200).contains(p) else {
        throw Problem(
          .usage, "--noise", "\(plainNumber(p)) per cent are no noise level", expected: "0 to 200")
      }
      return p
    case .counts(let counts):
      guard counts.isFinite, (1e3...1e12).contains(counts) else {
        throw Problem(
          .usage, "--counts", "\(plainNumber(counts)) counts are no scan", expected: "1e3 to 1e12")
      }
      guard let box = mask.bounds else { return 0 }
      let width = max(fwhm, mask.grid.spacing.2)
      let slices = max(1, (box.high.z - box.low.z) / width)
      let elements =
        resolutionElements(
          cubicMillimetres: Double(mask.count) * mask.grid.voxelVolume,
          fwhm: (width, width, width)) / slices
      return 120 * pow(max(1, elements), 0.75) / (counts / slices).squareRoot()
    }
  }
}

/// White Gaussian noise through the camera's blur, divided by the standard deviation that the blur
/// leaves, √Π Σk² over the axes: noise with SD 1 and the camera's own correlation between neighbours.
///
/// The same seed gives the same numbers. Voxels beyond the grid have noise too, so the SD does not fall
/// towards its edges.
package func correlatedNoise(on grid: Grid, fwhm: Double, seed: UInt64) -> Volume {
  let s = [grid.spacing.0, grid.spacing.1, grid.spacing.2]
  let kernels = s.map { gaussianKernel(sigmaVoxels: sigma(fromFWHM: max(0, fwhm)) / $0) }
  let reach = kernels.map { $0.count / 2 }
  let n = [grid.nx + 2 * reach[0], grid.ny + 2 * reach[1], grid.nz + 2 * reach[2]]
  guard let wide = Grid(dimensions: (n[0], n[1], n[2]), worldFromVoxel: grid.worldFromVoxel) else {
    return Volume(grid: grid, values: [Float](repeating: 0, count: grid.count))
  }
  var generator = SeededGenerator(seed: seed)
  var white = [Float](repeating: 0, count: wide.count)
  // Box and Muller's pairs.
  for at in stride(from: 0, to: white.count, by: 2) {
    let length = (-2 * log(1 - generator.uniform())).squareRoot()
    let angle = 2 * Double.pi * generator.uniform()
    white[at] = Float(length * cos(angle))
    if at + 1 < white.count { white[at + 1] = Float(length * sin(angle)) }
  }
  let blurred = separableConvolution(white, wide, kernels: kernels.map { $0.map(Float.init) })
  let left = kernels.reduce(1.0) { $0 * $1.reduce(0) { $0 + $1 * $1 } }.squareRoot()
  var out = [Float](repeating: 0, count: grid.count)
  var at = 0
  for k in 0..<grid.nz {
    for j in 0..<grid.ny {
      let row = wide.offset(VoxelIndex(reach[0], j + reach[1], k + reach[2]))
      for i in 0..<grid.nx {
        out[at] = Float(Double(blurred[row + i]) / left)
        at += 1
      }
    }
  }
  return Volume(grid: grid, values: out)
}

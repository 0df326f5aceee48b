package import Basics
import Glibc
package import Imaging

/// The resolution that an image already has, measured on the image itself.
package struct NativeResolution: Sendable {
  /// One voxel axis; FWHM of the Gaussian kernel that makes noise as smooth, in mm.
  package struct Axis: Sendable, Equatable {
    package let spacing: Double
    /// From first differences; nil where neighbours are not correlated: finer than the voxel shows.
    package let firstDifferences: Double?
    /// From the autocorrelation along this axis, its own width divided by √2; nil with too few voxels.
    package let autocorrelation: Double?

    /// What a blur to a coarser resolution starts from: first differences', which of noise are the same
    /// as the autocorrelation's and are moved least by what is alike over centimetres; of a single image
    /// the autocorrelation's.
    package var fwhm: Double? {
      isOfRun ? firstDifferences ?? autocorrelation : autocorrelation ?? firstDifferences
    }
    /// Whether it comes from a run's noise.
    package let isOfRun: Bool
    /// Whether the width can only be called an upper limit: structure counts as blur in a single image, and
    /// in a run where the autocorrelation is `clearlyWider` than first differences say.
    package var isUpperLimit: Bool {
      guard isOfRun else { return true }
      guard let firstDifferences, let autocorrelation else { return false }
      return autocorrelation - firstDifferences > Self.clearlyWider
    }
    /// mm; of noise alone both are the same within a tenth or two, and in real runs smoothed by 4 to 8 mm
    /// every width that was more than 0.5 mm too large stood farther apart than this.
    package static let clearlyWider = 0.25
  }

  /// i, j, k.
  package let axes: [Axis]
  /// The model over all directions; its own FWHM is √2 times a kernel's.
  package let model: MixedAutocorrelation?
  /// The autocorrelation that was fitted: distance in mm, correlation.
  package let curve: [(distance: Double, correlation: Double)]
  package let voxelCount: Int
  package let frameCount: Int
  /// Order of the temporal differences that were looked at; nil of a single image.
  package let differenceOrder: Int?

  /// Per axis in mm, for `Averaging`; nil where an axis has no estimate.
  package var fwhm: (Double, Double, Double)? {
    let found = axes.compactMap(\.fwhm)
    return found.count == 3 ? (found[0], found[1], found[2]) : nil
  }

  /// What the numbers mean, for the screen and for files.
  package var origin: String {
    differenceOrder.map {
      "measured on \(frameCount) temporal differences of order \($0)"
    }
      ?? "measured on one image: structure counts as blur, so the image's own resolution is no coarser than this"
  }

  /// The fewest voxels that an estimate is made of.
  package static let leastVoxels = 500
}

/// Resolution of one image from the values of a mask, the mean removed.
///
/// - Throws: fewer than 500 voxels with data, or values that do not differ.
package func nativeResolution(
  of values: [Float], in mask: Mask
) throws(Problem) -> NativeResolution {
  precondition(values.count == mask.count)
  let places = values.indices.filter { values[$0].isFinite }
  let inside =
    places.count == values.count
    ? mask
    : Mask(grid: mask.grid, offsets: places.map { mask.offsets[$0] }, origin: mask.origin)
  return try nativeResolution([places.map { values[$0] }], in: inside, differenceOrder: nil)
}

/// Resolution of a run from its third temporal differences.
///
/// Slow fluctuations of blood are alike over centimetres and make the run look coarser than it is. The third
/// difference x(t + 3) − 3 x(t + 2) + 3 x(t + 1) − x(t) takes away a parabola and passes (2 sin πf TR)⁶ of the
/// power: at a tenth of the sampling rate 0.06, at half of it 64. What is left is thermal noise for the most
/// part. Every voxel's series is divided by its own RMS, so that a noisy vessel weighs no more than the
/// rest. At most 100 differences, spread evenly, are looked at.
package func nativeResolution(
  of run: Run, progress: WorkProgress = .silent
) throws(Problem) -> NativeResolution {
  let n = run.frameCount
  guard n >= 10 else {
    throw Problem(
      .data, "resolution", "the run has \(n) frames", expected: "at least 10, or a single image")
  }
  progress.report("differences", 0)
  let deviations = differenceDeviations(of: run)
  try progress.check()
  let places = deviations.indices.filter { deviations[$0] > 0 && deviations[$0].isFinite }
  let mask = Mask(
    grid: run.grid, offsets: places.map { run.mask.offsets[$0] }, origin: run.mask.origin)
  let count = n - 3
  let looked = (0..<min(count, 100)).map { $0 * count / min(count, 100) }
  progress.report("differences", 0.3)
  let frames = parallelMap(looked.count) { f -> [Float] in
    let d = thirdDifference(of: run, frame: looked[f], voxels: 0..<run.voxelCount)
    return places.map { Float(d[$0] / deviations[$0]) }
  }
  try progress.check()
  progress.report("autocorrelation", 0.5)
  // Neighbouring third differences share frames: white noise's have the autocovariance 20, −15, 6, −1, and
  // 20²/(20² + 2 (15² + 6² + 1²)) of them are independent.
  return try nativeResolution(
    frames, in: mask, differenceOrder: 3, independentFrames: Double(count) * 400 / 924,
    progress: progress)
}

/// x(t + 3) − 3 x(t + 2) + 3 x(t + 1) − x(t) for some voxels.
private func thirdDifference(of run: Run, frame t: Int, voxels: Range<Int>) -> [Double] {
  let v = run.voxelCount
  var out = [Double](repeating: 0, count: voxels.count)
  for (k, weight) in [-1.0, 3, -3, 1].enumerated() {
    let start = (t + k) * v
    let row = run.samples.floats(start + voxels.lowerBound..<start + voxels.upperBound)
    for n in row.indices { out[n] += weight * Double(row[n]) }
  }
  return out
}

/// RMS of every voxel's third differences; 0 where rounding alone is left of a constant series.
private func differenceDeviations(of run: Run) -> [Double] {
  let v = run.voxelCount
  let count = run.frameCount - 3
  var out = [Double](repeating: 0, count: v)
  forEachChunk(of: v, grain: 4096, into: &out) { chunk, out in
    var squares = [Double](repeating: 0, count: chunk.count)
    var sizes = squares
    for t in 0..<count {
      let d = thirdDifference(of: run, frame: t, voxels: chunk)
      let row = run.samples.floats(t * v + chunk.lowerBound..<t * v + chunk.upperBound)
      for n in d.indices {
        squares[n] += d[n] * d[n]
        sizes[n] += Double(row[n]) * Double(row[n])
      }
    }
    for n in squares.indices where squares[n] > 1e-9 * sizes[n] {
      out[chunk.lowerBound + n] = (squares[n] / Double(count)).squareRoot()
    }
  }
  return out
}

private func nativeResolution(
  _ frames: [[Float]], in mask: Mask, differenceOrder: Int?, independentFrames: Double? = nil,
  progress: WorkProgress = .silent
) throws(Problem) -> NativeResolution {
  guard mask.count >= NativeResolution.leastVoxels else {
    throw Problem(
      .data, "resolution", "\(mask.count) voxels of the mask hold data that vary",
      expected: "at least \(NativeResolution.leastVoxels)")
  }
  let noise = SpatialAutocorrelation(frames, in: mask, normalisedBy: independentFrames)
  guard !noise.isFlat else {
    throw Problem(
      .data, "resolution", "all values are the same", expected: "an image with noise in it")
  }
  let spacing = [mask.grid.spacing.0, mask.grid.spacing.1, mask.grid.spacing.2]
  let differences = (0..<3).map { noise.firstDifferenceFWHM($0) }
  try progress.check()
  let known = differences.compactMap { $0 }
  // Beyond 2.5 kernel widths a Gaussian's autocorrelation is nothing; the cap keeps structure out.
  let width = known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count)
  func reach(_ spacing: Double) -> Double { min(80, max(2.5 * width, 4.5 * spacing)) }
  let axes = (0..<3).map { axis -> NativeResolution.Axis in
    let curve = noise.correlations(along: [noise.step(axis, 1)], upTo: reach(spacing[axis]))
    // Without correlation between neighbours there is no width to fit.
    let fit =
      differences[axis] == nil
      ? nil
      : MixedAutocorrelation(
        distances: curve.map(\.distance), correlations: curve.map(\.correlation))
    return NativeResolution.Axis(
      spacing: spacing[axis], firstDifferences: differences[axis], autocorrelation: fit?.kernelFWHM,
      isOfRun: differenceOrder != nil)
  }
  try progress.check()
  progress.report("autocorrelation", 0.9)
  let curve = noise.correlations(
    along: SpatialAutocorrelation.allDirections, upTo: reach(spacing.max() ?? 1))
  return NativeResolution(
    axes: axes,
    model: MixedAutocorrelation(
      distances: curve.map(\.distance), correlations: curve.map(\.correlation)), curve: curve,
    voxelCount: mask.count, frameCount: frames.count, differenceOrder: differenceOrder)
}

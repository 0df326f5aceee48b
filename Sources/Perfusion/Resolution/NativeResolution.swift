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

    /// What a blur to a coarser resolution starts from: the autocorrelation's, else first differences'.
    package var fwhm: Double? { autocorrelation ?? firstDifferences }
  }

  /// i, j, k.
  package let axes: [Axis]
  /// The model over all directions; its own FWHM is √2 times a kernel's.
  package let model: MixedAutocorrelation?
  /// The autocorrelation that was fitted: distance in mm, correlation.
  package let curve: [(distance: Double, correlation: Double)]
  package let voxelCount: Int
  package let frameCount: Int
  /// Functions of time that were removed, the constant included; nil of a single image.
  package let driftTerms: Int?

  /// Per axis in mm, for `Averaging`; nil where an axis has no estimate.
  package var fwhm: (Double, Double, Double)? {
    let found = axes.compactMap(\.fwhm)
    return found.count == 3 ? (found[0], found[1], found[2]) : nil
  }

  /// What the numbers mean, for the screen and for files.
  package var origin: String {
    driftTerms.map {
      "measured on \(frameCount) frames without their drift (\($0) terms)"
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
  return try nativeResolution([places.map { values[$0] }], in: inside, driftTerms: nil)
}

/// Resolution of a run from what is left of its frames without their mean and drift.
///
/// Every voxel's series loses a parabola and the first NT/30 cosines (AFNI's advice for 3dFWHMx), and is divided by its own SD, so that a noisy vessel weighs no more than the rest. At most
/// 100 frames, spread evenly, are looked at.
package func nativeResolution(
  of run: Run, progress: WorkProgress = .silent
) throws(Problem) -> NativeResolution {
  let n = run.frameCount
  let terms = 3 + n / 30
  guard n >= 10 else {
    throw Problem(
      .data, "resolution", "the run has \(n) frames", expected: "at least 10, or a single image")
  }
  let v = run.voxelCount
  let basis = driftBasis(cosines: n / 30, n)
  progress.report("drift", 0)
  let drift = DriftFit(run, basis)
  try progress.check()
  let deviations = (0..<v).map { p -> Double in
    let left =
      drift.squares[p]
      - (0..<terms).reduce(0.0) { $0 + drift.fits[$1 * v + p] * drift.fits[$1 * v + p] }
    // What rounding leaves of a constant series is no noise.
    return left > 1e-9 * drift.squares[p] ? (left / Double(n - terms)).squareRoot() : 0
  }
  let places = (0..<v).filter { deviations[$0] > 0 && deviations[$0].isFinite }
  let mask = Mask(
    grid: run.grid, offsets: places.map { run.mask.offsets[$0] }, origin: run.mask.origin)
  let looked = (0..<min(n, 100)).map { $0 * n / min(n, 100) }
  progress.report("drift", 0.3)
  var frames = [[Float]](repeating: [], count: looked.count)
  frames.withUnsafeMutableBufferPointer { buffer in
    nonisolated(unsafe) let out = buffer
    inParallel(looked.count) { part in
      for f in part {
        let left = drift.removed(from: run, frame: looked[f], basis)
        out[f] = places.map { p in Float(left[p] / deviations[p]) }
      }
    }
  }
  try progress.check()
  progress.report("autocorrelation", 0.5)
  return try nativeResolution(frames, in: mask, driftTerms: terms, progress: progress)
}

/// What orthonormal functions of time explain of every voxel's series.
private struct DriftFit: Sendable {
  /// Coefficients, functions × voxels.
  private(set) var fits: [Double]
  /// Sums of squares of the series as they are.
  private(set) var squares: [Double]
  private let voxelCount: Int

  init(_ run: Run, _ basis: [[Double]]) {
    let (v, terms) = (run.voxelCount, basis.count)
    voxelCount = v
    var fits = [Double](repeating: 0, count: terms * v)
    var squares = [Double](repeating: 0, count: v)
    fits.withUnsafeMutableBufferPointer { f in
      squares.withUnsafeMutableBufferPointer { s in
        nonisolated(unsafe) let (fits, squares) = (f, s)
        inParallel(v, grain: 4096) { part in
          for t in 0..<run.frameCount {
            let row = run.samples.floats(t * v + part.lowerBound..<t * v + part.upperBound)
            for n in 0..<row.count {
              squares[part.lowerBound + n] += Double(row[n]) * Double(row[n])
            }
            for k in 0..<terms {
              let b = basis[k][t]
              let at = k * v + part.lowerBound
              for n in 0..<row.count { fits[at + n] += b * Double(row[n]) }
            }
          }
        }
      }
    }
    self.fits = fits
    self.squares = squares
  }

  /// One frame without what the functions explain of it.
  func removed(from run: Run, frame t: Int, _ basis: [[Double]]) -> [Double] {
    let v = voxelCount
    var left = run.samples.floats(t * v..<(t + 1) * v).map(Double.init)
    fits.withUnsafeBufferPointer { fits in
      for k in 0..<basis.count {
        let b = basis[k][t]
        for p in 0..<v { left[p] -= b * fits[k * v + p] }
      }
    }
    return left
  }
}

/// A parabola over `n` frames and the first cosines of the DCT-II, made orthonormal.
private func driftBasis(cosines: Int, _ n: Int) -> [[Double]] {
  let time = (0..<n).map { (Double($0) + 0.5) / Double(n) }
  var columns = [
    time.map { _ in 1.0 }, time.map { $0 - 0.5 }, time.map { ($0 - 0.5) * ($0 - 0.5) },
  ]
  for k in 0..<cosines { columns.append(time.map { cos(Double.pi * Double(k + 1) * $0) }) }
  var basis: [[Double]] = []
  for column in columns {
    var left = column
    // Twice: a cosine is nearly a parabola, and once leaves rounding behind.
    for _ in 0..<2 {
      for b in basis {
        let share = zip(left, b).reduce(0.0) { $0 + $1.0 * $1.1 }
        for t in 0..<n { left[t] -= share * b[t] }
      }
    }
    let length = left.reduce(0.0) { $0 + $1 * $1 }.squareRoot()
    basis.append(left.map { $0 / length })
  }
  return basis
}

private func nativeResolution(
  _ frames: [[Float]], in mask: Mask, driftTerms: Int?, progress: WorkProgress = .silent
) throws(Problem) -> NativeResolution {
  guard mask.count >= NativeResolution.leastVoxels else {
    throw Problem(
      .data, "resolution", "\(mask.count) voxels of the mask hold data that vary",
      expected: "at least \(NativeResolution.leastVoxels)")
  }
  let noise = SpatialAutocorrelation(frames, in: mask)
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
      spacing: spacing[axis], firstDifferences: differences[axis], autocorrelation: fit?.kernelFWHM)
  }
  try progress.check()
  progress.report("autocorrelation", 0.9)
  let curve = noise.correlations(
    along: SpatialAutocorrelation.allDirections, upTo: reach(spacing.max() ?? 1))
  return NativeResolution(
    axes: axes,
    model: MixedAutocorrelation(
      distances: curve.map(\.distance), correlations: curve.map(\.correlation)), curve: curve,
    voxelCount: mask.count, frameCount: frames.count, driftTerms: driftTerms)
}

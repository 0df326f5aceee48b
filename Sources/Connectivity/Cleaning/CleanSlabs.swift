import Basics
import Imaging

/// Decodes some frames of consecutive voxels, time-major, and takes each voxel's mean away.
///
/// The first frame goes before anything is added up: what is left is small, so that single precision
/// is enough for its sums.
/// - Returns: per voxel the mean and the sum of squares of what is left; NaN where a frame is not
///   finite, whose values are then 0.
func loadCentred(
  _ run: Run, _ frames: [Int], _ from: Int, _ count: Int, into base: UnsafeMutablePointer<Float>
) -> (mean: [Double], energy: [Double]) {
  var mean = [Double](repeating: 0, count: count)
  var energy = mean
  let first = UnsafeMutablePointer<Float>.allocate(capacity: 3 * count)
  defer { first.deallocate() }
  let sum = first + count
  let squares = first + 2 * count
  sum.initialize(repeating: 0, count: 2 * count)
  for (row, frame) in frames.enumerated() {
    let at = frame * run.voxelCount + from
    let x = base + row * count
    run.samples.decode(at..<at + count, into: x)
    if row == 0 { first.update(from: x, count: count) }
    for v in 0..<count {
      x[v] -= first[v]
      sum[v] += x[v]
    }
  }
  let scale = 1 / Float(max(1, frames.count))
  for v in 0..<count {
    sum[v] *= scale
    mean[v] = Double(first[v]) + Double(sum[v])
  }
  for row in 0..<frames.count {
    let x = base + row * count
    for v in 0..<count {
      x[v] -= sum[v]
      squares[v] += x[v] * x[v]
    }
  }
  for v in 0..<count {
    energy[v] = Double(squares[v])
    guard !sum[v].isFinite else { continue }
    energy[v] = .nan
    mean[v] = .nan
    for row in 0..<frames.count { base[row * count + v] = 0 }
  }
  return (mean, energy)
}

/// Whether more than rounding is left of a series once the model is gone.
func isUsable(length: Double, energy: Double) -> Bool {
  energy.isFinite && length.isFinite && length > 1e-5 * energy.squareRoot() && length > 0
}

/// Cleaned series of consecutive voxels, time-major: `data[t * count + v]`, t over the kept frames.
struct CleanSlab {
  let voxels: Range<Int>
  let frameCount: Int
  let data: UnsafeMutablePointer<Float>
  /// Mean of each voxel over the kept frames, before cleaning.
  let mean: [Double]
  /// False for voxels without a usable series; their numbers are 0.
  let usable: [Bool]
}

/// The vectors that clean a series of kept frames, and how.
private struct SlabCleaner: Sendable {
  private let reading: [Float]
  private let writing: [Float]
  private let frameCount: Int
  private let subtracts: Bool
  /// Coordinates of a voxel on the way.
  let count: Int

  init(_ block: Projection.Block) {
    frameCount = block.frames.count
    // The smaller of the two bases does the work.
    subtracts = block.analysis == block.basis && 2 * block.degreesOfFreedom > block.frames.count
    writing = (subtracts ? block.span : block.basis).map(Float.init)
    reading = subtracts ? writing : block.analysis.map(Float.init)
    count = writing.count / max(1, block.frames.count)
  }

  /// Cleans centred series, time-major, in place.
  func clean(
    _ x: UnsafeMutablePointer<Float>, _ voxels: Int, _ inner: UnsafeMutablePointer<Float>
  ) {
    guard count > 0 else { return }
    LinearAlgebra.multiply(
      count, voxels, frameCount, reading, x, ldb: voxels, inner, ldc: voxels)
    if subtracts {
      LinearAlgebra.subtractTransposed(frameCount, voxels, count, writing, inner, x)
    } else {
      LinearAlgebra.multiplyTransposed(
        frameCount, voxels, count, writing, inner, ldb: voxels, x)
    }
  }
}

extension Run {
  /// Cleans the run slab by slab on all cores, without ever holding all of it: what needs the time
  /// courses themselves and more of the spectrum than a few coordinates.
  ///
  /// Memory: one slab of voxels per core. Smoothing is not applied here.
  /// - Parameter voxels: places in the mask; nil takes all of it and reports progress.
  func forEachCleanSlab(
    _ projection: Projection, voxels: Range<Int>? = nil, name: String, progress: WorkProgress,
    _ body: @Sendable (CleanSlab) -> Void
  ) throws(Problem) {
    let block = projection.blocks[0]
    let t = block.frames.count
    let cleaner = SlabCleaner(block)
    let (range, length) = (voxels ?? 0..<voxelCount, 256)
    let quiet = WorkProgress(report: { _, _ in }, isCancelled: progress.isCancelled)
    forEachSlab(
      of: range.count, length: length, name: name, progress: voxels == nil ? progress : quiet,
      scratch: { [Float](repeating: 0, count: (t + max(1, cleaner.count)) * length) }
    ) { slab, buffer in
      let (from, count) = (range.lowerBound + slab.lowerBound, slab.count)
      buffer.withUnsafeMutableBufferPointer { buffer in
        guard let x = buffer.baseAddress else { return }
        let (mean, energy) = loadCentred(self, block.frames, from, count, into: x)
        cleaner.clean(x, count, x + t * length)
        let left = squaredLengths(x, frames: t, voxels: count)
        body(
          CleanSlab(
            voxels: from..<from + count, frameCount: t, data: x, mean: mean,
            usable: zip(left, energy).map { isUsable(length: $0.squareRoot(), energy: $1) }))
      }
    }
    try progress.check()
  }
}

/// Sum of squares of each series, time-major.
private func squaredLengths(
  _ x: UnsafePointer<Float>, frames: Int, voxels: Int
) -> [Double] {
  var out = [Double](repeating: 0, count: voxels)
  for row in 0..<frames {
    for v in 0..<voxels {
      let y = Double(x[row * voxels + v])
      out[v] += y * y
    }
  }
  return out
}

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
    // The smaller of the two bases does the work.
    let usesSpan = 2 * block.degreesOfFreedom > t
    let vectors = (usesSpan ? block.span : block.basis).map(Float.init)
    let k = vectors.count / t
    let voxels = voxels ?? 0..<voxelCount
    let slab = 256
    let slabs = (voxels.count + slab - 1) / slab
    let done = Counter()
    let isCancelled = progress.isCancelled
    let report = progress.report
    vectors.withUnsafeBufferPointer { vectorBuffer in
      nonisolated(unsafe) let v = vectorBuffer
      inParallel(slabs) { part in
        var data = [Float](repeating: 0, count: t * slab)
        var inner = [Float](repeating: 0, count: max(1, k) * slab)
        for s in part {
          if isCancelled() { return }
          let from = voxels.lowerBound + s * slab
          let count = min(slab, voxels.upperBound - from)
          data.withUnsafeMutableBufferPointer { dataBuffer in
            inner.withUnsafeMutableBufferPointer { innerBuffer in
              guard let x = dataBuffer.baseAddress, let c = innerBuffer.baseAddress else { return }
              let (mean, energy) = loadCentred(self, block.frames, from, count, into: x)
              if k > 0, let basis = v.baseAddress {
                LinearAlgebra.multiply(k, count, t, basis, x, ldb: count, c, ldc: count)
                if usesSpan {
                  LinearAlgebra.subtractTransposed(t, count, k, basis, c, x)
                } else {
                  LinearAlgebra.multiplyTransposed(t, count, k, basis, c, ldb: count, x)
                }
              }
              var left = [Double](repeating: 0, count: count)
              for row in 0..<t {
                for i in 0..<count {
                  let y = Double(x[row * count + i])
                  left[i] += y * y
                }
              }
              let usable = (0..<count).map {
                isUsable(length: left[$0].squareRoot(), energy: energy[$0])
              }
              body(
                CleanSlab(
                  voxels: from..<from + count, frameCount: t, data: x, mean: mean, usable: usable))
            }
          }
          if voxels.count == voxelCount { report(name, Double(done.next()) / Double(slabs)) }
        }
      }
    }
    try progress.check()
  }
}

package import Basics
import Glibc
import Imaging

/// One window's rows of the kept frames with their weights, and the weights times the seed's centred and
/// scaled series.
private struct WindowPlan: Sendable {
  let rows: [Int]
  let weights: [Float]
  let seed: [Float]
  let total: Float

  init(_ window: WindowRows, seed s: [Double]) {
    let total = window.weights.reduce(0, +)
    let mean =
      zip(window.rows, window.weights).reduce(0.0) { $0 + s[$1.0] * $1.1 } / max(total, 1e-300)
    let centred = window.rows.map { s[$0] - mean }
    let length = zip(centred, window.weights).reduce(0.0) { $0 + $1.0 * $1.0 * $1.1 }.squareRoot()
    rows = window.rows
    weights = window.weights.map(Float.init)
    seed = zip(centred, window.weights).map { length > 0 ? Float($0 * $1 / length) : 0 }
    self.total = Float(total)
  }

  /// r of some voxels' series, time-major, with the seed; nil where nothing varies.
  func correlations(_ series: UnsafePointer<Float>, count: Int) -> [Float?] {
    var sum = [Float](repeating: 0, count: count)
    var squares = sum
    var products = sum
    for (row, (w, s)) in zip(rows, zip(weights, seed)) {
      let x = series + row * count
      for v in 0..<count {
        sum[v] += w * x[v]
        squares[v] += w * x[v] * x[v]
        products[v] += s * x[v]
      }
    }
    return (0..<count).map { v in
      let variance = squares[v] - sum[v] * sum[v] / total
      return variance > 0 ? max(-1, min(1, products[v] / variance.squareRoot())) : nil
    }
  }
}

extension ReducedSeries {
  /// A seed map per window, from the coordinates: series are rebuilt slab by slab and never kept.
  package func windowedMaps(
    _ seed: Seed, _ window: SlidingWindow, progress: WorkProgress = .silent
  ) throws(Problem) -> WindowMovie {
    let rows = try usableRows(window)
    let s = projection.series(of: try coordinates(of: seed))
    let plans = rows.map { WindowPlan($0, seed: s) }
    let n = voxelCount
    var out = [Float](repeating: .nan, count: n * plans.count)
    withDisjointOutput(&out) { out in
      forEachSeriesSlab(name: "windows", progress: progress) { slab, series in
        for (at, plan) in plans.enumerated() where !plan.rows.isEmpty {
          for (v, r) in zip(slab, plan.correlations(series, count: slab.count))
          where norms[v].isFinite { out[at * n + v] = r ?? .nan }
        }
      }
    }
    try progress.check()
    return WindowMovie(
      seed: seed, window: window, starts: rows.map(\.start),
      maps: plans.indices.map { Array(out[($0 * n)..<(($0 + 1) * n)]) }, mask: mask,
      repetitionTimeSeconds: repetitionTimeSeconds,
      warning: repetitionTimeSeconds.flatMap {
        window.warning(repetitionTimeSeconds: $0, denoising: denoising)
      })
  }

  /// The cleaned series of slabs of voxels, each voxel's of length 1, time-major, on all cores and never all
  /// of them at once.
  private func forEachSeriesSlab(
    name: String, progress: WorkProgress,
    _ body: @Sendable (_ slab: Range<Int>, _ series: UnsafePointer<Float>) -> Void
  ) {
    let (n, t, d, length) = (voxelCount, projection.frameCount, degreesOfFreedom, 256)
    let basis = projection.denseBasis()
    forEachSlab(
      of: n, length: length, name: name, progress: progress,
      scratch: { [Float](repeating: 0, count: t * length) }
    ) { slab, series in
      series.withUnsafeMutableBufferPointer { x in
        unit.withUnsafeBufferPointer { u in
          guard let x = x.baseAddress, let u = u.baseAddress else { return }
          LinearAlgebra.multiplyTransposed(
            t, slab.count, d, basis, u + slab.lowerBound, ldb: n, x)
          body(slab, x)
        }
      }
    }
  }
}

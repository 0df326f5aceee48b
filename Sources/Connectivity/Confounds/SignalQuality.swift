package import Basics
import Glibc
package import Imaging

/// How the whole picture changes from frame to frame.
package struct SignalQuality: Sendable, Equatable {
  /// Root mean square over the mask of the change from the frame before, in the run's own unit
  /// (Power 2012); NaN in the first frame.
  package var dvars: [Double]
  /// The same divided by what noise alone would give: the mean over voxels of √(2(1 − ρ₁))·σ, σ from
  /// the interquartile range and ρ₁ from Yule–Walker (Nichols 2013, as nipype and fMRIPrep have it).
  package var standardisedDVARS: [Double]
  /// Mean of the mask.
  package var globalSignal: [Double]
}

extension Run {
  /// DVARS and the global signal of the raw run. Voxels that never change do not count.
  package func signalQuality(
    progress: WorkProgress = .silent
  ) throws(Problem) -> SignalQuality {
    let n = voxelCount
    let t = frameCount
    let slab = 256
    let slabs = (n + slab - 1) / slab
    // Partial sums per slab, added up in order, so that the result does not depend on the cores.
    var squares = [Double](repeating: 0, count: slabs * t)
    var expected = [(sum: Double, count: Int)](repeating: (0, 0), count: slabs)
    let frames = Array(0..<t)
    let done = Counter()
    squares.withUnsafeMutableBufferPointer { squareBuffer in
      expected.withUnsafeMutableBufferPointer { expectedBuffer in
        nonisolated(unsafe) let sums = squareBuffer
        nonisolated(unsafe) let noise = expectedBuffer
        inParallel(slabs) { part in
          var data = [Float](repeating: 0, count: t * slab)
          var series = [Float](repeating: 0, count: t)
          for s in part {
            if progress.isCancelled() { return }
            let count = min(slab, n - s * slab)
            let energy = data.withUnsafeMutableBufferPointer { buffer in
              buffer.baseAddress.map { loadCentred(self, frames, s * slab, count, into: $0).energy }
                ?? []
            }
            for v in 0..<count where energy[v] > 0 {
              for row in 0..<t { series[row] = data[row * count + v] }
              guard let sd = expectedChange(series, energy[v]) else { continue }
              noise[s].sum += sd
              noise[s].count += 1
              for row in 1..<max(1, t) {
                let change = Double(series[row]) - Double(series[row - 1])
                sums[s * t + row] += change * change
              }
            }
            progress.report("measuring DVARS", Double(done.next()) / Double(slabs))
          }
        }
      }
    }
    try progress.check()
    let count = Double(max(1, expected.reduce(0) { $0 + $1.count }))
    let mean = expected.reduce(0.0) { $0 + $1.sum } / count
    let dvars = (0..<t).map { row -> Double in
      guard row > 0 else { return .nan }
      return ((0..<slabs).reduce(0.0) { $0 + squares[$1 * t + row] } / count).squareRoot()
    }
    return SignalQuality(
      dvars: dvars, standardisedDVARS: dvars.map { mean > 0 ? $0 / mean : .nan },
      globalSignal: globalSignal())
  }
}

/// The standard deviation that the change from frame to frame would have by chance; nil for a voxel
/// whose interquartile range is zero.
private func expectedChange(_ series: [Float], _ energy: Double) -> Double? {
  let sorted = series.sorted()
  // The lower of two order statistics, as FSL and nipype take it.
  func quantile(_ q: Double) -> Double {
    Double(sorted[Int((q * Double(sorted.count - 1)).rounded(.down))])
  }
  let sd = (quantile(0.75) - quantile(0.25)) / 1.349
  guard sd > 0 else { return nil }
  var lagged = 0.0
  for t in 1..<series.count { lagged += Double(series[t]) * Double(series[t - 1]) }
  return (2 * (1 - lagged / energy)).squareRoot() * sd
}

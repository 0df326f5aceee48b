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
    let t = frameCount
    let slabs = (voxelCount + ChangeSums.slab - 1) / ChangeSums.slab
    let done = Counter()
    // Added up slab by slab, in order, so that the result does not depend on the cores.
    let sums = parallelMap(slabs, scratch: { [Float](repeating: 0, count: t * ChangeSums.slab) }) {
      (slab, data) -> ChangeSums in
      if progress.isCancelled() { return ChangeSums(frameCount: t) }
      defer { progress.report("measuring DVARS", Double(done.next()) / Double(slabs)) }
      return ChangeSums(self, slab: slab, &data)
    }
    try progress.check()
    let count = Double(max(1, sums.reduce(0) { $0 + $1.count }))
    let mean = sums.reduce(0.0) { $0 + $1.expected } / count
    // Beside a frame that holds no picture a change is not the head's.
    let unusable = Set(faults.unusable)
    let dvars = (0..<t).map { row -> Double in
      guard row > 0, !unusable.contains(row), !unusable.contains(row - 1) else { return .nan }
      return (sums.reduce(0.0) { $0 + $1.squares[row] } / count).squareRoot()
    }
    return SignalQuality(
      dvars: dvars, standardisedDVARS: dvars.map { mean > 0 ? $0 / mean : .nan },
      globalSignal: globalSignal())
  }
}

/// Changes from frame to frame, summed over the voxels of a slab that change at all.
private struct ChangeSums: Sendable {
  static let slab = 256
  /// Per frame, of the squared change from the frame before.
  var squares: [Double]
  /// Of the standard deviations that the changes would have by chance.
  var expected = 0.0
  var count = 0

  /// Of no voxel.
  init(frameCount: Int) { squares = [Double](repeating: 0, count: frameCount) }

  /// - Parameter data: room for all frames of a slab.
  init(_ run: Run, slab: Int, _ data: inout [Float]) {
    let t = run.frameCount
    let from = slab * Self.slab
    let width = min(Self.slab, run.voxelCount - from)
    let energy = loadCentred(run, Array(0..<t), from, width, into: &data).energy
    self.init(frameCount: t)
    var series = [Float](repeating: 0, count: t)
    for v in 0..<width where energy[v] > 0 {
      for row in 0..<t { series[row] = data[row * width + v] }
      guard let sd = expectedChange(series, energy[v]) else { continue }
      expected += sd
      count += 1
      for row in 1..<max(1, t) {
        let change = Double(series[row]) - Double(series[row - 1])
        squares[row] += change * change
      }
    }
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

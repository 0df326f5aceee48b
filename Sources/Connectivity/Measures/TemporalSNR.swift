package import Basics
package import Imaging

extension Run {
  /// Temporal signal-to-noise ratio: mean over the kept frames by the standard deviation of what the
  /// projection leaves, with its degrees of freedom. NaN without a usable series.
  package func temporalSNR(
    _ denoising: Denoising, progress: WorkProgress = .silent
  ) throws(Problem) -> [Float] {
    let projection = try cleaningProjection(denoising.withoutBand)
    let degrees = Double(projection.degreesOfFreedom)
    var out = [Float](repeating: .nan, count: voxelCount)
    try out.withUnsafeMutableBufferPointer { buffer throws(Problem) in
      nonisolated(unsafe) let out = buffer
      try forEachCleanSlab(projection, name: "temporal SNR", progress: progress) { slab in
        let count = slab.voxels.count
        var energy = [Double](repeating: 0, count: count)
        for t in 0..<slab.frameCount {
          for v in 0..<count {
            let x = Double(slab.data[t * count + v])
            energy[v] += x * x
          }
        }
        for v in 0..<count where slab.usable[v] {
          out[slab.voxels.lowerBound + v] = Float(
            slab.mean[v] / (energy[v] / degrees).squareRoot())
        }
      }
    }
    return out
  }
}

import Glibc

/// Standard deviation of a Gaussian of a given full width at half maximum: FWHM / √(8 ln 2).
package func sigma(fromFWHM fwhm: Double) -> Double { fwhm / 2.354820045030949 }

/// What smoothing does where there is no data, in the image or beyond its edge.
package enum NoData: Sendable {
  /// Weights are renormalised over what is finite; NaN stays NaN.
  case renormalised
  /// No data counts as zero and the output is finite everywhere, as a camera would see it.
  case zero
}

/// A sampled Gaussian, truncated at six standard deviations and normalised to sum 1.
package func gaussianKernel(sigmaVoxels: Double) -> [Double] {
  guard sigmaVoxels > 0 else { return [1] }
  let reach = Int((6 * sigmaVoxels + 0.5).rounded(.down))
  let raw = (-reach...reach).map { exp(-0.5 * Double($0 * $0) / (sigmaVoxels * sigmaVoxels)) }
  let sum = raw.reduce(0, +)
  return raw.map { $0 / sum }
}

extension Volume {
  /// Gaussian smoothing with a full width at half maximum in millimetres, the same in all
  /// directions or one per voxel axis. Separable, in space: nothing wraps around.
  package func smoothed(
    fwhm: (Double, Double, Double), noData: NoData = .renormalised
  ) -> Volume {
    Volume(grid: grid, values: smoothedValues(values, grid, fwhm: fwhm, noData: noData))
  }

  package func smoothed(fwhm: Double, noData: NoData = .renormalised) -> Volume {
    smoothed(fwhm: (fwhm, fwhm, fwhm), noData: noData)
  }
}

/// Smoothing of values on a grid; see `Volume.smoothed`.
package func smoothedValues(
  _ values: [Float], _ grid: Grid, fwhm: (Double, Double, Double), noData: NoData
) -> [Float] {
  let s = grid.spacing
  let kernels = [(fwhm.0, s.0), (fwhm.1, s.1), (fwhm.2, s.2)].map { f, spacing in
    gaussianKernel(sigmaVoxels: sigma(fromFWHM: max(0, f)) / spacing).map(Float.init)
  }
  let data = values.map { $0.isFinite ? $0 : 0 }
  let top = convolved(data, grid, kernels)
  guard noData == .renormalised else { return top }
  let weights: [Float]
  if values.allSatisfy(\.isFinite) {
    weights = []
  } else {
    weights = convolved(values.map { $0.isFinite ? 1 : 0 }, grid, kernels)
  }
  if weights.isEmpty {
    // All finite: the weights are a product of the parts of each kernel that lie inside.
    let inside = [grid.nx, grid.ny, grid.nz].enumerated().map { axis, n in
      let ones = [Float](repeating: 1, count: n)
      return convolvedLine(ones, kernels[axis])
    }
    var out = top
    var at = 0
    for k in 0..<grid.nz {
      for j in 0..<grid.ny {
        let w = inside[1][j] * inside[2][k]
        for i in 0..<grid.nx {
          out[at] /= w * inside[0][i]
          at += 1
        }
      }
    }
    return out
  }
  return (0..<values.count).map { values[$0].isFinite ? top[$0] / weights[$0] : .nan }
}

/// One line convolved with a centred kernel, zero beyond the ends.
private func convolvedLine(_ line: [Float], _ kernel: [Float]) -> [Float] {
  let reach = kernel.count / 2
  return line.indices.map { i in
    var sum: Float = 0
    for d in max(-reach, -i)...min(reach, line.count - 1 - i) {
      sum += kernel[d + reach] * line[i + d]
    }
    return sum
  }
}

/// A volume convolved with one centred kernel per voxel axis, zero beyond the edges.
package func separableConvolution(
  _ values: [Float], _ grid: Grid, kernels: [[Float]]
) -> [Float] {
  precondition(kernels.count == 3 && values.count == grid.count)
  return convolved(values, grid, kernels)
}

/// Three one-dimensional passes; whole rows are accumulated so that every inner loop runs over
/// consecutive values.
private func convolved(_ values: [Float], _ grid: Grid, _ kernels: [[Float]]) -> [Float] {
  let (nx, ny, nz) = (grid.nx, grid.ny, grid.nz)
  var a = values
  if kernels[0].count > 1 {
    let kernel = kernels[0]
    let reach = kernel.count / 2
    a.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let out = buffer
      inParallel(ny * nz, grain: 64) { part in
        var padded = [Float](repeating: 0, count: nx + 2 * reach)
        var sum = [Float](repeating: 0, count: nx)
        for row in part {
          for i in 0..<nx { padded[reach + i] = out[row * nx + i] }
          for i in 0..<nx { sum[i] = 0 }
          for d in 0..<kernel.count {
            let w = kernel[d]
            for i in 0..<nx { sum[i] += w * padded[i + d] }
          }
          for i in 0..<nx { out[row * nx + i] = sum[i] }
        }
      }
    }
  }
  // Along y rows of nx lie nx apart; along z planes of nx * ny lie nx * ny apart.
  if kernels[1].count > 1 {
    a = accumulated(a, kernels[1], lines: ny, length: nx, groups: nz)
  }
  if kernels[2].count > 1 {
    a = accumulated(a, kernels[2], lines: nz, length: nx * ny, groups: 1)
  }
  return a
}

/// Convolution across `lines` rows of `length` values, in `groups` independent blocks.
private func accumulated(
  _ values: [Float], _ kernel: [Float], lines: Int, length: Int, groups: Int
) -> [Float] {
  let reach = kernel.count / 2
  return [Float](unsafeUninitializedCapacity: values.count) { buffer, made in
    nonisolated(unsafe) let out = buffer
    values.withUnsafeBufferPointer { source in
      nonisolated(unsafe) let input = source
      inParallel(lines * groups, grain: max(1, 4096 / max(1, length))) { part in
        for row in part {
          let group = row / lines
          let line = row % lines
          let target = row * length
          for i in 0..<length { out[target + i] = 0 }
          for d in max(-reach, -line)...min(reach, lines - 1 - line) {
            let w = kernel[d + reach]
            let from = (group * lines + line + d) * length
            for i in 0..<length { out[target + i] += w * input[from + i] }
          }
        }
      }
    }
    made = values.count
  }
}

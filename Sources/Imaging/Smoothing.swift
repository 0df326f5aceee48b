import Basics
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
  let reach = wholeNumber(6 * sigmaVoxels + 0.5, in: 0...1 << 20)
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
  let kernels = gaussianKernels(grid, fwhm: fwhm)
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

/// Three one-dimensional passes; sums of many taps stay in registers.
private func convolved(_ values: [Float], _ grid: Grid, _ kernels: [[Float]]) -> [Float] {
  let (nx, ny, nz) = (grid.nx, grid.ny, grid.nz)
  var a = values
  if kernels[0].count > 1 { a = alongRows(a, kernels[0], length: nx) }
  // Along y rows of nx lie nx apart; along z planes of nx * ny lie nx * ny apart.
  if kernels[1].count > 1 {
    a = acrossRows(a, kernels[1], lines: ny, length: nx, kept: 0..<ny)
  }
  if kernels[2].count > 1 {
    a = acrossRows(a, kernels[2], lines: nz, length: nx * ny, kept: 0..<nz)
  }
  return a
}

/// Convolution along rows of `length` values; of each row `kept` is made.
func alongRows(
  _ values: [Float], _ kernel: [Float], length: Int, kept: Range<Int>? = nil
) -> [Float] {
  let rows = values.count / length
  let kept = kept ?? 0..<length
  return [Float](count: rows * kept.count, filledByChunksOf: rows, grain: 64) { rows, out in
    // Zeros beyond both ends.
    var padded = [Float](repeating: 0, count: length + 2 * (kernel.count / 2))
    convolveRows(
      rows, of: values, length: length, kernel, taps: kernel.count, padded: &padded, kept: kept,
      into: out)
  }
}

private func convolveRows(
  _ rows: Range<Int>, of values: UnsafePointer<Float>, length: Int,
  _ kernel: UnsafePointer<Float>, taps: Int, padded: UnsafeMutablePointer<Float>,
  kept: Range<Int>, into out: UnsafeMutableBufferPointer<Float>
) {
  for row in rows {
    (padded + taps / 2).update(from: values + row * length, count: length)
    weightedSum(
      padded + kept.lowerBound, stride: 1, kernel, taps: taps,
      into: out.pointer(at: row * kept.count), count: kept.count)
  }
}

/// Convolution across `lines` rows of `length` values, in as many independent blocks as there are; of each
/// block the lines `kept` are made.
func acrossRows(
  _ values: [Float], _ kernel: [Float], lines: Int, length: Int, kept: Range<Int>
) -> [Float] {
  let blocks = values.count / (lines * length)
  // A strip of this many values of every line stays in the first cache.
  let strip = 32
  let strips = (length + strip - 1) / strip
  return [Float](
    count: blocks * kept.count * length, filledByChunksOf: blocks * strips,
    grain: max(1, 256 / lines)
  ) { items, out in
    for item in items {
      let (block, from) = (item / strips, item % strips * strip)
      convolveStrip(
        values, offset: block * lines * length + from, lines: lines, length: length, kernel,
        reach: kernel.count / 2, kept: kept,
        into: out.pointer(at: block * kept.count * length + from), count: min(strip, length - from))
    }
  }
}

/// `count` neighbouring values of every kept line of a block, the first of which lies at `offset`.
@inline(__always)
private func convolveStrip(
  _ values: UnsafePointer<Float>, offset: Int, lines: Int, length: Int,
  _ kernel: UnsafePointer<Float>, reach: Int, kept: Range<Int>,
  into out: UnsafeMutablePointer<Float>, count: Int
) {
  for line in kept {
    let first = max(-reach, -line)
    let last = min(reach, lines - 1 - line)
    let target = out + (line - kept.lowerBound) * length
    if last < first {
      for i in 0..<count { target[i] = 0 }
    } else {
      weightedSum(
        values + (offset + (line + first) * length), stride: length, kernel + (first + reach),
        taps: last - first + 1, into: target, count: count)
    }
  }
}

/// out[i] = Σ w[d]·input[d·stride + i] for i below `count`.
@inline(__always)
private func weightedSum(
  _ input: UnsafePointer<Float>, stride: Int, _ w: UnsafePointer<Float>, taps: Int,
  into out: UnsafeMutablePointer<Float>, count: Int
) {
  typealias V = SIMD8<Float>
  var i = 0
  while i + 32 <= count {
    var (a, b, c, e) = (V.zero, V.zero, V.zero, V.zero)
    var p = UnsafeRawPointer(input + i)
    for d in 0..<taps {
      let weight = V(repeating: w[d])
      a += weight * p.loadUnaligned(as: V.self)
      b += weight * p.loadUnaligned(fromByteOffset: 32, as: V.self)
      c += weight * p.loadUnaligned(fromByteOffset: 64, as: V.self)
      e += weight * p.loadUnaligned(fromByteOffset: 96, as: V.self)
      p += stride * 4
    }
    let q = UnsafeMutableRawPointer(out + i)
    q.storeBytes(of: a, as: V.self)
    q.storeBytes(of: b, toByteOffset: 32, as: V.self)
    q.storeBytes(of: c, toByteOffset: 64, as: V.self)
    q.storeBytes(of: e, toByteOffset: 96, as: V.self)
    i += 32
  }
  while i + 8 <= count {
    var a = V.zero
    var p = UnsafeRawPointer(input + i)
    for d in 0..<taps {
      a += V(repeating: w[d]) * p.loadUnaligned(as: V.self)
      p += stride * 4
    }
    UnsafeMutableRawPointer(out + i).storeBytes(of: a, as: V.self)
    i += 8
  }
  while i < count {
    var sum: Float = 0
    for d in 0..<taps { sum += w[d] * input[d * stride + i] }
    out[i] = sum
    i += 1
  }
}

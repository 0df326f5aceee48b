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
  let reach = kernel.count / 2
  let rows = values.count / length
  let kept = kept ?? 0..<length
  return [Float](unsafeUninitializedCapacity: rows * kept.count) { buffer, made in
    made = rows * kept.count
    guard let outBase = buffer.baseAddress else { return }
    nonisolated(unsafe) let out = outBase
    values.withUnsafeBufferPointer { source in
      kernel.withUnsafeBufferPointer { weights in
        guard let inBase = source.baseAddress, let wBase = weights.baseAddress else { return }
        nonisolated(unsafe) let (input, w) = (inBase, wBase)
        inParallel(rows, grain: 64) { part in
          var padded = [Float](repeating: 0, count: length + 2 * reach)
          padded.withUnsafeMutableBufferPointer { line in
            guard let base = line.baseAddress else { return }
            for row in part {
              (base + reach).update(from: input + row * length, count: length)
              weightedSum(
                base + kept.lowerBound, stride: 1, w, taps: kernel.count,
                into: out + row * kept.count,
                count: kept.count)
            }
          }
        }
      }
    }
  }
}

/// Convolution across `lines` rows of `length` values, in as many independent blocks as there are; of each
/// block the lines `kept` are made.
func acrossRows(
  _ values: [Float], _ kernel: [Float], lines: Int, length: Int, kept: Range<Int>
) -> [Float] {
  let reach = kernel.count / 2
  let groups = values.count / (lines * length)
  // A strip of this many values of every line stays in the first cache.
  let strip = 32
  let strips = (length + strip - 1) / strip
  return [Float](unsafeUninitializedCapacity: groups * kept.count * length) { buffer, made in
    made = groups * kept.count * length
    guard let outBase = buffer.baseAddress else { return }
    nonisolated(unsafe) let out = outBase
    values.withUnsafeBufferPointer { source in
      kernel.withUnsafeBufferPointer { weights in
        guard let inBase = source.baseAddress, let wBase = weights.baseAddress else { return }
        nonisolated(unsafe) let (input, w) = (inBase, wBase)
        inParallel(groups * strips, grain: max(1, 256 / lines)) { part in
          for item in part {
            let (group, from) = (item / strips, item % strips * strip)
            let count = min(strip, length - from)
            for line in kept {
              let first = max(-reach, -line)
              let last = min(reach, lines - 1 - line)
              let target = out + (group * kept.count + line - kept.lowerBound) * length + from
              if last < first {
                for i in 0..<count { target[i] = 0 }
              } else {
                weightedSum(
                  input + (group * lines + line + first) * length + from, stride: length,
                  w + (first + reach), taps: last - first + 1, into: target, count: count)
              }
            }
          }
        }
      }
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

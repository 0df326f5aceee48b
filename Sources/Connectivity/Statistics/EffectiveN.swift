package import Basics
import Glibc
import Imaging

/// How the number of independent observations behind a correlation is found.
package enum EffectiveNMethod: String, Sendable, CaseIterable {
  /// Bartlett 1946: N / (1 + 2 Σ ρx(k)·ρy(k)).
  case bartlett
  /// Afyouni, Smith and Nichols 2019: also the cross-correlations.
  case xdf
}

/// Bartlett's effective number of observations from the autocorrelations at lags 1, 2, ….
package func bartlettN(_ n: Int, _ x: [Double], _ y: [Double]) -> Double {
  Double(n) / (1 + 2 * zip(x, y).reduce(0) { $0 + $1.0 * $1.1 })
}

/// What removing its mean takes from every correlation of a series at any lag, to first order:
/// (ρ(0) + Σ of both sides)/N, from tapered correlations at lags 1, 2, …; nothing is left of it where
/// a projection removed the slow frequencies.
func meanBias(_ count: Int, zero: Double, _ forward: [Double], _ backward: [Double]) -> Double {
  (zero + forward.reduce(0, +) + backward.reduce(0, +)) / Double(count)
}

/// Lags that are looked at: 2√N. Series between 0.01 and 0.1 Hz are correlated for longer than the
/// √N of the paper, which was made for whole spectra.
private func lagCount(_ n: Int) -> Int { max(2, Int((2 * Double(n).squareRoot()).rounded())) }

/// Half a period of a cosine: 1 at lag 0, 0 from `length` lags upwards (Tukey).
func tukeyTaper(_ length: Int) -> [Double] {
  (1..<max(2, length)).map { 0.5 * (1 + cos(Double.pi * Double($0) / Double(length))) }
}

/// Variance of Pearson's r between two autocorrelated series (Afyouni 2019, equation 1), from
/// tapered auto- and cross-correlations at lags 1, 2, …; never below that of white noise,
/// (1 − ρ²)²/T. What removing the means took from the correlations is given back, under the same
/// taper.
package func xdfVariance(
  _ count: Int, rho: Double, xx: [Double], yy: [Double], forward xy: [Double],
  backward yx: [Double], taper: [Double]
) -> Double {
  let biasX = meanBias(count, zero: 1, xx, xx)
  let biasY = meanBias(count, zero: 1, yy, yy)
  let biasXY = meanBias(count, zero: rho, xy, yx)
  let t = Double(count)
  let free = 1 - rho * rho
  var sum = (t - 1) * free * free
  for lag in 1...max(1, min(xx.count, count - 2)) where lag <= xx.count {
    let w = t - 1 - Double(lag)
    let h = taper[lag - 1]
    let (a, b) = (xx[lag - 1] + h * biasX, yy[lag - 1] + h * biasY)
    let (f, g) = (xy[lag - 1] + h * biasXY, yx[lag - 1] + h * biasXY)
    let squares = a * a + b * b + f * f + g * g
    let mixed = (a + b) * (f + g)
    let products = a * b + f * g
    sum += w * (rho * rho * squares - 2 * rho * mixed + 2 * products)
  }
  return max(sum / (t * t), free * free / t)
}

/// Tapered autocorrelations of one series of kept frames, at lags 1, 2, ….
private func tapered(
  _ series: [Double], _ pairs: [[(Int, Int)]], _ taper: [Double]
) -> [Double] {
  let energy = series.reduce(0) { $0 + $1 * $1 }
  let n = Double(series.count)
  return pairs.enumerated().map { at, pairs in
    guard energy > 0, !pairs.isEmpty else { return 0 }
    let sum = pairs.reduce(0.0) { $0 + series[$1.0] * series[$1.1] }
    return sum / energy * n / Double(pairs.count) * (1 - Double(at + 1) / n) * taper[at]
  }
}

extension ReducedSeries {
  /// Bartlett's effective number of observations behind the correlation of two series given by their
  /// coordinates; the same as a map of it has at one voxel.
  package func effectiveN(of a: [Double], with b: [Double]) -> Double {
    let taper = tukeyTaper(lagCount(projection.frameCount))
    let pairs = projection.pairs(upTo: taper.count)
    let n = projection.frameCount
    let raw = bartlettN(
      n, tapered(projection.series(of: a), pairs, taper),
      tapered(projection.series(of: b), pairs, taper))
    let cap = Double(degreesOfFreedom + 1)
    return raw > 0 ? min(cap, raw) : cap
  }
}

/// Autocorrelations of every voxel's cleaned series, tapered, so that the effective number of
/// observations of any seed map is one pass over them.
package final class Autocorrelations: Sendable {
  /// `values[(lag − 1) * voxels + voxel]`, lags 1 … `lagCount`.
  private let values: [Float]
  private let voxelCount: Int
  private let pairs: [[(Int, Int)]]
  private let taper: [Double]
  private let reduced: ReducedSeries

  /// Bartlett's sum runs to 2√N lags under a Tukey taper.
  package init(_ reduced: ReducedSeries, progress: WorkProgress = .silent) throws(Problem) {
    let n = reduced.projection.frameCount
    taper = tukeyTaper(lagCount(n))
    pairs = reduced.projection.pairs(upTo: taper.count)
    voxelCount = reduced.voxelCount
    self.reduced = reduced
    values = try lagged(reduced, pairs, taper, progress) { pairs, series, width in
      laggedProducts(pairs, series, series, width)
    }
  }

  /// Effective number of observations of the correlation of each voxel with a series given by its
  /// coordinates; never more than the residual degrees of freedom and the mean allow.
  package func effectiveN(with coordinates: [Double]) -> [Float] {
    let series = reduced.projection.series(of: coordinates)
    let n = series.count
    let own = correlations(series)
    var sum = [Float](repeating: 0, count: voxelCount)
    for (lag, rho) in own.enumerated() {
      let weight = Float(rho)
      for v in 0..<voxelCount { sum[v] += weight * values[lag * voxelCount + v] }
    }
    let cap = Float(reduced.degreesOfFreedom + 1)
    return (0..<voxelCount).map { v in
      guard reduced.norms[v].isFinite else { return .nan }
      let divisor = 1 + 2 * sum[v]
      return divisor > 0 ? min(cap, Float(n) / divisor) : cap
    }
  }

  private func correlations(_ series: [Double]) -> [Double] {
    tapered(series, pairs, taper)
  }
}

extension ReducedSeries {
  /// Effective number of observations by xDF for every voxel with a series given by its coordinates:
  /// Tukey taper of 2√N lags, (1 − ρ²)²/V(r) + 3 so that z = atanh r·√(N − 3) is xDF's own; never
  /// more than the residual degrees of freedom and the mean allow.
  package func xdfEffectiveN(
    with coordinates: [Double], progress: WorkProgress = .silent
  ) throws(Problem) -> [Float] {
    let n = projection.frameCount
    let taper = tukeyTaper(lagCount(n))
    let pairs = projection.pairs(upTo: taper.count)
    let raw = projection.series(of: coordinates)
    let length = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 0 else { return [Float](repeating: .nan, count: voxelCount) }
    let seed = raw.map { Float($0 / length) }
    let own = laggedProducts(pairs, seed, seed, 1)
    let auto = try lagged(self, pairs, taper, progress) { pairs, series, width in
      laggedProducts(pairs, series, series, width)
    }
    func crossed(_ flip: Bool) throws(Problem) -> [Float] {
      try lagged(self, pairs, taper, progress) { pairs, series, width in
        crossProducts(pairs, seed, series, width, flip)
      }
    }
    let forward = try crossed(false)
    let backward = try crossed(true)
    let r = correlations(with: coordinates)
    let xx = own.enumerated().map { at, sum in Double(sum) * scale(pairs, at, n) * taper[at] }
    let cap = Float(degreesOfFreedom + 1)
    return (0..<voxelCount).map { v in
      let rho = Double(r[v])
      guard rho.isFinite else { return .nan }
      func lags(_ values: [Float]) -> [Double] {
        taper.indices.map { Double(values[$0 * voxelCount + v]) }
      }
      let variance = xdfVariance(
        n, rho: rho, xx: xx, yy: lags(auto), forward: lags(forward), backward: lags(backward),
        taper: taper)
      let free = 1 - rho * rho
      return min(cap, Float(free * free / max(variance, .leastNormalMagnitude) + 3))
    }
  }
}

/// What a sum over the pairs of one lag must be multiplied by: censored frames leave pairs out.
private func scale(_ pairs: [[(Int, Int)]], _ at: Int, _ n: Int) -> Double {
  pairs[at].isEmpty
    ? 0 : Double(n) / Double(pairs[at].count) * (1 - Double(at + 1) / Double(n))
}

/// Σ x(t)·y(t + lag) for every lag and every column of `width` series, time-major.
private func laggedProducts(
  _ pairs: [[(Int, Int)]], _ x: [Float], _ y: [Float], _ width: Int
) -> [Float] {
  var out = [Float](repeating: 0, count: pairs.count * width)
  x.withUnsafeBufferPointer { x in
    y.withUnsafeBufferPointer { y in
      out.withUnsafeMutableBufferPointer { out in
        for (lag, pairs) in pairs.enumerated() {
          for (a, b) in pairs {
            for v in 0..<width { out[lag * width + v] += x[a * width + v] * y[b * width + v] }
          }
        }
      }
    }
  }
  return out
}

/// Σ seed(t)·y(t + lag), or Σ y(t)·seed(t + lag) when flipped.
private func crossProducts(
  _ pairs: [[(Int, Int)]], _ seed: [Float], _ y: [Float], _ width: Int, _ flip: Bool
) -> [Float] {
  var out = [Float](repeating: 0, count: pairs.count * width)
  y.withUnsafeBufferPointer { y in
    out.withUnsafeMutableBufferPointer { out in
      for (lag, pairs) in pairs.enumerated() {
        for (a, b) in pairs {
          let s = seed[flip ? b : a]
          let row = (flip ? a : b) * width
          for v in 0..<width { out[lag * width + v] += s * y[row + v] }
        }
      }
    }
  }
  return out
}

/// Lagged sums of every voxel's unit series, scaled and tapered, lag-major.
private func lagged(
  _ reduced: ReducedSeries, _ pairs: [[(Int, Int)]], _ taper: [Double], _ progress: WorkProgress,
  _ products: @Sendable ([[(Int, Int)]], [Float], Int) -> [Float]
) throws(Problem) -> [Float] {
  let n = reduced.voxelCount
  let t = reduced.projection.frameCount
  let d = reduced.degreesOfFreedom
  let basis = reduced.projection.denseBasis()
  let factors = taper.indices.map { Float(scale(pairs, $0, t) * taper[$0]) }
  let slab = 256
  let slabs = (n + slab - 1) / slab
  let done = Counter()
  var out = [Float](repeating: 0, count: taper.count * n)
  out.withUnsafeMutableBufferPointer { outBuffer in
    nonisolated(unsafe) let out = outBuffer
    reduced.unit.withUnsafeBufferPointer { unitBuffer in
      nonisolated(unsafe) let unit = unitBuffer
      basis.withUnsafeBufferPointer { basisBuffer in
        nonisolated(unsafe) let basis = basisBuffer
        inParallel(slabs) { part in
          for s in part {
            if progress.isCancelled() { return }
            let from = s * slab
            let count = min(slab, n - from)
            var series = [Float](repeating: 0, count: t * count)
            series.withUnsafeMutableBufferPointer { x in
              if let x = x.baseAddress, let u = unit.baseAddress, let b = basis.baseAddress {
                LinearAlgebra.multiplyTransposed(t, count, d, b, u + from, ldb: n, x)
              }
            }
            let sums = products(pairs, series, count)
            for lag in factors.indices {
              for v in 0..<count {
                out[lag * n + from + v] = sums[lag * count + v] * factors[lag]
              }
            }
            progress.report("autocorrelations", Double(done.next()) / Double(slabs))
          }
        }
      }
    }
  }
  try progress.check()
  return out
}

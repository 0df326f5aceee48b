import Glibc

/// Autocorrelation of noise over distance as AFNI's 3dFWHMx models it:
/// a·exp(−r²/2b²) + (1 − a)·exp(−r/c), r, b, c in mm (Cox 2017; spect.md 4.4).
package struct MixedAutocorrelation: Sendable, Equatable {
  package let a: Double
  package let b: Double
  package let c: Double

  package init(a: Double, b: Double, c: Double) {
    self.a = a
    self.b = b
    self.c = c
  }

  package func value(at r: Double) -> Double { Self.value(r, a, b, c) }

  private static func value(_ r: Double, _ a: Double, _ b: Double, _ c: Double) -> Double {
    a * exp(-r * r / (2 * b * b)) + (1 - a) * exp(-r / c)
  }

  /// Full width at half maximum of the autocorrelation itself, in mm. For noise made with a Gaussian kernel
  /// it is √2 times the kernel's.
  package var fullWidthAtHalfMaximum: Double {
    var low = 0.0
    var high = max(b, c, 1e-6)
    while value(at: high) > 0.5 { high *= 2 }
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if value(at: middle) > 0.5 { low = middle } else { high = middle }
    }
    return low + high
  }

  /// FWHM of the Gaussian kernel that makes such noise of white noise, in mm.
  package var kernelFWHM: Double { fullWidthAtHalfMaximum / 2.0.squareRoot() }

  /// The least-squares fit to correlations at distances; nil with fewer than three of them.
  ///
  /// For given b and c the best a (0…1) follows directly; b and c are searched by simplex from a fixed net of
  /// starts, so the same numbers give the same fit.
  package init?(distances r: [Double], correlations y: [Double]) {
    guard r.count == y.count, r.count >= 3, let longest = r.max(), let shortest = r.min(),
      shortest > 0
    else { return nil }
    func best(_ p: SIMD2<Double>) -> (error: Double, a: Double) {
      let (b, c) = (exp(p.x), exp(p.y))
      var (top, bottom) = (0.0, 0.0)
      for n in r.indices {
        let g = exp(-r[n] * r[n] / (2 * b * b))
        let e = exp(-r[n] / c)
        top += (g - e) * (y[n] - e)
        bottom += (g - e) * (g - e)
      }
      let a = bottom > 0 ? min(1, max(0, top / bottom)) : 1
      let error = r.indices.reduce(0.0) { sum, n in
        let d = Self.value(r[n], a, b, c) - y[n]
        return sum + d * d
      }
      return (error, a)
    }
    // Widths far outside of what was looked at are no information.
    let range = log(shortest / 20)...log(longest * 20)
    func error(_ p: SIMD2<Double>) -> Double {
      range.contains(p.x) && range.contains(p.y) ? best(p).error : .infinity
    }
    var found = SIMD2<Double>(log(longest / 3), log(longest / 3))
    var least = error(found)
    for b in [0.1, 0.25, 0.6] {
      for c in [0.1, 0.4, 1.5] {
        let start = SIMD2(log(b * longest), log(c * longest))
        let end = simplexMinimum(from: start, step: 0.4, error)
        if error(end) < least { (found, least) = (end, error(end)) }
      }
    }
    self.init(a: best(found).a, b: exp(found.x), c: exp(found.y))
  }
}

/// Nelder and Mead's downhill simplex in two dimensions.
private func simplexMinimum(
  from start: SIMD2<Double>, step: Double, _ f: (SIMD2<Double>) -> Double
) -> SIMD2<Double> {
  var points = [start, start + SIMD2(step, 0), start + SIMD2(0, step)].map { ($0, f($0)) }
  for _ in 0..<400 {
    points.sort { $0.1 < $1.1 }
    if points[2].1 - points[0].1 <= 1e-14 * (1 + points[0].1) { break }
    let middle = (points[0].0 + points[1].0) / 2
    let worst = points[2].0
    func trial(_ t: Double) -> (SIMD2<Double>, Double) {
      let p = middle + t * (worst - middle)
      return (p, f(p))
    }
    let reflected = trial(-1)
    if reflected.1 < points[0].1 {
      let expanded = trial(-2)
      points[2] = expanded.1 < reflected.1 ? expanded : reflected
    } else if reflected.1 < points[1].1 {
      points[2] = reflected
    } else {
      let contracted = trial(reflected.1 < points[2].1 ? -0.5 : 0.5)
      if contracted.1 < min(reflected.1, points[2].1) {
        points[2] = contracted
      } else {
        for n in 1...2 {
          let p = (points[n].0 + points[0].0) / 2
          points[n] = (p, f(p))
        }
      }
    }
  }
  return points.min { $0.1 < $1.1 }?.0 ?? start
}

import Glibc

/// Two-sided p of a standard normal z.
package func normalTwoSidedP(_ z: Double) -> Double { erfc(abs(z) / 2.0.squareRoot()) }

/// Two-sided p of Student's t with `df` degrees of freedom, which need not be whole.
package func studentTwoSidedP(_ t: Double, degreesOfFreedom df: Double) -> Double {
  guard t.isFinite, df > 0 else { return t.isInfinite ? 0 : .nan }
  return incompleteBeta(df / (df + t * t), df / 2, 0.5)
}

/// The t above 0 whose two-sided p is so large, by halving.
package func studentQuantile(twoSidedP p: Double, degreesOfFreedom df: Double) -> Double {
  guard p > 0, p < 1, df > 0 else { return p == 1 ? 0 : .nan }
  var (low, high) = (0.0, 1.0)
  while studentTwoSidedP(high, degreesOfFreedom: df) > p, high < 1e12 { high *= 2 }
  for _ in 0..<100 {
    let middle = (low + high) / 2
    if studentTwoSidedP(middle, degreesOfFreedom: df) > p { low = middle } else { high = middle }
  }
  return (low + high) / 2
}

/// Pearson's r of N independent pairs that are not coupled, as a deviate of the standard normal
/// distribution: t = r·√(ν/(1 − r²)) with ν = N − 2 through Wallace 1959,
/// (8ν + 1)/(8ν + 3)·√(ν·ln(1 + t²/ν)), and ln(1 + t²/ν) = −ln(1 − r²). Within 0.01 from ν = 8 on; 0 where
/// N is 3 or less.
package func correlationDeviate(_ r: Double, observations n: Double) -> Double {
  guard n > 3 else { return n.isNaN ? .nan : 0 }
  let nu = n - 2
  let free = max(1 - r * r, 1e-14)
  let size = (8 * nu + 1) / (8 * nu + 3) * (-nu * log(free)).squareRoot()
  return r < 0 ? -size : size
}

/// Per cent of a t distribution below `t`.
package func studentPercentile(_ t: Double, degreesOfFreedom df: Double) -> Double {
  let half = studentTwoSidedP(t, degreesOfFreedom: df) / 2
  return 100 * (t > 0 ? 1 - half : half)
}

/// Regularised incomplete beta function, by Lentz's continued fraction (NIST DLMF 8.17.22).
func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
  if x <= 0 { return 0 }
  if x >= 1 { return 1 }
  // The fraction converges fast on this side; the other is its mirror.
  if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
  let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
  let tiny = 1e-300
  var c = 1.0
  var d = 1 - (a + b) * x / (a + 1)
  d = 1 / (abs(d) < tiny ? tiny : d)
  var fraction = d
  for step in 1...10_000 {
    let m = Double(step)
    for numerator in [
      m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
      -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
    ] {
      d = 1 + numerator * d
      d = 1 / (abs(d) < tiny ? tiny : d)
      c = 1 + numerator / c
      if abs(c) < tiny { c = tiny }
      fraction *= c * d
    }
    if abs(c * d - 1) < 1e-15 { break }
  }
  return front * fraction
}

/// False discovery rate of Benjamini and Hochberg: for every p the smallest rate at which it would
/// be called; NaN stays NaN and does not count.
package func falseDiscoveryQ(_ p: [Double]) -> [Double] {
  let order = p.indices.filter { p[$0].isFinite }.sorted { (p[$0], $0) < (p[$1], $1) }
  var q = [Double](repeating: .nan, count: p.count)
  var least = 1.0
  for (rank, at) in order.enumerated().reversed() {
    least = min(least, p[at] * Double(order.count) / Double(rank + 1))
    q[at] = least
  }
  return q
}

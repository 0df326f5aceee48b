package import Basics
import Glibc
import Imaging

extension Projections {
  /// Counts drawn around these means, the same for the same seed on any number of cores: every view
  /// has a generator of its own.
  package func withPoissonNoise(seed: UInt64) -> Projections {
    let perView = acquisition.matrix * acquisition.slices
    var out = values
    forEachChunk(of: acquisition.views, into: &out) { views, counts in
      for view in views {
        var mixer = SeededGenerator(seed: seed &+ UInt64(view) &* 0xd134_2543_de82_ef95)
        var generator = SeededGenerator(seed: mixer.next())
        for n in view * perView..<(view + 1) * perView {
          counts[n] = Float(poisson(mean: Double(counts[n]), &generator))
        }
      }
    }
    return Projections(acquisition, values: out)
  }
}

/// One draw of a Poisson number; 0 for a mean that is not positive.
///
/// Below ten uniform numbers are multiplied until e^−mean is passed (Knuth); from there on Hörmann's
/// transformed rejection PTRS (Insurance: Mathematics and Economics 1993;12:39), exact for any mean.
package func poisson(mean: Double, _ generator: inout SeededGenerator) -> Double {
  guard mean > 0, mean.isFinite else { return 0 }
  if mean < 10 {
    let limit = exp(-mean)
    var product = generator.uniform()
    var count = 0.0
    while product > limit {
      product *= generator.uniform()
      count += 1
    }
    return count
  }
  let b = 0.931 + 2.53 * mean.squareRoot()
  let a = -0.059 + 0.02483 * b
  let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
  let squeeze = 0.9277 - 3.6224 / (b - 2)
  let logMean = log(mean)
  while true {
    let u = generator.uniform() - 0.5
    let v = generator.uniform()
    let rim = 0.5 - abs(u)
    let k = ((2 * a / rim + b) * u + mean + 0.43).rounded(.down)
    if rim >= 0.07, v <= squeeze { return k }
    if k < 0 || (rim < 0.013 && v > rim) { continue }
    let left = log(v * inverseAlpha / (a / (rim * rim) + b))
    if left <= k * logMean - mean - logFactorial(k) { return k }
  }
}

/// ln k! for whole k ≥ 0: a sum below 16, Stirling's series above (better than 1e-12).
func logFactorial(_ k: Double) -> Double {
  if k < 16 {
    var product = 1.0
    var n = 2.0
    while n <= k {
      product *= n
      n += 1
    }
    return log(product)
  }
  let x = k + 1
  let inverse = 1 / (x * x)
  let series = (1 / 12.0 - inverse * (1 / 360.0 - inverse * (1 / 1260.0 - inverse / 1680))) / x
  return (x - 0.5) * log(x) - x + 0.918_938_533_204_672_7 + series
}

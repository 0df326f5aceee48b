import Basics
import Glibc
import Imaging

/// Legendre polynomials of degree 0…`degree` at `n` evenly spaced places from −1 to 1.
func legendre(_ degree: Int, _ n: Int) -> [[Double]] {
  guard degree >= 0 else { return [] }
  let x = (0..<n).map { n == 1 ? 0 : 2 * Double($0) / Double(n - 1) - 1 }
  var all = [[Double](repeating: 1, count: n)]
  if degree >= 1 { all.append(x) }
  for k in stride(from: 2, through: degree, by: 1) {
    let a = Double(2 * k - 1) / Double(k)
    let b = Double(k - 1) / Double(k)
    all.append((0..<n).map { a * x[$0] * all[k - 1][$0] - b * all[k - 2][$0] })
  }
  return all
}

/// The discrete Fourier bins that a band-pass removes, by 3dTproject's rule: stop-bands
/// [0, f₁ − 0.0001] and [f₂ + 0.0001, ∞), each from rint((f + d)/df) to rint((f − d)/df) with
/// d = df/6; bin 0 is left to the polynomial.
package func stopBandBins(_ n: Int, _ tr: Double, _ band: ClosedRange<Double>) -> [Int] {
  let df = 1 / (Double(n) * tr)
  let d = df / 6
  let nyquist = n / 2
  var bins: [Int] = []
  let top = wholeNumber(
    ((band.lowerBound - 0.0001 - d) / df).rounded(.toNearestOrEven), in: -1...n)
  if top >= 1, nyquist >= 1 { bins += 1...min(top, nyquist) }
  let bottom = wholeNumber(
    ((band.upperBound + 0.0001 + d) / df).rounded(.toNearestOrEven), in: 0...n)
  let from = max(bottom, (bins.last ?? 0) + 1)
  if from <= nyquist { bins += from...nyquist }
  return bins
}

/// Cosine and sine of one bin; at the Nyquist frequency of an even count only the cosine.
func sinusoids(_ bin: Int, _ n: Int) -> [[Double]] {
  let w = 2 * Double.pi * Double(bin) / Double(n)
  let cosine = (0..<n).map { cos(w * Double($0)) }
  if 2 * bin == n { return [cosine] }
  return [cosine, (0..<n).map { sin(w * Double($0)) }]
}

/// Discrete cosines up to a cut-off, as nilearn and fMRIPrep's `cosine_XX` have them:
/// K = floor(2·N·f·TR) columns √(2/N)·cos(π(n+½)k/N), k = 1…K.
func discreteCosines(_ n: Int, _ tr: Double, _ cutOffHertz: Double) -> [[Double]] {
  let count = wholeNumber(2 * Double(n) * cutOffHertz * tr, in: 0...max(0, n - 1))
  let scale = (2 / Double(n)).squareRoot()
  return (0..<max(0, count)).map { k in
    let w = Double.pi * Double(k + 1) / Double(n)
    return (0..<n).map { scale * cos(w * (Double($0) + 0.5)) }
  }
}

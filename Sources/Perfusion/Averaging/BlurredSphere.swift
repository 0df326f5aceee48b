import Glibc
import Imaging

/// A ball of value 1 in nothing, seen by a Gaussian camera, at a distance from its middle.
///
/// With s = FWHM/2.3548: ½(erf((R+r)/√2s) + erf((R−r)/√2s)) − s/(√(2π) r)·(exp(−(R−r)²/2s²) − exp(−(R+r)²/2s²)); at
/// r = 0 that is `sphereRecovery`.
package func blurredSphere(at r: Double, diameter: Double, fwhm: Double) -> Double {
  let radius = diameter / 2
  guard fwhm > 0 else { return r <= radius ? 1 : 0 }
  guard r > 1e-6 * radius else { return sphereRecovery(diameter: diameter, fwhm: fwhm) }
  let s = sigma(fromFWHM: fwhm)
  let wide = 2.0.squareRoot() * s
  func bell(_ x: Double) -> Double { exp(-x * x / (2 * s * s)) }
  let inner = (erf((radius + r) / wide) + erf((radius - r) / wide)) / 2
  let rim = s / ((2 * Double.pi).squareRoot() * r) * (bell(radius - r) - bell(radius + r))
  return inner - rim
}

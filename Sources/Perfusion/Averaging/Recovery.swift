import Glibc
import Imaging

/// What a Gaussian camera keeps in the middle of a simple object in nothing: closed forms of spect.md
/// 1.5, with s = FWHM/2.3548. Lengths in millimetres; 1 for a camera without blur.

/// Centre of a sphere: erf(x) − (2/√π)·x·exp(−x²), x = R/(√2 s).
package func sphereRecovery(diameter: Double, fwhm: Double) -> Double {
  guard fwhm > 0 else { return 1 }
  let x = diameter / 2 / (2.0.squareRoot() * sigma(fromFWHM: fwhm))
  return erf(x) - 2 / Double.pi.squareRoot() * x * exp(-x * x)
}

/// Axis of a long cylinder: 1 − exp(−R²/2s²).
package func cylinderRecovery(diameter: Double, fwhm: Double) -> Double {
  guard fwhm > 0 else { return 1 }
  let x = diameter / 2 / sigma(fromFWHM: fwhm)
  return 1 - exp(-x * x / 2)
}

/// Middle of a slab, as of cortex: erf(T/(2√2 s)).
package func slabRecovery(thickness: Double, fwhm: Double) -> Double {
  guard fwhm > 0 else { return 1 }
  return erf(thickness / (2 * 2.0.squareRoot() * sigma(fromFWHM: fwhm)))
}

/// How many boxes of one FWHM fill a volume.
package func resolutionElements(
  cubicMillimetres volume: Double, fwhm: (Double, Double, Double)
) -> Double {
  volume / (fwhm.0 * fwhm.1 * fwhm.2)
}

import Imaging
import Perfusion
import Testing

@Suite struct BlurredSphereTests {
  @Test func aBallIsTheConvolutionThatItIsSaidToBe() {
    // By the middle it is the recovery, far away nothing, sharp without a camera.
    #expect(
      abs(
        blurredSphere(at: 0, diameter: 10, fwhm: 10) - sphereRecovery(diameter: 10, fwhm: 10))
        < 1e-12)
    let (near, middle) = (
      blurredSphere(at: 1e-4, diameter: 20, fwhm: 8), sphereRecovery(diameter: 20, fwhm: 8)
    )
    #expect(abs(near - middle) < 1e-6)
    #expect(blurredSphere(at: 60, diameter: 10, fwhm: 10) < 1e-9)
    #expect(blurredSphere(at: 4.9, diameter: 10, fwhm: 0) == 1)
    #expect(blurredSphere(at: 5.1, diameter: 10, fwhm: 0) == 0)
    // The same by a sum over a grid of 0.5 mm.
    let (radius, fwhm, at) = (5.0, 8.0, 4.0)
    let s = sigma(fromFWHM: fwhm)
    var (sum, all) = (0.0, 0.0)
    let steps = stride(from: -24.0, through: 24, by: 0.5)
    let weights = steps.map { x in gaussian(x / s) }
    for (i, x) in steps.enumerated() {
      for (j, y) in steps.enumerated() {
        for (k, z) in steps.enumerated() {
          let w = weights[i] * weights[j] * weights[k]
          all += w
          let d = ((x + at) * (x + at) + y * y + z * z).squareRoot()
          if d <= radius { sum += w }
        }
      }
    }
    #expect(abs(blurredSphere(at: at, diameter: 2 * radius, fwhm: fwhm) - sum / all) < 0.004)
  }

  /// exp(−x²/2) by its series at a small part of x, squared up.
  private func gaussian(_ x: Double) -> Double {
    var t = 1 - x * x / 2 / 4096
    for _ in 0..<12 { t *= t }
    return t
  }
}

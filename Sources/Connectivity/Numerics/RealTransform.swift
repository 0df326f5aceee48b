internal import CFFTW
import Foundation

/// FFTW plans one at a time: only execution is thread-safe, so planning is locked.
private let planning = NSLock()

/// Discrete Fourier transforms of real series of one length, forth and back. Owns FFTW's plans and
/// buffers; to be used by one thread.
final class RealTransform {
  let length: Int
  /// Bins 0…length/2.
  let binCount: Int
  private let real: UnsafeMutablePointer<Double>
  private let complex: UnsafeMutablePointer<fftw_complex>
  private let forwardPlan: fftw_plan?
  private let backwardPlan: fftw_plan?

  /// Nil when memory or plan cannot be had.
  init?(length: Int) {
    guard length > 1, let real = fftw_alloc_real(length),
      let complex = fftw_alloc_complex(length / 2 + 1)
    else { return nil }
    self.length = length
    binCount = length / 2 + 1
    self.real = real
    self.complex = complex
    let estimate: UInt32 = 1 << 6  // FFTW_ESTIMATE, a macro: planning without trial runs
    planning.lock()
    forwardPlan = fftw_plan_dft_r2c_1d(Int32(length), real, complex, estimate)
    backwardPlan = fftw_plan_dft_c2r_1d(Int32(length), complex, real, estimate)
    planning.unlock()
  }

  deinit {
    planning.lock()
    fftw_destroy_plan(forwardPlan)
    fftw_destroy_plan(backwardPlan)
    planning.unlock()
    fftw_free(real)
    fftw_free(complex)
  }

  /// The series to be transformed.
  var input: UnsafeMutableBufferPointer<Double> {
    UnsafeMutableBufferPointer(start: real, count: length)
  }

  func forward() { fftw_execute(forwardPlan) }

  /// Back to `input`, divided by the length. What was in the bins is gone afterwards.
  func backward() {
    fftw_execute(backwardPlan)
    let scale = 1 / Double(length)
    for t in 0..<length { real[t] *= scale }
  }

  func bin(_ b: Int) -> (re: Double, im: Double) { complex[b] }

  func setBin(_ b: Int, _ re: Double, _ im: Double) { complex[b] = (re, im) }

  func power(_ b: Int) -> Double { complex[b].0 * complex[b].0 + complex[b].1 * complex[b].1 }
}

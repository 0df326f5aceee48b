internal import CFFTW
import Foundation
import Glibc
package import Imaging

/// FFTW plans one series at a time: only execution is thread-safe, so planning is locked.
private let planning = NSLock()

/// Series with the same power at every frequency and random phases (Theiler 1992).
///
/// - Returns: `count` series of the same length; the same generator gives the same ones.
func phaseRandomised(
  _ series: [Double], count: Int, generator: inout SeededGenerator
) -> [[Double]] {
  guard series.count > 1 else { return [] }
  let n = series.count
  let bins = n / 2 + 1
  let real = fftw_alloc_real(n)
  let complex = fftw_alloc_complex(bins)
  defer {
    fftw_free(real)
    fftw_free(complex)
  }
  guard let real, let complex else { return [] }
  planning.lock()
  let estimate: UInt32 = 1 << 6  // FFTW_ESTIMATE, a macro: planning without trial runs
  let forward = fftw_plan_dft_r2c_1d(Int32(n), real, complex, estimate)
  let backward = fftw_plan_dft_c2r_1d(Int32(n), complex, real, estimate)
  planning.unlock()
  defer {
    planning.lock()
    fftw_destroy_plan(forward)
    fftw_destroy_plan(backward)
    planning.unlock()
  }
  for t in 0..<n { real[t] = series[t] }
  fftw_execute(forward)
  let amplitude = (0..<bins).map { bin in
    (complex[bin].0 * complex[bin].0 + complex[bin].1 * complex[bin].1).squareRoot()
  }
  var out: [[Double]] = []
  for _ in 0..<count {
    for bin in 0..<bins {
      let phase = 2 * Double.pi * generator.uniform()
      let isReal = bin == 0 || 2 * bin == n
      complex[bin] =
        isReal
        ? (phase < .pi ? amplitude[bin] : -amplitude[bin], 0)
        : (amplitude[bin] * cos(phase), amplitude[bin] * sin(phase))
    }
    fftw_execute(backward)
    out.append((0..<n).map { real[$0] / Double(n) })
  }
  return out
}

extension ReducedSeries {
  /// The most negative r that chance finds anywhere in a region: for each of `count`
  /// phase-randomised seeds the minimum over the region's voxels, ascending.
  ///
  /// Thousands of voxels are looked at, so the minimum must be compared with minima.
  package func surrogateMinima(
    seed coordinates: [Double], region: [Int], count: Int, randomSeed: UInt64,
    progress: WorkProgress = .silent
  ) throws(Problem) -> [Double] {
    var generator = SeededGenerator(seed: randomSeed)
    let d = degreesOfFreedom
    let usable = region.filter { norms[$0].isFinite }
    let rows = unitCoordinates(of: usable)
    let surrogates = phaseRandomised(
      projection.series(of: coordinates), count: count, generator: &generator)
    var minima: [Double] = []
    var product = [Float](repeating: 0, count: usable.count)
    for surrogate in surrogates {
      try progress.check()
      let c = projection.coordinates(of: surrogate)
      let length = c.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0 else { continue }
      let x = c.map { Float($0 / length) }
      rows.withUnsafeBufferPointer { a in
        x.withUnsafeBufferPointer { b in
          product.withUnsafeMutableBufferPointer { out in
            if let a = a.baseAddress, let b = b.baseAddress, let out = out.baseAddress {
              LinearAlgebra.multiply(usable.count, 1, d, a, b, ldb: 1, out, ldc: 1)
            }
          }
        }
      }
      minima.append(Double(product.min() ?? 0))
    }
    return minima.sorted()
  }
}

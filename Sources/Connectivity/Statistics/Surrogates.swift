import Glibc
package import Imaging

/// Series with the same power at every frequency and random phases (Theiler 1992).
///
/// - Returns: `count` series of the same length; the same generator gives the same ones.
func phaseRandomised(
  _ series: [Double], count: Int, generator: inout SeededGenerator
) -> [[Double]] {
  jointlyPhaseRandomised([series], count: count, generator: &generator).map { $0[0] }
}

/// Several series whose phases are all shifted by the same random amounts (Prichard and Theiler
/// 1994): every power spectrum and every cross-spectrum stays, so their correlation over the whole
/// length stays, and nothing in them changes with time but by chance.
///
/// - Returns: `count` sets, each with as many series as were given.
func jointlyPhaseRandomised(
  _ series: [[Double]], count: Int, generator: inout SeededGenerator
) -> [[[Double]]] {
  guard let n = series.first?.count, n > 1, let fft = RealTransform(length: n) else { return [] }
  let spectra = series.map { one -> [(re: Double, im: Double)] in
    for t in 0..<n { fft.input[t] = one[t] }
    fft.forward()
    return (0..<fft.binCount).map(fft.bin)
  }
  let isAlone = series.count == 1
  var out: [[[Double]]] = []
  for _ in 0..<count {
    let phases = (0..<fft.binCount).map { _ in 2 * Double.pi * generator.uniform() }
    out.append(
      spectra.map { spectrum in
        for bin in 0..<fft.binCount {
          let (re, im) = spectrum[bin]
          if bin == 0 || 2 * bin == n {
            // A real bin has a sign for a phase.
            let length = isAlone ? (re * re + im * im).squareRoot() : re
            fft.setBin(bin, phases[bin] < .pi ? length : -length, 0)
          } else if isAlone {
            let length = (re * re + im * im).squareRoot()
            fft.setBin(bin, length * cos(phases[bin]), length * sin(phases[bin]))
          } else {
            let (c, s) = (cos(phases[bin]), sin(phases[bin]))
            fft.setBin(bin, re * c - im * s, re * s + im * c)
          }
        }
        fft.backward()
        return Array(fft.input)
      })
  }
  return out
}

extension ReducedSeries {
  /// The strongest coupling that chance finds anywhere in a region: for each of `count`
  /// phase-randomised seeds the largest `sign`·r over the region's voxels, ascending.
  ///
  /// Thousands of voxels are looked at, so an extreme must be compared with extremes.
  package func surrogateExtremes(
    seed coordinates: [Double], region: [Int], count: Int, sign: Float, randomSeed: UInt64,
    progress: WorkProgress = .silent
  ) throws(Problem) -> [Double] {
    var generator = SeededGenerator(seed: randomSeed)
    let d = degreesOfFreedom
    let usable = region.filter { norms[$0].isFinite }
    let rows = unitCoordinates(of: usable)
    let surrogates = phaseRandomised(
      projection.series(of: coordinates), count: count, generator: &generator)
    var extremes: [Double] = []
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
      extremes.append(Double(product.reduce(-Float.infinity) { max($0, sign * $1) }))
    }
    return extremes.sorted()
  }
}

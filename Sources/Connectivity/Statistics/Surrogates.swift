import Basics
import Glibc
import Imaging

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

/// Phase-randomised copies of a seed's series in the projection's coordinates, each of length 1: made once,
/// held against any region.
package final class SurrogateSeeds: Sendable {
  let degreesOfFreedom: Int
  package let count: Int
  /// `values[d * count + surrogate]`.
  private let values: [Float]

  package init(
    _ reduced: ReducedSeries, seed coordinates: [Double], count: Int, randomSeed: UInt64
  ) {
    var generator = SeededGenerator(seed: randomSeed)
    let series = phaseRandomised(
      reduced.projection.series(of: coordinates), count: count, generator: &generator)
    let projected = reduced.projection.coordinates(ofAll: series)
    let d = reduced.degreesOfFreedom
    let lengths = projected.map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let usable = projected.indices.filter { lengths[$0] > 0 }
    self.count = usable.count
    degreesOfFreedom = d
    var values = [Float](repeating: 0, count: d * usable.count)
    for (column, n) in usable.enumerated() {
      for row in 0..<d {
        values[row * usable.count + column] = Float(projected[n][row] / lengths[n])
      }
    }
    self.values = values
  }

  /// The coordinates of one of them.
  package func coordinates(of surrogate: Int) -> [Float] {
    (0..<degreesOfFreedom).map { values[$0 * count + surrogate] }
  }
}

import Basics
import Glibc
import Imaging

/// Numbers and series that a made-up person's noise is made of.
struct PhantomRandom {
  private var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func uniform() -> Double { generator.uniform() }

  mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * generator.uniform()
  }

  mutating func index(_ count: Int) -> Int {
    min(count - 1, Int(generator.uniform() * Double(count)))
  }

  /// Nearly normal, from four 16-bit numbers: for thermal noise, of which there is most.
  mutating func roughNormal() -> Float {
    let b = generator.next()
    let sum = (b & 0xffff) + (b >> 16 & 0xffff) + (b >> 32 & 0xffff) + (b >> 48)
    return Float(Int(sum) - 131_070) / 37_837
  }

  /// Normal by the sum of twelve uniform numbers.
  mutating func normal() -> Double {
    (0..<12).reduce(-6.0) { sum, _ in sum + generator.uniform() }
  }

  /// |t| with two degrees of freedom, at most 12: most jumps are small, some are very large.
  mutating func heavyTailed() -> Double {
    let (a, b) = (normal(), normal())
    let chi = max(1e-6, (a * a + b * b) / 2)
    return min(12, abs(normal()) / chi.squareRoot())
  }

  /// About 1/f with standard deviation near 1: the sum of four first-order series whose memories are 1, 4, 16 and
  /// 64 frames long.
  mutating func pink(_ count: Int) -> [Float] {
    var out = [Float](repeating: 0, count: count)
    for memory in [1.0, 4, 16, 64] {
      let keep = exp(-1 / memory)
      let add = (1 - keep * keep).squareRoot() / 2
      var x = normal() / 2
      for t in 0..<count {
        x = keep * x + add * normal()
        out[t] += Float(x)
      }
    }
    return out
  }

  /// A narrow-band series every half second with standard deviation 1: a second-order resonance.
  ///
  /// - Parameter width: full width at half of the power, in Hz.
  mutating func narrowBand(seconds: Double, hertz: Double, width: Double) -> [Float] {
    let decay = exp(-Double.pi * width * 0.5)
    let turn = 2 * decay * cos(2 * Double.pi * hertz * 0.5)
    var (a, b) = (0.0, 0.0)
    var out: [Float] = []
    for n in 0..<Int(seconds * 2) + 400 {
      (a, b) = (turn * a - decay * decay * b + normal(), a)
      if n >= 400 { out.append(Float(a)) }
    }
    let power = out.reduce(Float(0)) { $0 + $1 * $1 } / Float(max(1, out.count))
    return out.map { $0 / power.squareRoot() }
  }
}

/// Shapes in space, and what is added along them.
extension PhantomNoise {
  mutating func add(_ gain: Float, of rows: [Float], row: Int, to v: Int) {
    for t in 0..<frames { values[v * frames + t] += gain * rows[row * frames + t] }
  }

  /// Adds one series with a gain for each voxel; voxels of no gain to speak of are passed over.
  mutating func add(_ gain: [Float], _ series: [Float]) {
    for v in gain.indices where abs(gain[v]) > 1e-3 {
      for t in 0..<frames { values[v * frames + t] += gain[v] * series[t] }
    }
  }

  /// Adds a series that was made every half second, later by `delay` seconds (at most 30 either way).
  mutating func addDelayed(_ series: [Float], _ delay: [Double], _ gain: [Float]) {
    for v in delay.indices {
      for t in 0..<frames {
        let at = Int((2 * (Double(t) * tr + 30 - delay[v])).rounded())
        values[v * frames + t] += gain[v] * series[min(series.count - 1, max(0, at))]
      }
    }
  }

  /// A smooth random field of standard deviation about 1: 24 waves whose lengths belong to a Gaussian of `width`
  /// millimetres.
  mutating func field(_ width: Double) -> [Float] {
    let waves = (0..<24).map { _ in
      (
        random.normal() / width, random.normal() / width, random.normal() / width,
        random.uniform(0, 2 * Double.pi)
      )
    }
    let scale = (2.0 / 24).squareRoot()
    return points.map { p in
      Float(scale * waves.reduce(0.0) { $0 + cos($1.0 * p.x + $1.1 * p.y + $1.2 * p.z + $1.3) })
    }
  }

  /// A Gaussian of `width` millimetres (standard deviation) around a place.
  func bump(_ centre: WorldPoint, _ width: Double, _ height: Float) -> [Float] {
    points.map { p in
      let d = p.distance(to: centre) / width
      return d < 4 ? height * Float(exp(-0.5 * d * d)) : 0
    }
  }

  mutating func randomPlace() -> WorldPoint {
    let (low, high) = Self.box
    return WorldPoint(
      random.uniform(low.x, high.x), random.uniform(low.y, high.y), random.uniform(low.z, high.z))
  }

  /// A place within so many millimetres of a centre of the search region.
  mutating func nearCentre(_ reach: Double) -> WorldPoint {
    let centre = Self.centres[random.index(4)]
    while true {
      let p = WorldPoint(
        centre.x + random.uniform(-reach, reach), centre.y + random.uniform(-reach, reach),
        centre.z + random.uniform(-reach, reach))
      if p.distance(to: centre) <= reach { return p }
    }
  }

  /// Power of a series from 0.01 to 0.1 Hz.
  func bandPower(_ series: [Float]) -> Double {
    let n = series.count
    let table = (0..<n).map { 2 * Double.pi * Double($0) / Double(n) }.map { (cos($0), sin($0)) }
    let span = Double(n) * tr
    var sum = 0.0
    for bin in Int((0.01 * span).rounded(.up))...Int(0.1 * span) {
      var (re, im) = (0.0, 0.0)
      for t in 0..<n {
        let (c, s) = table[bin * t % n]
        re += c * Double(series[t])
        im += s * Double(series[t])
      }
      sum += re * re + im * im
    }
    return sum
  }
}

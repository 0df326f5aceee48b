import Basics
import Imaging

/// Exponential and sine from plain arithmetic.
///
/// The C library picks its code by processor, and its last bits may differ between machines; sample
/// data must not.
enum ExactMath {
  /// e to a power, by halving the argument and squaring back (17 Taylor terms below 1/2).
  static func exp(_ x: Double) -> Double {
    var halvings = 0
    var y = x
    while abs(y) > 0.5 {
      y /= 2
      halvings += 1
    }
    var term = 1.0
    var sum = 1.0
    for n in 1...17 {
      term *= y / Double(n)
      sum += term
    }
    for _ in 0..<halvings { sum *= sum }
    return sum
  }

  /// Sine of an angle in turns.
  static func sine(turns: Double) -> Double {
    var t = turns - turns.rounded()
    // Folded to a quarter turn, where 13 terms reach full precision.
    if t > 0.25 { t = 0.5 - t }
    if t < -0.25 { t = -0.5 - t }
    let x = 2 * Double.pi * t
    var term = x
    var sum = x
    for n in 1...13 {
      term *= -x * x / Double(2 * n * (2 * n + 1))
      sum += term
    }
    return sum
  }

  /// A Gaussian kernel of given standard deviation in voxels, cut at four of them, with sum 1.
  static func gaussianKernel(sigmaVoxels: Double) -> [Float] {
    let reach = Int((4 * sigmaVoxels).rounded(.up))
    let raw = (-reach...reach).map {
      exp(-0.5 * Double($0 * $0) / (sigmaVoxels * sigmaVoxels))
    }
    let sum = raw.reduce(0, +)
    return raw.map { Float($0 / sum) }
  }
}

/// Random numbers close to normal: the sum of four uniform ones (Irwin–Hall), SD 1.
struct NormalNoise {
  private var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func next() -> Double {
    let a = generator.next()
    let b = generator.next()
    // 32 bits of each half are plenty for noise.
    let sum =
      Double(a & 0xffff_ffff) + Double(a >> 32) + Double(b & 0xffff_ffff) + Double(b >> 32)
    return (sum * 0x1p-32 - 2) * 1.7320508075688772
  }
}

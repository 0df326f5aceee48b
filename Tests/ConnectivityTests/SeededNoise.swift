import Basics
import Imaging
import TestSupport

/// Gaussian series with nothing in common, the same for the same seed.
enum SeededNoise {
  /// AR(1) of the given coefficient.
  static func run(
    voxels: Int, frames: Int, tr: Double, autoregression a: Double, seed: UInt64
  ) throws -> Run {
    var series: [[Float]] = []
    for v in 0..<voxels {
      var generator = SeededGenerator(seed: seed &* 1_000_003 &+ UInt64(v))
      var x = 0.0
      for _ in 0..<100 { x = a * x + generator.normal() }
      series.append(
        (0..<frames).map { _ in
          x = a * x + generator.normal()
          return Float(x)
        })
    }
    return Small.run(Small.grid(voxels, 1, 1), frames: frames, tr: tr) { t, v in series[v][t] }
  }

  /// Frames to censor, in pieces of one to five.
  static func gaps(share: Double, frames: Int, seed: UInt64) -> [Int] {
    var generator = SeededGenerator(seed: seed)
    var out: Set<Int> = []
    while Double(out.count) < share * Double(frames) {
      let start = Int(generator.uniform() * Double(frames))
      let length = 1 + Int(generator.uniform() * 5)
      out.formUnion(start..<min(frames, start + length))
    }
    return out.sorted()
  }
}

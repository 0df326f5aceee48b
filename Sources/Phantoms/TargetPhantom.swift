import Basics
import Glibc
package import Imaging

/// A head with one place of known coupling with sgACC, made for measuring how well targets are found.
///
/// Every voxel holds noise that is correlated over time (first order, 0.4) and space (6 mm), a global
/// signal and what the head's motion leaks. Voxels around sgACC follow one series; around `truth` it
/// is subtracted with a Gaussian of 6 mm, so that cleaned and unsmoothed the voxel there has r = −`coupling`
/// with the seed. Eleven frames are spoilt.
package struct TargetPhantom: Sendable {
  package static let sgACC = WorldPoint(6, 16, -10)
  /// Centres of the left DLPFC's search spheres (MNI152, mm).
  package static let centres = [
    WorldPoint(-36, 39, 43), WorldPoint(-44, 40, 29), WorldPoint(-41, 16, 54),
    WorldPoint(-37, 26, 49),
  ]
  package let run: Run
  package let truth: WorldPoint
  /// Six motion parameters under fMRIPrep's names, one series each.
  package let motion: [(name: String, values: [Double])]
  package let spoiltFrames: [Int]

  /// - Parameters:
  ///   - coupling: |r| at the true place; 0 for a head without any.
  ///   - frames, repetitionTimeSeconds: of the run; 397 frames of 2 s leave 104 degrees of freedom
  ///     after the band, 24 motion columns, the global signal and the spoilt frames.
  package init(
    seed: UInt64, coupling: Double = 0.3, frames: Int = 397, repetitionTimeSeconds tr: Double = 2
  ) {
    var generator = SeededGenerator(seed: seed)
    guard
      let grid = Grid(
        dimensions: (29, 24, 33),
        worldFromVoxel: Affine(spacing: (3, 3, 3), origin: WorldPoint(-66, -8, -22)))
    else { preconditionFailure("the phantom's own grid is valid") }
    let mask = Mask(grid: grid, origin: "phantom") { offset in
      let w = grid.world(at: offset)
      return Self.centres.contains { $0.distance(to: w) <= 26 } || Self.sgACC.distance(to: w) <= 13
        || offset % 5 == 0
    }
    let site = Self.site(&generator)
    truth = site
    let mood = Self.series(frames, &generator)
    let global = Self.series(frames, &generator)
    let walks = Self.headMotion(frames, &generator)
    let names = ["trans_x", "trans_y", "trans_z", "rot_x", "rot_y", "rot_z"]
    motion = zip(names, walks).map { ($0, $1) }
    spoiltFrames = (0..<11).map { 20 + $0 * (frames / 12) }
    // The seed is the mean of many voxels whose noise mostly averages out: 0.98 of it is the series.
    let r = coupling / 0.98
    let amplitude = Float(r / (1 - r * r).squareRoot())
    let noise = Self.noise(frames, grid, &generator)
    let leaks = (0..<6).map { _ in (0..<mask.count).map { _ in Self.normal(&generator) } }
    let inSeed = mask.offsets.map { grid.world(at: Int($0)).distance(to: Self.sgACC) <= 12 }
    let blob = mask.offsets.map { offset -> Float in
      let d = grid.world(at: Int(offset)).distance(to: site)
      return Float(exp(-0.5 * d * d / 36)) * amplitude
    }
    let spoilt = Set(spoiltFrames)
    var values = [Float](repeating: 0, count: mask.count * frames)
    for t in 0..<frames {
      let jump: Float = spoilt.contains(t) ? 20 : 0
      for v in 0..<mask.count {
        var x = noise[t][Int(mask.offsets[v])] + 0.7 * global[t] + jump
        x += (inSeed[v] ? 1.5 : 0) * mood[t] - blob[v] * mood[t]
        for axis in 0..<6 {
          x += leaks[axis][v] * Float(walks[axis][t]) * (axis < 3 ? 2 : 100)
        }
        values[t * mask.count + v] = 1000 + 10 * x
      }
    }
    run = Run(
      mask: mask, frameCount: frames, repetitionTimeSeconds: tr,
      samples: SampleStore(floats: values),
      mean: Volume(grid: grid, values: [Float](repeating: 1000, count: grid.count)))
  }

  /// A normal number: the sum of twelve uniform ones is normal enough and costs no logarithm.
  private static func normal(_ g: inout SeededGenerator) -> Float {
    var sum: UInt64 = 0
    for _ in 0..<3 {
      let bits = g.next()
      sum &+= (bits & 0xffff) &+ (bits >> 16 & 0xffff) &+ (bits >> 32 & 0xffff) &+ (bits >> 48)
    }
    return Float(Double(sum) / 65536 - 6)
  }

  /// First-order noise of variance 1 once its beginning is forgotten.
  private static func series(_ frames: Int, _ g: inout SeededGenerator) -> [Float] {
    var x: Float = 0
    return (0..<frames + 30).map { _ in
      x = 0.4 * x + 0.9165 * normal(&g)
      return x
    }.suffix(frames).map { $0 }
  }

  /// A place within 12 mm of one of the centres.
  private static func site(_ g: inout SeededGenerator) -> WorldPoint {
    while true {
      let centre = centres[Int(g.uniform() * 4)]
      let place = WorldPoint(
        centre.x + 24 * g.uniform() - 12, centre.y + 24 * g.uniform() - 12,
        centre.z + 24 * g.uniform() - 12)
      if centres.contains(where: { $0.distance(to: place) <= 12 }) { return place }
    }
  }

  /// Random walks: three translations in mm, three rotations in radians.
  private static func headMotion(_ frames: Int, _ g: inout SeededGenerator) -> [[Double]] {
    (0..<6).map { axis in
      var x = 0.0
      return (0..<frames).map { _ in
        x += Double(normal(&g)) * (axis < 3 ? 0.03 : 0.0005)
        return x
      }
    }
  }

  /// Every frame of a noise that is correlated over time and space, of variance 1 inside the box.
  private static func noise(_ frames: Int, _ grid: Grid, _ g: inout SeededGenerator) -> [[Float]] {
    var state = (0..<grid.count).map { _ in normal(&g) }
    let kernel = gaussianKernel(sigmaVoxels: sigma(fromFWHM: 6) / 3).map(Float.init)
    let energy = kernel.reduce(Float(0)) { $0 + $1 * $1 }
    // The box is larger than what is looked at: its edges, where less is summed up, do not matter.
    let scale = 1 / (energy * energy * energy).squareRoot()
    return (0..<frames).map { _ in
      for i in 0..<grid.count { state[i] = 0.4 * state[i] + 0.9165 * normal(&g) }
      return separableConvolution(state, grid, kernels: [kernel, kernel, kernel]).map { scale * $0 }
    }
  }
}

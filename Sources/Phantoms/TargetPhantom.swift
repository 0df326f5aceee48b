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
    let mask = Self.mask()
    let grid = mask.grid
    var place = Self.centres[0]
    repeat {
      let centre = Self.centres[Int(generator.uniform() * 4)]
      place = WorldPoint(
        centre.x + 24 * generator.uniform() - 12, centre.y + 24 * generator.uniform() - 12,
        centre.z + 24 * generator.uniform() - 12)
    } while !Self.centres.contains { $0.distance(to: place) <= 12 }
    truth = place
    let mood = generator.autoregressive(frames)
    let global = generator.autoregressive(frames)
    var walks: [[Double]] = []
    for axis in 0..<6 {
      var x = 0.0
      walks.append(
        (0..<frames).map { _ in
          x += Double(generator.normal()) * (axis < 3 ? 0.03 : 0.0005)
          return x
        })
    }
    let names = ["trans_x", "trans_y", "trans_z", "rot_x", "rot_y", "rot_z"]
    motion = zip(names, walks).map { ($0, $1) }
    spoiltFrames = (0..<11).map { 20 + $0 * (frames / 12) }
    // The seed is the mean of many voxels whose noise mostly averages out: 0.98 of it is the series.
    let r = coupling / 0.98
    let amplitude = Float(r / (1 - r * r).squareRoot())
    let noise = Self.smoothNoise(grid, frames, &generator)
    let leaks = (0..<6).map { _ in (0..<mask.count).map { _ in generator.normal() } }
    let inSeed = mask.offsets.map { grid.world(at: Int($0)).distance(to: Self.sgACC) <= 12 }
    let blob = mask.offsets.map { offset -> Float in
      let d = grid.world(at: Int(offset)).distance(to: place)
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

  /// The region and sgACC with their surroundings, and one voxel in five of the rest.
  private static func mask() -> Mask {
    guard
      let grid = Grid(
        dimensions: (29, 24, 33),
        worldFromVoxel: Affine(spacing: (3, 3, 3), origin: WorldPoint(-66, -8, -22)))
    else { preconditionFailure("the phantom's own grid is valid") }
    return Mask(grid: grid, origin: "phantom") { offset in
      let w = grid.world(at: offset)
      return centres.contains { $0.distance(to: w) <= 26 } || sgACC.distance(to: w) <= 13
        || offset % 5 == 0
    }
  }

  /// First-order noise of 0.4, smoothed to 6 mm, of unit variance; the box is larger than what is looked at.
  private static func smoothNoise(
    _ grid: Grid, _ frames: Int, _ generator: inout SeededGenerator
  ) -> [[Float]] {
    var state = (0..<grid.count).map { _ in generator.normal() }
    let kernel = gaussianKernel(sigmaVoxels: sigma(fromFWHM: 6) / 3).map(Float.init)
    let energy = kernel.reduce(Float(0)) { $0 + $1 * $1 }
    let scale = 1 / (energy * energy * energy).squareRoot()
    return (0..<frames).map { _ in
      for i in state.indices { state[i] = 0.4 * state[i] + 0.9165 * generator.normal() }
      return separableConvolution(state, grid, kernels: [kernel, kernel, kernel]).map { $0 * scale }
    }
  }
}

extension SeededGenerator {
  /// The sum of twelve uniform numbers is normal enough and costs no logarithm.
  fileprivate mutating func normal() -> Float {
    var sum: UInt64 = 0
    for _ in 0..<3 {
      let bits = next()
      sum &+= (bits & 0xffff) &+ (bits >> 16 & 0xffff) &+ (bits >> 32 & 0xffff) &+ (bits >> 48)
    }
    return Float(Double(sum) / 65536 - 6)
  }

  /// A first-order series of 0.4 with unit variance.
  fileprivate mutating func autoregressive(_ count: Int) -> [Float] {
    var x: Float = 0
    return (0..<count + 30).map { _ in
      x = 0.4 * x + 0.9165 * normal()
      return x
    }.suffix(count).map { $0 }
  }
}

import Basics
import Glibc
package import Imaging

/// What spoils a person's run: each structure has its own mixture, so that a method which is tuned to some of
/// them can be held against others.
package enum PhantomStructure: String, Sendable, CaseIterable {
  /// A little of everything that the next three have much of.
  case mixed
  /// Breathing near 0.03 Hz that reaches each region with its own delay.
  case respiration
  /// Heavy-tailed jumps of the head, with spin history that no motion column describes.
  case motion
  /// Strong networks that overlap the search region, none coupled with the seed.
  case networks
  /// Groups of slices that share a noise, steps, noise that grows with time.
  case slices
  /// Waves that travel through the whole brain.
  case waves

  /// Kept out of every choice that was made by looking at phantoms.
  package var isHeldOut: Bool { self == .slices || self == .waves }

  /// Amplitudes beside thermal noise of standard deviation 1.6 in a 3 mm voxel.
  var mixture: PhantomMixture {
    switch self {
    case .mixed: .init(global: 0.7, breathing: 0.6, spikes: 1, networks: 0.7, local: 0.7)
    case .respiration: .init(global: 0.7, breathing: 1.2, spikes: 0.3, networks: 0.3, local: 0.5)
    case .motion: .init(global: 0.5, breathing: 0.3, spikes: 2.2, networks: 0.3, local: 0.5)
    case .networks: .init(global: 0.7, breathing: 0.2, spikes: 0.3, networks: 1.3, local: 0.5)
    case .slices:
      .init(global: 0.5, breathing: 0.3, spikes: 0.5, networks: 0.4, local: 0.5, slices: 1)
    case .waves:
      .init(global: 0.5, breathing: 0.3, spikes: 0.5, networks: 0.4, local: 0.5, waves: 1)
    }
  }
}

/// How strong each part of the noise is.
struct PhantomMixture {
  var global, breathing, spikes, networks, local: Float
  var slices: Float = 0
  var waves: Float = 0
}

/// What is asked of a person made up for measuring how far targets can be trusted.
package struct PhantomRequest: Sendable {
  package var seed: UInt64
  package var structure: PhantomStructure
  package var minutes: Double
  package var voxelMillimetres: Double
  /// |r| of the site with the seed's own series 6.2 mm from its centre, so over 1 cm³ and more, in the band,
  /// unsmoothed; 0 for a person without a site.
  package var coupling: Double
  package var repetitionTimeSeconds: Double

  package init(
    seed: UInt64, structure: PhantomStructure, minutes: Double, voxelMillimetres: Double,
    coupling: Double, repetitionTimeSeconds: Double = 2
  ) {
    self.seed = seed
    self.structure = structure
    self.minutes = minutes
    self.voxelMillimetres = voxelMillimetres
    self.coupling = coupling
    self.repetitionTimeSeconds = repetitionTimeSeconds
  }

  var frameCount: Int { Int((minutes * 60 / repetitionTimeSeconds).rounded()) }
}

/// A made-up person with structured noise: the left DLPFC's search region, sgACC, and balls of brain all over
/// the front of the head, from which other seeds can be taken.
///
/// The grid begins at a random part of a voxel, so that no site lies on it by design. A site is a Gaussian of
/// 5 to 8 mm, anywhere in the region, in which the seed's own series is subtracted.
package struct PhantomPerson: Sendable {
  package let run: Run
  /// Centre of the site; nil for a person without one.
  package let truth: WorldPoint?
  /// Six motion parameters under fMRIPrep's names.
  package let motion: [(name: String, values: [Double])]

  package init(_ request: PhantomRequest) {
    var noise = PhantomNoise(request)
    noise.addThermal()
    noise.addLocalSources()
    noise.addGlobalSignal()
    noise.addBreathing()
    noise.addNetworks()
    noise.addMotion()
    noise.addSlices()
    noise.addWaves()
    truth = noise.addSite(coupling: request.coupling)
    let names = ["trans_x", "trans_y", "trans_z", "rot_x", "rot_y", "rot_z"]
    motion = zip(names, noise.walks).map { ($0, $1) }
    let (count, frames) = (noise.mask.count, noise.frames)
    var values = [Float](repeating: 0, count: count * frames)
    for v in 0..<count {
      for t in 0..<frames { values[t * count + v] = 1000 + 10 * noise.values[v * frames + t] }
    }
    run = Run(
      mask: noise.mask, frameCount: frames,
      repetitionTimeSeconds: request.repetitionTimeSeconds, samples: SampleStore(floats: values),
      mean: Volume(
        grid: noise.mask.grid, values: [Float](repeating: 1000, count: noise.mask.grid.count)))
  }
}

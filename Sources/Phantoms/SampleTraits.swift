package import Imaging

/// Network of a synthetic person, drawn as whole regions of AAL.
package struct SampleNetwork: Sendable, Equatable {
  package let name: String
  /// AAL labels of its regions.
  package let regions: [Int32]
}

/// How a network of a synthetic person stands against the generated normals.
package enum NetworkState: String, Sendable, CaseIterable {
  case asNormals = "as normals"
  case overActive = "over-active"
  case underActive = "under-active"
  case outOfSync = "out of sync"
}

/// Which run of the people to teach with is meant.
package struct SampleChoice: Sendable, Equatable {
  /// 1 holds still and has a strongly coupled target, 2 neither.
  package let person: Int
  /// 1 before treatment, 2 after.
  package let session: Int
  package let seed: UInt64

  package static let usualSeed: UInt64 = 20_261

  package init(person: Int = 1, session: Int = 1, seed: UInt64 = usualSeed) {
    (self.person, self.session, self.seed) = (person, session, seed)
  }

  /// Seed of one run's noise: no two runs of people share it.
  var runSeed: UInt64 {
    seed &+ 7919 &* UInt64(truncatingIfNeeded: person - 1)
      &+ 104_729 &* UInt64(truncatingIfNeeded: session - 1)
  }

  /// What a person keeps from session to session, such as how perfusion varies over the brain.
  var personSeed: UInt64 { seed &+ 7919 &* UInt64(truncatingIfNeeded: person - 1) &+ 31 }
}

/// How a head moves.
package struct SampleMotion: Sendable, Equatable {
  /// Standard deviation of a frame's step along each axis, in mm; about each axis a hundredth of it in radians.
  package var driftMillimetres: Double
  package var jerksPerMinute: Double
  /// Size of a usual jerk.
  package var jerkMillimetres: Double
  /// What a jerk of 1 mm does to the signal beyond what moves with the edges, in per cent.
  package var spoiledPercent: Double
}

/// What is true of one run of a synthetic person: amplitudes in per cent of the mean signal, standard deviations.
///
/// Chosen so that what the program measures of the runs (agreement of halves, radius of the target, framewise
/// displacement, native resolution) lies in the range of real runs of the same length.
package struct SampleTraits: Sendable, Equatable {
  /// Factor on everything that fluctuates in a network, one for each of `SamplePerson.networks`: activity
  /// alone, since correlations do not change with it.
  package var gains: [Double]
  /// Part of a region's own fluctuation that it shares with its network, from 0 to 1.
  package var couplings: [Double]
  package var networkPercent = 0.9
  package var globalPercent = 0.35
  /// Noise of single voxels, about 5 mm wide.
  package var thermalPercent = 0.75
  /// Activity of places, 9 mm wide, that belongs to no network.
  package var localPercent: Double
  /// The series of sgACC, and its negative at the target.
  package var moodPercent = 1.0
  package var sitePercent: Double
  package var site: WorldPoint
  package var motion: SampleMotion
  package var hasEvent: Bool

  /// Coupling and activity that normals have on average.
  static let usualCoupling = 0.75

  package init(_ choice: SampleChoice) {
    let count = SamplePerson.networks.count
    gains = [Double](repeating: 1, count: count)
    couplings = [Double](repeating: Self.usualCoupling, count: count)
    let isReliable = choice.person == 1
    localPercent = isReliable ? 0.55 : 1.15
    sitePercent = isReliable ? 0.7 : 0.42
    site = isReliable ? SamplePerson.trueSite : SamplePerson.secondSite
    motion =
      isReliable
      ? SampleMotion(
        driftMillimetres: 0.015, jerksPerMinute: 0.3, jerkMillimetres: 0.25, spoiledPercent: 0.8)
      : SampleMotion(
        driftMillimetres: 0.045, jerksPerMinute: 2.5, jerkMillimetres: 0.7, spoiledPercent: 1.2)
    hasEvent = choice.session == 1
    for (n, state) in SamplePerson.states.enumerated() {
      switch state {
      case .asNormals: break
      case .overActive: gains[n] = 1.5
      case .underActive: gains[n] = 0.6
      case .outOfSync:
        couplings[n] =
          choice.session == 1 ? SamplePerson.couplingBefore : SamplePerson.couplingAfter
      }
    }
    if !isReliable {
      // A weaker and less stable coupling: what is shared differs from day to day.
      networkPercent = 0.75
    }
  }

  /// One of the generated normals: activity and coupling vary from one to the next.
  init(normal number: Int, seed: UInt64) {
    self.init(SampleChoice(person: 1, session: 2, seed: seed))
    var noise = NormalNoise(seed: seed &+ 1_000_003 &* UInt64(truncatingIfNeeded: number) &+ 5)
    for n in gains.indices {
      gains[n] = max(0.5, 1 + 0.08 * noise.next())
      couplings[n] = min(0.95, max(0.3, Self.usualCoupling + 0.06 * noise.next()))
    }
    (moodPercent, sitePercent) = (0.8, 0.62)
    localPercent = 0.75 * max(0.6, 1 + 0.12 * noise.next())
    networkPercent *= max(0.6, 1 + 0.1 * noise.next())
    motion.driftMillimetres *= max(0.5, 1 + 0.3 * noise.next())
  }
}

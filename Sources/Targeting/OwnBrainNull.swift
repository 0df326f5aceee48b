package import Basics
package import Connectivity
import Imaging

/// Maps of the search region that this brain gives without the seed's own coupling: what a target is compared with.
///
/// Breathing, motion and networks make a map of any seed rough, the more so the longer the run, and random phases
/// do not know of it. So each null series is a mixture √a · c + √(1 − a) · z of another seed's series c of the same
/// brain and of the seed's own series with random phases, z; a is such that the null map is as rough over the
/// brain as the seed's map is. A seed that shares nothing with the rest of the brain is thereby compared with random
/// phases, one that shares everything with other seeds.
package struct OwnBrainNull: Sendable {
  /// The strongest coupling of each null map in the region above the median over the brain, ascending.
  package let extremes: [Double]
  /// Median over the brain of the seed's own map.
  package let median: Double
  /// How many other seeds stand behind it.
  package let controlCount: Int
  /// Mean part of other seeds' series in the null series.
  package let controlShare: Double
  /// Some null maps over the region, their median taken away, and their correlation with the seed's series.
  package let maps: [(values: [Float], rWithSeed: Float)]

  /// Fewer other seeds cannot tell 5 %.
  package static let leastControls = 20
  /// More null maps, of a few hundred seeds, tell no more.
  package static let mostMaps = 499
  /// Null maps that are kept for the radius.
  private static let keptMaps = TargetRadius.mostMaps
  /// Two maps of one roughness differ by so much by chance.
  private static let tolerance: Float = 1.1
  /// A seed's own surrounding says nothing about the brain: mm around a seed that its spread leaves out.
  private static let surrounding = 25.0

  /// Nothing is known of what the brain gives by itself.
  package static let unknown = OwnBrainNull(
    extremes: [], median: 0, controlCount: 0, controlShare: 0, maps: [])

  package init(
    extremes: [Double], median: Double, controlCount: Int, controlShare: Double,
    maps: [(values: [Float], rWithSeed: Float)]
  ) {
    self.extremes = extremes
    self.median = median
    self.controlCount = controlCount
    self.controlShare = controlShare
    self.maps = maps
  }

  package var isKnown: Bool { controlCount >= Self.leastControls }

  /// Region-wide p of a peak: how often a null map's strongest coupling is as strong.
  package func p(ofPeak r: Double, sign: Double) -> Double {
    guard isKnown else { return 1 }
    let score = sign * (r - median)
    return Double(1 + extremes.reduce(0) { $0 + ($1 >= score ? 1 : 0) })
      / Double(1 + extremes.count)
  }

  /// - Parameters:
  ///   - map: of the seed, over the brain.
  ///   - surrogates: the seed's series with random phases.
  package init(
    _ reduced: ReducedSeries, map: SeedMap, controls: ControlSeeds, surrogates: SurrogateSeeds,
    region: [Int], seedVoxels: [Int], sign: Float, progress: WorkProgress
  ) throws(Problem) {
    let count = controls.series.count
    controlCount = count
    let centre = map.mask.grid.centre(of: seedVoxels.map { map.mask.offsets[$0] })
    let spreads = SpreadMeasure(controls, leavingOut: Self.surrounding)
    let seedSpread = spreads.spread(controls.sample.map { map.r[$0] }, around: centre)
    median = Double(seedSpread.median)
    guard count >= Self.leastControls, surrogates.count > 0,
      let own = unitLength(map.coordinates)
    else {
      (extremes, maps, controlShare) = ([], [], 0)
      return
    }
    let shares = Self.shares(reduced, controls, surrogates, spreads, seedSpread.deviation, centre)
    controlShare = Double(shares.reduce(0, +)) / Double(shares.count)
    var found: [Double] = []
    var kept: [(values: [Float], rWithSeed: Float)] = []
    let rounds = max(1, min(8, min(surrogates.count, Self.mostMaps) / count))
    let keep = min(Self.keptMaps, count)
    for round in 0..<rounds {
      try progress.check()
      let mixed = shares.indices.map { k in
        Self.mixture(
          controls.series[k],
          surrogates.coordinates(of: (round * count + k) % surrogates.count), shares[k])
      }
      let overBrain = reduced.correlations(of: mixed, at: controls.sample)
      let inRegion = reduced.correlations(of: mixed, at: region)
      for k in mixed.indices {
        let s = spreads.spread(overBrain[k], around: controls.centres[k])
        // A null map is never much smoother than the seed's own.
        let scale =
          s.deviation > 0 ? max(1, seedSpread.deviation / s.deviation / Self.tolerance) : 1
        let strongest = inRegion[k].reduce(-Float.infinity) { max($0, sign * ($1 - s.median)) }
        found.append(Double(strongest * scale))
        let isKept = k * keep / count != (k + 1) * keep / count
        guard isKept, kept.count < Self.keptMaps else { continue }
        let rWithSeed = zip(own, mixed[k]).reduce(Float(0)) { $0 + $1.0 * $1.1 }
        kept.append((inRegion[k].map { ($0 - s.median) * scale }, rWithSeed * scale))
      }
      progress.report("null maps", Double(round + 1) / Double(rounds))
    }
    extremes = found.sorted()
    maps = kept
  }

  /// The part of each other seed at which a mixture is as rough over the brain as the seed's own map.
  private static func shares(
    _ reduced: ReducedSeries, _ controls: ControlSeeds, _ surrogates: SurrogateSeeds,
    _ spreads: SpreadMeasure, _ seedDeviation: Float, _ centre: WorldPoint
  ) -> [Float] {
    let random = reduced.correlations(
      of: (0..<min(60, surrogates.count)).map(surrogates.coordinates), at: controls.sample)
    let randomSquare = meanSquare(random.map { spreads.spread($0, around: centre).deviation })
    let excess = seedDeviation * seedDeviation - randomSquare
    let maps = reduced.correlations(of: controls.series, at: controls.sample)
    return zip(maps, controls.centres).map { values, centre in
      let other = spreads.spread(values, around: centre).deviation
      let room = other * other - randomSquare
      if excess <= 0 { return 0 }
      return room <= excess ? 1 : excess / room
    }
  }

  private static func meanSquare(_ values: [Float]) -> Float {
    values.reduce(0) { $0 + $1 * $1 } / Float(max(1, values.count))
  }

  private static func mixture(_ control: [Float], _ random: [Float], _ share: Float) -> [Float] {
    let (a, b) = (share.squareRoot(), (1 - share).squareRoot())
    let sum = zip(control, random).map { a * $0 + b * $1 }
    let length = sum.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? sum.map { $0 / length } : sum
  }
}

/// How rough a map is over the brain.
private struct SpreadMeasure {
  private let points: [WorldPoint]
  private let surrounding: Double

  init(_ controls: ControlSeeds, leavingOut surrounding: Double) {
    points = controls.samplePoints
    self.surrounding = surrounding
  }

  /// The median, and the root mean square about it, away from the seed itself.
  func spread(_ values: [Float], around seed: WorldPoint) -> (median: Float, deviation: Float) {
    let away = values.indices.filter {
      values[$0].isFinite && points[$0].distance(to: seed) > surrounding
    }.map { values[$0] }
    let median = boldspectPercentile(away, 50) ?? 0
    let sum = away.reduce(Float(0)) { $0 + ($1 - median) * ($1 - median) }
    return (median, away.isEmpty ? 0 : (sum / Float(away.count)).squareRoot())
  }
}

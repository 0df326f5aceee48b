package import Basics
package import Connectivity
package import Imaging
import Synchronization

/// A place that could be stimulated.
package struct Candidate: Sendable, Equatable {
  /// 1 for the first by `TargetReport.orderWords`, which need not have the strongest r.
  package var rank: Int
  /// RAS+ mm in the space of the result.
  package var point: WorldPoint
  package var side: Side
  /// Pearson r at the voxel of `point`.
  package var r: Double
  /// Fisher z there.
  package var z: Double
  /// The cluster's most extreme r of the polarity that is searched, and where it is.
  package var peakR: Double
  package var peak: WorldPoint
  package var voxelCount: Int
  /// Region-wide p of the peak: how often what this brain gives by itself is as strong anywhere in the region
  /// (`OwnBrainNull`).
  package var regionWideP: Double
  package var label: String?
  /// Millimetres to each published site.
  package var distances: [(name: String, millimetres: Double)]
  /// Which networks a coil there would stir; nil without a map of networks.
  package var footprint: Footprint?
  /// r at the place without the frequencies of slow breathing; nil where it is not known.
  package var rWithoutBreathing: Double?

  package init(
    rank: Int, point: WorldPoint, side: Side, r: Double, z: Double, peakR: Double, peak: WorldPoint,
    voxelCount: Int, regionWideP: Double, label: String?,
    distances: [(name: String, millimetres: Double)], footprint: Footprint?
  ) {
    self.rank = rank
    self.point = point
    self.side = side
    self.r = r
    self.z = z
    self.peakR = peakR
    self.peak = peak
    self.voxelCount = voxelCount
    self.regionWideP = regionWideP
    self.label = label
    self.distances = distances
    self.footprint = footprint
  }

  /// Whose the region-wide p is where it is not that of the printed place and its r: "of the peak −39.0 +23.0 +38.0,
  /// r −0.609"; nil where the peak is the place.
  package var peakWords: String? {
    let distance = peak.distance(to: point)
    guard distance > 0.05 || abs(peakR - r) > 0.0005 else { return nil }
    let mm = [peak.x, peak.y, peak.z].map { fixed($0, 1, signed: true) }.joined(separator: " ")
    return "of the peak \(mm), r \(fixed(peakR, 3, signed: true))"
  }

  /// "region-wide p 0.027 (of the peak −39.0 +23.0 +38.0, r −0.609)".
  package var pWords: String {
    "region-wide p \(fixed(regionWideP, 3))" + (peakWords.map { " (\($0))" } ?? "")
  }

  package static func == (a: Candidate, b: Candidate) -> Bool {
    a.rank == b.rank && a.point == b.point && a.r == b.r && a.peakR == b.peakR
      && a.regionWideP == b.regionWideP
  }
}

/// The candidates of one run under one protocol.
package struct TargetSearchResult: Sendable {
  package var candidates: [Candidate]
  /// Rank of the candidate that passes the region-wide test with enough data and with halves that agree;
  /// nil when none does.
  package var selected: Int?
  /// Why nothing is selected.
  package var reason: String?
  package var map: SeedMap
  package var regionVoxelCount: Int
  /// How far the first candidate can be trusted; nil when there is none or it was not asked for.
  package var confidence: TargetConfidence?
  /// The region, for searches of other maps of the same voxels.
  package var region: RegionMap
  /// The first candidate's centre before it was bound to a voxel.
  package var centre: WorldPoint?
  /// What this brain gives by itself in the region.
  package var null: OwnBrainNull
  /// Whether the first candidate is still there without the frequencies of slow breathing; nil when it was not
  /// asked.
  package var breathing: TargetCheck?

  package init(
    candidates: [Candidate], selected: Int?, reason: String?, map: SeedMap, regionVoxelCount: Int,
    confidence: TargetConfidence?, region: RegionMap, centre: WorldPoint?,
    null: OwnBrainNull = .unknown
  ) {
    self.null = null
    self.candidates = candidates
    self.selected = selected
    self.reason = reason
    self.map = map
    self.regionVoxelCount = regionVoxelCount
    self.confidence = confidence
    self.region = region
    self.centre = centre
  }

  /// Mean r over the search region: which way the whole of it is coupled.
  package var regionMeanR: Double {
    region.places.reduce(0.0) { $0 + Double(map.r[$1]) } / Double(max(1, region.count))
  }

  package var isDetected: Bool { selected != nil }
}

/// What was compared with last: a search that moves its percentile asks for the same null maps, one that moves its
/// sphere for the same random phases.
package final class ChanceCache: Sendable {
  private struct Key: Equatable {
    var coordinates: [Double]
    var count: Int
    var randomSeed: UInt64
  }
  private struct NullKey: Equatable {
    var seeds: Key
    var region: [Int]
    var sign: Float
  }
  private let lastSeeds = Mutex<(key: Key, seeds: SurrogateSeeds)?>(nil)
  private let lastNull = Mutex<(key: NullKey, null: OwnBrainNull)?>(nil)

  package init() {}

  /// - Parameters:
  ///   - seed: without the region's voxels.
  ///   - region: places of the region; `usable` those with data.
  func null(
    _ reduced: ReducedSeries, _ map: SeedMap, seed: Seed, region: [Int], usable: [Int],
    _ settings: TargetProtocol, progress: WorkProgress
  ) throws(Problem) -> OwnBrainNull {
    let key = Key(
      coordinates: map.coordinates, count: min(settings.surrogateCount, OwnBrainNull.mostMaps),
      randomSeed: settings.randomSeed)
    let nullKey = NullKey(seeds: key, region: usable, sign: settings.polarity.sign)
    if let known = lastNull.withLock({ $0 }), known.key == nullKey { return known.null }
    let seedVoxels = try seed.places(in: reduced.mask)
    let made = try OwnBrainNull(
      reduced, map: map,
      controls: try ControlSeeds(reduced, seed: seedVoxels, region: region, progress: progress),
      surrogates: surrogates(reduced, key), region: usable, seedVoxels: seedVoxels,
      sign: settings.polarity.sign, progress: progress)
    lastNull.withLock { $0 = (nullKey, made) }
    return made
  }

  private func surrogates(_ reduced: ReducedSeries, _ key: Key) -> SurrogateSeeds {
    if let known = lastSeeds.withLock({ $0 }), known.key == key { return known.seeds }
    let made = SurrogateSeeds(
      reduced, seed: key.coordinates, count: key.count, randomSeed: key.randomSeed)
    lastSeeds.withLock { $0 = (key, made) }
    return made
  }
}

/// Voxels nearer than this to a seed go with it by the image's own width and not by any coupling.
private let leastSeedGapMillimetres = 10.0

/// Refuses a seed in the region that is searched, or beside it: it would find itself, in every half and every redrawn
/// map.
private func requireApart(
  _ settings: TargetProtocol, _ region: [Int], _ mask: Mask
) throws(Problem) {
  // Of a weighted map the region's voxels are left out.
  if case .weighted = settings.seed { return }
  let seed = try settings.seed.places(in: mask).map { mask.grid.world(at: Int(mask.offsets[$0])) }
  // Most voxels of a region are far from all of the seed: one look at a box tells it.
  let box = (0..<3).map { axis -> ClosedRange<Double> in
    let along = seed.map { $0[axis] }
    return (along.min() ?? .infinity) - leastSeedGapMillimetres...(along.max() ?? .infinity)
      + leastSeedGapMillimetres
  }
  for place in region {
    let point = mask.grid.world(at: Int(mask.offsets[place]))
    guard (0..<3).allSatisfy({ box[$0].contains(point[$0]) }),
      seed.contains(where: { $0.distance(to: point) < leastSeedGapMillimetres })
    else { continue }
    throw Problem(
      .usage, settings.seed.shortTitle,
      "the seed lies in the region that is searched, or within \(plainNumber(leastSeedGapMillimetres)) mm of it: it would find itself",
      expected: "a seed outside of \(settings.region.name)")
  }
}

/// Finds what stands out in a search region, without saying yet whether it can be trusted: `confirmed`
/// does, and takes longer.
///
/// - Throws: a region that shares no voxel with the mask, a seed without data.
package func searchTargets(
  _ reduced: ReducedSeries, _ settings: TargetProtocol, greyMatter: Volume?, atlas: LabelMap?,
  networks: LabelMap? = nil, chance: ChanceCache = ChanceCache(), progress: WorkProgress
) throws(Problem) -> TargetSearchResult {
  let inRegion = settings.region.places(in: reduced.mask, greyMatter: greyMatter)
  let seed = settings.seed.without(inRegion.map { reduced.mask.offsets[$0] })
  try requireApart(settings, inRegion, reduced.mask)
  let map = try reduced.seedMap(seed)
  let places = inRegion.filter { map.r[$0].isFinite }
  guard places.count >= settings.leastClusterVoxels else {
    throw Problem(
      .data, settings.region.name,
      "it shares \(places.count) voxels with the brain mask"
        + (greyMatter == nil ? "" : " and the grey matter"),
      expected: "a run that covers it, in MNI space")
  }
  let region = RegionMap(places: places, mask: reduced.mask, settings: settings)
  let null = try chance.null(
    reduced, map, seed: seed, region: inRegion, usable: places, settings, progress: progress)
  let r = places.map { map.r[$0] }
  let found = region.search(r)
  let candidates = found.enumerated().map { n, one -> Candidate in
    let point = region.points[one.nearest]
    let here = Double(r[one.nearest])
    let peak = Double(r[one.strongest])
    return Candidate(
      rank: n + 1, point: point, side: SideRule.mni.side(of: point), r: here, z: fisherZ(here),
      peakR: peak, peak: region.points[one.strongest], voxelCount: one.members.count,
      regionWideP: null.p(ofPeak: peak, sign: Double(settings.polarity.sign)),
      label: atlas?.name(at: point),
      distances: Sites.treatment.map { ($0.name, $0.point.distance(to: point)) },
      footprint: networks.map { Footprint(at: point, in: $0) })
  }
  return TargetSearchResult(
    candidates: candidates, selected: nil, reason: "how far it can be trusted is being found out",
    map: map, regionVoxelCount: places.count, confidence: nil, region: region,
    centre: found.first?.centre, null: null)
}

extension TargetSearchResult {
  /// The same with what halves, blocks and redrawn maps say, and with the decision that rests on it.
  package func confirmed(
    _ reduced: ReducedSeries, _ settings: TargetProtocol, progress: WorkProgress = .silent
  ) throws(Problem) -> TargetSearchResult {
    var out = self
    if let centre, let printed = candidates.first?.point {
      out.confidence = try targetConfidence(
        reduced, settings, region, map: map, target: (printed, centre), null: null,
        progress: progress)
      if let r = BreathlessMap.correlations(
        reduced, seed: map.coordinates, places: region.places)
      {
        for n in out.candidates.indices {
          let point = out.candidates[n].point
          out.candidates[n].rWithoutBreathing = region.points
            .firstIndex { $0.distance(to: point) < 1e-6 }.map { Double(r[$0]) }
        }
        out.breathing = out.breathingCheck(r, printed)
      }
    }
    (out.selected, out.reason) = decide(
      DataAmount(seconds: reduced.secondsKept, degreesOfFreedom: reduced.degreesOfFreedom),
      settings, candidates, out.confidence, null)
    return out
  }

  private func breathingCheck(_ r: [Float], _ printed: WorldPoint) -> TargetCheck? {
    guard let first = candidates.first else { return nil }
    return TargetCheck(
      name: "without 0.025 to 0.035 Hz, where slow breathing lies,",
      shortName: BreathlessMap.name, target: (printed, first.r),
      other: region.search(r).first.map { region.points[$0.nearest] },
      rAtTarget: first.rWithoutBreathing)
  }
}

/// Which candidate, if any, may be called the target, and why none.
private func decide(
  _ amount: DataAmount, _ settings: TargetProtocol, _ candidates: [Candidate],
  _ confidence: TargetConfidence?, _ null: OwnBrainNull
) -> (Int?, String?) {
  guard let first = candidates.first else {
    return (nil, "no \(settings.polarity.rawValue) place in the search region")
  }
  if let shortage = amount.shortage { return (nil, shortage) }
  guard null.isKnown else {
    return (
      nil,
      "\(null.controlCount) other seeds fit into the brain outside of the region, at least "
        + "\(OwnBrainNull.leastControls) are needed to compare with"
    )
  }
  guard first.regionWideP <= 0.05 else {
    return (nil, "other seeds of this brain find as strong a coupling somewhere in the region")
  }
  if let confidence {
    guard let split = confidence.splitMillimetres else {
      return (nil, "one half of the data has no target of its own")
    }
    if split > settings.largestSplitMillimetres {
      return (
        nil,
        "the two halves of the data put it \(fixed(split, 1)) mm apart, more than "
          + "\(plainNumber(settings.largestSplitMillimetres, 1)) mm"
      )
    }
    guard let radius = confidence.radius95Millimetres else {
      return (
        nil,
        settings.bootstrapCount == 0
          ? "how far it can be trusted was not asked for (no redrawn maps), and nothing is selected without it"
          : "how far it can be trusted could not be measured"
      )
    }
    if radius > settings.largestSplitMillimetres {
      return (
        nil,
        "it is not known to within \(plainNumber(settings.largestSplitMillimetres, 1)) mm"
      )
    }
  }
  return (first.rank, nil)
}

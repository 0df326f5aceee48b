package import Connectivity
package import Imaging

/// A place that could be stimulated.
package struct Candidate: Sendable, Equatable {
  /// 1 for the strongest cluster.
  package var rank: Int
  /// RAS+ mm in the space of the result.
  package var point: WorldPoint
  package var side: Side
  /// Pearson r at the voxel of `point`.
  package var r: Double
  /// Fisher z there.
  package var z: Double
  /// The cluster's most negative r and where it is.
  package var peakR: Double
  package var peak: WorldPoint
  package var voxelCount: Int
  /// Region-wide p of the peak: how often chance's minimum over the region is as low.
  package var regionWideP: Double
  package var label: String?
  /// Millimetres to each published site.
  package var distances: [(name: String, millimetres: Double)]

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

  /// Mean r over the search region: which way the whole of it is coupled.
  package var regionMeanR: Double {
    region.places.reduce(0.0) { $0 + Double(map.r[$1]) } / Double(max(1, region.count))
  }

  package var isDetected: Bool { selected != nil }
}

/// Finds what stands out in a search region.
///
/// - Throws: a region that shares no voxel with the mask, a seed without data.
package func searchTargets(
  _ reduced: ReducedSeries, _ settings: TargetProtocol, greyMatter: Volume?, atlas: LabelMap?,
  wantsConfidence: Bool = true, progress: WorkProgress
) throws(Problem) -> TargetSearchResult {
  let inRegion = settings.region.places(in: reduced.mask, greyMatter: greyMatter)
  let seed = settings.seed.without(inRegion.map { reduced.mask.offsets[$0] })
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
  let sign = Double(settings.polarity.sign)
  let extremes = try reduced.surrogateExtremes(
    seed: map.coordinates, region: places, count: settings.surrogateCount,
    sign: settings.polarity.sign, randomSeed: settings.randomSeed, progress: progress)
  // Removing the global signal pushes everything away from the seed a little, coupled or not: what
  // stands out must do so from where the brain as a whole lies. Measured: without this one search in
  // four of heads without any coupling passed.
  let drift = max(0, sign * Double(boldspectPercentile(map.r.filter(\.isFinite), 50) ?? 0))
  func regionWideP(_ r: Double) -> Double {
    Double(1 + extremes.reduce(0) { $0 + ($1 + drift >= sign * r ? 1 : 0) })
      / Double(1 + extremes.count)
  }
  let r = places.map { map.r[$0] }
  let found = region.search(r)
  let candidates = found.enumerated().map { n, one -> Candidate in
    let point = region.points[one.nearest]
    let here = Double(r[one.nearest])
    let peak = Double(r[one.strongest])
    return Candidate(
      rank: n + 1, point: point, side: SideRule.mni.side(of: point), r: here, z: fisherZ(here),
      peakR: peak, peak: region.points[one.strongest], voxelCount: one.members.count,
      regionWideP: regionWideP(peak), label: atlas?.name(at: point),
      distances: Sites.treatment.map { ($0.name, $0.point.distance(to: point)) })
  }
  let confidence: TargetConfidence? =
    if wantsConfidence, let first = found.first {
      try targetConfidence(
        reduced, settings, region, seed: map.coordinates, target: first.centre, progress: progress)
    } else { nil }
  let (selected, reason) = decide(
    DataAmount(seconds: reduced.secondsKept, degreesOfFreedom: reduced.degreesOfFreedom), settings,
    candidates, confidence)
  return TargetSearchResult(
    candidates: candidates, selected: selected, reason: reason, map: map,
    regionVoxelCount: places.count, confidence: confidence, region: region,
    centre: found.first?.centre)
}

/// Which candidate, if any, may be called the target, and why none.
private func decide(
  _ amount: DataAmount, _ settings: TargetProtocol, _ candidates: [Candidate],
  _ confidence: TargetConfidence?
) -> (Int?, String?) {
  guard let first = candidates.first else {
    return (nil, "no \(settings.polarity.rawValue) place in the search region")
  }
  if let shortage = amount.shortage { return (nil, shortage) }
  guard first.regionWideP <= 0.05 else {
    return (nil, "chance finds as strong a coupling somewhere in the region")
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
  }
  return (first.rank, nil)
}

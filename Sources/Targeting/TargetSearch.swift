package import Connectivity
package import Imaging

/// How a target is looked for; everything that changes the answer.
package struct TargetProtocol: Sendable, Equatable {
  package var name = "sgACC–left DLPFC"
  package var seed = Seed.sphere(
    centre: Sites.sgACC.point, radius: Sites.sgACC.seedRadius, name: Sites.sgACC.name)
  package var region = SearchRegion.leftDLPFC
  /// The most negative part of the region's voxels that is clustered, in per cent.
  package var percentile = 5.0
  /// Smaller clusters are no candidates.
  package var leastClusterVoxels = 5
  package var smoothingFWHM = 4.0
  package var removesGlobalSignal = true
  package var surrogateCount = 999
  package var randomSeed: UInt64 = 20_261

  package init() {}

  /// One line for the screen and for records.
  package var method: String {
    "\(name): most negative \(plainNumber(percentile, 1)) % of the search region, 26-neighbour "
      + "clusters, |r|-weighted centre snapped to the cluster"
  }
}

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
  /// Rank of the candidate that passes the region-wide test with enough data; nil when none does.
  package var selected: Int?
  /// Why nothing is selected.
  package var reason: String?
  package var map: SeedMap
  package var regionVoxelCount: Int
}

/// Finds the most anticorrelated clusters of a search region.
///
/// - Throws: a region that shares no voxel with the mask, a seed without data.
package func searchTargets(
  _ reduced: ReducedSeries, _ settings: TargetProtocol, greyMatter: Volume?, atlas: LabelMap?,
  progress: WorkProgress
) throws(Problem) -> TargetSearchResult {
  let map = try reduced.seedMap(settings.seed)
  let region = settings.region.places(in: reduced.mask, greyMatter: greyMatter)
    .filter { map.r[$0].isFinite }
  guard region.count >= settings.leastClusterVoxels else {
    throw Problem(
      .data, settings.region.name,
      "it shares \(region.count) voxels with the brain mask"
        + (greyMatter == nil ? "" : " and the grey matter"),
      expected: "a run that covers it, in MNI space")
  }
  let minima = try reduced.surrogateMinima(
    seed: map.coordinates, region: region, count: settings.surrogateCount,
    randomSeed: settings.randomSeed, progress: progress)
  func regionWideP(_ r: Double) -> Double {
    Double(1 + minima.prefix { $0 <= r }.count) / Double(1 + minima.count)
  }

  // The most negative part of the region, but never a positive r.
  let wanted = max(1, Int((Double(region.count) * settings.percentile / 100).rounded()))
  let kept = region.filter { map.r[$0] < 0 }.sorted {
    (map.r[$0], $0) < (map.r[$1], $1)
  }.prefix(wanted)
  let grid = reduced.mask.grid
  var inside = [Bool](repeating: false, count: grid.count)
  for place in kept { inside[Int(reduced.mask.offsets[place])] = true }
  let clusters = connectedPieces(inside, grid, faces: false)
    .filter { $0.count >= settings.leastClusterVoxels }
    .map { cluster in cluster.map { (offset: $0, r: Double(map.r[Int(reduced.mask.places[$0])])) } }
    .sorted { a, b in
      let (x, y) = (a.reduce(0) { $0 - $1.r }, b.reduce(0) { $0 - $1.r })
      return x != y ? x > y : a[0].offset < b[0].offset
    }
  let candidates = clusters.enumerated().map { n, cluster in
    makeCandidate(n + 1, cluster, grid, atlas, regionWideP)
  }
  let passing = candidates.first { $0.regionWideP <= 0.05 }
  let (selected, reason) = decide(reduced, settings, candidates, passing)
  return TargetSearchResult(
    candidates: candidates, selected: selected, reason: reason, map: map,
    regionVoxelCount: region.count)
}

/// One cluster's centre, snapped to a voxel of the cluster.
private func makeCandidate(
  _ rank: Int, _ cluster: [(offset: Int, r: Double)], _ grid: Grid, _ atlas: LabelMap?,
  _ regionWideP: (Double) -> Double
) -> Candidate {
  let weight = cluster.reduce(0) { $0 - $1.r }
  var sum = (0.0, 0.0, 0.0)
  for voxel in cluster {
    let w = grid.world(at: voxel.offset)
    sum = (sum.0 - voxel.r * w.x, sum.1 - voxel.r * w.y, sum.2 - voxel.r * w.z)
  }
  let centre = WorldPoint(sum.0 / weight, sum.1 / weight, sum.2 / weight)
  var best = cluster[0]
  var far = Double.infinity
  for voxel in cluster {
    let d = grid.world(at: voxel.offset).distance(to: centre)
    if d < far - 1e-9 { (best, far) = (voxel, d) }
  }
  let peak = cluster.min { ($0.r, $0.offset) < ($1.r, $1.offset) } ?? best
  let point = grid.world(at: best.offset)
  return Candidate(
    rank: rank, point: point, side: SideRule.mni.side(of: point), r: best.r, z: fisherZ(best.r),
    peakR: peak.r, peak: grid.world(at: peak.offset), voxelCount: cluster.count,
    regionWideP: regionWideP(peak.r), label: atlas?.name(at: point),
    distances: Sites.treatment.map { ($0.name, $0.point.distance(to: point)) })
}

/// Which candidate, if any, may be called the target, and why none.
private func decide(
  _ reduced: ReducedSeries, _ settings: TargetProtocol, _ candidates: [Candidate],
  _ passing: Candidate?
) -> (Int?, String?) {
  if candidates.isEmpty { return (nil, "no anticorrelated cluster in the search region") }
  let amount = DataAmount(
    seconds: reduced.secondsKept, degreesOfFreedom: reduced.degreesOfFreedom)
  if let shortage = amount.shortage { return (nil, shortage) }
  guard let passing else {
    return (nil, "chance finds as low a minimum somewhere in the region")
  }
  return (passing.rank, nil)
}

package import Basics
package import Connectivity
package import Imaging

/// How far a target can be trusted: where it lands with parts of the data, and with data drawn anew.
package struct TargetConfidence: Sendable, Equatable {
  /// Millimetres between the targets of the first and the second half; nil when a half has none.
  package var splitMillimetres: Double?
  /// The same for odd and even blocks.
  package var oddEvenMillimetres: Double?
  /// The largest distance between the targets of single runs; nil with one run.
  package var runMillimetres: Double?
  /// Radius around the printed place that holds the site with 95 %, if there is one (`TargetRadius`); nil
  /// without redrawn maps.
  package var radius95Millimetres: Double?
  /// Centres found on redrawn maps.
  package var redrawn: [WorldPoint]
  /// Standard deviations of the redrawn targets along their principal axes, the longest first, in
  /// mm, and those axes as unit vectors.
  package var ellipsoid: [(millimetres: Double, axis: WorldPoint)]
  /// Part of the redrawn maps that had any target.
  package var foundFraction: Double
  package var bootstrapCount: Int
  /// Mean distance of two places of the search region: what chance gives.
  package var chanceMillimetres: Double
  /// Where the first and the second half put it; empty where one of them finds none.
  package var halves: [WorldPoint] = []

  package init(
    splitMillimetres: Double?, oddEvenMillimetres: Double?, runMillimetres: Double?,
    radius95Millimetres: Double?, redrawn: [WorldPoint],
    ellipsoid: [(millimetres: Double, axis: WorldPoint)], foundFraction: Double,
    bootstrapCount: Int, chanceMillimetres: Double, halves: [WorldPoint] = []
  ) {
    self.splitMillimetres = splitMillimetres
    self.oddEvenMillimetres = oddEvenMillimetres
    self.runMillimetres = runMillimetres
    self.radius95Millimetres = radius95Millimetres
    self.redrawn = redrawn
    self.ellipsoid = ellipsoid
    self.foundFraction = foundFraction
    self.bootstrapCount = bootstrapCount
    self.chanceMillimetres = chanceMillimetres
    self.halves = halves
  }

  /// 1 − split distance / chance distance: 1 for the same place twice, 0 for chance. Both halves share what
  /// spoils this scan, so it is no reliability between scans.
  package var agreementOfHalves: Double? {
    guard let split = splitMillimetres, chanceMillimetres > 0 else { return nil }
    return 1 - split / chanceMillimetres
  }

  package static func == (a: TargetConfidence, b: TargetConfidence) -> Bool {
    a.splitMillimetres == b.splitMillimetres && a.oddEvenMillimetres == b.oddEvenMillimetres
      && a.runMillimetres == b.runMillimetres && a.radius95Millimetres == b.radius95Millimetres
      && a.ellipsoid.map(\.millimetres) == b.ellipsoid.map(\.millimetres)
      && a.foundFraction == b.foundFraction
  }
}

/// Cleaned series of a seed and of every voxel of a region, so that their correlation over any choice of
/// frames takes one pass.
package struct RegionSeries: Sendable {
  private let seed: [Float]
  private let region: TimeSeriesBlock

  package init(_ reduced: ReducedSeries, seed coordinates: [Double], places: [Int]) {
    seed = reduced.projection.series(of: coordinates).map(Float.init)
    region = reduced.timeSeries(of: places)
  }

  package var frameCount: Int { seed.count }

  /// Pearson r of every voxel with the seed, frames weighted; NaN where nothing varies.
  package func correlations(weights: [Float]) -> [Float] {
    let n = region.voxelCount
    let total = weights.reduce(0, +)
    let mean = zip(seed, weights).reduce(Float(0)) { $0 + $1.0 * $1.1 } / total
    var seedSquares: Float = 0
    var sum = [Float](repeating: 0, count: n)
    var squares = sum
    var products = sum
    for t in seed.indices where weights[t] != 0 {
      let w = weights[t]
      let s = seed[t] - mean
      seedSquares += w * s * s
      region.withFrame(t) { x in
        for v in 0..<n {
          let y = w * x[v]
          sum[v] += y
          squares[v] += y * x[v]
          products[v] += y * s
        }
      }
    }
    guard seedSquares > 0 else { return [Float](repeating: .nan, count: n) }
    return (0..<n).map { v in
      let variance = squares[v] - sum[v] * sum[v] / total
      return variance > 0 ? products[v] / (variance * seedSquares).squareRoot() : .nan
    }
  }
}

/// Looks for the target in halves, in odd and even blocks, in single runs and on redrawn maps.
///
/// Cleaned frames are taken apart, not cleaned anew: what is asked is how much the place depends on
/// which minutes were kept.
/// - Parameter target: the first target of all frames.
package func targetConfidence(
  _ reduced: ReducedSeries, _ settings: TargetProtocol, _ region: RegionMap, map: SeedMap,
  target: (printed: WorldPoint, centre: WorldPoint), null: OwnBrainNull,
  progress: WorkProgress = .silent
) throws(Problem) -> TargetConfidence {
  let parts = PartTargets(reduced, settings, region, seed: map.coordinates)
  let radius = try TargetRadius(
    map: region.places.map { map.r[$0] }, region: region, null: null, target: target,
    voxel: reduced.mask.grid.spacing, count: settings.bootstrapCount,
    randomSeed: settings.randomSeed, progress: progress)
  return TargetConfidence(
    splitMillimetres: parts.split, oddEvenMillimetres: parts.oddEven, runMillimetres: parts.runs,
    radius95Millimetres: radius.millimetres, redrawn: radius.redrawn,
    ellipsoid: try principalAxes(radius.redrawn), foundFraction: radius.foundFraction,
    bootstrapCount: radius.count, chanceMillimetres: region.chanceMillimetres,
    halves: parts.halves)
}

/// How far the targets of parts of the frames lie apart.
private struct PartTargets {
  let split: Double?
  let halves: [WorldPoint]
  let oddEven: Double?
  /// The largest distance between single runs; nil with one run.
  let runs: Double?

  init(
    _ reduced: ReducedSeries, _ settings: TargetProtocol, _ region: RegionMap,
    seed coordinates: [Double]
  ) {
    let series = RegionSeries(reduced, seed: coordinates, places: region.places)
    let n = series.frameCount
    func place(_ isTaken: (Int) -> Bool) -> WorldPoint? {
      region.search(series.correlations(weights: (0..<n).map { isTaken($0) ? 1 : 0 })).first?.centre
    }
    func distance(_ a: WorldPoint?, _ b: WorldPoint?) -> Double? {
      if let a, let b { return a.distance(to: b) }
      return nil
    }
    let tr = reduced.repetitionTimeSeconds ?? 2
    let block = max(
      2, wholeNumber((settings.blockSeconds / tr).rounded(), in: 0...max(0, n / 4)))
    let (first, second) = (place { $0 < n / 2 }, place { $0 >= n / 2 })
    split = distance(first, second)
    halves = [first, second].compactMap { $0 }
    oddEven = distance(place { $0 / block % 2 == 0 }, place { $0 / block % 2 != 0 })
    var targets: [WorldPoint] = []
    var start = 0
    for part in reduced.projection.blocks where reduced.projection.blocks.count > 1 {
      let frames = start..<start + part.frames.count
      if let found = place(frames.contains) { targets.append(found) }
      start = frames.upperBound
    }
    var farthest: Double?
    for a in targets.indices {
      for b in 0..<a { farthest = max(farthest ?? 0, targets[a].distance(to: targets[b])) }
    }
    runs = farthest
  }
}

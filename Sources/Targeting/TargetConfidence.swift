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
  /// Radius around the target that holds 95 % of the bootstrapped targets.
  package var radius95Millimetres: Double?
  /// Standard deviations of the bootstrapped targets along their principal axes, the longest first, in
  /// mm, and those axes as unit vectors.
  package var ellipsoid: [(millimetres: Double, axis: WorldPoint)]
  /// Part of the bootstraps that had any target.
  package var foundFraction: Double
  package var bootstrapCount: Int
  /// Mean distance of two places of the search region: what chance gives.
  package var chanceMillimetres: Double

  /// 1 − split distance / chance distance: 1 for the same place twice, 0 for chance.
  package var reliability: Double? {
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

/// Looks for the target in halves, in odd and even blocks, in single runs and in block bootstraps.
///
/// Cleaned frames are taken apart, not cleaned anew: what is asked is how much the place depends on
/// which minutes were kept.
/// - Parameter target: the target of all frames, from whose place the radius is measured.
package func targetConfidence(
  _ reduced: ReducedSeries, _ settings: TargetProtocol, _ region: RegionMap,
  seed coordinates: [Double], target: WorldPoint, progress: WorkProgress = .silent
) throws(Problem) -> TargetConfidence {
  let series = RegionSeries(reduced, seed: coordinates, places: region.places)
  let n = series.frameCount
  func place(_ weights: [Float]) -> WorldPoint? {
    region.search(series.correlations(weights: weights)).first?.centre
  }
  func distance(_ a: WorldPoint?, _ b: WorldPoint?) -> Double? {
    if let a, let b { return a.distance(to: b) }
    return nil
  }
  let first = place((0..<n).map { $0 < n / 2 ? 1 : 0 })
  let second = place((0..<n).map { $0 < n / 2 ? 0 : 1 })
  let tr = reduced.repetitionTimeSeconds ?? 2
  let block = max(
    2, wholeNumber((settings.blockSeconds / tr).rounded(), in: 0...max(0, n / 4)))
  let odd = place((0..<n).map { $0 / block % 2 == 0 ? 1 : 0 })
  let even = place((0..<n).map { $0 / block % 2 == 0 ? 0 : 1 })
  var runTargets: [WorldPoint] = []
  if reduced.projection.blocks.count > 1 {
    var start = 0
    for part in reduced.projection.blocks {
      let end = start + part.frames.count
      if let found = place((0..<n).map { $0 >= start && $0 < end ? 1 : 0 }) {
        runTargets.append(found)
      }
      start = end
    }
  }
  var generator = SeededGenerator(seed: settings.randomSeed)
  var draws: [[Float]] = []
  for _ in 0..<settings.bootstrapCount {
    var weights = [Float](repeating: 0, count: n)
    var taken = 0
    while taken < n {
      let from = Int(generator.uniform() * Double(n))
      for step in 0..<min(block, n - taken) { weights[(from + step) % n] += 1 }
      taken += block
    }
    draws.append(weights)
  }
  var cloud: [WorldPoint] = []
  for (number, weights) in draws.enumerated() {
    try progress.check()
    if let found = place(weights) { cloud.append(found) }
    progress.report("bootstraps", Double(number + 1) / Double(draws.count))
  }
  let distances = cloud.map { Float($0.distance(to: target)) }
  var farthest: Double?
  for a in runTargets.indices {
    for b in 0..<a { farthest = max(farthest ?? 0, runTargets[a].distance(to: runTargets[b])) }
  }
  return TargetConfidence(
    splitMillimetres: distance(first, second), oddEvenMillimetres: distance(odd, even),
    runMillimetres: farthest,
    radius95Millimetres: boldspectPercentile(distances, 95).map(Double.init),
    ellipsoid: try principalAxes(cloud),
    foundFraction: draws.isEmpty ? 0 : Double(cloud.count) / Double(draws.count),
    bootstrapCount: draws.count, chanceMillimetres: region.chanceMillimetres)
}

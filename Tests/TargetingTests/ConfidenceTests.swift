import Basics
import Connectivity
import Dispatch
import Imaging
import Phantoms
import Synchronization
import Targeting
import TestSupport
import Testing

@Suite struct RegionMapTests {
  let grid = Small.grid(20, 20, 20, spacing: (2, 2, 2))

  func region(_ settings: TargetProtocol) -> (RegionMap, Mask) {
    let mask = Mask(grid: grid, origin: "all") { _ in true }
    return (RegionMap(places: Array(0..<mask.count), mask: mask, settings: settings), mask)
  }

  func blob(_ centre: WorldPoint, _ height: Float, _ width: Double) -> [Float] {
    (0..<grid.count).map { offset in
      let d = grid.world(at: offset).distance(to: centre)
      return d < width ? height * Float(1 - d / width) : 0
    }
  }

  @Test func aSmallStrongPlaceBeatsALargeWeakOne() throws {
    var settings = TargetProtocol()
    settings.percentile = 5
    let (map, _) = region(settings)
    let strong = WorldPoint(9.3, 10.7, 11.1)
    let r = zip(blob(strong, -0.6, 7), blob(WorldPoint(28, 28, 28), -0.2, 16)).map { $0 + $1 }
    let found = map.search(r)
    #expect(try #require(found.first).centre.distance(to: strong) < 0.5)
    #expect(map.points[found[0].nearest].distance(to: strong) <= 2)
    // The other sign is no target, however strong.
    #expect(map.search(r.map { -$0 }).isEmpty)
    settings.polarity = .correlated
    #expect(region(settings).0.search(r.map { -$0 }).first?.members == found[0].members)
  }

  @Test func singleVoxelsLieApartAndTheConeIsSteadier() throws {
    var settings = TargetProtocol()
    settings.method = .peak
    let truth = WorldPoint(20, 20, 20)
    var generator = SeededGenerator(seed: 2)
    let r = blob(truth, -0.4, 14).map { $0 - Float(0.3 * generator.uniform()) }
    let peaks = region(settings).0.search(r)
    #expect(peaks.count > 1)
    #expect(peaks[0].centre.distance(to: peaks[1].centre) >= 20)
    settings.method = .cone
    let cone = try #require(region(settings).0.search(r).first)
    #expect(cone.centre.distance(to: truth) <= 4)
  }

  @Test func noDataIsNoTarget() {
    let (map, _) = region(TargetProtocol())
    #expect(map.search([Float](repeating: .nan, count: map.count)).isEmpty)
    #expect(map.search([Float](repeating: 0, count: map.count)).isEmpty)
  }

  /// Two uniform places of a ball of 20 mm lie 36/35 · 20 mm apart on average.
  @Test func chanceDistanceOfABall() {
    let fine = Small.grid(24, 24, 24, spacing: (2, 2, 2))
    let mask = Mask(grid: fine, origin: "ball") {
      fine.world(at: $0).distance(to: WorldPoint(23, 23, 23)) <= 20
    }
    let map = RegionMap(places: Array(0..<mask.count), mask: mask, settings: TargetProtocol())
    #expect(abs(map.chanceMillimetres - 20.57) < 0.6)
  }

  @Test func axesOfACloud() throws {
    var generator = SeededGenerator(seed: 4)
    let cloud = (0..<4000).map { _ -> WorldPoint in
      func n() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + generator.uniform() } }
      let (a, b, c) = (5 * n(), 2 * n(), n())
      // Turned by 45 degrees about z.
      return WorldPoint((a - b) / 2.0.squareRoot(), (a + b) / 2.0.squareRoot(), c)
    }
    let axes = try principalAxes(cloud)
    for (found, expected) in zip(axes.map(\.millimetres), [5.0, 2, 1]) {
      #expect(abs(found / expected - 1) < 0.05)
    }
    #expect(abs(abs(axes[0].axis.x) - 0.7071) < 0.03 && abs(axes[0].axis.z) < 0.03)
  }
}

@Suite struct ConfidenceTests {
  static func cleaned(_ phantom: TargetPhantom) throws -> ReducedSeries {
    let table = Confounds(
      names: phantom.motion.map(\.name), columns: phantom.motion.map(\.values))
    let columns = try table.selected(
      NuisancePreset.twentyFour.columnNames(in: table, file: "phantom"),
      frameCount: phantom.run.frameCount, file: "phantom")
    return try ReducedSeries(
      phantom.run,
      Denoising(
        removesGlobalSignal: true, confounds: columns, censoredFrames: phantom.spoiltFrames,
        smoothingFWHM: TargetProtocol().smoothingFWHM))
  }

  @Test func equalWeightsGiveTheMapItself() throws {
    let reduced = try Self.cleaned(TargetPhantom(seed: 7))
    let map = try reduced.seedMap(TargetProtocol().seed)
    let places = Array(stride(from: 0, to: reduced.voxelCount, by: 50))
    let series = RegionSeries(reduced, seed: map.coordinates, places: places)
    let r = series.correlations(weights: [Float](repeating: 1, count: series.frameCount))
    for (place, value) in zip(places, r) { #expect(abs(value - map.r[place]) < 1e-4) }
  }

  /// Twenty heads with a coupling of −0.4, and ten without any; the benchmark has two hundred of each.
  @Test func targetsOfKnownTruthAreFoundAndOthersAreNot() throws {
    let found = Mutex<[(error: Double, radius: Double)]>([])
    let falsely = Mutex(0)
    let degrees = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 30) { n in
      let isNull = n >= 20
      let phantom = TargetPhantom(seed: UInt64(5000 + n), coupling: isNull ? 0 : 0.4)
      var settings = TargetProtocol()
      settings.surrogateCount = 199
      settings.bootstrapCount = isNull ? 0 : 60
      guard let reduced = try? Self.cleaned(phantom),
        let result = try? searchTargets(
          reduced, settings, greyMatter: nil, atlas: nil, progress: .silent
        ).confirmed(reduced, settings)
      else { return }
      degrees.withLock { $0 = reduced.degreesOfFreedom }
      guard result.isDetected else { return }
      if isNull {
        falsely.withLock { $0 += 1 }
      } else if let point = result.candidates.first?.point {
        found.withLock {
          $0.append(
            (
              point.distance(to: phantom.truth),
              result.confidence?.radius95Millimetres ?? .infinity
            ))
        }
      }
    }
    let all = found.withLock { $0 }
    #expect(degrees.withLock { $0 } == 104)
    #expect(all.count >= 12)
    let errors = all.map(\.error).sorted()
    #expect(errors[errors.count / 2] <= 3)
    #expect(all.reduce(0) { $0 + ($1.error <= $1.radius ? 1 : 0) } * 10 >= all.count * 8)
    #expect(falsely.withLock { $0 } <= 1)
  }

  @Test func halvesThatDisagreeAreNoReliableTarget() throws {
    // The coupling moves from one place to another in the middle of the run.
    let grid = Small.grid(
      30, 30, 40, spacing: (4, 4, 4), origin: WorldPoint(-78, -40, -40))
    let (a, b) = (WorldPoint(-50, 40, 24), WorldPoint(-34, 16, 60))
    var generator = SeededGenerator(seed: 9)
    let mood = (0..<160).map { _ in Float(generator.uniform() - 0.5) * 4 }
    let run = Small.run(grid, frames: 160, tr: 2) { t, v in
      var noise = SeededGenerator(seed: UInt64(t * 40000 + v))
      let w = grid.world(at: v)
      let inSeed: Float = w.distance(to: Sites.sgACC.point) <= 12 ? 1 : 0
      let d = w.distance(to: t < 80 ? a : b)
      return 100 + Float(noise.uniform() - 0.5) + mood[t] * (inSeed - (d < 12 ? 0.6 : 0))
    }
    let reduced = try ReducedSeries(run, Denoising())
    var settings = TargetProtocol()
    settings.surrogateCount = 199
    settings.bootstrapCount = 60
    let result = try searchTargets(
      reduced, settings, greyMatter: nil, atlas: nil, progress: .silent
    ).confirmed(reduced, settings)
    #expect(result.selected == nil)
    #expect(result.reason?.contains("halves") == true, "\(result.reason ?? "")")
    #expect((result.confidence?.splitMillimetres ?? 0) > 20)
  }
}

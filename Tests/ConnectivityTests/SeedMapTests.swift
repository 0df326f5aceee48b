import Basics
import Connectivity
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

@Suite struct SeedMapTests {
  let grid = Small.grid(6, 5, 4, spacing: (3, 3, 3))

  /// Noise that differs from voxel to voxel and frame to frame.
  func noisy(_ t: Int, _ v: Int) -> Float {
    var generator = SeededGenerator(seed: UInt64(t * 1000 + v))
    return 1000 + Float(generator.uniform() * 20)
  }

  /// Pearson r after the projection, in double, the long way round.
  func reference(_ run: Run, _ projection: Projection, _ seed: [Int]) -> [Double] {
    let clean = (0..<run.voxelCount).map {
      projection.series(of: projection.coordinates(of: run.series(of: $0)))
    }
    let s = (0..<projection.frameCount).map { t in
      seed.reduce(0.0) { $0 + clean[$1][t] } / Double(seed.count)
    }
    let ss = s.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return clean.map { c in
      zip(c, s).reduce(0) { $0 + $1.0 * $1.1 } / ss / c.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
  }

  @Test func mapEqualsTheLongWayRound() throws {
    let run = Small.run(grid, frames: 120, tr: 2, value: noisy)
    let reduced = try ReducedSeries(run, Denoising())
    let seed = Seed.sphere(centre: WorldPoint(6, 6, 6), radius: 3, name: nil)
    let map = try reduced.seedMap(seed)
    #expect(map.seedVoxelCount == 7)
    let expected = reference(run, reduced.projection, try seed.places(in: run.mask))
    for (a, b) in zip(map.r, expected) { #expect(abs(Double(a) - b) < 1e-5) }
  }

  @Test func correlationIgnoresScaleAndOffset() throws {
    let run = Small.run(grid, frames: 100, tr: 2, value: noisy)
    let scaled = Small.run(grid, frames: 100, tr: 2) { t, v in
      noisy(t, v) * Float(v + 1) + Float(v) * 500
    }
    let seed = Seed.sphere(centre: WorldPoint(3, 3, 3), radius: 0, name: nil)
    let a = try ReducedSeries(run, Denoising()).seedMap(seed).r
    let b = try ReducedSeries(scaled, Denoising()).seedMap(seed).r
    for (x, y) in zip(a, b) { #expect(abs(x - y) < 2e-4) }
  }

  @Test func boxesUnionsAndWeightsTakeTheirVoxels() throws {
    let run = Small.run(grid, frames: 100, tr: 2, value: noisy)
    let reduced = try ReducedSeries(run, Denoising())
    let box = Seed.box(centre: WorldPoint(6, 6, 6), edges: WorldPoint(6, 6, 1))
    #expect(try box.places(in: run.mask).count == 9)
    let one = Seed.sphere(centre: WorldPoint(3, 3, 3), radius: 0, name: nil)
    let other = Seed.sphere(centre: WorldPoint(9, 6, 6), radius: 0, name: nil)
    let both = Seed.union([one, other, one])
    #expect(try both.places(in: run.mask).count == 2)
    let a = try #require(reduced.coordinates(ofMean: try both.places(in: run.mask)))
    for (x, y) in zip(a, try reduced.coordinates(of: both)) { #expect(abs(x - y) < 1e-6) }
    // Weights keep their sign even where they add up to less than nothing.
    let offsets = try both.places(in: run.mask).map { run.mask.offsets[$0] }
    func map(_ weights: [Float]) throws -> [Float] {
      try reduced.seedMap(.weighted(offsets: offsets, weights: weights, name: "w")).r
    }
    for (x, y) in zip(try map([2, 2]), try reduced.seedMap(both).r) { #expect(abs(x - y) < 1e-6) }
    for (x, y) in zip(try map([1, -3]), try map([-1, 3])) { #expect(abs(x + y) < 1e-6) }
    for (x, y) in zip(try map([-2, -2]), try reduced.seedMap(both).r) {
      #expect(abs(x + y) < 1e-6)
    }
  }

  @Test func constantAndMissingVoxelsHaveNoData() throws {
    let run = Small.run(grid, frames: 100, tr: 2) { t, v in
      v == 3 ? 7 : v == 5 && t == 50 ? .nan : noisy(t, v)
    }
    let map = try ReducedSeries(run, Denoising(removesGlobalSignal: true))
      .seedMap(.sphere(centre: WorldPoint(9, 9, 6), radius: 4, name: nil))
    #expect(map.r[3].isNaN && map.r[5].isNaN)
    #expect(map.r.filter(\.isNaN).count == 2)
  }

  @Test func smoothingCommutesWithTheProjection() throws {
    let run = Small.run(grid, frames: 80, tr: 2, value: noisy)
    let smoothedFirst = Small.run(grid, frames: 80, tr: 2) { t, v in
      0 * noisy(t, v)
    }
    var floats: [Float] = []
    for t in 0..<80 { floats += run.frame(t).smoothed(fwhm: 5).values }
    let before = Run(
      mask: smoothedFirst.mask, frameCount: 80, repetitionTimeSeconds: 2,
      samples: SampleStore(floats: floats), mean: run.mean)
    let seed = Seed.sphere(centre: WorldPoint(6, 6, 6), radius: 3, name: nil)
    let a = try ReducedSeries(run, Denoising(smoothingFWHM: 5)).seedMap(seed).r
    let b = try ReducedSeries(before, Denoising()).seedMap(seed).r
    for (x, y) in zip(a, b) { #expect(abs(x - y) < 1e-3) }
  }

  @Test func aSeedBesideTheMaskNamesTheDistance() throws {
    let mask = Mask(grid: grid, origin: "half") { grid.index(at: $0).i < 3 }
    #expect(throws: Problem.self) {
      try Seed.sphere(centre: WorldPoint(15, 6, 6), radius: 3, name: nil).places(in: mask)
    }
    let problem = #expect(throws: Problem.self) {
      try Seed.sphere(centre: WorldPoint(15, 6, 6), radius: 3, name: nil).places(in: mask)
    }
    #expect(problem?.sentence.contains("9.0 mm away") == true)
    let one = try Seed.sphere(centre: WorldPoint(4, 4, 4), radius: 0.5, name: nil).places(in: mask)
    #expect(one.count == 1)
  }

  @Test func surrogatesKeepThePower() throws {
    let run = Small.run(grid, frames: 150, tr: 2, value: noisy)
    let reduced = try ReducedSeries(run, Denoising())
    let seed = try #require(reduced.coordinates(ofMean: [10]))
    let region = Array(0..<60)
    func extremes() throws -> [Double] {
      let seeds = SurrogateSeeds(reduced, seed: seed, count: 99, randomSeed: 1)
      let maps = reduced.correlations(
        of: (0..<seeds.count).map(seeds.coordinates(of:)), at: region)
      return maps.map { Double($0.map { -$0 }.max() ?? .nan) }.sorted()
    }
    let found = try extremes()
    let again = try extremes()
    let minima = found.map { -$0 }
    #expect(found == again && found == found.sorted())
    #expect(minima.count == 99)
    // 60 voxels of noise with 50 degrees of freedom: the minimum lies near −0.33.
    let middle = minima[49]
    #expect(middle < -0.2 && middle > -0.5)
  }
}

@Suite(.enabled(if: RealData.isPresent, "../shared/data is not there"))
struct RealSeedMapTests {
  static func run() throws -> Run {
    let mask = try ImageReader.readVolume(RealData.path(RealData.mask)).volume
    return try ImageReader.readRun(
      RealData.path(RealData.bold),
      mask: { (d) throws(Problem) in Mask(grid: d.grid, origin: "given") { mask.values[$0] > 0 } }
    ).run
  }

  @Test func knownAnswersAndTheFloat64Projection() throws {
    let run = try Self.run()
    let rows = try #require(try Reference.load()["seedmap"] as? [[String: Any]])
    #expect(rows.count == 2)
    let table: [String: (Double, Double)] = [
      "left-right motor": (0.809, 0.770), "left-right V1": (0.866, 0.870),
      "left-right intraparietal": (0.714, 0.661), "PCC-mPFC": (0.467, 0.130),
      "PCC-left angular": (0.528, 0.311), "PCC-left motor": (0.064, -0.330),
      "PCC-left intraparietal": (0.237, -0.199), "sgACC-left DLPFC": (0.100, -0.147),
    ]
    for row in rows {
      let gsr = try #require(row["gsr"] as? Bool)
      let reduced = try ReducedSeries(
        run, Denoising(bandHertz: 0.009...0.1, removesGlobalSignal: gsr))
      #expect(reduced.degreesOfFreedom == row["dof"] as? Int)
      #expect(reduced.degreesOfFreedom == (gsr ? 67 : 68))
      let pairs = try #require(row["pairs"] as? [[String: Any]])
      #expect(pairs.count == table.count)
      for pair in pairs {
        let name = try #require(pair["name"] as? String)
        func mean(_ key: String) throws -> [Double] {
          let p = try #require(pair[key] as? [Double])
          let places = try Seed.sphere(centre: WorldPoint(p[0], p[1], p[2]), radius: 6, name: nil)
            .places(in: run.mask)
          return try #require(reduced.coordinates(ofMean: places))
        }
        let (a, b) = (try mean("a"), try mean("b"))
        func dot(_ x: [Double], _ y: [Double]) -> Double {
          zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let r = dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
        let known = try #require(table[name])
        #expect(abs(r - (gsr ? known.1 : known.0)) <= 0.01, "\(name)")
        let reference = try #require(pair["r"] as? Double)
        #expect(abs(r - reference) <= 1e-5, "\(name)")
      }
      let map = try reduced.seedMap(
        .sphere(centre: WorldPoint(0, -53, 26), radius: 6, name: nil)
      ).volume
      let voxels = try #require(row["voxels"] as? [[Int]])
      let values = try #require(row["pcc_r"] as? [Double])
      var worst = 0.0
      for (v, r) in zip(voxels, values) {
        worst = max(worst, abs(Double(map[VoxelIndex(v[0], v[1], v[2])]) - r))
      }
      #expect(worst <= 1e-5, "\(worst)")
    }
  }

  @Test func aCancelledReadEndsAtOnce() {
    let progress = WorkProgress(report: { _, _ in }, isCancelled: { true })
    let problem = #expect(throws: Problem.self) {
      try ImageReader.readRun(RealData.path(RealData.bold), progress: progress)
    }
    #expect(problem == .cancelled)
  }
}

import Basics
import Connectivity
import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct MeasuresTests {
  /// targeting.md 3.1: amplitude 3 in bin 10 of 256 frames, 35 bins in the band.
  @Test func alffOfAPureSinusoidIsExact() throws {
    let grid = Small.grid(2, 1, 1)
    let run = Small.run(grid, frames: 256, tr: 2) { t, v in
      Float(3 * sin(2 * Double.pi * 10 * Double(t) / 256)) * (v == 0 ? 1 : -2)
    }
    let maps = try run.amplitudes(
      Denoising(polort: 0, bandHertz: nil), wantsFraction: true)
    #expect(abs(Double(maps.alff[0]) - 3.0 / 35) < 1e-7)
    #expect(abs(Double(maps.alff[1]) - 6.0 / 35) < 1e-7)
    let falff = try #require(maps.falff)
    #expect(abs(falff[0] - 1) < 1e-5)
  }

  @Test func leastSquaresAmplitudesEqualTheTransformWithoutCensoring() throws {
    let grid = Small.grid(1, 1, 1)
    func run(_ spike: Float) -> Run {
      Small.run(grid, frames: 256, tr: 2) { t, _ in
        var generator = SeededGenerator(seed: UInt64(t))
        let noise = Float(generator.uniform() - 0.5)
        return Float(3 * cos(2 * Double.pi * 12 * Double(t) / 256 + 1)) + 2 * noise
          + (t == 77 ? spike : 0)
      }
    }
    let plain = Denoising(polort: 0, bandHertz: nil)
    let clean = try run(0).amplitudes(plain, wantsFraction: false).alff[0]
    // With the spoilt frame left out the sinusoid is found again, without it nothing is.
    let censored = try run(1000).amplitudes(
      Denoising(polort: 0, bandHertz: nil, censoredFrames: [77]), wantsFraction: false
    ).alff[0]
    let spoilt = try run(1000).amplitudes(plain, wantsFraction: false).alff[0]
    #expect(abs(censored / clean - 1) < 0.03)
    #expect(spoilt > 1)
  }

  /// A third of the frames gone in pieces of one to five: fitted amplitudes alone are 10 to 33 % too large.
  @Test(arguments: [0.0, 0.5, 0.9])
  func amplitudesBetweenManyGapsAreThoseOfTheWholeRun(_ a: Double) throws {
    let run = try SeededNoise.run(voxels: 300, frames: 200, tr: 2, autoregression: a, seed: 7)
    let gone = SeededNoise.gaps(share: 0.3, frames: 200, seed: 5)
    func mean(_ values: [Float]) -> Double {
      values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
    }
    let whole = try run.amplitudes(Denoising(), wantsFraction: true)
    let found = try run.amplitudes(Denoising(censoredFrames: gone), wantsFraction: true)
    #expect(abs(mean(found.alff) / mean(whole.alff) - 1) < 0.03)
    let fractions = try (#require(found.falff), #require(whole.falff))
    #expect(abs(mean(fractions.0) / mean(fractions.1) - 1) < 0.05)
  }

  @Test func amplitudesThatGapsHideAreRefused() throws {
    let run = try SeededNoise.run(voxels: 20, frames: 200, tr: 2, autoregression: 0, seed: 7)
    #expect {
      try run.amplitudes(
        Denoising(censoredFrames: SeededNoise.gaps(share: 0.4, frames: 200, seed: 5)),
        wantsFraction: false)
    } throws: { ($0 as? Problem)?.sentence.contains("% of the frames are censored") == true }
    // A run that was filtered before has nothing above the band.
    let filtered = Small.run(Small.grid(4, 1, 1), frames: 200, tr: 2) { t, v in
      Float(sin(2 * Double.pi * 0.03 * 2 * Double(t) + Double(v)))
    }
    #expect {
      try filtered.amplitudes(
        Denoising(censoredFrames: SeededNoise.gaps(share: 0.3, frames: 200, seed: 5)),
        wantsFraction: false)
    } throws: { ($0 as? Problem)?.sentence.contains("was filtered before") == true }
  }

  /// targeting.md 3.2.
  @Test func kendallsWOfTheTable() {
    #expect(
      abs(kendallsW([[1, 2, 3, 4, 5], [2, 1, 3, 4, 5], [1, 3, 2, 5, 4]]) - 0.8444444444444444)
        < 1e-12)
    #expect(
      abs(kendallsW([[1, 1, 2, 3], [1, 2, 2, 3], [4, 5, 6, 7]]) - 0.9404761904761905) < 1e-12)
  }

  @Test func kendallsWIgnoresScale() {
    var generator = SeededGenerator(seed: 5)
    let series: [[Double]] = (0..<27).map { _ in
      (0..<200).map { _ in (0..<12).reduce(-6.0) { sum, _ in sum + generator.uniform() } }
    }
    let one = kendallsW(series.map { $0.map(Float.init) })
    for scale in [1e-6, 1e-3, 10, 1e6] {
      let w = kendallsW(series.map { $0.map { Float($0 * scale) } })
      #expect(abs(w - one) < 1e-12)
    }
    // A decreasing map turns the order round and leaves the concordance.
    #expect(abs(kendallsW(series.map { $0.map { Float(-$0) } }) - one) < 1e-12)
  }

  /// An outlier sends the ranks another way: the answer must be the same.
  @Test func outliersAndTiesRankAlike() {
    var generator = SeededGenerator(seed: 6)
    let noise: [[Float]] = (0..<7).map { _ in
      (0..<300).map { _ in Float(generator.uniform() * 50).rounded() }
    }
    func slowly(_ series: [[Float]]) -> Double {
      let n = series[0].count
      var sums = [Double](repeating: 0, count: n)
      var ties = 0.0
      for x in series {
        for t in 0..<n {
          let below = x.reduce(0.0) { $0 + ($1 < x[t] ? 1 : 0) }
          let equal = x.reduce(0.0) { $0 + ($1 == x[t] ? 1 : 0) }
          sums[t] += below + (equal + 1) / 2
          ties += equal * equal - 1
        }
      }
      let (m, k) = (Double(series.count), Double(n))
      let squares = sums.reduce(0) { $0 + $1 * $1 }
      return (12 * squares - 3 * m * m * k * (k + 1) * (k + 1))
        / (m * m * k * (k * k - 1) - m * ties)
    }
    var spiky = noise
    for s in spiky.indices { spiky[s][s * 11] = 1e9 }
    var flat = noise
    flat[2] = flat[2].map { $0 > 25 ? 1 : 0 }
    for series in [noise, spiky, flat] {
      #expect(abs(kendallsW(series) - slowly(series)) < 1e-12)
    }
  }

  @Test(.enabled(if: RealData.isPresent)) func measuresOfTheRealRunEqualTheReference() throws {
    let run = try RealRun.run()
    let reference = try RealRun.reference()
    let places = try RealRun.places(reference["voxels"])
    func difference(_ values: [Float], _ key: String) throws -> Double {
      RealRun.largestDifference(values, places, try RealRun.numbers(reference[key]))
    }
    let plain = Denoising(bandHertz: nil)
    let maps = try run.amplitudes(plain, wantsFraction: true)
    #expect(try difference(maps.alff, "alff") < 1e-5)
    #expect(try difference(try #require(maps.falff), "falff") < 1e-5)
    let alone = try run.amplitudes(plain, wantsFraction: false)
    #expect(alone.falff == nil)
    #expect(try difference(alone.alff, "alff") < 1e-5)
    #expect(try difference(try run.temporalSNR(plain), "tsnr") < 1e-5)
    let edge = try RealRun.object(reference["reho_edge"])
    for n in Neighbourhood.allCases {
      let w = try run.regionalHomogeneity(Denoising(), n)
      // Ranks of numbers that are equal but for rounding may change places.
      #expect(try difference(w, "reho\(n.rawValue)") < 1e-4)
      #expect(
        RealRun.largestDifference(
          w, try RealRun.places(edge["voxels"]), try RealRun.numbers(edge["reho\(n.rawValue)"]))
          < 1e-4)
    }
  }

  @Test func voxelsWithoutDataStayVisible() throws {
    let grid = Small.grid(4, 4, 3, spacing: (3, 3, 3))
    var generator = SeededGenerator(seed: 8)
    let noise = (0..<64 * 48).map { _ in Float(generator.uniform()) }
    let run = Small.run(grid, frames: 64, tr: 2) { t, v in
      v == 0 ? 5 : v == 1 && t == 9 ? .nan : noise[t * 48 + v]
    }
    let plain = Denoising(bandHertz: nil)
    let alff = try run.amplitudes(plain, wantsFraction: false).alff
    let snr = try run.temporalSNR(plain)
    let reho = try run.regionalHomogeneity(plain)
    for map in [alff, snr, reho] {
      #expect(map[0].isNaN && map[1].isNaN && map[20].isFinite)
    }
  }

  @Test func amplitudesNeedTheTime() {
    let run = Small.run(Small.grid(1, 1, 1), frames: 64, tr: nil) { t, _ in Float(t % 7) }
    let problem = #expect(throws: Problem.self) {
      try run.amplitudes(Denoising(bandHertz: nil), wantsFraction: false)
    }
    #expect(problem?.kind == .data && problem?.sentence.contains("--tr") == true)
  }
}

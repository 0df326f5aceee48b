import Basics
import Connectivity
import Imaging
import TestSupport
import Testing

/// Nothing is called more often than it is said to be; the full tables are those of
/// `boldspect-bench honesty levels`.
@Suite struct LevelTests {
  private static let interpolated: Denoising = {
    var out = Denoising(censoredFrames: SeededNoise.gaps(share: 0.25, frames: 200, seed: 9))
    out.interpolatesCensored = true
    return out
  }()

  /// Of 4000 pairs 5 % are 200 ± 14. Autocorrelations cut at 2√N lags gave 8 to 10 % on AR(0.9).
  @Test(arguments: [
    (0.0, Denoising()), (0.5, Denoising()), (0.9, Denoising()),
    (0.9, Denoising(bandHertz: nil, highPassHertz: 1 / 128)),
    (0.9, Denoising(censoredFrames: Array(40..<52) + Array(120..<130))),
    (0.5, LevelTests.interpolated),
  ])
  func pairsThatAreNotCoupledPassAsOftenAsP(_ a: Double, _ denoising: Denoising) throws {
    let pairs = 4000
    let x = try ReducedSeries(
      SeededNoise.run(voxels: pairs, frames: 200, tr: 2, autoregression: a, seed: 1), denoising)
    let y = try ReducedSeries(
      SeededNoise.run(voxels: pairs, frames: 200, tr: 2, autoregression: a, seed: 2), denoising)
    var counts = (0, 0)
    for v in 0..<pairs {
      let one = try #require(x.coordinates(ofMean: [v]))
      let two = try #require(y.coordinates(ofMean: [v]))
      let r = correlation(one, two)
      let bartlett = correlationDeviate(r, observations: x.effectiveN(of: one, with: two))
      let xdf = correlationDeviate(r, observations: x.xdfEffectiveN(of: one, with: two))
      if normalTwoSidedP(bartlett) < 0.05 { counts.0 += 1 }
      if normalTwoSidedP(xdf) < 0.05 { counts.1 += 1 }
    }
    #expect(abs(counts.0 - 200) < 45, "Bartlett \(counts.0)")
    #expect(abs(counts.1 - 200) < 50, "xDF \(counts.1)")
  }

  @Test func aSeedOfAnotherPersonFindsNothing() throws {
    let brain = try ReducedSeries(
      SeededNoise.run(voxels: 1000, frames: 200, tr: 2, autoregression: 0.9, seed: 3), Denoising())
    let others = try ReducedSeries(
      SeededNoise.run(voxels: 200, frames: 200, tr: 2, autoregression: 0.9, seed: 4), Denoising())
    var found = [0, 0]
    for seed in 0..<200 {
      let c = try #require(others.coordinates(ofMean: [seed]))
      for (n, method) in EffectiveNMethod.allCases.enumerated() {
        let effective =
          method == .bartlett ? brain.effectiveN(with: c) : try brain.xdfEffectiveN(with: c)
        let q = MapInference(
          r: brain.correlations(with: c), effectiveN: effective, method: method
        ).q
        if q.contains(where: { $0 <= 0.05 }) { found[n] += 1 }
      }
    }
    // 5 % are 10 ± 3.
    #expect(found.allSatisfy { $0 <= 20 }, "\(found)")
  }

  @Test func sessionsWithoutAChangeDifferAsOftenAsTheirErrorSays() throws {
    let pairs = 3000
    let sessions = try (0..<4).map {
      try ReducedSeries(
        SeededNoise.run(
          voxels: pairs, frames: 200, tr: 2, autoregression: 0.9, seed: UInt64(10 + $0)),
        Denoising())
    }
    var beyond = 0
    for v in 0..<pairs {
      let c = try sessions.map { try #require($0.coordinates(ofMean: [v])) }
      let change = ZChange(
        firstR: correlation(c[0], c[1]), firstN: sessions[0].effectiveN(of: c[0], with: c[1]),
        secondR: correlation(c[2], c[3]), secondN: sessions[0].effectiveN(of: c[2], with: c[3]))
      if abs(change.ratio) > 1.96 { beyond += 1 }
    }
    // 5 % are 150 ± 12; cut autocorrelations gave 270.
    #expect(abs(beyond - 150) < 45, "\(beyond)")
  }

  /// With a band for each window, 40 to 80 % of runs had one outside.
  @Test func aRunThatDoesNotChangeSeldomHasAWindowOutside() throws {
    let runs = 120
    let x = try ReducedSeries(
      SeededNoise.run(voxels: runs, frames: 240, tr: 2, autoregression: 0.5, seed: 5), Denoising())
    let y = try ReducedSeries(
      SeededNoise.run(voxels: runs, frames: 240, tr: 2, autoregression: 0.5, seed: 6), Denoising())
    var outside = 0
    for v in 0..<runs {
      let a = try #require(x.coordinates(ofMean: [v]))
      let b = zip(a, try #require(y.coordinates(ofMean: [v]))).map { 0.5 * $0 + $1 }
      let pair = try x.windowed(
        a, b, .rectangular(frames: 50, step: 10), surrogates: 60, randomSeed: UInt64(v))
      // The rank of 60 surrogates' 5 % is whole: band and p say the same.
      #expect(pair.changes == (pair.p <= 0.05))
      if pair.changes { outside += 1 }
    }
    #expect(outside <= 14, "\(outside) of \(runs)")
  }
}

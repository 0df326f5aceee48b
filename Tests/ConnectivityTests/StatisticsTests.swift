import Basics
import Connectivity
import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct StatisticsTests {
  /// targeting.md 1.3: N(1 − φxφy)/(1 + φxφy).
  @Test(arguments: [(0.5, 0.5, 200, 120.0), (0.8, 0.8, 300, 65.85), (0.9, 0.7, 300, 68.10)])
  func bartlettsNOfTheTable(_ a: Double, _ b: Double, _ n: Int, _ expected: Double) {
    let lags = (1..<n).map(Double.init)
    let found = bartlettN(n, lags.map { pow(a, $0) }, lags.map { pow(b, $0) })
    #expect(abs(found / expected - 1) < 0.01)
  }

  @Test(.enabled(if: RealData.isPresent)) func effectiveNOfTheRealRunEqualsTheReference() throws {
    let run = try RealRun.run()
    let reference = try RealRun.reference()
    let places = try RealRun.places(reference["voxels"])
    let reduced = try ReducedSeries(run, Denoising())
    let map = try reduced.seedMap(RealRun.pcc)
    let bartlett = try RealRun.object(reference["bartlett"])
    let found = try map.inference(in: reduced, method: .bartlett)
    #expect(reduced.degreesOfFreedom == bartlett["dof"] as? Int)
    #expect(
      RealRun.largestDifference(map.r, places, try RealRun.numbers(bartlett["r"])) < 1e-5)
    #expect(
      RealRun.largestDifference(
        found.effectiveN, places, try RealRun.numbers(bartlett["n_eff_capped"])) < 1e-3)
    let cap = Double(reduced.degreesOfFreedom + 1)
    let xdf = try RealRun.object(reference["xdf"])
    let xdfFound = try map.inference(in: reduced, method: .xdf)
    #expect(
      RealRun.largestDifference(
        xdfFound.effectiveN, places,
        try RealRun.numbers(xdf["n_eff"]).map { min(cap, $0 + 3) }) < 1e-3)
    // z is made of r and N and nothing else.
    let at = places[3]
    let z = atanh(Double(map.r[at])) * (Double(found.effectiveN[at]) - 3).squareRoot()
    #expect(abs(Double(found.z[at]) - z) < 1e-5)
    #expect(abs(Double(found.p[at]) - erfc(abs(z) / 2.0.squareRoot())) < 1e-6)
    #expect(found.q[at] >= found.p[at])
  }

  /// Pairs of AR(1) series with a known correlation: the mean of xDF's variance against the
  /// variance of r over 10 000 pairs.
  @Test func xdfFindsTheVarianceOfSimulatedPairs() {
    let (n, phi, rho) = (200, 0.5, 0.3)
    var generator = SeededGenerator(seed: 11)
    func normal() -> Double {
      (-2 * log(1 - generator.uniform())).squareRoot() * cos(2 * .pi * generator.uniform())
    }
    var sums = (0.0, 0.0, 0.0)
    let count = 10_000
    for _ in 0..<count {
      var x = [Double](repeating: 0, count: n)
      var y = x
      var (a, b) = (0.0, 0.0)
      for t in -50..<n {
        let (e, f) = (normal(), normal())
        a = phi * a + e
        b = phi * b + rho * e + (1 - rho * rho).squareRoot() * f
        if t >= 0 { (x[t], y[t]) = (a, b) }
      }
      let (cx, cy) = (centredUnit(x), centredUnit(y))
      let r = dot(cx, cy, 0)
      let m = Int((2 * Double(n).squareRoot()).rounded())
      let taper = (1..<m).map { 0.5 * (1 + cos(Double.pi * Double($0) / Double(m))) }
      func lags(_ a: [Double], _ b: [Double]) -> [Double] {
        taper.indices.map { dot(a, b, $0 + 1) * taper[$0] }
      }
      let v = xdfVariance(
        n, rho: r, xx: lags(cx, cx), yy: lags(cy, cy), forward: lags(cx, cy),
        backward: lags(cy, cx), taper: taper)
      sums = (sums.0 + r, sums.1 + r * r, sums.2 + v)
    }
    let mean = sums.0 / Double(count)
    let variance = sums.1 / Double(count) - mean * mean
    #expect(abs(sums.2 / Double(count) / variance - 1) < 0.05)
  }

  private func centredUnit(_ x: [Double]) -> [Double] {
    let mean = x.reduce(0, +) / Double(x.count)
    let centred = x.map { $0 - mean }
    let length = centred.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return centred.map { $0 / length }
  }

  private func dot(_ x: [Double], _ y: [Double], _ lag: Int) -> Double {
    var sum = 0.0
    for t in 0..<(x.count - lag) { sum += x[t] * y[t + lag] }
    return sum
  }

  @Test func distributionsEqualTheReference() throws {
    let reference = try RealRun.reference()
    for case let row as [String: Double] in try #require(reference["student"] as? [Any]) {
      let (t, df, p) = try (#require(row["t"]), #require(row["df"]), #require(row["p"]))
      #expect(abs(studentTwoSidedP(t, degreesOfFreedom: df) / p - 1) < 1e-10)
    }
    for case let row as [String: Double] in try #require(reference["normal_two_sided"] as? [Any]) {
      #expect(abs(normalTwoSidedP(try #require(row["z"])) / (try #require(row["p"])) - 1) < 1e-10)
    }
    let fdr = try RealRun.object(reference["fdr"])
    let p = try RealRun.numbers(fdr["p"])
    for (a, b) in zip(falseDiscoveryQ(p), try RealRun.numbers(fdr["q"])) {
      #expect(abs(a - b) < 1e-12)
    }
    // A voxel without data neither has a q nor changes the others'.
    let q = falseDiscoveryQ(p + [.nan])
    #expect(q.last?.isNaN == true && Array(q.dropLast()) == falseDiscoveryQ(p))
  }

  @Test func normScoresEqualTheReference() throws {
    let reference = try RealRun.reference()
    let c = try RealRun.object(reference["crawford"]).mapValues { ($0 as? Double) ?? .nan }
    let score = NormScore(
      try #require(c["x"]), mean: try #require(c["mean"]), sd: try #require(c["sd"]),
      n: Int(try #require(c["n"])))
    #expect(abs(score.t - (try #require(c["t"]))) < 1e-10)
    #expect(abs(score.p - (try #require(c["p"]))) < 1e-10)
    #expect(abs(score.percentile - (try #require(c["percentile"]))) < 1e-8)
    let w = try RealRun.object(reference["wscore"])
    let person = try RealRun.object(w["person"]).mapValues { ($0 as? Double) ?? .nan }
    let own = try NormScore(
      try #require(person["y"]), values: try RealRun.numbers(w["y"]),
      covariates: zip(try RealRun.numbers(w["age"]), try RealRun.numbers(w["sex"])).map {
        [$0, $1]
      },
      own: [try #require(person["age"]), try #require(person["sex"])])
    #expect(abs(own.t - (try #require(w["w"] as? Double))) < 1e-9)
    #expect(throws: Problem.self) {
      try NormScore(1, values: [1, 2, 3], covariates: [[1], [2], [3]], own: [1])
    }
  }

  @Test func tooLittleDataIsSaid() {
    #expect(DataAmount(seconds: 239, degreesOfFreedom: 90).shortage?.contains("239 s") == true)
    #expect(DataAmount(seconds: 600, degreesOfFreedom: 29).shortage?.contains("29 deg") == true)
    #expect(DataAmount(seconds: nil, degreesOfFreedom: 90).shortage != nil)
    #expect(DataAmount(seconds: 240, degreesOfFreedom: 30).shortage == nil)
  }
}

import Basics
import Connectivity
import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct StatisticsTests {
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
        found.effectiveN, places, try RealRun.numbers(bartlett["n_eff"])) < 1e-3)
    let xdf = try RealRun.object(reference["xdf"])
    let xdfFound = try map.inference(in: reduced, method: .xdf)
    #expect(
      RealRun.largestDifference(
        xdfFound.effectiveN, places, try RealRun.numbers(xdf["n_eff"])) < 1e-3)
    // z is made of r and N and nothing else.
    let at = places[3]
    let z = correlationDeviate(Double(map.r[at]), observations: Double(found.effectiveN[at]))
    #expect(abs(Double(found.z[at]) - z) < 1e-5)
    #expect(abs(Double(found.p[at]) - erfc(abs(z) / 2.0.squareRoot())) < 1e-6)
    #expect(found.q[at] >= found.p[at])
    // One voxel has what the map has there.
    let voxel = try #require(reduced.coordinates(ofMean: [at]))
    #expect(
      abs(reduced.effectiveN(of: map.coordinates, with: voxel) - Double(found.effectiveN[at]))
        < 0.01)
    #expect(
      abs(reduced.xdfEffectiveN(of: map.coordinates, with: voxel) - Double(xdfFound.effectiveN[at]))
        < 0.01)
  }

  /// Wallace's deviate against Student's t itself.
  @Test(arguments: [(12.0, 0.5), (17, 0.7), (17, 0.2), (60, 0.4), (250, 0.3)])
  func theDeviateOfACorrelationIsStudents(_ n: Double, _ r: Double) {
    let t = r * ((n - 2) / (1 - r * r)).squareRoot()
    let exact = studentTwoSidedP(t, degreesOfFreedom: n - 2)
    #expect(abs(normalTwoSidedP(correlationDeviate(r, observations: n)) / exact - 1) < 0.03)
    #expect(correlationDeviate(-r, observations: n) == -correlationDeviate(r, observations: n))
    #expect(correlationDeviate(r, observations: 3) == 0)
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
    // The w-score is of one of the people; of a further person its error holds how well the regression is known there:
    // w/√(1 + h) with the leverage h = x₀ᵀ(XᵀX)⁻¹x₀ = 0.174051884926242 of these people, worked out with numpy.
    let w0 = try #require(w["w"] as? Double)
    #expect(abs(own.t - w0 / 1.174051884926242.squareRoot()) < 1e-9)
    let far = try NormScore(
      1, values: [1.0, 1.3, 1.1, 1.6, 1.5, 1.9, 1.7, 2.2],
      covariates: [20, 25, 30, 35, 40, 45, 50, 55].map { [$0] }, own: [70])
    #expect(
      abs(far.t - -6.034616290966122) < 1e-9 && abs(far.standardError - 0.2519195955364893) < 1e-9)
    // Without covariates it is Crawford and Howell's t.
    let people = [1.0, 1.3, 1.1, 1.6, 1.5]
    let plain = try NormScore(2, values: people, covariates: people.map { _ in [] }, own: [])
    #expect(abs(plain.t - NormScore(2, mean: 1.3, sd: 0.065.squareRoot(), n: 5).t) < 1e-9)
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

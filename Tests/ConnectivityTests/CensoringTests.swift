import Basics
import Connectivity
import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct CensoringTests {
  /// targeting.md 1.5, goal G2: +1000 on any two of 100 frames must not reach a kept one.
  @Test func noCensoredPairLeaks() throws {
    let n = 100
    let clean = (0..<n).map { sin(2 * Double.pi * 0.03 * Double($0) * 2) }
    var worst = 0.0
    for a in 0..<n {
      for b in (a + 1)..<n {
        let projection = try Projection(
          Denoising(censoredFrames: [a, b]), frames: 0..<n, repetitionTimeSeconds: 2)
        var spoilt = clean
        spoilt[a] += 1000
        spoilt[b] += 1000
        let kept = projection.blocks[0].frames
        #expect(kept.count == n - 2)
        let x = projection.series(of: projection.coordinates(of: kept.map { clean[$0] }))
        let y = projection.series(of: projection.coordinates(of: kept.map { spoilt[$0] }))
        worst = max(worst, zip(x, y).map { abs($0 - $1) }.max() ?? .infinity)
      }
    }
    #expect(worst <= 1e-9)
  }

  @Test func droppedAndCensoredFramesNeverReachASeedMap() throws {
    let grid = Small.grid(4, 4, 2, spacing: (3, 3, 3))
    func value(_ t: Int, _ v: Int) -> Float {
      var generator = SeededGenerator(seed: UInt64(t * 100 + v))
      return Float(generator.uniform() * 10)
    }
    let quiet = Small.run(grid, frames: 90, tr: 2, value: value)
    let spoilt = Small.run(grid, frames: 90, tr: 2) { t, v in
      t < 3 || t == 40 || t == 89 ? 5000 * Float(v) : value(t, v)
    }
    let denoising = Denoising(droppedFrames: 3, censoredFrames: [40, 89])
    let seed = Seed.sphere(centre: WorldPoint(3, 3, 0), radius: 0, name: nil)
    let a = try ReducedSeries(quiet, denoising)
    let b = try ReducedSeries(spoilt, denoising)
    #expect(a.projection.frameCount == 85 && a.secondsKept == 170)
    #expect(try a.seedMap(seed).r == b.seedMap(seed).r)
    let gsr = Denoising(removesGlobalSignal: true, droppedFrames: 3, censoredFrames: [40, 89])
    #expect(
      try ReducedSeries(quiet, gsr).seedMap(seed).r == ReducedSeries(spoilt, gsr).seedMap(seed).r)
  }

  @Test(.enabled(if: RealData.isPresent)) func aCensoredRealRunEqualsTheReference() throws {
    let run = try RealRun.run()
    let reference = try RealRun.reference()
    let places = try RealRun.places(reference["voxels"])
    let expected = try RealRun.object(reference["censored"])
    let denoising = Denoising(
      droppedFrames: 4, censoredFrames: [30, 31, 100, 101, 102, 200, 259])
    let reduced = try ReducedSeries(run, denoising)
    #expect(reduced.degreesOfFreedom == expected["dof"] as? Int)
    let map = try reduced.seedMap(RealRun.pcc)
    #expect(
      RealRun.largestDifference(map.r, places, try RealRun.numbers(expected["r"])) < 1e-5)
    var plain = denoising
    plain.bandHertz = nil
    let alff = try run.amplitudes(plain, wantsFraction: false).alff
    #expect(
      RealRun.largestDifference(alff, places, try RealRun.numbers(expected["alff"])) < 1e-5)
  }

  /// At a short repetition time the band has few degrees of freedom and every censored frame takes one.
  @Test func shortRepetitionTimesKeepTheirDataBetweenGaps() throws {
    let (frames, tr, pairs) = (600, 0.72, 200)
    let a = try SeededNoise.run(voxels: pairs, frames: frames, tr: tr, autoregression: 0.8, seed: 1)
    let b = try SeededNoise.run(voxels: pairs, frames: frames, tr: tr, autoregression: 0.8, seed: 2)
    // Odd voxels share half of their variance with the even one before.
    let run = Small.run(Small.grid(2 * pairs, 1, 1), frames: frames, tr: tr) { t, v in
      let x = Float(a.samples.value(at: t * pairs + v / 2))
      return v % 2 == 0 ? x : x + Float(b.samples.value(at: t * pairs + v / 2))
    }
    let gone = SeededNoise.gaps(share: 0.1, frames: frames, seed: 3)
    func coupling(_ denoising: Denoising) throws -> (r: [Double], degrees: Int) {
      let reduced = try ReducedSeries(run, denoising)
      let r = try (0..<pairs).map {
        correlation(
          try #require(reduced.coordinates(ofMean: [2 * $0])),
          try #require(reduced.coordinates(ofMean: [2 * $0 + 1])))
      }
      return (r, reduced.degreesOfFreedom)
    }
    func error(_ x: [Double], _ y: [Double]) -> Double {
      (zip(x, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(pairs)).squareRoot()
    }
    let whole = try coupling(Denoising())
    let joint = try coupling(Denoising(censoredFrames: gone))
    var denoising = Denoising(censoredFrames: gone)
    denoising.interpolatesCensored = true
    let interpolated = try coupling(denoising)
    #expect(error(interpolated.r, whole.r) <= 0.05)
    #expect(error(joint.r, whole.r) > 0.08)
    let degrees = try #require(
      try Projection.censoringDegrees(
        Denoising(censoredFrames: gone), frameCount: frames, repetitionTimeSeconds: tr))
    // Columns that the gaps make alike cost nothing.
    #expect((joint.degrees - 8...joint.degrees).contains(degrees.joint))
    #expect(abs(degrees.interpolated - interpolated.degrees) <= 3)
    #expect(degrees.interpolates(by: .auto) && !degrees.interpolates(by: .joint))
    #expect(!CensoringDegrees(joint: 95, interpolated: 100).interpolates(by: .auto))
  }

  @Test func nothingOfACensoredFrameReachesAnInterpolatedRun() throws {
    let grid = Small.grid(3, 3, 3)
    let gone = [0, 1, 30, 31, 32, 70, 119]
    func run(_ spike: Float) -> Run {
      Small.run(grid, frames: 120, tr: 1) { t, v in
        var generator = SeededGenerator(seed: UInt64(t * 100 + v))
        return Float(generator.uniform()) + (gone.contains(t) ? spike : 0)
      }
    }
    var denoising = Denoising(
      confounds: [
        NuisanceColumn(
          name: "trans_x", values: (0..<120).map { gone.contains($0) ? 1e3 : sin(Double($0)) })
      ], censoredFrames: gone)
    denoising.interpolatesCensored = true
    let clean = try ReducedSeries(run(0), denoising)
    let spoilt = try ReducedSeries(run(1000), denoising)
    #expect(clean.projection.frameCount == 113)
    for v in 0..<27 {
      let (a, b) = try (#require(clean.series(of: v)), #require(spoilt.series(of: v)))
      #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-5 })
      #expect(abs(a.reduce(0, +)) < 1e-5)
    }
    // What works on time courses cleans them alike.
    let w = try (
      run(0).regionalHomogeneity(denoising), run(1000).regionalHomogeneity(denoising)
    )
    #expect(w.0[13].isFinite && abs(w.0[13] - w.1[13]) < 1e-3)
  }

  @Test func framesThatMoveAreCensoredWithShortPiecesBetween() {
    var displacement = [Double](repeating: 0.1, count: 40)
    displacement[0] = .nan
    displacement[10] = 0.6
    displacement[14] = 0.5
    displacement[30] = 0.9
    let rule = Censoring(displacementMillimetres: 0.3, leastRun: 5)
    // Between 10 and 14 only three frames are left, between 14 and 30 fifteen.
    #expect(
      rule.frames(displacement: displacement, dvars: nil, droppedFrames: 0)
        == [10, 11, 12, 13, 14, 30])
    #expect(
      rule.frames(displacement: displacement, dvars: nil, droppedFrames: 8)
        == [8, 9, 10, 11, 12, 13, 14, 30])
    var dvars = [Double](repeating: 1, count: 40)
    dvars[20] = 1.6
    let both = Censoring(displacementMillimetres: 0.3, standardisedDVARS: 1.5, leastRun: 1)
    #expect(
      both.frames(displacement: displacement, dvars: dvars, droppedFrames: 0) == [10, 14, 20, 30])
    #expect(Censoring().frames(displacement: displacement, dvars: dvars, droppedFrames: 0) == [])
  }

  @Test func tooFewKeptFramesAreRefused() throws {
    let problem = #expect(throws: Problem.self) {
      try Projection(
        Denoising(bandHertz: nil, censoredFrames: Array(5..<96)), frames: 0..<100,
        repetitionTimeSeconds: 2)
    }
    #expect(problem?.kind == .data && problem?.sentence.contains("9 of its 100 frames") == true)
  }

  @Test func nothingIsFilteredAcrossTheSeamOfTwoRuns() throws {
    let grid = Small.grid(4, 4, 2, spacing: (3, 3, 3))
    func run(_ salt: Int, _ scale: Float, _ frames: Int) -> Run {
      Small.run(grid, frames: frames, tr: 2) { t, v in
        var generator = SeededGenerator(seed: UInt64(salt + t * 100 + v))
        return scale * Float(generator.uniform() * 10)
      }
    }
    let parts = try [run(1, 1, 90), run(90_001, 1, 100)].map { try ReducedSeries($0, Denoising()) }
    let joined = try ReducedSeries.joined(parts)
    #expect(joined.degreesOfFreedom == parts[0].degreesOfFreedom + parts[1].degreesOfFreedom)
    #expect(joined.projection.frameCount == 190)
    // A run that is ten times brighter must not count for more.
    let bright = try ReducedSeries.joined([
      parts[0], ReducedSeries(run(90_001, 10, 100), Denoising()),
    ])
    let seed = Seed.sphere(centre: WorldPoint(3, 3, 0), radius: 3, name: nil)
    for (a, b) in zip(try joined.seedMap(seed).r, try bright.seedMap(seed).r) {
      #expect(abs(a - b) < 1e-4)
    }
    #expect(throws: Problem.self) {
      try ReducedSeries.joined([
        parts[0],
        ReducedSeries(
          Small.run(Small.grid(4, 4, 2), frames: 60, tr: 2) { t, v in Float((t * v) % 11) },
          Denoising()),
      ])
    }
  }

  @Test(.enabled(if: RealData.isPresent)) func twoRunsOfTheReferenceAreJoined() throws {
    let run = try RealRun.run()
    let reference = try RealRun.reference()
    let expected = try RealRun.object(reference["joined"])
    let halves = try [0..<130, 130..<260].map {
      try ReducedSeries(run, Denoising(), frames: $0)
    }
    let joined = try ReducedSeries.joined(halves)
    #expect(joined.degreesOfFreedom == expected["dof"] as? Int)
    #expect(
      RealRun.largestDifference(
        try joined.seedMap(RealRun.pcc).r, try RealRun.places(reference["voxels"]),
        try RealRun.numbers(expected["r"])) < 1e-4)
  }

  @Test func oneWayOfCensoringHasOneNumber() throws {
    // What is left is known once it is done; a count of columns beside it was a second number for the same thing.
    for (interpolates, about) in [(true, "about 33"), (false, "about 44")] {
      var denoising = Denoising(censoredFrames: [3, 4, 5])
      denoising.interpolatesCensored = interpolates
      denoising.censoringDegrees = CensoringDegrees(joint: 33, interpolated: 44)
      let text = try #require(denoising.censoringText)
      #expect(text.contains(about) && !text.contains(interpolates ? "44" : "33"), "\(text)")
    }
  }
}

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
      RealRun.largestDifference(alff, places, try RealRun.numbers(expected["ls_alff"])) < 1e-5)
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
}

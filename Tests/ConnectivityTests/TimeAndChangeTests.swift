import Basics
import Connectivity
import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct TimeAndChangeTests {
  /// targeting.md 4: two cosines of 0.025 Hz, r exactly 0.2 over whole periods.
  @Test func slidingWindowsOfTwoCosinesHaveTheirKnownRanges() throws {
    let x = (0..<2000).map { cos(2 * Double.pi * 0.025 * Double($0)) }
    let y = (0..<2000).map { cos(2 * Double.pi * 0.025 * Double($0) + acos(0.2)) }
    let windows = try RealRun.object(try RealRun.reference()["windows"])
    for case let row as [String: Double] in try #require(windows["cosines"] as? [Any]) {
      let h = Int(try #require(row["h"]))
      let window = SlidingWindow.rectangular(frames: h, step: 1)
      let r = window.starts(in: 0..<2000).map {
        windowedCorrelation(x[$0..<$0 + h], y[$0..<$0 + h], weights: window.weights)
      }
      #expect(abs((r.min() ?? .nan) - (try #require(row["min"]))) < 1e-9)
      #expect(abs((r.max() ?? .nan) - (try #require(row["max"]))) < 1e-9)
      if [40, 80, 120].contains(h) { #expect(r.allSatisfy { abs($0 - 0.2) < 1e-9 }) }
    }
  }

  @Test(.enabled(if: RealData.isPresent)) func windowsOfTheRealRunEqualTheReference() throws {
    let reference = try RealRun.reference()
    let windows = try RealRun.object(reference["windows"])
    let place = try RealRun.places(reference["voxels"])[10]
    let reduced = try ReducedSeries(try RealRun.run(), Denoising())
    let seed = try reduced.coordinates(of: RealRun.pcc)
    let voxel = try #require(reduced.coordinates(ofMean: [place]))
    let kinds: [(SlidingWindow, String, String)] = [
      (.rectangular(frames: 40, step: 10), "starts", "r"),
      (.tapered(frames: 40, sigma: 3, step: 10), "tapered_starts", "tapered_r"),
    ]
    for (window, starts, r) in kinds {
      let pair = try reduced.windowed(seed, voxel, window, surrogates: 20, randomSeed: 1)
      #expect(pair.starts == windows[starts] as? [Int])
      let expected = try RealRun.numbers(windows[r])
      for (a, b) in zip(pair.r, expected) { #expect(abs(a - b) < 1e-5) }
      let movie = try reduced.windowedMaps(RealRun.pcc, window)
      #expect(movie.maps.count == expected.count)
      for (map, b) in zip(movie.maps, expected) { #expect(abs(Double(map[place]) - b) < 1e-4) }
      #expect(pair.nullBand.contains(pair.wholeR))
      for (n, r) in pair.r.enumerated() {
        #expect(pair.isOutside(n) == (r < pair.nullBand.lowerBound || r > pair.nullBand.upperBound))
      }
      #expect(pair.nullBand.upperBound - pair.nullBand.lowerBound > 0.1)
      #expect(pair.changes == pair.r.indices.contains(where: pair.isOutside))
    }
    #expect(
      windows["tapered_weights"].flatMap { $0 as? [Double] }?.count
        == SlidingWindow.tapered(frames: 40, sigma: 3, step: 1).frameCount)
  }

  @Test func shortWindowsAreFlagged() {
    let window = SlidingWindow.rectangular(frames: 40, step: 1)
    #expect(window.warning(repetitionTimeSeconds: 1.5, denoising: Denoising()) != nil)
    #expect(
      window.warning(repetitionTimeSeconds: 1.5, denoising: Denoising(bandHertz: 0.0167...0.1))
        == nil)
    #expect(window.warning(repetitionTimeSeconds: 3, denoising: Denoising()) == nil)
    #expect(window.warning(repetitionTimeSeconds: 9, denoising: Denoising(bandHertz: nil)) != nil)
  }

  @Test func censoredFramesLeaveWindowsEmptyRatherThanWrong() throws {
    let grid = Small.grid(3, 1, 1)
    let run = Small.run(grid, frames: 120, tr: 2) { t, v in
      var generator = SeededGenerator(seed: UInt64(t * 10 + v))
      return Float(generator.uniform()) + (t == 60 ? 1e6 : 0)
    }
    let reduced = try ReducedSeries(
      run, Denoising(censoredFrames: Array(50..<75)))
    let a = try #require(reduced.coordinates(ofMean: [0]))
    let b = try #require(reduced.coordinates(ofMean: [1]))
    let pair = try reduced.windowed(
      a, b, .rectangular(frames: 40, step: 10), surrogates: 5, randomSeed: 1)
    // Windows that begin at 40 and 50 lose more than half of their frames.
    #expect(pair.r.map(\.isNaN) == [false, false, false, false, true, true, false, false, false])
  }

  /// targeting.md 3.5.
  @Test func changeAndReliableChangeOfTheTable() throws {
    let change = ZChange(firstR: 0, firstN: 108, secondR: tanh(0.25), secondN: 108)
    #expect(abs(change.standardError - 0.138013) < 1e-6)
    #expect(abs(change.ratio - 1.8114) < 1e-4)
    let retest = try ReliableChange(standardDeviation: 0.15, reliability: 0.8)
    #expect(abs(retest.errorOfMeasurement - 0.067082) < 1e-6)
    #expect(abs(retest.errorOfDifference - 0.094868) < 1e-6)
    #expect(abs(retest.index(of: 0.25) - 2.635231) < 1e-6)
    #expect(throws: Problem.self) {
      try ReliableChange(standardDeviation: 0.15, reliability: 1)
    }
  }

  @Test(.enabled(if: RealData.isPresent)) func changeOfTheRealHalvesEqualsTheReference() throws {
    let reference = try RealRun.reference()
    let places = try RealRun.places(reference["voxels"])
    let expected = try RealRun.object(reference["change"])
    let halves = try [0..<130, 130..<260].map {
      try ReducedSeries(try RealRun.run(), Denoising(), frames: $0)
    }
    let maps = try halves.map { try $0.seedMap(RealRun.pcc) }
    let n = try zip(maps, halves).map {
      try $0.inference(in: $1, method: .bartlett).effectiveN
    }
    let warnings = try SessionFacts(halves[0]).compared(with: SessionFacts(halves[1]))
    #expect(warnings.isEmpty)
    let change = SessionChange(
      first: maps[0], firstN: n[0], second: maps[1], secondR: maps[1].r, secondN: n[1],
      retest: nil, warnings: warnings)
    for (values, key) in [
      (change.deltaZ, "delta_z"), (change.standardError, "se"), (change.ratio, "ratio"),
    ] {
      #expect(
        RealRun.largestDifference(values, places, try RealRun.numbers(expected[key])) < 1e-4)
    }
  }

  @Test func sessionsThatDifferAreRefusedOrNamed() throws {
    let grid = Small.grid(3, 1, 1)
    func reduced(_ frames: Int, _ denoising: Denoising) throws -> ReducedSeries {
      try ReducedSeries(
        Small.run(grid, frames: frames, tr: 2) { t, v in
          var generator = SeededGenerator(seed: UInt64(t * 10 + v))
          return Float(generator.uniform())
        }, denoising)
    }
    let base = SessionFacts(try reduced(120, Denoising()))
    #expect(throws: Problem.self) {
      try base.compared(with: SessionFacts(reduced(120, Denoising(removesGlobalSignal: true))))
    }
    #expect(throws: Problem.self) {
      try base.compared(with: SessionFacts(reduced(250, Denoising())))
    }
    #expect(throws: Problem.self) {
      try base.compared(with: SessionFacts(reduced(120, Denoising(bandHertz: 0.01...0.08))))
    }
    let censored = try base.compared(
      with: SessionFacts(reduced(120, Denoising(censoredFrames: Array(20..<40)))))
    #expect(censored.count == 2)
  }

  @Test func tooFewDataSayNothingOfAWindow() throws {
    for (frames, isEnough) in [(100, false), (130, true)] {
      // The coupling turns round in the middle of the run.
      let run = Small.run(Small.grid(2, 1, 1), frames: frames, tr: 2) { t, v in
        var generator = SeededGenerator(seed: UInt64(t / 2))
        let shared = generator.uniform() - 0.5
        return Float(v == 0 || t < frames / 2 ? shared : -shared)
      }
      let reduced = try ReducedSeries(run, Denoising(bandHertz: nil))
      let pair = try reduced.windowed(
        try #require(reduced.coordinates(ofMean: [0])),
        try #require(reduced.coordinates(ofMean: [1])), .rectangular(frames: 30, step: 10),
        surrogates: 40, randomSeed: 1)
      #expect((pair.shortage == nil) == isEnough)
      #expect(pair.changes == isEnough)
      if !isEnough { #expect(pair.shortage?.contains("at least 240 s") == true) }
    }
  }
}

import Basics
import Foundation
import Glibc
import Imaging
import Perfusion
import TestSupport
import Testing

/// spect.md T14, T15, T17 and the figures of 4.5: time and tracer.
@Suite struct AveragingTimeTests {
  func window(
    _ seconds: Double?, _ average: TimeAverage = .window, frames: Int = 1200, tr: Double = 1,
    start: Double = 0
  ) throws -> TimeWindow {
    try TimeWindow(
      frameCount: frames, repetitionTimeSeconds: tr, requestedSeconds: seconds,
      startSeconds: start, average: average)
  }

  @Test func aShortEventIsDiluted() throws {
    // T15: +50 % for 60 s, with the τ of 60 s that the figure names.
    for (w, percent) in [
      (try window(900), 3.333), (try window(600), 5.0),
      (try window(900, .uptake(tauMinutes: 1)), 31.606),
    ] { #expect(abs(50 * w.dilution(ofSeconds: 60) / percent - 1) < 1e-3) }
    // An event after the uptake leaves nothing; one half out of the window half of itself.
    #expect(try window(900, .uptake(tauMinutes: 0.67)).dilution(ofSeconds: 60, onset: 600) < 1e-6)
    #expect(abs(try window(600).dilution(ofSeconds: 60, onset: 570) - 0.05) < 1e-12)
    #expect(try window(600).dilution(ofSeconds: 60, onset: 900) == 0)
    // 1.1: with 1/τ = 1.49 a minute 63 % is decided in 40 s and 95 % in two minutes.
    let tracer = try window(1200, .uptake(tauMinutes: 1 / 1.49))
    #expect(abs(tracer.share(from: 0, to: 40) - 0.63) < 0.005)
    #expect(abs(tracer.share(from: 0, to: 120) - 0.95) < 0.005)
    #expect(abs(1 / 1.49 - TimeAverage.usualTauMinutes) < 0.005)
  }

  @Test func weightsAreThoseOfTheReference() throws {
    let reference = try AveragingReference.part("uptake")
    let tracer = try window(nil, .uptake(tauMinutes: 0.67), frames: 260, tr: 1.5)
    let weights = tracer.weights
    #expect(weights.count == 260)
    #expect(abs(weights.reduce(0, +) - 1) < 1e-12)
    for (a, b) in zip(weights, try #require(reference["weights"] as? [Double])) {
      #expect(abs(a - b) < 1e-12)
    }
    let grid = Small.grid(4, 4, 4)
    let run = Small.run(grid, frames: 260, tr: 1.5) { t, _ in Float(100 + 10 * ((t * 37) % 11)) }
    let mean = try #require(reference["mean"] as? Double)
    #expect(abs(run.weightedSum(of: tracer.frames, weights)[5] - mean) < 1e-9)
    let plain = try #require(reference["window_mean"] as? Double)
    #expect(abs(Double(run.mean(of: 0..<260)[5]) - plain) < 1e-4)
    // A step up early counts for more than the same step late.
    #expect(weights[0] > weights[1] && weights[1] > weights[40])
    // As noisy as a box of (Σw)²/Σw², about 2τ.
    #expect(abs(try #require(tracer.effectiveSeconds) / (2 * 40.2) - 1) < 0.02)
    #expect(abs(try #require(try window(600).effectiveSeconds) - 600) < 1e-6)
  }

  @Test(arguments: [TimeAverage.window, .uptake(tauMinutes: 0.67), .uptake(tauMinutes: 5)])
  func aConstantStaysItself(_ average: TimeAverage) throws {
    // T17.
    let run = Small.run(Small.grid(4, 4, 4), frames: 200, tr: 2) { _, v in Float(700 + v) }
    for (seconds, start) in [(nil, 0.0), (60, 0), (120, 100), (399, 37)] as [(Double?, Double)] {
      let w = try window(seconds, average, frames: 200, tr: 2, start: start)
      for (v, sum) in run.weightedSum(of: w.frames, w.weights).enumerated() {
        #expect(abs(sum / Double(700 + v) - 1) < 1e-6)
      }
    }
  }

  @Test func theWindowMovesAlongTheRun() throws {
    let w = try window(600, start: 300)
    #expect(w.frames == 300..<900 && w.startSeconds == 300 && w.seconds == 600)
    #expect(w.note.contains("from 300 s on"))
    let late = try window(nil, start: 1000)
    #expect(late.frames == 1000..<1200 && late.note.contains("shorter"))
    #expect(try window(nil).frames == 0..<900)
    let short = try window(nil, frames: 260, tr: 1.5)
    #expect(short.seconds == 390 && short.note.contains("shorter than 900 s"))
    for start in [-1, 1200, 1e300, .nan] as [Double] {
      #expect(throws: Problem.self) { try window(60, start: start) }
    }
    for tau in [0, -1, 1e9, .nan] as [Double] {
      #expect(throws: Problem.self) { try window(60, .uptake(tauMinutes: tau)) }
    }
    // Without seconds per frame there is no start, no uptake.
    #expect(throws: Problem.self) {
      try TimeWindow(
        frameCount: 9, repetitionTimeSeconds: nil, requestedSeconds: nil,
        average: .uptake(tauMinutes: 1))
    }
    #expect(try window(60, .uptake(tauMinutes: 0.67)).words == "uptake, tau 0.67 min")
  }

  @Test func lassensTable() throws {
    // T14, table of 2.1 to the digits given.
    let flows = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3]
    for (alpha, row) in [
      (1.5, [0.3571, 0.6250, 0.8333, 1, 1.1364, 1.2500, 1.4286, 1.6667]),
      (1.18, [0.3811, 0.6488, 0.8472, 1, 1.1214, 1.2201, 1.3711, 1.5646]),
      (0.5, [0.5000, 0.7500, 0.9000, 1, 1.0714, 1.1250, 1.2000, 1.2857]),
    ] {
      let lassen = try LassenUptake(alpha: alpha)
      let exact = try #require(
        (try AveragingReference.part("lassen"))["\(alpha)"] as? [Double])
      for n in flows.indices {
        #expect(abs(lassen.uptake(ofFlow: flows[n]) - row[n]) <= 0.00005 + 1e-9)
        #expect(abs(lassen.uptake(ofFlow: flows[n]) - exact[n]) < 1e-12)
        #expect(abs(lassen.flow(ofUptake: lassen.uptake(ofFlow: flows[n])) - flows[n]) < 1e-6)
      }
      #expect(lassen.flow(ofUptake: 1 + alpha).isNaN)
    }
    let image = try LassenUptake(alpha: 1.5).applied(to: [50, 100, -3], reference: 50)
    #expect(image[0] == 50 && abs(image[1] - 71.428) < 0.01 && image[2] == 0)
    for alpha in [0, -1, 1e9, Double.nan] {
      #expect(throws: Problem.self) { try LassenUptake(alpha: alpha) }
    }
  }

  @Test func correlatedFramesAverageLess() throws {
    // 4.5: SD of the mean of N AR(1) samples, √((1 + φ)/((1 − φ)N)).
    let exact =
      try #require(
        try JSONSerialization.jsonObject(
          with: Data(
            contentsOf: RealData.project.appending(path: "Tests/Reference/averaging.json")))
          as? [String: Any])["ar1"] as? Double
    #expect(abs((1.5 / (0.5 * 450)).squareRoot() - 0.0816) < 5e-5)
    #expect(abs(try #require(exact) - 0.0815) < 5e-5)
    var generator = SeededGenerator(seed: 3)
    func normal() -> Float { Float(generator.normal()) }
    let grid = Small.grid(40, 25, 4)
    var frames = [Float](repeating: 0, count: grid.count * 450)
    for v in 0..<grid.count {
      frames[v] = normal()
      for t in 1..<450 {
        frames[t * grid.count + v] =
          0.5 * frames[(t - 1) * grid.count + v] + Float(0.75.squareRoot()) * normal()
      }
    }
    let run = Run(
      mask: Mask(grid: grid, origin: "all") { _ in true }, frameCount: 450,
      repetitionTimeSeconds: 2, samples: SampleStore(floats: frames),
      mean: Volume(grid: grid, values: [Float](repeating: 0, count: grid.count)))
    let mean = run.mean(of: try window(900, frames: 450, tr: 2).frames)
    let sd = (mean.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(mean.count)).squareRoot()
    #expect(abs(sd / 0.0815 - 1) < 0.05)
  }
}

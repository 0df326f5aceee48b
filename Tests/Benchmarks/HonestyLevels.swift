import Basics
import Connectivity
import Foundation
import Imaging
import Workflows

// How often the program calls something that is not there, with its own code.

/// One way of cleaning, as a person may choose it.
private struct Cleaning {
  let name: String
  let denoising: Denoising
}

private let cleanings = [
  Cleaning(name: "default", denoising: Denoising()),
  Cleaning(name: "high-pass", denoising: Denoising(bandHertz: nil, highPassHertz: 1 / 128)),
]

private let shapes: [(frames: Int, tr: Double)] = [(260, 1.5), (200, 2), (600, 0.72)]

/// `honesty levels [DATA [null | real | false | compare | windows]]`: P under the null, on synthetic noise and on
/// another person's real run, false discoveries, differences of sessions, windows; one part or all.
func honestyLevels(_ folder: String?, part: String? = nil, pairs: Int = 20_000) throws {
  func isWanted(_ name: String) -> Bool { part == nil || part == name }
  if isWanted("null") { try syntheticLevels(pairs: pairs) }
  if let folder, isWanted("real") { try realLevels(folder, pairs: pairs) }
  if isWanted("false") {
    if let folder { try realFalseDiscoveries(folder) }
    try falseDiscoveries()
  }
  if isWanted("compare") { try unchangedSessions(pairs: pairs) }
  if isWanted("windows") { try stationaryWindows() }
}

private func syntheticLevels(pairs: Int) throws {
  print("P under the null; \(pairs) independent pairs a line")
  print("noise, frames × TR, cleaning: Bartlett P(0.05) P(0.001) | xDF P(0.05) P(0.001) | median N")
  for shape in shapes {
    for kind in NoiseKind.allCases {
      let a = try noiseRun(kind, voxels: pairs, frames: shape.frames, tr: shape.tr, seed: 1)
      let b = try noiseRun(kind, voxels: pairs, frames: shape.frames, tr: shape.tr, seed: 1 << 40)
      for cleaning in cleanings {
        let (x, y) = try (
          ReducedSeries(a, cleaning.denoising), ReducedSeries(b, cleaning.denoising)
        )
        let found = try nullPairs(x, y, (0..<pairs).map { ($0, $0) })
        print("\(kind.rawValue), \(shape.frames) × \(shape.tr) s, \(cleaning.name): \(found.text)")
        fflush(nil)
      }
    }
  }
}

/// Two-sided p of pairs of voxels of two runs, by both estimators.
private struct NullPairs: Sendable {
  var bartlett: [Double] = []
  var xdf: [Double] = []
  var n: [Float] = []

  func share(_ p: [Double], _ level: Double) -> String {
    fixed(Double(p.reduce(0) { $0 + ($1 < level ? 1 : 0) }) / Double(p.count), level < 0.01 ? 5 : 4)
  }

  var text: String {
    [bartlett, xdf].map { "\(share($0, 0.05)) \(share($0, 0.001))" }.joined(separator: " | ")
      + " | \(fixed(Double(boldspectPercentile(n, 50) ?? .nan), 1))"
  }
}

private func nullPairs(
  _ x: ReducedSeries, _ y: ReducedSeries, _ pairs: [(Int, Int)]
) throws -> NullPairs {
  let all = parallelMap(pairs.count) { n -> (Double, Double, Float)? in
    guard let a = x.coordinates(ofMean: [pairs[n].0]), let b = y.coordinates(ofMean: [pairs[n].1])
    else { return nil }
    let r = correlation(a, b)
    let one = x.effectiveN(of: a, with: b)
    let two = x.xdfEffectiveN(of: a, with: b)
    return (
      normalTwoSidedP(correlationDeviate(r, observations: one)),
      normalTwoSidedP(correlationDeviate(r, observations: two)), Float(one)
    )
  }.compactMap { $0 }
  return NullPairs(bartlett: all.map(\.0), xdf: all.map(\.1), n: all.map(\.2))
}

/// Seeds of one person's run on voxels of another's.
private func realLevels(_ folder: String, pairs: Int) throws {
  guard let real = try RealPair(folder) else {
    print("real runs: not there")
    return
  }
  print("seeds of another person's real run, \(real.frames) frames as if of 2 s")
  var generator = SeededGenerator(seed: 3)
  let places = (0..<pairs).map { _ in
    (
      Int(generator.uniform() * Double(real.first.count)),
      Int(generator.uniform() * Double(real.second.count))
    )
  }
  for cleaning in cleanings {
    for removesGlobal in [false, true] {
      // The seed's own global signal is gone before it meets the other's model.
      let seeds =
        removesGlobal ? real.second.map { without(real.secondMean, $0) } : real.second
      var denoising = cleaning.denoising
      if removesGlobal {
        denoising.confounds = [NuisanceColumn(name: "global_signal", values: real.firstMean)]
      }
      let x = try ReducedSeries(try runOfSeries(real.first, tr: 2), denoising)
      let y = try ReducedSeries(try runOfSeries(seeds, tr: 2), denoising)
      let found = try nullPairs(x, y, places)
      fflush(nil)
      print("real\(removesGlobal ? " with GSR" : ""), \(cleaning.name): \(found.text)")
    }
  }
}

/// What is left of a series once a multiple of another is taken away.
private func without(_ column: [Double], _ series: [Float]) -> [Float] {
  let mean = column.reduce(0, +) / Double(column.count)
  let own = series.reduce(0.0) { $0 + Double($1) } / Double(series.count)
  let c = column.map { $0 - mean }
  let slope =
    zip(c, series).reduce(0.0) { $0 + $1.0 * (Double($1.1) - own) } / c.reduce(0) { $0 + $1 * $1 }
  return zip(c, series).map { Float(Double($1) - slope * $0) }
}

/// Other people's seeds of which anything is called on a real brain, whose voxels are correlated as they are.
private func realFalseDiscoveries(_ folder: String) throws {
  guard let real = try RealPair(folder) else {
    print("real runs: not there")
    return
  }
  let count = min(real.second.count, 1000)
  print("the same of \(count) seeds of another person's real run on \(real.first.count) voxels")
  for cleaning in cleanings {
    for removesGlobal in [false, true] {
      let seeds = removesGlobal ? real.second.map { without(real.secondMean, $0) } : real.second
      var denoising = cleaning.denoising
      if removesGlobal {
        denoising.confounds = [NuisanceColumn(name: "global_signal", values: real.firstMean)]
      }
      let share = try discoveries(
        of: try ReducedSeries(try runOfSeries(seeds, tr: 2), denoising), seeds: count,
        on: try ReducedSeries(try runOfSeries(real.first, tr: 2), denoising))
      print("real\(removesGlobal ? " with GSR" : ""), \(cleaning.name): \(share)")
      fflush(nil)
    }
  }
}

/// The share of seeds with any q ≤ 0.05, by each estimator.
private func discoveries(
  of others: ReducedSeries, seeds: Int, on brain: ReducedSeries
) throws -> String {
  try EffectiveNMethod.allCases.map { method in
    let found = try (0..<seeds).reduce(0) { sum, n in
      guard let seed = others.coordinates(ofMean: [n]) else { return sum }
      let r = brain.correlations(with: seed)
      let n =
        method == .bartlett ? brain.effectiveN(with: seed) : try brain.xdfEffectiveN(with: seed)
      let q = MapInference(r: r, effectiveN: n, method: method).q
      return sum + (q.contains { $0 <= 0.05 } ? 1 : 0)
    }
    return "\(fixed(100 * Double(found) / Double(seeds), 1)) %"
  }.joined(separator: " | ")
}

/// Seeds of which anything is called at a false discovery rate of 5 %.
private func falseDiscoveries(seeds: Int = 1000, voxels: Int = 2000) throws {
  print("null seeds with any q ≤ 0.05, \(seeds) seeds on \(voxels) voxels, 260 × 1.5 s")
  for kind in NoiseKind.allCases {
    for cleaning in cleanings {
      let brain = try ReducedSeries(
        try noiseRun(kind, voxels: voxels, frames: 260, tr: 1.5, seed: 5), cleaning.denoising)
      let others = try ReducedSeries(
        try noiseRun(kind, voxels: seeds, frames: 260, tr: 1.5, seed: 1 << 41), cleaning.denoising)
      let share = try discoveries(of: others, seeds: seeds, on: brain)
      print("\(kind.rawValue), \(cleaning.name): \(share)")
      fflush(nil)
    }
  }
}

/// |change| beyond 1.96 standard errors between two sessions of series that are coupled alike in both.
private func unchangedSessions(pairs: Int) throws {
  print("compare, no change: P(|ratio| > 1.96), coupling 0 | 0.3 | 0.6, default cleaning")
  for (frames, tr) in shapes.prefix(2) {
    for kind in NoiseKind.allCases {
      var shares: [String] = []
      for coupling in [0.0, 0.3, 0.6] {
        let ratios = try sessionRatios(kind, coupling, pairs, frames, tr)
        let beyond = ratios.reduce(0) { $0 + (abs($1) > 1.96 ? 1 : 0) }
        shares.append(fixed(Double(beyond) / Double(ratios.count), 4))
      }
      fflush(nil)
      print("\(kind.rawValue), \(frames) × \(tr) s: \(shares.joined(separator: " | "))")
    }
  }
}

private func sessionRatios(
  _ kind: NoiseKind, _ coupling: Double, _ pairs: Int, _ frames: Int, _ tr: Double
) throws -> [Double] {
  let sessions = try (0..<4).map {
    try ReducedSeries(
      try noiseRun(kind, voxels: pairs, frames: frames, tr: tr, seed: 11 + UInt64($0) << 42),
      Denoising())
  }
  return parallelMap(pairs) { v in
    func one(_ n: Int) -> (r: Double, n: Double)? {
      guard let a = sessions[n].coordinates(ofMean: [v]),
        let b = sessions[n + 1].coordinates(ofMean: [v])
      else { return nil }
      let mixed = zip(a, b).map { coupling * $0 + (1 - coupling * coupling).squareRoot() * $1 }
      return (correlation(a, mixed), sessions[n].effectiveN(of: a, with: mixed))
    }
    guard let first = one(0), let second = one(2) else { return .nan }
    return ZChange(firstR: first.r, firstN: first.n, secondR: second.r, secondN: second.n).ratio
  }.filter(\.isFinite)
}

/// Runs in which nothing changes and yet a window lies outside the band.
private func stationaryWindows(runs: Int = 1000) throws {
  print(
    "windows: stationary runs with any window outside, \(runs) pairs, 100 s windows, 200 surrogates"
  )
  let window = SlidingWindow.rectangular(frames: 67, step: 5)
  for kind in NoiseKind.allCases {
    let a = try ReducedSeries(
      try noiseRun(kind, voxels: runs, frames: 400, tr: 1.5, seed: 21), Denoising())
    let b = try ReducedSeries(
      try noiseRun(kind, voxels: runs, frames: 400, tr: 1.5, seed: 1 << 43), Denoising())
    var shares: [String] = []
    for coupling in [0.0, 0.5] {
      let outside = try (0..<runs).reduce(0) { sum, v in
        guard let x = a.coordinates(ofMean: [v]), let y = b.coordinates(ofMean: [v]) else {
          return sum
        }
        let mixed = zip(x, y).map { coupling * $0 + (1 - coupling * coupling).squareRoot() * $1 }
        let pair = try a.windowed(x, mixed, window, surrogates: 200, randomSeed: UInt64(v))
        return sum + (pair.changes ? 1 : 0)
      }
      shares.append("\(fixed(100 * Double(outside) / Double(runs), 1)) %")
    }
    fflush(nil)
    print("\(kind.rawValue): coupling 0 \(shares[0]), 0.5 \(shares[1])")
  }
}

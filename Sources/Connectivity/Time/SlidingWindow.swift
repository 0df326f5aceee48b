package import Basics
import Glibc
package import Imaging

/// A window that slides along a run: one weight per frame.
package struct SlidingWindow: Sendable, Equatable {
  package let weights: [Double]
  /// Frames before and behind the window proper, in which a taper rises and falls.
  package let tail: Int
  package let name: String
  /// Frames from one window to the next.
  package let step: Int
  /// All frames with a weight, tails among them.
  package var frameCount: Int { weights.count }
  /// Frames of the window proper: its width at half height.
  package var width: Int { weights.count - 2 * tail }

  /// All frames alike.
  package static func rectangular(frames: Int, step: Int) -> SlidingWindow {
    SlidingWindow(
      weights: [Double](repeating: 1, count: frames), tail: 0, name: "rectangular", step: step)
  }

  /// A rectangle convolved with a Gaussian of `sigma` frames, cut at three sigma, so that frames
  /// enter and leave gradually (Allen 2014).
  package static func tapered(frames: Int, sigma: Double, step: Int) -> SlidingWindow {
    let reach = Int((3 * sigma).rounded(.up))
    let kernel = (-reach...reach).map { exp(-0.5 * Double($0 * $0) / (sigma * sigma)) }
    var weights = [Double](repeating: 0, count: frames + 2 * reach)
    for start in 0..<frames {
      for (n, w) in kernel.enumerated() { weights[start + n] += w }
    }
    let sum = weights.reduce(0, +)
    return SlidingWindow(
      weights: weights.map { $0 / sum }, tail: reach,
      name: "tapered, \(plainNumber(sigma, 1)) frames",
      step: step)
  }

  /// First frames of the windows that fit into a run.
  package func starts(in frames: Range<Int>) -> [Int] {
    guard frames.count >= frameCount else { return [] }
    return Array(stride(from: frames.lowerBound, through: frames.upperBound - frameCount, by: step))
  }

  /// Why its numbers mislead: a window must hold at least one period of the slowest frequency
  /// (Leonardi and Van De Ville 2015); nil when it does.
  package func warning(repetitionTimeSeconds tr: Double, denoising: Denoising) -> String? {
    let lowest = denoising.bandHertz?.lowerBound ?? denoising.highPassHertz ?? 0
    let seconds = Double(width) * tr
    guard lowest > 0 else {
      return "the run is not high-passed: windows of any length follow its slowest drift"
    }
    guard seconds < 1 / lowest * 0.999 else { return nil }
    return "\(plainNumber(seconds, 0)) s is shorter than one period of \(plainNumber(lowest)) Hz "
      + "(\(plainNumber(1 / lowest, 0)) s): even an unchanging coupling looks as if it changed"
  }
}

/// Weighted Pearson correlation of pieces of two series.
package func windowedCorrelation(
  _ x: ArraySlice<Double>, _ y: ArraySlice<Double>, weights: [Double]
) -> Double {
  let total = weights.reduce(0, +)
  var (mx, my) = (0.0, 0.0)
  for ((a, b), w) in zip(zip(x, y), weights) {
    mx += w * a
    my += w * b
  }
  (mx, my) = (mx / total, my / total)
  var (xx, yy, xy) = (0.0, 0.0, 0.0)
  for ((a, b), w) in zip(zip(x, y), weights) {
    xx += w * (a - mx) * (a - mx)
    yy += w * (b - my) * (b - my)
    xy += w * (a - mx) * (b - my)
  }
  return xx > 0 && yy > 0 ? max(-1, min(1, xy / (xx * yy).squareRoot())) : .nan
}

/// Kept frames of one window with their weights.
struct WindowRows: Sendable {
  let start: Int
  let rows: [Int]
  let weights: [Double]
  /// Part of the window's weight that censoring left.
  let kept: Double
}

extension SlidingWindow {
  /// The windows of a cleaned run as rows of its kept frames; windows never cross from one run into
  /// another. A window of which less than half is kept has no rows.
  func rows(in projection: Projection) -> [WindowRows] {
    var out: [WindowRows] = []
    var at = 0
    let total = weights.reduce(0, +)
    for block in projection.blocks {
      var placeOf = [Int](repeating: -1, count: block.window.count)
      for (place, frame) in block.frames.enumerated() {
        placeOf[frame - block.window.lowerBound] = at + place
      }
      for start in starts(in: block.window) {
        let first = start - block.window.lowerBound
        let inside = (0..<frameCount).filter { placeOf[first + $0] >= 0 }
        let kept = inside.reduce(0.0) { $0 + weights[$1] } / total
        out.append(
          WindowRows(
            start: start, rows: kept >= 0.5 ? inside.map { placeOf[first + $0] } : [],
            weights: kept >= 0.5 ? inside.map { weights[$0] } : [], kept: kept))
      }
      at += block.frames.count
    }
    return out
  }
}

/// Coupling of two places window by window, with the range that an unchanging coupling would give.
package struct WindowedPair: Sendable, Equatable {
  /// First frame of each window.
  package let starts: [Int]
  /// Pearson r in each window; NaN where too much is censored.
  package let r: [Double]
  /// Where all windows of a run lie in 95 % of surrogates with the same spectra and the same coupling over
  /// the whole run: the run is judged once, however many windows it has.
  package let nullBand: ClosedRange<Double>
  /// Surrogates of which a window lies as far out as the run's farthest, the run among them.
  package let p: Double
  package let surrogateCount: Int
  package let wholeR: Double
  /// Why there are too few data to say of a window that it differs, by the rule that targets have; nil when
  /// there are enough.
  package var shortage: String?

  /// Whether a window's r differs from what any window of an unchanging coupling gives; never with too few data.
  package func isOutside(_ window: Int) -> Bool {
    shortage == nil && r[window].isFinite && !nullBand.contains(r[window])
  }

  /// Whether any window does: of runs with an unchanging coupling about one in twenty.
  package var changes: Bool { r.indices.contains(where: isOutside) }
}

/// How far the farthest window of a run lies from where windows of unchanging runs lie, in Fisher z.
private struct FarthestWindow {
  let centre: Double
  /// Of each surrogate, ascending.
  let distances: [Double]

  init(_ surrogates: [[Double]]) {
    let all = surrogates.joined().filter(\.isFinite).map { fisherZ($0) }
    let centre = all.reduce(0, +) / Double(max(1, all.count))
    self.centre = centre
    distances = surrogates.map { Self.distance($0, centre) }.sorted()
  }

  static func distance(_ r: [Double], _ centre: Double) -> Double {
    r.filter(\.isFinite).reduce(0) { max($0, abs(fisherZ($1) - centre)) }
  }

  /// The distance that 5 % of runs exceed; of n surrogates the ⌈0.95·(n + 1)⌉th.
  var band: ClosedRange<Double> {
    let rank = Int((0.95 * Double(distances.count + 1)).rounded(.up))
    guard rank <= distances.count else { return -1...1 }
    let reach = distances[rank - 1]
    return correlation(ofFisherZ: centre - reach)...correlation(ofFisherZ: centre + reach)
  }

  func p(of r: [Double]) -> Double {
    let own = Self.distance(r, centre)
    let beyond = distances.reduce(0) { $0 + ($1 >= own ? 1 : 0) }
    return Double(beyond + 1) / Double(distances.count + 1)
  }
}

/// A seed map per window.
package struct WindowMovie: Sendable {
  package let seed: Seed
  package let window: SlidingWindow
  package let starts: [Int]
  /// r per mask voxel, window after window.
  package let maps: [[Float]]
  package let mask: Mask
  package let repetitionTimeSeconds: Double?
  package let warning: String?

  package func volume(_ n: Int) -> Volume { mask.volume(maps[n]) }
}

extension ReducedSeries {
  /// Window by window r of two series given by their coordinates.
  ///
  /// Surrogates are jointly phase-randomised, so that nothing in them changes but by chance.
  package func windowed(
    _ a: [Double], _ b: [Double], _ window: SlidingWindow, surrogates: Int, randomSeed: UInt64,
    progress: WorkProgress = .silent
  ) throws(Problem) -> WindowedPair {
    let rows = try usableRows(window)
    let x = projection.series(of: a)
    let y = projection.series(of: b)
    func all(_ x: [Double], _ y: [Double]) -> [Double] {
      rows.map { w in
        w.rows.isEmpty
          ? .nan
          : windowedCorrelation(
            w.rows.map { x[$0] }[...], w.rows.map { y[$0] }[...], weights: w.weights)
      }
    }
    var generator = SeededGenerator(seed: randomSeed)
    var null: [[Double]] = []
    for n in 0..<surrogates {
      try progress.check()
      let pair = jointlyPhaseRandomised([x, y], count: 1, generator: &generator)
      guard let set = pair.first else { break }
      null.append(all(set[0], set[1]))
      progress.report("surrogates", Double(n + 1) / Double(surrogates))
    }
    let farthest = FarthestWindow(null)
    let r = all(x, y)
    let whole = windowedCorrelation(
      x[...], y[...], weights: [Double](repeating: 1, count: x.count))
    return WindowedPair(
      starts: rows.map(\.start), r: r, nullBand: farthest.band, p: farthest.p(of: r),
      surrogateCount: null.count, wholeR: whole,
      shortage: DataAmount(seconds: secondsKept, degreesOfFreedom: degreesOfFreedom).shortage)
  }

  func usableRows(_ window: SlidingWindow) throws(Problem) -> [WindowRows] {
    let rows = window.rows(in: projection)
    guard rows.contains(where: { !$0.rows.isEmpty }) else {
      throw Problem(
        .data, "--window",
        "no window of \(window.frameCount) frames fits into the run's "
          + "\(projection.frameCount) kept frames", expected: "a shorter window")
    }
    return rows
  }
}

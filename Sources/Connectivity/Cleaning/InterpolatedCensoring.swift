package import Basics
import Imaging

/// How a band-pass and censoring go together.
package enum CensoringMethod: String, Sendable, CaseIterable {
  /// What leaves more degrees of freedom; the joint projection when it leaves nine tenths of the other's.
  case auto
  /// Stop-band, drift and confounds in one projection on the kept frames: exact, and every censored frame
  /// costs a degree of freedom however many the band has left.
  case joint
  /// Censored frames are interpolated, the whole is filtered, and they are left out again (Power 2014).
  case interpolate
}

/// Degrees of freedom that both ways of censoring leave, counted by the columns of the model.
package struct CensoringDegrees: Sendable, Equatable {
  package let joint: Int
  package let interpolated: Int

  package init(joint: Int, interpolated: Int) {
    self.joint = joint
    self.interpolated = interpolated
  }

  /// Whether censored frames are interpolated.
  package func interpolates(by method: CensoringMethod) -> Bool {
    switch method {
    case .joint: false
    case .interpolate: true
    case .auto: Double(joint) < 0.9 * Double(interpolated)
    }
  }
}

extension Projection {
  /// What either way would leave of a run, before anything is computed; nil where nothing is censored or
  /// no band is kept, for then both are one.
  package static func censoringDegrees(
    _ denoising: Denoising, frameCount: Int, repetitionTimeSeconds: Double?
  ) throws(Problem) -> CensoringDegrees? {
    guard denoising.bandHertz != nil, !denoising.censoredFrames.isEmpty else { return nil }
    let window = denoising.droppedFrames..<max(denoising.droppedFrames, frameCount)
    let kept = window.count - Set(denoising.censoredFrames).count(where: window.contains)
    let model = try DriftColumns(denoising, window.count, repetitionTimeSeconds)
    let confounds = denoising.confounds.count + (denoising.removesGlobalSignal ? 1 : 0)
    let columns = model.columns.count + confounds
    return CensoringDegrees(
      joint: max(0, kept - columns), interpolated: max(0, min(kept - 1, window.count - columns)))
  }

  /// Interpolate, filter, censor: kept frames are joined by straight lines, what the model of the whole window
  /// keeps is taken of that, confounds, which were treated alike, are taken out, and the censored frames
  /// are left out. Only kept frames enter.
  ///
  /// The cleaned series lie in the span of the pass-band on the kept frames, of which directions that have less
  /// than a twentieth of their energy on kept frames are given up.
  static func interpolating(
    _ denoising: Denoising, window: Range<Int>, kept: [Int], repetitionTimeSeconds: Double?,
    globalSignal: [Double]?
  ) throws(Problem) -> Projection {
    let model = try DriftColumns(denoising, window.count, repetitionTimeSeconds)
    let pass = try LinearAlgebra.complement(of: model.columns, length: window.count)
    let m = window.count - pass.rank
    let rows = kept.map { $0 - window.lowerBound }
    let reading = interpolated(pass.basis, m, window.count, rows)
    var candidates = denoising.confounds.map { ($0.name, $0.values) }
    if let globalSignal { candidates.append(("global signal", globalSignal)) }
    var nuisance = NuisanceFit(reading, dimension: m, length: kept.count, candidates, kept)
    let inner = try nuisance.solve()
    let report = RankReport(
      columns: model.columns.count + candidates.count, driftColumns: pass.rank,
      confoundColumns: inner.rank, unused: nuisance.unused)
    let left = m - inner.rank
    let analysis = LinearAlgebra.product(inner.basis, left, m, reading, kept.count)
    var series = LinearAlgebra.product(
      inner.basis, left, m, columns(rows, of: pass.basis, m, window.count), kept.count)
    centre(&series, left, kept.count)
    var block = try orthonormal(
      series, analysis, left, kept.count, window: window, frames: kept
    ).frequencyOrdered()
    guard block.degreesOfFreedom >= 3 else {
      throw Problem(
        .data, "denoising",
        "the model has \(report.columns) columns for \(kept.count) kept frames and leaves "
          + "\(block.degreesOfFreedom) degrees of freedom", expected: "at least 3",
        remedy: "Use a wider band, fewer confounds or less censoring")
    }
    block.inflation = inflation(
      block, band: columns(rows, of: pass.basis, m, window.count), count: m)
    return Projection(blocks: [block], report: report)
  }

  /// What modes that share gaps add to the variance of r: the mean of what they add for white noise and for
  /// noise that is flat in the band and nothing outside it.
  ///
  /// - Parameter band: of the whole window's model, on the kept frames.
  private static func inflation(_ block: Block, band: [Double], count: Int) -> Double {
    let (d, n) = (block.degreesOfFreedom, block.frames.count)
    let smoothing = ModeSmoothing([d], inflation: [Float](repeating: 1, count: d))
    let white = LinearAlgebra.productTransposed(block.analysis, d, n, block.analysis, d)
    let half = LinearAlgebra.productTransposed(block.analysis, d, n, band, count)
    let inBand = LinearAlgebra.productTransposed(half, d, count, half, d)
    return max(1, (smoothing.factor(white) + smoothing.factor(inBand)) / 2)
  }

  /// An orthonormal basis of cleaned series, and what reads its coordinates from raw ones.
  private static func orthonormal(
    _ series: [Double], _ analysis: [Double], _ count: Int, _ n: Int, window: Range<Int>,
    frames: [Int]
  ) throws(Problem) -> Block {
    let gram = LinearAlgebra.productTransposed(series, count, n, series, count)
    let rotation = try LinearAlgebra.eigenvectors(gram, count)
    var basis = LinearAlgebra.product(rotation, count, count, series, n)
    var reading = LinearAlgebra.product(rotation, count, count, analysis, n)
    var usable: [Int] = []
    for row in 0..<count {
      let energy = (0..<n).reduce(0.0) { $0 + basis[row * n + $1] * basis[row * n + $1] }
      guard energy > 0.05 else { continue }
      usable.append(row)
      let length = energy.squareRoot()
      for t in 0..<n {
        basis[row * n + t] /= length
        reading[row * n + t] *= length
      }
    }
    return Block(
      window: window, frames: frames, basis: usable.flatMap { basis[$0 * n..<($0 + 1) * n] },
      analysis: usable.flatMap { reading[$0 * n..<($0 + 1) * n] }, span: [],
      degreesOfFreedom: usable.count)
  }
}

/// Rows of `a[m × length]` that read a series on the kept frames as if it were joined by straight lines, and
/// stayed as it is before the first and after the last of them.
private func interpolated(_ a: [Double], _ m: Int, _ length: Int, _ kept: [Int]) -> [Double] {
  let n = kept.count
  var out = columns(kept, of: a, m, length)
  var next = 0
  for t in 0..<length {
    while next < n, kept[next] < t { next += 1 }
    if next < n, kept[next] == t { continue }
    let (before, after) = (max(0, next - 1), min(next, n - 1))
    let gap = Double(kept[after] - kept[before])
    let share = gap > 0 ? Double(t - kept[before]) / gap : 0
    for row in 0..<m {
      let value = a[row * length + t]
      out[row * n + before] += (1 - share) * value
      out[row * n + after] += share * value
    }
  }
  return out
}

/// Some columns of `a[m × length]`.
private func columns(_ kept: [Int], of a: [Double], _ m: Int, _ length: Int) -> [Double] {
  (0..<m).flatMap { row in kept.map { a[row * length + $0] } }
}

/// Takes the mean of every row away.
private func centre(_ a: inout [Double], _ m: Int, _ n: Int) {
  for row in 0..<m {
    let mean = (0..<n).reduce(0.0) { $0 + a[row * n + $1] } / Double(n)
    for t in 0..<n { a[row * n + t] -= mean }
  }
}

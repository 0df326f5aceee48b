package import Basics
import Imaging

/// The one projection that removes drift, stop-band and confounds together, as AFNI's 3dTproject
/// does: removing them one after the other puts some of each back.
///
/// Every column is made on the run's own clock and fitted on the kept frames only, so that nothing
/// of a censored frame can reach a kept one. Where censored frames are interpolated before a band-pass
/// (`Denoising.interpolatesCensored`) it is no orthogonal projection, but linear all the same. Several runs of one person have a projection each;
/// joined, they are one block after the other and nothing is filtered across the seam.
package struct Projection: Sendable {
  /// One run's part.
  package struct Block: Sendable {
    /// The run's frames after the dropped ones.
    package let window: Range<Int>
    /// Kept frames of the run, ascending.
    package let frames: [Int]
    /// Orthonormal basis of what is kept, one vector of `frames.count` after the other.
    let basis: [Double]
    /// What reads the coordinates from a raw series, in the same layout: the basis itself, unless censored
    /// frames are interpolated.
    let analysis: [Double]
    /// Orthonormal basis of what is removed, in the same layout; empty when censored frames are
    /// interpolated.
    let span: [Double]
    package let degreesOfFreedom: Int
    /// What interpolation adds to the variance of r beyond what the spectra say, because modes that share a gap
    /// are not independent; 1 for a projection.
    var inflation = 1.0
  }

  package let blocks: [Block]
  package let report: RankReport

  /// Residual degrees of freedom: the number of basis vectors.
  package var degreesOfFreedom: Int { blocks.reduce(0) { $0 + $1.degreesOfFreedom } }
  /// Kept frames of all runs.
  package var frameCount: Int { blocks.reduce(0) { $0 + $1.frames.count } }
  package var rank: Int { report.rank }

  /// - Parameters:
  ///   - frames: the frames to be used before dropping and censoring, such as a time window.
  ///   - globalSignal: the mask's mean series over the whole run, if it is to be removed.
  /// - Throws: fewer than 10 kept frames, a band without a repetition time, nothing left.
  package init(
    _ denoising: Denoising, frames: Range<Int>, repetitionTimeSeconds: Double?,
    globalSignal: [Double]? = nil
  ) throws(Problem) {
    let window =
      max(
        frames.lowerBound, min(denoising.droppedFrames, frames.upperBound))..<frames
      .upperBound
    let censored = Set(denoising.censoredFrames)
    let kept = window.filter { !censored.contains($0) }
    let n = kept.count
    guard n >= 10 else {
      throw Problem(
        .data, "the run",
        n == frames.count
          ? "it has \(n) frames"
          : "\(n) of its \(frames.count) frames are kept after dropping and censoring",
        expected: "at least 10")
    }
    if denoising.interpolatesCensored, denoising.bandHertz != nil, n < window.count {
      self = try .interpolating(
        denoising, window: window, kept: kept, repetitionTimeSeconds: repetitionTimeSeconds,
        globalSignal: globalSignal)
      return
    }
    let model = try DriftColumns(denoising, window.count, repetitionTimeSeconds)
    let rows = kept.map { $0 - window.lowerBound }
    let isWhole = n == window.count
    let drift = try LinearAlgebra.complement(
      of: model.columns.map { column in isWhole ? column : rows.map { column[$0] } }, length: n)
    var candidates = denoising.confounds.map { ($0.name, $0.values) }
    if let globalSignal { candidates.append(("global signal", globalSignal)) }
    var nuisance = NuisanceFit(
      drift.basis, dimension: n - drift.rank, length: n, candidates, kept)
    let inner = try nuisance.solve()
    let degrees = n - drift.rank - inner.rank
    report = RankReport(
      columns: model.columns.count + candidates.count, driftColumns: drift.rank,
      confoundColumns: inner.rank, unused: nuisance.unused)
    guard degrees >= 3 else {
      throw Problem(
        .data, "denoising",
        "the model has \(report.columns) columns for \(n) frames and leaves \(degrees) degrees "
          + "of freedom", expected: "at least 3",
        remedy: "Use a wider band, fewer confounds or less censoring")
    }
    let k = n - drift.rank
    let basis =
      inner.rank == 0
      ? drift.basis : LinearAlgebra.product(inner.basis, degrees, k, drift.basis, n)
    let span =
      inner.rank == 0
      ? drift.span : drift.span + LinearAlgebra.product(inner.span, inner.rank, k, drift.basis, n)
    blocks = [
      Block(
        window: window, frames: kept, basis: basis, analysis: basis, span: span,
        degreesOfFreedom: degrees)
    ]
  }

  init(blocks: [Block], report: RankReport) {
    self.blocks = blocks
    self.report = report
  }

  /// The projections of several runs, one after the other.
  init(joining parts: [Projection]) {
    blocks = parts.flatMap(\.blocks)
    report = RankReport(
      columns: parts.reduce(0) { $0 + $1.report.columns },
      driftColumns: parts.reduce(0) { $0 + $1.report.driftColumns },
      confoundColumns: parts.reduce(0) { $0 + $1.report.confoundColumns },
      unused: parts.flatMap(\.report.unused))
  }

  /// Coordinates of a raw series of `frameCount` numbers, the kept frames only.
  package func coordinates(of series: [Double]) -> [Double] {
    precondition(series.count == frameCount)
    var out: [Double] = []
    var at = 0
    for block in blocks {
      let n = block.frames.count
      for d in 0..<block.degreesOfFreedom {
        var sum = 0.0
        for t in 0..<n { sum += block.analysis[d * n + t] * series[at + t] }
        out.append(sum)
      }
      at += n
    }
    return out
  }

  /// Coordinates of many cleaned series at once; of what lies outside the kept span nothing is left.
  func coordinates(ofAll series: [[Double]]) -> [[Double]] {
    var out = [[Double]](repeating: [], count: series.count)
    var at = 0
    for block in blocks {
      let n = block.frames.count
      let d = block.degreesOfFreedom
      let flat = series.flatMap { $0[at..<at + n] }
      let found = LinearAlgebra.productTransposed(flat, series.count, n, block.basis, d)
      for row in series.indices { out[row] += found[row * d..<(row + 1) * d] }
      at += n
    }
    return out
  }

  /// The cleaned series that coordinates stand for, one number per kept frame.
  package func series(of coordinates: [Double]) -> [Double] {
    precondition(coordinates.count == degreesOfFreedom)
    var out: [Double] = []
    var at = 0
    for block in blocks {
      let n = block.frames.count
      var part = [Double](repeating: 0, count: n)
      for d in 0..<block.degreesOfFreedom {
        let c = coordinates[at + d]
        for t in 0..<n { part[t] += c * block.basis[d * n + t] }
      }
      out += part
      at += block.degreesOfFreedom
    }
    return out
  }

  /// What each coordinate adds to one kept frame.
  func weights(ofFrame t: Int) -> [(coordinate: Int, weight: Float)] {
    var (first, row) = (0, t)
    for block in blocks {
      let n = block.frames.count
      if row < n {
        return (0..<block.degreesOfFreedom).map { (first + $0, Float(block.basis[$0 * n + row])) }
      }
      row -= n
      first += block.degreesOfFreedom
    }
    return []
  }

  /// All basis vectors as rows over all kept frames; zero outside a vector's own run.
  func denseBasis() -> [Float] {
    let n = frameCount
    var out = [Float](repeating: 0, count: degreesOfFreedom * n)
    var (row, column) = (0, 0)
    for block in blocks {
      let m = block.frames.count
      for d in 0..<block.degreesOfFreedom {
        for t in 0..<m { out[(row + d) * n + column + t] = Float(block.basis[d * m + t]) }
      }
      row += block.degreesOfFreedom
      column += m
    }
    return out
  }
}

/// What the model was made of, and which confounds added nothing to it.
package struct RankReport: Sendable, Equatable {
  /// A confound that removed nothing, and why.
  package struct Unused: Sendable, Equatable {
    package var name: String
    /// "constant", "no number in it", "collinear with the others" or
    /// "already explained by drift and filter".
    package var reason: String

    package init(name: String, reason: String) {
      self.name = name
      self.reason = reason
    }
  }

  /// Columns that were given, drift and stop-band among them.
  package var columns: Int
  /// Independent columns of drift and filter.
  package var driftColumns: Int
  /// Independent columns that the confounds and the global signal add.
  package var confoundColumns: Int
  package var unused: [Unused]

  package var rank: Int { driftColumns + confoundColumns }

  /// One line for a person.
  package var summary: String {
    var text =
      "rank \(rank) of \(columns) columns: drift and filter \(driftColumns), confounds "
      + "\(confoundColumns)"
    for reason in Set(unused.map(\.reason)).sorted() {
      text +=
        "; \(reason): "
        + unused.filter { $0.reason == reason }.map { visibleText($0.name, limit: 40) }
        .joined(separator: ", ")
    }
    return text
  }
}

/// Polynomials, cosines and stop-band columns on a window of frames.
struct DriftColumns {
  var columns: [[Double]]

  init(_ denoising: Denoising, _ n: Int, _ tr: Double?) throws(Problem) {
    // A basis of all frames, its factors and as many columns as a band-pass may take.
    try MemoryBudget.require(
      MemoryBudget.product(32, n, n), of: "the run", for: "cleaning \(n) frames")
    columns = legendre(denoising.polort, n)
    func time(_ option: String, _ what: String) throws(Problem) -> Double {
      guard let tr else {
        throw Problem(
          .data, option, "\(what) needs the repetition time, which is unknown",
          remedy: "State the seconds per frame with --tr, or use \(option) none")
      }
      return tr
    }
    if let cutOff = denoising.highPassHertz {
      columns += discreteCosines(n, try time("--high-pass", "a high-pass"), cutOff)
    }
    if let band = denoising.bandHertz {
      let tr = try time("--band", "a band-pass")
      guard band.lowerBound < 0.5 / tr else {
        throw Problem(
          .data, "--band",
          "it begins at \(plainNumber(band.lowerBound)) Hz, above the highest frequency of a run with "
            + "\(plainNumber(tr)) s per frame (\(plainNumber(0.5 / tr, 3)) Hz)",
          expected: "a band within the run's own")
      }
      for bin in stopBandBins(n, tr, band) { columns += sinusoids(bin, n) }
    }
  }
}

/// Confounds as they look once drift and filter are gone, sorted into those that add something and
/// those that do not.
struct NuisanceFit {
  private let dimension: Int
  private var names: [String] = []
  private var columns: [[Double]] = []
  private(set) var unused: [RankReport.Unused] = []

  /// - Parameter basis: of the complement of drift and filter, `dimension` vectors of `length`.
  init(
    _ basis: [Double], dimension: Int, length n: Int, _ candidates: [(String, [Double])],
    _ kept: [Int]
  ) {
    self.dimension = dimension
    for (name, whole) in candidates {
      let values = kept.map { whole[$0] }
      guard values.contains(where: \.isFinite) else {
        unused.append(.init(name: name, reason: "no number in it"))
        continue
      }
      let mean = values.reduce(0, +) / Double(n)
      let centred = values.map { $0 - mean }
      let length = centred.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let size = values.reduce(0) { max($0, abs($1)) } * Double(n).squareRoot()
      guard length > 1e-12 * size else {
        unused.append(.init(name: name, reason: "constant"))
        continue
      }
      let c = LinearAlgebra.product(basis, dimension, n, centred.map { $0 / length }, 1)
      let left = c.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard left > 1e-7 else {
        unused.append(.init(name: name, reason: "already explained by drift and filter"))
        continue
      }
      names.append(name)
      columns.append(c)
    }
  }

  mutating func solve() throws(Problem) -> LinearAlgebra.Complement {
    let found = try LinearAlgebra.complement(of: columns, length: dimension)
    unused += found.redundant.map {
      .init(name: names[$0], reason: "collinear with the others")
    }
    return found
  }
}

import Basics
import Glibc
import Imaging

/// Bins by parts of the spectrum: four of the band, two above it, and what lies below, which the first
/// part stands for.
struct AmplitudeGroups: Sendable {
  static let partsOfBand = 4
  static let parts = 6
  /// Part 0…5 of each bin, or 6 below the band.
  let ofBin: [Int]

  init(_ bins: [Int], _ band: [Int]) {
    let (first, last) = (band.first ?? 1, band.last ?? 0)
    let above = bins.count { $0 > last }
    var seen = 0
    ofBin = bins.map { bin in
      if bin < first { return Self.parts }
      if bin <= last { return (bin - first) * Self.partsOfBand / max(1, last - first + 1) }
      seen += 1
      return Self.partsOfBand + (seen - 1) * (Self.parts - Self.partsOfBand) / above
    }
  }

  /// The part whose power a bin counts to.
  static func powerPart(_ group: Int) -> Int { group == parts ? 0 : group }

  /// Bins per part, those below among the first.
  var counts: [Int] {
    var out = [Int](repeating: 0, count: Self.parts)
    for group in ofBin { out[Self.powerPart(group)] += 1 }
    return out
  }
}

/// Sums over the bins of each part, for one voxel.
struct AmplitudeSums: Sendable {
  /// Of amplitudes; what lies below the band is the last.
  var amplitude: [Float]
  /// Of their squares; what lies below the band counts to the first part.
  let power: [Float]

  var band: Float { amplitude.prefix(AmplitudeGroups.partsOfBand).reduce(0, +) }
  var total: Float { amplitude.reduce(0, +) }
}

/// The same for the voxels of a slab, part after part.
struct SlabAmplitudes {
  private var amplitude: [Float]
  private var power: [Float]
  private let count: Int

  init(voxels count: Int) {
    self.count = count
    amplitude = [Float](repeating: 0, count: (AmplitudeGroups.parts + 1) * count)
    power = [Float](repeating: 0, count: AmplitudeGroups.parts * count)
  }

  /// Adds one bin: its cosine and sine amplitudes.
  mutating func add(
    _ re: UnsafePointer<Float>, _ im: UnsafePointer<Float>, to group: Int
  ) {
    let (a, p) = (group * count, AmplitudeGroups.powerPart(group) * count)
    for v in 0..<count {
      let square = re[v] * re[v] + im[v] * im[v]
      amplitude[a + v] += square.squareRoot()
      power[p + v] += square
    }
  }

  subscript(_ voxel: Int) -> AmplitudeSums {
    AmplitudeSums(
      amplitude: (0...AmplitudeGroups.parts).map { amplitude[$0 * count + voxel] },
      power: (0..<AmplitudeGroups.parts).map { power[$0 * count + voxel] })
  }
}

/// What gaps do to fitted amplitudes, and how it is taken back.
///
/// Fitted to fewer frames every bin holds more noise, and the gaps spread power from strong frequencies to
/// weak ones. Both are known: with S the power of each part of the spectrum, power of part i is Σ K(i, j)·S(j)
/// between the gaps and Σ F(i, j)·S(j) of the whole run, where K and F are made of the rows themselves (as
/// MASTER does for a masked sky, Hivon 2002). Amplitudes of part i are multiplied by
/// √((F·K⁻¹·P)(i)/P(i)). Within 2 % on white, AR(0.9), 1/f and BOLD-like noise with 30 % censored
/// (`boldspect-bench honesty censoring`).
struct GapCorrection: Sendable {
  /// Most of a run that may be censored.
  static let mostCensored = 0.35
  /// Part of the power in a white floor below which a run was filtered before: of a spectrum with sharp edges
  /// six parts cannot tell what gaps spread, and fitted amplitudes are up to 13 % too large.
  static let leastFloor: Float = 0.02

  private let inverse: [Double]
  private let whole: [Double]
  private let counts: [Int]

  /// - Parameters:
  ///   - rows: of all bins, on the kept frames of `block`.
  ///   - full: the same run's block with nothing censored.
  init(
    _ rows: [Double], _ groups: AmplitudeGroups, padded: Int, _ block: Projection.Block,
    full: Projection.Block
  ) throws(Problem) {
    counts = groups.counts
    func times(_ block: Projection.Block) -> [Int] {
      block.frames.map { $0 - block.window.lowerBound }
    }
    let coupling = Self.coupling(rows, times(block), groups, padded)
    whole = Self.coupling(
      amplitudeOperator(Array(1...groups.ofBin.count), padded, full), times(full), groups, padded)
    let k = AmplitudeGroups.parts
    let columns = (0..<k).map { j in (0..<k).map { coupling[$0 * k + j] } }
    var inverse = [Double](repeating: 0, count: k * k)
    for j in 0..<k {
      let unit = (0..<k).map { $0 == j ? 1.0 : 0 }
      let column = try LinearAlgebra.leastSquares(columns, unit)
      for i in 0..<k { inverse[i * k + j] = column[i] }
    }
    self.inverse = inverse
  }

  /// Mean power of part i that a unit of power in each bin of part j gives.
  private static func coupling(
    _ rows: [Double], _ times: [Int], _ groups: AmplitudeGroups, _ padded: Int
  ) -> [Double] {
    let (n, t, k) = (groups.ofBin.count, times.count, AmplitudeGroups.parts)
    var waves: [Double] = []
    waves.reserveCapacity(2 * n * t)
    for wave in [cosine, sine] {
      for bin in 1...n {
        let w = 2 * Double.pi * Double(bin) / Double(padded)
        waves += times.map { wave(w * Double($0)) }
      }
    }
    let response = LinearAlgebra.productTransposed(rows, 2 * n, t, waves, 2 * n)
    var out = [Double](repeating: 0, count: k * k)
    for row in 0..<2 * n {
      let i = AmplitudeGroups.powerPart(groups.ofBin[row / 2])
      for column in 0..<2 * n {
        let j = AmplitudeGroups.powerPart(groups.ofBin[column % n])
        let value = response[row * 2 * n + column]
        out[i * k + j] += value * value
      }
    }
    let counts = groups.counts
    for i in 0..<k {
      for j in 0..<k { out[i * k + j] /= Double(max(1, counts[i])) }
      // A part without bins stands for itself alone.
      if counts[i] == 0 { out[i * k + i] = 1 }
    }
    return out
  }

  private func meanPowers(_ raw: AmplitudeSums) -> [Double] {
    counts.indices.map { Double(raw.power[$0]) / Double(max(1, counts[$0])) }
  }

  /// Power of each part of the spectrum itself; never below nothing.
  private func spectrum(_ powers: [Double]) -> [Double] {
    let k = powers.count
    return (0..<k).map { i in
      max(0, (0..<k).reduce(0.0) { $0 + inverse[i * k + $1] * powers[$1] })
    }
  }

  /// The sums as the whole run would have had them.
  func corrected(_ raw: AmplitudeSums) -> AmplitudeSums {
    let powers = meanPowers(raw)
    let source = spectrum(powers)
    let k = powers.count
    var out = raw
    for group in 0...AmplitudeGroups.parts {
      let i = AmplitudeGroups.powerPart(group)
      let expected = (0..<k).reduce(0.0) { $0 + whole[i * k + $1] * source[$1] }
      guard powers[i] > 0 else { continue }
      out.amplitude[group] = raw.amplitude[group] * Float((expected / powers[i]).squareRoot())
    }
    return out
  }

  static func check(kept: Int, of all: Int) throws(Problem) {
    let censored = 1 - Double(kept) / Double(all)
    guard censored > mostCensored else { return }
    throw Problem(
      .data, "ALFF",
      "\(plainNumber(100 * censored, 0)) % of the frames are censored; amplitudes between so many gaps "
        + "are not known to 3 %", expected: "at most \(plainNumber(100 * mostCensored, 0)) %",
      remedy: "Censor less, or take ReHo or a seed map")
  }

  static func check(floors: [Float]) throws(Problem) {
    guard let middle = boldspectPercentile(floors.filter(\.isFinite), 50) else {
      throw Problem(
        .data, "ALFF", "no five frames in a row are kept", expected: "pieces between the gaps",
        remedy: "Censor less, or take ReHo or a seed map")
    }
    guard middle < leastFloor else { return }
    throw Problem(
      .data, "ALFF",
      "frames are censored and the run was filtered before: nothing is left above its band, and amplitudes "
        + "between gaps would be up to 13 % too large", expected: "an unfiltered run",
      remedy: "Give the run before its band-pass, or do not censor")
  }
}

/// The white floor of series with gaps, from fourth differences of five frames in a row: they pass
/// (2 sin πfTR)⁸ of the power, 70 on average over white noise and next to nothing below 0.1 Hz.
struct WhiteFloor: Sendable {
  private let starts: [Int]

  /// - Parameter frames: that are kept, ascending.
  init(_ frames: [Int]) {
    starts = frames.indices.dropLast(4).filter { frames[$0 + 4] == frames[$0] + 4 }
  }

  /// Variance of the floor of each of some voxels, time-major; NaN where no five frames follow each other.
  func variances(_ x: UnsafePointer<Float>, voxels count: Int) -> [Float] {
    var sums = [Float](repeating: starts.isEmpty ? .nan : 0, count: count)
    for start in starts {
      let row = x + start * count
      for v in 0..<count {
        let ends = row[v] + row[v + 4 * count]
        let inner = row[v + count] + row[v + 3 * count]
        let difference = ends - 4 * inner + 6 * row[v + 2 * count]
        sums[v] += difference * difference
      }
    }
    return sums.map { $0 / Float(70 * max(1, starts.count)) }
  }
}

private func cosine(_ x: Double) -> Double { cos(x) }
private func sine(_ x: Double) -> Double { sin(x) }

import Glibc
package import Imaging

/// What is removed from a run before anything is correlated.
package struct Denoising: Sendable, Equatable {
  /// Degree of the drift polynomial.
  package var polort: Int
  /// Kept frequencies in hertz; nil keeps all.
  package var bandHertz: ClosedRange<Double>?
  /// Whether the mask's mean series is one more column.
  package var removesGlobalSignal: Bool
  /// Confound columns, one number per frame of the whole run.
  package var confounds: [NuisanceColumn]
  /// Gaussian smoothing inside the mask after the projection, in millimetres; 0 for none.
  package var smoothingFWHM: Double

  package init(
    polort: Int = 2, bandHertz: ClosedRange<Double>? = 0.01...0.1,
    removesGlobalSignal: Bool = false, confounds: [NuisanceColumn] = [], smoothingFWHM: Double = 0
  ) {
    self.polort = polort
    self.bandHertz = bandHertz
    self.removesGlobalSignal = removesGlobalSignal
    self.confounds = confounds
    self.smoothingFWHM = smoothingFWHM
  }

  package var modelsMotion: Bool { confounds.contains(where: \.isMotion) }

  /// One line that says what was done, for every map and target.
  package var summary: String {
    var parts = ["polort \(polort)"]
    if let band = bandHertz {
      parts.append("\(plainNumber(band.lowerBound))–\(plainNumber(band.upperBound)) Hz")
    } else {
      parts.append("no band-pass")
    }
    parts.append(
      confounds.isEmpty
        ? "no confounds" : "\(confounds.count) confound column\(confounds.count == 1 ? "" : "s")")
    parts.append(removesGlobalSignal ? "global signal removed" : "global signal kept")
    parts.append(smoothingFWHM > 0 ? "\(plainNumber(smoothingFWHM)) mm smoothing" : "unsmoothed")
    return parts.joined(separator: ", ")
  }
}

/// The one projection that removes drift, stop-band and confounds together, as AFNI's 3dTproject
/// does: removing them one after the other puts some of each back.
package struct Projection: Sendable {
  package let frames: Range<Int>
  /// Orthonormal basis of what is kept, one vector of `frames.count` after the other.
  package let basis: [Double]
  /// Residual degrees of freedom: the number of basis vectors.
  package let degreesOfFreedom: Int
  package let rank: Int
  /// Columns that added nothing to the others.
  package let redundant: [String]

  /// - Parameters:
  ///   - globalSignal: the mask's mean series over the whole run, if it is to be removed.
  /// - Throws: fewer than 10 frames, a band without a repetition time, nothing left.
  package init(
    _ denoising: Denoising, frames: Range<Int>, repetitionTimeSeconds: Double?,
    globalSignal: [Double]? = nil
  ) throws(Problem) {
    let n = frames.count
    guard n >= 10 else {
      throw Problem(.data, "the run", "it has \(n) frames", expected: "at least 10")
    }
    var names: [String] = []
    var columns: [[Double]] = []
    for (degree, column) in legendre(denoising.polort, n).enumerated() {
      names.append("polynomial \(degree)")
      columns.append(column)
    }
    if let band = denoising.bandHertz {
      guard let tr = repetitionTimeSeconds else {
        throw Problem(
          .data, "--band", "a band-pass needs the repetition time, which is unknown",
          remedy: "State the seconds per frame with --tr, or use --band none")
      }
      guard band.lowerBound < 0.5 / tr else {
        throw Problem(
          .data, "--band",
          "it begins at \(plainNumber(band.lowerBound)) Hz, above the highest frequency of a run with "
            + "\(plainNumber(tr)) s per frame (\(plainNumber(0.5 / tr, 3)) Hz)",
          expected: "a band within the run's own")
      }
      for bin in stopBandBins(n, tr, band) {
        let pair = sinusoids(bin, n)
        names += pair.map { _ in "stop-band bin \(bin)" }
        columns += pair
      }
    }
    for confound in denoising.confounds {
      names.append(confound.name)
      columns.append(Self.centred(Array(confound.values[frames])))
    }
    if let globalSignal {
      names.append("global signal")
      columns.append(Self.centred(Array(globalSignal[frames])))
    }
    let found = try LinearAlgebra.complement(of: columns, length: n)
    self.frames = frames
    basis = found.basis
    rank = found.rank
    degreesOfFreedom = n - found.rank
    redundant = found.redundant.map { names[$0] }.filter { !$0.hasPrefix("stop-band") }
    guard degreesOfFreedom >= 3 else {
      throw Problem(
        .data, "denoising",
        "the model has \(columns.count) columns for \(n) frames and leaves \(degreesOfFreedom) degrees "
          + "of freedom", expected: "at least 3", remedy: "Use a wider band or fewer confounds")
    }
  }

  private static func centred(_ values: [Double]) -> [Double] {
    let mean = values.reduce(0, +) / Double(max(1, values.count))
    return values.map { $0 - mean }
  }

  /// One basis vector.
  package func vector(_ d: Int) -> ArraySlice<Double> {
    basis[d * frames.count..<(d + 1) * frames.count]
  }

  /// Coordinates of a series of `frames.count` numbers.
  package func coordinates(of series: [Double]) -> [Double] {
    precondition(series.count == frames.count)
    return (0..<degreesOfFreedom).map { d in
      zip(vector(d), series).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  /// The cleaned series that coordinates stand for.
  package func series(of coordinates: [Double]) -> [Double] {
    precondition(coordinates.count == degreesOfFreedom)
    var out = [Double](repeating: 0, count: frames.count)
    for d in 0..<degreesOfFreedom {
      let v = vector(d)
      for (t, b) in v.enumerated() { out[t] += coordinates[d] * b }
    }
    return out
  }
}

/// Legendre polynomials of degree 0…`degree` at `n` evenly spaced places from −1 to 1.
func legendre(_ degree: Int, _ n: Int) -> [[Double]] {
  guard degree >= 0 else { return [] }
  let x = (0..<n).map { n == 1 ? 0 : 2 * Double($0) / Double(n - 1) - 1 }
  var all = [[Double](repeating: 1, count: n)]
  if degree >= 1 { all.append(x) }
  for k in stride(from: 2, through: degree, by: 1) {
    let a = Double(2 * k - 1) / Double(k)
    let b = Double(k - 1) / Double(k)
    all.append((0..<n).map { a * x[$0] * all[k - 1][$0] - b * all[k - 2][$0] })
  }
  return all
}

/// The discrete Fourier bins that a band-pass removes, by 3dTproject's rule: stop-bands
/// [0, f₁ − 0.0001] and [f₂ + 0.0001, ∞), each from rint((f + d)/df) to rint((f − d)/df) with
/// d = df/6; bin 0 is left to the polynomial.
package func stopBandBins(_ n: Int, _ tr: Double, _ band: ClosedRange<Double>) -> [Int] {
  let df = 1 / (Double(n) * tr)
  let d = df / 6
  let nyquist = n / 2
  var bins: [Int] = []
  let top = Int(((band.lowerBound - 0.0001 - d) / df).rounded(.toNearestOrEven))
  if top >= 1 { bins += 1...min(top, nyquist) }
  let bottom = Int(((band.upperBound + 0.0001 + d) / df).rounded(.toNearestOrEven))
  let from = max(bottom, (bins.last ?? 0) + 1)
  if from <= nyquist { bins += from...nyquist }
  return bins
}

/// Cosine and sine of one bin; at the Nyquist frequency of an even count only the cosine.
func sinusoids(_ bin: Int, _ n: Int) -> [[Double]] {
  let w = 2 * Double.pi * Double(bin) / Double(n)
  let cosine = (0..<n).map { cos(w * Double($0)) }
  if 2 * bin == n { return [cosine] }
  return [cosine, (0..<n).map { sin(w * Double($0)) }]
}

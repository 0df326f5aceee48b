package import Basics
import Glibc
import Imaging

/// What must be alike before two sessions of one person can be compared.
package struct SessionFacts: Sendable, Equatable {
  package var secondsKept: Double?
  package var censoredFraction: Double
  package var removesGlobalSignal: Bool
  package var bandHertz: ClosedRange<Double>?
  package var confoundNames: [String]
  package var interpolatesCensored: Bool

  package init(_ reduced: ReducedSeries) {
    secondsKept = reduced.secondsKept
    let all = reduced.projection.blocks.reduce(0) { $0 + $1.window.count }
    censoredFraction = 1 - Double(reduced.projection.frameCount) / Double(max(1, all))
    removesGlobalSignal = reduced.denoising.touchesGlobalSignal
    bandHertz = reduced.denoising.bandHertz
    confoundNames = reduced.denoising.confounds.map(\.name)
    interpolatesCensored = reduced.denoising.interpolatesCensored
  }

  /// Refuses what cannot be compared and says what a reader must know about the rest.
  package func compared(with other: SessionFacts) throws(Problem) -> [String] {
    func refuse(_ what: String, _ remedy: String) -> Problem {
      Problem(.data, "compare", what, expected: "two sessions cleaned alike", remedy: remedy)
    }
    guard removesGlobalSignal == other.removesGlobalSignal else {
      throw refuse(
        "the global signal is removed in one session only",
        "It changes the sign of couplings: remove it in both or in none")
    }
    guard bandHertz == other.bandHertz else {
      throw refuse("the sessions keep different frequencies", "Use one band")
    }
    var warnings: [String] = []
    if let a = secondsKept, let b = other.secondsKept {
      let ratio = max(a, b) / max(1e-9, min(a, b))
      guard ratio <= 2 else {
        throw refuse(
          "one session keeps \(plainNumber(a / 60, 1)) min, the other \(plainNumber(b / 60, 1)) min",
          "Take the first seconds of both with --seconds")
      }
      if ratio > 1.1 {
        warnings.append(
          "kept minutes differ: \(plainNumber(a / 60, 1)) and \(plainNumber(b / 60, 1))")
      }
    } else {
      warnings.append("the repetition time is unknown, so minutes cannot be compared")
    }
    if abs(censoredFraction - other.censoredFraction) > 0.1 {
      warnings.append(
        "censoring differs: \(plainNumber(100 * censoredFraction, 0)) % and "
          + "\(plainNumber(100 * other.censoredFraction, 0)) % of the frames")
    }
    if interpolatesCensored != other.interpolatesCensored {
      warnings.append("censored frames are interpolated in one session only")
    }
    if confoundNames != other.confoundNames { warnings.append("the confounds differ") }
    return warnings
  }
}

/// The change of one Fisher z between two sessions.
package struct ZChange: Sendable, Equatable {
  package let delta: Double
  /// From the effective numbers of observations: √(1/(N₁ − 3) + 1/(N₂ − 3)).
  package let standardError: Double
  package var ratio: Double { delta / standardError }

  /// NaN where either r or either N is missing or N is 3 or less.
  package init(firstR: Double, firstN: Double, secondR: Double, secondN: Double) {
    delta = fisherZ(secondR) - fisherZ(firstR)
    standardError =
      firstN > 3 && secondN > 3 ? (1 / (firstN - 3) + 1 / (secondN - 3)).squareRoot() : .nan
  }
}

/// The reliable change index of Jacobson and Truax 1991: Δ/(SD·√(1 − r)·√2).
package struct ReliableChange: Sendable, Equatable {
  /// Standard deviation over people, and test–retest reliability.
  package let standardDeviation: Double
  package let reliability: Double

  package init(standardDeviation: Double, reliability: Double) throws(Problem) {
    guard standardDeviation > 0, reliability >= 0, reliability < 1 else {
      throw Problem(
        .usage, "--retest",
        "an SD of \(plainNumber(standardDeviation)) and a reliability of "
          + "\(plainNumber(reliability)) give no error",
        expected: "SD above 0, reliability from 0 to below 1")
    }
    self.standardDeviation = standardDeviation
    self.reliability = reliability
  }

  package var errorOfMeasurement: Double { standardDeviation * (1 - reliability).squareRoot() }
  package var errorOfDifference: Double { errorOfMeasurement * 2.0.squareRoot() }
  /// Beyond ±1.96 is more than retesting alone gives.
  package func index(of delta: Double) -> Double { delta / errorOfDifference }
}

/// The change of a seed map between two sessions.
package struct SessionChange: Sendable {
  package let first: SeedMap
  package let second: SeedMap
  /// Per voxel of the first session's mask; NaN where either session has no data.
  package let deltaZ: [Float]
  package let standardError: [Float]
  /// deltaZ by the larger of its standard error and the retest error, where one is given.
  package let ratio: [Float]
  package let warnings: [String]

  /// - Parameters:
  ///   - secondR, secondN: of the second session on the first one's mask.
  package init(
    first: SeedMap, firstN: [Float], second: SeedMap, secondR: [Float], secondN: [Float],
    retest: ReliableChange?, warnings: [String]
  ) {
    self.first = first
    self.second = second
    self.warnings = warnings
    let changes = first.r.indices.map { v in
      ZChange(
        firstR: Double(first.r[v]), firstN: Double(firstN[v]), secondR: Double(secondR[v]),
        secondN: Double(secondN[v]))
    }
    deltaZ = changes.map { Float($0.delta) }
    standardError = changes.map { Float(max($0.standardError, retest?.errorOfDifference ?? 0)) }
    ratio = zip(deltaZ, standardError).map { $0 / $1 }
  }
}

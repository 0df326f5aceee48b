package import Basics
import Glibc
import Imaging

/// How time is averaged.
package enum TimeAverage: Sendable, Equatable {
  /// Every second counts the same: the camera's, or a run's, ten to fifteen minutes.
  case window
  /// Weights exp(−t/τ) from the injection on, τ in minutes: what a tracer takes up.
  case uptake(tauMinutes: Double)

  /// 1/(k2 + k3) of 99mTc-HMPAO, 1/(0.69 + 0.80) per minute (Lassen, Andersen, Friberg 1988).
  package static let usualTauMinutes = 0.67

  package var name: String { self == .window ? "window" : "uptake" }
}

/// The stretch of a run that a SPECT acquisition averages over, and how much each frame counts.
package struct TimeWindow: Sendable, Equatable {
  package let frames: Range<Int>
  /// Length in seconds; nil without a repetition time.
  package let seconds: Double?
  /// From the beginning of the run in seconds, at a frame; 0 without a repetition time.
  package let startSeconds: Double
  package let average: TimeAverage
  /// What a person should know about it.
  package let note: String
  private let repetitionTime: Double?

  /// The longest that is taken when nobody says otherwise: 15 minutes.
  package static let defaultSeconds = 900.0

  /// - Parameters:
  ///   - requested: seconds; nil takes the run from its start on up to 15 minutes.
  ///   - start: seconds from the beginning of the run; the frame that it lies in is the first.
  /// - Throws: seconds of a run without a repetition time, a window that holds no frame, a start
  ///   outside the run, a τ that is no time.
  package init(
    frameCount: Int, repetitionTimeSeconds: Double?, requestedSeconds requested: Double?,
    startSeconds start: Double = 0, average: TimeAverage = .window
  ) throws(Problem) {
    self.average = average
    repetitionTime = repetitionTimeSeconds
    guard let tr = repetitionTimeSeconds else {
      guard requested == nil, start == 0, average == .window else {
        throw Problem(
          .data, requested != nil ? "--window" : start != 0 ? "--start" : "--average",
          "a window in seconds needs the repetition time, which is unknown",
          remedy: "State the seconds per frame with --tr")
      }
      frames = 0..<frameCount
      seconds = nil
      startSeconds = 0
      note = "whole run, repetition time unknown"
      return
    }
    if case .uptake(let tau) = average, !(tau.isFinite && (0.01...60).contains(tau)) {
      throw Problem(
        .usage, "--tau", "\(plainNumber(tau)) minutes are no uptake", expected: "0.01 to 60")
    }
    let wanted = requested ?? Self.defaultSeconds
    // Clamped before it becomes a whole number: a person may type anything.
    let count = wanted.isFinite ? Int(max(0, min(1e9, (wanted / tr + 1e-6).rounded(.down)))) : 0
    guard count >= 1 else {
      throw Problem(
        .usage, "--window", "\(plainNumber(wanted)) s hold no frame",
        expected: "at least one repetition time (\(plainNumber(tr)) s)")
    }
    let length = Double(frameCount) * tr
    guard start.isFinite, start >= 0, start < length else {
      throw Problem(
        .usage, "--start", "\(plainNumber(start)) s do not lie in the run",
        expected: "0 to below \(plainNumber(length, 1)) s")
    }
    let first = min(frameCount - 1, Int((start / tr + 1e-6).rounded(.down)))
    frames = first..<min(frameCount, first + count)
    startSeconds = Double(first) * tr
    let kept = Double(frames.count) * tr
    seconds = kept
    let from = first > 0 ? " from \(plainNumber(Double(first) * tr, 1)) s on" : ""
    var words: String
    if frames.count < count {
      let what = first > 0 ? "the rest of the run" : "the run"
      words =
        "\(what) is shorter than \(plainNumber(wanted)) s; \(plainNumber(kept, 1)) s averaged\(from)"
    } else if frames.count == frameCount {
      words = "whole run"
    } else {
      words = "\(plainNumber(kept, 1)) s\(from.isEmpty ? " from the start" : from)"
    }
    if case .uptake(let tau) = average {
      words +=
        "; weights exp(-t/\(plainNumber(tau, 3)) min), half of it in the first "
        + "\(plainNumber(60 * tau * log(2), 0)) s"
    }
    note = words
  }

  /// Part of the whole weight that lies between two times in seconds after the window's start.
  ///
  /// Box: their length by the window's. Uptake: ∫exp(−t/τ) over them by that over the window.
  package func share(from: Double, to: Double) -> Double {
    guard let seconds else { return .nan }
    let (a, b) = (max(0, min(seconds, from)), max(0, min(seconds, to)))
    guard b > a else { return 0 }
    switch average {
    case .window: return (b - a) / seconds
    case .uptake(let tau):
      let s = 60 * tau
      return (exp(-a / s) - exp(-b / s)) / (1 - exp(-seconds / s))
    }
  }

  /// Weight of each frame; they add up to 1.
  package var weights: [Double] {
    guard case .uptake = average, let tr = repetitionTime else {
      return [Double](repeating: 1 / Double(max(1, frames.count)), count: frames.count)
    }
    return frames.indices.map { n in
      let at = Double(n - frames.lowerBound) * tr
      return share(from: at, to: at + tr)
    }
  }

  /// What is left of a change that lasts so long, as a part of the change: its dilution.
  ///
  /// - Parameter onset: seconds after the window's start.
  package func dilution(ofSeconds length: Double, onset: Double = 0) -> Double {
    share(from: onset, to: onset + length)
  }

  /// How long an average of equal weights would be that is as noisy as this one, in seconds: (Σw)²/Σw².
  package var effectiveSeconds: Double? {
    repetitionTime.map { tr in tr / weights.reduce(0) { $0 + $1 * $1 } }
  }

  /// "390 s", or "uptake, tau 0.67 min".
  package var words: String {
    if case .uptake(let tau) = average { return "uptake, tau \(plainNumber(tau, 3)) min" }
    return seconds.map { "\(plainNumber($0, 0)) s" } ?? "unknown time"
  }
}

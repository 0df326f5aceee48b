import Basics
import Imaging

/// What is removed from a run before anything is correlated.
package struct Denoising: Sendable, Equatable {
  /// Degree of the drift polynomial.
  package var polort: Int
  /// Kept frequencies in hertz; nil keeps all.
  package var bandHertz: ClosedRange<Double>?
  /// Cut-off of a discrete-cosine high-pass in hertz; nil for none.
  package var highPassHertz: Double?
  /// Whether the mask's mean series is one more column.
  package var removesGlobalSignal: Bool
  /// Confound columns, one number per frame of the whole run.
  package var confounds: [NuisanceColumn]
  /// First frames left out before anything else: the clock starts after them.
  package var droppedFrames: Int
  /// Frames of the whole run that are left out of the fit and of every number.
  package var censoredFrames: [Int]
  /// Whether censored frames are interpolated before a band-pass instead of being left out of one projection.
  package var interpolatesCensored = false
  /// What both ways of censoring leave, where there was a choice between them.
  package var censoringDegrees: CensoringDegrees?
  /// Gaussian smoothing inside the mask after the projection, in millimetres; 0 for none.
  package var smoothingFWHM: Double

  package init(
    polort: Int = 2, bandHertz: ClosedRange<Double>? = 0.01...0.1, highPassHertz: Double? = nil,
    removesGlobalSignal: Bool = false, confounds: [NuisanceColumn] = [], droppedFrames: Int = 0,
    censoredFrames: [Int] = [], smoothingFWHM: Double = 0
  ) {
    self.polort = polort
    self.bandHertz = bandHertz
    self.highPassHertz = highPassHertz
    self.removesGlobalSignal = removesGlobalSignal
    self.confounds = confounds
    self.droppedFrames = droppedFrames
    self.censoredFrames = censoredFrames
    self.smoothingFWHM = smoothingFWHM
  }

  package var modelsMotion: Bool { confounds.contains(where: \.isMotion) }

  /// Whether the mean of the brain is removed, as a column of its own or among the confounds.
  package var touchesGlobalSignal: Bool {
    removesGlobalSignal || confounds.contains { $0.name.hasPrefix("global_signal") }
  }

  /// One line that says what was done, for every map and target.
  package var summary: String {
    var parts = ["polort \(polort)"]
    if let band = bandHertz {
      parts.append("\(plainNumber(band.lowerBound))–\(plainNumber(band.upperBound)) Hz")
    } else {
      parts.append("no band-pass")
    }
    if let highPassHertz {
      parts.append("cosine high-pass \(plainNumber(1 / highPassHertz, 1)) s")
    }
    parts.append(
      confounds.isEmpty
        ? "no confounds" : "\(confounds.count) confound column\(confounds.count == 1 ? "" : "s")")
    parts.append(touchesGlobalSignal ? "global signal removed" : "global signal kept")
    if droppedFrames > 0 { parts.append("first \(droppedFrames) frames dropped") }
    if let censoringText { parts.append(censoringText) }
    parts.append(smoothingFWHM > 0 ? "\(plainNumber(smoothingFWHM)) mm smoothing" : "unsmoothed")
    return parts.joined(separator: ", ")
  }

  /// How many frames are censored and by which way, with about what the other would have left; nil when none is.
  /// What this way leaves is known once it is done and said by what came of it: a count of columns beside it
  /// would be a second number for the same thing.
  package var censoringText: String? {
    guard !censoredFrames.isEmpty else { return nil }
    let count = "\(censoredFrames.count) frames censored"
    guard let both = censoringDegrees else { return count }
    return count
      + (interpolatesCensored
        ? ", interpolated before the filter (in one projection about \(both.joint) degrees of freedom)"
        : ", in one projection (interpolated about \(both.interpolated) degrees of freedom)")
  }

  /// The same without frequencies removed at the upper end: what amplitudes are measured on.
  package var withoutBand: Denoising {
    var out = self
    out.bandHertz = nil
    // Without a band the projection is joint.
    out.interpolatesCensored = false
    out.censoringDegrees = nil
    return out
  }
}

package import Imaging

/// What a SPECT camera would keep of an image: the averaging module, tier 0 in space (a Gaussian
/// point spread) and a box window in time.
package struct Averaging: Sendable, Equatable {
  /// Resolution to be reached, full width at half maximum in millimetres.
  package var targetFWHM: Double
  /// Resolution that the image already has per voxel axis, in millimetres.
  package var nativeFWHM: (Double, Double, Double)
  /// Where the native resolution comes from, for the screen.
  package var nativeOrigin: String

  package init(targetFWHM: Double = 10, nativeFWHM: Double?, grid: Grid) {
    self.targetFWHM = targetFWHM
    if let native = nativeFWHM {
      self.nativeFWHM = (native, native, native)
      nativeOrigin = "given"
    } else {
      // Without a measurement the voxel itself is the least blur that the image can have.
      self.nativeFWHM = grid.spacing
      nativeOrigin = "voxel size, not measured"
    }
  }

  /// FWHM of the kernel that is missing, per axis: √(target² − native²), 0 where the image is
  /// already as coarse (spect.md 2.1, tier 0).
  package var kernelFWHM: (Double, Double, Double) {
    func missing(_ native: Double) -> Double {
      max(0, targetFWHM * targetFWHM - native * native).squareRoot()
    }
    return (missing(nativeFWHM.0), missing(nativeFWHM.1), missing(nativeFWHM.2))
  }

  /// Whether the image is already coarser than the target along some axis.
  package var isCoarserThanTarget: Bool {
    max(nativeFWHM.0, nativeFWHM.1, nativeFWHM.2) > targetFWHM
  }

  /// The image as the camera would keep it: convolved, no data counting as zero, NaN outside the mask.
  package func applied(to values: [Float], in mask: Mask) -> [Float] {
    let blurred = smoothedValues(
      mask.volume(values).values, mask.grid, fwhm: kernelFWHM, noData: .zero)
    return mask.offsets.map { blurred[Int($0)] }
  }

  package static func == (a: Averaging, b: Averaging) -> Bool {
    a.targetFWHM == b.targetFWHM && a.nativeFWHM == b.nativeFWHM
      && a.nativeOrigin == b.nativeOrigin
  }
}

/// The stretch of a run that a SPECT acquisition averages over.
package struct TimeWindow: Sendable, Equatable {
  package var frames: Range<Int>
  /// Nil without a repetition time.
  package var seconds: Double?
  /// What a person should know about it.
  package var note: String

  /// The longest that is taken when nobody says otherwise: 15 minutes.
  package static let defaultSeconds = 900.0

  /// - Parameters:
  ///   - requested: seconds; nil takes the whole run up to 15 minutes.
  /// - Throws: a window in seconds of a run without a repetition time, or one that holds no frame.
  package init(
    frameCount: Int, repetitionTimeSeconds: Double?, requestedSeconds requested: Double?,
    firstFrame: Int = 0
  ) throws(Problem) {
    guard let tr = repetitionTimeSeconds else {
      guard requested == nil else {
        throw Problem(
          .data, "--window", "a window in seconds needs the repetition time, which is unknown",
          remedy: "State the seconds per frame with --tr")
      }
      frames = 0..<frameCount
      seconds = nil
      note = "whole run, repetition time unknown"
      return
    }
    let wanted = requested ?? Self.defaultSeconds
    // Clamped before it becomes a whole number: a person may type anything.
    let count = wanted.isFinite ? Int(max(0, min(1e9, (wanted / tr).rounded(.down)))) : 0
    guard count >= 1 else {
      throw Problem(
        .usage, "--window", "\(plainNumber(wanted)) s hold no frame",
        expected: "at least one repetition time (\(plainNumber(tr)) s)")
    }
    let first = max(0, min(firstFrame, frameCount - 1))
    frames = first..<min(frameCount, first + count)
    let kept = Double(frames.count) * tr
    seconds = kept
    if frames.count < count, requested != nil {
      note = "the run is shorter than \(plainNumber(wanted)) s; \(plainNumber(kept, 1)) s averaged"
    } else if frames.count == frameCount {
      note = "whole run"
    } else {
      note = "\(plainNumber(kept, 1)) s from frame \(first)"
    }
  }
}

/// Mean 0 and standard deviation 1 over the places where both are finite, so that two images in
/// different units can be held beside each other. Not a test.
package func standardisedDifference(_ a: [Float], _ b: [Float]) -> [Float] {
  precondition(a.count == b.count)
  let common = a.indices.filter { a[$0].isFinite && b[$0].isFinite }
  func standardise(_ x: [Float]) -> (mean: Double, sd: Double) {
    let n = Double(max(1, common.count))
    let mean = common.reduce(0.0) { $0 + Double(x[$1]) } / n
    let variance = common.reduce(0.0) { $0 + (Double(x[$1]) - mean) * (Double(x[$1]) - mean) } / n
    return (mean, variance.squareRoot())
  }
  let (p, q) = (standardise(a), standardise(b))
  guard p.sd > 0, q.sd > 0 else { return [Float](repeating: .nan, count: a.count) }
  var out = [Float](repeating: .nan, count: a.count)
  for i in common {
    out[i] = Float((Double(a[i]) - p.mean) / p.sd - (Double(b[i]) - q.mean) / q.sd)
  }
  return out
}

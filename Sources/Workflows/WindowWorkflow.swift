package import Basics
package import Connectivity
import Imaging

/// The random seed of the null band, the same in the command and in the viewer.
package let windowSurrogateSeed: UInt64 = 20_261

/// A window of so many seconds on a run's clock.
package func slidingWindow(
  seconds: Double, stepSeconds: Double?, tapered: Bool, repetitionTimeSeconds tr: Double
) throws(Problem) -> SlidingWindow {
  // Never shorter than what was asked for.
  let frames = (seconds / tr - 1e-6).rounded(.up)
  guard seconds.isFinite, frames >= 5, frames <= 100_000 else {
    throw Problem(
      .usage, "--window",
      "\(plainNumber(seconds)) s are \(plainNumber(frames, 0)) frames of \(plainNumber(tr)) s",
      expected: "at least 5 frames")
  }
  let step = stepSeconds.map { ($0 / tr).rounded() } ?? 1
  guard step >= 1, step <= 100_000 else {
    throw Problem(
      .usage, "--step",
      "\(plainNumber(stepSeconds ?? 0)) s is less than a frame of "
        + "\(plainNumber(tr)) s", expected: "at least one frame")
  }
  return tapered
    ? .tapered(frames: Int(frames), sigma: 3, step: Int(step))
    : .rectangular(frames: Int(frames), step: Int(step))
}

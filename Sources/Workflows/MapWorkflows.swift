package import Connectivity
package import Imaging
package import Perfusion

/// r or Fisher z.
package enum MapStatistic: String, Sendable, CaseIterable {
  case r, z
}

/// The seed map of a run, as a command and as a key ask for it.
package func seedMap(
  of run: Run, seed: Seed, denoising: Denoising, frames: Range<Int>? = nil,
  progress: WorkProgress = .silent
) throws(Problem) -> SeedMap {
  try ReducedSeries(run, denoising, frames: frames, progress: progress).seedMap(seed)
}

/// The averaging module on a run: mean over the window, then the missing blur.
package func simulateSPECT(
  of run: Run, window seconds: Double?, averaging: Averaging, firstFrame: Int = 0,
  progress: WorkProgress = .silent
) throws(Problem) -> SimulatedSPECT {
  let window = try TimeWindow(
    frameCount: run.frameCount, repetitionTimeSeconds: run.repetitionTimeSeconds,
    requestedSeconds: seconds, firstFrame: firstFrame)
  try progress.check()
  let mean = run.mean(of: window.frames)
  try progress.check()
  return SimulatedSPECT(
    volume: run.mask.volume(averaging.applied(to: mean, in: run.mask)), window: window,
    averaging: averaging, proxy: "mean")
}

/// MAP BLURRED: the window's seed map convolved with the kernel, no data counting as zero.
package func blurredSeedMap(_ map: SeedMap, averaging: Averaging) -> Volume {
  map.mask.volume(averaging.applied(to: map.r, in: map.mask))
}

/// Resamples a SPECT (linear) to the displayed grid and scales it to the reference.
///
/// - Parameter reference: a mask on the displayed grid; nil takes the brain mask, named whole brain.
package func measuredSPECT(
  _ image: Volume, on grid: Grid, brain: Mask, reference: (mask: Mask, name: String)?,
  fileName: String
) throws(Problem) -> MeasuredSPECT {
  let onGrid = image.grid.matches(grid) ? image : image.resampled(to: grid, .linear)
  guard onGrid.values.contains(where: \.isFinite) else {
    throw Problem(
      .data, fileName, "it does not overlap the displayed image",
      expected: "a SPECT of the same head in the same space")
  }
  let uptake = try Uptake(
    onGrid, reference: reference?.mask ?? brain, name: reference?.name ?? "whole brain")
  return MeasuredSPECT(uptake: uptake, registration: "as stored: not registered")
}

/// Measured minus simulated, both standardised within the mask where both have data. Not a test.
package func spectDifference(
  _ measured: MeasuredSPECT, _ simulated: SimulatedSPECT, in mask: Mask
) -> Volume {
  let a = mask.offsets.map { measured.volume.values[Int($0)] }
  let b = mask.offsets.map { simulated.volume.values[Int($0)] }
  return mask.volume(standardisedDifference(a, b))
}

package import Connectivity
package import Imaging
package import Targeting

/// Searches targets with the protocol's own denoising.
///
/// - Parameter base: band, polynomial and confounds; the protocol decides on global signal and
///   smoothing.
package func findTargets(
  in run: Run, base: Denoising, settings: TargetProtocol, greyMatter: Volume?, atlas: LabelMap?,
  progress: WorkProgress = .silent
) throws(Problem) -> TargetReport {
  var denoising = base
  denoising.smoothingFWHM = settings.smoothingFWHM
  denoising.removesGlobalSignal = settings.removesGlobalSignal
  let reduced = try ReducedSeries(run, denoising, progress: progress)
  let result = try searchTargets(
    reduced, settings, greyMatter: greyMatter, atlas: atlas, progress: progress)
  var other = denoising
  other.removesGlobalSignal = !settings.removesGlobalSignal
  let plain = try ReducedSeries(run, other, progress: progress)
  let without = try searchTargets(
    plain, settings, greyMatter: greyMatter, atlas: atlas, progress: progress)
  let there = result.candidates.first.flatMap { candidate -> Double? in
    let r = Double(without.map.volume.nearest(candidate.point))
    return r.isFinite ? r : nil
  }
  return TargetReport(
    settings: settings, result: result, withoutGlobalSignalRemoval: without,
    firstCandidateWithout: there, degreesOfFreedom: reduced.degreesOfFreedom,
    secondsKept: reduced.secondsKept, modelsMotion: denoising.modelsMotion, denoising: denoising)
}

import Connectivity
package import Imaging
import Perfusion
package import Targeting

/// Searches targets with the protocol's own denoising.
///
/// - Parameter runs: with band, polynomial, confounds and censoring; the protocol decides on global
///   signal and smoothing.
package func findTargets(
  in runs: [PreparedRun], settings: TargetProtocol, greyMatter: Volume?, atlas: LabelMap?,
  progress: WorkProgress = .silent
) throws(Problem) -> TargetReport {
  func cleaned(removesGlobalSignal: Bool) throws(Problem) -> ReducedSeries {
    var changed = runs
    for n in changed.indices {
      changed[n].denoising.smoothingFWHM = settings.smoothingFWHM
      changed[n].denoising.removesGlobalSignal = removesGlobalSignal
      // Its columns in a table would remove it whatever the protocol says.
      changed[n].denoising.confounds.removeAll { $0.name.hasPrefix("global_signal") }
    }
    return try clean(changed, progress: progress)
  }
  let reduced = try cleaned(removesGlobalSignal: settings.removesGlobalSignal)
  let result = try searchTargets(
    reduced, settings, greyMatter: greyMatter, atlas: atlas, progress: progress)
  let plain = try cleaned(removesGlobalSignal: !settings.removesGlobalSignal)
  let without = try searchTargets(
    plain, settings, greyMatter: greyMatter, atlas: atlas, wantsConfidence: false,
    progress: progress)
  let there = result.candidates.first.flatMap { candidate -> Double? in
    let r = Double(without.map.volume.nearest(candidate.point))
    return r.isFinite ? r : nil
  }
  let effectiveN = try result.map.inference(
    in: reduced, method: .bartlett, progress: progress
  ).effectiveN
  let denoising = reduced.denoising
  var seedSign: Double?
  if case .weighted = settings.seed {
    let sgACC = Seed.sphere(
      centre: Sites.sgACC.point, radius: Sites.sgACC.seedRadius, name: Sites.sgACC.name)
    seedSign = correlation(
      result.map.coordinates, try reduced.coordinates(of: sgACC))
  }
  let camera = Averaging(targetFWHM: 10, nativeFWHM: nil, grid: reduced.mask.grid)
  let blurred = camera.applied(to: result.map.r, in: reduced.mask)
  let seen = result.region.search(result.region.places.map { blurred[$0] }).first
  return TargetReport(
    settings: settings, result: result, withoutGlobalSignalRemoval: without,
    firstCandidateWithout: there,
    weightedSeedR: seedSign, cameraFWHM: camera.targetFWHM, cameraTarget: seen?.centre,
    effectiveN: result.candidates.first.map {
      Double(reduced.mask.volume(effectiveN).nearest($0.point))
    }, degreesOfFreedom: reduced.degreesOfFreedom,
    secondsKept: reduced.secondsKept, modelsMotion: denoising.modelsMotion, denoising: denoising)
}

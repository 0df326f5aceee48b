package import Connectivity
package import Imaging
package import Targeting

/// Target candidates under a protocol, and beside them what they would be without global-signal
/// removal, because the sign of the coupling depends on it.
package struct TargetReport: Sendable {
  package let settings: TargetProtocol
  package let result: TargetSearchResult
  package let withoutGlobalSignalRemoval: TargetSearchResult
  /// r at the first candidate's place in the map without global-signal removal.
  package let firstCandidateWithout: Double?
  package let degreesOfFreedom: Int
  package let secondsKept: Double?
  package let modelsMotion: Bool
  package let denoising: Denoising

  /// What a person must know before using any of it.
  package var warnings: [String] {
    var out: [String] = []
    if !modelsMotion { out.append("MOTION NOT MODELLED") }
    if let reason = result.reason { out.append(reason) }
    if let first = result.candidates.first, let without = firstCandidateWithout,
      (first.r < 0) != (without < 0)
    {
      out.append(
        "the sign flips without global-signal removal (r \(fixed(without, 2, signed: true)))")
    }
    return out
  }
}

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

package import Connectivity
import Imaging

/// Target candidates under a protocol, and beside them what they would be without global-signal
/// removal, because the sign of the coupling depends on it.
package struct TargetReport: Sendable {
  package let settings: TargetProtocol
  package let result: TargetSearchResult
  package let withoutGlobalSignalRemoval: TargetSearchResult
  /// r at the first candidate's place in the map without global-signal removal.
  package let firstCandidateWithout: Double?
  /// Effective number of observations behind the first candidate's r.
  package let effectiveN: Double?
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

  package init(
    settings: TargetProtocol, result: TargetSearchResult,
    withoutGlobalSignalRemoval: TargetSearchResult, firstCandidateWithout: Double?,
    effectiveN: Double?, degreesOfFreedom: Int, secondsKept: Double?, modelsMotion: Bool,
    denoising: Denoising
  ) {
    self.settings = settings
    self.result = result
    self.withoutGlobalSignalRemoval = withoutGlobalSignalRemoval
    self.firstCandidateWithout = firstCandidateWithout
    self.effectiveN = effectiveN
    self.degreesOfFreedom = degreesOfFreedom
    self.secondsKept = secondsKept
    self.modelsMotion = modelsMotion
    self.denoising = denoising
  }
}

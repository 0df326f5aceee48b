import Basics
package import Connectivity
package import Imaging

/// Target candidates under a protocol, and beside them what they would be without global-signal
/// removal, because the sign of the coupling depends on it.
package struct TargetReport: Sendable {
  package let settings: TargetProtocol
  package var result: TargetSearchResult
  /// Whether halves, blocks and bootstraps are still to come.
  package var isPreliminary: Bool
  package let withoutGlobalSignalRemoval: TargetSearchResult
  /// Published places beside the target.
  package let comparators: [Comparator]
  /// r at the first candidate's place in the map without global-signal removal.
  package let firstCandidateWithout: Double?
  /// r of a weighted seed's series with that of sgACC: below 0 its sign may be turned round; nil for other
  /// seeds.
  package let weightedSeedR: Double?
  /// Where the same search would put the first target on the map as a SPECT camera would have kept it,
  /// MAP BLURRED: SIMULATED, never a measurement.
  package let cameraFWHM: Double
  package let cameraTarget: WorldPoint?
  /// Effective number of observations behind the first candidate's r.
  package let effectiveN: Double?
  package let degreesOfFreedom: Int
  package let secondsKept: Double?
  package let modelsMotion: Bool
  package let denoising: Denoising
  /// What else must be said, such as a transform that nobody accepted.
  package var moreWarnings: [String] = []

  /// Largest spacing of the run's voxels: no place is known better than that.
  var voxelMillimetres: Double {
    let s = result.map.mask.grid.spacing
    return max(s.0, s.1, s.2)
  }

  /// The verdict in a sentence.
  package var verdict: String {
    if isPreliminary { return "candidates only: " + (result.reason ?? "") }
    if let rank = result.selected { return "candidate \(rank) passes the region-wide test (*)" }
    return "NO RELIABLE TARGET: \(result.reason ?? "")"
      + (settings.hasGroupSite ? "; the group site is listed too" : "")
  }

  /// The same in one line for small screens.
  package var shortConfidence: String {
    guard let c = result.confidence else { return "" }
    func mm(_ value: Double?) -> String { value.map { fixed($0, 1) } ?? "–" }
    return
      "mm: halves \(mm(c.splitMillimetres)), odd/even \(mm(c.oddEvenMillimetres)), 95 % within "
      + "\(mm(c.radius95Millimetres)); SIMULATED SPECT \(mm(cameraMillimetres)) off"
  }

  /// How far the first candidate can be trusted, in words for screen and text.
  package var confidenceLines: [String] {
    guard let c = result.confidence else { return [] }
    func mm(_ value: Double?) -> String { value.map { "\(fixed($0, 1)) mm" } ?? "no target" }
    var lines = [
      "first against second half \(mm(c.splitMillimetres)), odd against even blocks "
        + "\(mm(c.oddEvenMillimetres))"
        + (c.runMillimetres.map { ", runs \(fixed($0, 1)) mm" } ?? "")
        + "; chance would give \(fixed(c.chanceMillimetres, 1)) mm"
        + (c.reliability.map { ", reliability \(fixed($0, 2))" } ?? "")
    ]
    if c.bootstrapCount > 0 {
      lines.append(
        "95 % of \(c.bootstrapCount) bootstraps within \(mm(c.radius95Millimetres)) (voxels of "
          + "\(plainNumber(voxelMillimetres, 1)) mm)"
          + (c.foundFraction < 1 ? ", \(fixed(100 * (1 - c.foundFraction), 0)) % found none" : ""))
    }
    lines.append(
      cameraMillimetres.map {
        "a \(plainNumber(cameraFWHM, 1)) mm SPECT would have put it \(fixed($0, 1)) mm away (SIMULATED, "
          + "MAP BLURRED)"
      } ?? "a \(plainNumber(cameraFWHM, 1)) mm SPECT would have found none (SIMULATED, MAP BLURRED)"
    )
    lines.append(
      "mean r of the search region \(fixed(result.regionMeanR, 3, signed: true)), without "
        + "global-signal removal \(fixed(withoutGlobalSignalRemoval.regionMeanR, 3, signed: true))")
    return lines
  }

  /// Millimetres between the first target and the one of the blurred map.
  package var cameraMillimetres: Double? {
    guard let cameraTarget, let centre = result.centre else { return nil }
    return cameraTarget.distance(to: centre)
  }

  /// The candidate that lies at a place: what the search says is said of that place alone.
  package func candidate(at point: WorldPoint) -> Candidate? {
    result.candidates.first { $0.point.distance(to: point) < 0.1 }
  }

  /// Coupling with the seed at a place; nil where the map has none.
  package func coupling(at point: WorldPoint) -> Double? {
    let r = Double(result.map.volume.nearest(point))
    return r.isFinite ? r : nil
  }

  /// What a person must know before using any of it.
  package var warnings: [String] { dataWarnings + searchWarnings }

  /// What holds for every place of the map, candidate or not.
  package var dataWarnings: [String] {
    moreWarnings + (modelsMotion ? [] : ["MOTION NOT MODELLED"])
  }

  /// What holds for what the search found.
  private var searchWarnings: [String] {
    var out: [String] = []
    if settings.isMovedByHand {
      out.append(
        "the search region was chosen by hand: its region-wide p knows nothing of other places that were tried"
      )
    }
    if let reason = result.reason { out.append(reason) }
    if let r = weightedSeedR, r <= 0 {
      out.append(
        "the weighted seed goes against sgACC (r \(fixed(r, 2, signed: true))): its sign may be turned "
          + "round, and the target with it")
    }
    let (with, plain) = (result.regionMeanR, withoutGlobalSignalRemoval.regionMeanR)
    if let first = result.candidates.first, let without = firstCandidateWithout,
      (first.r < 0) != (without < 0)
    {
      out.append(
        "the sign flips without global-signal removal (r \(fixed(without, 2, signed: true)))")
    } else if (with < 0) != (plain < 0) {
      out.append(
        "the sign flips without global-signal removal: mean r of the search region "
          + "\(fixed(with, 2, signed: true)) with, \(fixed(plain, 2, signed: true)) without")
    }
    return out
  }

  package init(
    settings: TargetProtocol, result: TargetSearchResult, isPreliminary: Bool,
    withoutGlobalSignalRemoval: TargetSearchResult, comparators: [Comparator],
    firstCandidateWithout: Double?,
    weightedSeedR: Double?, cameraFWHM: Double, cameraTarget: WorldPoint?, effectiveN: Double?,
    degreesOfFreedom: Int,
    secondsKept: Double?, modelsMotion: Bool,
    denoising: Denoising
  ) {
    self.settings = settings
    self.result = result
    self.isPreliminary = isPreliminary
    self.comparators = comparators
    self.withoutGlobalSignalRemoval = withoutGlobalSignalRemoval
    self.firstCandidateWithout = firstCandidateWithout
    self.weightedSeedR = weightedSeedR
    self.cameraFWHM = cameraFWHM
    self.cameraTarget = cameraTarget
    self.effectiveN = effectiveN
    self.degreesOfFreedom = degreesOfFreedom
    self.secondsKept = secondsKept
    self.modelsMotion = modelsMotion
    self.denoising = denoising
  }
}

import Basics
package import Connectivity
package import Imaging

/// Target candidates under a protocol, and beside them what they would be without global-signal
/// removal, because the sign of the coupling depends on it.
package struct TargetReport: Sendable {
  package let settings: TargetProtocol
  package var result: TargetSearchResult
  /// Whether halves, blocks and redrawn maps are still to come.
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
  /// SIMULATED or SYNTHETIC PERSON, where the run was not measured of anybody.
  package var unmeasured: String?

  /// Largest spacing of the run's voxels: no place is known better than that.
  var voxelMillimetres: Double {
    let s = result.map.mask.grid.spacing
    return max(s.0, s.1, s.2)
  }

  /// The verdict in a sentence.
  package var verdict: String {
    if isPreliminary { return "candidates only: " + (result.reason ?? "") }
    if let rank = result.selected {
      return
        "candidate \(rank) passes the region-wide test (*); \(radiusWords), with all else "
        + budget.shortTogether
    }
    return "NO RELIABLE TARGET: \(result.reason ?? "")"
      + (settings.hasGroupSite ? "; the group site is listed too" : "")
  }

  /// The radius around the printed place, which holds only where a target passes.
  package var radius95Millimetres: Double? {
    result.selected == nil ? nil : result.confidence?.radius95Millimetres
  }

  /// What the radius is at least where no target passes.
  package var radiusAtLeastMillimetres: Double? {
    guard result.selected == nil, let c = result.confidence, let radius = c.radius95Millimetres
    else { return nil }
    // Beyond what chance gives the number has no meaning.
    return min(radius, c.chanceMillimetres)
  }

  /// "95 % radius 5.3 mm", or that it is not known.
  package var radiusWords: String {
    if let radius = radius95Millimetres { return "95 % radius \(fixed(radius, 1)) mm" }
    if let least = radiusAtLeastMillimetres {
      return "radius unknown, at least \(fixed(least, 1)) mm"
    }
    guard settings.bootstrapCount > 0 else { return "radius not asked for" }
    guard let c = result.confidence else { return "radius unknown" }
    return
      "radius unknown: \(c.bootstrapCount) redrawn maps, at least \(TargetRadius.fewestMaps) are needed"
  }

  /// What a candidate's r is.
  package var extremeWords: String {
    "chosen from \(result.regionVoxelCount) places: a selected extreme, on average larger than a new scan would give"
  }

  /// By what the candidates are ordered.
  package var orderWords: String { "order: \(settings.orderWords)" }

  /// The same where there is little room.
  package var shortOrderWords: String { "order: \(settings.shortOrderWords)" }

  /// What the region-wide p compares with.
  package var nullWords: String {
    let null = result.null
    return
      "compared with \(null.extremes.count) maps of \(null.controlCount) other seeds of this brain"
  }

  /// All errors between the printed place and the tissue that a coil reaches.
  package var budget: TargetBudget {
    TargetBudget(
      radius: radius95Millimetres, atLeast: radiusAtLeastMillimetres,
      minutes: secondsKept.map { $0 / 60 })
  }

  /// Whether an earlier cleaning removed the global signal: what would be without that, nothing can tell.
  package var globalSignalIsGone: Bool { CleanedBefore.globalSignalIsGone(by: moreWarnings) }

  /// The choice about the global signal that the search did not make.
  package var otherChoiceWords: String {
    if globalSignalIsGone { return "with its global signal removed before, but not again" }
    return (settings.removesGlobalSignal ? "without" : "with") + " global-signal removal"
  }

  /// Whether the first target is still there when the run is cleaned in another way.
  package var checks: [TargetCheck] {
    guard !isPreliminary, let first = result.candidates.first else { return [] }
    guard !globalSignalIsGone else { return result.breathing.map { [$0] } ?? [] }
    let other = TargetCheck(
      name: otherChoiceWords,
      target: (first.point, first.r), other: withoutGlobalSignalRemoval.candidates.first?.point,
      rAtTarget: firstCandidateWithout)
    return [other] + (result.breathing.map { [$0] } ?? [])
  }

  /// The same in one line for small screens.
  package var shortConfidence: String {
    guard result.confidence != nil else { return "" }
    return "\(radiusWords), with all else \(budget.shortTogether); \(shortAgreement)"
  }

  /// The part of it that the verdict of a selected target does not say.
  package var shortAgreement: String {
    guard let c = result.confidence else { return "" }
    func mm(_ value: Double?) -> String { value.map { fixed($0, 1) } ?? "–" }
    return
      "halves \(mm(c.splitMillimetres)), SIMULATED SPECT \(mm(cameraMillimetres)) mm off"
  }

  /// How far the first candidate can be trusted, in words for screen and text.
  package var confidenceLines: [String] {
    guard let c = result.confidence else { return [] }
    func mm(_ value: Double?) -> String { value.map { "\(fixed($0, 1)) mm" } ?? "no target" }
    var lines: [String] = []
    if radius95Millimetres == nil, radiusAtLeastMillimetres == nil {
      lines.append(radiusWords)
    } else {
      lines.append(
        radiusWords
          + (result.selected == nil
            ? " (no target passes)" : " around the printed place, if there is a site")
          + ": search, snapping and voxels of \(plainNumber(voxelMillimetres, 1)) mm included")
    }
    lines.append("budget, " + budget.line)
    lines.append(
      "first against second half \(mm(c.splitMillimetres)), odd against even blocks "
        + "\(mm(c.oddEvenMillimetres))"
        + (c.runMillimetres.map { ", runs \(fixed($0, 1)) mm" } ?? "")
        + "; chance would give \(fixed(c.chanceMillimetres, 1)) mm"
        + (c.agreementOfHalves.map { "; agreement of halves, one scan, \(fixed($0, 2))" } ?? ""))
    if !checks.isEmpty {
      lines.append("candidate 1, " + checks.map(\.words).joined(separator: "; "))
    }
    lines.append(settings.minutesText(secondsKept.map { $0 / 60 }))
    lines.append(
      cameraMillimetres.map {
        "a \(plainNumber(cameraFWHM, 1)) mm SPECT would have put it \(fixed($0, 1)) mm away (SIMULATED, "
          + "MAP BLURRED)"
      } ?? "a \(plainNumber(cameraFWHM, 1)) mm SPECT would have found none (SIMULATED, MAP BLURRED)"
    )
    lines.append(
      "mean r of the search region \(fixed(result.regionMeanR, 3, signed: true)), "
        + "\(otherChoiceWords) \(fixed(withoutGlobalSignalRemoval.regionMeanR, 3, signed: true))")
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

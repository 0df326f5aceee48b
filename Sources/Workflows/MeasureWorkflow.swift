package import Basics
package import Connectivity
package import Imaging
package import Study

/// How a map's numbers are scaled.
package enum MapScale: String, Sendable, CaseIterable {
  case raw, mean, z

  package var title: String {
    switch self {
    case .raw: "raw"
    case .mean: "divided by the mean of the brain mask"
    case .z: "z within this person"
    }
  }

  /// - Parameters:
  ///   - values: one per mask voxel.
  ///   - greyMatter: where mean and SD of z are taken; nil takes all of the mask.
  package func applied(to values: [Float], mask: Mask, greyMatter: Volume?) -> [Float] {
    let places = values.indices.filter { place in
      guard values[place].isFinite else { return false }
      guard self == .z, let greyMatter else { return true }
      return greyMatter.values[Int(mask.offsets[place])] >= 0.5
    }
    guard self != .raw, places.count > 1 else { return values }
    let mean = places.reduce(0.0) { $0 + Double(values[$1]) } / Double(places.count)
    if self == .mean { return values.map { Float(Double($0) / mean) } }
    let squares = places.reduce(0.0) { sum, p in
      let d = Double(values[p]) - mean
      return sum + d * d
    }
    let sd = (squares / Double(places.count - 1)).squareRoot()
    return values.map { Float((Double($0) - mean) / sd) }
  }
}

extension ActivityMeasure {
  /// What a map is of, as far as people's maps must be of the same to be compared.
  package func words(
    _ scale: MapScale, bandHertz band: ClosedRange<Double> = 0.01...0.08,
    neighbourhood: Neighbourhood = .corners
  ) -> String {
    let own =
      switch self {
      case .alff, .falff:
        " of \(plainNumber(band.lowerBound, 6))-\(plainNumber(band.upperBound, 6)) Hz"
      case .reho: " of \(neighbourhood.rawValue) voxels"
      case .tsnr: ""
      }
    return "\(rawValue)\(own), \(scale.title)"
  }
}

/// Makes one map, as a command and as a key ask for it.
package func activityMap(
  _ measure: ActivityMeasure, of prepared: PreparedRun,
  bandHertz: ClosedRange<Double> = 0.01...0.08, neighbourhood: Neighbourhood = .corners,
  progress: WorkProgress = .silent
) throws(Problem) -> ActivityMap {
  let (run, denoising) = (prepared.run, prepared.denoising)
  switch measure {
  case .alff, .falff:
    let maps = try run.amplitudes(
      denoising, bandHertz: bandHertz, wantsFraction: measure == .falff, progress: progress)
    return ActivityMap(
      measure: measure, values: measure == .alff ? maps.alff : maps.falff ?? [],
      definition: maps.definition
        + (measure == .falff ? ", divided by the sum over all frequencies" : ""))
  case .reho:
    return ActivityMap(
      measure: measure,
      values: try run.regionalHomogeneity(denoising, neighbourhood, progress: progress),
      definition: neighbourhood.synchronyWords)
  case .tsnr:
    return ActivityMap(
      measure: measure, values: try run.temporalSNR(denoising, progress: progress),
      definition: "mean over standard deviation without drift and confounds")
  }
}

extension Neighbourhood {
  /// How ReHo is defined over it.
  package var synchronyWords: String {
    "Kendall's W of \(rawValue) voxels, average ranks with tie correction"
  }
}

/// Networks of a run: regions, their matrix, activity and synchrony, and what stands out.
///
/// - Parameters:
///   - cleaned: the runs cleaned and joined, where that was done already.
///   - activity: ALFF and ReHo of the first run, where they were made already.
///   - parcels: regions that carry their networks.
package func networkReport(
  of runs: [PreparedRun], cleaned: ReducedSeries? = nil,
  activity: (alff: AmplitudeMaps, reho: [Float])? = nil, parcels: [Parcel], sides: SideRule,
  reference: ReferenceTable?, covariates: [String: Double], progress: WorkProgress = .silent
) throws(Problem) -> NetworkReport {
  // First, because it may be refused and the rest takes long.
  let reduced = if let cleaned { cleaned } else { try clean(runs, progress: progress) }
  let matrix = try reduced.matrix(of: parcels)
  let (first, denoising) = (runs[0].run, runs[0].denoising)
  let (alff, reho) =
    if let activity { activity } else {
      (
        try first.amplitudes(denoising, wantsFraction: false, progress: progress),
        try first.regionalHomogeneity(denoising, progress: progress)
      )
    }
  return try NetworkReport(
    matrix: matrix, alff: alff, reho: reho, mask: runs[0].run.mask, sides: sides,
    reference: reference,
    covariates: covariates)
}

/// The change of a seed map from one session to another.
///
/// - Throws: sessions that were not cleaned alike, whose lengths differ by more than a factor of two,
///   or that share no voxel.
package func sessionChange(
  from first: ReducedSeries, to second: ReducedSeries, seed: Seed, retest: ReliableChange?,
  progress: WorkProgress = .silent
) throws(Problem) -> SessionChange {
  var warnings = try SessionFacts(first).compared(with: SessionFacts(second))
  let a = try first.seedMap(seed)
  let b = try second.seedMap(seed)
  let firstN = try a.inference(in: first, method: .bartlett, progress: progress).effectiveN
  let secondN = try b.inference(in: second, method: .bartlett, progress: progress).effectiveN
  var (secondR, ownN) = (b.r, secondN)
  if !second.mask.grid.matches(first.mask.grid) || second.mask.offsets != first.mask.offsets {
    let same = second.mask.grid.matches(first.mask.grid)
    func onFirst(_ values: [Float]) -> [Float] {
      let volume = second.mask.volume(values)
      let moved = same ? volume : volume.resampled(to: first.mask.grid, .linear)
      return first.mask.offsets.map { moved.values[Int($0)] }
    }
    (secondR, ownN) = (onFirst(b.r), onFirst(secondN))
    if !same {
      warnings.append("the second session lies on another grid and was resampled (linear)")
    }
  }
  guard zip(a.r, secondR).contains(where: { $0.isFinite && $1.isFinite }) else {
    throw Problem(
      .data, "compare", "the two sessions share no voxel with data",
      expected: "two sessions of one person in one space")
  }
  return SessionChange(
    first: a, firstN: firstN, second: b, secondR: secondR, secondN: ownN, retest: retest,
    warnings: warnings + a.warnings.map { "first session: \($0)" }
      + b.warnings.map { "second session: \($0)" })
}

package import Basics
package import Connectivity
package import Imaging
import Perfusion
package import Study
package import Targeting

/// Runs cleaned as target protocols want them, with and without the global signal; made once, searched
/// many times.
package struct TargetSeries: Sendable {
  package let removed: ReducedSeries
  package let kept: ReducedSeries
  package let smoothingFWHM: Double
  private let chance = (removed: ChanceCache(), kept: ChanceCache())

  /// The cleaned series with or without the global signal, and the surrogates that were made for it.
  func side(_ removesGlobalSignal: Bool) -> (reduced: ReducedSeries, chance: ChanceCache) {
    removesGlobalSignal ? (removed, chance.removed) : (kept, chance.kept)
  }

  /// - Parameter runs: with band, polynomial, confounds and censoring; a protocol decides on global signal
  ///   and smoothing.
  /// - Parameter known: the same runs as they were cleaned already, which is taken where it is what is wanted.
  package init(
    _ runs: [PreparedRun], smoothingFWHM: Double, known: ReducedSeries? = nil,
    progress: WorkProgress = .silent
  ) throws(Problem) {
    func cleaned(removesGlobalSignal: Bool) throws(Problem) -> ReducedSeries {
      var changed = runs
      for n in changed.indices {
        changed[n].denoising.smoothingFWHM = smoothingFWHM
        changed[n].denoising.removesGlobalSignal = removesGlobalSignal
        // Its columns in a table would remove it whatever the protocol says.
        changed[n].denoising.confounds.removeAll { $0.name.hasPrefix("global_signal") }
      }
      if let known, changed.count == 1 {
        let wanted = changed[0].denoising
        if wanted == known.denoising { return known }
        var plain = wanted
        plain.smoothingFWHM = 0
        if plain == known.denoising {
          return try known.smoothed(fwhm: wanted.smoothingFWHM, progress: progress)
        }
      }
      return try clean(changed, progress: progress)
    }
    removed = try cleaned(removesGlobalSignal: true)
    kept = try cleaned(removesGlobalSignal: false)
    self.smoothingFWHM = smoothingFWHM
  }
}

/// Where targets are looked for, beside the run.
package struct TargetSurroundings: Sendable {
  package var greyMatter: Volume?
  package var atlas: LabelMap?
  /// Networks for labels and spill-over.
  package var networks: LabelMap?
  /// SIMULATED or SYNTHETIC PERSON, where the run was not measured of anybody.
  package var unmeasured: String?

  package init(greyMatter: Volume? = nil, atlas: LabelMap? = nil, networks: LabelMap? = nil) {
    self.greyMatter = greyMatter
    self.atlas = atlas
    self.networks = networks
  }
}

/// Candidates at once; how far they can be trusted is left to `confirmed`.
package func preliminaryTargets(
  in series: TargetSeries, settings: TargetProtocol, _ around: TargetSurroundings,
  progress: WorkProgress = .silent
) throws(Problem) -> TargetReport {
  let (reduced, chance) = series.side(settings.removesGlobalSignal)
  let (plain, plainChance) = series.side(!settings.removesGlobalSignal)
  let result = try searchTargets(
    reduced, settings, greyMatter: around.greyMatter, atlas: around.atlas,
    networks: around.networks, chance: chance, progress: progress)
  let without = try searchTargets(
    plain, settings, greyMatter: around.greyMatter, atlas: around.atlas, chance: plainChance,
    progress: progress)
  func value(_ map: [Float], _ p: WorldPoint) -> Double? {
    guard let v = reduced.mask.grid.nearestVoxel(p), reduced.mask.contains(v) else { return nil }
    let r = Double(map[Int(reduced.mask.places[reduced.mask.grid.offset(v)])])
    return r.isFinite ? r : nil
  }
  let first = result.candidates.first?.point
  var seedSign: Double?
  if case .weighted = settings.seed {
    let sgACC = Seed.sphere(
      centre: Sites.sgACC.point, radius: Sites.sgACC.seedRadius, name: Sites.sgACC.name)
    seedSign = correlation(result.map.coordinates, try reduced.coordinates(of: sgACC))
  }
  let camera = Averaging(targetFWHM: 10, nativeFWHM: nil, grid: reduced.mask.grid)
  let blurred = camera.applied(to: result.map.r, in: reduced.mask)
  let seen = result.region.search(result.region.places.map { blurred[$0] }).first
  var report = TargetReport(
    settings: settings, result: result, isPreliminary: true, withoutGlobalSignalRemoval: without,
    comparators: Sites.treatment.map { site in
      Comparator(
        site: site, side: SideRule.mni.side(of: site.point),
        millimetres: first.map { site.point.distance(to: $0) },
        r: value(result.map.r, site.point), rWithout: value(without.map.r, site.point),
        label: around.atlas?.name(at: site.point),
        footprint: around.networks.map { Footprint(at: site.point, in: $0) })
    },
    firstCandidateWithout: first.flatMap { value(without.map.r, $0) },
    weightedSeedR: seedSign, cameraFWHM: camera.targetFWHM, cameraTarget: seen?.centre,
    effectiveN: first.flatMap { point in
      guard let v = reduced.mask.grid.nearestVoxel(point), reduced.mask.contains(v),
        let voxel = reduced.coordinates(
          ofMean: [Int(reduced.mask.places[reduced.mask.grid.offset(v)])])
      else { return nil }
      return reduced.effectiveN(of: result.map.coordinates, with: voxel)
    }, degreesOfFreedom: reduced.degreesOfFreedom, secondsKept: reduced.secondsKept,
    modelsMotion: reduced.denoising.modelsMotion, denoising: reduced.denoising)
  report.unmeasured = around.unmeasured
  return report
}

/// The same candidates with halves, blocks, redrawn maps and the decision.
package func confirmedTargets(
  _ report: TargetReport, in series: TargetSeries, progress: WorkProgress = .silent
) throws(Problem) -> TargetReport {
  var out = report
  out.result = try report.result.confirmed(
    series.side(report.settings.removesGlobalSignal).reduced, report.settings,
    progress: progress)
  out.isPreliminary = false
  return out
}

/// Searches targets with the protocol's own denoising, to the end.
package func findTargets(
  in runs: [PreparedRun], settings: TargetProtocol, _ around: TargetSurroundings,
  progress: WorkProgress = .silent
) throws(Problem) -> TargetReport {
  let series = try TargetSeries(runs, smoothingFWHM: settings.smoothingFWHM, progress: progress)
  return try confirmedTargets(
    try preliminaryTargets(in: series, settings: settings, around, progress: progress), in: series,
    progress: progress)
}

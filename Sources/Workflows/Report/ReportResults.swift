package import Basics
package import Connectivity
package import Imaging
package import Perfusion
import Study
package import Targeting

/// Something that was made, or why it was not.
package enum Made<Value: Sendable>: Sendable {
  case value(Value)
  /// In a whole sentence.
  case refused(String)
  /// It was not asked for, or there is nothing that it could be made of.
  case none

  package var value: Value? {
    if case .value(let value) = self { value } else { nil }
  }

  package var refusal: String? {
    if case .refused(let words) = self { words } else { nil }
  }

  /// Makes it; only cancelling goes on as an error.
  init(_ make: () throws(Problem) -> Value) throws(Problem) {
    do throws(Problem) { self = .value(try make()) } catch {
      if error == .cancelled { throw error }
      self = .refused(error.sentence)
    }
  }
}

/// A map of the run for pictures.
package struct ReportMap: Sendable {
  package var title: String
  package var unit: String
  package var volume: Volume
  /// Whether values on both sides of zero have a meaning.
  package var isSigned: Bool
}

/// What the camera would have kept of the run.
package struct ReportLosses: Sendable {
  package var settings: AveragingSettings
  package var window: TimeWindow
  package var image: SimulatedSPECT
  package var hasTime: Bool
}

/// How a visit differs from the one before it.
package struct ReportChange: Sendable {
  package var first: String
  package var second: String
  package var change: SessionChange
  /// The networks of both, where networks were given.
  package var networks: (first: NetworkSummary, second: NetworkSummary)?
}

/// Everything that a page for the chart tells, computed once.
package struct ReportResults: Sendable {
  package var source: ReportSource
  package var wish: ReportWish
  package var cleaned: Made<ReducedSeries> = .none
  package var map: Made<ReportMap> = .none
  package var networks: Made<NetworkReport> = .none
  package var scans: [Made<PerfusionReport>] = []
  /// Of each scan where one side has less than the other.
  package var asymmetries: [Made<PerfusionReport>] = []
  /// Ictal minus interictal, where the visit has one of each.
  package var siscom: Made<SiscomReport> = .none
  package var losses: Made<ReportLosses> = .none
  package var targets: Made<TargetReport> = .none
  package var change: Made<ReportChange> = .none

  /// Computes what the files allow. The run is cleaned once; what a target search needs beside that is made of
  /// the same run.
  ///
  /// - Throws: only that the person cancelled.
  package init(
    _ source: ReportSource, _ wish: ReportWish, progress: WorkProgress = .silent
  ) throws(Problem) {
    (self.source, self.wish) = (source, wish)
    for (n, scan) in source.scans.enumerated() {
      progress.report("perfusion", 0.1)
      scans.append(
        try Made { () throws(Problem) in
          var request = scan.request
          if source.normalsImages.indices.contains(n) { request.normals = source.normalsImages[n] }
          request.wantsTable = request.space == .native || request.atlas != nil
          if let known = source.known.scans.dropFirst(n).first,
            known.table.isEmpty != request.wantsTable
          {
            return known
          }
          return try quantify(request, progress: progress)
        })
      asymmetries.append(
        try Made { () throws(Problem) in
          try quantify(scan.request.ofAsymmetry(), progress: progress)
        })
    }
    try makeSiscom(progress)
    guard source.run != nil, !source.prepared.isEmpty else { return }
    progress.report("cleaning", 0.2)
    if let known = source.cleaned {
      cleaned = .value(known)
    } else {
      cleaned = try Made { () throws(Problem) in try clean(source.prepared, progress: progress) }
    }
    try progress.check()
    try makeMap(progress)
    try makeNetworks(progress)
    try makeLosses(progress)
    try makeTargets(progress)
    try makeChange(progress)
  }

  private mutating func makeMap(_ progress: WorkProgress) throws(Problem) {
    guard let first = source.prepared.first else { return }
    if let reduced = cleaned.value, let seed = source.seed {
      map = try Made { () throws(Problem) in
        let found = try reduced.seedMap(seed)
        return ReportMap(
          title: "connectivity of \(seed.title)", unit: "r", volume: found.volume, isSigned: true)
      }
      return
    }
    guard cleaned.value != nil, first.run.repetitionTimeSeconds != nil else {
      map = .value(
        ReportMap(title: "mean BOLD", unit: "stored value", volume: first.run.mean, isSigned: false)
      )
      return
    }
    map = try Made { () throws(Problem) in
      let activity = try activityMap(.alff, of: first, progress: progress)
      let values = MapScale.mean.applied(
        to: activity.values, mask: first.run.mask, greyMatter: nil)
      return ReportMap(
        title: "ALFF, divided by the mean of the brain", unit: "× mean",
        volume: first.run.mask.volume(values), isSigned: false)
    }
  }

  private mutating func makeNetworks(_ progress: WorkProgress) throws(Problem) {
    guard !source.parcels.isEmpty, let reduced = cleaned.value else { return }
    if let refusal = source.normsRefusal {
      networks = .refused(refusal)
      return
    }
    if let known = source.known.networks {
      networks = .value(known)
      return
    }
    progress.report("networks", 0.3)
    let source = source
    networks = try Made { () throws(Problem) in
      try networkReport(
        of: source.prepared, cleaned: reduced, parcels: source.parcels, sides: source.sideRule,
        reference: source.norms, covariates: source.covariates, progress: progress)
    }
  }

  private mutating func makeLosses(_ progress: WorkProgress) throws(Problem) {
    guard let first = source.prepared.first else { return }
    progress.report("what a camera keeps", 0.4)
    let (source, wish) = (source, wish)
    losses = try Made { () throws(Problem) in
      var request = AveragingRequest()
      request.targetFWHM = wish.cameraFWHM
      var settings: AveragingSettings
      if let native = source.native {
        settings = AveragingSettings(
          averaging: Averaging(targetFWHM: wish.cameraFWHM, native: native))
      } else {
        settings = try request.settings(of: first.run, progress: progress)
      }
      source.proxy.adjust(&settings.averaging, on: first.run.grid)
      let image = try simulateSPECT(of: first, proxy: source.proxy, settings, progress: progress)
      return ReportLosses(
        settings: settings, window: image.window, image: image, hasTime: source.proxy.hasTime)
    }
  }

  private mutating func makeTargets(_ progress: WorkProgress) throws(Problem) {
    guard wish.wantsTargets else { return }
    if let known = source.known.targets {
      targets = .value(known)
      return
    }
    guard let around = source.surroundings else {
      if let refusal = source.targetsRefusal { targets = .refused(refusal) }
      return
    }
    progress.report("targets", 0.5)
    let (source, wish) = (source, wish)
    targets = try Made { () throws(Problem) in
      let series: TargetSeries
      if let known = source.targetSeries,
        known.smoothingFWHM == wish.settings.smoothingFWHM
      {
        series = known
      } else {
        series = try TargetSeries(
          source.prepared, smoothingFWHM: wish.settings.smoothingFWHM, progress: progress)
      }
      var report = try preliminaryTargets(
        in: series, settings: wish.settings, around, progress: progress)
      report.moreWarnings = source.transformWarnings + personWarnings(source.findings)
      return try confirmedTargets(report, in: series, progress: progress)
    }
  }

  private mutating func makeChange(_ progress: WorkProgress) throws(Problem) {
    guard let other = source.other, let reduced = cleaned.value else { return }
    let source = source
    change = try Made { () throws(Problem) in
      guard let seed = source.seed else {
        throw Problem(
          .usage, "--seed", "a change is that of a seed's coupling", expected: "a seed",
          remedy: "In MNI space PCC is taken")
      }
      let theirs = try other.prepared.cleaned(progress: progress)
      let (a, b) = other.isEarlier ? (theirs, reduced) : (reduced, theirs)
      let names = other.isEarlier ? (other.name, source.title) : (source.title, other.name)
      return ReportChange(
        first: names.0, second: names.1,
        change: try sessionChange(from: a, to: b, seed: seed, retest: nil, progress: progress),
        networks: try Self.summaries(a, b, source.parcels))
    }
  }

  /// Regions are those of the shown run's mask: the other visit must have the same voxels.
  private static func summaries(
    _ a: ReducedSeries, _ b: ReducedSeries, _ parcels: [Parcel]
  ) throws(Problem) -> (first: NetworkSummary, second: NetworkSummary)? {
    guard !parcels.isEmpty, a.mask.grid.matches(b.mask.grid), a.mask.offsets == b.mask.offsets
    else { return nil }
    return (NetworkSummary(try a.matrix(of: parcels)), NetworkSummary(try b.matrix(of: parcels)))
  }
}

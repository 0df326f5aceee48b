import Basics
import Connectivity
import ImageFiles
import Imaging
import Study
import Viewer
import Workflows

/// What looks at the run as a whole.
extension Workshop {
  mutating func carryOutAnalyses(_ job: Job) throws(Problem) -> Outcome {
    switch job.request.effect {
    case .activity(let measure):
      let prepared = try requirePrepared()
      let map = try activityMap(measure, of: prepared, progress: job.progress)
      job.post(.activity(map, prepared.run.mask.volume(map.values)))
    case .motion:
      let prepared = try requirePrepared()
      let quality = RunQuality(
        sources.first?.table, try prepared.run.signalQuality(progress: job.progress))
      job.post(.motion(quality, try prepared.run.carpet(progress: job.progress)))
    case .matrix:
      guard let atlas = scene.atlas else {
        throw Problem(
          .data, scene.title, "there is no atlas here to take regions from",
          expected: "--atlas FILE")
      }
      let reduced = try cleaned(job)
      job.post(.matrix(try reduced.matrix(of: parcels(atlas, reduced.mask))))
    case .networks: try makeNetworks(job)
    case .movie(let seed, let seconds):
      job.post(
        .movie(
          try cleaned(job).windowedMaps(seed, try movieWindow(seconds), progress: job.progress)))
    case .windowBand(let seed, let point, let seconds): try makeBand(seed, point, seconds, job)
    case .change(let seed): try makeChange(seed, job)
    default: break
    }
    return .done
  }

  private func makeNetworks(_ job: Job) throws(Problem) {
    guard let networks else { throw missing("networks", "--networks FILE") }
    let mask = try requirePrepared().run.mask
    let table = try options.norms.table()
    try options.norms.require(
      table, toFit: prepared, ofPersonAt: try requireRun().description.path)
    let regions =
      scene.atlas?.parcels(in: mask, networks: networks) ?? networks.pieces(in: mask)
    job.post(
      .networks(
        try networkReport(
          of: prepared, parcels: regions, sides: scene.sideRule,
          reference: table,
          covariates: try options.norms.own(), progress: job.progress)))
  }

  /// A twentieth of a window from one to the next moves smoothly and keeps the movie small.
  private func movieWindow(_ seconds: Double) throws(Problem) -> SlidingWindow {
    guard let tr = try requireRun().run.repetitionTimeSeconds else {
      throw missing("a repetition time", "--tr")
    }
    return try slidingWindow(
      seconds: seconds, stepSeconds: max(tr, seconds / 20), tapered: true,
      repetitionTimeSeconds: tr)
  }

  /// What an unchanging coupling of the seed with one voxel would give window by window.
  private mutating func makeBand(
    _ seed: Seed, _ point: WorldPoint, _ seconds: Double, _ job: Job
  ) throws(Problem) {
    let reduced = try cleaned(job)
    let grid = reduced.mask.grid
    // Beside the brain there is no coupling, and nothing to say.
    guard let v = grid.nearestVoxel(point), reduced.mask.contains(v) else { return }
    let place = Int(reduced.mask.places[grid.offset(v)])
    guard let voxel = reduced.coordinates(ofMean: [place]) else { return }
    let pair = try reduced.windowed(
      try reduced.coordinates(of: seed), voxel, try movieWindow(seconds), surrogates: 200,
      randomSeed: windowSurrogateSeed,
      progress: WorkProgress(report: { _, _ in }, isCancelled: job.progress.isCancelled))
    job.post(.windowBand(place: place, pair))
  }

  private mutating func makeChange(_ seed: Seed, _ job: Job) throws(Problem) {
    guard let second, let run = second.first?.run, let sources = second.sources.first else {
      throw missing("a second session", "--second")
    }
    let before = try cleaned(job)
    let after: ReducedSeries
    if let secondCleaned {
      after = secondCleaned
    } else {
      after = try PreparedRun(
        run, choice: choice, sources: sources, progress: job.progress
      ).cleaned(progress: job.progress)
      secondCleaned = after
    }
    let change = try sessionChange(
      from: before, to: after, seed: seed, retest: nil, progress: job.progress)
    let own = change.second.volume
    let grid = change.first.mask.grid
    job.post(
      .change(
        change, second: own.grid.matches(grid) ? own : own.resampled(to: grid, .linear),
        ratio: change.first.mask.volume(change.ratio),
        networks: try networkChanges(from: before, to: after)))
  }

  /// How the coupling within each network changed; empty without networks.
  private func networkChanges(
    from before: ReducedSeries, to after: ReducedSeries
  ) throws(Problem) -> [NetworkChange] {
    guard let networks else { return [] }
    func summary(_ series: ReducedSeries) throws(Problem) -> NetworkSummary {
      NetworkSummary(
        try series.matrix(
          of: scene.atlas?.parcels(in: series.mask, networks: networks)
            ?? networks.pieces(in: series.mask)))
    }
    let (one, two) = (try summary(before), try summary(after))
    return one.networks.compactMap { own in
      two.networks.first { $0.name == own.name }.map {
        NetworkChange(name: own.name, before: own.within, after: $0.within)
      }
    }
  }
}

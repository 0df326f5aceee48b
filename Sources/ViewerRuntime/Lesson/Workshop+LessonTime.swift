import Basics
import Connectivity
import Imaging
import Perfusion
import Study
import Targeting
import Viewer
import Workflows

/// What time leaves, and what minutes buy.
extension Workshop {
  /// Of both maps, so that a voxel's noise does not hide them.
  private static let mapFWHM = 6.0
  /// Around the place whose signal is drawn.
  private static let courseRadius = 6.0

  mutating func lessonTime(
    _ known: LessonTruth.Event?, _ job: Job
  ) throws(Problem) -> TimeMaterial {
    let run = try requireRun().run
    guard let tr = run.repetitionTimeSeconds else { throw missing("a repetition time", "--tr") }
    let all = 0..<run.frameCount
    let size = max(1, min(run.frameCount, Int((60 / tr).rounded())))
    let frames: Range<Int>
    if let known {
      let first = min(run.frameCount - 1, Int((known.start / tr).rounded()))
      let count = max(1, Int((known.seconds / tr).rounded()))
      frames = first..<min(run.frameCount, first + count)
    } else {
      frames = try strongestMinute(run, size, job)
    }
    guard frames.count < run.frameCount else {
      throw Problem(
        .data, scene.title, "the run is no longer than one event", expected: "some minutes")
    }
    let (during, whole) = (run.mean(of: frames), run.mean(of: all))
    let (n, m) = (Float(run.frameCount), Float(frames.count))
    let base = whole.indices.map { (n * whole[$0] - m * during[$0]) / (n - m) }
    func change(_ values: [Float]) -> Volume {
      let percent = values.indices.map { place in
        base[place] > 0 ? 100 * (values[place] - base[place]) / base[place] : .nan
      }
      return run.mask.volume(percent).smoothed(fwhm: Self.mapFWHM)
        .restricted(to: run.mask)
    }
    let map = change(during)
    let place = known?.place ?? strongestPlace(map, run)
    let places = run.mask.places(around: place, radius: Self.courseRadius)
    let level = places.map { Double(base[$0]) }.reduce(0, +)
    let sums = all.map { t in
      places.reduce(0.0) { $0 + run.samples.value(at: t * run.voxelCount + $1) }
    }
    return TimeMaterial(
      place: place, repetitionTimeSeconds: tr, percent: sums.map { 100 * ($0 - level) / level },
      event: (Double(frames.lowerBound) * tr, Double(frames.count) * tr), isKnown: known != nil,
      during: map, whole: change(whole), left: Double(frames.count) / Double(run.frameCount))
  }

  /// The minute in which some place of the brain differs most from the rest of the run.
  private func strongestMinute(
    _ run: Run, _ size: Int, _ job: Job
  ) throws(Problem) -> Range<Int> {
    let whole = run.mean(of: 0..<run.frameCount)
    var best = (change: -1.0, start: 0)
    for start in stride(from: 0, through: max(0, run.frameCount - size), by: max(1, size / 3)) {
      try job.progress.check()
      let part = run.mean(of: start..<min(run.frameCount, start + size))
      let percent = part.indices.map {
        whole[$0] > 0 ? 100 * (part[$0] - whole[$0]) / whole[$0] : Float.nan
      }
      let map = run.mask.volume(percent).smoothed(fwhm: Self.mapFWHM).restricted(to: run.mask)
      let change = Double(map.nearest(strongestPlace(map, run)))
      if change > best.change { best = (change, start) }
    }
    return best.start..<min(run.frameCount, best.start + size)
  }

  /// The largest rise away from the brain's edge, where a head that moves changes more than any brain does.
  private func strongestPlace(_ map: Volume, _ run: Run) -> WorldPoint {
    let inner = run.mask.volume([Float](repeating: 1, count: run.mask.count))
      .filled(with: 0).smoothed(fwhm: 12)
    var best = (value: -Float.infinity, offset: Int(run.mask.offsets.first ?? 0))
    // The lowest third moves with every breath, and the top may be the edge of the field.
    let heights = run.mask.bounds.map {
      ($0.low.z + 0.35 * ($0.high.z - $0.low.z))...($0.low.z + 0.8 * ($0.high.z - $0.low.z))
    }
    for offset in run.mask.offsets.map(Int.init)
    where inner.values[offset] > 0.9
      && heights?.contains(run.grid.world(at: offset).z) == true
    {
      let v = map.values[offset]
      if v.isFinite, v > best.value { best = (v, offset) }
    }
    return run.grid.world(run.grid.index(at: best.offset))
  }

  mutating func lessonMinutes(_ asked: Seed?, _ job: Job) throws(Problem) -> MinutesMaterial {
    let prepared = try requirePrepared()
    let run = prepared.run
    guard let tr = run.repetitionTimeSeconds else { throw missing("a repetition time", "--tr") }
    // The same hub whatever step was shown before; where no published place can be had, the seed of the screen.
    let hub = scene.space == .mni152 ? Sites.seed(named: "PCC") : nil
    guard let seed = hub ?? asked else { throw missing("a seed", "--seed") }
    let whole = Double(run.frameCount) * tr / 60
    // The mean of a few voxels says little.
    let regions =
      scene.atlas.map { parcels($0, run.mask).filter { $0.places.count >= Self.leastVoxels } } ?? []
    var made: [(minutes: Double, agreement: Double, regions: Double, first: Volume, last: Volume)] =
      []
    for (n, part) in [0.125, 0.1875, 0.25, 0.375, 0.5].enumerated() {
      job.progress.report("maps of minutes", Double(n) / 5)
      let count = Int(part * Double(run.frameCount))
      // A stretch without degrees of freedom has no map: the next longer one may have.
      guard let first = try? prepared.cleaned(frames: 0..<count, progress: job.progress),
        let last = try? prepared.cleaned(
          frames: run.frameCount - count..<run.frameCount, progress: job.progress),
        let a = smoothedMap(first, seed), let b = smoothedMap(last, seed)
      else {
        try job.progress.check()
        continue
      }
      made.append((part * whole, likeness(a, b, run, seed), likeness(first, last, regions), a, b))
    }
    guard let short = made.first, let long = made.last, made.count > 1 else {
      throw Problem(
        .data, scene.title, "its parts leave too few degrees of freedom to compare them",
        expected: "a run of more minutes")
    }
    return MinutesMaterial(
      seed: seed, minutes: made.map(\.minutes), agreement: made.map(\.agreement),
      regionCount: regions.count, regionAgreement: made.map(\.regions), smoothing: Self.mapFWHM,
      first: (short.first, long.first), last: (short.last, long.last))
  }

  /// Of a region that is taken into the couplings of all with all.
  private static let leastVoxels = 10

  /// Correlation of the couplings of all regions with all from two stretches; NaN without regions.
  private func likeness(
    _ first: ReducedSeries, _ last: ReducedSeries, _ parcels: [Parcel]
  ) -> Double {
    guard parcels.count > 2, let a = try? first.matrix(of: parcels),
      let b = try? last.matrix(of: parcels)
    else { return .nan }
    var (x, y): ([Double], [Double]) = ([], [])
    for row in 0..<a.count {
      for column in 0..<row where a[row, column].isFinite && b[row, column].isFinite {
        x.append(a[row, column])
        y.append(b[row, column])
      }
    }
    return correlation(centred(x), centred(y))
  }

  private func centred(_ v: [Double]) -> [Double] {
    let mean = v.reduce(0, +) / Double(max(1, v.count))
    return v.map { $0 - mean }
  }

  /// Of r, smoothed within the brain; nil where these frames or this place have no map.
  private func smoothedMap(_ series: ReducedSeries, _ seed: Seed) -> Volume? {
    guard let map = try? series.seedMap(seed) else { return nil }
    return series.mask.volume(map.r).smoothed(fwhm: Self.mapFWHM).restricted(to: series.mask)
  }

  /// Correlation of two maps over the brain, but for the seed's own surroundings, which are alike by themselves.
  private func likeness(_ a: Volume, _ b: Volume, _ run: Run, _ seed: Seed) -> Double {
    let near = Set(seed.centre.map { run.mask.places(around: $0, radius: 15) } ?? [])
    var (x, y): ([Double], [Double]) = ([], [])
    for (place, offset) in run.mask.offsets.enumerated() where !near.contains(place) {
      let (p, q) = (a.values[Int(offset)], b.values[Int(offset)])
      guard p.isFinite, q.isFinite else { continue }
      x.append(Double(p))
      y.append(Double(q))
    }
    return correlation(centred(x), centred(y))
  }
}

extension Volume {
  /// The same with no data outside of a mask of its grid.
  func restricted(to mask: Mask) -> Volume {
    mask.volume(mask.offsets.map { values[Int($0)] })
  }

  /// The same with a value where there is no data.
  func filled(with value: Float) -> Volume {
    Volume(grid: grid, values: values.map { $0.isFinite ? $0 : value })
  }
}

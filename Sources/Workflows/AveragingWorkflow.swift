package import Basics
package import Connectivity
package import Imaging
package import Perfusion
package import Study

/// How a person wants the averaging module: tiers 0 and 1.
package struct AveragingSettings: Sendable, Equatable {
  package var averaging: Averaging
  package var average = TimeAverage.window
  /// Nil takes the run from the start on up to 15 minutes.
  package var windowSeconds: Double?
  package var startSeconds = 0.0
  /// The tracer's saturation; nil leaves uptake proportional.
  package var lassen: LassenUptake?
  package var noise: NoiseLevel?
  package var noiseSeed: UInt64 = 1

  package init(averaging: Averaging) { self.averaging = averaging }

  package func window(of run: Run) throws(Problem) -> TimeWindow {
    try TimeWindow(
      frameCount: run.frameCount, repetitionTimeSeconds: run.repetitionTimeSeconds,
      requestedSeconds: windowSeconds, startSeconds: startSeconds, average: average)
  }
}

/// The proxy over the window with the tracer's saturation: what lies before the camera.
package func proxyImage(
  _ proxy: PerfusionProxy, of prepared: PreparedRun, _ settings: AveragingSettings,
  progress: WorkProgress = .silent
) throws(Problem) -> (values: [Float], window: TimeWindow) {
  let window = try settings.window(of: prepared.run)
  try progress.check()
  let flow = try values(
    of: proxy, prepared, window, own: settings.averaging.nativeFWHM, progress)
  guard let lassen = settings.lassen else { return (flow, window) }
  let finite = flow.filter(\.isFinite)
  let mean = finite.reduce(0.0) { $0 + Double($1) } / Double(max(1, finite.count))
  guard mean > 0 else {
    throw Problem(.data, proxy.name, "its mean over the brain is not above zero")
  }
  return (lassen.applied(to: flow, reference: mean), window)
}

extension Averaging {
  /// What a person must hear about what the run did not measure, and about a target that it does not reach.
  package func findings(of before: [Float], in mask: Mask) -> [Finding] {
    var out: [Finding] = []
    if let words = MeasuredPart(of: before, in: mask, fwhm: kernelFWHM).words {
      out.append(Finding("no-data", .warning, words + "."))
    }
    if isCoarserThanTarget {
      out.append(
        Finding(
          "already-coarser", .warning,
          "The run's own resolution (\(nativeOrigin)) is coarser than \(plainNumber(targetFWHM)) mm "
            + "along some axis, which is not blurred."))
    }
    return out
  }
}

/// The averaging module: time, the tracer's saturation, the missing blur, noise.
package func simulateSPECT(
  of prepared: PreparedRun, proxy: PerfusionProxy = .meanBOLD, _ settings: AveragingSettings,
  progress: WorkProgress = .silent
) throws(Problem) -> SimulatedSPECT {
  let mask = prepared.run.mask
  let (before, window) = try proxyImage(proxy, of: prepared, settings, progress: progress)
  try progress.check()
  var after = settings.averaging.applied(to: before, in: mask)
  if let level = settings.noise {
    let fwhm = settings.averaging.targetFWHM
    let percent = try level.percent(of: mask, fwhm: fwhm)
    let finite = after.filter(\.isFinite)
    let mean = finite.reduce(0.0) { $0 + Double($1) } / Double(max(1, finite.count))
    let noise = correlatedNoise(on: mask.grid, fwhm: fwhm, seed: settings.noiseSeed)
    let sd = Float(abs(mean) * percent / 100)
    for n in after.indices { after[n] += sd * noise.values[Int(mask.offsets[n])] }
  }
  return SimulatedSPECT(
    volume: mask.volume(after), window: window, averaging: settings.averaging, proxy: proxy.name,
    source: proxy.source, hasTime: proxy.hasTime, before: before)
}

/// The mean of a run over a window, through a Gaussian camera: tier 0.
package func simulateSPECT(
  of run: Run, window seconds: Double?, averaging: Averaging, progress: WorkProgress = .silent
) throws(Problem) -> SimulatedSPECT {
  var settings = AveragingSettings(averaging: averaging)
  settings.windowSeconds = seconds
  return try simulateSPECT(
    of: PreparedRun(run: run, denoising: Denoising(), quality: RunQuality(nil, nil)), settings,
    progress: progress)
}

/// Connectivity at a camera's resolution, in both senses.
package struct BlurredConnectivity: Sendable {
  /// The window's own map.
  package let real: SeedMap
  /// MAP BLURRED: the map convolved, air counting as zero.
  package let map: [Float]
  /// SERIES BLURRED: every frame convolved, then correlated. NaN nearer to the seed than one FWHM of the
  /// camera.
  package let series: [Float]
  /// How many voxels are greyed.
  package let nearCount: Int
}

/// MAP BLURRED: the window's seed map convolved with the kernel, air counting as zero.
package func blurredSeedMap(_ map: SeedMap, averaging: Averaging) -> Volume {
  map.mask.volume(averaging.applied(to: map.r, in: map.mask))
}

/// SERIES BLURRED of a seed, from series that `ReducedSeries.blurred` made.
///
/// White noise blurred by F has a correlation of 2^(−2d²/F²) at a distance d, ¼ at d = F: what lies nearer
/// to a voxel of the seed than one FWHM of the camera is NaN.
package func blurredSeriesMap(
  _ blurred: ReducedSeries, _ seed: Seed, averaging: Averaging
) throws(Problem) -> (r: [Float], nearCount: Int) {
  var r = try blurred.seedMap(seed).r
  let near = try blurred.places(nearerThan: averaging.targetFWHM, to: seed)
  for place in near { r[place] = .nan }
  return (r, near.count)
}

/// Both senses beside the real map, of a cleaned window.
package func blurredConnectivity(
  of reduced: ReducedSeries, _ seed: Seed, averaging: Averaging, progress: WorkProgress = .silent
) throws(Problem) -> BlurredConnectivity {
  let real = try reduced.seedMap(seed)
  let series = try blurredSeriesMap(
    reduced.blurred(fwhm: averaging.kernelFWHM, progress: progress), seed, averaging: averaging)
  return BlurredConnectivity(
    real: real, map: averaging.applied(to: real.r, in: real.mask), series: series.r,
    nearCount: series.nearCount)
}

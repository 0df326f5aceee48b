import Basics
import Connectivity
import Imaging
package import Perfusion
import Reports
package import Study
import Viewer
import Workflows

/// What stands for perfusion over the camera's window.
package struct BeforeCamera: Sendable {
  package var proxy: PerfusionProxy
  package var window: TimeWindow
  package var values: [Float]
}

/// The averaging camera.
extension Workshop {
  mutating func carryOutAveraging(_ job: Job) throws(Problem) -> Outcome {
    switch job.request.effect {
    case .simulate(let camera, let spect): return try simulate(camera, spect, job)
    case .simulateSlice(let camera, let box):
      let run = try requireRun().run
      let found = try beforeCamera(camera, run, job)
      // The whole picture says that its resolution is being measured; a slice of another would not fit it.
      guard let averaging = averaging(camera, of: found.proxy, run) else { return .done }
      let values = averaging.applied(to: found.values, in: run.mask, seen: box)
      job.post(.simulatedSlice(simulated(found, averaging, values)))
    case .blurSeries(let seed, let camera): try blurSeries(seed, camera, job)
    case .peaks(let seed, let camera): try makePeaks(seed, camera, job)
    default: break
    }
    return .done
  }

  /// The camera on this run; nil until the run's own resolution was measured.
  func averaging(_ camera: Camera, _ run: Run) -> Averaging? {
    if let given = camera.nativeFWHM {
      return Averaging(targetFWHM: camera.fwhm, native: NativeBlur(given: given))
    }
    return native.map { Averaging(targetFWHM: camera.fwhm, native: $0) }
  }

  /// The same where work is long anyway: measured now when that was not done yet.
  mutating func measuredAveraging(
    _ camera: Camera, _ run: Run, _ job: Job
  ) throws(Problem) -> Averaging {
    if let known = averaging(camera, run) { return known }
    job.progress.report("measuring the run's own resolution", 0)
    let measured = try NativeBlur(of: run, progress: job.progress)
    native = measured
    return Averaging(targetFWHM: camera.fwhm, native: measured)
  }

  /// The same for a proxy, which may have no resolution of the run in it.
  func averaging(
    _ camera: Camera, of proxy: PerfusionProxy, _ run: Run
  ) -> Averaging? {
    guard !proxy.usesRunResolution, camera.nativeFWHM == nil else {
      return averaging(camera, run)
    }
    var own = Averaging(targetFWHM: camera.fwhm, native: NativeBlur(voxelsOf: run.grid))
    proxy.adjust(&own, on: run.grid)
    return own
  }

  /// What stands for perfusion over the camera's window, kept while both stay.
  mutating func beforeCamera(
    _ camera: Camera, _ run: Run, _ job: Job
  ) throws(Problem) -> BeforeCamera {
    let prepared = try requirePrepared()
    guard let proxy = proxies[camera.proxy] else {
      throw missing("what stands for perfusion", "--asl, --gm or --white")
    }
    let window = try timeWindow(camera, run)
    // Until the run's own resolution is measured its voxels stand for it.
    let kept =
      averaging(camera, of: proxy, run) ?? Averaging(nativeFWHM: nil, grid: run.grid)
    let own = kept.nativeFWHM
    if let known = windowMean, known.window == window, known.proxy == camera.proxy,
      known.own == own || camera.proxy != .template
    {
      return BeforeCamera(proxy: proxy, window: known.window, values: known.values)
    }
    var settings = AveragingSettings(averaging: kept)
    (settings.average, settings.windowSeconds) = (camera.average, camera.windowSeconds)
    settings.startSeconds = camera.startSeconds
    let found = try proxyImage(proxy, of: prepared, settings, progress: job.progress)
    windowMean = (camera.proxy, own, found.window, found.values)
    return BeforeCamera(proxy: proxy, window: found.window, values: found.values)
  }

  func timeWindow(_ camera: Camera, _ run: Run) throws(Problem) -> TimeWindow {
    try TimeWindow(
      frameCount: run.frameCount, repetitionTimeSeconds: run.repetitionTimeSeconds,
      requestedSeconds: camera.windowSeconds, startSeconds: camera.startSeconds,
      average: camera.average)
  }

  private mutating func simulate(
    _ camera: Camera, _ spect: Int?, _ job: Job
  ) throws(Problem) -> Outcome {
    let run = try requireRun().run
    let found = try beforeCamera(camera, run, job)
    guard let averaging = averaging(camera, of: found.proxy, run) else {
      // Measuring takes a moment: until then a picture that says what it rests on.
      let early = Averaging(
        targetFWHM: camera.fwhm, native: .awaited(voxelsOf: run.grid))
      show(found, early, run, spect, job)
      return .waitsForResolution
    }
    try job.progress.check()
    show(found, averaging, run, spect, job)
    try job.progress.check()
    job.post(
      .contrast(
        ContrastKept(before: found.values, kernel: averaging.kernelFWHM, in: run.mask)))
    return .done
  }

  private func simulated(
    _ found: BeforeCamera, _ averaging: Averaging, _ volume: Volume
  ) -> SimulatedSPECT {
    SimulatedSPECT(
      volume: volume, window: found.window, averaging: averaging, proxy: found.proxy.name,
      source: found.proxy.source, hasTime: found.proxy.hasTime, before: found.values)
  }

  /// Blurs a mean and posts it.
  private func show(
    _ found: BeforeCamera, _ averaging: Averaging, _ run: Run, _ spect: Int?, _ job: Job
  ) {
    let after = averaging.applied(to: found.values, in: run.mask)
    let simulated = simulated(found, averaging, run.mask.volume(after))
    var difference: Volume?
    let spects = job.request.shown.spects
    if let spect, spects.indices.contains(spect) {
      difference = spectDifference(spects[spect].measured, simulated, in: run.mask)
    }
    job.post(.simulated(simulated, difference: difference))
  }

  /// SERIES BLURRED; the blurred series stay for the next seed.
  private mutating func blurSeries(_ seed: Seed, _ camera: Camera, _ job: Job) throws(Problem) {
    let prepared = try requirePrepared()
    let run = prepared.run
    let frames = try timeWindow(camera, run).frames
    let averaging = try measuredAveraging(camera, run, job)
    let series: ReducedSeries
    if let blurred, blurred.frames == frames, blurred.averaging == averaging {
      series = blurred.reduced
    } else {
      let isWhole = frames == 0..<run.frameCount && self.prepared.count == 1
      let reduced = isWhole ? try cleaned(job) : try windowSeries(frames, prepared, job)
      series = try reduced.blurred(fwhm: averaging.kernelFWHM, progress: job.progress)
      blurred = (frames, averaging, series)
    }
    let r = try blurredSeriesMap(series, seed, averaging: averaging).r
    job.post(.blurredSeries(seed, run.mask.volume(r), averaging))
  }

  /// How far the peaks of the window's seed map move when a camera sees it.
  private mutating func makePeaks(_ seed: Seed, _ camera: Camera, _ job: Job) throws(Problem) {
    let prepared = try requirePrepared()
    let run = prepared.run
    let averaging = try measuredAveraging(camera, run, job)
    let map = try windowSeries(timeWindow(camera, run).frames, prepared, job).seedMap(seed)
    let blurred = averaging.applied(to: map.r, in: map.mask)
    let atlas = scene.atlas
    let peaks = peakShifts(of: map.r, seenAs: blurred, in: map.mask) { place, _ in
      atlas?.name(at: place) ?? ""
    }
    job.post(.peaks(seed, camera, peakLines(peaks)))
  }
}

package import Basics
package import Connectivity
import Dispatch
import Glibc
package import ImageFiles
package import Imaging
package import Perfusion
import Records
import Registration
package import Study
import Synchronization
import Targeting
package import Viewer
package import Workflows

/// Carries out what the viewer asks for, on a thread of its own, one thing after the other.
package final class EffectRunner: Sendable {
  /// What the work thread alone touches.
  package final class Workshop {
    package var scene = Scene()
    package var loadedRun: LoadedRun?
    package var study = LoadedStudy()
    package var targetInputs: TargetInputs?
    /// What a person chose to remove, for every run that is prepared from now on.
    package var choice = CleaningChoice()
    package var prepared: [PreparedRun] = []
    package var sources: [ConfoundSources] = []
    package var second: (loaded: LoadedRun, sources: ConfoundSources)?
    package var networks: LabelMap?
    /// Whole runs and a time window, cleaned as `prepared` says.
    package var cleaned: ReducedSeries?
    package var autocorrelations: Autocorrelations?
    package var secondCleaned: ReducedSeries?
    package var windowed: (frames: Range<Int>, reduced: ReducedSeries)?
    /// The run's own resolution once it was measured, the last proxy over a window, and the last series
    /// that went through the camera.
    package var native: NativeBlur?
    package var windowMean: (proxy: ProxyChoice, window: TimeWindow, values: [Float])?
    /// What may stand for perfusion.
    package var proxies: [ProxyChoice: PerfusionProxy] = [.mean: .meanBOLD]
    package var blurred: (frames: Range<Int>, averaging: Averaging, reduced: ReducedSeries)?
    package var targetSeries: TargetSeries?
    package var anatomy: Anatomy?
    package var transformWarnings: [String] = []
    /// The SPECT files as they are stored, what their per cent refer to, and the meter of one of them.
    package var spectFiles: [(volume: Volume, description: ImageDescription)] = []
    package var reference: String?
    package var meter: (spect: Int, meter: LikenessMeter)?
  }

  package let mailbox: Mailbox
  package let options: StudyRequest
  /// Writes what is to be kept, beside all that is computed here.
  package let saver: Saver
  private let queue = DispatchQueue(label: "boldspect.work", qos: .userInitiated)
  nonisolated(unsafe) let workshop = Workshop()
  private let pending = PendingWork()
  /// Work numbered below this was cancelled.
  private let stopBefore = Atomic<Int>(0)
  /// The newest of each kind: older work of that kind is overtaken.
  private let newest = Mutex<[OvertakenWork: Int]>([:])
  private let issued = Atomic<Int>(0)
  private let loadProblem = Mutex<Problem?>(nil)

  /// - Parameter keepsMarks: whether marks outlive the session; a script's picture must not depend on them.
  package init(_ options: StudyRequest, mailbox: Mailbox, keepsMarks: Bool) {
    self.options = options
    self.mailbox = mailbox
    saver = Saver(options, mailbox: mailbox, pending: pending, keepsMarks: keepsMarks)
  }

  package var isBusy: Bool { !pending.isEmpty }

  /// The first file that was refused.
  package var refusal: Problem? { loadProblem.withLock { $0 } }

  /// Stops what runs at its next check.
  package func cancel() {
    stopBefore.store(issued.load(ordering: .relaxed) + 1, ordering: .relaxed)
  }

  package func perform(_ effect: Effect) {
    let number = issued.add(1, ordering: .relaxed).newValue
    let kind = effect.overtakes
    if let kind { newest.withLock { $0[kind] = number } }
    pending.begin()
    queue.async { [self] in
      defer {
        pending.end()
        mailbox.post(.idle(isBusy: isBusy))
      }
      let timeLeft = TimeLeft()
      let progress = WorkProgress(
        report: { [mailbox] text, part in
          mailbox.post(.progress(timeLeft.words(text, part), part))
        },
        isCancelled: { [self] in
          stopBefore.load(ordering: .relaxed) > number
            || kind.map { k in newest.withLock { ($0[k] ?? 0) > number } } ?? false
        })
      do throws(Problem) {
        // Queued work that was cancelled before it began does not begin.
        try progress.check()
        try work(effect, progress)
      } catch {
        if error != .cancelled { mailbox.post(.failed(error)) }
      }
    }
  }

  private func work(_ effect: Effect, _ progress: WorkProgress) throws(Problem) {
    switch effect {
    case .load: load(progress)
    case .seedMap(let generation, let seed, let camera, let wantsBlurred, let wantsInference):
      try progress.check()
      try makeSeedMap(generation, seed, camera, wantsBlurred, wantsInference, progress)
    case .seedText(let generation, let text, let camera, let wantsBlurred):
      guard let loaded = workshop.loadedRun else { return }
      var inputs: [(role: String, sha256: String)] = []
      let seed = try parseSeed(
        text,
        SeedContext(workshop.study, grid: loaded.run.grid, atlas: workshop.scene.atlas),
        inputs: &inputs)
      try makeSeedMap(generation, seed, camera, wantsBlurred, true, progress)
    case .prepare(let choice): try prepare(choice, progress)
    case .activity(let measure):
      guard let prepared = workshop.prepared.first else { return }
      let map = try activityMap(measure, of: prepared, progress: progress)
      mailbox.post(.activity(map, prepared.run.mask.volume(map.values)))
    case .motion:
      guard let prepared = workshop.prepared.first else { return }
      let quality = RunQuality(
        workshop.sources.first?.table, try prepared.run.signalQuality(progress: progress))
      mailbox.post(.motion(quality, try prepared.run.carpet(progress: progress)))
    case .matrix:
      guard let atlas = workshop.scene.atlas else {
        throw Problem(
          .data, workshop.scene.title, "there is no atlas here to take regions from",
          expected: "--atlas FILE")
      }
      let reduced = try cleaned(progress)
      mailbox.post(.matrix(try reduced.matrix(of: parcels(atlas, reduced.mask))))
    case .networks:
      guard let networks = workshop.networks else { return }
      let mask = workshop.prepared[0].run.mask
      let regions =
        workshop.scene.atlas?.parcels(in: mask, networks: networks) ?? networks.pieces(in: mask)
      mailbox.post(
        .networks(
          try networkReport(
            of: workshop.prepared, parcels: regions, reference: try options.norms.table(),
            covariates: try options.norms.own(), progress: progress)))
    case .movie(let seed, let seconds):
      guard let window = try movieWindow(seconds) else { return }
      mailbox.post(
        .movie(try cleaned(progress).windowedMaps(seed, window, progress: progress)))
    case .windowBand(let seed, let point, let seconds): try makeBand(seed, point, seconds, progress)
    case .change(let seed): try makeChange(seed, progress)
    case .simulate(let generation, let camera, let spect):
      try progress.check()
      try simulate(generation, camera, spect, progress)
    case .simulateSlice(let generation, let camera, let box):
      guard let run = workshop.loadedRun?.run, let found = try beforeCamera(camera, run, progress)
      else { return }
      let averaging = try averaging(camera, of: found.proxy, run, progress)
      mailbox.post(
        .simulatedSlice(
          generation: generation,
          SimulatedSPECT(
            volume: averaging.applied(to: found.values, in: run.mask, seen: box),
            window: found.window, averaging: averaging, proxy: found.proxy.name,
            source: found.proxy.source, hasTime: found.proxy.hasTime, before: found.values)))
    case .scan(let camera, let method): try scan(camera, method, progress)
    case .makePicture(let kind): try makePicture(kind, progress)
    case .perfusion(let n, let beyond): try perfusionSheet(n, clustersBeyond: beyond, progress)
    case .peaks(let seed, let camera): try makePeaks(seed, camera, progress)
    case .blurSeries(let seed, let camera): try blurSeries(seed, camera, progress)
    case .findTargets(let settings):
      guard let inputs = workshop.targetInputs else { return }
      try search(settings, inputs, progress)
    case .register(let n):
      guard let file = workshop.spectFiles.indices.contains(n) ? workshop.spectFiles[n] : nil,
        let anatomy = fixedImage()
      else { return }
      let found = try register(
        moving: file.volume, fixed: anatomy.volume, .rigid, progress: progress)
      try align(n, found.fixedFromMoving, by: "elastix", isAccepted: false, progress)
      for warning in found.warnings {
        mailbox.post(.failed(Problem(.data, file.description.name, warning)))
      }
    case .align(let n, let place, let maker, let isAccepted):
      try progress.check()
      try align(n, place, by: maker, isAccepted: isAccepted, progress)
    case .planCoil(let record):
      mailbox.post(.coil(record.point, planCoil(record, progress)))
    case .reference(let text):
      workshop.scene.spects = try references.spects(
        of: workshop.scene, reference: text, progress: progress)
      workshop.reference = text
      mailbox.post(.spects(workshop.scene.spects))
    case .loadTargets(let path):
      let records = try TargetFiles.load(path)
      for record in records where record.space != workshop.scene.space {
        throw Problem(
          .data, fileName(path),
          "target \(record.name) is in \(record.space.rawValue) space, this image in "
            + "\(workshop.scene.space.rawValue)", expected: "one space")
      }
      mailbox.post(.loadedTargets(records))
    case .listFiles(let typed, let endings):
      mailbox.post(.files(prefix: typed, pathsBeginning(with: typed, endings: endings)))
    case .save, .keepBook, .keepBookmarks, .saveSession, .keepTransform:
      // The saver's own.
      break
    case .cancel, .suspend, .redraw, .quit: break
    }
  }

  /// Candidates at once, and how far they can be trusted when that is known.
  private func search(
    _ settings: TargetProtocol, _ inputs: TargetInputs, _ progress: WorkProgress
  ) throws(Problem) {
    if workshop.targetSeries?.smoothingFWHM != settings.smoothingFWHM {
      progress.report("cleaning", 0)
      workshop.targetSeries = try TargetSeries(
        workshop.prepared, smoothingFWHM: settings.smoothingFWHM, progress: progress)
    }
    guard let series = workshop.targetSeries else { return }
    var early = try preliminaryTargets(
      in: series, settings: settings, inputs.surroundings, progress: progress)
    early.moreWarnings = workshop.transformWarnings
    mailbox.post(.targets(early))
    let report = try confirmedTargets(early, in: series, progress: progress)
    mailbox.post(.targets(report))
  }

  package var references: SPECTReferences {
    SPECTReferences(
      files: workshop.spectFiles, study: workshop.study, normals: options.normals)
  }

  /// What a SPECT is laid over: the anatomy, else the run's mean.
  package func fixedImage() -> (volume: Volume, end: Transform.End)? {
    if let anatomy = workshop.anatomy { return (anatomy.volume, anatomy.end) }
    return workshop.loadedRun.map {
      ($0.run.mean, transformEnd($0.description, stated: workshop.scene.space))
    }
  }

  /// Lays a SPECT anew, by its own values and one resampling.
  private func align(
    _ n: Int, _ place: Affine, by maker: String, isAccepted: Bool, _ progress: WorkProgress
  ) throws(Problem) {
    guard workshop.spectFiles.indices.contains(n), let grid = workshop.scene.grid,
      let fixed = fixedImage()
    else { return }
    let file = workshop.spectFiles[n]
    guard let there = file.volume.grid.carried(by: place) else { return }
    let onGrid = Volume(grid: there, values: file.volume.values).resampled(to: grid, .linear)
    var spect = workshop.scene.spects[n]
    let isStored = place == .identity
    let placement =
      isStored
      ? Placement.asStored : .registered(by: maker, isAccepted: isAccepted ? true : nil)
    // The picture follows a key at once, on the scale that it had; its own scale comes after.
    let known = spect.measured.uptake
    spect.measured = try measuredSPECT(
      onGrid, mean: known.referenceMean, name: known.reference, placement: placement,
      fileName: file.description.name)
    spect.stored = onGrid
    // z belongs to where the image lay when it was compared.
    if spect.sceneFromFile != place { spect.z = nil }
    spect.sceneFromFile = place
    workshop.scene.spects[n] = spect
    if workshop.meter?.spect != n {
      workshop.meter = (n, LikenessMeter(fixed: fixed.volume, moving: file.volume, spacing: 5))
    }
    guard let meter = workshop.meter?.meter else { return }
    let (before, now) = (meter.likeness(.identity), meter.likeness(place))
    mailbox.post(.aligned(n, spect, before: before, now: now))
    try progress.check()
    spect.measured = try references.measured(
      n, of: workshop.scene, onGrid, at: place, placement: placement,
      reference: workshop.reference, progress: progress)
    workshop.scene.spects[n] = spect
    mailbox.post(.aligned(n, spect, before: before, now: now))
  }

  private func planCoil(_ record: TargetRecord, _ progress: WorkProgress) -> CoilOutlook {
    guard let anatomy = workshop.anatomy else {
      return .none("no coil is drawn: start with --anat and the T1 of the whole head")
    }
    do throws(Problem) {
      // What lies over each other on the screen is taken as one world.
      let way = try wayToAnatomy(record, anatomy, transform: nil, isSameWorld: true)
      let found = try coilPlan(
        for: record, way: way, anatomy: anatomy, handleDegrees: 45, coilDistance: 4,
        progress: progress)
      return .plan(found.plan, found.warnings)
    } catch {
      return .none("no coil is drawn: \(error.sentence)")
    }
  }

  private func load(_ progress: WorkProgress) {
    var loader = SceneLoader(options)
    saver.readTyped()
    loader.load(progress: progress) { [mailbox, saver] early in
      mailbox.post(.firstLook(early))
      if let hash = early.imageSHA256 { saver.open(imageSHA256: hash) }
    }
    workshop.scene = loader.scene
    workshop.study = loader.study
    workshop.loadedRun = loader.loadedRun
    workshop.targetInputs = loader.targetInputs
    workshop.choice = loader.scene.choice
    workshop.prepared = loader.prepared
    workshop.sources = loader.sources
    workshop.second = loader.second
    workshop.networks = loader.networks
    workshop.targetInputs?.surroundings.networks = loader.networks
    workshop.anatomy = loader.anatomy
    workshop.transformWarnings = loader.transforms.warnings
    workshop.spectFiles = loader.spectFiles
    workshop.proxies = loader.proxies
    workshop.reference = options.reference
    mailbox.post(.loaded(loader.scene))
    var material = SavingMaterial()
    material.space = loader.scene.space
    material.targetInputs = loader.targetInputs?.hashes
    material.spects = loader.spectFiles
    material.fixed = fixedImage()
    saver.take(material)
    if let hash = loader.scene.imageSHA256 { saver.open(imageSHA256: hash) }
    if let first = loader.problems.first {
      loadProblem.withLock { $0 = first }
      mailbox.post(.failed(first))
    }
  }

  /// The camera on this run; the run's own resolution is measured once.
  package func averaging(
    _ camera: Camera, _ run: Run, _ progress: WorkProgress
  ) throws(Problem) -> Averaging {
    if let given = camera.nativeFWHM {
      return Averaging(targetFWHM: camera.fwhm, native: NativeBlur(given: given))
    }
    if workshop.native == nil {
      progress.report("measuring the run's own resolution", 0)
      // Newer wishes need it too: only the person stops it.
      workshop.native = try NativeBlur(of: run)
    }
    return Averaging(
      targetFWHM: camera.fwhm, native: workshop.native ?? NativeBlur(voxelsOf: run.grid))
  }

  /// The same for a proxy, which may have no resolution of the run in it.
  private func averaging(
    _ camera: Camera, of proxy: PerfusionProxy, _ run: Run, _ progress: WorkProgress
  ) throws(Problem) -> Averaging {
    guard !proxy.usesRunResolution, camera.nativeFWHM == nil else {
      return try averaging(camera, run, progress)
    }
    var own = Averaging(targetFWHM: camera.fwhm, native: NativeBlur(voxelsOf: run.grid))
    proxy.adjust(&own, on: run.grid)
    return own
  }

  package typealias BeforeCamera = (proxy: PerfusionProxy, window: TimeWindow, values: [Float])

  /// What stands for perfusion over the camera's window, kept while both stay.
  package func beforeCamera(
    _ camera: Camera, _ run: Run, _ progress: WorkProgress
  ) throws(Problem) -> BeforeCamera? {
    guard let proxy = workshop.proxies[camera.proxy], let prepared = workshop.prepared.first else {
      return nil
    }
    let window = try timeWindow(camera, run)
    if let known = workshop.windowMean, known.window == window, known.proxy == camera.proxy {
      return (proxy, known.window, known.values)
    }
    var settings = AveragingSettings(averaging: Averaging(nativeFWHM: 0, grid: run.grid))
    (settings.average, settings.windowSeconds) = (camera.average, camera.windowSeconds)
    settings.startSeconds = camera.startSeconds
    let found = try proxyImage(proxy, of: prepared, settings, progress: progress)
    workshop.windowMean = (camera.proxy, found.window, found.values)
    return (proxy, found.window, found.values)
  }

  package func timeWindow(_ camera: Camera, _ run: Run) throws(Problem) -> TimeWindow {
    try TimeWindow(
      frameCount: run.frameCount, repetitionTimeSeconds: run.repetitionTimeSeconds,
      requestedSeconds: camera.windowSeconds, startSeconds: camera.startSeconds,
      average: camera.average)
  }

  private func simulate(
    _ generation: Int, _ camera: Camera, _ spect: Int?, _ progress: WorkProgress
  ) throws(Problem) {
    guard let run = workshop.loadedRun?.run, let found = try beforeCamera(camera, run, progress)
    else { return }
    // Measuring takes a moment: until then a picture that says what it rests on.
    if workshop.native == nil, camera.nativeFWHM == nil, found.proxy.usesRunResolution {
      let early = Averaging(
        targetFWHM: camera.fwhm, native: NativeBlur(voxelsOf: run.grid, reason: "being measured"))
      _ = show(found, early, run, generation, spect)
    }
    let averaging = try averaging(camera, of: found.proxy, run, progress)
    try progress.check()
    let after = show(found, averaging, run, generation, spect)
    try progress.check()
    mailbox.post(
      .contrast(
        generation: generation,
        ContrastKept(
          before: found.values, after: after, in: run.mask, neighbourhood: camera.fwhm)))
  }

  /// Blurs a mean and posts it; the blurred values of the mask come back.
  private func show(
    _ found: BeforeCamera, _ averaging: Averaging, _ run: Run, _ generation: Int, _ spect: Int?
  ) -> [Float] {
    let after = averaging.applied(to: found.values, in: run.mask)
    let simulated = SimulatedSPECT(
      volume: run.mask.volume(after), window: found.window, averaging: averaging,
      proxy: found.proxy.name, source: found.proxy.source, hasTime: found.proxy.hasTime,
      before: found.values)
    var difference: Volume?
    if let spect, workshop.scene.spects.indices.contains(spect) {
      difference = spectDifference(workshop.scene.spects[spect].measured, simulated, in: run.mask)
    }
    mailbox.post(.simulated(generation: generation, simulated, difference: difference))
    return after
  }

  /// A window of the first run cleaned, kept while the window stays.
  package func windowSeries(
    _ frames: Range<Int>, _ prepared: PreparedRun, _ progress: WorkProgress
  ) throws(Problem) -> ReducedSeries {
    if let known = workshop.windowed, known.frames == frames { return known.reduced }
    let reduced = try prepared.cleaned(frames: frames, progress: progress)
    workshop.windowed = (frames, reduced)
    return reduced
  }

  /// SERIES BLURRED; the blurred series stay for the next seed.
  private func blurSeries(
    _ seed: Seed, _ camera: Camera, _ progress: WorkProgress
  ) throws(Problem) {
    guard let prepared = workshop.prepared.first else { return }
    let run = prepared.run
    let frames = try timeWindow(camera, run).frames
    let averaging = try averaging(camera, run, progress)
    if workshop.blurred?.frames != frames || workshop.blurred?.averaging != averaging {
      let isWhole = frames == 0..<run.frameCount && workshop.prepared.count == 1
      let reduced =
        isWhole ? try cleaned(progress) : try windowSeries(frames, prepared, progress)
      workshop.blurred = (
        frames, averaging, try reduced.blurred(fwhm: averaging.kernelFWHM, progress: progress)
      )
    }
    guard let blurred = workshop.blurred?.reduced else { return }
    let r = try blurredSeriesMap(blurred, seed, averaging: averaging).r
    mailbox.post(.blurredSeries(seed, run.mask.volume(r), averaging))
  }

  /// The runs cleaned as they are to be, once.
  private func cleaned(_ progress: WorkProgress) throws(Problem) -> ReducedSeries {
    if let known = workshop.cleaned { return known }
    progress.report("cleaning", 0)
    let reduced = try clean(workshop.prepared, progress: progress)
    workshop.cleaned = reduced
    mailbox.post(.cleaned(reduced))
    return reduced
  }

  /// Cleans the runs by another choice from now on; a choice that cannot be changes nothing.
  private func prepare(_ choice: CleaningChoice, _ progress: WorkProgress) throws(Problem) {
    var prepared: [PreparedRun] = []
    for (one, source) in zip(workshop.prepared, workshop.sources) {
      prepared.append(
        try PreparedRun(one.run, choice: choice, sources: source, progress: progress))
    }
    guard let first = prepared.first else { return }
    let reduced = try clean(prepared, progress: progress)
    workshop.choice = choice
    workshop.prepared = prepared
    workshop.cleaned = reduced
    workshop.autocorrelations = nil
    workshop.windowed = nil
    workshop.windowMean = nil
    workshop.blurred = nil
    workshop.secondCleaned = nil
    workshop.targetSeries = nil
    mailbox.post(.cleaned(reduced))
    mailbox.post(
      .prepared(
        choice, first.denoising, first.quality,
        broadband: first.run.repetitionTimeSeconds == nil ? nil : try broadbandProjection(first)))
  }

  private func parcels(_ atlas: LabelMap, _ mask: Mask) -> [Parcel] {
    workshop.networks.map { atlas.parcels(in: mask, networks: $0) } ?? atlas.parcels(in: mask)
  }

  /// A twentieth of a window from one to the next moves smoothly and keeps the movie small.
  private func movieWindow(_ seconds: Double) throws(Problem) -> SlidingWindow? {
    guard let tr = workshop.loadedRun?.run.repetitionTimeSeconds else { return nil }
    return try slidingWindow(
      seconds: seconds, stepSeconds: max(tr, seconds / 20), tapered: true,
      repetitionTimeSeconds: tr)
  }

  /// What an unchanging coupling of the seed with one voxel would give window by window.
  private func makeBand(
    _ seed: Seed, _ point: WorldPoint, _ seconds: Double, _ progress: WorkProgress
  ) throws(Problem) {
    let reduced = try cleaned(progress)
    let grid = reduced.mask.grid
    guard let window = try movieWindow(seconds), let v = grid.nearestVoxel(point),
      reduced.mask.contains(v)
    else { return }
    let place = Int(reduced.mask.places[grid.offset(v)])
    guard let voxel = reduced.coordinates(ofMean: [place]) else { return }
    let pair = try reduced.windowed(
      try reduced.coordinates(of: seed), voxel, window, surrogates: 200,
      randomSeed: windowSurrogateSeed,
      progress: WorkProgress(report: { _, _ in }, isCancelled: progress.isCancelled))
    mailbox.post(.windowBand(place: place, pair))
  }

  private func makeChange(_ seed: Seed, _ progress: WorkProgress) throws(Problem) {
    guard let second = workshop.second else { return }
    let before = try cleaned(progress)
    if workshop.secondCleaned == nil {
      workshop.secondCleaned = try PreparedRun(
        second.loaded.run, choice: workshop.choice, sources: second.sources, progress: progress
      ).cleaned(progress: progress)
    }
    guard let after = workshop.secondCleaned else { return }
    let change = try sessionChange(
      from: before, to: after, seed: seed, retest: nil, progress: progress)
    let own = change.second.volume
    let grid = change.first.mask.grid
    mailbox.post(
      .change(
        change, second: own.grid.matches(grid) ? own : own.resampled(to: grid, .linear),
        ratio: change.first.mask.volume(change.ratio)))
  }

  private func makeSeedMap(
    _ generation: Int, _ seed: Seed, _ camera: Camera, _ wantsBlurred: Bool,
    _ wantsInference: Bool, _ progress: WorkProgress
  ) throws(Problem) {
    guard let prepared = workshop.prepared.first else { return }
    let run = prepared.run
    let reduced = try cleaned(progress)
    let map = try reduced.seedMap(seed)
    var blurred: Volume?
    if wantsBlurred {
      let window = try timeWindow(camera, run)
      let windowMap =
        window.frames == 0..<run.frameCount
        ? map : try windowSeries(window.frames, prepared, progress).seedMap(seed)
      blurred = blurredSeedMap(windowMap, averaging: try averaging(camera, run, progress))
    }
    try progress.check()
    mailbox.post(.seedMap(generation: generation, map, map.volume, blurred: blurred))
    guard wantsInference else { return }
    if workshop.autocorrelations == nil {
      workshop.autocorrelations = try Autocorrelations(reduced, progress: progress)
    }
    mailbox.post(
      .inference(
        generation: generation,
        try map.inference(
          in: reduced, method: .bartlett, autocorrelations: workshop.autocorrelations)))
  }
}

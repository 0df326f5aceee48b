import Connectivity
import Dispatch
import Glibc
import Imaging
import ImagingIO
import Perfusion
import Synchronization
import Targeting
import Viewer
import Workflows

/// Carries out what the viewer asks for, on a thread of its own, one thing after the other.
final class EffectRunner: Sendable {
  /// What the work thread alone touches.
  private final class Workshop {
    var scene = Scene()
    var loadedRun: LoadedRun?
    var targetInputs: TargetInputs?
    var cleaned: (denoising: Denoising, frames: Range<Int>, reduced: ReducedSeries)?
    var windowed: (denoising: Denoising, frames: Range<Int>, reduced: ReducedSeries)?
    var lastReport: TargetReport?
  }

  private let mailbox: Mailbox
  private let options: ViewOptions
  private let queue = DispatchQueue(label: "boldspect.work", qos: .userInitiated)
  nonisolated(unsafe) private let workshop = Workshop()
  private let pending = Atomic<Int>(0)
  /// Work numbered below these was cancelled, or overtaken by newer work of its kind.
  private let stopBefore = Atomic<Int>(0)
  private let stopMapsBefore = Atomic<Int>(0)
  private let stopSimulationsBefore = Atomic<Int>(0)
  private let issued = Atomic<Int>(0)
  private let loadProblem = Mutex<Problem?>(nil)

  init(_ options: ViewOptions, mailbox: Mailbox) {
    self.options = options
    self.mailbox = mailbox
  }

  var isBusy: Bool { pending.load(ordering: .acquiring) > 0 }

  /// The first file that was refused.
  var refusal: Problem? { loadProblem.withLock { $0 } }

  /// Stops what runs at its next check.
  func cancel() { stopBefore.store(issued.load(ordering: .relaxed) + 1, ordering: .relaxed) }

  /// Waits for what cannot be cancelled, a file being saved, before the program ends.
  func waitUntilIdle(seconds: Double) {
    let end = DispatchTime.now() + seconds
    while isBusy, DispatchTime.now() < end { usleep(5000) }
  }

  func perform(_ effect: Effect) {
    let number = issued.add(1, ordering: .relaxed).newValue
    // A newer map makes the older maps worthless, and a newer simulation the older simulations.
    var isMap = false
    var isSimulation = false
    switch effect {
    case .seedMap:
      stopMapsBefore.store(number, ordering: .relaxed)
      isMap = true
    case .simulate:
      stopSimulationsBefore.store(number, ordering: .relaxed)
      isSimulation = true
    default: break
    }
    pending.add(1, ordering: .releasing)
    queue.async { [self, isMap, isSimulation] in
      defer {
        pending.subtract(1, ordering: .releasing)
        mailbox.post(.idle(isBusy: isBusy))
      }
      let progress = WorkProgress(
        report: { [mailbox] text, part in mailbox.post(.progress(text, part)) },
        isCancelled: { [self] in
          stopBefore.load(ordering: .relaxed) > number
            || isMap && stopMapsBefore.load(ordering: .relaxed) > number
            || isSimulation && stopSimulationsBefore.load(ordering: .relaxed) > number
        })
      do throws(Problem) {
        // Queued work that was cancelled before it began does not begin; a save always does.
        if case .save = effect {} else { try progress.check() }
        try work(effect, progress)
      } catch {
        if error != .cancelled { mailbox.post(.failed(error)) }
      }
    }
  }

  private func work(_ effect: Effect, _ progress: WorkProgress) throws(Problem) {
    switch effect {
    case .load: load(progress)
    case .seedMap(let generation, let seed, let denoising, let camera, let wantsBlurred):
      try progress.check()
      try makeSeedMap(generation, seed, denoising, camera, wantsBlurred, progress)
    case .simulate(let generation, let camera, let spect):
      try progress.check()
      guard let run = workshop.loadedRun?.run else { return }
      let simulated = try simulateSPECT(
        of: run, window: camera.windowSeconds, averaging: averaging(camera, run), progress: progress
      )
      var difference: Volume?
      if let spect, workshop.scene.spects.indices.contains(spect) {
        difference = spectDifference(
          workshop.scene.spects[spect].measured, simulated, in: run.mask)
      }
      mailbox.post(.simulated(generation: generation, simulated, difference: difference))
    case .findTargets(let denoising):
      guard let loaded = workshop.loadedRun, let inputs = workshop.targetInputs else { return }
      var base = denoising
      base.confounds = inputs.base.confounds
      let report = try findTargets(
        in: loaded.run, base: base, settings: TargetProtocol(), greyMatter: inputs.greyMatter,
        atlas: inputs.atlas, progress: progress)
      workshop.lastReport = report
      mailbox.post(.targets(report))
    case .save(let records, let name):
      guard let report = workshop.lastReport, let loaded = workshop.loadedRun,
        let inputs = workshop.targetInputs
      else { return }
      let file = name + ".tsv"
      try TargetFiles.write(
        records, document: targetsJSON(report, space: loaded.space, inputs: inputs.hashes),
        to: file, overwrite: false)
      mailbox.post(.saved(file + " and " + TargetFiles.jsonPath(file)))
    case .reference(let text):
      workshop.scene.spects = try spects(of: workshop.scene, reference: text)
      mailbox.post(.spects(workshop.scene.spects))
    case .loadTargets(let path):
      let records = try TargetRecord.load(try readTextFile(path), file: fileName(path))
      for record in records where record.space != workshop.scene.space {
        throw Problem(
          .data, fileName(path),
          "target \(record.name) is in \(record.space.rawValue) space, this image in "
            + "\(workshop.scene.space.rawValue)", expected: "one space")
      }
      mailbox.post(.loadedTargets(records))
    case .cancel, .suspend, .redraw, .quit: break
    }
  }

  private func load(_ progress: WorkProgress) {
    var loader = SceneLoader(options)
    loader.load(progress: progress) { [mailbox] early in mailbox.post(.firstLook(early)) }
    workshop.scene = loader.scene
    workshop.loadedRun = loader.loadedRun
    workshop.targetInputs = loader.targetInputs
    mailbox.post(.loaded(loader.scene))
    if let first = loader.problems.first {
      loadProblem.withLock { $0 = first }
      mailbox.post(.failed(first))
    }
  }

  private func averaging(_ camera: Camera, _ run: Run) -> Averaging {
    Averaging(targetFWHM: camera.fwhm, nativeFWHM: camera.nativeFWHM, grid: run.grid)
  }

  private func makeSeedMap(
    _ generation: Int, _ seed: Seed, _ denoising: Denoising, _ camera: Camera,
    _ wantsBlurred: Bool, _ progress: WorkProgress
  ) throws(Problem) {
    guard let run = workshop.loadedRun?.run else { return }
    let whole = 0..<run.frameCount
    let reduced: ReducedSeries
    if let known = workshop.cleaned, known.denoising == denoising {
      reduced = known.reduced
    } else {
      progress.report("cleaning", 0)
      reduced = try ReducedSeries(run, denoising, progress: progress)
      workshop.cleaned = (denoising, whole, reduced)
      mailbox.post(.cleaned(reduced))
    }
    let map = try reduced.seedMap(seed)
    var blurred: Volume?
    if wantsBlurred {
      let window = try TimeWindow(
        frameCount: run.frameCount, repetitionTimeSeconds: run.repetitionTimeSeconds,
        requestedSeconds: camera.windowSeconds)
      let windowMap: SeedMap
      if window.frames == whole {
        windowMap = map
      } else {
        if workshop.windowed?.denoising != denoising || workshop.windowed?.frames != window.frames {
          workshop.windowed = (
            denoising, window.frames,
            try ReducedSeries(run, denoising, frames: window.frames, progress: progress)
          )
        }
        windowMap = try workshop.windowed?.reduced.seedMap(seed) ?? map
      }
      blurred = blurredSeedMap(windowMap, averaging: averaging(camera, run))
    }
    try progress.check()
    mailbox.post(.seedMap(generation: generation, map, map.volume, blurred: blurred))
  }
}

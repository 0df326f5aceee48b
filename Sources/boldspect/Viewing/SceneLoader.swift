import Connectivity
import Imaging
import ImagingIO
import Perfusion
import Targeting
import Viewer
import Workflows

/// Reads the files of a request into a scene. A file that is refused costs its own picture only: the
/// others are shown, and the refusal is said.
struct SceneLoader {
  let options: ViewOptions
  var scene = Scene()
  var problems: [Problem] = []
  var loadedRun: LoadedRun?
  /// The image that decides on grid, space and sides.
  private var main: ImageDescription?
  var targetInputs: TargetInputs?

  init(_ options: ViewOptions) { self.options = options }

  /// - Parameter show: called with what there is as soon as something can be drawn.
  mutating func load(progress: WorkProgress, show: (Scene) -> Void) {
    var stated: Space?
    attempt { (loader) throws(Problem) in stated = try loader.options.run.statedSpace() }
    loadRun(stated, progress, show)
    loadAnatomy(stated)
    loadSPECT(stated)
    loadOverlays(stated)
    // Slower than the pictures and not needed for them.
    if scene.grid != nil { show(scene) }
    loadAtlas(stated)
    attempt { (loader) throws(Problem) in
      guard let reference = loader.options.reference else { return }
      loader.scene.spects = try spects(of: loader.scene, reference: reference)
    }
    prepareTargets(stated)
    attempt { (loader) throws(Problem) in try loader.placeSeedAndCursor() }
  }

  private mutating func attempt(_ body: (inout SceneLoader) throws(Problem) -> Void) {
    do throws(Problem) { try body(&self) } catch { problems.append(error) }
  }

  private mutating func loadRun(
    _ stated: Space?, _ progress: WorkProgress, _ show: (Scene) -> Void
  ) {
    guard let path = options.bold else { return }
    attempt { (loader) throws(Problem) in
      let options = loader.options
      let loaded = try LoadedRun(
        path, tr: options.run.tr, mask: options.run.mask, space: stated, progress: progress
      ) { look in
        var early = Scene()
        early.title = look.description.name
        early.isSimulated = look.description.isSimulated
        early.space = space(
          ofFileNamed: look.description.name, formCode: look.description.formCode, stated: stated)
        early.laterality = look.description.laterality
        early.grid = look.description.grid
        early.mask = look.mask
        early.sideRule = sideRule(early.space, early.laterality, look.mask)
        early.underlays = [NamedVolume(name: "mean BOLD, first frames", volume: look.mean)]
        early.initialCursor = options.at?.point
        show(early)
      }
      loader.loadedRun = loaded
      loader.main = loaded.description
      loader.scene.title = loaded.description.name
      loader.scene.isSimulated = loaded.description.isSimulated
      loader.scene.space = loaded.space
      loader.scene.laterality = loaded.description.laterality
      loader.scene.sideRule = loaded.sideRule
      loader.scene.grid = loaded.run.grid
      loader.scene.mask = loaded.run.mask
      loader.scene.run = loaded.run
      loader.scene.findings += loaded.findings
      loader.scene.underlays = [NamedVolume(name: "mean BOLD", volume: loaded.run.mean)]
    }
    attempt { (loader) throws(Problem) in
      guard let run = loader.loadedRun?.run else { return }
      loader.scene.denoising.confounds = try loader.options.run.nuisance(frameCount: run.frameCount)
    }
  }

  /// The first image that is no run decides on grid, space and sides when there is no run.
  private mutating func adopt(
    _ d: ImageDescription, _ volume: Volume, _ stated: Space?
  ) throws(Problem) {
    if let main { return try requireSameSides(d, as: main) }
    main = d
    scene.title = d.name
    scene.isSimulated = d.isSimulated
    scene.grid = d.grid
    scene.space = space(ofFileNamed: d.name, formCode: d.formCode, stated: stated)
    scene.laterality = d.laterality
    if let path = options.run.mask {
      let (m, given) = try readSingleVolume(path)
      try requireSameSides(m, as: d)
      let found = try brainMask(given, on: d.grid, fileName: m.name)
      scene.mask = found.mask
      scene.findings += found.findings
    } else {
      scene.mask = Mask.derived(from: volume)
    }
    scene.sideRule = sideRule(scene.space, scene.laterality, scene.mask)
  }

  private mutating func loadAnatomy(_ stated: Space?) {
    guard let path = options.anat else { return }
    attempt { (loader) throws(Problem) in
      let (d, volume) = try readSingleVolume(path)
      try loader.adopt(d, volume, stated)
      loader.scene.findings += d.findings
      loader.scene.isSimulated = loader.scene.isSimulated || d.isSimulated
      loader.scene.underlays.insert(NamedVolume(name: shownName(d), volume: volume), at: 0)
    }
  }

  private mutating func loadSPECT(_ stated: Space?) {
    for path in options.spect {
      attempt { (loader) throws(Problem) in
        let (d, volume) = try readSingleVolume(path)
        try loader.adopt(d, volume, stated)
        loader.scene.findings += d.findings
        guard let grid = loader.scene.grid else { return }
        let brain = loader.scene.mask ?? Mask(grid: grid, origin: "whole image") { _ in true }
        let onGrid = volume.grid.matches(grid) ? volume : volume.resampled(to: grid, .linear)
        let measured = try measuredSPECT(
          onGrid, on: grid, brain: brain, reference: nil, fileName: d.name)
        loader.scene.spects.append(
          NamedSPECT(name: d.name, measured: measured, stored: onGrid, isSimulated: d.isSimulated))
        if loader.scene.underlays.isEmpty {
          loader.scene.underlays = [NamedVolume(name: d.name, volume: volume)]
        }
      }
    }
  }

  private mutating func loadOverlays(_ stated: Space?) {
    for path in options.overlay {
      attempt { (loader) throws(Problem) in
        let (d, volume) = try readSingleVolume(path)
        try loader.adopt(d, volume, stated)
        loader.scene.findings += d.findings
        loader.scene.isSimulated = loader.scene.isSimulated || d.isSimulated
        loader.scene.overlays.append(NamedVolume(name: shownName(d), volume: volume))
      }
    }
  }

  private mutating func loadAtlas(_ stated: Space?) {
    attempt { (loader) throws(Problem) in
      if let path = loader.options.atlas {
        try requireMNI(loader.scene.space, fileName: loader.scene.title, for: "an atlas")
        loader.scene.atlas = try AtlasFiles.load(path, space: stated)
      } else if loader.scene.space == .mni152, loader.scene.laterality == .known {
        loader.scene.atlas = try AtlasFiles.standard()
      }
    }
  }

  private mutating func prepareTargets(_ stated: Space?) {
    guard let loaded = loadedRun else { return }
    do throws(Problem) {
      targetInputs = try TargetInputs(
        loaded, options: options.run, greyMatter: options.gm, statedSpace: stated)
      scene.targetsRefusal = nil
    } catch {
      // Said when targets are asked for, not before.
      scene.targetsRefusal = error.sentence
      if options.gm != nil, error.subject == fileName(options.gm ?? "") { problems.append(error) }
    }
  }

  private mutating func placeSeedAndCursor() throws(Problem) {
    scene.initialCursor = options.at?.point
    if options.at != nil, scene.laterality == .unknown {
      scene.initialCursor = nil
      throw Problem(
        .data, scene.title, "its header does not say which side is left, so --at has no meaning",
        expected: "a valid sform or qform")
    }
    guard let text = options.seed else { return }
    guard let loaded = loadedRun else {
      throw Problem(.usage, "--seed", "there is no run to take a seed from", expected: "--bold")
    }
    try loaded.requireLaterality(for: "a seed in millimetres")
    var inputs: [(role: String, sha256: String)] = []
    scene.initialSeed = try parseSeed(
      text, radius: nil, space: loaded.space, run: loaded.description, inputs: &inputs)
  }
}

/// A file's name, with the word before it when it is no measurement.
private func shownName(_ d: ImageDescription) -> String {
  d.isSimulated ? "SIMULATED " + d.name : d.name
}

/// The scene's SPECT volumes in per cent of another reference: `brain`, a mask file, or an atlas
/// region by the beginning of its name.
func spects(of scene: Scene, reference text: String) throws(Problem) -> [NamedSPECT] {
  guard let grid = scene.grid, let brain = scene.mask, !scene.spects.isEmpty else {
    throw Problem(.usage, "reference", "there is no SPECT to refer to it", expected: "--spect")
  }
  var reference: (mask: Mask, name: String)?
  if text != "brain" {
    if text.contains("/") || text.contains(".nii") {
      let (d, volume) = try readSingleVolume(text)
      reference = (try brainMask(volume, on: grid, fileName: d.name).mask, "mask \(d.name)")
    } else {
      guard let atlas = scene.atlas else {
        throw Problem(
          .data, scene.title, "there is no atlas here to find \(visibleText(text)) in",
          expected: "an image in MNI space")
      }
      reference = (try atlasRegion(named: text, in: atlas, on: grid), text)
    }
  }
  var out: [NamedSPECT] = []
  for spect in scene.spects {
    var changed = spect
    changed.measured = try measuredSPECT(
      spect.stored, on: grid, brain: brain, reference: reference, fileName: spect.name)
    out.append(changed)
  }
  return out
}

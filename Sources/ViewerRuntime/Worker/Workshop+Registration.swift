package import Basics
import ImageFiles
package import Imaging
import Perfusion
import Registration
import Study
import Viewer
import Workflows

/// How a SPECT lies over the anatomy.
extension Workshop {
  mutating func carryOutRegistration(_ job: Job) throws(Problem) -> Outcome {
    switch job.request.effect {
    case .register(let n):
      _ = try requireSPECT(n, job)
      let file = spectFiles[n]
      let fixed = try fixedImage()
      let found = try register(
        moving: RegistrationInput(
          name: file.description.name, volume: file.volume,
          isTemplate: transformEnd(file.description, stated: study.stated).space == .mni152),
        fixed: RegistrationInput(
          name: "what it is laid over", volume: fixed.volume, isTemplate: fixed.end.space == .mni152
        ),
        .rigid, progress: job.progress)
      brains = SPECTBrains(n, moving: found.moving, fixed: found.fixed, file.volume, fixed.volume)
      brains?.spread = found.spread.map { ($0.mean, $0.most, found.fixedFromMoving) }
      brains?.found = (found.warnings, found.fixedFromMoving)
      let laid = try lay(n, found.fixedFromMoving, by: "elastix", isAccepted: false, job)
      try scale(n, laid, job)
      for warning in found.warnings {
        job.post(.failed(Problem(.data, file.description.name, warning)))
      }
    case .align(let n, let place, let maker, let isAccepted):
      try job.progress.check()
      let laid = try lay(n, place, by: maker, isAccepted: isAccepted, job)
      guard job.goesOn else { return .goesOnInBackground }
      try scale(n, laid, job)
    default: break
    }
    return .done
  }

  /// What a SPECT is laid over: the anatomy, else the run's mean.
  package func fixedImage() throws(Problem) -> (volume: Volume, end: Transform.End) {
    if let anatomy { return (anatomy.volume, anatomy.end) }
    guard let loadedRun else { throw missing("an anatomy or a BOLD run", "--anat or --bold") }
    return (loadedRun.run.mean, transformEnd(loadedRun.description, stated: scene.space))
  }

  /// Lays a SPECT anew by one resampling. The picture follows a key at once, on the scale that it had, which
  /// is not said to be its own.
  private mutating func lay(
    _ n: Int, _ place: Affine, by maker: String, isAccepted: Bool, _ job: Job
  ) throws(Problem) -> NamedSPECT {
    var spect = try requireSPECT(n, job)
    let file = spectFiles[n]
    _ = try fixedImage()
    guard let grid = scene.grid, let there = file.volume.grid.carried(by: place) else {
      throw Problem(.data, file.description.name, "it cannot be laid there")
    }
    spect.outlines = brains.flatMap { $0.spect == n ? $0.outlines(at: place) : nil }
    let onGrid = Volume(grid: there, values: file.volume.values).resampled(to: grid, .linear)
    // As it is stored it may be right, too, and a person who looked may say so.
    let placement =
      place == .identity && !isAccepted
      ? (isOfOneTemplate(n) ? Placement.sameTemplate : .asStored)
      : .registered(by: maker, isAccepted: isAccepted ? true : nil)
    let known = spect.measured.uptake
    spect.measured = try measuredSPECT(
      onGrid, mean: known.referenceMean, name: known.reference, placement: placement,
      fileName: file.description.name)
    spect.stored = onGrid
    spect.awaitsReference = true
    // z belongs to where the image lay when it was compared.
    if spect.sceneFromFile != place { spect.z = nil }
    spect.sceneFromFile = place
    if !job.goesOn { job.post(.aligned(n, spect)) }
    return spect
  }

  /// Whether a SPECT as it is stored lies in the template's space that the scene is in.
  private func isOfOneTemplate(_ n: Int) -> Bool {
    scene.space == .mni152
      && transformEnd(spectFiles[n].description, stated: study.stated).space == .mni152
      && study.files.contains {
        $0.role.isOfPerson && $0.sha256 != spectFiles[n].description.sha256
      }
  }

  /// The same on its own scale.
  private mutating func scale(_ n: Int, _ laid: NamedSPECT, _ job: Job) throws(Problem) {
    try job.progress.check()
    var spect = laid
    spect.measured = try references.measured(
      n, of: shownScene(job), spect.stored, at: spect.sceneFromFile,
      placement: spect.measured.placement, reference: reference, progress: job.progress)
    spect.awaitsReference = false
    if brains?.spect != n {
      let fixed = try fixedImage().volume
      let moving = spectFiles[n].volume
      brains = SPECTBrains(
        n, moving: BrainFinder.brain(of: moving), fixed: BrainFinder.brain(of: fixed), moving, fixed
      )
    }
    spect.outlines = brains?.outlines(at: spect.sceneFromFile)
    job.post(.aligned(n, spect))
  }
}

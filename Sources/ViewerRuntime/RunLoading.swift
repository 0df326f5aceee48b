package import Basics
package import Connectivity
import ImageFiles
import Imaging
package import Study
import Viewer
import Workflows

extension SceneLoader {
  /// Reads the runs and what is removed of them; the first is shown as soon as it has frames.
  mutating func loadRun(
    _ stated: Space?, _ progress: WorkProgress, _ show: (Scene) -> Void
  ) {
    guard let path = options.bold.first else { return }
    // The first frames would stand in their own world for a moment, under millimetres of another.
    let isCarried = !transforms.isEmpty
    attempt { (loader) throws(Problem) in
      let options = loader.options
      try loader.runs.read(path, at: 0, options.run, into: &loader.study, progress: progress) {
        look in
        var early = Scene()
        early.title = look.description.name
        early.isSimulated = look.description.isSimulated
        early.isSyntheticPerson = look.description.isSyntheticPerson
        early.space = space(
          ofFileNamed: look.description.name, formCode: look.description.formCode, stated: stated)
        early.laterality = look.description.laterality
        early.grid = look.description.grid
        early.mask = look.mask
        early.sideRule = sideRule(early.space, early.laterality, look.mask)
        early.underlays = [NamedVolume(name: "mean BOLD, first frames", volume: look.mean)]
        early.initialCursor = options.at
        if !isCarried { show(early) }
      }
      guard let loaded = loader.loadedRun else { return }
      loader.main = loaded.description
      loader.scene.title = loaded.description.name
      loader.scene.isSimulated = loaded.description.isSimulated
      loader.scene.isSyntheticPerson = loaded.description.isSyntheticPerson
      loader.scene.template = transformEnd(loaded.description, stated: stated).template
      loader.scene.imageSHA256 = loaded.description.sha256
      loader.scene.imageOrigin = loaded.description.origin
      loader.scene.person =
        personNamed(
          by: loaded.description.path, listed: loader.options.listed)
      loader.scene.laterality = loaded.description.laterality
      loader.adoptRun(loaded)
    }
    loadOtherRuns(progress)
    attempt { (loader) throws(Problem) in try loader.prepareCleaning(progress) }
    tell(runs.findings)
    tell(second?.findings ?? [])
  }

  /// Carries the runs, once their confounds were read in their own world.
  mutating func carryRuns() {
    attempt { (loader) throws(Problem) in
      try loader.runs.carry(by: loader.transforms, in: &loader.study)
      guard let first = loader.loadedRun else { return }
      loader.main = first.description
      loader.adoptRun(first)
    }
    attempt { (loader) throws(Problem) in
      guard var other = loader.second else { return }
      loader.second = nil
      try other.carry(by: loader.transforms, in: &loader.study)
      if let one = other.first { try loader.study.requireOneSpace(one.description) }
      loader.second = other
    }
    if second == nil { scene.secondTitle = nil }
    tell(runs.findings)
    tell(second?.findings ?? [])
  }

  private mutating func adoptRun(_ loaded: LoadedRun) {
    scene.space = loaded.space
    scene.sideRule = loaded.sideRule
    scene.grid = loaded.run.grid
    scene.mask = loaded.run.mask
    scene.run = loaded.run
    let isAccepted = study.files.first { $0.role == .bold }.map {
      if case .transform(_, _, false) = $0.alignment { false } else { true }
    }
    scene.underlays = [
      NamedVolume(
        name: "mean BOLD" + (isAccepted == false ? ", NOT ACCEPTED" : ""), volume: loaded.run.mean)
    ]
    if loaded.space == .mni152 {
      scene.native = transforms.all.first {
        $0.transform.moving.space == .native && $0.transform.fixed.space == .mni152
      }.map { ($0.transform.movingFromFixed, $0.transform.moving.sha256) }
    }
  }

  /// Adds findings that are not told yet.
  private mutating func tell(_ findings: [Finding]) {
    scene.findings += findings.filter { !scene.findings.contains($0) }
  }

  /// Further runs of the person, which are shown by their maps only, and the second session.
  private mutating func loadOtherRuns(_ progress: WorkProgress) {
    guard loadedRun != nil else { return }
    for (n, path) in options.bold.enumerated().dropFirst() {
      attempt { (loader) throws(Problem) in
        try loader.runs.read(
          path, at: n, loader.options.run, into: &loader.study, progress: progress)
      }
    }
    scene.runCount = runs.loaded.count
    guard let path = options.second else { return }
    attempt { (loader) throws(Problem) in
      var options = loader.options.run
      options.confounds = loader.options.secondConfounds.map { [$0] } ?? []
      var session = SessionRuns(as: .second)
      try session.read(path, at: 0, options, into: &loader.study, progress: progress)
      // What is removed is chosen on the screen, for both sessions.
      var choice = CleaningChoice()
      choice.droppedFrames = options.drop
      try session.prepare(choice, options, given: 1, into: &loader.study, progress: progress)
      loader.second = session
      loader.scene.secondTitle = session.first?.description.name
    }
  }

  /// Reads the confounds and decides what is removed.
  private mutating func prepareCleaning(_ progress: WorkProgress) throws(Problem) {
    guard let first = loadedRun else { return }
    var choice = try options.run.choice()
    try options.cleaning.apply(to: &choice)
    var refusal: Problem?
    do throws(Problem) {
      try runs.prepare(
        choice, options.run, given: options.bold.count, into: &study, progress: progress)
    } catch {
      // The run is shown all the same, cleaned without what could not be read.
      refusal = error
      choice.preset = .none
      choice.columns = []
      choice.censoring = Censoring()
      choice.droppedFrames = 0
      try runs.prepareWithoutConfounds(choice)
    }
    scene.choice = choice
    scene.denoising = runs.prepared.first?.denoising ?? Denoising()
    if let refusal { throw refusal }
    scene.quality = runs.prepared.first?.quality
    if first.run.repetitionTimeSeconds != nil {
      scene.broadband = try broadbandProjection(runs.prepared[0])
    }
  }
}

/// What drift and confounds leave when no frequency is removed: for spectra and per cent.
package func broadbandProjection(_ prepared: PreparedRun) throws(Problem) -> Projection {
  try prepared.run.cleaningProjection(prepared.denoising.withoutBand)
}

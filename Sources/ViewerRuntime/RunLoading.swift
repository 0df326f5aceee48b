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
      let loaded = try LoadedRun(
        path, tr: options.run.tr, mask: options.run.mask, into: &loader.study, progress: progress
      ) { look in
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
      loader.loadedRun = loaded
      loader.main = loaded.description
      loader.scene.title = loaded.description.name
      loader.scene.isSimulated = loaded.description.isSimulated
      loader.scene.isSyntheticPerson = loaded.description.isSyntheticPerson
      loader.scene.space = loaded.space
      loader.scene.template = transformEnd(loaded.description, stated: stated).template
      loader.scene.imageSHA256 = loaded.description.sha256
      loader.scene.laterality = loaded.description.laterality
      loader.scene.findings += loaded.findings
      loader.adoptRun(loaded)
    }
    loadOtherRuns(progress)
    attempt { (loader) throws(Problem) in try loader.prepareCleaning(progress) }
  }

  /// Carries the runs, once their confounds were read in their own world.
  mutating func carryRuns() {
    attempt { (loader) throws(Problem) in
      for n in loader.runs.indices {
        let one = loader.runs[n]
        try loader.transforms.requireUnbent(one.description, space: one.space)
        guard let way = loader.transforms.one(for: one.description, space: one.space) else {
          continue
        }
        try loader.runs[n].carry(by: way, in: &loader.study)
        loader.tell(loader.runs[n].findings)
        loader.prepared[n].run = loader.runs[n].run
      }
      guard let first = loader.runs.first else { return }
      if let second = loader.second,
        let way = loader.transforms.one(
          for: second.loaded.description, space: second.loaded.space)
      {
        try loader.second?.loaded.carry(by: way, in: &loader.study)
        loader.tell(loader.second?.loaded.findings ?? [])
      }
      for one in loader.runs.dropFirst() { try one.requireJoinable(with: first) }
      loader.loadedRun = first
      loader.main = first.description
      loader.adoptRun(first)
    }
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

  /// Further runs of the person, which are shown by their maps only.
  private mutating func loadOtherRuns(_ progress: WorkProgress) {
    guard let first = loadedRun else { return }
    runs = [first]
    for path in options.bold.dropFirst() {
      attempt { (loader) throws(Problem) in
        let one = try LoadedRun(
          path, tr: loader.options.run.tr, mask: loader.options.run.mask, into: &loader.study,
          sharedMask: first.run.mask, progress: progress)
        try one.requireJoinable(with: first)
        loader.runs.append(one)
        loader.scene.findings += one.findings
      }
    }
    scene.runCount = runs.count
    guard let path = options.second else { return }
    attempt { (loader) throws(Problem) in
      let one = try LoadedRun(
        path, as: .second, tr: loader.options.run.tr, mask: loader.options.run.mask,
        into: &loader.study, progress: progress)
      var inputs: [Provenance] = []
      var options = loader.options.run
      options.confounds = loader.options.secondConfounds.map { [$0] } ?? []
      let sources = try options.sources(
        of: one.run, number: 0, into: &loader.study, inputs: &inputs)
      loader.second = (one, sources)
      loader.scene.secondTitle = one.description.name
      loader.scene.findings += one.findings
    }
  }

  /// Reads the confounds and decides what is removed.
  private mutating func prepareCleaning(_ progress: WorkProgress) throws(Problem) {
    guard let first = runs.first else { return }
    let given = options.run
    guard given.confounds.isEmpty || given.confounds.count == options.bold.count else {
      throw Problem(
        .usage, "--confounds",
        "there are \(given.confounds.count) files for \(options.bold.count) runs",
        expected: "one for each run")
    }
    var choice = try given.choice()
    try options.cleaning.apply(to: &choice)
    var inputs: [Provenance] = []
    do throws(Problem) {
      for (n, one) in runs.enumerated() {
        sources.append(
          try given.sources(of: one.run, number: n, into: &study, inputs: &inputs))
      }
      for (one, source) in zip(runs, sources) {
        prepared.append(
          try PreparedRun(one.run, choice: choice, sources: source, progress: progress))
      }
    } catch {
      // The run is shown all the same, cleaned without what could not be read.
      choice.preset = .none
      choice.columns = []
      choice.censoring = Censoring()
      choice.droppedFrames = 0
      sources = runs.map { _ in ConfoundSources() }
      prepared = []
      for one in runs {
        prepared.append(try PreparedRun(one.run, choice: choice, sources: ConfoundSources()))
      }
      scene.choice = choice
      scene.denoising = prepared.first?.denoising ?? Denoising()
      throw error
    }
    scene.choice = choice
    scene.denoising = prepared.first?.denoising ?? Denoising()
    scene.quality = prepared.first?.quality
    if first.run.repetitionTimeSeconds != nil {
      scene.broadband = try broadbandProjection(prepared[0])
    }
    confoundInputs = inputs
  }
}

/// What drift and confounds leave when no frequency is removed: for spectra and per cent.
package func broadbandProjection(_ prepared: PreparedRun) throws(Problem) -> Projection {
  try prepared.run.cleaningProjection(prepared.denoising.withoutBand)
}

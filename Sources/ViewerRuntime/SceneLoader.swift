package import Basics
package import Connectivity
package import ImageFiles
package import Imaging
import Perfusion
package import Study
import Targeting
package import Viewer
package import Workflows

/// Reads the files of a request into a scene. A file that is refused costs its own picture only: the
/// others are shown, and the refusal is said.
package struct SceneLoader {
  package let options: StudyRequest
  package var scene = Scene()
  package var problems: [Problem] = []
  package var loadedRun: LoadedRun?
  /// All runs of the person, the shown one first, and the confounds of each.
  package var runs: [LoadedRun] = []
  package var sources: [ConfoundSources] = []
  /// Hashes of the files that confounds were read from.
  private var confoundInputs: [Provenance] = []
  package var prepared: [PreparedRun] = []
  /// The second session.
  package var second: (loaded: LoadedRun, sources: ConfoundSources)?
  package var networks: LabelMap?
  package private(set) var transforms = GivenTransforms()
  /// The one door for every file.
  package private(set) var study = LoadedStudy()
  /// The image that decides on grid, space and sides.
  private var main: ImageDescription?
  package var targetInputs: TargetInputs?
  /// What may stand for perfusion beside the mean.
  package var proxies: [ProxyChoice: PerfusionProxy] = [.mean: .meanBOLD]
  /// The SPECT files as they are stored, in the order of the scene's.
  package var spectFiles: [(volume: Volume, description: ImageDescription)] = []
  /// The first anatomy, for the coil.
  package var anatomy: Anatomy?

  package init(_ options: StudyRequest) { self.options = options }

  /// - Parameter show: called with what there is as soon as something can be drawn.
  package mutating func load(progress: WorkProgress, show: (Scene) -> Void) {
    attempt { (loader) throws(Problem) in loader.study = try loader.options.run.study() }
    attempt { (loader) throws(Problem) in loader.transforms = try loader.options.transforms.read() }
    let stated = study.stated
    loadRun(stated, progress, show)
    carryRuns()
    // Masks and tissue maps of a run were read in its own world.
    study.transforms = transforms
    loadAnatomy()
    loadSPECT()
    loadOverlays()
    // Slower than the pictures and not needed for them.
    if scene.grid != nil { show(scene) }
    loadAtlas()
    attempt { (loader) throws(Problem) in
      guard !loader.scene.spects.isEmpty else { return }
      loader.scene.spects = try loader.references().spects(
        of: loader.scene, reference: loader.options.reference, progress: progress)
    }
    // Where that could not be, what there is stands under its own name.
    for n in scene.spects.indices { scene.spects[n].awaitsReference = false }
    compareWithNormals(progress)
    prepareTargets()
    loadProxies()
    attempt { (loader) throws(Problem) in
      guard loader.options.network.networks != nil else { return }
      loader.networks = try loader.options.network.networkMap(into: &loader.study)
      loader.scene.networks = loader.networks
      loader.scene.hasNetworks = loader.networks != nil && loader.scene.run != nil
    }
    attempt { (loader) throws(Problem) in try loader.placeSeedAndCursor() }
    attempt { (loader) throws(Problem) in try loader.study.requireTransformsUsed() }
    tellStudy()
  }

  /// What was refused and what the rules found stay with the scene.
  private mutating func tellStudy() {
    study.problems = problems.map { StudyProblem($0) }
    scene.problems = study.problems.map {
      SceneProblem(file: visibleText($0.file), severity: $0.severity, sentence: $0.sentence)
    }
    scene.findings += study.findings.filter { !scene.findings.contains($0) }
  }

  private mutating func attempt(_ body: (inout SceneLoader) throws(Problem) -> Void) {
    do throws(Problem) { try body(&self) } catch { problems.append(error) }
  }

  private mutating func loadRun(
    _ stated: Space?, _ progress: WorkProgress, _ show: (Scene) -> Void
  ) {
    guard let path = options.bold.first else { return }
    // The first frames would stand in their own world for a moment, under millimetres of another.
    let isCarried = !transforms.all.isEmpty
    attempt { (loader) throws(Problem) in
      let options = loader.options
      let loaded = try LoadedRun(
        path, tr: options.run.tr, mask: options.run.mask, into: &loader.study, progress: progress
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
        early.initialCursor = options.at
        if !isCarried { show(early) }
      }
      loader.loadedRun = loaded
      loader.main = loaded.description
      loader.scene.title = loaded.description.name
      loader.scene.isSimulated = loaded.description.isSimulated
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
  private mutating func carryRuns() {
    attempt { (loader) throws(Problem) in
      for n in loader.runs.indices {
        let one = loader.runs[n]
        guard let way = loader.transforms.one(for: one.description, space: one.space) else {
          continue
        }
        try loader.runs[n].carry(by: way.transform)
        loader.study.carry(loader.runs[n].description, by: way)
        loader.tell(loader.runs[n].findings)
        loader.prepared[n].run = loader.runs[n].run
      }
      guard let first = loader.runs.first else { return }
      if let second = loader.second,
        let way = loader.transforms.one(
          for: second.loaded.description, space: second.loaded.space)
      {
        try loader.second?.loaded.carry(by: way.transform)
        if let carried = loader.second?.loaded {
          loader.study.carry(carried.description, by: way)
          loader.tell(carried.findings)
        }
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

  /// The first image that is no run decides on grid, space and sides when there is no run.
  private mutating func adopt(
    _ d: ImageDescription, _ volume: Volume
  ) throws(Problem) {
    guard main == nil, let file = study.files.last else { return }
    main = d
    scene.title = d.name
    scene.isSimulated = d.isSimulated
    scene.grid = d.grid
    scene.space = file.space
    scene.template = file.space == .mni152 ? file.template : nil
    scene.imageSHA256 = d.sha256
    scene.laterality = d.laterality
    if let path = options.run.mask {
      let (m, given) = try study.read(path, as: .mask)
      let found = try brainMask(given, on: d.grid, fileName: m.name)
      scene.mask = found.mask
      scene.findings += found.findings
    } else {
      scene.mask = Mask.derived(from: volume)
    }
    scene.sideRule = sideRule(scene.space, scene.laterality, scene.mask)
  }

  private mutating func loadAnatomy() {
    guard let path = options.anat else { return }
    attempt { (loader) throws(Problem) in
      let (d, volume) = try loader.study.read(path, as: .anatomy)
      try loader.adopt(d, volume)
      if d.laterality == .known {
        // It is laid over the run by millimetres: its world is the scene's.
        var end = transformEnd(d, stated: loader.study.stated)
        end.space = loader.scene.space
        loader.anatomy = Anatomy(volume: volume, end: end, fileName: visibleText(d.name))
      }
      loader.scene.findings += d.findings
      loader.scene.isSimulated = loader.scene.isSimulated || d.isSimulated
      loader.scene.underlays.insert(NamedVolume(name: shownName(d), volume: volume), at: 0)
    }
  }

  private mutating func loadSPECT() {
    for path in options.spect {
      attempt { (loader) throws(Problem) in
        let found = try loader.study.readCarried(path, as: .spect)
        let (d, volume, way) = (found.description, found.volume, found.transform)
        try loader.adopt(d, volume)
        loader.scene.findings += d.findings
        guard let grid = loader.scene.grid else { return }
        let brain = loader.scene.mask ?? Mask(grid: grid, origin: "whole image") { _ in true }
        let onGrid = volume.grid.matches(grid) ? volume : volume.resampled(to: grid, .linear)
        let measured = try measuredSPECT(
          onGrid, on: grid, brain: brain, reference: nil,
          placement: way.map { .registered(by: $0.maker, isAccepted: $0.isAccepted) } ?? .asStored,
          fileName: d.name)
        var spect = NamedSPECT(
          name: d.name, measured: measured, stored: onGrid, isSimulated: d.isSimulated,
          sceneFromFile: way?.fixedFromMoving ?? .identity)
        spect.awaitsReference = true
        loader.scene.spects.append(spect)
        loader.spectFiles.append(
          (Volume(grid: found.stored.grid, values: volume.values), found.stored))
        if loader.scene.underlays.isEmpty {
          loader.scene.underlays = [NamedVolume(name: d.name, volume: volume)]
        }
      }
    }
  }

  /// What the SPECT images can be in per cent of.
  package func references() -> SPECTReferences {
    SPECTReferences(files: spectFiles, study: study, normals: options.normals)
  }

  private mutating func loadOverlays() {
    for path in options.overlay {
      attempt { (loader) throws(Problem) in
        let (d, volume) = try loader.study.read(path, as: .overlay)
        try loader.adopt(d, volume)
        loader.scene.findings += d.findings
        loader.scene.isSimulated = loader.scene.isSimulated || d.isSimulated
        loader.scene.overlays.append(NamedVolume(name: shownName(d), volume: volume))
      }
    }
  }

  private mutating func loadAtlas() {
    attempt { (loader) throws(Problem) in
      if let path = loader.options.network.atlas {
        loader.scene.atlas = try loader.study.readAtlas(path, as: .atlas)
      } else if loader.scene.space == .mni152, loader.scene.laterality == .known {
        loader.scene.atlas = try AtlasFiles.standard()
      }
    }
  }

  /// z of each measured SPECT against normals.
  private mutating func compareWithNormals(_ progress: WorkProgress) {
    attempt { (loader) throws(Problem) in
      let references = loader.references()
      guard !loader.scene.spects.isEmpty else {
        try loader.options.normals.check()
        guard loader.options.normals.normals.isEmpty, loader.options.normals.normalsFolder == nil
        else {
          throw Problem(.usage, "--normals", "there is no SPECT to compare", expected: "--spect")
        }
        return
      }
      for n in loader.scene.spects.indices {
        guard let normals = try references.normalImages(for: n, progress: progress),
          var request = try references.request(
            n, at: loader.scene.spects[n].sceneFromFile, of: loader.scene)
        else { continue }
        try requireMNI(request.space, fileName: request.fileName, for: "the space of normals")
        request.normals = normals.images
        loader.scene.spects[n].z = try quantify(request, progress: progress).z
      }
    }
  }

  private mutating func loadProxies() {
    guard loadedRun != nil else { return }
    let files = ProxyFiles(asl: options.asl, gm: options.gm, white: options.white)
    for name in files.names {
      guard let choice = ProxyChoice(rawValue: name.rawValue) else { continue }
      attempt { (loader) throws(Problem) in
        var inputs: [Provenance] = []
        loader.proxies[choice] = try files.read(name, into: &loader.study, inputs: &inputs)
        loader.scene.proxies = ProxyChoice.allCases.filter { loader.proxies[$0] != nil }
      }
    }
  }

  private mutating func prepareTargets() {
    guard let loaded = loadedRun else { return }
    do throws(Problem) {
      var inputs = try TargetInputs(
        loaded, greyMatter: options.gm, into: &study)
      inputs.hashes += runs.dropFirst().flatMap(\.inputs) + confoundInputs
      targetInputs = inputs
      scene.targetsRefusal = nil
    } catch {
      // Said when targets are asked for, not before.
      scene.targetsRefusal = error.sentence
      if options.gm != nil, error.subject == fileName(options.gm ?? "") { problems.append(error) }
    }
  }

  private mutating func placeSeedAndCursor() throws(Problem) {
    scene.initialCursor = options.at
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
    var inputs: [Provenance] = []
    scene.initialSeed = try parseSeed(
      text,
      SeedContext(study, grid: loaded.run.grid, atlas: scene.atlas),
      inputs: &inputs)
  }
}

/// What drift and confounds leave when no frequency is removed: for spectra and per cent.
package func broadbandProjection(_ prepared: PreparedRun) throws(Problem) -> Projection {
  try prepared.run.cleaningProjection(prepared.denoising.withoutBand)
}

/// A file's name, with the word before it when it is no measurement.
private func shownName(_ d: ImageDescription) -> String {
  d.isSimulated ? "SIMULATED " + d.name : d.name
}

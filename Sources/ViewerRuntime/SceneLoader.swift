package import Basics
package import ImageFiles
package import Imaging
import Perfusion
package import Records
package import Study
import Targeting
package import Viewer
package import Workflows

/// What people said of the file with a hash: ratings and notes.
package typealias KeptRemarks = @Sendable (_ sha256: String) -> [ReviewEntry]

/// Reads the files of a request into a scene. A file that is refused costs its own picture only: the
/// others are shown, and the refusal is said.
package struct SceneLoader {
  package let options: StudyRequest
  package var scene = Scene()
  package var problems: [Problem] = []
  /// The runs of the person, the shown one first, with their confounds.
  package var runs = SessionRuns()
  /// The second session.
  package var second: SessionRuns?
  package var loadedRun: LoadedRun? { runs.first }
  package var networks: LabelMap?
  package internal(set) var transforms = GivenTransforms()
  /// The one door for every file.
  package internal(set) var study = LoadedStudy()
  /// The image that decides on grid, space and sides.
  var main: ImageDescription?
  package var targetInputs: TargetInputs?
  /// What may stand for perfusion beside the mean.
  package var proxies: [ProxyChoice: PerfusionProxy] = [.mean: .meanBOLD]
  /// The SPECT files as they are stored, in the order of the scene's.
  package var spectFiles: [(volume: Volume, description: ImageDescription)] = []
  /// The first anatomy, for the coil.
  package var anatomy: Anatomy?

  /// The places that a person accepted for an image with a hash, in earlier sessions.
  private let kept: KeptTransforms
  /// What people said of a file with a hash.
  private let remarks: KeptRemarks

  package init(
    _ options: StudyRequest, kept: @escaping KeptTransforms = { _ in [] },
    remarks: @escaping KeptRemarks = { _ in [] }
  ) {
    self.options = options
    self.kept = kept
    self.remarks = remarks
  }

  /// Ratings and notes of the files, the person's own and those of copies: who opens a scan sees what was found wrong
  /// with it.
  private func saidOfFiles() -> [Finding] {
    let names = Set(study.files.map(\.subject)).compactMap { $0 }
    let own = options.listed?.subject ?? (names.count == 1 ? names.first : nil)
    var seen: Set<String> = []
    let files = study.files.filter { $0.role.isOfPerson && seen.insert($0.sha256).inserted }
    return files.flatMap { file -> [Finding] in
      let all = file.sha256.isEmpty ? [] : remarks(file.sha256)
      return remarkFindings(all, of: file.name, at: file.path, person: own)
    }.sorted { $0.severity > $1.severity }
  }

  /// - Parameter show: called with what there is as soon as something can be drawn.
  package mutating func load(progress: WorkProgress, show: (Scene) -> Void) {
    attempt { (loader) throws(Problem) in loader.study = try loader.options.run.study() }
    study.kept = kept
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
    scene.spectOrderIsStated = options.listed == nil
    scene.findings.insert(contentsOf: saidOfFiles(), at: 0)
    scene.problems = problems.map {
      SceneProblem(file: visibleText($0.subject), severity: .warning, sentence: $0.sentence)
    }
    scene.sideNotes = sideNotes(study.judgedPairs(study.sides))
    scene.problems += sideProblems(scene.sideNotes)
    if let doubt = options.norms.doubt { scene.findings.append(doubt) }
    scene.findings += study.findings.filter { !scene.findings.contains($0) }
    // What the list knew is told once, where the folders themselves did not say it.
    scene.findings += options.told.filter { one in
      !scene.findings.contains { $0.code == one.code && $0.file == one.file }
    }
    scene.readFiles = study.files.map { ($0.path, $0.sha256) }
  }

  mutating func attempt(_ body: (inout SceneLoader) throws(Problem) -> Void) {
    do throws(Problem) { try body(&self) } catch { refuse(error) }
  }

  /// One file may be asked for twice, as grey matter for targets and for a proxy; it is refused once.
  private mutating func refuse(_ problem: Problem) {
    if !problems.contains(where: { $0.sentence == problem.sentence }) { problems.append(problem) }
  }

  private mutating func loadProxies() {
    guard let run = loadedRun?.run else { return }
    let files = ProxyFiles(asl: options.asl, gm: options.gm, white: options.white)
    defer { chooseProxy(files, canFluctuate: run.repetitionTimeSeconds != nil) }
    for name in files.names(for: study) {
      guard let choice = ProxyChoice(rawValue: name.rawValue) else { continue }
      attempt { (loader) throws(Problem) in
        var inputs: [Provenance] = []
        loader.proxies[choice] = try files.read(name, into: &loader.study, inputs: &inputs)
        loader.scene.proxies = ProxyChoice.allCases.filter { loader.proxies[$0] != nil }
      }
    }
  }

  private mutating func chooseProxy(_ files: ProxyFiles, canFluctuate: Bool) {
    let usual = files.usual(for: study, canFluctuate: canFluctuate)
    if let choice = ProxyChoice(rawValue: usual.name.rawValue), scene.proxies.contains(choice) {
      scene.usualProxy = choice
    }
    if let reason = usual.reason { scene.findings.append(reason) }
  }

  private mutating func prepareTargets() {
    guard let loaded = loadedRun else { return }
    do throws(Problem) {
      var inputs = try TargetInputs(
        loaded, greyMatter: options.gm, into: &study)
      inputs.hashes += runs.loaded.dropFirst().flatMap(\.inputs) + runs.confoundInputs
      targetInputs = inputs
      scene.targetsRefusal = nil
    } catch {
      // Said when targets are asked for, not before.
      scene.targetsRefusal = error.sentence
      if options.gm != nil, error.subject == fileName(options.gm ?? "") { refuse(error) }
    }
  }

  private mutating func placeSeedAndCursor() throws(Problem) {
    scene.initialCursor = options.at
    if options.at != nil, scene.laterality == .unknown {
      scene.initialCursor = nil
      throw Problem(
        .data, scene.title, "its header does not say which side is left, so --at has no meaning",
        expected: "an image that says it (a valid sform or qform, or its format's matrix)")
    }
    guard let text = options.seed else { return }
    guard let loaded = loadedRun else {
      throw Problem(.usage, "--seed", "there is no run to take a seed from", expected: "--bold")
    }
    try loaded.requireLaterality(for: "a seed in millimetres")
    var inputs: [Provenance] = []
    var context = SeedContext(study, grid: loaded.run.grid, atlas: scene.atlas)
    scene.initialSeed = try parseSeed(text, &context, inputs: &inputs)
    study = context.study
  }
}

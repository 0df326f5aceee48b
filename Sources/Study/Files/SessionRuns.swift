package import Basics
package import Connectivity
package import ImageFiles
import Imaging

/// The runs of one session: read, given their confounds, carried by transforms.
///
/// Commands and the viewer read runs by this alone. What is refused leaves runs and study as they were: a command
/// ends there, the viewer goes on with what stands.
package struct SessionRuns: Sendable {
  package let role: Role
  package private(set) var loaded: [LoadedRun] = []
  /// Where each run stood among those that were given: its confounds stand there too.
  private var places: [Int] = []
  /// The confounds of each run.
  package private(set) var sources: [ConfoundSources] = []
  package private(set) var prepared: [PreparedRun] = []
  /// Files that confounds were read from.
  package private(set) var confoundInputs: [Provenance] = []
  /// What was found of the runs beside what each file says of itself.
  private var doubts: [Finding] = []

  package init(as role: Role = .bold) { self.role = role }

  package var first: LoadedRun? { loaded.first }
  package var inputs: [Provenance] { loaded.flatMap(\.inputs) + confoundInputs }
  package var findings: [Finding] {
    doubts.reduce(into: loaded.flatMap(\.findings)) { all, one in
      if !all.contains(one) { all.append(one) }
    }
  }

  /// Reads one more run.
  ///
  /// - Parameter place: where it stands among those that were given, from 0.
  /// - Throws: what reading refuses, a grid that is not that of the first run, and a run that is here already.
  package mutating func read(
    _ path: String, at place: Int, _ options: RunRequest, into study: inout LoadedStudy,
    progress: WorkProgress, firstLook: (FirstLook) -> Void = { _ in }
  ) throws(Problem) {
    var door = study
    let one = try LoadedRun(
      path, as: role, tr: options.tr, mask: options.mask, into: &door,
      sharedMask: first?.run.mask, progress: progress, firstLook: firstLook)
    if let first { try one.requireJoinable(with: first) }
    if loaded.contains(where: { $0.description.isSameImage(as: one.description) }) {
      throw Problem(
        .usage, one.description.name, "the same run is given twice",
        expected: "each run once: twice the same data are no more data")
    }
    try door.admit(series: SeriesPrint(one.run, name: one.description.name, role: role))
    study = door
    loaded.append(one)
    places.append(place)
  }

  /// Reads the confounds of the runs where they were given for them, and decides what is removed from each.
  ///
  /// - Parameter given: how many runs were asked for, those that were refused among them.
  package mutating func prepare(
    _ choice: CleaningChoice, _ options: RunRequest, given: Int, into study: inout LoadedStudy,
    progress: WorkProgress
  ) throws(Problem) {
    try options.requireConfounds(forRuns: given)
    var door = study
    var found: [ConfoundSources] = []
    var ready: [PreparedRun] = []
    var files: [Provenance] = []
    for (one, place) in zip(loaded, places) {
      let own = try options.sources(
        of: one.run, at: one.description.path, number: place, into: &door, inputs: &files)
      ready.append(try PreparedRun(one.run, choice: choice, sources: own, progress: progress))
      found.append(own)
    }
    study = door
    (sources, prepared, confoundInputs) = (found, ready, files)
    for one in ready.compactMap(nonSteadyFrames) + zip(ready, found).flatMap(motionDoubts)
    where !doubts.contains(one) { doubts.append(one) }
  }

  /// Decides what is removed where no confounds can be had.
  package mutating func prepareWithoutConfounds(_ choice: CleaningChoice) throws(Problem) {
    sources = loaded.map { _ in ConfoundSources() }
    confoundInputs = []
    var ready: [PreparedRun] = []
    for one in loaded {
      ready.append(try PreparedRun(one.run, choice: choice, sources: ConfoundSources()))
    }
    prepared = ready
  }

  /// Carries the runs that a transform was made for; all of them or none.
  ///
  /// - Parameter atlasFollows: whether an atlas is read later, which a warp of the runs may bring to them.
  /// - Returns: whether a transform has to do with them.
  /// - Throws: a warp that would have to bend a run, a run without the transform that the others have, and runs that
  ///   lie on different grids then.
  @discardableResult
  package mutating func carry(
    by transforms: GivenTransforms, in study: inout LoadedStudy, atlasFollows: Bool = false
  ) throws(Problem) -> Bool {
    study.transforms = transforms
    if !atlasFollows || !study.canBringAtlas {
      for one in loaded { try transforms.requireUnbent(one.description, space: one.space) }
    }
    if try isBent(by: transforms) { return true }
    let ways = loaded.map { transforms.one(for: $0.description, space: $0.space) }
    guard ways.contains(where: { $0 != nil }) else { return false }
    var (door, there) = (study, self)
    for (n, way) in ways.enumerated() {
      guard let way else {
        throw Problem(
          .data, loaded[n].description.name, "no transform was made for it",
          expected: "one for every run", remedy: "Say --same-world if the runs share a world")
      }
      try there.loaded[n].carry(by: way, in: &door)
      try there.loaded[n].requireJoinable(with: there.loaded[0])
      if prepared.indices.contains(n) { there.prepared[n].run = there.loaded[n].run }
    }
    (study, self) = (door, there)
    return true
  }

  private func isBent(by transforms: GivenTransforms) throws(Problem) -> Bool {
    let straight = loaded.filter { transforms.bent(for: $0.description, space: $0.space) == nil }
    guard straight.count < loaded.count else { return false }
    if let one = straight.first {
      throw Problem(
        .data, one.description.name, "no warp was made for it", expected: "one for every run",
        remedy: "Say --same-world if the runs share a world")
    }
    return true
  }
}

/// Frames before a steady state that nobody left out; nil where there are none.
private func nonSteadyFrames(_ run: PreparedRun) -> Finding? {
  let suspects = suspectedNonSteadyFrames(run.run.globalSignal())
  guard suspects > run.denoising.droppedFrames else { return nil }
  return Finding(
    "non-steady", .warning,
    "The first \(suspects) frames stand out from the rest, as before a steady state; "
      + "--drop \(suspects) leaves them out.")
}

/// What speaks against a table's motion: frames are censored by it, and it is removed.
private func motionDoubts(_ run: PreparedRun, _ sources: ConfoundSources) -> [Finding] {
  guard let table = sources.table, let motion = HeadMotion(table) else { return [] }
  var out: [Finding] = []
  let turns = motion.rotations.flatMap { $0 }.filter(\.isFinite).map(abs).max() ?? 0
  // 0.5 rad are 29 degrees: no head turns so far in a coil.
  if turns > 0.5 {
    out.append(
      Finding(
        "motion-units", .warning,
        "\(sources.name): rotations reach \(plainNumber(turns, 2)), which are radians by the columns' names: they may be "
          + "degrees, or in another order than translations first."))
  }
  func mean(_ values: [Double]?) -> Double {
    let finite = (values ?? []).filter(\.isFinite)
    return finite.isEmpty ? 0 : finite.reduce(0, +) / Double(finite.count)
  }
  let (stated, own) = (mean(run.quality.displacement), mean(motion.powerDisplacement))
  if run.quality.displacementOrigin == "table", max(stated, own) > 0.01,
    stated < 0.3 * own || own < 0.3 * stated
  {
    out.append(
      Finding(
        "fd-contradicts", .warning,
        "\(sources.name): framewise_displacement has a mean of \(plainNumber(stated, 3)) mm, its motion columns give "
          + "\(plainNumber(own, 3)) mm (Power): censoring goes by the column."))
  }
  return out
}

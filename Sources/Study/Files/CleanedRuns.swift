package import Basics
package import Connectivity
import ImageFiles
package import Imaging

/// Runs of one person, cleaned as the options say.
package struct CleanedRuns {
  package private(set) var runs: SessionRuns
  package var loaded: [LoadedRun] { runs.loaded }
  package var prepared: [PreparedRun] { runs.prepared }
  package private(set) var inputs: [Provenance]
  /// What the files say of themselves, and what the rules say of them together.
  package var findings: [Finding] {
    let own = runs.findings
    return own + study.findings.filter { !own.contains($0) }
  }

  package var first: LoadedRun { loaded[0] }
  package var space: Space { first.space }
  /// The runs and what was laid over them.
  package var study: LoadedStudy
  /// Whether an atlas follows, which may be carried too: then it is asked whether every transform was used.
  let bringsAtlas: Bool

  /// Reads runs and confounds, decides what goes, and carries the runs by the transforms that were given: masks
  /// and tissue maps lie in their runs' own world and go with them.
  ///
  /// - Parameters:
  ///   - known: a study that these runs are another session of.
  ///   - mayBeOthers: whether a transform may belong to a run that is read later.
  ///   - bringsAtlas: whether an atlas follows, which a warp of the run may bring to it; `parcels` then asks whether
  ///     every transform was used.
  /// - Throws: runs whose grids or sides differ, and everything that reading refuses.
  package init(
    _ paths: [String], _ options: RunRequest, _ cleaning: CleaningRequest? = nil,
    as role: Role = .bold, into known: LoadedStudy? = nil, mayBeOthers: Bool = false,
    bringsAtlas: Bool = false, progress: WorkProgress
  ) throws(Problem) {
    self.bringsAtlas = bringsAtlas
    let transforms = try options.transforms.read()
    // What is carried is admitted to the other session's study where it lies then.
    let isCarried = !transforms.isEmpty
    if let known, !isCarried { study = known } else { study = try options.study() }
    var choice = try options.choice()
    try cleaning?.apply(to: &choice)
    guard !paths.isEmpty else {
      throw Problem(.usage, "BOLD", "no run is given", expected: "at least one")
    }
    try options.requireConfounds(forRuns: paths.count)
    runs = SessionRuns(as: role)
    for (n, path) in paths.enumerated() {
      try runs.read(path, at: n, options, into: &study, progress: progress)
    }
    inputs = []
    try runs.loaded[0].requireLaterality(for: "a place in millimetres")
    if cleaning?.frequencies.needsTime ?? true {
      for one in runs.loaded { try one.requireTime() }
    }
    try runs.prepare(choice, options, given: paths.count, into: &study, progress: progress)
    inputs = runs.inputs
    guard isCarried else { return }
    if try runs.carry(by: transforms, in: &study, atlasFollows: bringsAtlas) {
      study.sayNotAccepted()
      inputs += transforms.inputs
    }
    if let known { try join(known, as: role) }
    if !mayBeOthers, !bringsAtlas { try study.requireTransformsUsed() }
  }

  /// Admits the runs to the study of an earlier session, where they lie now.
  private mutating func join(_ known: LoadedStudy, as role: Role) throws(Problem) {
    let own = study.findings
    let transforms = study.transforms
    study = known
    study.transforms = transforms
    for one in loaded {
      let wasCarried = one.findings.contains { $0.code == "carried" }
      let way = wasCarried ? transforms.one(for: one.description, space: .native) : nil
      try study.admit(one.description, one.description.path, as: role, carriedBy: way)
    }
    study.findings += own.filter { !study.findings.contains($0) }
  }

  /// The runs cleaned and joined; confounds that remove nothing are named on standard error.
  ///
  /// - Parameter seconds: only the first so many seconds of each run.
  package func cleaned(
    firstSeconds seconds: Double? = nil, progress: WorkProgress
  ) throws(Problem) -> ReducedSeries {
    var parts: [ReducedSeries] = []
    for one in prepared {
      let count = seconds.flatMap { s in
        one.run.repetitionTimeSeconds.map { wholeNumber((s / $0).rounded(), in: 0...1 << 40) }
      }
      if let count, count > one.run.frameCount {
        throw Problem(
          .usage, "--seconds", "a session has \(one.run.frameCount) frames, fewer than \(count)",
          expected: "at most the shorter session")
      }
      parts.append(try one.cleaned(frames: count.map { 0..<$0 }, progress: progress))
    }
    let reduced = try ReducedSeries.joined(parts)
    var none: [Finding] = []
    try requireData(reduced.norms, first.run, &none)
    let unused = reduced.projection.report.unused
    if !unused.isEmpty {
      complain(
        "confounds that remove nothing: "
          + unused.map { "\(visibleText($0.name, limit: 40)) (\($0.reason))" }
          .joined(separator: ", "))
    }
    return reduced
  }

  /// Parameters of a sidecar that say how the runs were cleaned.
  package func parameters(_ reduced: ReducedSeries) -> [(String, JSON)] {
    [
      ("runs", .int(loaded.count)), ("degrees_of_freedom", .int(reduced.degreesOfFreedom)),
      ("seconds_kept", .optional(reduced.secondsKept)),
      ("frames_kept", .int(reduced.projection.frameCount)),
      ("repetition_time_s", .meant(first.run.repetitionTimeSeconds)),
      ("mask", .string(first.run.mask.origin == "DERIVED" ? "DERIVED" : "given")),
      ("rank_report", .string(reduced.projection.report.summary)),
    ] + denoisingJSON(prepared)
  }

  package var isSimulated: Bool { loaded.contains { $0.description.isSimulated } }
}

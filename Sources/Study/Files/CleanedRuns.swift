package import Basics
package import Connectivity
import ImageFiles
package import Imaging

/// Runs of one person, cleaned as the options say.
package struct CleanedRuns {
  package var loaded: [LoadedRun]
  package var prepared: [PreparedRun]
  package var inputs: [Provenance]
  var runFindings: [Finding]
  /// What the files say of themselves, and what the rules say of them together.
  package var findings: [Finding] {
    runFindings + study.findings.filter { !runFindings.contains($0) }
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
    loaded = []
    inputs = []
    for path in paths {
      let one = try LoadedRun(
        path, as: role, tr: options.tr, mask: options.mask, into: &study,
        sharedMask: loaded.first?.run.mask, progress: progress)
      if let first = loaded.first { try one.requireJoinable(with: first) }
      loaded.append(one)
      inputs += one.inputs
    }
    runFindings = []
    try loaded[0].requireLaterality(for: "a place in millimetres")
    if cleaning?.frequencies.needsTime ?? true { for one in loaded { try one.requireTime() } }
    prepared = try options.prepared(
      loaded, choice, into: &study, inputs: &inputs, progress: progress)
    runFindings = loaded.flatMap(\.findings)
    for (n, one) in loaded.enumerated()
    where loaded[..<n].contains(where: { $0.description.sha256 == one.description.sha256 }) {
      throw Problem(
        .usage, one.description.name, "the same run is given twice",
        expected: "each run once: twice the same data are no more data")
    }
    tellNonSteadyFrames()
    guard isCarried else { return }
    try carry(by: transforms)
    if let known { try join(known, as: role) }
    if !mayBeOthers, !bringsAtlas { try study.requireTransformsUsed() }
  }

  private mutating func tellNonSteadyFrames() {
    for run in prepared {
      let suspects = suspectedNonSteadyFrames(run.run.globalSignal())
      if suspects > run.denoising.droppedFrames {
        runFindings.append(
          Finding(
            "non-steady", .warning,
            "The first \(suspects) frames stand out from the rest, as before a steady state; "
              + "--drop \(suspects) leaves them out."))
      }
    }
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

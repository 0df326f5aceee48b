package import Basics
import Connectivity
import ImageFiles

/// What is given beside a folder of people or a workspace, where the files are named by somebody else.
extension StudyRequest {
  /// Options that are about one person's files, in the order of the help.
  private var aboutOnePerson: [String] {
    let given: [(String, Bool)] = [
      ("--second", second != nil), ("--second-confounds", secondConfounds != nil),
      ("--gm", gm != nil), ("--white", white != nil), ("--asl", asl != nil),
      ("--covariates", norms.covariates != nil), ("--tr", run.tr != nil),
      ("--mask", run.mask != nil), ("--space", run.space != nil),
      ("--confounds", !run.confounds.isEmpty), ("--wm", run.wm != nil), ("--csf", run.csf != nil),
      ("--mixed-people", run.mixedPeople),
      ("--transform", !transforms.transform.isEmpty || !run.transforms.transform.isEmpty),
      ("--same-world", transforms.sameWorld || run.transforms.sameWorld),
    ]
    return given.filter(\.1).map(\.0)
  }

  /// Options that mean the same for every person.
  private var aboutEverybody: [String] {
    let frequencies = cleaning.frequencies
    let plain = RunRequest()
    let given: [(String, Bool)] = [
      ("--reference", reference != nil),
      ("--normals", !normals.normals.isEmpty || normals.normalsFolder != nil),
      ("--atlas", network.atlas != nil), ("--networks", network.networks != nil),
      ("--names", network.names != nil), ("--norms", norms.norms != nil),
      ("--preset", run.isPresetChosen || run.preset != plain.preset),
      ("--columns", run.columns != nil),
      ("--drop", run.drop != nil), ("--fd", run.fd != nil), ("--dvars", run.dvars != nil),
      ("--min-run", run.minRun != plain.minRun), ("--censoring", run.censoring != plain.censoring),
      ("--band", frequencies.band != nil),
      ("--polort", frequencies.polort != FrequencyRequest().polort),
      ("--high-pass", frequencies.highPass != nil), ("--gsr", frequencies.gsr != nil),
      ("--smooth", cleaning.fwhm != 0), ("--seed", seed != nil),
    ]
    return given.filter(\.1).map(\.0)
  }

  /// Refuses beside a folder what can only be meant of one person's files; the rest holds for everybody in it.
  package func requireForEverybody(in folder: String) throws(Problem) {
    guard let option = aboutOnePerson.first else { return }
    throw Problem(
      .usage, option, "it is about one person's files, and \(fileName(folder)) is opened as a list",
      expected: "it beside --bold, --spect or --anat",
      remedy: "Name the files, or leave it away: what lies beside a run is found by its name")
  }

  /// Refuses beside a workspace what its own file decides.
  package func requireNothingBesideWorkspace() throws(Problem) {
    guard let option = (aboutOnePerson + aboutEverybody).first else { return }
    throw Problem(
      .usage, option, "it is given beside --workspace, whose own file decides that",
      expected: "the workspace alone")
  }

  /// Refuses what is said of files where none are given: a lesson on somebody else would pass for one on them.
  package func requireNothingWithoutFiles() throws(Problem) {
    let images: [(String, Bool)] = [
      ("--spect", !spect.isEmpty), ("--anat", anat != nil), ("--overlay", !overlay.isEmpty),
    ]
    guard let option = (images.filter(\.1).map(\.0) + aboutOnePerson + aboutEverybody).first
    else { return }
    throw Problem(
      .usage, option, "it is given without a run, and the lesson's own person has its own files",
      expected: "a BOLD run beside it (--bold FILE), or nothing",
      remedy: "Without files the lesson is given on the synthetic person")
  }

  /// A visit as a folder offers it, with what was said of every visit.
  package func holding(forVisit visit: StudyRequest) -> StudyRequest {
    var out = visit
    out.reference = reference ?? visit.reference
    out.normals = normals
    out.network = network
    out.norms = norms
    out.cleaning = cleaning
    out.seed = seed ?? visit.seed
    out.at = at ?? visit.at
    (out.run.drop, out.run.fd, out.run.dvars) = (run.drop, run.fd, run.dvars)
    (out.run.minRun, out.run.censoring) = (run.minRun, run.censoring)
    // Columns and sets are those of a table: without one there is nothing that they could name.
    if !visit.run.confounds.isEmpty,
      run.isPresetChosen || run.preset != .none || run.columns != nil
    {
      (out.run.preset, out.run.columns) = (run.preset, run.columns)
      // A table of which nothing is wanted would be refused.
      if !out.run.usesConfounds { out.run.confounds = [] }
    }
    return out
  }
}

extension RunRequest {
  /// Whether something is asked for that confounds are needed for.
  package var usesConfounds: Bool {
    preset != .none || columns != nil || fd != nil || dvars != nil || drop != nil
  }
}

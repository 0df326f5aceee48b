import ArgumentParser
import Connectivity
import Imaging
import ImagingIO
import Workflows

extension NuisancePreset: ExpressibleByArgument {}

/// What every command that reads BOLD takes: the run's own facts, and where confounds come from.
struct RunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Seconds per frame, when the header does not say it or is wrong.", valueName: "s"))
  var tr: Double?
  @Option(
    help: ArgumentHelp("Brain mask: voxels above 0. Without it one is derived.", valueName: "file"))
  var mask: String?
  @Option(
    help: ArgumentHelp(
      "Space of all files given, when they do not say it: MNI152 or native.", valueName: "name"))
  var space: String?
  @Option(
    help: ArgumentHelp(
      "Confounds, one row per frame: fMRIPrep's .tsv, FSL's .par, AFNI's .1D, HCP's "
        + "Movement_Regressors.txt; one for each run, in their order.", valueName: "file"))
  var confounds: [String] = []
  @Option(
    help: ArgumentHelp(
      "Columns of the confounds to remove, separated by commas.", valueName: "a,b,…"))
  var columns: String?
  @Option(
    help: ArgumentHelp(
      "Columns by a published name: \(NuisancePreset.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "name"))
  var preset = NuisancePreset.none
  @Option(
    help: ArgumentHelp(
      "White matter map or mask: its mean and five components become confounds.",
      valueName: "file"))
  var wm: String?
  @Option(help: ArgumentHelp("CSF map or mask: the same.", valueName: "file"))
  var csf: String?
  @Option(
    help: ArgumentHelp(
      "First frames to drop; without it those the confounds mark as not steady.", valueName: "n"))
  var drop: Int?
  @Option(
    help: ArgumentHelp("Censor frames with a larger framewise displacement.", valueName: "mm"))
  var fd: Double?
  @Option(help: ArgumentHelp("Censor frames with a larger standardised DVARS.", valueName: "x"))
  var dvars: Double?
  @Option(help: ArgumentHelp("Censor kept pieces with fewer frames too.", valueName: "n"))
  var minRun = 5

  /// The space that was stated, refused when it is none that is known.
  func statedSpace() throws(Problem) -> Space? {
    guard let space else { return nil }
    guard let known = Space(named: space) else {
      throw Problem(.usage, "--space", "there is no space \(space)", expected: "MNI152 or native")
    }
    return known
  }

  /// Files that a result must not replace.
  var inputFiles: [String?] { [mask, wm, csf] + confounds }

  /// What was chosen about confounds and censoring; bands and smoothing are not of these options.
  func choice() throws(Problem) -> CleaningChoice {
    var out = CleaningChoice()
    out.preset = preset
    if let columns {
      guard !confounds.isEmpty || wm != nil || csf != nil else {
        throw Problem(
          .usage, "--columns", "there is no table to take them from", expected: "--confounds")
      }
      out.columns = columns.split(separator: ",").map(String.init)
      guard !out.columns.isEmpty, Set(out.columns).count == out.columns.count else {
        throw Problem(
          .usage, "--columns",
          out.columns.isEmpty ? "no column is named" : "a column is named twice",
          expected: "each column once")
      }
    }
    for (value, option) in [(fd, "--fd"), (dvars, "--dvars")] {
      if let value, !(value > 0 && value < 1000) {
        throw Problem(
          .usage, option, "\(plainNumber(value)) is no useful limit", expected: "above 0")
      }
    }
    guard minRun >= 1, minRun <= 1000 else {
      throw Problem(.usage, "--min-run", "\(minRun) is no useful length", expected: "1 to 1000")
    }
    out.droppedFrames = drop
    out.censoring = Censoring(
      displacementMillimetres: fd, standardisedDVARS: dvars, leastRun: minRun)
    return out
  }

  /// The confounds of one run; the files are read here.
  ///
  /// - Parameter number: of the run among those that were given.
  func sources(
    of run: Run, number: Int, like description: ImageDescription,
    inputs: inout [(role: String, sha256: String)]
  ) throws(Problem) -> ConfoundSources {
    var table: Confounds?
    var origins: ComponentOrigins?
    var name = ""
    if confounds.indices.contains(number) {
      let path = confounds[number]
      name = fileName(path)
      table = try Confounds(text: try readTextFile(path), file: name)
      inputs.append(("confounds", try sha256(ofFile: path)))
      try table?.requireRows(run.frameCount, file: name)
      origins = try componentOrigins(beside: path)
      if preset == .none, columns == nil, fd == nil, dvars == nil, drop == nil {
        throw Problem(
          .usage, "--confounds", "no columns are named",
          expected: "--preset with a name, or --columns with some of "
            + (table?.names.prefix(8).joined(separator: ", ") ?? ""))
      }
    }
    if wm != nil || csf != nil, preset == .none, columns == nil {
      throw Problem(
        .usage, wm != nil ? "--wm" : "--csf", "no columns are named that would use it",
        expected: "--preset with a name, or --columns white_matter,csf,w_comp_cor_00,…")
    }
    func tissue(_ path: String?, _ role: String) throws(Problem) -> Volume? {
      guard let path else { return nil }
      let (d, volume) = try readSingleVolume(path)
      try requireSameSides(d, as: description)
      let stated = try statedSpace()
      try requireSameSpace(
        d, grid: run.grid,
        Workflows.space(
          ofFileNamed: description.name, formCode: description.formCode, stated: stated),
        stated: stated)
      if let table, table.names.contains(role == "wm" ? "white_matter" : "csf") {
        complain(
          "the confounds' own column \(role == "wm" ? "white_matter" : "csf") is used, not the mean "
            + "of \(d.name)")
      }
      inputs.append((role, d.sha256))
      return volume
    }
    return try Workflows.confoundSources(
      run, table: table, name: name.isEmpty ? "--wm, --csf" : name, components: origins,
      whiteMatter: try tissue(wm, "wm"), csf: try tissue(csf, "csf"))
  }

  /// Runs with what is removed from each.
  func prepared(
    _ loaded: [LoadedRun], _ choice: CleaningChoice,
    inputs: inout [(role: String, sha256: String)], progress: WorkProgress
  ) throws(Problem) -> [PreparedRun] {
    guard confounds.isEmpty || confounds.count == loaded.count else {
      throw Problem(
        .usage, "--confounds", "there are \(confounds.count) files for \(loaded.count) runs",
        expected: "one for each run")
    }
    var out: [PreparedRun] = []
    for (number, one) in loaded.enumerated() {
      out.append(
        try PreparedRun(
          one.run, choice: choice,
          sources: try sources(
            of: one.run, number: number, like: one.description, inputs: &inputs),
          progress: progress))
    }
    return out
  }
}

/// The JSON that fMRIPrep writes beside a table; nil when there is none.
private func componentOrigins(beside path: String) throws(Problem) -> ComponentOrigins? {
  guard path.hasSuffix(".tsv") else { return nil }
  let json = String(path.dropLast(4)) + ".json"
  do throws(Problem) {
    return try ComponentOrigins(json: try readTextFile(json), file: fileName(json))
  } catch {
    if error.kind == .missingInput { return nil }
    throw error
  }
}

/// Which frequencies are kept, and whether the global signal is.
struct FrequencyOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Frequencies kept, in hertz, or none (0.01,0.1).", valueName: "lo,hi"))
  var band: BandArgument?
  @Option(help: ArgumentHelp("Degree of the drift polynomial.", valueName: "n"))
  var polort = 2
  @Option(
    help: ArgumentHelp(
      "Cosine high-pass: periods of so many seconds and longer go.", valueName: "s"))
  var highPass: Double?
  @Flag(
    inversion: .prefixedNo,
    help: "Remove the mean of the brain mask as well; without it as the preset has it.")
  var gsr: Bool?

  /// Whether frequencies are looked at, so that the repetition time must be known.
  var needsTime: Bool { (band ?? BandArgument(0.01...0.1)).band != nil || highPass != nil }

  func apply(to choice: inout CleaningChoice) throws(Problem) {
    guard (0...10).contains(polort) else {
      throw Problem(.usage, "--polort", "\(polort) is no useful degree", expected: "0 to 10")
    }
    if let highPass, !(highPass > 1 && highPass <= 10_000) {
      throw Problem(
        .usage, "--high-pass", "\(plainNumber(highPass)) s is no useful period",
        expected: "1 to 10000 s")
    }
    choice.polort = polort
    if let band {
      choice.bandHertz = band.band
      choice.bandIsChosen = true
    }
    choice.highPassHertz = highPass.map { 1 / $0 }
    choice.removesGlobalSignal = gsr
  }
}

/// Which frequencies are kept and how smooth the result is.
struct DenoisingOptions: ParsableArguments {
  @OptionGroup var frequencies: FrequencyOptions
  @Option(help: ArgumentHelp("Smoothing inside the mask after cleaning.", valueName: "mm"))
  var fwhm = 0.0

  func apply(to choice: inout CleaningChoice) throws(Problem) {
    try checkFWHM(fwhm, "--fwhm")
    try frequencies.apply(to: &choice)
    choice.smoothingFWHM = fwhm
  }
}

/// Runs of one person, cleaned as the options say.
struct CleanedRuns {
  var loaded: [LoadedRun]
  var prepared: [PreparedRun]
  var inputs: [(role: String, sha256: String)]
  var findings: [Finding]

  var first: LoadedRun { loaded[0] }
  var space: Space { first.space }
  /// The space that was stated for all files.
  var statedSpace: Space?

  /// Reads runs and confounds and decides what goes.
  ///
  /// - Throws: runs whose grids or sides differ, and everything that reading refuses.
  init(
    _ paths: [String], _ options: RunOptions, _ cleaning: DenoisingOptions? = nil,
    progress: WorkProgress
  ) throws(Problem) {
    let space = try options.statedSpace()
    statedSpace = space
    var choice = try options.choice()
    try cleaning?.apply(to: &choice)
    guard !paths.isEmpty else {
      throw Problem(.usage, "BOLD", "no run is given", expected: "at least one")
    }
    loaded = []
    inputs = []
    for path in paths {
      let one = try LoadedRun(
        path, tr: options.tr, mask: options.mask, space: space, sharedMask: loaded.first?.run.mask,
        progress: progress)
      if let first = loaded.first { try one.requireJoinable(with: first) }
      loaded.append(one)
      inputs += one.inputs
    }
    findings = loaded.flatMap(\.findings)
    try loaded[0].requireLaterality(for: "a place in millimetres")
    if cleaning?.frequencies.needsTime ?? true { for one in loaded { try one.requireTime() } }
    prepared = try options.prepared(loaded, choice, inputs: &inputs, progress: progress)
    for (n, one) in loaded.enumerated()
    where loaded[..<n].contains(where: { $0.description.sha256 == one.description.sha256 }) {
      throw Problem(
        .usage, one.description.name, "the same run is given twice",
        expected: "each run once: twice the same data are no more data")
    }
    for run in prepared {
      let suspects = suspectedNonSteadyFrames(run.run.globalSignal())
      if suspects > run.denoising.droppedFrames {
        findings.append(
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
  func cleaned(
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
  func parameters(_ reduced: ReducedSeries) -> [(String, JSON)] {
    [
      ("runs", .int(loaded.count)), ("degrees_of_freedom", .int(reduced.degreesOfFreedom)),
      ("seconds_kept", .optional(reduced.secondsKept)),
      ("frames_kept", .int(reduced.projection.frameCount)),
      ("repetition_time_s", .optional(first.run.repetitionTimeSeconds)),
      ("mask", .string(first.run.mask.origin == "DERIVED" ? "DERIVED" : "given")),
      ("rank_report", .string(reduced.projection.report.summary)),
    ] + denoisingJSON(prepared)
  }

  var isSimulated: Bool { loaded.contains { $0.description.isSimulated } }
}

/// Refuses a map without any number, and says how many voxels have none.
func requireData(
  _ values: [Float], _ run: Run, _ findings: inout [Finding]
) throws(Problem) {
  let missing = values.reduce(0) { $0 + ($1.isFinite ? 0 : 1) }
  guard missing > 0 else { return }
  let cause =
    run.firstFrameWithoutNumbers.map { "frame \($0) holds voxels that are no numbers" }
    ?? "series that never change, or that the confounds explain"
  guard missing < values.count else {
    throw Problem(
      .data, "the run", "no voxel of the mask has a usable series: \(cause)",
      expected: "a BOLD run", remedy: "Frames can be left out with --drop and --fd")
  }
  let text =
    "\(missing) of \(values.count) voxels of the mask have no data (\(cause)) and are NaN."
  findings.append(Finding("no-data", .warning, text))
  complain(text)
}

/// Refuses an image on another grid that does not say that it is in the run's space: laying it over by
/// millimetres would be a guess.
func requireSameSpace(
  _ d: ImageDescription, grid: Grid, _ space: Space, stated: Space?
) throws(Problem) {
  let own = Workflows.space(ofFileNamed: d.name, formCode: d.formCode, stated: stated)
  guard d.grid.matches(grid) || own == space else {
    throw Problem(
      .data, d.name,
      "it lies on another grid and does not say that it is in \(space.rawValue) space as the run",
      expected: "an image on the run's grid or in its space",
      remedy: "If all files given are in one space, say --space \(space.rawValue)")
  }
}

func requireSameSpace(
  _ d: ImageDescription, as run: LoadedRun, stated: Space?
) throws(Problem) {
  try requireSameSpace(d, grid: run.run.grid, run.space, stated: stated)
}

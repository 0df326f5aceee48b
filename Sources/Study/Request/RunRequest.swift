package import Basics
package import Connectivity
import Foundation
import ImageFiles
package import Imaging

/// What a person says of a BOLD run and of where its confounds come from.
package struct RunRequest: Sendable {
  /// Seconds per frame, when the header does not say it or is wrong.
  package var tr: Double?
  package var mask: String?
  package var space: String?
  package var confounds: [String] = []
  /// Columns of the confounds, separated by commas.
  package var columns: String?
  package var preset = NuisancePreset.none
  /// Whether a person named the preset: `none` too can be meant.
  package var isPresetChosen = false
  package var wm: String?
  package var csf: String?
  /// First frames to drop; nil takes those that the confounds mark as not steady.
  package var drop: Int?
  /// Framewise displacement, in mm, beyond which a frame is censored.
  package var fd: Double?
  package var dvars: Double?
  package var minRun = 5
  package var censoring = CensoringMethod.auto
  /// Whether files of several people are meant.
  package var mixedPeople = false
  /// What carries runs where a command reads them; the viewer has its own for all its files.
  package var transforms = TransformRequest()

  /// A study that holds nothing yet, with what was stated of all files.
  package func study(
    transforms: GivenTransforms = GivenTransforms()
  ) throws(Problem) -> LoadedStudy {
    LoadedStudy(
      stated: try statedSpace(), allowsMixedPeople: mixedPeople, transforms: transforms)
  }

  package func statedSpace() throws(Problem) -> Space? { try stated(space, by: "--space") }

  /// Files that a result must not replace.
  package var inputFiles: [String?] { [mask, wm, csf] + confounds + transforms.transform }

  package init(
    tr: Double? = nil, mask: String? = nil, space: String? = nil, confounds: [String] = [],
    columns: String? = nil, preset: NuisancePreset = NuisancePreset.none, wm: String? = nil,
    csf: String? = nil, drop: Int? = nil, fd: Double? = nil, dvars: Double? = nil, minRun: Int = 5,
    censoring: CensoringMethod = .auto, mixedPeople: Bool = false,
    transforms: TransformRequest = TransformRequest()
  ) {
    self.tr = tr
    self.mask = mask
    self.space = space
    self.confounds = confounds
    self.columns = columns
    self.preset = preset
    self.wm = wm
    self.csf = csf
    self.drop = drop
    self.fd = fd
    self.dvars = dvars
    self.minRun = minRun
    self.censoring = censoring
    self.mixedPeople = mixedPeople
    self.transforms = transforms
  }

  /// What was chosen about confounds and censoring; bands and smoothing are not of these options.
  package func choice() throws(Problem) -> CleaningChoice {
    var out = CleaningChoice()
    out.preset = preset
    if let columns {
      guard !confounds.isEmpty || wm != nil || csf != nil else {
        throw Problem(
          .usage, "--columns", "there is no table to take them from", expected: "--confounds")
      }
      out.columns = columns.split(separator: ",").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
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
    out.censoringMethod = censoring
    return out
  }

  /// The confounds of one run; the files are read here.
  ///
  /// - Parameters:
  ///   - runPath: where the run lies: whose its table must be is read from it.
  ///   - number: of the run among those that were given.
  ///   - study: that the run is in.
  package func sources(
    of run: Run, at runPath: String, number: Int, into study: inout LoadedStudy,
    inputs: inout [Provenance]
  ) throws(Problem) -> ConfoundSources {
    var table: Confounds?
    var origins: ComponentOrigins?
    var name = ""
    if confounds.indices.contains(number) {
      let path = confounds[number]
      name = fileName(path)
      try study.admit(table: path, ofRun: runPath)
      table = try Confounds(text: try readTextFile(path), file: name)
      inputs.append(try Provenance("confounds", file: path))
      try table?.requireRows(run.frameCount, file: name)
      origins = try componentOrigins(beside: path)
    }
    try requireColumnsNamed(of: table)
    func tissue(_ path: String?, _ role: String) throws(Problem) -> Volume? {
      guard let path else { return nil }
      let (d, volume) = try study.read(path, as: role == "wm" ? .wm : .csf)
      if let table, table.names.contains(role == "wm" ? "white_matter" : "csf") {
        complain(
          "the confounds' own column \(role == "wm" ? "white_matter" : "csf") is used, not the mean "
            + "of \(d.name)")
      }
      inputs.append(Provenance(role, d))
      return volume
    }
    return try confoundSources(
      run, table: table, name: name.isEmpty ? "--wm, --csf" : name, components: origins,
      whiteMatter: try tissue(wm, "wm"), csf: try tissue(csf, "csf"))
  }

  /// Refuses a table or tissue of which nothing is asked for: what was meant to go would stay in the run.
  ///
  /// - Parameter table: the first run's, where it was read.
  package func requireColumnsNamed(of table: Confounds? = nil) throws(Problem) {
    if let path = confounds.first, !usesConfounds {
      let table =
        if let table { table } else {
          try Confounds(text: try readTextFile(path), file: fileName(path))
        }
      throw Problem(
        .usage, "--confounds", "no columns are named",
        expected: "--preset with a name, or --columns with some of "
          + table.names.prefix(8).joined(separator: ", "))
    }
    if wm != nil || csf != nil, preset == .none, columns == nil {
      throw Problem(
        .usage, wm != nil ? "--wm" : "--csf", "no columns are named that would use it",
        expected: "--preset with a name, or --columns white_matter,csf,w_comp_cor_00,…")
    }
  }

  /// Refuses confounds that are not one file for each run.
  func requireConfounds(forRuns count: Int) throws(Problem) {
    guard confounds.isEmpty || confounds.count == count else {
      throw Problem(
        .usage, "--confounds",
        "there are \(confounds.count) files for \(count) \(count == 1 ? "run" : "runs")",
        expected: "one for each run")
    }
  }

  /// Runs with what is removed from each.
  package func prepared(
    _ loaded: [LoadedRun], _ choice: CleaningChoice, into study: inout LoadedStudy,
    inputs: inout [Provenance], progress: WorkProgress
  ) throws(Problem) -> [PreparedRun] {
    try requireConfounds(forRuns: loaded.count)
    var out: [PreparedRun] = []
    for (number, one) in loaded.enumerated() {
      out.append(
        try PreparedRun(
          one.run, choice: choice,
          sources: try sources(
            of: one.run, at: one.description.path, number: number, into: &study,
            inputs: &inputs),
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

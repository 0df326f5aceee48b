package import Basics
import Connectivity
import ImageFiles
import Imaging
import Perfusion
import Study
import Targeting

extension ReportSource {
  /// What was made of a visit of a cohort, so that its page is of the same cleaning and the same numbers as its
  /// maps and tables.
  package init(
    _ result: BatchResult, _ options: BatchOptions, progress: WorkProgress = .silent
  ) throws(Problem) {
    self.init()
    (subject, session) = (result.visit.subject, result.visit.session)
    if let bold = result.bold { try take(bold, result.visit, options) }
    for one in result.perfusion { take(one, besideRun: result.bold) }
    if let bold = result.bold { files += others(bold.inputs + bold.runs.inputs) }
    let doors = (result.bold.map { [$0.runs.study.files] } ?? []) + result.perfusion.map(\.files)
    uncompared = LoadedStudy.uncomparedSides(doors.flatMap { $0 })
    // One that stands in two of the visit's parts is one file.
    var seen: Set<String> = []
    files = files.filter { seen.insert($0.role + $0.sha256).inserted }
    for finding in result.findings where !findings.contains(finding) { findings.append(finding) }
    for finding in findings where finding.isOfDecidedSides {
      sideDecisions.append(finding.text)
    }
  }

  private mutating func take(
    _ bold: BatchRuns, _ visit: CohortVisit, _ options: BatchOptions
  ) throws(Problem) {
    let loaded = bold.runs.first
    let request = options.request(for: visit)
    (title, space, sideRule) = (loaded.description.name, loaded.space, loaded.sideRule)
    template = bold.runs.study.first?.template
    laterality = loaded.description.laterality
    unmeasured = loaded.description.unmeasuredWord
    (run, prepared, brain) = (loaded, bold.runs.prepared, loaded.run.mask)
    (cleaned, parcels, surroundings) = (bold.reduced, bold.parcels, bold.surroundings)
    (known.networks, known.targets) = (bold.networks, bold.targets)
    confoundsChosen = try request.choice().confoundWords
    if options.preset == nil, request.columns == nil, request.preset != .none {
      confoundsChosen +=
        "; nobody named them: it is the usual preset for the columns of the visit's confounds"
    }
    var study = bold.runs.study
    if let first = options.seeds.first, options.parts.contains(.maps) {
      var inputs: [Provenance] = []
      var context = SeedContext(study, grid: loaded.run.grid)
      seed = try parseSeed(first, &context, inputs: &inputs)
      study = context.study
    }
    try takeProxy(visit, loaded, &study)
    files += study.files.map { ReportFile($0) }
    findings = study.findings
    if options.parts.contains(.networks) {
      (norms, covariates) = (try options.norms.table(), try options.norms.own())
      normsDoubt = options.norms.doubt?.text
    }
  }

  /// Files that no rule about images holds for: tables, norms.
  private func others(_ inputs: [Provenance]) -> [ReportFile] {
    inputs.filter { input in !files.contains { $0.sha256 == input.sha256 } }.map { input in
      ReportFile(
        role: input.role, name: input.path.map(fileName) ?? "kept by the program",
        sha256: input.sha256, path: input.path, isOfPerson: input.role.hasPrefix("confounds"))
    }
  }

  private mutating func takeProxy(
    _ visit: CohortVisit, _ loaded: LoadedRun, _ study: inout LoadedStudy
  ) throws(Problem) {
    let tissue = ProxyFiles(gm: visit.greyMatter, white: visit.whiteMatter)
    let usual = tissue.usual(for: study, canFluctuate: loaded.run.repetitionTimeSeconds != nil)
    var inputs: [Provenance] = []
    proxy = try tissue.read(usual.name, into: &study, inputs: &inputs) ?? .meanBOLD
    if let reason = usual.reason { findings.append(reason) }
  }

  private mutating func take(_ one: BatchPerfusion, besideRun bold: BatchRuns?) {
    let d = one.description
    if bold == nil, title.isEmpty {
      (title, space, laterality) = (d.name, one.space, d.laterality)
      template = one.files.first?.template
      (brain, unmeasured) = (one.brain, d.unmeasuredWord)
      sideRule = Study.sideRule(space, laterality, one.brain)
    }
    files += one.files.map { ReportFile($0) }
    files += one.inputs.filter { input in
      !one.files.contains { $0.sha256 == input.sha256 } && input.sha256 != d.sha256
    }.map { input in
      var file = ReportFile(
        role: input.role, name: input.path.map(fileName) ?? "–", sha256: input.sha256,
        path: input.path, isOfPerson: false)
      file.person = "other people"
      return file
    }
    // A page begins with what is lowest; a table of a cohort stands in the atlas's order.
    var report = one.report
    report.table = report.table.sorted(by: .lowest)
    known.scans.append(report)
    let isShared = bold.map { $0.runs.space == .mni152 && one.space == .mni152 } ?? false
    let placement: Placement = bold == nil ? .alone : isShared ? .sameTemplate : .asStored
    scans.append(
      ReportScan(
        name: d.name, sha256: d.sha256, request: one.request,
        isSimulated: one.isSimulated || d.isSyntheticPerson, placement: placement.words,
        isInWorld: placement != .asStored, role: agreedRole(ofFileAt: d.path)))
  }
}

/// Puts the files of one visit together: which mask, confounds and anatomy belong to which run, and why.
struct VisitSorting {
  private var bold: [(file: SortedFile, isCleaned: Bool)] = []
  private var spect: [(file: SortedFile, reason: String)] = []
  private var masks: [SortedFile] = []
  private var confounds: [SortedFile] = []
  private var references: [SortedFile] = []
  private var anatomies: [SortedFile] = []
  private var tissues: [(file: SortedFile, kind: Companion.Kind)] = []
  private var transforms: [SortedFile] = []
  private var targets: [String] = []
  private var others: [String: Int] = [:]
  private var unknown: [SortedFile] = []
  /// Anatomies and tissue maps of the person's other visits.
  private var elsewhere: [(file: SortedFile, kind: Companion.Kind)] = []

  /// - Parameters:
  ///   - shared: the person's files that belong to no visit.
  ///   - otherVisits: those of the person's other visits.
  init(_ files: [SortedFile], shared: [SortedFile], otherVisits: [SortedFile] = []) {
    for file in files { take(file, isShared: false) }
    for file in shared { take(file, isShared: true) }
    for file in otherVisits {
      switch FileKind(file) {
      case .anatomy: elsewhere.append((file, .anat))
      case .tissue(let kind): elsewhere.append((file, kind))
      default: break
      }
    }
  }

  /// What the person has in a template's space of another visit, where this one has none: fMRIPrep writes one
  /// anatomy for all visits under the visit that it was taken in.
  private func ofAnotherVisit(
    _ kind: Companion.Kind, _ f: SortedFile
  ) -> (file: SortedFile, reason: String)? {
    guard let space = f.name.space, space != "T1w" else { return nil }
    let fitting = elsewhere.filter {
      $0.kind == kind && $0.file.dataset == f.dataset && $0.file.name.space == space
    }
    let visits = Set(fitting.map { $0.file.name.session ?? "" })
    guard visits.count == 1, let visit = visits.first else { return nil }
    let best =
      fitting.first { $0.file.name[.resolution] == f.name[.resolution] } ?? fitting.first
    return best.map { ($0.file, "in space \(space), of \(visit.isEmpty ? "no visit" : visit)") }
  }

  private mutating func take(_ file: SortedFile, isShared: Bool) {
    switch FileKind(file) {
    case .bold(let isCleaned): if !isShared { bold.append((file, isCleaned)) }
    case .spect(let reason): if !isShared { spect.append((file, reason)) }
    case .mask: masks.append(file)
    case .confounds: confounds.append(file)
    case .boldref: references.append(file)
    case .anatomy: anatomies.append(file)
    case .tissue(let kind): tissues.append((file, kind))
    case .transform: transforms.append(file)
    case .target: if !isShared, file.name.suffix == "targets" { targets.append(file.path) }
    case .other(let what): if !isShared { others[what, default: 0] += 1 }
    case .unknown: if !isShared, file.stranger == nil { unknown.append(file) }
    case .nothing: break
    }
  }

  var visit: StudyVisit {
    var out = StudyVisit()
    out.bold = bold.map { run($0.file, isCleaned: $0.isCleaned) }.sorted(by: Self.isMoreUseful)
    out.spect = spect.map { perfusion($0.file, reason: $0.reason) }
      .sorted { a, b in
        if a.rank != b.rank { return a.rank < b.rank }
        return comesBefore(a.path, b.path)
      }
    if out.bold.allSatisfy({ $0.companion(.anat) == nil }) {
      out.anatomies = anatomies.map {
        Companion(
          kind: .anat, path: $0.path, reason: $0.stranger?.reason ?? "the person's anatomy",
          isAbsent: $0.isAbsent, isStrangers: $0.stranger != nil)
      }
      // What may be another person's comes last.
      out.anatomies = out.anatomies.filter { !$0.isStrangers } + out.anatomies.filter(\.isStrangers)
    }
    out.unknown = unknown.map(\.path)
    out.targets = targets
    out.others = others
    return out
  }

  // MARK: - A run

  private func run(_ f: SortedFile, isCleaned: Bool) -> BOLDFile {
    var out = BOLDFile(path: f.path, name: f.name, dataset: f.dataset, layout: f.layout)
    out.isAbsent = f.isAbsent
    out.isStrangers = f.stranger != nil
    out.isCleaned = isCleaned
    out.space = f.layout == .hcp ? "MNI152NLin6Asym" : f.name.space
    out.task = f.name[.task]
    out.run = f.name[.run]
    if f.layout == .hcp, let folder = f.folders.last {
      // rfMRI_REST1_LR: the task, then the direction of phase encoding.
      let words = folder.split(separator: "_")
      out.task = words.dropFirst().first.map(String.init)
      out.run = words.dropFirst(2).joined(separator: "_")
    }
    func add(_ kind: Companion.Kind, _ found: (file: SortedFile, reason: String)?) {
      guard let found else { return }
      out.companions.append(
        Companion(
          kind: kind, path: found.file.path, reason: found.reason, isAbsent: found.file.isAbsent))
    }
    add(.mask, mask(of: f, isCleaned: isCleaned, &out.problems))
    if !isCleaned { add(.confounds, confounds(of: f, &out.problems)) }
    add(.boldref, same(references, as: f, runKeys + [.space, .cohort, .resolution]))
    add(.anat, anatomy(of: f))
    for kind in [Companion.Kind.gm, .wm, .csf] {
      add(kind, tissue(kind, of: f))
    }
    for one in transforms where belongsToRun(one, f) {
      add(.transform, (one, "from \(one.name[.from] ?? "?") to \(one.name[.to] ?? "?")"))
    }
    for one in out.companions where one.isAbsent {
      out.problems.append("\(one.kind.rawValue): its content is absent")
    }
    if f.isAbsent { out.problems.append("its content is absent: a link that leads nowhere") }
    if isCleaned { out.problems.append("its name says that it was cleaned before") }
    return out
  }

  /// What names a run, without the space that it is in.
  private let runKeys: [EntityName.Key] = [
    .subject, .session, .task, .acquisition, .reconstruction, .direction, .run,
  ]

  /// Whether a table of confounds is of one run: a table of a single echo is of that echo alone.
  private func isOfRun(_ table: SortedFile, _ f: SortedFile) -> Bool {
    table.name.agrees(with: f.name, in: runKeys) && table.name.others == f.name.others
      && (table.name[.echo] == nil || table.name[.echo] == f.name[.echo])
  }

  /// A file of the same dataset that agrees in these entities.
  private func same(
    _ files: [SortedFile], as f: SortedFile, _ keys: [EntityName.Key]
  ) -> (file: SortedFile, reason: String)? {
    guard f.layout != .plain, f.layout != .hcp else { return nil }
    return files.first {
      $0.dataset == f.dataset && $0.folders == f.folders && $0.name.agrees(with: f.name, in: keys)
        && $0.name.others == f.name.others
    }
    .map { ($0, "same run and space by its name") }
  }

  private func mask(
    of f: SortedFile, isCleaned: Bool, _ problems: inout [String]
  ) -> (file: SortedFile, reason: String)? {
    if f.layout == .hcp {
      return masks.first { $0.folders == f.folders && $0.dataset == f.dataset }.map {
        ($0, "in the folder of the run")
      }
    }
    if f.layout == .plain { return alone(masks, beside: f) }
    let functional = masks.filter {
      $0.name[.task] != nil || $0.name.agrees(with: f.name, in: runKeys)
    }
    if let found = same(functional, as: f, runKeys + [.space, .cohort, .resolution]) {
      return found
    }
    // XCP-D keeps the grid of its input, and masks stay there.
    let elsewhere = functional.filter {
      isCleaned && $0.name.others == f.name.others
        && $0.name.agrees(with: f.name, in: runKeys + [.space, .cohort, .resolution])
    }
    if elsewhere.count == 1 {
      return (
        elsewhere[0], "same run and space by its name, in \(shown(elsewhere[0].dataset))"
      )
    }
    if elsewhere.count > 1 {
      problems.append("\(elsewhere.count) pipelines have a mask of this run: none is taken")
      return nil
    }
    // `res-` is there or not.
    let close = functional.filter {
      $0.dataset == f.dataset && $0.folders == f.folders && $0.name.others == f.name.others
        && $0.name.agrees(with: f.name, in: runKeys + [.space, .cohort])
    }
    return close.count == 1 && (close[0].name[.resolution] == nil || f.name[.resolution] == nil)
      ? (close[0], "same run and space by its name; only one of the two names states a resolution")
      : nil
  }

  private func confounds(
    of f: SortedFile, _ problems: inout [String]
  ) -> (file: SortedFile, reason: String)? {
    if f.layout == .plain { return alone(confounds, beside: f) }
    if f.layout == .hcp { return nil }
    let near = confounds.filter { $0.dataset == f.dataset && $0.folders == f.folders }
    let own = near.filter { isOfRun($0, f) }
    if own.count == 1 { return (own[0], "same run by its name") }
    if own.count > 1 {
      let best = own.filter { $0.name[.description] == "confounds" }
      if best.count == 1 { return (best[0], "same run by its name") }
      problems.append("\(own.count) tables of confounds are named as this run: none is taken")
      return nil
    }
    // `acq-` and the like stand in some names only; then one table must be the only one that can be meant. What
    // has another run, or one where the series has none, is of another series.
    let loosely: [EntityName.Key] = [.acquisition, .reconstruction, .direction]
    let strictly = runKeys.filter { !loosely.contains($0) }
    func mayBe(_ table: SortedFile, _ run: SortedFile) -> Bool {
      table.name.agrees(with: run.name, in: strictly) && table.name[.echo] == nil
        && table.name.others == run.name.others
        && loosely.allSatisfy {
          table.name[$0] == run.name[$0] || table.name[$0] == nil || run.name[$0] == nil
        }
    }
    let loose = near.filter { mayBe($0, f) }
    let runs = bold.filter { other in
      other.file.dataset == f.dataset && loose.contains { mayBe($0, other.file) }
    }
    let isOneRun = Set(runs.map { other in runKeys.map { other.file.name[$0] ?? "" } }).count == 1
    if loose.count == 1, isOneRun {
      return (loose[0], "the only table that its name can mean")
    }
    if loose.count > 1 {
      problems.append("\(loose.count) tables of confounds could be meant: none is taken")
    } else if loose.isEmpty, f.name[.run] == nil,
      near.contains(where: { $0.name[.task] == f.name[.task] && $0.name[.run] != nil })
    {
      problems.append("confounds are of single runs, and this series states none: none is taken")
    }
    return nil
  }

  private func anatomy(of f: SortedFile) -> (file: SortedFile, reason: String)? {
    if f.layout == .hcp {
      // What lies in the folder T1w is where AC and PC are, and not in MNI space.
      return anatomies.first {
        $0.layout == .hcp && $0.dataset == f.dataset && $0.folders.last == "MNINonLinear"
      }.map {
        ($0, "the HCP's anatomy in MNI space")
      }
    }
    if f.layout == .plain { return alone(anatomies, beside: f) }
    let space = f.name.space
    let own = anatomies.filter { $0.dataset == f.dataset }
    // What is in the T1w's own space has no `space-`.
    let wanted = space == "T1w" ? nil : space
    let fitting = own.filter { $0.name.space == wanted && $0.name.suffix == "T1w" }
    guard !fitting.isEmpty else { return ofAnotherVisit(.anat, f) }
    if space == nil, f.name[.description] == "preproc" {
      // fMRIPrep's run without a space lies where the scanner put it, its T1w does not.
      return nil
    }
    let ranked = fitting.min { a, b in anatomyRank(a, f) < anatomyRank(b, f) }
    let best = ranked
    return best.map {
      ($0, space.map { "anatomy in space \($0)" } ?? "anatomy as the scanner laid it")
    }
  }

  /// The whole head as a pipeline leaves it first, then as it came; special ones last.
  private func anatomyRank(_ a: SortedFile, _ f: SortedFile) -> Int {
    let description = a.name[.description]
    return (a.name[.acquisition] == nil ? 0 : 100)
      + (description == "preproc" ? 0 : description == nil ? 10 : 20)
      + (a.name[.resolution] == f.name[.resolution] ? 0 : 1)
  }

  private func tissue(
    _ kind: Companion.Kind, of f: SortedFile
  ) -> (file: SortedFile, reason: String)? {
    guard f.layout != .plain, f.layout != .hcp, let space = f.name.space else { return nil }
    let wanted = space == "T1w" ? nil : space
    let fitting = tissues.filter {
      $0.kind == kind && $0.file.dataset == f.dataset && $0.file.name.space == wanted
    }
    let best =
      fitting.first { $0.file.name[.resolution] == f.name[.resolution] } ?? fitting.first
    return best.map { ($0.file, "tissue map in space \(space)") } ?? ofAnotherVisit(kind, f)
  }

  private func belongsToRun(_ transform: SortedFile, _ f: SortedFile) -> Bool {
    guard transform.dataset == f.dataset else { return false }
    return transform.name[.task] == nil || transform.name.agrees(with: f.name, in: runKeys)
  }

  /// In a plain folder names agree on nothing: a file belongs to a run where both are the only ones of their kind
  /// in the folder, or where its name begins as the run's.
  private func alone(
    _ files: [SortedFile], beside f: SortedFile
  ) -> (file: SortedFile, reason: String)? {
    // A run takes nothing that is named as another person's than itself.
    let near = files.filter {
      $0.folders == f.folders && $0.dataset == f.dataset && $0.stranger == f.stranger
    }
    // The run whose name the file's begins with, in whole words; of several runs the longest name.
    func begins(_ file: SortedFile, _ run: SortedFile) -> Bool {
      guard file.name.stem.hasPrefix(run.name.stem) else { return false }
      let next = file.name.stem.dropFirst(run.name.stem.count).first
      return next.map { !$0.isLetter && !$0.isNumber } ?? true
    }
    let beside = bold.map(\.file).filter { $0.folders == f.folders && $0.dataset == f.dataset }
    let begun = near.filter { file in
      begins(file, f)
        && !beside.contains { $0.name.stem.count > f.name.stem.count && begins(file, $0) }
    }
    if begun.count == 1 { return (begun[0], "its name begins as the run's") }
    let runs = beside.filter { $0.stranger == f.stranger }
    guard near.count == 1, runs.count == 1 else { return nil }
    return (near[0], "the only one beside the only run of the folder")
  }

  private func shown(_ dataset: String) -> String {
    dataset.isEmpty ? "the folder itself" : dataset
  }

  // MARK: - Perfusion

  private func perfusion(_ f: SortedFile, reason: String) -> SPECTFile {
    var out = SPECTFile(
      path: f.path, name: f.name, dataset: f.dataset,
      reason: f.stranger.map { "\(reason); \($0.reason)" } ?? reason)
    (out.isAbsent, out.isStrangers) = (f.isAbsent, f.stranger != nil)
    out.space = f.name.space
    out.tracer = f.name[.tracer]
    let words = f.words
    // Its own name counts for more than its visit's, and that for more than a folder's.
    let said = SaidRole(f.name)
    out.role =
      said.isOfImage
      ? said.role
      : said.ofVisit
        ?? f.folders.suffix(2).reversed().lazy.compactMap { perfusionRole(lowerWords($0)) }.first
    if out.tracer == nil {
      out.tracer =
        [("hmpao", "HMPAO"), ("ceretec", "HMPAO"), ("ecd", "ECD"), ("neurolite", "ECD")]
        .first { words.contains(Substring($0.0)) }?.1
    }
    return out
  }

  // MARK: - What is shown first

  /// A run that can be looked at beside SPECT and atlas comes first: in MNI space, combined, cleaned last.
  private static func isMoreUseful(_ a: BOLDFile, _ b: BOLDFile) -> Bool {
    let (x, y) = (usefulness(a), usefulness(b))
    if x != y { return x.lexicographicallyPrecedes(y) }
    return comesBefore(a.path, b.path)
  }

  private static func usefulness(_ b: BOLDFile) -> [Int] {
    let spaces = ["MNI152NLin2009cAsym", "MNI152NLin6Asym"]
    let space = b.space.flatMap { spaces.firstIndex(of: $0) }
    return [
      b.isStrangers ? 1 : 0, b.isAbsent ? 1 : 0, b.name[.echo] == nil ? 0 : 1,
      b.task.map { $0.lowercased().contains("rest") } ?? true ? 0 : 1,
      space ?? (b.isMNI ? 2 : b.space == "T1w" ? 3 : b.space == nil ? 4 : 5),
      b.layout == .hcp ? (b.isCleaned ? 0 : 1) : (b.isCleaned ? 1 : 0),
    ]
  }
}

extension SPECTFile {
  /// Ictal before interictal, what is in MNI space first.
  fileprivate var rank: Int {
    let roles = ["ictal", "interictal", "baseline", "challenge"]
    return (isStrangers ? 1000 : 0) + (isAbsent ? 100 : 0)
      + (space?.hasPrefix("MNI152") ?? false ? 0 : 10)
      + (role.flatMap { roles.firstIndex(of: $0) } ?? roles.count)
  }
}

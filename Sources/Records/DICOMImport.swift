package import Basics
import Foundation
package import ImageFiles
import Imaging
import Study

/// DICOM series written as NIfTI with BIDS names and sidecars. Who it is of is said by the one who imports, never
/// taken from the files.
package struct DICOMImport: Sendable {
  /// Where the data set's folder is, or will be.
  package var output: String
  package var subject: String
  package var session: String?
  /// What was done during runs; nil where each series' own description is asked.
  package var task: String?
  /// Why a folder that holds another patient's images takes these too; nil where that is refused.
  package var otherPerson: String?
  /// The suffix of a series whose kind nothing tells, such as T1w.
  package var suffix: String?
  package var force: Bool

  /// One series that was written.
  package struct Imported: Sendable {
    package let series: DICOMSeries
    /// From the output folder.
    package let image: String
    package let sidecar: String
    package let sha256: String
    package let findings: [Finding]
  }

  /// What was done and what was not, and why.
  package struct Outcome: Sendable {
    package var imported: [Imported] = []
    package var skipped: [Problem] = []
    /// What is to be said of all of them.
    package var findings: [Finding] = []
    /// Why it could not be kept whose they are.
    package var unkept: Problem?
  }

  package init(
    output: String, subject: String, session: String?, task: String?, suffix: String?, force: Bool,
    otherPerson: String? = nil
  ) throws(Problem) {
    self.output = output
    self.subject = try Self.label(subject, "sub-", "--sub")
    self.session = try session.map { (text) throws(Problem) in try Self.label(text, "ses-", "--ses")
    }
    self.task = try task.map { (text) throws(Problem) in
      try Self.label(text, "task-", "--task")
    }
    self.otherPerson = try otherPerson.map { (text) throws(Problem) in
      try typedReason(text, of: "--other-person", expected: "why they belong together, in words")
    }
    self.suffix = suffix
    self.force = force
    if let suffix, !Self.suffixes.contains(suffix) {
      throw Problem(
        .usage, "--as", "\(visibleText(suffix, limit: 30)) is no kind of image",
        expected: Self.suffixes.joined(separator: ", "))
    }
  }

  package static let suffixes = ["bold", "T1w", "T2w", "FLAIR", "spect", "pet", "ct"]

  /// A label of BIDS: letters and digits, with or without its key.
  private static func label(
    _ text: String, _ key: String, _ option: String
  ) throws(Problem) -> String {
    let label = text.hasPrefix(key) ? String(text.dropFirst(key.count)) : text
    guard !label.isEmpty, label.utf8.allSatisfy({ isAlphanumeric($0) }) else {
      throw Problem(
        .usage, option, "\(visibleText(text, limit: 40)) is no label",
        expected: "letters and digits, such as 01")
    }
    return label
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }

  /// Writes series of a folder, each whole or not at all.
  ///
  /// - Parameter names: numbers or UIDs; none takes every series that can be opened and whose kind is known.
  package func run(
    _ folder: DICOMFolder, _ names: [String], progress: WorkProgress
  ) throws(Problem) -> Outcome {
    var outcome = Outcome()
    var wanted: [(series: DICOMSeries, suffix: String)] = []
    var chosen: [DICOMSeries] = []
    for name in names {
      let one = try folder.series(named: name)
      if let problem = one.problem { throw problem }
      chosen.append(one)
    }
    if suffix != nil, chosen.count != 1 {
      throw Problem(
        .usage, "--as", "it says what one series is", expected: "one --series beside it")
    }
    for one in names.isEmpty ? folder.series : chosen {
      switch decided(one) {
      case .success(let suffix): wanted.append((one, suffix))
      case .failure(let problem) where names.isEmpty: outcome.skipped.append(problem)
      case .failure(let problem): throw problem
      }
    }
    guard let first = wanted.first?.series else {
      throw outcome.skipped.first
        ?? Problem(.data, "DICOM", "there is no series that can be imported")
    }
    if let other = wanted.first(where: { $0.series.person.isAnother(than: first.person) })?.series {
      throw Problem(
        .data, other.words, "it is of another patient than \(first.words)",
        expected: "one patient for sub-\(subject)", remedy: "Choose series with --series")
    }
    do throws(Problem) { outcome.findings = try checkPerson(first) } catch {
      // Without a state folder nothing is known of whose the images there are, which is said.
      if error.kind == .data { throw error }
      outcome.unkept = error
      outcome.findings = [Finding("person-unknown", .warning, error.sentence)]
    }
    outcome.findings += wanted.compactMap { statedKind(of: $0.series, $0.suffix) }
    let places = Self.numbered(wanted.map { stem($0.series, $0.suffix) })
    let paths = places.map { "\(output)/\($0).nii.gz" }
    for place in places { try requireNoLink(below: output, place) }
    for path in paths {
      try AtomicFile.checkFree(path, overwrite: force)
      try AtomicFile.checkFree(sidecarPath(path), overwrite: force)
      try requireOwnJSON(sidecarPath(path))
    }
    for (n, one) in wanted.enumerated() {
      try progress.check()
      try write(one.series, one.suffix, to: paths[n], named: places[n], &outcome, progress)
    }
    return outcome
  }

  /// Writes one series and takes it up, or leaves nothing, not even the folder.
  private func write(
    _ series: DICOMSeries, _ suffix: String, to path: String, named name: String,
    _ outcome: inout Outcome, _ progress: WorkProgress
  ) throws(Problem) {
    let folders = MadeFolders()
    do throws(Problem) {
      try folders.make(
        URL(filePath: path).deletingLastPathComponent().path,
        expected: "an output folder that can be written to")
      let (one, unkept) = try write(
        series, suffix, to: path, named: name, decisions: outcome.findings, progress: progress)
      outcome.imported.append(one)
      outcome.unkept = outcome.unkept ?? unkept
    } catch {
      folders.undo()
      throw error
    }
  }

  /// What is told where a person says that a series is something that its class is not.
  private func statedKind(of series: DICOMSeries, _ suffix: String) -> Finding? {
    let fits: Bool =
      switch series.kind {
      case .nuclear: suffix == "spect"
      case .positron, .enhancedPositron: suffix == "pet"
      case .tomography, .enhancedTomography: suffix == "ct"
      case .magneticResonance, .enhancedMagneticResonance:
        ["bold", "T1w", "T2w", "FLAIR"].contains(suffix)
      case .other: true
      }
    if fits { return nil }
    return Finding(
      "kind-stated", .warning,
      "Its SOP class says \(series.kind.name); it is taken over as \(suffix) because --as says so.")
  }

  /// What a series is imported as, or why it is not.
  private func decided(_ series: DICOMSeries) -> Result<String, Problem> {
    if let problem = series.problem { return .failure(problem) }
    if let suffix { return .success(suffix) }
    do throws(Problem) { return .success(try kind(of: series)) } catch { return .failure(error) }
  }

  /// What BIDS calls the series, by its class, its shape and what its description says.
  private func kind(of series: DICOMSeries) throws(Problem) -> String {
    let words = series.description.lowercased()
    func says(_ any: [String]) -> Bool { any.contains { words.contains($0) } }
    let choice = "Say what it is with --series \(series.number.map { "\($0)" } ?? series.uid) --as"
    switch series.kind {
    case .nuclear: return "spect"
    case .positron, .enhancedPositron: return "pet"
    case .tomography, .enhancedTomography: return "ct"
    default: break
    }
    if SeriesRole(series) == .bold {
      guard !says(["dwi", "dti", "diff", "asl", "perf"]) else {
        throw Problem(
          .data, series.words, "its description speaks of diffusion or perfusion, not of BOLD",
          expected: "a BOLD run", remedy: choice)
      }
      return "bold"
    }
    if says(["flair"]) { return "FLAIR" }
    if says(["t1", "mprage", "mp-rage", "spgr", "bravo", "tfl3d"]) { return "T1w" }
    if says(["t2"]), !says(["t2*", "t2star"]) { return "T2w" }
    throw Problem(
      .data, series.words, "its description does not say which contrast it has",
      expected: "T1, T2 or FLAIR in it", remedy: choice)
  }

  static let unknownTask = "unknown"

  /// What was said to have been done, or what the description of a series says: never what is usual.
  func task(of series: DICOMSeries) -> String {
    if let task { return task }
    let words = series.description.lowercased().split { !$0.isLetter && !$0.isNumber }
    if let at = words.firstIndex(of: "task"), at + 1 < words.count,
      words[at + 1].utf8.allSatisfy(Self.isAlphanumeric)
    {
      return String(words[at + 1])
    }
    let rest: Set<Substring> = [
      "rest", "resting", "restingstate", "rsfmri", "rsbold", "rest1", "rest2",
    ]
    return words.contains(where: rest.contains) ? "rest" : Self.unknownTask
  }

  /// Refuses to lay one patient's images among another's, as far as it was kept whose those are.
  private func checkPerson(_ series: DICOMSeries) throws(Problem) -> [Finding] {
    let people = KeptPeople()
    let folder = output + "/sub-" + subject
    let own = try people.mark(series.person, path: folder)
    var unknown = 0
    for image in Self.images(in: folder) {
      guard let hash = Self.imageHash(beside: image), let mark = try people.stored(hash) else {
        unknown += 1
        continue
      }
      guard mark.isAnother(than: own) else { continue }
      let found = "sub-\(subject) holds another patient's images than \(series.words)"
      guard let otherPerson else {
        throw Problem(
          .data, fileName(image), found, expected: "one patient in a folder",
          remedy: "Choose another --sub; if they are one person, say with --other-person why")
      }
      return [
        Finding("other-person", .warning, "\(found); taken in by decision: \(otherPerson)")
      ]
    }
    if unknown == 0 { return [] }
    return [
      Finding(
        "person-unknown", .warning,
        "Whose \(unknown) of the images in sub-\(subject) are was not kept here: that they are this patient's is not shown."
      )
    ]
  }

  private static func images(in folder: String) -> [String] {
    guard let below = FileManager.default.enumerator(atPath: folder) else { return [] }
    return below.compactMap { $0 as? String }.filter {
      $0.hasSuffix(".nii.gz") || $0.hasSuffix(".nii")
    }
    .sorted().map { folder + "/" + $0 }
  }

  /// What the sidecar that was written with an image calls it.
  private static func imageHash(beside image: String) -> String? {
    guard let text = try? readTextFile(sidecarPath(image)) else { return nil }
    return (try? JSON.parse(text).value)?["image"]?["sha256"]?.asString
  }

  /// Folder and name without a run.
  private func stem(_ series: DICOMSeries, _ suffix: String) -> (folder: String, name: String) {
    let kinds = ["bold": "func", "spect": "spect", "pet": "pet", "ct": "ct"]
    var folder = "sub-\(subject)"
    var name = "sub-\(subject)"
    if let session {
      folder += "/ses-\(session)"
      name += "_ses-\(session)"
    }
    if suffix == "bold" { name += "_task-\(task(of: series))" }
    let tracer = (series.tracer ?? "").utf8.filter { Self.isAlphanumeric($0) }
    if suffix == "spect" || suffix == "pet", !tracer.isEmpty {
      name += "_trc-" + String(decoding: tracer.prefix(24), as: UTF8.self)
    }
    return ("\(folder)/\(kinds[suffix] ?? "anat")", name + "\n_\(suffix)")
  }

  /// The same with a run's number where two would have one name.
  private static func numbered(_ stems: [(folder: String, name: String)]) -> [String] {
    let all = stems.map { $0.folder + "/" + $0.name }
    var seen: [String: Int] = [:]
    return all.map { one in
      let run = (seen[one] ?? 0) + 1
      seen[one] = run
      let count = all.count { $0 == one }
      return one.replacingOccurrences(of: "\n", with: count > 1 ? "_run-\(run)" : "")
    }
  }

  private func write(
    _ series: DICOMSeries, _ suffix: String, to path: String, named name: String,
    decisions: [Finding], progress: WorkProgress
  ) throws(Problem) -> (Imported, unkept: Problem?) {
    let frames = try ImageFrames(series)
    let header = frames.header
    let sidecar = series.sidecar ?? []
    let set = FileSet(overwrite: force)
    let seconds = header.blockingTime == nil ? header.headerRepetitionTimeSeconds : nil
    let isWhole = header.type == .int16 && header.slope == 1 && header.intercept == 0
    let hash = try ImageWriter.add(
      path,
      ImageWriter.Content(
        grid: header.grid, formCode: header.formCode, frameCount: header.frameCount,
        repetitionTimeSeconds: seconds, note: "boldspect \(boldspectVersion) import, research use"),
      storage: isWhole ? .int16(slope: 1) : .float32, to: set, progress: progress,
      lineage: { () throws(Problem) in
        LineageExtension(
          ancestors: try frames.origin(), findings: decisions.filter(Lineage.isInherited))
      },
      frame: { (_) throws(Problem) in try frames.next() })
    let read = try frames.finish()
    var members = sidecar.filter {
      $0.key != "RepetitionTime" || seconds != nil || !header.isSeries
    }
    if suffix == "bold" { members.append(("TaskName", .string(task(of: series)))) }
    let json = JSON.object(
      [("GeneratedBy", JSON.string("boldspect")), ("version", .string(boldspectVersion))]
        + members.map { ($0.key, $0.value) } + [
          ("SourcesSHA256", .string(read.sha256)),
          ("findings", findingsJSON(read.findings + decisions)),
          (
            "image",
            .object([("sha256", .string(hash)), ("compressed", .bool(true))])
          ), ("notice", .string(researchUse)),
        ])
    try set.add(sidecarPath(path), json.text + "\n")
    try set.commit(last: path)
    var (findings, unkept): ([Finding], Problem?) = (read.findings, nil)
    do throws(Problem) {
      for known in [hash, read.voxelsSHA256].compactMap({ $0 }) {
        try KeptPeople().keep(header.patient, path: path, sha256: known)
      }
    } catch {
      unkept = error
      findings.append(Finding("person-unknown", .warning, error.sentence, file: name + ".nii.gz"))
    }
    if suffix == "bold", task(of: series) == Self.unknownTask {
      findings.append(
        Finding(
          "task-unknown", .warning,
          "Nothing says what was done during \(series.words): it is called task-\(Self.unknownTask); --task names it.",
          file: name + ".nii.gz"))
    }
    return (
      Imported(
        series: series, image: name + ".nii.gz", sidecar: name + ".json", sha256: hash,
        findings: findings), unkept
    )
  }
}

import Basics
import Connectivity
import Foundation
import ImageFiles
import Imaging
import Records
import Study
import Workflows

/// Writes everything of a visit as one save, its record last.
struct VisitFiles {
  let folder: CohortFolder
  let visit: CohortVisit
  private let set = FileSet(overwrite: true)
  private var outputs: [VisitRecord.File] = []

  init(_ folder: CohortFolder, _ visit: CohortVisit) {
    self.folder = folder
    self.visit = visit
  }

  /// Prepares all files under private names; `commit` puts them in their places.
  mutating func add(
    _ result: BatchResult, _ options: BatchOptions, progress: WorkProgress
  ) throws(Problem) {
    if let bold = result.bold { try addMaps(bold) }
    for (n, one) in result.perfusion.enumerated() {
      try addPerfusion(one, number: result.perfusion.count > 1 ? n + 1 : nil)
    }
    for table in result.tables { try addTable(table, result) }
    if let picture = try Thumbnail.png(of: result) {
      try add("_desc-qc_thumbnail.png", picture, role: "picture")
    }
    if options.parts.contains(.report) { try addReport(result, options, progress) }
  }

  /// The visit's page for people, of the same numbers as its maps and tables.
  private mutating func addReport(
    _ result: BatchResult, _ options: BatchOptions, _ progress: WorkProgress
  ) throws(Problem) {
    let wish = try ReportWish(options.target, wantsTargets: options.parts.contains(.targets))
    let source = try ReportSource(result, options, progress: progress)
    let report = ChartReport(
      try ReportResults(source, wish, progress: progress), maker: .ofCohort)
    let page = try report.page(progress: progress)
    try add("_report.html", Array(page.html.utf8), role: "report")
    try add("_report.txt", Array(page.text.utf8), role: "report")
  }

  private mutating func add(_ ending: String, _ bytes: [UInt8], role: String) throws(Problem) {
    let path = folder.stem(of: visit) + ending
    let hash = try set.add(folder.root + "/" + path) { (put) throws(Problem) in try put(bytes) }
    outputs.append(VisitRecord.File(role: role, path: path, sha256: hash))
  }

  private mutating func add(
    _ derived: Derived, _ volume: Volume, formCode: Int, ending: String
  ) throws(Problem) {
    let path = folder.stem(of: visit) + ending + ".nii.gz"
    let full = folder.root + "/" + path
    try derived.add(
      ImageWriter.Content(grid: volume.grid, formCode: formCode, note: derived.note), at: full,
      to: set
    ) { (_) throws(Problem) in volume.values }
    for (role, name) in [("map", path), ("sidecar", sidecarPath(path))] {
      outputs.append(
        VisitRecord.File(
          role: role, path: name, sha256: try set.hash(of: folder.root + "/" + name)))
    }
  }

  private mutating func addMaps(_ bold: BatchRuns) throws(Problem) {
    for map in bold.maps {
      let derived = Derived(
        command: "bids", inputs: bold.runs.inputs + map.inputs, space: bold.runs.space,
        parameters: [("measure", .string(map.measure))] + map.parameters + map.cleaning,
        findings: bold.runs.findings, isSimulated: bold.runs.isSimulated, meaning: map.meaning)
      try add(
        derived, map.volume, formCode: bold.runs.first.description.formCode,
        ending: "_\(map.entities)_boldmap")
    }
  }

  private mutating func addPerfusion(_ one: BatchPerfusion, number: Int?) throws(Problem) {
    let page = PerfusionPage(
      report: one.report, spheres: [], space: one.space, isSimulated: one.isSimulated,
      brainVoxels: one.brain.count, brainOrigin: one.brain.origin)
    // The name says nothing of perfusion that a list of people could take for a scan.
    let run = number.map { "_run-\($0)" } ?? ""
    for (name, measure, map) in [
      ("percent", perfusionMeasure, page.percentMap),
      ("asymmetry", perfusionAsymmetryMeasure, page.asymmetryMap),
      ("z", perfusionScoreMeasure, page.zMap),
    ] {
      guard let map else { continue }
      let derived = Derived(
        command: "bids", inputs: one.inputs, space: one.space,
        parameters: [("measure", .string(measure)), ("value", .string(map.words))]
          + page.parameters, findings: one.findings, isSimulated: one.isSimulated,
        meaning: map.meaning)
      try add(
        derived, map.volume, formCode: one.formCode, ending: "\(run)_stat-\(name)_cerebralmap")
    }
  }

  private mutating func addTable(_ table: CohortTable, _ result: BatchResult) throws(Problem) {
    let ending = "_" + table.kind
    try add(ending + ".tsv", Array(table.text.utf8), role: "table")
    let derived = Derived(
      command: "bids", inputs: result.provenance,
      space: result.bold?.runs.space ?? result.perfusion.first?.space ?? .native,
      parameters: parameters(of: table, result), findings: result.findings,
      isSimulated: result.isSimulated)
    let sidecar = derived.json.adding([
      ("table_sha256", .string(outputs.last?.sha256 ?? "")), ("columns", .object(table.dictionary)),
    ])
    try add(ending + ".json", Array((sidecar.text + "\n").utf8), role: "sidecar")
  }

  /// How the runs were cleaned for a table; targets are looked for in data that their protocol cleans.
  private func parameters(of table: CohortTable, _ result: BatchResult) -> [(String, JSON)] {
    guard let bold = result.bold, table.kind != "perfusion" else { return [] }
    let reduced = table.kind == "targets" ? bold.searched ?? bold.reduced : bold.reduced
    // Which frames were lost is of each run, and the same for both.
    let own =
      table.kind != "targets"
      ? [] : denoisingJSON(reduced.denoising).filter { !$0.0.hasPrefix("frames_") }
    return bold.runs.parameters(reduced).map { known in own.first { $0.0 == known.0 } ?? known }
  }

  /// All files take their places, the record last.
  mutating func commit(
    inputs: [VisitRecord.File], options: JSON, reason: String, cleaning: [(String, JSON)]
  ) throws(Problem) {
    let record = VisitRecord(
      version: boldspectVersion, options: options, inputs: inputs, outputs: outputs,
      reason: reason, cleaning: cleaning)
    let path = folder.recordPath(of: visit)
    try set.add(path, record.json.text + "\n")
    // As long as the old record stands, what it lists is known; what it lists too much goes first.
    folder.removeResults(of: visit, except: Set(outputs.map(\.path)))
    try set.commit(last: path)
    for output in outputs {
      folder.hashes.learn(output.sha256, of: folder.root + "/" + output.path)
    }
  }
}

extension BatchResult {
  var isSimulated: Bool {
    bold?.runs.isSimulated ?? false || perfusion.contains(where: \.isSimulated)
  }
}

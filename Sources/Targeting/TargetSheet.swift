package import Basics
import Connectivity
import Imaging

/// One page about a target for a person's file: what it is, what it rests on, what speaks against it.
///
/// - Parameters:
///   - inputs: roles and hashes of the files; never their names, which may be a person's.
///   - coil: lines about the coil, where one was planned.
package func targetSheet(
  _ record: TargetRecord, _ report: TargetReport, inputs: [Provenance],
  coil: [String] = [], version: String, notice: String
) -> String {
  var page = TargetPage(record: record, report: report)
  page.addPlace()
  page.addEvidence()
  page.addComparators()
  for line in coil { page.row(line == coil.first ? "coil" : "", line) }
  page.addWarnings()
  for (n, line) in report.settings.evidence.enumerated() { page.row(n == 0 ? "studies" : "", line) }
  page.lines.append("")
  for input in inputs { page.row(input.role, "sha256 \(input.sha256)") }
  page.row("program", "boldspect \(version)")
  page.lines += folded(notice, 78)
  return page.lines.joined(separator: "\n") + "\n"
}

/// The page while it is written.
private struct TargetPage {
  let record: TargetRecord
  let report: TargetReport
  var lines: [String] = []

  /// The search's candidate that lies at the record's place.
  private var candidate: Candidate? { report.candidate(at: record.point) }

  mutating func row(_ name: String, _ text: String) {
    for (n, line) in folded(text, 62).enumerated() {
      let head = n == 0 ? name : ""
      lines.append(head + String(repeating: " ", count: max(1, 16 - head.count)) + line)
    }
  }

  mutating func addPlace() {
    lines = ["TMS TARGET  \(visibleText(record.name, limit: 60))", ""]
    row("person", record.person ?? "not told by the image's name")
    row("side", record.side.rawValue)
    let p = record.point
    let mm = [p.x, p.y, p.z].map { fixed($0, 1, signed: true) }.joined(separator: " ")
    row("place", "\(mm) mm RAS+, \(record.spaceName)")
    if let native = record.native { row("", native.words) }
    if let label = record.label { row("label", label) }
    row("decision", record.decisionWords ?? "none")
    if !record.note.isEmpty { row("note", visibleText(record.note)) }
    row("method", record.method)
    let minutes = report.secondsKept.map { "\(fixed($0 / 60, 1)) min kept" } ?? "unknown time"
    row(
      "data",
      "\(minutes), \(report.degreesOfFreedom) degrees of freedom"
        + (isFirst
          ? report.effectiveN.map { ", \(fixed($0, 0)) effective observations" } ?? "" : "") + ", "
        + (report.modelsMotion ? "motion modelled" : "MOTION NOT MODELLED"))
    if let r = record.r {
      row(
        "coupling",
        "r \(fixed(r, 3, signed: true)) with \(report.settings.seed.title), \(report.denoising.summary)"
          + (candidate == nil ? "" : "; \(report.extremeWords)"))
      if let words = candidate.flatMap(report.otherwiseWords) { row("", words) }
    } else if candidate == nil {
      row("coupling", "no r is known at this place")
    }
    lines.append("")
  }

  /// Whether it is the first candidate, of which alone radius, halves and effective observations are known.
  private var isFirst: Bool { candidate?.rank == 1 }

  mutating func addEvidence() {
    let first = report.result.candidates.first
    if let first, isFirst {
      row(
        "evidence",
        "\(first.pWords), \(first.voxelCount) voxels; "
          + report.nullWords)
      for line in report.confidenceLines where !line.hasPrefix("budget, ") { row("", line) }
      for line in report.budget.lines { row(line == report.budget.lines[0] ? "budget" : "", line) }
    } else if let candidate {
      row(
        "evidence",
        "\(candidate.pWords), \(candidate.voxelCount) voxels; \(report.nullWords). This is not the search's first candidate; no radius is known for it"
      )
    } else {
      row(
        "evidence", "no candidate of the search: no p, radius or verdict is known for this place")
    }
    if candidate != nil { row("verdict", report.verdict) }
    if let footprint = first?.footprint, isFirst {
      row("networks", footprint.words + " (12 mm cone)")
    }
    lines.append("")
  }

  mutating func addComparators() {
    lines.append("published site      mm away   r       r without  networks")
    for c in report.comparators {
      func number(_ r: Double?) -> String { r.map { fixed($0, 2, signed: true) } ?? "–" }
      let away = fixed(c.site.point.distance(to: record.point), 1)
      let cells = [
        (c.site.name, 20), (away, 10), (number(c.r), 8), (number(c.rWithout), 11),
      ]
      lines.append(
        cells.map { $0.0 + String(repeating: " ", count: max(1, $0.1 - $0.0.count)) }.joined()
          + (c.footprint?.words(fitting: 30) ?? ""))
    }
    let removed = report.settings.removesGlobalSignal
    lines.append(
      "(r: \(removed ? "with" : "without") global-signal removal; r without: \(report.otherChoiceWords))"
    )
    lines.append("")
  }

  mutating func addWarnings() {
    let seen = record.isAcknowledged ? "seen and confirmed" : "not confirmed by a person"
    row(
      "warnings",
      record.warnings.isEmpty ? "none; \(seen)" : "\(record.warnings.count), \(seen):")
    for warning in record.warnings { row("", warning) }
    lines.append("")
  }
}

/// Text in lines of at most so many characters, broken between words; a longer word stands alone.
func folded(_ text: String, _ width: Int) -> [String] {
  var lines: [String] = []
  var line = ""
  for word in text.split(separator: " ") {
    if !line.isEmpty, line.count + 1 + word.count > width {
      lines.append(line)
      line = ""
    }
    line += (line.isEmpty ? "" : " ") + word
  }
  return lines + [line]
}

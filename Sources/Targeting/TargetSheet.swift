package import Basics
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
  func mm(_ p: WorldPoint) -> String {
    [p.x, p.y, p.z].map { fixed($0, 1, signed: true) }.joined(separator: " ")
  }
  var lines = ["TMS TARGET  \(visibleText(record.name, limit: 60))", ""]
  func row(_ name: String, _ text: String) {
    for (n, line) in folded(text, 62).enumerated() {
      let head = n == 0 ? name : ""
      lines.append(head + String(repeating: " ", count: max(1, 16 - head.count)) + line)
    }
  }
  row("side", record.side.rawValue)
  row("place", "\(mm(record.point)) mm RAS+, \(record.spaceName)")
  if let native = record.native { row("", native.words) }
  if let label = record.label { row("label", label) }
  row("decision", record.decision?.rawValue ?? "none")
  if !record.note.isEmpty { row("note", visibleText(record.note)) }
  row("method", record.method)
  let isCandidate = report.candidate(at: record.point) != nil
  let minutes = report.secondsKept.map { "\(fixed($0 / 60, 1)) min kept" } ?? "unknown time"
  row(
    "data",
    "\(minutes), \(report.degreesOfFreedom) degrees of freedom"
      + (report.effectiveN.map { ", \(fixed($0, 0)) effective observations" } ?? "") + ", "
      + (report.modelsMotion ? "motion modelled" : "MOTION NOT MODELLED"))
  if let r = record.r {
    row("coupling", "r \(fixed(r, 3, signed: true))")
  } else if !isCandidate {
    row("coupling", "no r is known at this place")
  }
  lines.append("")
  let first = report.result.candidates.first
  let isFirst = first.map { $0.point.distance(to: record.point) < 0.1 } ?? false
  if isFirst {
    if let first {
      row("evidence", "region-wide p \(fixed(first.regionWideP, 3)), \(first.voxelCount) voxels")
    }
    for line in report.confidenceLines { row("", line) }
  } else if isCandidate {
    row("evidence", "this is not the search's first candidate; no radius is known for it")
  } else {
    row("evidence", "no candidate of the search: no p, radius or verdict is known for this place")
  }
  if isCandidate { row("verdict", report.verdict) }
  if let footprint = first?.footprint, isFirst {
    row("networks", footprint.words + " (12 mm cone)")
  }
  lines.append("")
  lines.append("published site      mm away   r       r without  networks")
  for c in report.comparators {
    func number(_ r: Double?) -> String { r.map { fixed($0, 2, signed: true) } ?? "–" }
    let cells = [
      (c.site.name, 20), (fixed(c.site.point.distance(to: record.point), 1), 10), (number(c.r), 8),
      (number(c.rWithout), 11),
    ]
    lines.append(
      cells.map { $0.0 + String(repeating: " ", count: max(1, $0.1 - $0.0.count)) }.joined()
        + (c.footprint?.words(fitting: 30) ?? ""))
  }
  lines.append("(r without: with the other choice about the global signal)")
  lines.append("")
  for line in coil { row(line == coil.first ? "coil" : "", line) }
  let seen = record.isAcknowledged ? "seen and confirmed" : "not confirmed by a person"
  row(
    "warnings",
    record.warnings.isEmpty ? "none; \(seen)" : "\(record.warnings.count), \(seen):")
  for warning in record.warnings { row("", warning) }
  lines.append("")
  for line in TargetEvidence.lines { row(line == TargetEvidence.lines[0] ? "studies" : "", line) }
  lines.append("")
  for input in inputs { row(input.role, "sha256 \(input.sha256)") }
  row("program", "boldspect \(version)")
  for line in folded(notice, 78) { lines.append(line) }
  return lines.joined(separator: "\n") + "\n"
}

/// What trials found about personal targets (targeting.md 2.5); nobody may choose one without it.
package enum TargetEvidence {
  package static let lines = [
    "distance to such a target did not predict outcome in 501 patients (rho 0.02; Gregory 2026)",
    "r −0.16 between coupling and response in 295, driven by some of them (Elbau 2023)",
    "r 0.1, p 0.39 in 66 followed forward (Khosravani 2025)",
  ]
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

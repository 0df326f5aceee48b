import Basics
import CellUI
import Connectivity
import Imaging
import Targeting

/// Which place is about to be saved, the side as a word.
func drawConfirmHead(_ frame: inout Frame, _ model: Model, row: Int) {
  guard let entry = model.currentTarget else { return }
  let p = entry.point
  var at = frame.put(
    " CONFIRM ", row: row, column: 1, foreground: Ink.black, background: Ink.amber, style: .bold)
  at = frame.put(
    "  \(model.scene.sideRule.side(of: p).rawValue)  ", row: row, column: at, foreground: Ink.amber,
    style: .bold)
  at = frame.put(
    [p.x, p.y, p.z].map { fixed($0, 1, signed: true) }.joined(separator: " ")
      + " mm RAS+  \(model.scene.template ?? model.scene.space.rawValue)", row: row, column: at,
    foreground: Ink.strong, style: .bold)
  frame.put(
    "  " + decisionWord(model.targets.mark(at: p)?.decision)
      + (model.scene.regionName(at: p) ?? ""),
    row: row, column: at,
    limit: frame.size.columns - 1, foreground: Ink.text)
}

/// What is known of the place that is about to be saved, and of no other.
func confirmLines(
  _ model: Model, _ state: TargetsState, _ entry: TargetEntry, isSmall: Bool
) -> [(String, Colour)] {
  let report = state.report
  let candidate = report.candidate(at: entry.point)
  var lines: [(String, Colour)] = []
  if let native = model.nativePlace(of: entry.point) { lines.append((native.words, Ink.strong)) }
  if let candidate, candidate.rank != report.result.selected {
    lines.append((report.verdict, Ink.amber))
  }
  // The verdict says the reason already.
  let reason = report.result.reason
  let found = state.warnings(of: entry).filter { one in
    !(reason.map { one == $0 || one == TargetReport.ofFirst + $0 } ?? false)
  }
  lines += (isSmall ? ExportCautions.bySeverity(found) : found).map { ("! " + $0, Ink.amber) }
  if let c = candidate {
    lines.append(
      (
        "r \(fixed(c.r, 3, signed: true)) (a selected extreme), \(isSmall ? "" : "\(c.voxelCount) voxels, ")\(c.pWords); "
          + c.distances.prefix(isSmall ? 1 : 4)
          .map { "\(fixed($0.millimetres, 1)) mm to \($0.name)" }.joined(separator: ", "),
        Ink.text
      ))
  } else {
    lines.append(
      (
        report.coupling(at: entry.point).map {
          "r \(fixed($0, 3, signed: true)) at this place with \(report.settings.seed.title); "
            + "no p is known here, it is no candidate"
        } ?? "no r is known at this place", Ink.text
      ))
  }
  if let words = candidate.flatMap(report.otherwiseWords) { lines.append((words, Ink.text)) }
  if let words = originLine(entry) { lines.append((words, Ink.text)) }
  if candidate?.rank == 1 {
    lines += (isSmall ? [report.shortConfidence] : report.confidenceLines).map { ($0, Ink.text) }
  }
  lines += placeLines(entry, report).map { ($0, Ink.text) }
  lines += coilLines(state, entry, isSmall: isSmall).map { ($0, Ink.text) }
  lines.append((dataWords(report), Ink.dim))
  lines += report.settings.evidence.enumerated().map { n, line in
    ((n == 0 ? "Evidence: " : "") + line, Ink.dim)
  }
  return lines
}

/// Where an entry that no search found comes from.
private func originLine(_ entry: TargetEntry) -> String? {
  switch entry {
  case .candidate: nil
  case .marked(_, let record):
    (record.decisionWords.map { "\($0). " } ?? "") + visibleText(record.method)
      + (record.note.isEmpty ? "" : "; note: \(visibleText(record.note))")
  case .saved(let record):
    "saved before: \(visibleText(record.name)), \(visibleText(record.method))"
  case .site(let site): "published site: \(site.name), \(site.source)"
  }
}

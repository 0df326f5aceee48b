import CellUI
import Connectivity
import Imaging
import Targeting

/// The target list: three planes through the place that is looked at, the list, and what it rests on.
func drawTargets(
  _ frame: inout Frame, _ model: Model, _ state: TargetsState, _ layout: Layout
) {
  let columns = frame.size.columns
  let entries = state.entries
  let textRows = state.isConfirming ? (columns < 100 ? 11 : 12) : columns < 100 ? 6 : 8
  let listRows = state.isConfirming ? 0 : min(entries.count, max(4, frame.size.rows / 4))
  let pictureRows = layout.keys - 2 - textRows - listRows - (listRows > 0 ? 1 : 0)
  drawThreePlanes(
    &frame, model, state, Rect(column: 0, row: 1, columns: columns, rows: pictureRows))
  var row = 1 + pictureRows
  if listRows > 0 {
    drawList(&frame, model, state, row: row, rows: listRows)
    row += listRows + 1
  }
  drawEvidence(&frame, model, state, row: row, rows: textRows)
}

private func drawThreePlanes(
  _ frame: inout Frame, _ model: Model, _ state: TargetsState, _ area: Rect
) {
  let third = area.columns / 3
  let width = third - 6
  let height = 2 * (area.rows - 1)
  let scale = SliceGeometry.scale(
    fitting: model.scene, planes: Plane.allCases, width: width, height: height)
  // The ball that holds 95 % of the bootstrapped targets, around the candidate that it is about.
  let radius = state.report.result.confidence?.radius95Millimetres
  let ring: (centre: WorldPoint, millimetres: Double)? =
    if let radius, let centre = state.report.result.centre,
      model.currentTarget?.candidate?.rank == 1
    { (centre, radius) } else { nil }
  var content = model.leftContent
  content.map = state.report.result.map.volume
  for (n, plane) in Plane.allCases.enumerated() {
    let geometry = SliceGeometry(
      plane: plane, isRadiological: model.isRadiological, scene: model.scene, width: width,
      height: height, scale: scale)
    let picture = sliceRaster(
      content, geometry, cursor: model.cursor,
      marks: model.currentTarget.map { [$0.point] } ?? [], ring: ring)
    let column = n * third + 3
    frame.put(
      "\(plane.rawValue) \(sliceLabel(model, plane))", row: area.row, column: column - 1,
      foreground: Ink.text)
    frame.draw(picture, row: area.row + 1, column: column, model.capabilities)
    drawEdgeLetters(
      &frame, model, geometry,
      Rect(column: column, row: area.row + 1, columns: width, rows: height / 2))
  }
}

/// Columns of the list, from left to right.
private let stops = (rank: 1, side: 4, place: 12, label: 38, r: 60, p: 68, group: 76)

private func drawList(
  _ frame: inout Frame, _ model: Model, _ state: TargetsState, row: Int, rows: Int
) {
  let columns = frame.size.columns
  let isWide = columns >= 100
  let head: [(String, Int)] = [
    ("#", stops.rank), ("side", stops.side),
    ("mm (RAS+, \(model.scene.space.rawValue))", stops.place),
    ("place", stops.label), ("r", stops.r + 2), ("p", stops.p + 2),
  ]
  for (text, column) in head { frame.put(text, row: row, column: column, foreground: Ink.dim) }
  if isWide { frame.put("to −38 44 26", row: row, column: stops.group, foreground: Ink.dim) }
  let entries = state.entries
  let first = max(0, min(state.index - rows / 2, entries.count - rows))
  for n in 0..<rows where first + n < entries.count {
    let entry = entries[first + n]
    let at = row + 1 + n
    let isHere = first + n == state.index
    if isHere {
      frame.fill(
        Rect(column: 0, row: at, columns: columns, rows: 1), Cell(" ", background: Ink.selected))
    }
    let style: Style = isHere ? .bold : []
    let isSelected = entry.candidate != nil && entry.candidate?.rank == state.report.result.selected
    frame.put(
      (isHere ? "›" : " ") + (entry.candidate.map { "\($0.rank)" } ?? "–")
        + (isSelected ? "*" : ""),
      row: at, column: stops.rank - 1, foreground: Ink.strong, style: style)
    frame.put(
      model.scene.sideRule.side(of: entry.point).rawValue, row: at, column: stops.side,
      foreground: Ink.amber, style: .bold)
    let p = entry.point
    frame.put(
      [p.x, p.y, p.z].map { fixed($0, 1, signed: true) }.joined(separator: " "), row: at,
      column: stops.place, foreground: Ink.strong, style: style)
    let label = listLabel(entry, model)
    frame.put(
      label, row: at, column: stops.label, limit: stops.r - 1, foreground: Ink.text, style: style)
    let r = entry.candidate?.r ?? Double(state.report.result.map.volume.nearest(p))
    frame.put(fixed(r, 3, signed: true), row: at, column: stops.r, foreground: Ink.text)
    frame.put(
      entry.candidate.map { fixed($0.regionWideP, 3) } ?? "–", row: at, column: stops.p,
      foreground: Ink.text)
    if isWide {
      let group = Sites.treatment[0].point.distance(to: p)
      frame.put("\(fixed(group, 1)) mm", row: at, column: stops.group, foreground: Ink.text)
    }
  }
}

/// A candidate by where it lies, the others by their name.
private func listLabel(_ entry: TargetEntry, _ model: Model) -> String {
  switch entry {
  case .candidate(let c): c.label ?? model.scene.atlas?.name(at: c.point) ?? ""
  case .saved(let t): "saved: " + visibleText(t.name, limit: 20)
  case .site(let s): s.name
  }
}

/// What the target rests on; on the confirm screen with the side as a word and all warnings.
private func drawEvidence(
  _ frame: inout Frame, _ model: Model, _ state: TargetsState, row: Int, rows: Int
) {
  let report = state.report
  let end = frame.size.columns - 1
  guard let entry = model.currentTarget else {
    frame.put("no candidate", row: row, column: 1, foreground: Ink.amber)
    return
  }
  var lines: [(String, Colour)] = []
  let minutes = report.secondsKept.map { "\(fixed($0 / 60, 1)) min kept" } ?? "unknown time"
  let rest =
    "\(minutes), DOF \(report.degreesOfFreedom), \(shortSummary(report.denoising))"
    + (frame.size.columns < 100
      ? ""
      : "; p over the whole region, \(report.settings.surrogateCount) surrogates; ring: 95 % of the bootstraps")
  let trust = frame.size.columns < 100 ? [report.shortConfidence] : report.confidenceLines
  if state.isConfirming {
    let p = entry.point
    let side = model.scene.sideRule.side(of: p)
    var at = frame.put(
      " CONFIRM ", row: row, column: 1, foreground: Ink.black, background: Ink.amber, style: .bold)
    at = frame.put(
      "  \(side.rawValue)  ", row: row, column: at, foreground: Ink.amber, style: .bold)
    at = frame.put(
      [p.x, p.y, p.z].map { fixed($0, 1, signed: true) }.joined(separator: " ")
        + " mm RAS+  \(model.scene.space.rawValue)", row: row, column: at, foreground: Ink.strong,
      style: .bold)
    frame.put(
      "  " + (model.scene.atlas?.name(at: p) ?? ""), row: row, column: at, limit: end,
      foreground: Ink.text)
    if let c = entry.candidate {
      lines.append(
        (
          "r \(fixed(c.r, 3, signed: true)), \(c.voxelCount) voxels, region-wide p "
            + "\(fixed(c.regionWideP, 3)); "
            + c.distances.prefix(4).map { "\(fixed($0.millimetres, 1)) mm to \($0.name)" }
            .joined(separator: ", "), Ink.text
        ))
    } else if case .saved(let record) = entry {
      lines.append(
        ("saved before: \(visibleText(record.name)), \(visibleText(record.method))", Ink.text))
    } else if case .site(let site) = entry {
      lines.append(("published site: \(site.name), \(site.source)", Ink.text))
    }
    lines += trust.map { ($0, Ink.text) }
    lines.append((rest, Ink.dim))
    lines += report.warnings.map { ("! " + $0, Ink.amber) }
    lines.append(
      (
        "Evidence: in 501 patients the distance to such a target did not predict outcome (rho 0.02).",
        Ink.dim
      ))
  } else {
    let chosen = report.result.selected.map { "candidate \($0) passes the region-wide test (*)" }
    lines.append(
      (
        chosen ?? "no reliable target: \(report.result.reason ?? "")",
        chosen == nil ? Ink.amber : Ink.text
      ))
    lines += trust.map { ($0, Ink.text) }
    lines.append((rest, Ink.dim))
    lines += report.warnings.filter { $0 != report.result.reason }.map { ("! " + $0, Ink.amber) }
    if let written = state.written { lines.append(("saved: \(written)", Ink.text)) }
  }
  let first = state.isConfirming ? row + 1 : row
  let whole = lines.flatMap { line in wrapped(line.0, end - 1).map { ($0, line.1) } }
  for (n, line) in whole.prefix(rows - (state.isConfirming ? 1 : 0)).enumerated() {
    frame.put(line.0, row: first + n, column: 1, limit: end, foreground: line.1)
  }
}

import Basics
import CellUI
import Connectivity
import Imaging
import Targeting

/// Where the parts of the target list stand: planes, list and words, from the top.
struct TargetScreen {
  let planes: Rect
  /// The row of the list's heading, the rows of entries under it, and the first entry.
  let listRow: Int
  let rows: Int
  let first: Int
  /// The first row of the words, and those that fit.
  let textRow: Int
  let text: [(String, Colour)]
  /// Where the words start when their last line is shown.
  let lastFirstLine: Int

  init(_ model: Model, _ state: TargetsState, _ layout: Layout) {
    let columns = layout.size.columns
    let space = layout.keys - 2
    let lines = evidenceLines(model, state, columns: columns)
    let entries = model.targetEntries.count
    rows = state.isConfirming ? 0 : min(entries, max(4, space / 4))
    let listTotal = rows > 0 ? rows + 1 : 0
    // The planes keep a third; on the confirm screen words come first, after one line of their own.
    let least = max(8, space / 3)
    let head = state.isConfirming ? 1 : 0
    let textRows = min(lines.count + head, max(4, space - least - listTotal))
    planes = Rect(column: 0, row: 1, columns: columns, rows: space - textRows - listTotal)
    listRow = 1 + planes.rows
    first = max(0, min(state.index - rows / 2, entries - rows))
    textRow = listRow + listTotal
    let fitting = max(0, textRows - head)
    lastFirstLine = lines.count > fitting ? max(0, lines.count - fitting + 1) : 0
    guard lastFirstLine > 0, fitting > 1 else {
      text = Array(lines.prefix(fitting))
      return
    }
    // What does not fit is counted in the last row.
    let from = state.isConfirming ? min(state.firstLine, lastFirstLine) : 0
    let left = lines.count - from - (fitting - 1)
    let way =
      state.isConfirming
      ? "\(model.key(.up)) \(model.key(.down)) show them" : "a taller window shows them"
    let told =
      left <= 0
      ? "↑ \(from) lines"
      : from == 0
        ? "… \(left) more lines: \(way)"
        : "… \(left) more lines, ↑ \(from): \(way)"
    text = lines.dropFirst(from).prefix(fitting - 1) + [(told, Ink.amber)]
  }

  func area(ofRow n: Int, columns: Int) -> Rect {
    Rect(column: 0, row: listRow + 1 + n, columns: columns, rows: 1)
  }

  /// The rows of the list as they answer.
  var regions: [HitRegion] {
    (0..<rows).map {
      HitRegion(area: area(ofRow: $0, columns: planes.columns), meaning: .target(first + $0))
    }
  }
}

/// The target list: three planes through the place that is looked at, the list, and what it rests on.
func drawTargets(
  _ frame: inout Frame, _ model: Model, _ state: TargetsState, _ layout: Layout
) {
  let screen = TargetScreen(model, state, layout)
  drawThreePlanes(&frame, model, state, screen.planes)
  if screen.rows > 0 { drawList(&frame, model, state, screen) }
  if state.isConfirming { drawConfirmHead(&frame, model, row: screen.textRow) }
  let top = screen.textRow + (state.isConfirming ? 1 : 0)
  for (n, line) in screen.text.enumerated() {
    frame.put(
      line.0, row: top + n, column: 1, limit: frame.size.columns - 1, foreground: line.1)
  }
}

/// Beside the names of planes: which map it is, and from where on it is coloured; it is not that of the panes.
private func mapNote(_ n: Int, _ model: Model, _ state: TargetsState) -> String {
  switch n {
  case 0: "r: " + state.report.settings.seed.title.prefix { $0 != "(" }
  case 1: "|r| ≥ \(fixed(model.rThreshold, 2))"
  default: ""
  }
}

private func drawThreePlanes(
  _ frame: inout Frame, _ model: Model, _ state: TargetsState, _ area: Rect
) {
  let third = area.columns / 3
  let columns = third - 6
  let density = sliceDensity(model, columns: columns, rows: area.rows - 1)
  let (width, height) = (columns * density.across, (area.rows - 1) * density.down)
  let scale = SliceGeometry.scale(
    fitting: model.scene, planes: Plane.allCases, width: width, height: height)
  // The 95 % ball around the printed place of the candidate that it is about; while the search sphere is moved,
  // that sphere.
  var rings: [Ring] = []
  if state.isFollowing {
    let region = state.report.settings.region
    rings = region.centres.map {
      Ring(centre: $0, millimetres: region.radius, ink: Ink.cursor)
    }
  }
  if let radius = state.report.radius95Millimetres, let first = model.currentTarget?.candidate,
    first.rank == 1
  {
    rings.append(Ring(centre: first.point, millimetres: radius, ink: Ink.amber))
  }
  var lines: [(from: WorldPoint, to: WorldPoint, ink: Colour)] = []
  if state.isConfirming, let coil = state.coil, coil.place == model.currentTarget?.point,
    case .plan(let plan, _) = coil.outlook
  {
    // From the coil to the target, and the handle, 40 mm of it.
    let (c, y) = (plan.pose.centre, plan.pose.y)
    lines = [
      (c, plan.cortex, Ink.strong),
      (c, WorldPoint(c.x - 40 * y.x, c.y - 40 * y.y, c.z - 40 * y.z), Ink.blue),
    ]
  }
  let content = model.correlationContent(
    state.report.result.map.volume, showsMap: model.overlays.isShown)
  var slices: [PlacedSlice] = []
  for (n, plane) in Plane.allCases.enumerated() {
    let geometry = SliceGeometry(
      plane: plane, isRadiological: model.navigation.isRadiological, scene: model.scene,
      width: width,
      height: height, scale: scale)
    let picture = sliceRaster(
      content, geometry, cursor: model.cursor,
      marks: model.currentTarget.map { [$0.point] } ?? [], rings: rings, lines: lines,
      density: density)
    let column = n * third + 3
    let end = frame.put(
      "\(plane.rawValue) \(sliceLabel(model, plane))", row: area.row, column: column - 1,
      foreground: Ink.text)
    frame.put(
      shortened(mapNote(n, model, state), max(0, third - (end - column) - 4)), row: area.row,
      column: end + 2, limit: column + third - 2, foreground: Ink.dim)
    let place = Rect(column: column, row: area.row + 1, columns: columns, rows: area.rows - 1)
    slices.append(PlacedSlice(geometry: geometry, picture: picture, area: place))
  }
  drawSlices(&frame, model, slices)
  for slice in slices { drawEdgeLetters(&frame, model, slice.geometry, slice.area) }
}

/// Columns of the list, from left to right.
private let stops = (rank: 1, side: 4, place: 12, label: 38, r: 60, p: 68, group: 76)

private func drawList(
  _ frame: inout Frame, _ model: Model, _ state: TargetsState, _ screen: TargetScreen
) {
  let columns = frame.size.columns
  let (row, rows, first) = (screen.listRow, screen.rows, screen.first)
  let isWide = columns >= 100
  let entries = model.targetEntries
  // How much of the list is seen stands with the names: every other column is as wide as its numbers.
  let seen =
    rows < entries.count ? "place (\(first + 1)–\(first + rows) of \(entries.count))" : "place"
  let head: [(String, Int)] = [
    ("#", stops.rank), ("side", stops.side),
    ("mm (RAS+, \(model.scene.space.rawValue))", stops.place),
    (seen, stops.label), ("r", stops.r + 2), ("p peak", stops.p),
  ]
  for (text, column) in head { frame.put(text, row: row, column: column, foreground: Ink.dim) }
  if isWide { frame.put("to −38 44 26", row: row, column: stops.group, foreground: Ink.dim) }
  for n in 0..<rows where first + n < entries.count {
    let entry = entries[first + n]
    let area = screen.area(ofRow: n, columns: columns)
    let at = area.row
    let isHere = first + n == state.index
    if isHere {
      frame.fill(area, Cell(" ", background: Ink.selected))
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
  case .candidate(let c):
    decisionWord(model.targets.mark(at: c.point)?.decision)
      + (c.label ?? model.scene.regionName(at: c.point) ?? "")
  case .marked(_, let t):
    decisionWord(t.decision)
      + visibleText(t.name, limit: 20)
      + (t.note.isEmpty ? "" : ": " + visibleText(t.note, limit: 40))
  case .saved(let t): "saved: " + visibleText(t.name, limit: 20)
  case .site(let s): s.name
  }
}

func decisionWord(_ decision: TargetDecision?) -> String {
  decision.map { $0 == .accepted ? "ACCEPTED " : "REJECTED " } ?? ""
}

/// What is known about the place beside the search: coupling both ways, networks.
func placeLines(_ entry: TargetEntry, _ report: TargetReport) -> [String] {
  var out: [String] = []
  if case .site(let site) = entry,
    let c = report.comparators.first(where: { $0.site.name == site.name })
  {
    func number(_ r: Double?) -> String { r.map { fixed($0, 2, signed: true) } ?? "no data" }
    let removed = report.settings.removesGlobalSignal
    out.append(
      "r \(number(c.r)) \(removed ? "with" : "without") global-signal removal, \(number(c.rWithout)) "
        + "\(removed ? "without" : "with")"
        + (c.millimetres.map { "; \(fixed($0, 1)) mm from candidate 1" } ?? ""))
  }
  let footprint =
    entry.candidate?.footprint
    ?? report.comparators.first { $0.site.point == entry.point }?.footprint
  if let footprint { out.append("a 12 mm cone there: \(footprint.words)") }
  return out
}

/// The coil over the place that is being confirmed.
func coilLines(
  _ state: TargetsState, _ entry: TargetEntry, isSmall: Bool
) -> [String] {
  guard let coil = state.coil, coil.place == entry.point else { return [] }
  switch coil.outlook {
  case .none(let why): return [why]
  case .plan(let plan, let warnings):
    let coil = "coil: \(fixed(plan.depth, 1)) mm below the scalp"
    let handle = "handle (blue line) points \(plan.pose.handleWords)"
    if isSmall { return ["\(coil), \(handle)"] }
    return ["\(coil), \(plan.depthWords); \(handle): \(plan.handleAngleWords)"]
      + warnings.map { "! " + $0 }
  }
}

/// What the target rests on, what speaks against it first, in lines that fit.
private func evidenceLines(
  _ model: Model, _ state: TargetsState, columns: Int
) -> [(String, Colour)] {
  guard let entry = model.currentTarget else { return [("no candidate", Ink.amber)] }
  let isSmall = columns < 100
  let lines =
    state.isConfirming
    ? confirmLines(model, state, entry, isSmall: isSmall)
    : listLines(state, entry, isSmall: isSmall)
  return lines.filter { !$0.0.isEmpty }
    .flatMap { line in wrapped(line.0, columns - 2).map { ($0, line.1) } }
}

/// How much data there is and what was done to it.
func dataWords(_ report: TargetReport) -> String {
  let minutes = report.secondsKept.map { "\(fixed($0 / 60, 1)) min kept" } ?? "unknown time"
  return "\(minutes), DOF \(report.degreesOfFreedom), \(shortSummary(report.denoising))"
}

/// What the search as a whole says, under the list.
private func listLines(
  _ state: TargetsState, _ entry: TargetEntry, isSmall: Bool
) -> [(String, Colour)] {
  let report = state.report
  var lines: [(String, Colour)] = []
  if state.isFollowing {
    lines.append(("FOLLOWING: arrows move the search sphere", Ink.cursor))
  }
  lines.append((report.verdict, report.result.selected == nil ? Ink.amber : Ink.text))
  let peak = entry.candidate?.peakWords.map { "p is \($0)" }
  let order =
    report.result.candidates.isEmpty
    ? []
    : [
      (
        ([peak] + [isSmall ? report.shortOrderWords : report.orderWords]).compactMap { $0 }
          .joined(separator: "; "), Ink.text
      )
    ]
  // Where few lines fit, what speaks against the place is told before what the order of the list is.
  let found = (entry.candidate.map(report.warnings(of:)) ?? report.warnings)
    .filter { $0 != report.result.reason }
  let warnings = (isSmall ? ExportCautions.bySeverity(found) : found)
    .map { ("! " + $0, Ink.amber) }
  if isSmall {
    // The sum of all errors has room kept: what does not fit is cut from the end.
    let confidence =
      report.result.selected == nil ? report.shortConfidence : report.shortAgreement
    lines.append((confidence.isEmpty ? "" : "candidate 1: \(confidence)", Ink.text))
    lines += warnings + order
  } else {
    // Whose the radius is: of the first candidate, whichever row is looked at.
    let whose = entry.candidate?.rank == 1 ? "" : "candidate 1: "
    lines += order + warnings + report.confidenceLines.map { (whose + $0, Ink.text) }
  }
  lines += placeLines(entry, report).map { ($0, Ink.text) }
  lines.append(
    (
      "searched: \(report.settings.region.name)"
        + (report.settings.method == .cluster
          ? ", strongest \(plainNumber(report.settings.percentile, 1)) %" : ""),
      Ink.dim
    ))
  lines.append(
    (
      dataWords(report)
        + (isSmall || report.isPreliminary
          ? ""
          : "; p over the whole region, \(report.nullWords); r of candidates are selected extremes"
            + (report.radius95Millimetres == nil ? "" : "; ring: 95 % radius")),
      Ink.dim
    ))
  if let written = state.written { lines.append(("saved: \(written)", Ink.text)) }
  return lines
}

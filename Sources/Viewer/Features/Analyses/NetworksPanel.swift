import Basics
import CellUI
import Connectivity

/// Networks by their measures, what stands out, and what that rests on.
func drawNetworks(_ frame: inout Frame, _ model: Model, _ area: Rect) {
  guard let report = model.analyses.networks else {
    return drawWaiting(&frame, model, area, "networks")
  }
  let end = area.column + area.columns
  let at = frame.put(
    "networks", row: area.row, column: area.column, foreground: Ink.blue, style: .bold)
  let basis =
    area.columns >= 100 || !report.isWithinPerson
    ? report.basis : "within this person, each against the others; no reference"
  frame.put("  \(basis)", row: area.row, column: at, limit: end, foreground: Ink.amber)
  let columns = NetworkColumns(area)
  columns.drawHead(&frame, row: area.row + 2)
  var row = area.row + 3
  for network in report.summary.networks where row < area.row + area.rows {
    columns.draw(&frame, network, report, row: row)
    row += 1
  }
  row += 1
  let lines = networkLines(report, model.scene.denoising)
  for line in lines.flatMap({ line in wrapped(line.0, area.columns).map { ($0, line.1) } })
  where row < area.row + area.rows {
    frame.put(line.0, row: row, column: area.column, limit: end, foreground: line.1)
    row += 1
  }
}

/// Where the columns of the table stand.
private struct NetworkColumns {
  let isWide: Bool
  let name: Int
  let first: Int
  let stride: Int
  let segregation: Int
  let end: Int

  init(_ area: Rect) {
    isWide = area.columns >= 100
    stride = isWide ? 18 : 12
    name = area.column
    first = area.column + (isWide ? 22 : 20)
    segregation = first + NetworkMeasure.columns.count * stride
    end = area.column + area.columns
  }

  func drawHead(_ frame: inout Frame, row: Int) {
    frame.put("network", row: row, column: name, foreground: Ink.dim)
    for (n, measure) in NetworkMeasure.columns.enumerated() {
      frame.put(measure.title, row: row, column: first + n * stride, foreground: Ink.dim)
    }
    frame.put("segr.", row: row, column: segregation, limit: end, foreground: Ink.dim)
  }

  func draw(
    _ frame: inout Frame, _ network: NetworkCoupling, _ report: NetworkReport, row: Int
  ) {
    frame.put(
      shortened(network.name, isWide ? 20 : 18), row: row, column: name, foreground: Ink.strong)
    let shown = report.findings.filter {
      $0.network == network.name && NetworkMeasure.columns.contains($0.measure)
    }
    for (n, finding) in shown.enumerated() {
      let stands = finding.word != nil
      let sign = finding.score.map { $0.t > 0 ? "▲" : "▼" } ?? " "
      let t = isWide ? finding.score.map { " t \(fixed($0.t, 1, signed: true))" } ?? "" : ""
      frame.put(
        fixed(finding.value, 2) + t + (stands ? " \(sign)" : ""), row: row,
        column: first + n * stride, foreground: stands ? Ink.amber : Ink.text,
        style: stands ? .bold : [])
    }
    frame.put(
      fixed(network.segregation, 2), row: row, column: segregation, limit: end,
      foreground: Ink.text)
  }
}

/// What stands out, and what the numbers rest on.
private func networkLines(_ report: NetworkReport, _ cleaning: Denoising) -> [(String, Colour)] {
  var lines: [(String, Colour)] = report.findings.compactMap { finding in
    guard let word = finding.word, let score = finding.score else { return nil }
    return (
      "\(finding.network): \(word)\(finding.isWithinPerson ? " within this person" : ""), "
        + "\(finding.measure.title) \(fixed(finding.value, 2)), q \(probabilityText(finding.q ?? score.p))",
      Ink.amber
    )
  }
  if lines.isEmpty {
    lines.append(("nothing stands out at a false discovery rate of 5 %", Ink.text))
  }
  lines.insert((report.globalCoupling.text, Ink.text), at: 0)
  lines.append((report.leastText, Ink.dim))
  var last = "system segregation \(fixed(report.summary.segregation, 2))"
  if let anti = report.summary.defaultModeAttentionCoupling {
    last += "; default mode with attention networks: mean z \(fixed(anti, 2, signed: true))"
  }
  lines.append((last, Ink.text))
  lines += report.warnings.map { ("! \($0)", Ink.amber) }
  lines.append(
    (
      "couplings: \(shortSummary(cleaning)); ALFF: \(report.alffDefinition), by the brain's mean",
      Ink.dim
    ))
  return lines
}

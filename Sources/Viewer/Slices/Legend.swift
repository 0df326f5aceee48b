import Basics
import CellUI
import Imaging
import Perfusion

/// Words in the quarter of a side that its three planes leave: what lies at the cursor on the left; on the right what
/// the side shows, which way round the pictures are and what was found in the files.
func drawLegend(
  _ frame: inout Frame, _ model: Model, _ side: Tile.Side, _ right: RightContent, _ area: Rect
) {
  guard area.columns >= 20, area.rows >= 4 else { return }
  var row = area.row
  let lines =
    side == .left ? cursorLegend(model, area.columns) : sideLegend(model, right, area.columns)
  for line in lines {
    guard row < area.row + area.rows else { return }
    var at = area.column
    for word in line {
      at = frame.put(
        word.text, row: row, column: at, limit: area.column + area.columns, foreground: word.ink)
    }
    row += 1
  }
}

private typealias LegendLine = [(text: String, ink: Colour)]

/// The place, its region, and every value, one a line: the line under the pictures has no room for all.
private func cursorLegend(_ model: Model, _ width: Int) -> [LegendLine] {
  var lines: [LegendLine] = [[("at the cursor", Ink.blue)]]
  func add(_ text: String, _ ink: Colour) {
    lines += wrapped(text, width).map { [($0, ink)] }
  }
  if model.hasWorld { add(model.scene.sideRule.side(of: model.cursor).rawValue, Ink.amber) }
  if let label = model.scene.regionName(at: model.cursor) { add(label, Ink.text) }
  if let network = model.scene.networks?.name(at: model.cursor) { add(network, Ink.text) }
  let values = model.valuesAtCursor
  let names = values.map(\.name.count).max() ?? 0
  for (name, value) in values {
    let gap = String(repeating: " ", count: names - name.count + 2)
    // A value that has no room beside the names stands after its own.
    let isAligned = names + 2 + value.count <= width
    guard isAligned || name.count + 1 + value.count <= width else { continue }
    lines.append([(name + (isAligned ? gap : " "), Ink.dim), (value, Ink.strong)])
  }
  return lines
}

/// What the right side is, with the whole name of its file.
private func sideLegend(_ model: Model, _ right: RightContent, _ width: Int) -> [LegendLine] {
  var lines: [LegendLine] = []
  func add(_ text: String, _ ink: Colour) {
    lines += wrapped(text, width).flatMap { $0.cut(every: width) }.map { [($0, ink)] }
  }
  add(right.heading, right.headingInk)
  if right.isSimulated { add("no perfusion measurement", Ink.red) }
  if case .measured(let n) = model.panes.right, model.scene.spects.indices.contains(n) {
    let spect = model.scene.spects[n]
    add(visibleText(spect.name, limit: 200), Ink.text)
    add("% of \(spect.referenceWords)", Ink.dim)
    add(spect.measured.placement.words, spect.isAccepted ? Ink.dim : Ink.amber)
    if let words = spect.outlineWords {
      add(words, spect.normalsCount == nil ? Ink.amber : Ink.dim)
    }
  } else {
    for words in right.detail.split(separator: "  ") { add(String(words), Ink.dim) }
  }
  lines.append([])
  if model.scene.laterality == .known {
    let left = model.navigation.isRadiological ? "right" : "left"
    add("the head's left is on the \(left) of axial and coronal pictures", Ink.dim)
  } else {
    add(Side.unknown.rawValue, Ink.amber)
  }
  let found = model.scene.findings.filter { $0.severity > .note }
  let problems = model.scene.problems.map(\.sentence) + found.map(\.text)
  if !problems.isEmpty {
    lines.append([])
    for text in problems { add("! " + visibleText(text, limit: 300), Ink.amber) }
  }
  return lines
}

extension String {
  /// Pieces of so many characters: a file name has no blanks to break at.
  fileprivate func cut(every width: Int) -> [String] {
    var rest = Substring(self)
    var out: [String] = []
    while rest.count > width {
      out.append(String(rest.prefix(width)))
      rest = rest.dropFirst(width)
    }
    return out + [String(rest)]
  }
}

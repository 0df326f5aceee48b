import Basics
import CellUI
import Imaging
import Perfusion

extension Model {
  /// A picture that was asked for, or why there is none yet.
  func madeContent(_ kind: MadeKind) -> RightContent {
    guard let picture = perfusion.made[kind] else {
      return RightContent(
        content: PaneContent(base: .none),
        heading: kind == .scan || kind == .lostContrast ? "SIMULATED" : "SPECT measured",
        headingInk: kind == .scan || kind == .lostContrast ? Ink.red : Ink.blue,
        detail: shell.progress == nil ? "none yet" : "being made…", shortDetail: "", unit: "")
    }
    var content: PaneContent
    switch picture.look {
    case .hot(let top):
      content = PaneContent(
        base: .hot(picture.volume, top: top * perfusion.rightScale), palette: shell.palette,
        isMonochrome: shell.capabilities.hasNoColourScale)
    case .signed(let low, let high, let sign):
      content = scaledContent(
        picture.volume, level: low, ceiling: high, sign: sign, unit: picture.unit)
      // The index's sign is a side's: with the side in words a number needs none.
      if case .asymmetry = kind {
        content.layers = content.layers.map {
          var layer = $0
          layer.isUnsigned = true
          return layer
        }
      }
    }
    return RightContent(
      content: content,
      heading: picture.heading + (rightSPECT.map { scene.spects[$0].unregisteredWords } ?? ""),
      headingInk: picture.isSimulated ? Ink.red : Ink.blue, detail: picture.detail,
      shortDetail: picture.shortDetail, unit: picture.unit,
      name: picture.name.map { visibleText($0, limit: 120) } ?? "")
  }

  /// The value of a picture that was asked for, beside its name.
  func madeValue(_ kind: MadeKind) -> (String, String)? {
    guard let picture = perfusion.made[kind] else { return nil }
    let v = Double((picture.values ?? picture.volume).nearest(cursor))
    let name: String
    switch kind {
    case .scan: name = "SIMULATED"
    case .lostContrast: name = "SIMULATED lost"
    case .asymmetry: name = "asymmetry"
    case .subtraction: name = "difference"
    }
    guard v.isFinite else { return (name, "no data") }
    if kind == .scan { return (name, numberText(v)) }
    if case .asymmetry(_, let shown) = kind {
      let lower = v < 0 ? Side.left : Side.right
      let told = shown == .lower ? lower : v < 0 ? Side.right : Side.left
      return (
        name,
        v == 0
          ? "none" : "\(told.rawValue) \(asymmetryAmount(shown == .lower ? -abs(v) : abs(v)))"
      )
    }
    let isSigned = kind != .lostContrast
    return (name, fixed(v, 1, signed: isSigned) + (isSigned ? " SD" : " %"))
  }
}

/// Numbers of a SPECT, as the command prints them.
func drawPerfusion(_ frame: inout Frame, _ model: Model, _ area: Rect) {
  guard let sheet = model.perfusion.sheet else {
    frame.put("numbers of the SPECT: computing…", row: area.row, column: 2, foreground: Ink.dim)
    return
  }
  let name =
    model.scene.spects.indices.contains(sheet.spect) ? model.scene.spects[sheet.spect].name : ""
  let at = frame.put(
    "numbers of the SPECT", row: area.row, column: 2, foreground: Ink.blue, style: .bold)
  frame.put(
    "  " + shortened(visibleText(name, limit: 60), 40), row: area.row, column: at,
    limit: area.column + area.columns, foreground: Ink.dim)
  // A table is cut, a sentence is folded.
  var lines: [(text: String, ink: Colour)] = []
  var header: Int?
  for line in sheet.lines {
    let isHead = line.hasPrefix("region ") || line.hasPrefix("clusters ")
    if line.hasPrefix("region ") { header = lines.count }
    let isLoud = line.hasPrefix("!") || line.hasPrefix("SIMULATED")
    let ink = isLoud ? Ink.amber : isHead ? Ink.blue : Ink.text
    let parts = line.count <= area.columns - 2 ? [line] : wrapped(line, area.columns - 2)
    for part in parts { lines.append((part, ink)) }
  }
  let rows = area.rows - 2
  let top = max(0, min(sheet.top, lines.count - rows))
  var shown = Array(lines.dropFirst(top).prefix(rows))
  // The names of the columns stay while the table is gone through.
  if let header, header < top, sheet.lines.indices.contains(header),
    lines[header...].prefix(while: { !$0.text.hasPrefix("AI = ") }).endIndex > top
  {
    shown[0] = lines[header]
  }
  for (n, line) in shown.enumerated() {
    frame.put(
      line.text, row: area.row + 1 + n, column: 2, limit: area.column + area.columns,
      foreground: line.ink)
  }
  frame.put(
    "lines \(top + 1)–\(top + shown.count) of \(lines.count)", row: area.row + area.rows - 1,
    column: 2, foreground: Ink.dim)
}

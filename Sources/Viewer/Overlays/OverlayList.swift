import Basics
import CellUI
import Imaging

extension Model {
  /// What a person changed about the current overlay, in the words of its heading.
  var overlayWords: [String] {
    guard let shown = shownOverlay(currentOverlayID) else { return [] }
    var out: [String] = []
    // First, because what is SIMULATED says so whatever else has no room.
    if let level = view.isoline, rightIsHot {
      let right = rightContent
      let unit = right.unit.hasPrefix("%") ? " %" : ""
      out.append("line: \(right.heading) ≥ \(plainNumber(level))\(unit)")
    }
    if let text = shown.thresholdWords { out.append(text) }
    if let reason = shown.passed.reason { out.append(reason) }
    let style = shown.style
    if style.sign != .both { out.append("\(style.sign.rawValue) only") }
    if let least = style.leastCluster {
      let n = shown.passed.clusters ?? 0
      out.append("\(least.words): \(n) cluster\(n == 1 ? "" : "s")")
    }
    if style.isContour { out.append("line only") }
    if !style.isFaded { out.append("nothing faded") }
    if style.opacity < 100 { out.append("\(style.opacity) %") }
    let count = stackedIDs.count
    if count > 1 { out.append("\(count) overlays") }
    return out
  }

  /// The least |value| of an overlay that is drawn in full.
  func levelText(_ id: OverlayID) -> Double {
    let level = thresholded(id)?.level ?? style(id).threshold
    return level.isFinite ? level : 0
  }
}

extension ShownOverlay {
  /// The threshold where the colour bar's numbers do not say it all.
  var thresholdWords: String? {
    switch style.kind {
    case .value: style.top.map { "to \(plainNumber($0, 3))" }
    case .percentile: "strongest \(plainNumber(100 - style.threshold, 2)) %"
    case .z: "|z| ≥ \(plainNumber(style.threshold, 2))"
    case .p: "p ≤ \(plainNumber(style.threshold))"
    case .q: "q ≤ \(plainNumber(style.threshold))"
    }
  }
}

/// The overlays from the highest to the lowest, and those that are not on screen.
func drawOverlayList(_ frame: inout Frame, _ model: Model, _ area: Rect) {
  let at = frame.put(
    "overlays", row: area.row, column: area.column, foreground: Ink.blue, style: .bold)
  frame.put(
    "  highest first; \(model.key(.nextOverlay)) chooses, \(model.key(.keep)) keeps, "
      + "\(model.key(.raise)) and \(model.key(.lower)) move, \(model.key(.overlay)) all on or off",
    row: area.row, column: at,
    limit: area.column + area.columns, foreground: Ink.dim)
  let stacked = model.stackedIDs
  let others = model.overlayIDs.filter { !stacked.contains($0) }
  guard !(stacked.isEmpty && others.isEmpty) else {
    frame.put("none yet; \(model.key(.seed)) sets a seed", row: area.row + 2, column: area.column)
    return
  }
  var row = area.row + 2
  for id in stacked.reversed() + others {
    guard row < area.row + area.rows, let shown = model.shownOverlay(id) else { break }
    let isOn = stacked.contains(id) && model.overlays.isShown
    let isCurrent = id == model.currentOverlayID
    let layer = MapLayer(shown)
    frame.put(isCurrent ? "›" : " ", row: row, column: area.column, foreground: Ink.cursor)
    for n in 0..<8 {
      let t = (Double(n % 4) + 0.5) / 4
      let value = layer.floor + t * (layer.ceiling - layer.floor)
      bar(
        &frame, model, row, area.column + 2 + (n < 4 ? 3 - n : n),
        layer.full(n < 4 ? -value : value), n < 4 ? "-" : "+", t)
    }
    var words = [
      isOn ? "on screen" : "off",
      "≥ \(shown.passed.level.isFinite ? numberText(shown.passed.level) : "nothing passes")",
      "colours \(numberText(shown.style.floor))–\(numberText(shown.style.ceiling)) "
        + shown.style.colours.name,
    ]
    if let text = shown.thresholdWords { words.append(text) }
    if let clusters = shown.passed.clusters { words.append("\(clusters) clusters") }
    if shown.style.sign != .both { words.append("\(shown.style.sign.rawValue) only") }
    if shown.style.opacity < 100 { words.append("\(shown.style.opacity) %") }
    if shown.style.isContour { words.append("line") }
    let name = shortened(visibleText(shown.name, limit: 60), 30)
    frame.put(
      name, row: row, column: area.column + 12, foreground: isCurrent ? Ink.strong : Ink.text,
      style: isCurrent ? .bold : [])
    frame.put(
      words.joined(separator: "  "), row: row, column: area.column + 44,
      limit: area.column + area.columns, foreground: isOn ? Ink.text : Ink.dim)
    row += 1
  }
}

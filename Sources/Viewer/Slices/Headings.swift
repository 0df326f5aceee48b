import Basics
import CellUI
import Connectivity
import Imaging

/// What the panes show, in a row or two above them.
func drawHeadings(
  _ frame: inout Frame, _ model: Model, _ layout: Layout, _ right: RightContent
) {
  let place = HeadingPlaces(model, layout, right)
  let row = layout.headings.row
  if !place.hint.isEmpty {
    frame.put(place.hint, row: row, column: place.last + 2, foreground: Ink.dim)
  }
  var left = leftHeading(model, layout)
  let words = model.overlays.isShown ? model.overlayWords : ["overlays off"]
  left.detail = whole(words + left.detail.split(separator: "  ").map(String.init), place.end - 2)
  let at = drawLeftTitle(&frame, model, left.title, row: row, end: place.end)
  frame.put(
    model.panes.rightHasFocus ? "›" : " ", row: row, column: place.half, foreground: Ink.cursor)
  // In one row the name says more than that it was measured: which of a person's scans it is. Where it and the space
  // do not both find room the space comes first, unless there are several scans.
  let isTooLong = right.heading.count > place.last - place.half - 2
  let kind = right.heading.replacing(" measured", with: "")
  let nameRoom = place.last - place.half - kind.count - right.shortDetail.count - 5
  let isNamed =
    layout.headings.count == 1 && !right.name.isEmpty
    && (nameRoom >= min(right.name.count, leastName) || model.scene.spects.count > 1)
  let rightAt = frame.put(
    isNamed || isTooLong ? kind : right.heading, row: row, column: place.half + 2,
    foreground: right.headingInk, style: .bold)
  if layout.headings.count > 1 {
    let (words, ink) =
      right.isSimulated
      ? ("no perfusion measurement", Ink.red)
      : (shortenedName(right.name, max(leastName, place.last - rightAt - 2)), Ink.dim)
    frame.put(words, row: row, column: rightAt + 2, limit: place.last, foreground: ink)
    frame.put(left.detail, row: row + 1, column: 2, limit: place.end, foreground: Ink.dim)
    // Whether an image is registered is said in few words rather than cut in the middle.
    let room = frame.size.columns - 3 - place.half
    let detail = right.detail.count > room ? right.narrowDetail ?? right.detail : right.detail
    frame.put(
      wholeParts(detail, room), row: row + 1,
      column: place.half + 2, limit: frame.size.columns - 1, foreground: right.detailInk)
    return
  }
  if !words.isEmpty {
    frame.put(
      "  " + whole(words, place.end - at - 2), row: row, column: at, limit: place.end,
      foreground: Ink.dim)
  } else if let map = model.connectivity.seedMap, model.overlays.index == 0,
    model.movie.windows == nil
  {
    frame.put(
      "  DOF \(map.degreesOfFreedom)", row: row, column: at, limit: place.end,
      foreground: Ink.dim)
  }
  let room = place.last - rightAt - 1
  let name =
    isNamed ? shortenedName(right.name, nameRoom >= leastName ? nameRoom : room) + "  " : ""
  frame.put(
    wholeParts(name + right.shortDetail, room), row: row, column: rightAt + 1,
    limit: place.last, foreground: right.detailInk)
}

/// Columns from which on a shortened name says something.
private let leastName = 12

/// Where the headings of both sides begin and end.
private struct HeadingPlaces {
  /// Which side the other key would show, where one is alone.
  let hint: String
  /// First column of the right heading; last ones of both.
  let half: Int
  let end: Int
  let last: Int

  init(_ model: Model, _ layout: Layout, _ right: RightContent) {
    let columns = layout.size.columns
    // One side alone has the row to itself: a heading over another side's picture would lie.
    let isAlone = model.showsOneSide
    hint =
      isAlone
      ? "1 of 2 sides, \(model.key(.otherPane)): "
        + (model.panes.rightHasFocus ? model.leftName : right.heading) : ""
    last = columns - 1 - (isAlone ? hint.count + 2 : 0)
    half = !isAlone ? layout.panes[1].column : model.panes.rightHasFocus ? 0 : columns
    end = min(half - 1, last)
  }
}

extension Model {
  /// What the left side is of.
  fileprivate var leftName: String {
    if scene.run != nil { return "rsfMRI" }
    // A scan that stands in for anatomy is named: beside it another one may stand.
    let scan = underlay.flatMap { shown in scene.spects.first { $0.name == shown.name } }
    let name = scan.map { $0.roleTitle } ?? "image"
    return scene.lacksRun ? "\(name), BOLD MISSING" : name
  }
}

/// What the left pane shows, and how it was made.
private func leftHeading(_ model: Model, _ layout: Layout) -> (title: String, detail: String) {
  if let movie = model.movie.windows, model.overlays.index == 0 {
    return (
      windowTitle(movie, model.movie.index),
      "\(movie.seed.shortTitle)  |r| ≥ \(fixed(model.rThreshold, 2))  p plays, [ ] step"
    )
  }
  if let map = model.connectivity.seedMap, model.overlays.index == 0 {
    return (
      layout.headings.count > 1 ? "connectivity of \(map.seed.title)" : map.seed.shortTitle,
      "DOF \(map.degreesOfFreedom)  "
        + (model.connectivity.inference?.medianN.map { "median N eff \(fixed($0, 0))  " } ?? "")
        + (model.scene.runCount > 1 ? "\(model.scene.runCount) runs  " : "")
        + shortSummary(map.denoising)
    )
  }
  if let map = model.activityOverlay {
    return (
      map.name, "from \(numberText(model.levelText(model.currentOverlayID)))  \(map.detail)"
    )
  }
  if let overlay = model.overlay {
    return (
      visibleText(overlay.name, limit: 60),
      "|value| ≥ \(numberText(model.levelText(model.currentOverlayID)))"
    )
  }
  return (
    model.scene.run == nil ? "" : seedHint(model), model.underlay?.name ?? ""
  )
}

/// The left pane's name and title; returns the column after them.
private func drawLeftTitle(
  _ frame: inout Frame, _ model: Model, _ title: String, row: Int, end: Int
) -> Int {
  var at = frame.put(
    model.panes.rightHasFocus ? " " : "›", row: row, column: 0, limit: end, foreground: Ink.cursor)
  at = frame.put(
    model.leftName, row: row, column: at + 1, limit: end, foreground: Ink.blue, style: .bold)
  if model.connectivity.isLive {
    at = frame.put(
      " LIVE", row: row, column: at, limit: end, foreground: Ink.cursor, style: .bold)
  }
  let room = end - at - 1
  return frame.put(
    " "
      + (title == seedHint(model) && title.count > room
        ? shortSeedHint(model) : shortened(title, room)),
    row: row, column: at, limit: end, foreground: Ink.text)
}

/// What to do where nothing was done yet, and the same for a narrow pane.
private func seedHint(_ model: Model) -> String { shortSeedHint(model) + " at the cursor" }
private func shortSeedHint(_ model: Model) -> String { "\(model.key(.seed)) sets a seed" }

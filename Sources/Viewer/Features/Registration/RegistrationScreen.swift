import Basics
import CellUI
import Imaging
import Perfusion

/// Three planes of the SPECT over the anatomy, and how alike they are.
func drawRegistration(_ frame: inout Frame, _ model: Model, _ layout: Layout) {
  guard let state = model.registration, model.scene.spects.indices.contains(state.spect) else {
    return
  }
  let spect = model.scene.spects[state.spect]
  let isSmall = frame.size.columns < 100
  let rows = layout.keys - 1 - (isSmall ? 5 : 6)
  let third = frame.size.columns / 3
  let columns = third - 6
  let density = sliceDensity(model, columns: columns, rows: rows - 1)
  let (width, height) = (columns * density.across, (rows - 1) * density.down)
  let scale = SliceGeometry.scale(
    fitting: model.scene, planes: Plane.allCases, width: width, height: height)
  for (n, plane) in Plane.allCases.enumerated() {
    let geometry = SliceGeometry(
      plane: plane, isRadiological: model.navigation.isRadiological, scene: model.scene,
      width: width,
      height: height, scale: scale)
    let column = n * third + 3
    let isShown = plane == model.navigation.plane
    frame.put(
      (isShown ? "›" : " ") + "\(plane.rawValue) \(sliceLabel(model, plane))", row: 1,
      column: column - 2, foreground: isShown ? Ink.cursor : Ink.text)
    let area = Rect(column: column, row: 2, columns: columns, rows: rows - 1)
    drawSlice(
      &frame, model, geometry, comparison(model, spect, state, geometry, density), area)
    drawEdgeLetters(&frame, model, geometry, area)
  }
  var row = 1 + rows
  let end = frame.size.columns - 1
  let placement = spect.measured.placement
  frame.put(
    placement.words, row: row, column: 1, limit: end,
    foreground: spect.isAccepted ? Ink.text : Ink.amber, style: .bold)
  row += 1
  func number(_ l: Likeness?) -> String { l.map { fixed($0.nmi, 4) } ?? "–" }
  frame.put(
    "likeness \(number(state.before)) as stored, \(number(state.now)) now"
      + (state.now.map { "; \(fixed(100 * $0.overlap, 0)) % of it inside the anatomy" } ?? ""),
    row: row, column: 1, limit: end, foreground: Ink.text)
  row += 1
  let centre = model.cursor
  let moved = state.place.applied(to: centre).distance(to: centre)
  frame.put(
    "moved \(fixed(moved, 1)) mm at the cursor; a step is \(plainNumber(state.step, 2)) mm or degrees; "
      + "arrows in the \(model.navigation.plane.rawValue) plane", row: row, column: 1, limit: end,
    foreground: Ink.dim)
  row += 1
  frame.put(
    state.showsEdges
      ? "the brain's outline on the SPECT" : "squares: anatomy grey, SPECT in colour", row: row,
    column: 1, limit: end, foreground: Ink.dim)
  row += 1
  if !isSmall {
    frame.put(
      "Look whether outlines, midline and cerebellum meet in all three planes before you accept.",
      row: row, column: 1, limit: end, foreground: Ink.dim)
  }
}

/// One plane: squares of the one in the other, or the anatomy's edges on the SPECT.
private func comparison(
  _ model: Model, _ spect: NamedSPECT, _ state: RegistrationState, _ geometry: SliceGeometry,
  _ density: PixelDensity
) -> Picture {
  let grey = sliceRaster(
    PaneContent(base: model.greyBase, gamma: model.view.underlay.gamma), geometry,
    cursor: model.cursor, density: density)
  let hot = sliceRaster(
    PaneContent(base: .hot(spect.measured.volume, top: spect.top)), geometry,
    cursor: model.cursor, density: density)
  var out = hot
  guard state.showsEdges else {
    let square = max(4, geometry.width / 8)
    for y in 0..<geometry.height {
      for x in 0..<geometry.width where (x / square + y / square) % 2 == 0 {
        out.set(x, y, grey.colours[y * grey.width + x], grey.kinds[y * grey.width + x])
      }
    }
    return out
  }
  // The outline of the brain; without a mask, where the anatomy goes from dark to bright.
  let mask = model.scene.mask
  func isBright(_ x: Int, _ y: Int) -> Bool {
    guard let mask else { return grey.colours[y * grey.width + x].luminance > 70 }
    return mask.grid.nearestVoxel(geometry.world(x, y, through: model.cursor)).map(mask.contains)
      ?? false
  }
  for y in 0..<max(0, geometry.height - 1) {
    for x in 0..<max(0, geometry.width - 1)
    where isBright(x, y) != isBright(x + 1, y) || isBright(x, y) != isBright(x, y + 1) {
      out.dot(x, y, density.stroke, Ink.cursor, .mark)
    }
  }
  return out
}

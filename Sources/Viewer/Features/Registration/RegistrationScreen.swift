import Basics
import CellUI
import Imaging
import Perfusion

/// Where the three planes of the registration stand.
struct RegistrationScreen {
  let density: PixelDensity
  let rows: Int
  let tiles: [(geometry: SliceGeometry, area: Rect)]

  init(_ model: Model, _ layout: Layout) {
    let isSmall = layout.size.columns < 100
    rows = layout.keys - 1 - (isSmall ? 5 : 6)
    let third = layout.size.columns / 3
    let area = Rect(column: 3, row: 2, columns: third - 6, rows: rows - 1)
    density = sliceDensity(model, columns: area.columns, rows: area.rows)
    let (width, height) = (area.columns * density.across, area.rows * density.down)
    let scale = SliceGeometry.scale(
      fitting: model.scene, planes: Plane.allCases, width: width, height: height)
    tiles = Plane.allCases.enumerated().map { n, plane in
      (
        SliceGeometry(
          plane: plane, isRadiological: model.navigation.isRadiological, scene: model.scene,
          width: width, height: height, scale: scale),
        Rect(
          column: area.column + n * third, row: area.row, columns: area.columns, rows: area.rows)
      )
    }
  }

  /// The slices as they answer.
  func regions(_ model: Model) -> [HitRegion] {
    tiles.map {
      HitRegion(
        area: $0.area,
        meaning: .slice(
          SliceRegion(
            geometry: $0.geometry, density: density, area: $0.area, place: model.cursor,
            hasCursor: true)))
    }
  }
}

/// Three planes of the SPECT over the anatomy, and how alike they are.
func drawRegistration(_ frame: inout Frame, _ model: Model, _ layout: Layout) {
  guard let state = model.registration, model.scene.spects.indices.contains(state.spect) else {
    return
  }
  let spect = model.scene.spects[state.spect]
  let screen = RegistrationScreen(model, layout)
  drawSlices(
    &frame, model,
    screen.tiles.map {
      PlacedSlice(
        geometry: $0.geometry,
        picture: comparison(model, spect, state, $0.geometry, screen.density), area: $0.area)
    })
  for (geometry, area) in screen.tiles {
    let plane = geometry.plane
    let isShown = plane == model.navigation.plane
    frame.put(
      (isShown ? "›" : " ") + "\(plane.rawValue) \(sliceLabel(model, plane))", row: area.row - 1,
      column: area.column - 2, foreground: isShown ? Ink.cursor : Ink.text)
    drawEdgeLetters(&frame, model, geometry, area)
  }
  drawRegistrationWords(
    &frame, model, state, spect, row: 1 + screen.rows, isSmall: layout.size.columns < 100)
}

/// How it lies, how alike both are, and what to look for.
private func drawRegistrationWords(
  _ frame: inout Frame, _ model: Model, _ state: RegistrationState, _ spect: NamedSPECT, row: Int,
  isSmall: Bool
) {
  var row = row
  let end = frame.size.columns - 1
  let placement = spect.measured.placement
  // Which of the person's scans is moved and accepted here.
  let own = spect.roleTitle + "  "
  let room = max(12, min(spect.name.count, end - 1 - own.count - 2 - placement.words.count))
  let file = shortenedName(visibleText(spect.name, limit: 120), room)
  let at = frame.put(
    own + file + "  ", row: row, column: 1, limit: end, foreground: Ink.blue, style: .bold)
  frame.put(
    placement.words, row: row, column: at, limit: end,
    foreground: spect.isAccepted ? Ink.text : Ink.amber, style: .bold)
  row += 1
  frame.put(
    spect.outlines?.words ?? "how far the brains' surfaces are apart is being measured", row: row,
    column: 1, limit: end, foreground: Ink.text)
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
      ? "outlines on the anatomy: its own brain white, the SPECT's brain green"
      : "squares: anatomy grey, SPECT in colour", row: row,
    column: 1, limit: end, foreground: Ink.dim)
  row += 1
  if !isSmall {
    frame.put(
      "Do outlines, midline and cerebellum meet? Looked at: " + state.lookedWords, row: row,
      column: 1, limit: end, foreground: Ink.dim)
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
  var out = grey
  guard state.showsEdges else {
    out = sliceRaster(
      PaneContent(base: .hot(spect.measured.volume, top: spect.top)), geometry,
      cursor: model.cursor, density: density)
    let square = max(4, geometry.width / 8)
    for y in 0..<geometry.height {
      for x in 0..<geometry.width where (x / square + y / square) % 2 == 0 {
        out.set(x, y, grey.colours[y * grey.width + x], grey.kinds[y * grey.width + x])
      }
    }
    return out
  }
  let fileFromScene = spect.sceneFromFile.inverse ?? .identity
  // Without outlines the run's mask, or where the anatomy goes from dark to bright.
  let anatomy = spect.outlines?.anatomy ?? model.scene.mask
  func isAnatomy(_ x: Int, _ y: Int) -> Bool {
    guard let anatomy else { return grey.colours[y * grey.width + x].luminance > 70 }
    return anatomy.contains(at: geometry.world(x, y, through: model.cursor))
  }
  func isSPECT(_ x: Int, _ y: Int) -> Bool {
    let p = fileFromScene.applied(to: geometry.world(x, y, through: model.cursor))
    return spect.outlines?.own?.contains(at: p) ?? false
  }
  outline(&out, geometry, density, Ink.text, isAnatomy)
  outline(&out, geometry, density, Ink.cursor, isSPECT)
  return out
}

/// Where a set begins and ends.
private func outline(
  _ out: inout Picture, _ geometry: SliceGeometry, _ density: PixelDensity, _ colour: Colour,
  _ isInside: (Int, Int) -> Bool
) {
  let (w, h) = (geometry.width, geometry.height)
  let inside = (0..<w * h).map { isInside($0 % w, $0 / w) }
  for y in 0..<max(0, h - 1) {
    for x in 0..<max(0, w - 1) {
      let here = inside[y * w + x]
      if here != inside[y * w + x + 1] || here != inside[(y + 1) * w + x] {
        out.dot(x, y, density.stroke, colour, .mark)
      }
    }
  }
}

extension Mask {
  fileprivate func contains(at p: WorldPoint) -> Bool {
    grid.nearestVoxel(p).map(contains) ?? false
  }
}

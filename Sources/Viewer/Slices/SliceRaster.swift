import CellUI
import Imaging
import Perfusion

/// What a pane draws: a base image in grey or a palette, and maps over it.
struct PaneContent {
  enum Base {
    case grey(NamedVolume)
    /// Values in per cent of a reference, black at 0, white at `top`.
    case hot(Volume, top: Double)
    case none
  }
  var base: Base
  /// From the lowest to the highest.
  var layers: [MapLayer] = []
  var showsMap = false
  /// z against normals, outlined beyond ± 2.
  var outlined: Volume? = nil
  /// Lines where another picture reaches a value.
  var isoline: (volume: Volume, level: Double)?
  var palette = Palette.hotIron
  /// Without colours the ramp of glyphs follows the value, not a palette's brightness.
  var isMonochrome = false
  /// Power of the grey scale.
  var gamma = 0.5
  /// White of the grey scale: lower where flat colours on it must stand out.
  var brightestGrey = ColourMaps.usualBrightestGrey
}

extension PaneContent {
  fileprivate func colour(_ t: Double) -> Colour {
    isMonochrome ? ColourMaps.monochrome(t) : palette.colour(t)
  }
}

/// A ball whose outline is drawn.
struct Ring {
  var centre: WorldPoint
  var millimetres: Double
  var ink: Colour
}

/// Draws one slice. Every pixel takes the value of the voxel that holds its centre: no
/// interpolation, so what is seen is what is stored.
func sliceRaster(
  _ content: PaneContent, _ geometry: SliceGeometry, cursor: WorldPoint, marks: [WorldPoint] = [],
  rings: [Ring] = [],
  lines: [(from: WorldPoint, to: WorldPoint, ink: Colour)] = [], showsCross: Bool = true,
  density: PixelDensity = .half
) -> Picture {
  var picture = Picture(width: geometry.width, height: geometry.height, density: density)
  let layers = content.showsMap ? content.layers : []
  // Which pixels each layer draws in full, where a line runs around them: +1, −1 or 0.
  var full = layers.map {
    $0.needsLine ? [Int8](repeating: 0, count: geometry.width * geometry.height) : []
  }
  let lined = layers.indices.filter { layers[$0].needsLine }
  let runs = SliceRuns(content, geometry, cursor)
  for y in 0..<geometry.height {
    guard runs.startsRow[y] else {
      picture.repeatAbove(y)
      for n in lined {
        for at in (y * geometry.width)..<((y + 1) * geometry.width) {
          full[n][at] = full[n][at - geometry.width]
        }
      }
      continue
    }
    for x in 0..<geometry.width {
      guard runs.startsColumn[x] else {
        picture.repeatLeft(x, y)
        let at = y * geometry.width + x
        for n in lined { full[n][at] = full[n][at - 1] }
        continue
      }
      let w = geometry.world(x, y, through: cursor)
      var (colour, kind) = base(content, w)
      for (n, layer) in layers.enumerated() {
        let sign = layer.draw(at: w, on: &colour, &kind)
        if layer.needsLine { full[n][y * geometry.width + x] = sign }
      }
      picture.set(x, y, colour, kind)
    }
  }
  for (n, layer) in layers.enumerated() where layer.needsLine {
    drawBorder(&picture, geometry, full[n], layer)
  }
  drawRims(&picture, content, geometry, cursor)
  for ring in rings { drawRing(&picture, geometry, ring, cursor) }
  for line in lines { drawLine(&picture, geometry, line.from, line.to, line.ink) }
  for mark in marks { drawMark(&picture, geometry, mark, cursor) }
  if showsCross { drawCross(&picture, geometry, cursor) }
  return picture
}

/// Lines where normals or another picture reach their level.
private func drawRims(
  _ picture: inout Picture, _ content: PaneContent, _ geometry: SliceGeometry,
  _ cursor: WorldPoint
) {
  if let z = content.outlined {
    drawRim(&picture, geometry, cursor) {
      let v = z.nearest($0)
      return v.isFinite ? (v >= 2 ? 1 : v <= -2 ? -1 : 0) : 0
    }
  }
  if let line = content.isoline {
    drawRim(&picture, geometry, cursor) {
      let v = Double(line.volume.nearest($0))
      return v.isFinite && v >= line.level ? 1 : 0
    }
  }
}

/// Where a ball cuts the slice.
private func drawRing(
  _ picture: inout Picture, _ geometry: SliceGeometry, _ ring: Ring, _ cursor: WorldPoint
) {
  let pixel = geometry.world(1, 0, through: cursor).distance(
    to: geometry.world(0, 0, through: cursor))
  guard ring.millimetres >= pixel else { return }
  for y in 0..<geometry.height {
    for x in 0..<geometry.width {
      let d = geometry.world(x, y, through: cursor).distance(to: ring.centre)
      if abs(d - ring.millimetres) <= 0.6 * pixel * Double(picture.density.stroke) {
        picture.set(x, y, ring.ink, .mark)
      }
    }
  }
}

/// A line through the head, seen along the plane's normal.
private func drawLine(
  _ picture: inout Picture, _ geometry: SliceGeometry, _ a: WorldPoint, _ b: WorldPoint,
  _ ink: Colour
) {
  let (p, q) = (geometry.pixel(a), geometry.pixel(b))
  let steps = max(1, max(abs(q.x - p.x), abs(q.y - p.y)))
  guard steps < 4000 * picture.density.across else { return }
  for n in 0...steps {
    let t = Double(n) / Double(steps)
    let x = (Double(p.x) + t * Double(q.x - p.x)).rounded()
    let y = (Double(p.y) + t * Double(q.y - p.y)).rounded()
    picture.dot(Int(x), Int(y), picture.density.stroke, ink, .mark)
  }
}

private func base(_ content: PaneContent, _ w: WorldPoint) -> (Colour, PixelKind) {
  switch content.base {
  case .none: return (ColourMaps.noData, .nothing)
  case .grey(let image):
    let v = image.volume.nearest(w)
    guard v.isFinite else { return (ColourMaps.noData, .nothing) }
    let t = Double(
      (v - image.window.lowerBound) / (image.window.upperBound - image.window.lowerBound))
    guard t > 0 else { return (ColourMaps.noData, .nothing) }
    return (
      ColourMaps.grey(t, gamma: content.gamma, brightest: content.brightestGrey), .tissue
    )
  case .hot(let volume, let top):
    // Beyond the image there is nothing to be said; within it a voxel may have no data.
    guard let place = volume.grid.nearestVoxel(w) else { return (ColourMaps.noData, .nothing) }
    let v = Double(volume.values[volume.grid.offset(place)])
    guard v.isFinite else { return (ColourMaps.outsideField, .nothing) }
    guard v > 0 else { return (ColourMaps.noData, .nothing) }
    return (content.colour(v / top), .tissue)
  }
}

/// A short cross with a gap, so that what it points at stays visible and few cells change.
private func drawCross(_ picture: inout Picture, _ geometry: SliceGeometry, _ cursor: WorldPoint) {
  let at = geometry.pixel(cursor)
  // From the second to the fourth pixel of a half block, whatever the pixels are.
  let unit = picture.density.across
  let last = geometry.width < 28 * unit ? 3 : 4
  let dots = ((2 * unit - unit / 2)...(last * unit + (unit - 1) / 2)).flatMap { d in
    [(d, 0), (-d, 0), (0, d), (0, -d)].map { (x: at.x + $0.0, y: at.y + $0.1) }
  }
  // What lies below is asked before any of it is painted: a dot is wider than the step to the next.
  let inks = dots.map { Ink.cursor(on: picture.colour($0.x, $0.y)) }
  for (dot, ink) in zip(dots, inks) {
    picture.dot(dot.x, dot.y, picture.density.stroke, ink, .mark)
  }
}

extension Picture {
  /// The colour of a pixel; black beside the picture.
  fileprivate func colour(_ x: Int, _ y: Int) -> Colour {
    x >= 0 && y >= 0 && x < width && y < height ? colours[y * width + x] : Colour(0, 0, 0)
  }
}

/// A ring of four pixels around a place near the slice.
private func drawMark(
  _ picture: inout Picture, _ geometry: SliceGeometry, _ mark: WorldPoint, _ cursor: WorldPoint
) {
  let axis = geometry.plane.normalAxis
  guard abs(mark[axis] - cursor[axis]) <= 5 else { return }
  let at = geometry.pixel(mark)
  let unit = picture.density.across
  for (dx, dy) in [(unit, unit), (-unit, unit), (unit, -unit), (-unit, -unit)] {
    picture.dot(at.x + dx, at.y + dy, max(1, unit / 2), Ink.strong, .mark)
  }
}

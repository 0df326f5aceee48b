import CellUI
import Imaging
import Perfusion

/// What a pane draws: a base image in grey or a palette, and a signed map over it.
struct PaneContent {
  enum Base {
    case grey(NamedVolume)
    /// Values in per cent of a reference, black at 0, white at `top`.
    case hot(Volume, top: Double)
    case none
  }
  var base: Base
  var map: Volume?
  var threshold: Double
  var ceiling: Double
  /// |value| of the darkest colour. It stays while the threshold moves: a colour is a value.
  var floor = 0.0
  var showsMap: Bool
  /// z against normals, outlined beyond ± 2.
  var outlined: Volume? = nil
  var palette = Palette.hotIron
  /// Without colours the ramp of glyphs follows the value, not a palette's brightness.
  var isMonochrome = false
}

extension PaneContent {
  /// The colour of a value that the threshold lets through.
  func full(_ v: Double) -> Colour {
    let t = (abs(v) - floor) / max(1e-6, ceiling - floor)
    return v > 0 ? ColourMaps.positive(t) : ColourMaps.negative(t)
  }

  fileprivate func colour(_ t: Double) -> Colour {
    isMonochrome ? ColourMaps.monochrome(t) : palette.colour(t)
  }
}

/// Lines around what lies beyond ± 2: above in white, below in blue; without colour + and −.
private func drawOutlines(
  _ picture: inout Picture, _ geometry: SliceGeometry, _ z: Volume, _ cursor: WorldPoint
) {
  let beyond = (0..<geometry.width * geometry.height).map { n -> Int in
    let v = z.nearest(geometry.world(n % geometry.width, n / geometry.width, through: cursor))
    return v.isFinite ? (v >= 2 ? 1 : v <= -2 ? -1 : 0) : 0
  }
  func at(_ x: Int, _ y: Int) -> Int {
    x < 0 || y < 0 || x >= geometry.width || y >= geometry.height
      ? 0 : beyond[y * geometry.width + x]
  }
  for y in 0..<geometry.height {
    for x in 0..<geometry.width where at(x, y) != 0 {
      let s = at(x, y)
      let reach = 1...picture.density.stroke
      if reach.contains(where: {
        at(x - $0, y) != s || at(x + $0, y) != s || at(x, y - $0) != s || at(x, y + $0) != s
      }) {
        picture.set(x, y, s > 0 ? Ink.strong : Ink.blue, s > 0 ? .positive : .negative)
      }
    }
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
  lines: [(from: WorldPoint, to: WorldPoint, ink: Colour)] = [], density: PixelDensity = .half
) -> Picture {
  var picture = Picture(width: geometry.width, height: geometry.height, density: density)
  let runs = SliceRuns(content, geometry, cursor)
  for y in 0..<geometry.height {
    guard runs.startsRow[y] else {
      picture.repeatAbove(y)
      continue
    }
    for x in 0..<geometry.width {
      guard runs.startsColumn[x] else {
        picture.repeatLeft(x, y)
        continue
      }
      let w = geometry.world(x, y, through: cursor)
      var (colour, kind) = base(content, w)
      if content.showsMap, let map = content.map {
        let v = Double(map.nearest(w))
        if v.isFinite, v != 0 {
          let size = abs(v)
          if size >= content.threshold {
            colour = content.full(v)
            kind = v > 0 ? .positive : .negative
          } else if content.threshold > 0 {
            // Faded, not hidden; by the value alone, so that the threshold moves no other voxel.
            let part = min(1, size / (content.floor > 0 ? content.floor : 0.5 * content.ceiling))
            let faint = v > 0 ? ColourMaps.positive(0.1) : ColourMaps.negative(0.1)
            colour = colour.mixed(with: faint, 0.45 * part * part)
          }
        }
      }
      picture.set(x, y, colour, kind)
    }
  }
  if let outlined = content.outlined { drawOutlines(&picture, geometry, outlined, cursor) }
  for ring in rings { drawRing(&picture, geometry, ring, cursor) }
  for line in lines { drawLine(&picture, geometry, line.from, line.to, line.ink) }
  for mark in marks { drawMark(&picture, geometry, mark, cursor) }
  drawCross(&picture, geometry, cursor)
  return picture
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
    return (ColourMaps.grey(t), .tissue)
  case .hot(let volume, let top):
    let v = Double(volume.nearest(w))
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
  for d in (2 * unit - unit / 2)...(4 * unit + (unit - 1) / 2) {
    for (dx, dy) in [(d, 0), (-d, 0), (0, d), (0, -d)] {
      picture.dot(at.x + dx, at.y + dy, picture.density.stroke, Ink.cursor, .mark)
    }
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

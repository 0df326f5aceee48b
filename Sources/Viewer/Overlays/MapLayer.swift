import CellUI
import Imaging

/// One map as it lies over a base.
struct MapLayer {
  var volume: Volume
  /// |value| from which it is drawn in full, and beyond which no longer.
  var level: Double
  var top = Double.infinity
  /// Voxels that are drawn in full, where |value| alone does not decide.
  var passes: [Bool]?
  /// |value| of the darkest and brightest colour. They stay while the threshold moves: a colour is a value.
  var floor = 0.0
  var ceiling: Double
  var sign = SignShown.both
  var colours = OverlayColours.redBlue
  var opacity = 1.0
  var isFaded = true
  var isOutlined = false
  var isContour = false
  var name = ""
  var unit = ""
  /// Colours of a contour for both signs; nil takes the layer's own.
  var line: (positive: Colour, negative: Colour)?
  /// One colour for every value.
  var flat: Colour?
  /// Whether its numbers stand without a sign.
  var isUnsigned = false
}

extension MapLayer {
  init(_ shown: ShownOverlay) {
    let style = shown.style
    self.init(
      volume: shown.volume, level: shown.passed.level, top: style.top ?? .infinity,
      passes: shown.passed.passes, floor: style.floor, ceiling: style.ceiling, sign: style.sign,
      colours: style.colours, opacity: Double(style.opacity) / 100, isFaded: style.isFaded,
      isOutlined: style.isOutlined, isContour: style.isContour, name: shown.name, unit: shown.unit)
  }

  /// The colour of a value that the threshold lets through.
  func full(_ v: Double) -> Colour {
    if let flat { return flat }
    let t = (abs(v) - floor) / max(1e-6, ceiling - floor)
    return v > 0 ? colours.positive(t) : colours.negative(t)
  }

  /// Whether a line runs around what passes.
  var needsLine: Bool { isOutlined || isContour }

  /// Colours a pixel; +1 or −1 where the value passes.
  func draw(at w: WorldPoint, on colour: inout Colour, _ kind: inout PixelKind) -> Int8 {
    guard let place = volume.grid.nearestVoxel(w) else { return 0 }
    let offset = volume.grid.offset(place)
    let value = volume.values[offset]
    guard value.isFinite, value != 0 else { return 0 }
    switch sign {
    case .both: break
    case .positive: if value < 0 { return 0 }
    case .negative: if value > 0 { return 0 }
    }
    let v = Double(value)
    let size = abs(v)
    if passes?[offset] ?? (size >= level), size <= top {
      if !isContour {
        let full = full(v)
        colour = opacity < 1 ? colour.mixed(with: full, opacity) : full
        kind = v > 0 ? .positive : .negative
      }
      return v > 0 ? 1 : -1
    }
    if isFaded, !isContour, level > 0 {
      // Faded, not hidden; by the value alone, so that the threshold moves no other voxel.
      let part = min(1, size / (floor > 0 ? floor : 0.5 * ceiling))
      let faint = v > 0 ? colours.positive(0.1) : colours.negative(0.1)
      colour = colour.mixed(with: faint, 0.45 * part * part * opacity)
    }
    return 0
  }
}

/// A line just outside of what a layer draws in full, so that no value is hidden by it; white around
/// what is positive and blue around what is negative, a contour in the layer's own colours.
func drawBorder(
  _ picture: inout Picture, _ geometry: SliceGeometry, _ full: [Int8], _ layer: MapLayer
) {
  let (width, height) = (geometry.width, geometry.height)
  func at(_ x: Int, _ y: Int) -> Int8 {
    x < 0 || y < 0 || x >= width || y >= height ? 0 : full[y * width + x]
  }
  let own = (positive: layer.colours.positive(0.7), negative: layer.colours.negative(0.7))
  let line =
    layer.line ?? (layer.isContour ? own : (positive: Ink.strong, negative: Ink.blue))
  let reach = 1...picture.density.stroke
  for y in 0..<height {
    for x in 0..<width where at(x, y) == 0 {
      let around = reach.lazy.flatMap {
        [at(x - $0, y), at(x + $0, y), at(x, y - $0), at(x, y + $0)]
      }
      guard let side = around.first(where: { $0 != 0 }) else { continue }
      // Without colours a contour is told by its sign; an outline only parts what is told already.
      picture.set(
        x, y, side > 0 ? line.positive : line.negative,
        !layer.isContour ? .tissue : side > 0 ? .positive : .negative)
    }
  }
}

/// Lines on the rim of what a rule calls above (+1, white) or below (−1, blue).
func drawRim(
  _ picture: inout Picture, _ geometry: SliceGeometry, _ cursor: WorldPoint,
  _ rule: (WorldPoint) -> Int
) {
  let beyond = (0..<geometry.width * geometry.height).map { n -> Int in
    rule(geometry.world(n % geometry.width, n / geometry.width, through: cursor))
  }
  // What is cut by the picture's edge has no rim there.
  func at(_ x: Int, _ y: Int) -> Int {
    let (x, y) = (max(0, min(geometry.width - 1, x)), max(0, min(geometry.height - 1, y)))
    return beyond[y * geometry.width + x]
  }
  let reach = 1...picture.density.stroke
  for y in 0..<geometry.height {
    for x in 0..<geometry.width where at(x, y) != 0 {
      let s = at(x, y)
      if reach.contains(where: {
        at(x - $0, y) != s || at(x + $0, y) != s || at(x, y - $0) != s || at(x, y + $0) != s
      }) {
        picture.set(x, y, s > 0 ? Ink.strong : Ink.blue, s > 0 ? .positive : .negative)
      }
    }
  }
}

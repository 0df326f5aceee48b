package import Basics
import CellUI
import Foundation
import ImageFiles
package import Imaging
import PixelFiles

/// What a person looks at before a transform is accepted: FIXED in three planes with the outlines of both brains,
/// and squares of the one in the other.
///
/// The picture says in a text of its own of which matrix it is, so that the picture of another will not do.
package struct ContourPicture {
  private let fixed: Volume
  private let moving: Sampler
  private let brains: (moving: Mask?, fixed: Mask?)
  private let fixedFromMoving: Affine
  private let movingFromFixed: Affine
  private var rgb: [UInt8]

  static let key = "boldspect-matrix-sha256"
  private static let tile = (width: 200, height: 230)
  private static let columns = 4
  private static let words = 58
  private static var size: (width: Int, height: Int) {
    (columns * tile.width, 3 * tile.height + words)
  }
  private static let amber: [UInt8] = [255, 175, 0]
  private static let cyan: [UInt8] = [0, 215, 255]

  /// A PNG.
  ///
  /// - Parameters:
  ///   - names: of the two files: a picture says whose it is.
  ///   - matrixSHA256: of the transform's text file.
  package static func png(
    fixed: Volume, moving: Volume, names: (fixed: String, moving: String),
    brains: (moving: Mask?, fixed: Mask?), _ map: Affine,
    matrixSHA256: String
  ) throws(Problem) -> [UInt8] {
    guard let back = map.inverse else {
      throw Problem(.data, "the transform", "it cannot be inverted")
    }
    var picture = ContourPicture(
      fixed: fixed, moving: Sampler(moving, .linear), brains: brains, fixedFromMoving: map,
      movingFromFixed: back,
      rgb: [UInt8](repeating: 0, count: 3 * size.width * size.height))
    try picture.draw(fixed, moving, names)
    guard
      let bytes = PixelBytes.png(
        width: size.width, height: size.height, rgb: picture.rgb,
        texts: [
          ("Software", "boldspect \(boldspectVersion)"), ("Disclaimer", researchUse),
          (key, matrixSHA256),
        ])
    else { throw Problem(.inputOutput, "PNG", "the picture cannot be made") }
    return bytes
  }

  /// Refuses a file that is no picture of the matrix with this hash.
  package static func require(_ path: String, ofMatrix sha256: String) throws(Problem) {
    let bytes = try readBytes(path, atMost: 64 << 20, as: "a PNG")
    let picture = PixelBytes.picture(
      ofPNG: bytes, mostPixels: size.width * size.height, keys: [key])
    guard picture?.texts[key] == sha256 else {
      throw Problem(
        .data, fileName(path), "it is no picture of this transform",
        expected: "the picture that `register` or `transform look` made of this matrix")
    }
  }

  private init(
    fixed: Volume, moving: Sampler, brains: (moving: Mask?, fixed: Mask?), fixedFromMoving: Affine,
    movingFromFixed: Affine, rgb: [UInt8]
  ) {
    self.fixed = fixed
    self.moving = moving
    self.brains = brains
    self.fixedFromMoving = fixedFromMoving
    self.movingFromFixed = movingFromFixed
    self.rgb = rgb
  }

  private mutating func draw(
    _ fixed: Volume, _ movingVolume: Volume, _ names: (fixed: String, moving: String)
  ) throws(Problem) {
    let box = brains.fixed?.bounds ?? Self.box(fixed.grid)
    let scales = (Self.scale(fixed), Self.scale(movingVolume))
    let painter = try GlyphPainter(cell: PixelDensity(across: 8, down: 16))
    let sample = Sampler(fixed, .linear)
    for (row, plane) in Plane.allCases.enumerated() {
      for column in 0..<Self.columns {
        var middle = WorldPoint(0, 0, 0)
        for axis in 0..<3 { middle[axis] = (box.low[axis] + box.high[axis]) / 2 }
        let depth = [0.3, 0.5, 0.7, 0.5][column]
        let normal = plane.axes.normal
        middle[normal] = box.low[normal] + depth * (box.high[normal] - box.low[normal])
        drawTile(
          row, column, plane, middle, sample, scales, isSquares: column == Self.columns - 1)
        let letters = plane == .sagittal ? ("P", "A") : ("R", "L")
        let top = row * Self.tile.height + 4
        put(letters.0, column * Self.tile.width + 4, top, painter, Self.amber)
        put(letters.1, (column + 1) * Self.tile.width - 12, top, painter, Self.amber)
      }
    }
    let y = 3 * Self.tile.height + 2
    put(
      "FIXED, the person's right on the left, outlines of both brains; last column: squares of MOVING",
      6, y, painter,
      [200, 200, 200])
    put("FIXED's brain", 6, y + 18, painter, Self.cyan)
    put("MOVING's brain", 126, y + 18, painter, Self.amber)
    put("research and education only, not for diagnosis", 256, y + 18, painter, [140, 140, 140])
    let whose =
      "FIXED \(visibleText(names.fixed, limit: 42)), MOVING \(visibleText(names.moving, limit: 42))"
    put(whose, 6, y + 36, painter, [200, 200, 200])
  }

  private mutating func drawTile(
    _ row: Int, _ column: Int, _ plane: Plane, _ middle: WorldPoint, _ sample: Sampler,
    _ scales: (fixed: (Float, Float), moving: (Float, Float)), isSquares: Bool
  ) {
    let axes = plane.axes
    let (w, h) = (Self.tile.width, Self.tile.height)
    func place(_ x: Int, _ y: Int) -> WorldPoint {
      var p = middle
      // As radiologists look, and as the viewer shows it: the person's right on the picture's left.
      p[axes.across] += Double(x - w / 2) * (axes.across == 0 ? -1 : 1)
      p[axes.up] += Double(h / 2 - y)
      return p
    }
    var inFixed = [Bool](repeating: false, count: w * h)
    var inMoving = inFixed
    for y in 0..<h {
      for x in 0..<w {
        let p = place(x, y)
        let q = movingFromFixed.applied(to: p)
        inFixed[y * w + x] = Self.contains(brains.fixed, p)
        inMoving[y * w + x] = Self.contains(brains.moving, q)
        let showsMoving = isSquares && (x / 25 + y / 25) % 2 == 1
        let value = showsMoving ? moving.value(at: q) : sample.value(at: p)
        let (low, high) = showsMoving ? scales.moving : scales.fixed
        let part =
          value.isFinite
          ? max(0, min(1, (value - low) / max(high - low, .leastNormalMagnitude))) : 0
        let grey = UInt8(wholeNumber(200 * part, in: 0...200))
        set(column * w + x, row * h + y, [grey, grey, grey])
      }
    }
    for (mask, colour) in [(inFixed, Self.cyan), (inMoving, Self.amber)] {
      for y in 0..<h - 1 {
        for x in 0..<w - 1
        where mask[y * w + x] != mask[y * w + x + 1] || mask[y * w + x] != mask[(y + 1) * w + x] {
          set(column * w + x, row * h + y, colour)
        }
      }
    }
  }

  private static func contains(_ mask: Mask?, _ p: WorldPoint) -> Bool {
    guard let mask, let v = mask.grid.nearestVoxel(p) else { return false }
    return mask.contains(v)
  }

  private static func box(_ grid: Grid) -> (low: WorldPoint, high: WorldPoint) {
    var (low, high) = (grid.corners[0], grid.corners[0])
    for c in grid.corners {
      for axis in 0..<3 {
        low[axis] = min(low[axis], c[axis])
        high[axis] = max(high[axis], c[axis])
      }
    }
    return (low, high)
  }

  private static func scale(_ v: Volume) -> (Float, Float) {
    (v.percentile(1) ?? 0, v.percentile(99.5) ?? 1)
  }

  private mutating func set(_ x: Int, _ y: Int, _ colour: [UInt8]) {
    let at = 3 * (y * Self.size.width + x)
    for n in 0..<3 { rgb[at + n] = colour[n] }
  }

  private mutating func put(
    _ text: String, _ x: Int, _ y: Int, _ painter: GlyphPainter, _ colour: [UInt8]
  ) {
    for (n, scalar) in text.unicodeScalars.enumerated() {
      let covered = painter.coverage(scalar, bold: false)
      for dy in 0..<16 {
        for dx in 0..<8 where covered[dy * 8 + dx] > 90 {
          let (px, py) = (x + 8 * n + dx, y + dy)
          if px < Self.size.width, py < Self.size.height { set(px, py, colour) }
        }
      }
    }
  }

  private enum Plane: CaseIterable {
    case axial, coronal, sagittal

    /// World axes to the picture's right, upwards, and out of it.
    var axes: (across: Int, up: Int, normal: Int) {
      switch self {
      case .axial: (0, 1, 2)
      case .coronal: (0, 2, 1)
      case .sagittal: (1, 2, 0)
      }
    }
  }
}

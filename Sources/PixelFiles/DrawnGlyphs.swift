import CellUI

/// Coverage of a glyph that is drawn from the cell's own size; nil for what a font must draw.
func drawnGlyph(_ glyph: Unicode.Scalar, _ cell: PixelDensity) -> [UInt8]? {
  var pen = Pen(cell)
  switch glyph {
  case " ": break
  case "█": pen.fill(0, 0, 1, 1)
  case "▀": pen.fill(0, 0, 1, 0.5)
  case "▄": pen.fill(0, 0.5, 1, 1)
  case "▌": pen.fill(0, 0, 0.5, 1)
  case "▐": pen.fill(0.5, 0, 1, 1)
  case "░": pen.fill(0, 0, 1, 1, 64)
  case "▒": pen.fill(0, 0, 1, 1, 128)
  case "▓": pen.fill(0, 0, 1, 1, 191)
  default:
    if let quarters = quarterGlyphs[glyph] {
      for n in 0..<4 where quarters >> n & 1 == 1 {
        let (x, y) = (Double(n % 2) / 2, Double(n / 2) / 2)
        pen.fill(x, y, x + 0.5, y + 0.5)
      }
    } else if let arms = lineGlyphs[glyph] {
      pen.lines(arms)
    } else if (0x2800...0x28ff).contains(glyph.value) {
      pen.dots(glyph.value & 0xff)
    } else {
      return nil
    }
  }
  return pen.coverage
}

/// Upper left 1, upper right 2, lower left 4, lower right 8.
private let quarterGlyphs: [Unicode.Scalar: Int] = [
  "▘": 1, "▝": 2, "▖": 4, "▞": 6, "▛": 7, "▗": 8, "▚": 9, "▜": 11, "▙": 13, "▟": 14,
]

/// Left 1, right 2, up 4, down 8.
private let lineGlyphs: [Unicode.Scalar: Int] = [
  "─": 3, "│": 12, "┌": 10, "┐": 9, "└": 6, "┘": 5, "├": 14, "┤": 13, "┬": 11, "┴": 7, "┼": 15,
]

private struct Pen {
  let cell: PixelDensity
  var coverage: [UInt8]

  init(_ cell: PixelDensity) {
    self.cell = cell
    coverage = [UInt8](repeating: 0, count: cell.across * cell.down)
  }

  mutating func pixels(_ left: Int, _ top: Int, _ right: Int, _ bottom: Int, _ value: UInt8 = 255) {
    for y in max(0, top)..<max(0, top, min(cell.down, bottom)) {
      for x in max(0, left)..<max(0, left, min(cell.across, right)) {
        coverage[y * cell.across + x] = value
      }
    }
  }

  /// A part of the cell, from 0 to 1.
  mutating func fill(
    _ left: Double, _ top: Double, _ right: Double, _ bottom: Double, _ value: UInt8 = 255
  ) {
    func x(_ v: Double) -> Int { Int((v * Double(cell.across)).rounded()) }
    func y(_ v: Double) -> Int { Int((v * Double(cell.down)).rounded()) }
    pixels(x(left), y(top), x(right), y(bottom), value)
  }

  mutating func lines(_ arms: Int) {
    let stroke = max(1, cell.across / 8)
    let (x, y) = ((cell.across - stroke) / 2, (cell.down - stroke) / 2)
    if arms & 1 != 0 { pixels(0, y, x + stroke, y + stroke) }
    if arms & 2 != 0 { pixels(x, y, cell.across, y + stroke) }
    if arms & 4 != 0 { pixels(x, 0, x + stroke, y + stroke) }
    if arms & 8 != 0 { pixels(x, y, x + stroke, cell.down) }
  }

  /// Braille's eight dots, each a little less than its share of the cell.
  mutating func dots(_ bits: UInt32) {
    let places: [(bit: UInt32, x: Int, y: Int)] = [
      (0x01, 0, 0), (0x02, 0, 1), (0x04, 0, 2), (0x40, 0, 3), (0x08, 1, 0), (0x10, 1, 1),
      (0x20, 1, 2), (0x80, 1, 3),
    ]
    let size = max(1, min(cell.across * 2 / 7, cell.down * 4 / 25))
    for place in places where bits & place.bit != 0 {
      let x = (2 * place.x + 1) * cell.across / 4 - size / 2
      let y = (2 * place.y + 1) * cell.down / 8 - size / 2
      pixels(x, y, x + size, y + size)
    }
  }
}

package import Basics
package import CellUI

/// A sheet of pixels for figures: filled with one colour, drawn on pixel by pixel and in lines of text.
package struct Canvas {
  package let width: Int
  package let height: Int
  package private(set) var rgb: [UInt8]

  package init(width: Int, height: Int, background: Colour) {
    self.width = width
    self.height = height
    rgb = [UInt8](repeating: 0, count: 3 * width * height)
    fill(0, 0, width, height, background)
  }

  /// What lies beyond the sheet is left out.
  package mutating func set(_ x: Int, _ y: Int, _ colour: Colour) {
    guard x >= 0, y >= 0, x < width, y < height else { return }
    let at = 3 * (y * width + x)
    (rgb[at], rgb[at + 1], rgb[at + 2]) = (colour.red, colour.green, colour.blue)
  }

  package mutating func fill(_ x: Int, _ y: Int, _ width: Int, _ height: Int, _ colour: Colour) {
    for row in y..<y + height {
      for column in x..<x + width { set(column, row, colour) }
    }
  }

  /// One line of text; its cells are those of the painter.
  ///
  /// - Returns: the column of pixels behind it.
  @discardableResult
  package mutating func put(
    _ text: String, _ x: Int, _ y: Int, _ painter: GlyphPainter, _ colour: Colour,
    bold: Bool = false
  ) -> Int {
    let cell = painter.cell
    var at = x
    for scalar in text.unicodeScalars {
      let covered = painter.coverage(scalar, bold: bold)
      for dy in 0..<cell.down {
        for dx in 0..<cell.across where covered[dy * cell.across + dx] > 0 {
          mix(at + dx, y + dy, colour, Double(covered[dy * cell.across + dx]) / 255)
        }
      }
      at += cell.across
    }
    return at
  }

  private mutating func mix(_ x: Int, _ y: Int, _ colour: Colour, _ part: Double) {
    guard x >= 0, y >= 0, x < width, y < height else { return }
    let at = 3 * (y * width + x)
    set(x, y, Colour(rgb[at], rgb[at + 1], rgb[at + 2]).mixed(with: colour, part))
  }

  /// A PNG that says of itself what it is for.
  package func png(texts: [(key: String, text: String)]) throws(Problem) -> [UInt8] {
    guard let bytes = PixelBytes.png(width: width, height: height, rgb: rgb, texts: texts) else {
      throw Problem(.inputOutput, "PNG", "the picture cannot be made")
    }
    return bytes
  }
}

package import CellUI

/// A screen as pixels, three bytes each.
package struct ScreenRaster {
  package let width: Int
  package let height: Int
  package private(set) var rgb: [UInt8]

  /// What a terminal shows by default.
  private static let front = Colour(215, 215, 215)
  private static let back = Colour(0, 0, 0)

  /// Draws every image and every cell of a frame; what is wider or higher than it stays black.
  package init(_ frame: Frame, painter: GlyphPainter, width: Int, height: Int) {
    self.width = width
    self.height = height
    rgb = [UInt8](repeating: 0, count: 3 * width * height)
    for image in frame.images { draw(image, painter.cell) }
    for row in 0..<frame.size.rows {
      for column in 0..<frame.size.columns {
        let cell = frame[row, column]
        if !cell.style.contains(.image) { draw(cell, row, column, painter) }
      }
    }
  }

  private mutating func set(_ x: Int, _ y: Int, _ c: Colour) {
    guard x >= 0, y >= 0, x < width, y < height else { return }
    let at = 3 * (y * width + x)
    rgb[at] = c.red
    rgb[at + 1] = c.green
    rgb[at + 2] = c.blue
  }

  /// Pixels are repeated where a cell has more of them than the image.
  private mutating func draw(_ image: PlacedPicture, _ cell: PixelDensity) {
    let (across, down) = (image.area.columns * cell.across, image.area.rows * cell.down)
    for y in 0..<down {
      let from = y * image.height / down * image.width
      for x in 0..<across {
        set(
          image.area.column * cell.across + x, image.area.row * cell.down + y,
          image.colours[from + x * image.width / across])
      }
    }
  }

  private mutating func draw(_ cell: Cell, _ row: Int, _ column: Int, _ painter: GlyphPainter) {
    var front = cell.foreground.isStandard ? Self.front : cell.foreground
    var back = cell.background.isStandard ? Self.back : cell.background
    if cell.style.contains(.reverse) { (front, back) = (back, front) }
    if cell.style.contains(.dim) { front = front.mixed(with: back, 0.4) }
    let size = painter.cell
    let coverage = painter.coverage(cell.glyph, bold: cell.style.contains(.bold))
    for y in 0..<size.down {
      let isLine = cell.style.contains(.underline) && y == size.down - 1 - size.down / 16
      for x in 0..<size.across {
        let part = isLine ? 255 : coverage[y * size.across + x]
        let colour =
          part == 0 ? back : part == 255 ? front : back.mixed(with: front, Double(part) / 255)
        set(column * size.across + x, row * size.down + y, colour)
      }
    }
  }
}

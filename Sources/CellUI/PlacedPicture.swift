/// A picture that is shown as an image, with the cells that it covers.
package struct PlacedPicture: Equatable, Sendable {
  package private(set) var area: Rect
  package let density: PixelDensity
  /// Row by row; `area.columns * density.across` to a row.
  package private(set) var colours: [Colour]

  package var width: Int { area.columns * density.across }
  package var height: Int { area.rows * density.down }

  init(_ picture: Picture, row: Int, column: Int) {
    density = picture.density
    area = Rect(
      column: column, row: row, columns: picture.width / density.across,
      rows: picture.height / density.down)
    if picture.width == area.columns * density.across,
      picture.height == area.rows * density.down
    {
      colours = picture.colours
    } else {
      // Pixels that fill no whole cell are left out.
      let width = area.columns * density.across
      colours = (0..<area.rows * density.down).flatMap { y in
        picture.colours[(y * picture.width)..<(y * picture.width + width)]
      }
    }
  }

  /// Takes in a picture that goes on at the right; false when it does not.
  mutating func append(_ other: PlacedPicture) -> Bool {
    guard other.density == density, other.area.row == area.row, other.area.rows == area.rows,
      other.area.column == area.column + area.columns
    else { return false }
    var joined: [Colour] = []
    joined.reserveCapacity(colours.count + other.colours.count)
    for y in 0..<height {
      joined += colours[(y * width)..<((y + 1) * width)]
      joined += other.colours[(y * other.width)..<((y + 1) * other.width)]
    }
    area.columns += other.area.columns
    colours = joined
    return true
  }

  /// The same in bands of rows, with the cells that text covers clear (the standard colour). Only
  /// bands with text have clear pixels; the others need no more than 24 bits for one.
  func bands(under frame: Frame) -> [PlacedPicture] {
    func isText(_ row: Int, _ column: Int) -> Bool {
      let (y, x) = (area.row + row, area.column + column)
      guard y >= 0, x >= 0, y < frame.size.rows, x < frame.size.columns else { return false }
      return !frame[y, x].style.contains(.image)
    }
    var out: [PlacedPicture] = []
    var start = 0
    let hasText = (0..<area.rows).map { row in (0..<area.columns).contains { isText(row, $0) } }
    for row in 1..<(area.rows + 1) where row == area.rows || hasText[row] != hasText[start] {
      var band = part(Rect(column: 0, row: start, columns: area.columns, rows: row - start))
      if hasText[start] {
        for y in start..<row {
          for x in 0..<area.columns where isText(y, x) { band.clear(y - start, x) }
        }
      }
      out.append(band)
      start = row
    }
    return out
  }

  private mutating func clear(_ row: Int, _ column: Int) {
    for y in (row * density.down)..<((row + 1) * density.down) {
      for x in (column * density.across)..<((column + 1) * density.across) {
        colours[y * width + x] = .standard
      }
    }
  }

  /// Some of its cells; the rectangle counts from this picture's own corner.
  func part(_ rect: Rect) -> PlacedPicture {
    var out = self
    out.area = Rect(
      column: area.column + rect.column, row: area.row + rect.row, columns: rect.columns,
      rows: rect.rows)
    out.colours = ((rect.row * density.down)..<((rect.row + rect.rows) * density.down)).flatMap {
      y in
      let start = y * width + rect.column * density.across
      return colours[start..<(start + rect.columns * density.across)]
    }
    return out
  }

  /// Whether text shows through some of it.
  var hasClear: Bool { colours.contains(.standard) }

  /// The cells, counted from the corner, in which another picture of the same cells differs; all
  /// of them where text came or went, because what lies over an image cannot make it clear.
  func difference(from other: PlacedPicture) -> Rect? {
    guard other.area == area, other.density == density else {
      return Rect(column: 0, row: 0, columns: area.columns, rows: area.rows)
    }
    let all = Rect(column: 0, row: 0, columns: area.columns, rows: area.rows)
    var (left, right, top, bottom) = (Int.max, -1, Int.max, -1)
    for y in 0..<height {
      for x in 0..<width where colours[y * width + x] != other.colours[y * width + x] {
        if colours[y * width + x].isStandard != other.colours[y * width + x].isStandard {
          return all
        }
        (left, right) = (min(left, x), max(right, x))
        (top, bottom) = (min(top, y), max(bottom, y))
      }
    }
    guard right >= 0 else { return nil }
    let (column, row) = (left / density.across, top / density.down)
    return Rect(
      column: column, row: row, columns: right / density.across - column + 1,
      rows: bottom / density.down - row + 1)
  }

  /// Red, green and blue of every pixel, and where some are clear how opaque it is.
  package var bytes: [UInt8] {
    let isOpaque = !hasClear
    var out: [UInt8] = []
    out.reserveCapacity(4 * colours.count)
    for c in colours {
      out.append(c.red)
      out.append(c.green)
      out.append(c.blue)
      if !isOpaque { out.append(c.isStandard ? 0 : 255) }
    }
    return out
  }
}

extension Frame {
  /// Lays an image over cells; it becomes part of one that ends or begins beside it, as the cells of
  /// a colour bar do.
  mutating func place(_ picture: Picture, row: Int, column: Int) {
    var placed = PlacedPicture(picture, row: row, column: column)
    guard placed.area.columns > 0, placed.area.rows > 0 else { return }
    fill(placed.area, Cell(" ", style: .image))
    for at in images.indices.reversed() {
      if images[at].append(placed) { return }
      if placed.append(images[at]) {
        images[at] = placed
        return
      }
    }
    images.append(placed)
  }
}

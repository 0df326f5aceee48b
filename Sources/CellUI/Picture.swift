/// What a pixel stands for, so that a picture reads without colour too.
package enum PixelKind: UInt8, Sendable {
  case nothing, tissue, positive, negative, mark
}

/// A picture of square pixels, two to a cell.
package struct Picture: Sendable {
  package let width: Int
  package let height: Int
  package var colours: [Colour]
  package var kinds: [PixelKind]

  package init(width: Int, height: Int) {
    self.width = max(0, width)
    self.height = max(0, height)
    colours = [Colour](repeating: Colour(0, 0, 0), count: self.width * self.height)
    kinds = [PixelKind](repeating: .nothing, count: self.width * self.height)
  }

  package mutating func set(_ x: Int, _ y: Int, _ colour: Colour, _ kind: PixelKind) {
    guard x >= 0, y >= 0, x < width, y < height else { return }
    colours[y * width + x] = colour
    kinds[y * width + x] = kind
  }
}

extension Frame {
  /// Draws a picture into cells: half blocks where there is colour, a ramp of glyphs otherwise.
  package mutating func draw(
    _ picture: Picture, row: Int, column: Int, _ capabilities: Capabilities
  ) {
    for cellRow in 0..<(picture.height / 2) {
      for x in 0..<picture.width {
        let upper = 2 * cellRow * picture.width + x
        let lower = upper + picture.width
        let (a, b) = (picture.colours[upper], picture.colours[lower])
        let cell: Cell
        if capabilities.colours == .none {
          cell = rampCell(
            a, b, picture.kinds[upper], picture.kinds[lower], unicode: capabilities.unicode)
        } else if !capabilities.unicode {
          // One colour a cell where there are no half blocks: the mean of the two pixels.
          cell = Cell(" ", foreground: a, background: a.mixed(with: b, 0.5), style: .picture)
        } else if a == b {
          cell = Cell(" ", foreground: a, background: a, style: .picture)
        } else {
          cell = Cell("▀", foreground: a, background: b, style: .picture)
        }
        self[row + cellRow, column + x] = cell
      }
    }
  }

  private func rampCell(
    _ a: Colour, _ b: Colour, _ ka: PixelKind, _ kb: PixelKind, unicode: Bool
  ) -> Cell {
    let kind = ka.rawValue >= kb.rawValue ? ka : kb
    switch kind {
    case .mark: return Cell("X", style: .bold)
    case .positive: return Cell("+", style: .bold)
    case .negative: return Cell(unicode ? "−" : "-", style: .bold)
    case .nothing: return Cell(" ")
    case .tissue:
      let ramp: [Unicode.Scalar] =
        unicode ? [" ", "·", "░", "▒", "▓"] : [" ", ".", ":", "o", "O", "#"]
      let level = (a.luminance + b.luminance) / 2
      return Cell(ramp[min(ramp.count - 1, level * ramp.count / 200)])
    }
  }
}

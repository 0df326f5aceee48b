/// What a pixel stands for, so that a picture reads without colour too.
package enum PixelKind: UInt8, Sendable {
  case nothing, tissue, positive, negative, mark
}

/// A picture of square pixels.
package struct Picture: Sendable {
  package let width: Int
  package let height: Int
  /// How many of them a cell holds.
  package let density: PixelDensity
  package var colours: [Colour]
  package var kinds: [PixelKind]

  package init(width: Int, height: Int, density: PixelDensity = .half) {
    self.density = density
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

extension Picture {
  /// Fills a square of some pixels around a pixel.
  package mutating func dot(_ x: Int, _ y: Int, _ size: Int, _ colour: Colour, _ kind: PixelKind) {
    // A line across two quarters of a cell would be mixed away.
    let y = density == .quadrant ? y / 2 * 2 + 1 : y
    for dy in 0..<size {
      for dx in 0..<size { set(x + dx - size / 2, y + dy - size / 2, colour, kind) }
    }
  }
}

extension Frame {
  /// Draws a picture: an image where the terminal has them, else half blocks where there is
  /// colour, mixed shades where there are few colours, a ramp of glyphs otherwise.
  package mutating func draw(
    _ picture: Picture, row: Int, column: Int, _ capabilities: Capabilities
  ) {
    if capabilities.hasImages { return place(picture, row: row, column: column) }
    if picture.density == .quadrant { return drawQuadrants(picture, row: row, column: column) }
    let mixer = capabilities.unicode ? ShadeMixer(capabilities.colours) : nil
    for cellRow in 0..<(picture.height / 2) {
      for x in 0..<picture.width {
        let upper = 2 * cellRow * picture.width + x
        let lower = upper + picture.width
        let (a, b) = (picture.colours[upper], picture.colours[lower])
        let cell: Cell
        if capabilities.hasNoColourScale {
          cell = rampCell(
            a, b, picture.kinds[upper], picture.kinds[lower], unicode: capabilities.unicode)
        } else if let mixer {
          cell = mixer.cell(a, b)
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

  private mutating func drawQuadrants(_ picture: Picture, row: Int, column: Int) {
    let mixer = QuadrantMixer()
    for cellRow in 0..<(picture.height / 4) {
      for x in 0..<(picture.width / 2) {
        let pixels = (0..<8).map {
          picture.colours[(4 * cellRow + $0 / 2) * picture.width + 2 * x + $0 % 2]
        }
        self[row + cellRow, column + x] = mixer.cell(pixels)
      }
    }
  }

  private func rampCell(
    _ a: Colour, _ b: Colour, _ ka: PixelKind, _ kb: PixelKind, unicode: Bool
  ) -> Cell {
    // Terminals without colours ignore the ink.
    let kind = ka.rawValue >= kb.rawValue ? ka : kb
    let ink = ka.rawValue >= kb.rawValue ? a : b
    switch kind {
    case .mark: return Cell("X", foreground: ink, style: .bold)
    case .positive: return Cell("+", foreground: ink, style: .bold)
    case .negative: return Cell(unicode ? "−" : "-", foreground: ink, style: .bold)
    case .nothing: return Cell(" ")
    case .tissue: return Cell(rampGlyph((a.luminance + b.luminance) / 2, unicode: unicode))
    }
  }
}

/// The glyph of a brightness from 0 to 199.
package func rampGlyph(_ brightness: Int, unicode: Bool) -> Unicode.Scalar {
  let ramp: [Unicode.Scalar] =
    unicode ? [" ", "·", "░", "▒", "▓"] : [" ", ".", ":", "o", "O", "#"]
  return ramp[min(ramp.count - 1, brightness * ramp.count / 200)]
}

/// Pixels of one cell, across and down.
package struct PixelDensity: Hashable, Sendable {
  package var across: Int
  package var down: Int

  package init(across: Int, down: Int) {
    self.across = max(1, across)
    self.down = max(1, down)
  }

  /// Half blocks: two pixels, two colours, both exact.
  package static let half = PixelDensity(across: 1, down: 2)
  /// Quadrants: eight square pixels that share two colours.
  package static let quadrant = PixelDensity(across: 2, down: 4)

  /// How many pixels wide a line is drawn, so that it is as wide at any density.
  package var stroke: Int { across == 1 ? 1 : max(2, across / 5) }

  /// So many pixels across, and as many down as keep them square in a cell of this size.
  package func reduced(across count: Int) -> PixelDensity {
    PixelDensity(across: count, down: (count * down * 2 + across) / (across * 2))
  }
}

/// What pictures are made of.
package enum Pictures: Hashable, Sendable {
  /// Glyphs of cells; half blocks where there is colour.
  case blocks
  /// Quadrants: finer, but two colours stand for eight pixels.
  case quadrants
  /// Images beside the cells, of a cell with so many pixels. Where the terminal is known to repeat
  /// pixels when it enlarges, an image needs no more of them than there are voxels.
  case images(cell: PixelDensity, repeatsPixels: Bool)
}

extension Capabilities {
  /// Whether pictures are images beside the cells.
  package var hasImages: Bool {
    if case .images = pictures { return colours != .none }
    return false
  }

  /// Whether two colours stand for more than two pixels, so that voxels' colours are mixed.
  package var mixesPixels: Bool {
    pictures == .quadrants && unicode && (colours == .direct || colours == .indexed)
  }

  /// The finest pixels that a picture can have here.
  package var density: PixelDensity {
    if hasImages, case .images(let cell, _) = pictures { return cell }
    return mixesPixels ? .quadrant : .half
  }
}

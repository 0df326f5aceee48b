/// A whole screen as cells.
package struct Frame: Equatable, Sendable {
  package let size: Size
  package internal(set) var cells: [Cell]
  /// What the terminal's numbered colours stand for; nil where none are used.
  package var table: ColourTable?
  /// Images over cells, in the order in which they were laid.
  package var images: [PlacedPicture] = []
  /// What no picture of this screen may be without, where that is not each such word that stands on it: lists and
  /// help speak of simulations without showing one.
  package var unmeasuredWords: [String]?

  package init(size: Size) {
    self.size = Size(columns: max(0, size.columns), rows: max(0, size.rows))
    cells = [Cell](repeating: Cell(), count: self.size.columns * self.size.rows)
  }

  package subscript(row: Int, column: Int) -> Cell {
    get { cells[row * size.columns + column] }
    set {
      guard row >= 0, row < size.rows, column >= 0, column < size.columns else { return }
      cells[row * size.columns + column] = newValue
    }
  }

  /// Writes text; what does not fit is cut. Returns the column after it.
  @discardableResult
  package mutating func put(
    _ text: String, row: Int, column: Int, limit: Int? = nil, foreground: Colour = .standard,
    background: Colour? = nil, style: Style = []
  ) -> Int {
    guard row >= 0, row < size.rows else { return column }
    let end = min(size.columns, limit ?? size.columns)
    var at = column
    for scalar in text.unicodeScalars {
      guard at < end else { break }
      if at >= 0 {
        let under = background ?? self[row, at].background
        self[row, at] = Cell(
          printable(scalar), foreground: foreground, background: under, style: style)
      }
      at += 1
    }
    return at
  }

  /// Fills a rectangle with one cell.
  package mutating func fill(_ rect: Rect, _ cell: Cell) {
    for row in max(0, rect.row)..<max(0, min(size.rows, rect.row + rect.rows)) {
      for column in max(
        0, rect.column)..<max(
          0, max(rect.column, min(size.columns, rect.column + rect.columns)))
      {
        self[row, column] = cell
      }
    }
  }

  /// The glyphs as lines, without blanks at their ends.
  package var text: String {
    (0..<size.rows).map { row in
      var line = String.UnicodeScalarView()
      for column in 0..<size.columns { line.append(self[row, column].glyph) }
      while line.last == " " { line.removeLast() }
      return String(line)
    }.joined(separator: "\n")
  }

  /// The same screen with colours where the terminal would take its own, which nobody knows: text that is light on a
  /// dark screen cannot be read on a white one.
  package func painted() -> Frame {
    var out = self
    for at in out.cells.indices {
      if out.cells[at].foreground.isStandard { out.cells[at].foreground = Self.paintedText }
      if out.cells[at].background.isStandard { out.cells[at].background = Self.paintedBack }
    }
    return out
  }

  package static let paintedText = Colour(215, 215, 215)
  package static let paintedBack = Colour(0, 0, 0)

  mutating func recolour(_ change: (Colour) -> Colour) {
    for at in cells.indices {
      cells[at].foreground = change(cells[at].foreground)
      cells[at].background = change(cells[at].background)
    }
  }
}

/// A run of changed cells in one row.
package struct Patch: Equatable, Sendable {
  package var row: Int
  package var column: Int
  package var cells: [Cell]

  package init(row: Int, column: Int, cells: [Cell]) {
    self.row = row
    self.column = column
    self.cells = cells
  }
}

extension Frame {
  /// What must be written so that `old` becomes this frame; everything when there is no old one or
  /// its size differs. Applying the result to `old` gives this frame.
  package func changes(from old: Frame?) -> [Patch] {
    let base = old.flatMap { $0.size == size ? $0 : nil }
    var patches: [Patch] = []
    for row in 0..<size.rows {
      var column = 0
      while column < size.columns {
        let at = row * size.columns + column
        if let base, base.cells[at] == cells[at] {
          column += 1
          continue
        }
        let start = column
        while column < size.columns {
          let here = row * size.columns + column
          if let base, base.cells[here] == cells[here] { break }
          column += 1
        }
        patches.append(
          Patch(
            row: row, column: start,
            cells: Array(cells[(row * size.columns + start)..<(row * size.columns + column)])))
      }
    }
    return patches
  }

  /// This frame with some cells replaced.
  package func applying(_ patches: [Patch]) -> Frame {
    var out = self
    for patch in patches {
      for (n, cell) in patch.cells.enumerated() { out[patch.row, patch.column + n] = cell }
    }
    return out
  }
}

/// A scalar that takes one column and does nothing else; others become a question mark.
func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
  switch scalar.value {
  case 0x20...0x7e, 0xa1...0xac, 0xae...0x2ff, 0x370...0x482, 0x48a...0x52f, 0x1e00...0x1fff,
    0x2010...0x2027, 0x2030...0x205e, 0x2070...0x20bf, 0x2100...0x2319, 0x231c...0x23e8,
    0x2400...0x25fc, 0x2600...0x2603, 0x2800...0x28ff, 0x1fb00...0x1fb3b:
    scalar
  default: "?"
  }
}

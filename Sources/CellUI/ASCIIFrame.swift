extension Frame {
  /// The same screen for a terminal without UTF-8.
  ///
  /// A sign that one character cannot stand for takes more: "<" alone would be another claim than "≤", "+" another
  /// number than "±", and "." no range. What follows moves towards the next gap of the row; where there is none, the
  /// blank beside the sign is taken.
  package func inASCII() -> Frame {
    var out = self
    for row in 0..<size.rows {
      // From the right, so that what has moved is not met again.
      for column in (0..<size.columns).reversed() {
        let glyph = out[row, column].glyph
        guard let signs = severalSigns[glyph], !out.isAmongArrows(row, column) else { continue }
        out.write(signs, row, column, for: glyph)
      }
    }
    for at in out.cells.indices { out.cells[at].glyph = asciiGlyph(out.cells[at].glyph) }
    return out
  }

  private mutating func write(
    _ signs: [Unicode.Scalar], _ row: Int, _ column: Int, for glyph: Unicode.Scalar
  ) {
    for count in (2...signs.count).reversed() where makeRoom(count - 1, row, column) {
      for (n, sign) in Self.cut(signs, to: count).enumerated() {
        self[row, column + n] = self[row, column]
        self[row, column + n].glyph = sign
      }
      return
    }
    let two = Self.cut(signs, to: 2)
    if column > 0, self[row, column - 1].glyph == " " {
      let under = self[row, column - 1].background
      self[row, column - 1] = self[row, column]
      self[row, column - 1].background = under
      (self[row, column - 1].glyph, self[row, column].glyph) = (two[0], two[1])
    } else if column + 1 < size.columns, self[row, column + 1].glyph == " " {
      self[row, column + 1].foreground = self[row, column].foreground
      (self[row, column].glyph, self[row, column + 1].glyph) = (two[0], two[1])
    } else {
      self[row, column].glyph = alone(glyph)
    }
  }

  /// "+/-" in two characters is "+-".
  private static func cut(_ signs: [Unicode.Scalar], to count: Int) -> [Unicode.Scalar] {
    count == signs.count ? signs : signs.filter { $0 != "/" }.prefix(count).map { $0 }
  }

  /// Moves what stands behind a place towards the next gap of its row, so that so many cells are free.
  private mutating func makeRoom(_ count: Int, _ row: Int, _ column: Int) -> Bool {
    // A coloured blank is a piece of a bar.
    let back = self[row, column].background
    func isBlank(_ at: Int) -> Bool {
      at < size.columns && self[row, at].glyph == " " && self[row, at].background == back
        && !self[row, at].style.contains(.picture)
    }
    var end = column + 1
    // A blank stays between what has moved and what stands there.
    while end < size.columns,
      !(0...count).allSatisfy({ isBlank(end + $0) || end + $0 == size.columns })
    {
      guard !self[row, end].style.contains(.picture), self[row, end].background == back else {
        return false
      }
      end += 1
    }
    guard end + count <= size.columns else { return false }
    for at in stride(from: end - 1, to: column, by: -1) { self[row, at + count] = self[row, at] }
    return true
  }

  /// The keys that move the cursor are named by four arrows side by side.
  private func isAmongArrows(_ row: Int, _ column: Int) -> Bool {
    guard self[row, column].glyph == "→" else { return false }
    let arrows: Set<Unicode.Scalar> = ["←", "↑", "↓", "→", "<", "^", "v"]
    return column > 0 && arrows.contains(self[row, column - 1].glyph)
  }
}

private let severalSigns: [Unicode.Scalar: [Unicode.Scalar]] = [
  "±": ["+", "/", "-"], "≤": ["<", "="], "≥": [">", "="], "≠": ["!", "="], "…": [".", ".", "."],
  "→": ["-", ">"],
]

/// Where there is room for one character alone.
private func alone(_ glyph: Unicode.Scalar) -> Unicode.Scalar {
  switch glyph {
  case "±", "…": "~"
  case "→": ">"
  default: "?"
  }
}

/// What stands for a glyph where only ASCII can be shown.
private func asciiGlyph(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
  if scalar.value < 0x7f { return scalar }
  switch scalar {
  case "−", "–", "—", "─", "━", "┄", "‐", "·": return "-"
  case "│", "├", "┤": return "|"
  case "┌", "┐", "└", "┘", "┬", "┴", "┼": return "+"
  case "→", "▶", "►", "›": return ">"
  case "←", "◀": return "<"
  case "↑", "▲": return "^"
  case "↓", "▼": return "v"
  case "×": return "x"
  case "░": return "."
  case "▒": return ":"
  case "▓": return "o"
  case "█", "▀", "▄", "●", "■": return "#"
  case "•": return "*"
  case "“", "”": return "\""
  case "²": return "2"
  case "³": return "3"
  // "37 o" would be a word: degrees are "37 d", differences "d r".
  case "°", "Δ": return "d"
  case let s where (0x2800...0x28ff).contains(s.value):
    let dots = (s.value & 0xff).nonzeroBitCount
    return dots == 0 ? " " : s.value & 0x09 != 0 ? "'" : s.value & 0xc0 != 0 ? "." : "-"
  default: return "?"
  }
}

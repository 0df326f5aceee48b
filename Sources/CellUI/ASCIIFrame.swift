extension Frame {
  /// The same screen for a terminal without UTF-8.
  ///
  /// A sign that one character cannot stand for takes the blank beside it as well: "<" alone would be another
  /// claim than "≤", and "+" another number than "±".
  package func inASCII() -> Frame {
    var out = self
    for at in out.cells.indices {
      guard let (first, second) = twoSigns[cells[at].glyph] else {
        out.cells[at].glyph = asciiGlyph(out.cells[at].glyph)
        continue
      }
      let column = at % size.columns
      if column > 0, out.cells[at - 1].glyph == " " {
        (out.cells[at - 1].glyph, out.cells[at].glyph) = (first, second)
        out.cells[at - 1].foreground = out.cells[at].foreground
      } else if column + 1 < size.columns, cells[at + 1].glyph == " " {
        (out.cells[at].glyph, out.cells[at + 1].glyph) = (first, second)
        out.cells[at + 1].foreground = out.cells[at].foreground
      } else {
        out.cells[at].glyph = cells[at].glyph == "±" ? "~" : "?"
      }
    }
    return out
  }
}

private let twoSigns: [Unicode.Scalar: (Unicode.Scalar, Unicode.Scalar)] = [
  "±": ("+", "-"), "≤": ("<", "="), "≥": (">", "="), "≠": ("!", "="),
]

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
  case "…", "░": return "."
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

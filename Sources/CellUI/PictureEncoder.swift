/// Turns changed picture cells into bytes for the terminal: absolute moves, colours only where they
/// change. The cursor and colours that the terminal had are put back at the end.
package struct PictureEncoder {
  private let colours: Capabilities.Colours

  package init(_ colours: Capabilities.Colours) { self.colours = colours }

  /// - Parameter patches: cells to write, in any order; non-picture cells among them are written too.
  package func encode(_ patches: [Patch]) -> [UInt8] {
    guard !patches.isEmpty else { return [] }
    var out: [UInt8] = []
    out.reserveCapacity(patches.reduce(64) { $0 + 8 * $1.cells.count })
    out += [0x1b, UInt8(ascii: "7")]  // DECSC: ncurses knows nothing of what follows
    out += Array("\u{1b}[0m".utf8)
    var foreground: Colour?
    var background: Colour?
    var place: (row: Int, column: Int)?
    for patch in patches {
      if let at = place, at.row == patch.row, at.column < patch.column {
        let gap = patch.column - at.column
        append(&out, "\u{1b}[")
        if gap > 1 { append(&out, gap) }
        out.append(UInt8(ascii: "C"))
      } else if place.map({ $0.row != patch.row || $0.column != patch.column }) ?? true {
        append(&out, "\u{1b}[")
        append(&out, patch.row + 1)
        out.append(UInt8(ascii: ";"))
        append(&out, patch.column + 1)
        out.append(UInt8(ascii: "H"))
      }
      for cell in patch.cells {
        let isBlank = cell.glyph == " "
        let newForeground = isBlank || foreground == cell.foreground ? nil : cell.foreground
        let newBackground = background == cell.background ? nil : cell.background
        if newForeground != nil || newBackground != nil {
          append(&out, "\u{1b}[")
          if let c = newForeground { append(&out, c, isForeground: true) }
          if newForeground != nil, newBackground != nil { out.append(UInt8(ascii: ";")) }
          if let c = newBackground { append(&out, c, isForeground: false) }
          out.append(UInt8(ascii: "m"))
          foreground = newForeground ?? foreground
          background = newBackground ?? background
        }
        out += UTF8.encode(cell.glyph).map { Array($0) } ?? [UInt8(ascii: "?")]
      }
      place = (patch.row, patch.column + patch.cells.count)
    }
    out += [0x1b, UInt8(ascii: "8")]
    return out
  }

  private func append(_ out: inout [UInt8], _ text: StaticString) {
    text.withUTF8Buffer { out += $0 }
  }

  private func append(_ out: inout [UInt8], _ number: Int) { out += Array(String(number).utf8) }

  private func append(_ out: inout [UInt8], _ colour: Colour, isForeground: Bool) {
    if colour.isStandard {
      append(&out, isForeground ? "39" : "49")
    } else if colours == .direct {
      append(&out, isForeground ? "38;2;" : "48;2;")
      append(&out, Int(colour.red))
      out.append(UInt8(ascii: ";"))
      append(&out, Int(colour.green))
      out.append(UInt8(ascii: ";"))
      append(&out, Int(colour.blue))
    } else {
      append(&out, isForeground ? "38;5;" : "48;5;")
      append(&out, IndexedColours.index(colour))
    }
  }
}

extension Frame {
  /// The whole frame as a stream of ANSI sequences, line by line, for files and pipes.
  package func ansi(_ colours: Capabilities.Colours) -> String {
    var out = ""
    for row in 0..<size.rows {
      var last: Cell?
      for column in 0..<size.columns {
        let cell = self[row, column]
        if last?.foreground != cell.foreground || last?.background != cell.background
          || last?.style != cell.style
        {
          out += Self.sgr(cell, colours)
        }
        out.unicodeScalars.append(cell.glyph)
        last = cell
      }
      out += "\u{1b}[0m\n"
    }
    return out
  }

  private static func sgr(_ cell: Cell, _ colours: Capabilities.Colours) -> String {
    var codes = ["0"]
    if cell.style.contains(.bold) { codes.append("1") }
    if cell.style.contains(.dim) { codes.append("2") }
    if cell.style.contains(.underline) { codes.append("4") }
    if cell.style.contains(.reverse) { codes.append("7") }
    if colours != .none {
      for (colour, kind) in [(cell.foreground, "38"), (cell.background, "48")]
      where !colour.isStandard {
        codes.append(
          colours == .direct
            ? "\(kind);2;\(colour.red);\(colour.green);\(colour.blue)"
            : "\(kind);5;\(IndexedColours.index(colour))")
      }
    }
    return "\u{1b}[" + codes.joined(separator: ";") + "m"
  }
}

/// Two colours for the eight pixels of a cell: of all ways to put its quarters into two groups the
/// one whose means are nearest to the pixels.
struct QuadrantMixer {
  /// By which quarters have the first colour: upper left 1, upper right 2, lower left 4, lower right 8.
  private static let glyphs: [Unicode.Scalar] = [
    " ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█",
  ]

  /// - Parameter pixels: the two by four pixels of a cell, row by row.
  func cell(_ pixels: [Colour]) -> Cell {
    var best = (pattern: 0, front: pixels[0], back: pixels[0], error: Int.max)
    // The other eight ways are these with the colours exchanged.
    for pattern in 0..<8 {
      let front = mean(pixels, pattern, true)
      let back = mean(pixels, pattern, false)
      let error = zip(pixels.indices, pixels).reduce(0) {
        $0 + distance($1.1, isFront($1.0, pattern) ? front : back)
      }
      if error < best.error { best = (pattern, front, back, error) }
    }
    if best.pattern == 0 || best.front == best.back {
      return Cell(" ", foreground: best.back, background: best.back, style: .picture)
    }
    return Cell(
      Self.glyphs[best.pattern], foreground: best.front, background: best.back, style: .picture)
  }

  private func isFront(_ pixel: Int, _ pattern: Int) -> Bool {
    pattern >> (pixel % 2 + (pixel >= 4 ? 2 : 0)) & 1 == 1
  }

  private func mean(_ pixels: [Colour], _ pattern: Int, _ front: Bool) -> Colour {
    let own = pixels.indices.filter { isFront($0, pattern) == front }.map { pixels[$0] }
    guard !own.isEmpty else { return Colour(0, 0, 0) }
    func channel(_ part: (Colour) -> UInt8) -> UInt8 {
      UInt8((own.reduce(0) { $0 + Int(part($1)) } + own.count / 2) / own.count)
    }
    return Colour(channel(\.red), channel(\.green), channel(\.blue))
  }

  private func distance(_ a: Colour, _ b: Colour) -> Int {
    let (r, g, b) = (
      Int(a.red) - Int(b.red), Int(a.green) - Int(b.green), Int(a.blue) - Int(b.blue)
    )
    return r * r + g * g + b * b
  }
}

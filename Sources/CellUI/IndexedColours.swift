/// The 256 colours of xterm: 16 that themes change, a 6×6×6 cube and 24 greys.
package enum IndexedColours {
  static let levels: [Int] = [0, 95, 135, 175, 215, 255]

  /// The colour behind an index from 16 on.
  package static func colour(_ index: Int) -> Colour {
    if index >= 232 {
      let grey = UInt8(8 + 10 * (index - 232))
      return Colour(grey, grey, grey)
    }
    let cube = index - 16
    return Colour(
      UInt8(levels[cube / 36]), UInt8(levels[cube / 6 % 6]), UInt8(levels[cube % 6]))
  }

  /// The index, 16…255, whose colour is nearest.
  package static func index(_ colour: Colour) -> Int {
    let rgb = (Int(colour.red), Int(colour.green), Int(colour.blue))
    func nearestLevel(_ v: Int) -> Int {
      v < 48 ? 0 : v < 115 ? 1 : min(5, (v - 35) / 40)
    }
    let (r, g, b) = (nearestLevel(rgb.0), nearestLevel(rgb.1), nearestLevel(rgb.2))
    let grey = max(0, min(23, ((rgb.0 + rgb.1 + rgb.2) / 3 - 3) / 10))
    func distance(_ x: Int, _ y: Int, _ z: Int) -> Int {
      // Green counts most, as the eye has it.
      let (dr, dg, db) = (rgb.0 - x, rgb.1 - y, rgb.2 - z)
      return 3 * dr * dr + 6 * dg * dg + db * db
    }
    let level = 8 + 10 * grey
    return distance(level, level, level) < distance(levels[r], levels[g], levels[b])
      ? 232 + grey : 16 + 36 * r + 6 * g + b
  }
}

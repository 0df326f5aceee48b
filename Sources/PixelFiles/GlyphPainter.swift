package import Basics
internal import CFreeType
package import CellUI
import Glibc
import Imaging

/// Glyphs as coverage of the pixels of one cell, 0…255.
///
/// Lines, blocks, shades and braille are drawn here so that they meet from cell to cell; letters,
/// signs and arrows come from a font.
package final class GlyphPainter {
  package let cell: PixelDensity
  private var library: FT_Library?
  private var faces: [FT_Face] = []
  private var baseline = 0
  private var known: [UInt64: [UInt8]] = [:]

  private static let folder = "/usr/share/fonts/truetype/dejavu/"

  /// - Parameter cell: the pixels of a cell.
  package init(cell: PixelDensity) throws(Problem) {
    self.cell = cell
    guard FT_Init_FreeType(&library) == 0 else {
      throw Problem(.unavailable, "FreeType", "it cannot be started")
    }
    for name in ["DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf"] {
      var face: FT_Face?
      guard FT_New_Face(library, Self.folder + name, 0, &face) == 0, let face else {
        throw Problem(
          .missingInput, name, "the font for pictures is not installed",
          remedy: "Install Debian's fonts-dejavu-core")
      }
      faces.append(face)
    }
    // The largest size whose letters and lines fit into a cell.
    var size = UInt32(max(4, 2 * cell.down))
    while size > 4 {
      FT_Set_Pixel_Sizes(faces[0], 0, size)
      let m = faces[0].pointee.size.pointee.metrics
      if m.max_advance <= cell.across << 6, m.ascender - m.descender <= cell.down << 6 { break }
      size -= 1
    }
    for face in faces { FT_Set_Pixel_Sizes(face, 0, size) }
    let m = faces[0].pointee.size.pointee.metrics
    baseline = ((cell.down << 6) - (m.ascender - m.descender)) / 128 + (m.ascender + 32) / 64
  }

  deinit {
    for face in faces { FT_Done_Face(face) }
    FT_Done_FreeType(library)
  }

  /// How much of each pixel of a cell a glyph covers.
  package func coverage(_ glyph: Unicode.Scalar, bold: Bool) -> [UInt8] {
    let key = UInt64(glyph.value) << 1 | (bold ? 1 : 0)
    if let found = known[key] { return found }
    let made = drawnGlyph(glyph, cell) ?? letter(glyph, bold)
    known[key] = made
    return made
  }

  private func letter(_ glyph: Unicode.Scalar, _ bold: Bool) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: cell.across * cell.down)
    let face = faces[bold ? 1 : 0]
    // A glyph that the font lacks is its empty box: seen, not lost.
    guard FT_Load_Char(face, UInt(glyph.value), boldspect_grey_glyphs()) == 0,
      let slot = face.pointee.glyph
    else { return out }
    let bitmap = slot.pointee.bitmap
    guard let pixels = bitmap.buffer else { return out }
    let left = (cell.across - Int(slot.pointee.advance.x + 32) / 64) / 2
    for row in 0..<Int(bitmap.rows) {
      for column in 0..<Int(bitmap.width) {
        let (x, y) = (
          left + Int(slot.pointee.bitmap_left) + column,
          baseline - Int(slot.pointee.bitmap_top) + row
        )
        guard x >= 0, y >= 0, x < cell.across, y < cell.down else { continue }
        out[y * cell.across + x] = pixels[row * Int(bitmap.pitch) + column]
      }
    }
    return out
  }
}

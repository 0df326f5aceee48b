import CellUI
import PixelFiles
import Testing

@Suite struct RasterTests {
  /// Pixels of one cell of a raster.
  func lit(_ raster: ScreenRaster, _ cell: PixelDensity, row: Int, column: Int) -> [[Bool]] {
    (0..<cell.down).map { y in
      (0..<cell.across).map { x in
        let at = 3 * ((row * cell.down + y) * raster.width + column * cell.across + x)
        return raster.rgb[at] > 127
      }
    }
  }

  @Test func everyGlyphOfTheScreenIsDrawn() throws {
    let cell = PixelDensity(across: 10, down: 20)
    let painter = try GlyphPainter(cell: cell)
    let nothing = painter.coverage("\u{e000}", bold: false)
    for glyph in "aRLzASPI0123456789–−±≥≤→←↑↓▲▼×…›·─│├┤┼░▒▓█▀▄▌▚⠁⣿⡇%²µ".unicodeScalars {
      let coverage = painter.coverage(glyph, bold: false)
      #expect(coverage.count == 200)
      #expect(coverage.contains { $0 > 100 } || glyph == "░", "\(glyph)")
      #expect(coverage != nothing, "\(glyph) is not in the font")
    }
    #expect(painter.coverage("R", bold: true) != painter.coverage("R", bold: false))
  }

  @Test func linesMeetAndDotsStandApart() throws {
    let cell = PixelDensity(across: 9, down: 19)
    var frame = Frame(size: Size(columns: 3, rows: 1))
    frame.put("├─⣿", row: 0, column: 0, foreground: Colour(255, 255, 255))
    let raster = ScreenRaster(
      frame, painter: try GlyphPainter(cell: cell), width: 27, height: 19)
    #expect(
      lit(raster, cell, row: 0, column: 0)[9][8] && lit(raster, cell, row: 0, column: 1)[9][0])
    let dots = lit(raster, cell, row: 0, column: 2)
    // Eight separate dots: each starts in a row and a column that were dark before it.
    var count = 0
    for y in 1..<19 {
      for x in 1..<9 where dots[y][x] && !dots[y - 1][x] && !dots[y][x - 1] { count += 1 }
    }
    #expect(count == 8)
  }

  @Test func imagesKeepTheirColoursAndTextLiesOverThem() throws {
    let cell = PixelDensity(across: 6, down: 12)
    var picture = Picture(width: 4, height: 4, density: .half)
    for y in 0..<4 {
      for x in 0..<4 { picture.set(x, y, Colour(UInt8(40 * x), UInt8(60 * y), 7), .tissue) }
    }
    let capabilities = Capabilities(
      colours: .direct, unicode: true, pictures: .images(cell: cell, repeatsPixels: false))
    var frame = Frame(size: Size(columns: 4, rows: 2))
    frame.draw(picture, row: 0, column: 0, capabilities)
    frame.put("█", row: 1, column: 1, foreground: Colour(1, 2, 3))
    let raster = ScreenRaster(
      frame, painter: try GlyphPainter(cell: cell), width: 30, height: 25)
    for y in 0..<24 {
      for x in 0..<24 {
        let at = 3 * (y * 30 + x)
        let expected =
          y >= 12 && x / 6 == 1 ? [1, 2, 3] : [UInt8(40 * (x / 6)), UInt8(60 * (y / 6)), 7]
        #expect(Array(raster.rgb[at..<(at + 3)]) == expected)
      }
    }
    // The margin is black.
    #expect(raster.rgb[3 * 29] == 0 && raster.rgb[3 * (24 * 30)] == 0)
  }

  @Test func equalPixelsGiveEqualFiles() throws {
    let pixels = (0..<300).map { UInt8($0 % 251) }
    let texts = [(key: "Software", text: "boldspect")]
    let a = try #require(PixelBytes.png(width: 10, height: 10, rgb: pixels, texts: texts))
    #expect(a == PixelBytes.png(width: 10, height: 10, rgb: pixels, texts: texts))
    #expect(a.starts(with: [0x89, 0x50, 0x4e, 0x47]))
    #expect(PixelBytes.png(width: 10, height: 11, rgb: pixels, texts: texts) == nil)
    #expect(PixelBytes.png(width: 0, height: 0, rgb: [], texts: []) == nil)
  }
}

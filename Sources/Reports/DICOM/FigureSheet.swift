package import Basics
import CellUI
import ImageFiles
import Imaging
import PixelFiles

/// A picture of the viewer as it leaves the house: with what it is for drawn under it once more.
package struct FigureSheet: Sendable {
  package let width: Int
  package let height: Int
  /// Three bytes a pixel, row by row.
  package let rgb: [UInt8]
  /// What of it nobody measured; nil for a measurement.
  package let unmeasured: String?

  /// The text of a snapshot that says whether it shows what was measured: `no` for measurements.
  static let unmeasuredKey = "Unmeasured"
  private static let cell = PixelDensity(across: 8, down: 16)
  private static let mostPixels = 64_000_000

  /// - Throws: for a picture that is no snapshot of this program, so that nothing says what it shows.
  package init(_ path: String) throws(Problem) {
    let name = fileName(path)
    let bytes = try readBytes(path, atMost: 200 << 20, as: "a PNG")
    guard
      let picture = PixelBytes.picture(
        ofPNG: bytes, mostPixels: Self.mostPixels, keys: ["Software", Self.unmeasuredKey])
    else {
      throw Problem(.data, name, "it is no whole PNG of at most 64 million pixels")
    }
    guard picture.texts["Software"]?.hasPrefix("boldspect ") == true,
      let word = picture.texts[Self.unmeasuredKey]
    else {
      throw Problem(
        .data, name, "it is no picture that this program drew, so that nothing says what it shows",
        expected: "a PNG of `boldspect snapshot --format png`")
    }
    let columns = picture.width / Self.cell.across
    guard columns >= 40 else {
      throw Problem(
        .data, name, "it is \(picture.width) pixels wide, too narrow for what must stand under it",
        expected: "at least 320")
    }
    guard !word.contains("SYNTHETIC PERSON") else {
      throw Problem(
        .data, name, "it shows the synthetic sample person, of whom no DICOM object is",
        expected: "a picture of the source's person")
    }
    unmeasured = word == "no" ? nil : visibleText(word, limit: 60)
    let lines = PictureSheet.noticeLines(columns, unmeasured: unmeasured).filter { !$0.isEmpty }
    var sheet = Frame(size: Size(columns: columns, rows: lines.count))
    for (n, line) in lines.enumerated() {
      sheet.put(line, row: n, column: 0, foreground: Colour(255, 175, 0), style: .bold)
    }
    let band = ScreenRaster(
      sheet, painter: try GlyphPainter(cell: Self.cell), width: picture.width,
      height: lines.count * Self.cell.down)
    width = picture.width
    height = picture.height + band.height
    rgb = picture.rgb + band.rgb
  }
}

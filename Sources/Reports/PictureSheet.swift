package import Basics
package import CellUI
import Imaging
import PixelFiles

/// How a screen lies on a picture: cells of so many pixels, and under them what the picture is for.
package struct PictureSheet {
  package let screen: Size
  package let cell: PixelDensity
  let width: Int
  let height: Int

  /// - Parameters:
  ///   - pixels: of the picture, when they are asked for.
  ///   - cellSize: pixels across a cell; 10 without either.
  ///   - size: of the screen; without it as many cells as the pixels hold, else `usualSize`.
  package init(
    pixels: (width: Int, height: Int)?, cellSize: Int?, size: Size?, usualSize: Size
  ) throws(Problem) {
    if pixels != nil, cellSize != nil {
      throw Problem(
        .usage, "--cell-size", "the pixels of the picture are given too",
        expected: "one of --pixels and --cell-size")
    }
    if let pixels {
      (width, height) = (pixels.width, pixels.height)
      cell = Self.cell(width, height, size)
      let columns = size?.columns ?? width / cell.across
      screen = Size(
        columns: columns,
        rows: size?.rows ?? height / cell.down - Self.noticeLines(columns).count)
    } else {
      let across = cellSize ?? 10
      guard (5...64).contains(across) else {
        throw Problem(
          .usage, "--cell-size", "\(across) cannot be read or is too large", expected: "5 to 64")
      }
      cell = PixelDensity(across: across, down: 2 * across)
      screen = size ?? usualSize
      width = screen.columns * across
      height = (screen.rows + Self.noticeLines(screen.columns).count) * cell.down
    }
    guard width * height <= 64_000_000 else {
      throw Problem(
        .usage, "--pixels", "\(width)×\(height) is too large", expected: "at most 64 million pixels"
      )
    }
    guard cell.across >= 5, cell.down >= 10, screen.columns >= 80, screen.rows >= 24 else {
      throw Problem(
        .usage, "--pixels", "\(width)×\(height) is too small to be read",
        expected: "room for 80 × 24 cells of 5 × 10 pixels and what is written under them")
    }
  }

  /// Cells for a given picture: those of a given screen, else large ones, but at least 80 × 24.
  private static func cell(_ width: Int, _ height: Int, _ size: Size?) -> PixelDensity {
    if let size {
      return PixelDensity(
        across: width / size.columns, down: height / (size.rows + noticeLines(size.columns).count))
    }
    let large = min(width / 120, height / 82)
    let across = large >= 8 ? large : min(8, width / 80, height / 52)
    return PixelDensity(across: across, down: 2 * across)
  }

  /// What stands under every picture, in lines that fit.
  package static func noticeLines(_ columns: Int, unmeasured word: String? = nil) -> [String] {
    // As many lines with the word as without, so that the screen's size does not depend on it.
    func lines(_ text: String) -> [String] {
      var out = [""]
      for word in text.split(separator: " ") {
        if out[out.count - 1].count + 1 + word.count > columns - 1 { out.append("") }
        out[out.count - 1] += " " + word
      }
      return out
    }
    let words = "boldspect \(boldspectVersion). \(researchUse)"
    let long = lines("SYNTHETIC PERSON. SIMULATED. " + words)
    let own = lines((word.map { $0 + ". " } ?? "") + words)
    return own + [String](repeating: "", count: long.count - own.count)
  }

  /// The screen and the lines under it as a PNG.
  package func png(_ frame: Frame) throws(Problem) -> [UInt8] {
    let words = Self.unmeasuredWords(frame)
    let lines = Self.noticeLines(
      screen.columns, unmeasured: words.isEmpty ? nil : words.joined(separator: ". "))
    let sheet = Self.sheet(frame, lines.map { ($0, Colour(255, 175, 0)) })
    return try Self.png(sheet, cell: cell, width: width, height: height, words)
  }

  /// A figure: pictures, what they are in whole words, and what it is for.
  ///
  /// - Parameter legend: a line for each thing that is shown.
  package static func png(
    _ frame: Frame, cell: PixelDensity, legend: [String]
  ) throws(Problem) -> [UInt8] {
    let words = unmeasuredWords(frame)
    let columns = frame.size.columns
    let notice = noticeLines(
      columns, unmeasured: words.isEmpty ? nil : words.joined(separator: ". "))
    let said = legend.flatMap { broken(visibleText($0, limit: 400), columns - 2) }.map { " " + $0 }
    let sheet = sheet(
      frame,
      said.map { ($0, Colour(215, 215, 215)) }
        + notice.filter { !$0.isEmpty }.map { ($0, Colour(255, 175, 0)) })
    return try png(
      sheet, cell: cell, width: columns * cell.across, height: sheet.size.rows * cell.down, words)
  }

  private static func unmeasuredWords(_ frame: Frame) -> [String] {
    frame.unmeasuredWords ?? ["SYNTHETIC PERSON", "SIMULATED"].filter(frame.text.contains)
  }

  /// Lines of at most so many characters, broken between words.
  private static func broken(_ text: String, _ room: Int) -> [String] {
    var out = [""]
    for word in text.split(separator: " ") {
      if !out[out.count - 1].isEmpty, out[out.count - 1].count + 1 + word.count > room {
        out.append("")
      }
      out[out.count - 1] += (out[out.count - 1].isEmpty ? "" : " ") + word
    }
    return out
  }

  /// A frame with lines under it.
  private static func sheet(_ frame: Frame, _ lines: [(text: String, ink: Colour)]) -> Frame {
    var sheet = Frame(
      size: Size(columns: frame.size.columns, rows: frame.size.rows + lines.count))
    for row in 0..<frame.size.rows {
      for column in 0..<frame.size.columns { sheet[row, column] = frame[row, column] }
    }
    sheet.images = frame.images
    for (n, line) in lines.enumerated() {
      sheet.put(
        line.text, row: frame.size.rows + n, column: 0, foreground: line.ink, style: .bold)
    }
    return sheet
  }

  private static func png(
    _ sheet: Frame, cell: PixelDensity, width: Int, height: Int, _ words: [String]
  ) throws(Problem) -> [UInt8] {
    let raster = ScreenRaster(
      sheet, painter: try GlyphPainter(cell: cell), width: width, height: height)
    guard
      let bytes = PixelBytes.png(
        width: width, height: height, rgb: raster.rgb,
        texts: [
          ("Software", "boldspect \(boldspectVersion)"), ("Disclaimer", researchUse),
          (FigureSheet.unmeasuredKey, words.isEmpty ? "no" : words.joined(separator: ". ")),
        ])
    else { throw Problem(.inputOutput, "PNG", "the picture cannot be made") }
    return bytes
  }
}

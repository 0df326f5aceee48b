import Basics
import CellUI
import Foundation
import ImageFiles
import Imaging
import PixelFiles
import Study
import Workflows

/// A small picture of a visit, by which a person sees that something is wrong: the run's mean with its first seed map,
/// and the perfusion image, in three planes each. Radiological, as the
/// viewer begins: the person's right is on the left.
enum Thumbnail {
  private static let tile = 96
  /// Millimetres across a tile.
  private static let across = 200.0

  static func png(of result: BatchResult) throws(Problem) -> [UInt8]? {
    var rows: [(pixels: [UInt8], isSimulated: Bool)] = []
    if let bold = result.bold {
      let run = bold.runs.first.run
      let map = bold.maps.first { $0.meaning.isCorrelation }?.volume
      rows.append(
        (
          strip(run.mean, over: map, around: middle(run.mask.bounds)), bold.runs.isSimulated
        ))
    }
    for one in result.perfusion.prefix(2) {
      let pixels = strip(one.request.image, over: nil, around: middle(one.brain.bounds))
      rows.append((pixels, one.isSimulated))
    }
    guard !rows.isEmpty else { return nil }
    var canvas = Canvas(width: 3 * tile, height: rows.count * tile, background: Colour(0, 0, 0))
    for (n, row) in rows.enumerated() { draw(row.pixels, at: n * tile, on: &canvas) }
    // Without the font the page's caption alone says it.
    if let painter = try? GlyphPainter(cell: PixelDensity(across: 7, down: 14)) {
      for (n, row) in rows.enumerated() {
        write(isSimulated: row.isSimulated, at: n * tile, on: &canvas, painter)
      }
    }
    var texts = [("Software", "boldspect \(boldspectVersion)"), ("Disclaimer", researchUse)]
    if rows.contains(where: \.isSimulated) {
      let which = rows.indices.filter { rows[$0].isSimulated }.map { "\($0 + 1)" }
      texts.append(("Comment", "SIMULATED: row " + which.joined(separator: ", ")))
    }
    return try canvas.png(texts: texts.map { (key: $0.0, text: $0.1) })
  }

  private static func draw(_ rgb: [UInt8], at top: Int, on canvas: inout Canvas) {
    for y in 0..<tile {
      for x in 0..<3 * tile {
        let at = 3 * (y * 3 * tile + x)
        canvas.set(x, top + y, Colour(rgb[at], rgb[at + 1], rgb[at + 2]))
      }
    }
  }

  /// The person's own sides at the axial and the coronal plane, front and back at the sagittal one, which looks to the
  /// left as in the viewer; and what is no measurement.
  private static func write(
    isSimulated: Bool, at top: Int, on canvas: inout Canvas, _ painter: GlyphPainter
  ) {
    let white = Colour(255, 255, 255)
    for (plane, ends) in [("R", "L"), ("R", "L"), ("A", "P")].enumerated() {
      canvas.put(ends.0, plane * tile + 2, top, painter, white, bold: true)
      canvas.put(ends.1, (plane + 1) * tile - 9, top, painter, white, bold: true)
      guard plane > 0 else { continue }
      // Letters of neighbours stand apart.
      for y in 0..<tile { canvas.set(plane * tile, top + y, Colour(90, 90, 90)) }
    }
    guard isSimulated else { return }
    canvas.put(
      "SIMULATED", 2 * tile + 16, top + tile - 15, painter, Colour(255, 220, 0), bold: true)
  }

  private static func middle(_ box: (low: WorldPoint, high: WorldPoint)?) -> WorldPoint {
    guard let box else { return WorldPoint(0, 0, 0) }
    return WorldPoint(
      (box.low.x + box.high.x) / 2, (box.low.y + box.high.y) / 2, (box.low.z + box.high.z) / 2)
  }

  /// Axial, coronal and sagittal side by side.
  private static func strip(_ image: Volume, over map: Volume?, around m: WorldPoint) -> [UInt8] {
    let low = Double(image.percentile(2) ?? 0)
    let high = max(Double(image.percentile(99.5) ?? 1), low + 1e-9)
    var rgb = [UInt8](repeating: 0, count: 3 * 3 * tile * tile)
    let step = across / Double(tile)
    for plane in 0..<3 {
      for row in 0..<tile {
        for column in 0..<tile {
          let u = (Double(column) - Double(tile) / 2) * step
          let v = (Double(tile) / 2 - Double(row)) * step
          let w =
            switch plane {
            case 0: WorldPoint(m.x - u, m.y + v, m.z)
            case 1: WorldPoint(m.x - u, m.y, m.z + v)
            default: WorldPoint(m.x, m.y - u, m.z + v)
            }
          let at = 3 * (row * 3 * tile + plane * tile + column)
          let colour = pixel(Double(image.nearest(w)), low, high, map?.nearest(w))
          for (n, c) in colour.enumerated() { rgb[at + n] = c }
        }
      }
    }
    return rgb
  }

  private static func pixel(
    _ value: Double, _ low: Double, _ high: Double, _ r: Float?
  ) -> [UInt8] {
    guard value.isFinite else { return [0, 0, 0] }
    let grey = UInt8(max(0, min(1, (value - low) / (high - low))) * 255)
    guard let r, r.isFinite, abs(r) > 0.3 else { return [grey, grey, grey] }
    let strength = UInt8(min(1, Double(abs(r) - 0.3) / 0.5) * 175)
    return r > 0 ? [255, 80 + strength, 0] : [0, 80 + strength, 255]
  }
}

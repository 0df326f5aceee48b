import Basics
import Foundation
import Imaging
import PixelFiles
import Study
import Workflows

/// A small picture of a visit, by which a person sees that something is wrong: the run's mean with its first seed map,
/// and the perfusion image, in three planes each. The person's left is on the left.
enum Thumbnail {
  private static let tile = 96
  /// Millimetres across a tile.
  private static let across = 200.0

  static func png(of result: BatchResult) throws(Problem) -> [UInt8]? {
    var rows: [[UInt8]] = []
    if let bold = result.bold {
      let run = bold.runs.first.run
      rows.append(
        strip(
          run.mean, over: bold.maps.first { $0.isCorrelation }?.volume,
          around: middle(run.mask.bounds)))
    }
    for one in result.perfusion.prefix(2) {
      rows.append(strip(one.image, over: nil, around: middle(one.brain.bounds)))
    }
    guard !rows.isEmpty else { return nil }
    let rgb = rows.flatMap { $0 }
    guard
      let bytes = PixelBytes.png(
        width: 3 * tile, height: rows.count * tile, rgb: rgb,
        texts: [("Software", "boldspect \(boldspectVersion)"), ("Disclaimer", researchUse)])
    else { throw Problem(.inputOutput, "PNG", "the picture cannot be made") }
    return bytes
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
            case 0: WorldPoint(m.x + u, m.y + v, m.z)
            case 1: WorldPoint(m.x + u, m.y, m.z + v)
            default: WorldPoint(m.x, m.y + u, m.z + v)
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

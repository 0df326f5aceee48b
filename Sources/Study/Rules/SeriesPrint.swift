import Basics
import Foundation
import Imaging

/// Some series of a run, at places every 16 mm: enough to see that two files are one measurement in other units,
/// smoothed or on other voxels.
struct SeriesPrint: Sendable {
  let name: String
  let role: Role
  /// By the place, in steps of 16 mm.
  private let series: [SIMD3<Int32>: [Float]]

  private static let step = 16.0
  /// Frames that one of two copies may have lost at its start.
  private static let mostLost = 10

  init(_ run: Run, name: String, role: Role) {
    (self.name, self.role) = (name, role)
    var found: [SIMD3<Int32>: (place: Int, distance: Double)] = [:]
    for (place, offset) in run.mask.offsets.enumerated() {
      let p = run.grid.world(at: Int(offset))
      let key = SIMD3<Int32>(
        Int32((p.x / Self.step).rounded()), Int32((p.y / Self.step).rounded()),
        Int32((p.z / Self.step).rounded()))
      let centre = WorldPoint(
        Double(key.x) * Self.step, Double(key.y) * Self.step, Double(key.z) * Self.step)
      let distance = p.distance(to: centre)
      if distance < found[key]?.distance ?? 8 { found[key] = (place, distance) }
    }
    series = found.mapValues { run.series(of: $0.place).map(Float.init) }
  }

  /// How alike the series of two runs are, of frame to frame changes and of the rest of a straight line, the larger;
  /// of two measurements about 0. Nil for too little in common.
  func likeness(_ other: SeriesPrint) -> Double? {
    let common = series.keys.filter { other.series[$0] != nil }
    guard common.count >= 20 else { return nil }
    let pairs = common.map { (series[$0] ?? [], other.series[$0] ?? []) }
    var best: Double?
    let length = max(pairs.first?.0.count ?? 0, pairs.first?.1.count ?? 0)
    let farthest = max(Self.mostLost, length - 30)
    for lost in -farthest...farthest {
      var changes: [Double] = []
      var levels: [Double] = []
      for (a, b) in pairs {
        let (x, y) = (a.dropFirst(max(0, lost)), b.dropFirst(max(0, -lost)))
        let n = min(x.count, y.count)
        guard n >= 30 else { continue }
        let (p, q) = (Array(x.prefix(n)), Array(y.prefix(n)))
        if let r = correlation(differences(p), differences(q)) { changes.append(r) }
        if lost == 0, let r = correlation(withoutLine(p), withoutLine(q)) { levels.append(r) }
      }
      for r in [median(changes), median(levels)].compactMap({ $0 })
      // Of many shifts one may be alike by chance.
      where abs(lost) <= Self.mostLost || r >= Self.leastOfParts { best = max(best ?? r, r) }
    }
    return best
  }

  /// Between two scans of a person, at rest, 0.2 at most; with a breathing task of one rhythm 0.64.
  static let leastOfCopies = 0.75
  /// Of a part of one run that is a part of the other.
  private static let leastOfParts = 0.9
}

private func differences(_ x: [Float]) -> [Float] { zip(x.dropFirst(), x).map { $0 - $1 } }

private func withoutLine(_ x: [Float]) -> [Float] {
  let n = Float(x.count)
  let middle = (n - 1) / 2
  let mean = x.reduce(0, +) / n
  let (up, all) = x.enumerated().reduce((Float(0), Float(0))) { sum, one in
    let t = Float(one.offset) - middle
    return (sum.0 + t * (one.element - mean), sum.1 + t * t)
  }
  return x.enumerated().map { $0.element - mean - up / all * (Float($0.offset) - middle) }
}

private func correlation(_ a: [Float], _ b: [Float]) -> Double? {
  let n = Double(a.count)
  let (x, y) = (
    a.reduce(0.0) { $0 + Double($1) } / n, b.reduce(0.0) { $0 + Double($1) } / n
  )
  var (xx, yy, xy) = (0.0, 0.0, 0.0)
  for (p, q) in zip(a, b) {
    let (p, q) = (Double(p) - x, Double(q) - y)
    xx += p * p
    yy += q * q
    xy += p * q
  }
  guard xx > 0, yy > 0 else { return nil }
  let r = xy / (xx * yy).squareRoot()
  return r.isFinite ? r : nil
}

private func median(_ values: [Double]) -> Double? {
  values.count < 20 ? nil : values.sorted()[values.count / 2]
}

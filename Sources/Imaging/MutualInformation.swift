import Basics
import Glibc

/// How well one image's values tell the other's, and how much of the two lies over each other.
package struct Likeness: Sendable, Equatable {
  /// Normalised mutual information, (H(A) + H(B)) / H(A, B) (Studholme 1999): 1 for nothing in common, 2 for
  /// one and the same.
  package var nmi: Double
  /// Part of MOVING's bright voxels that lies inside of FIXED's field.
  package var overlap: Double

  package init(nmi: Double, overlap: Double) {
    self.nmi = nmi
    self.overlap = overlap
  }
}

/// Two images prepared for being compared many times, as one is moved over the other.
package final class LikenessMeter: Sendable {
  private let fixed: Volume
  private let moving: Sampler
  private let points: [WorldPoint]
  private let fixedBins: [Int]
  private let movingScale: (low: Float, width: Float)
  private let bright: [WorldPoint]

  private static let bins = 48

  /// - Parameter spacing: of the places that are compared, in mm.
  package init(fixed: Volume, moving: Volume, spacing: Double = 4) {
    self.fixed = fixed
    self.moving = Sampler(moving, .linear)
    let scale = Self.scale(fixed.values)
    movingScale = Self.scale(moving.values)
    func every(_ grid: Grid) -> (Int, Int, Int) {
      let s = grid.spacing
      func step(_ mm: Double) -> Int { wholeNumber((spacing / mm).rounded(), in: 1...1 << 20) }
      return (step(s.0), step(s.1), step(s.2))
    }
    var points: [WorldPoint] = []
    var bins: [Int] = []
    let f = fixed.grid
    let step = every(f)
    for k in stride(from: 0, to: f.nz, by: step.2) {
      for j in stride(from: 0, to: f.ny, by: step.1) {
        for i in stride(from: 0, to: f.nx, by: step.0) {
          let v = VoxelIndex(i, j, k)
          let value = fixed[v]
          guard value.isFinite else { continue }
          points.append(f.world(v))
          bins.append(Self.bin(value, scale))
        }
      }
    }
    self.points = points
    fixedBins = bins
    let m = moving.grid
    let level = otsuThreshold(moving.values) ?? 0
    let coarse = every(m)
    bright = stride(from: 0, to: m.nz, by: coarse.2).flatMap { k in
      stride(from: 0, to: m.ny, by: coarse.1).flatMap { j in
        stride(from: 0, to: m.nx, by: coarse.0).compactMap { i -> WorldPoint? in
          let v = VoxelIndex(i, j, k)
          return moving[v] > level ? m.world(v) : nil
        }
      }
    }
  }

  private static func scale(_ values: [Float]) -> (low: Float, width: Float) {
    let finite = stride(from: 0, to: values.count, by: max(1, values.count / 200_000))
      .map { values[$0] }.filter(\.isFinite)
    let low = boldspectPercentile(finite, 0.5) ?? 0
    let high = boldspectPercentile(finite, 99.5) ?? 1
    // Two floats may be further apart than a float can say.
    return (low, max(min(high - low, .greatestFiniteMagnitude), .leastNormalMagnitude))
  }

  private static func bin(_ v: Float, _ s: (low: Float, width: Float)) -> Int {
    wholeNumber((v - s.low) / s.width * Float(bins), in: 0...bins - 1)
  }

  /// Where nothing of MOVING is, its value counts as its darkest: a head that is pushed out of the field does
  /// not become more alike.
  package func likeness(_ fixedFromMoving: Affine) -> Likeness {
    guard let back = fixedFromMoving.inverse else { return Likeness(nmi: 1, overlap: 0) }
    let n = Self.bins
    var joint = [Double](repeating: 0, count: n * n)
    for (p, a) in zip(points, fixedBins) {
      let value = moving.value(at: back.applied(to: p))
      let x = value.isFinite ? (value - movingScale.low) / movingScale.width * Float(n) - 0.5 : 0
      // Shared between two bins, so that a small step changes the measure a little.
      let at = max(0, min(Float(n - 1), x))
      let low = wholeNumber(at, in: 0...n - 1)
      let part = Double(at - Float(low))
      joint[a * n + low] += 1 - part
      if low + 1 < n { joint[a * n + low + 1] += part }
    }
    let total = joint.reduce(0, +)
    guard total > 0 else { return Likeness(nmi: 1, overlap: 0) }
    func entropy(_ counts: [Double]) -> Double {
      counts.reduce(0) { $1 > 0 ? $0 - $1 / total * log($1 / total) : $0 }
    }
    let rows = (0..<n).map { a in (0..<n).reduce(0.0) { $0 + joint[a * n + $1] } }
    let columns = (0..<n).map { b in (0..<n).reduce(0.0) { $0 + joint[$1 * n + b] } }
    let both = entropy(joint)
    let inside = bright.reduce(0) {
      $0 + (fixed.grid.nearestVoxel(fixedFromMoving.applied(to: $1)) != nil ? 1 : 0)
    }
    return Likeness(
      nmi: both > 0 ? (entropy(rows) + entropy(columns)) / both : 1,
      overlap: bright.isEmpty ? 0 : Double(inside) / Double(bright.count))
  }

  /// Mean place of MOVING's bright voxels.
  package var brightCentre: WorldPoint? {
    guard !bright.isEmpty else { return nil }
    let n = Double(bright.count)
    return WorldPoint(
      bright.reduce(0) { $0 + $1.x } / n, bright.reduce(0) { $0 + $1.y } / n,
      bright.reduce(0) { $0 + $1.z } / n)
  }
}

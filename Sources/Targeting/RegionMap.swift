import Basics
import Connectivity
package import Imaging

/// A place that stands out in a region, with the voxels that made it.
package struct Found: Sendable, Equatable {
  /// Places in the region, the strongest first for a single voxel.
  package var members: [Int]
  /// Weighted centre, not bound to a voxel.
  package var centre: WorldPoint
  /// The member nearest to the centre.
  package var nearest: Int
  /// The member with the strongest r.
  package var strongest: Int
}

/// The voxels of a search region with their neighbours, so that a map of it can be searched many
/// times.
package struct RegionMap: Sendable {
  /// Places in the brain mask.
  package let places: [Int]
  package let points: [WorldPoint]
  private let neighbours: [[Int32]]
  private let cone: [[(place: Int32, weight: Float)]]
  private let settings: TargetProtocol

  /// Millimetres at which the cone reaches zero, and between single voxels that are told apart.
  private static let coneRadius = 12.0
  private static let apart = 20.0
  /// Steps to the 26 neighbours, the first axis running fastest.
  private static let around: [VoxelIndex] = (0..<27).filter { $0 != 13 }
    .map { VoxelIndex($0 % 3 - 1, $0 / 3 % 3 - 1, $0 / 9 - 1) }

  package init(places: [Int], mask: Mask, settings: TargetProtocol) {
    self.places = places
    self.settings = settings
    points = places.map { mask.grid.world(at: Int(mask.offsets[$0])) }
    var rowOf = [Int32](repeating: -1, count: mask.count)
    for (row, place) in places.enumerated() { rowOf[place] = Int32(row) }
    neighbours = places.map { place in
      let v = mask.grid.index(at: Int(mask.offsets[place]))
      return Self.around.compactMap { step -> Int32? in
        let n = VoxelIndex(v.i + step.i, v.j + step.j, v.k + step.k)
        guard mask.contains(n) else { return nil }
        let row = rowOf[Int(mask.places[mask.grid.offset(n)])]
        return row >= 0 ? row : nil
      }
    }
    guard settings.method == .cone else {
      cone = []
      return
    }
    cone = points.map { point in
      mask.places(around: point, radius: Self.coneRadius).compactMap { place in
        let row = rowOf[place]
        guard row >= 0 else { return nil }
        let d = mask.grid.world(at: Int(mask.offsets[place])).distance(to: point)
        return (row, Float(1 - d / Self.coneRadius))
      }
    }
  }

  package var count: Int { places.count }

  /// What stands out in a map of the region, the strongest first.
  ///
  /// - Parameter r: one value per voxel of the region, in its order.
  package func search(_ r: [Float]) -> [Found] {
    let score = r.map { $0.isFinite ? settings.polarity.sign * $0 : -.infinity }
    switch settings.method {
    case .cluster: return clusters(score)
    case .peak: return singles(score, score)
    case .cone:
      let spread = cone.map { parts -> Float in
        var sum: Float = 0
        var weights: Float = 0
        for (row, weight) in parts where score[Int(row)].isFinite {
          sum += weight * score[Int(row)]
          weights += weight
        }
        return weights > 0 ? sum / weights : -.infinity
      }
      return singles(spread, score)
    }
  }

  private func clusters(_ score: [Float]) -> [Found] {
    let usable = score.indices.filter { score[$0].isFinite }
    let wanted = wholeNumber(
      (Double(usable.count) * settings.percentile / 100).rounded(), in: 1...max(1, usable.count))
    // The strongest part of the region, but never the wrong sign.
    let kept = usable.filter { score[$0] > 0 }
      .sorted { (-score[$0], places[$0]) < (-score[$1], places[$1]) }.prefix(wanted)
    // What counts is how far a voxel stands out from the weakest that is kept: a large patch of barely
    // kept voxels must not outweigh a small strong one, nor pull its centre.
    let cut = kept.last.map { score[$0] } ?? 0
    func excess(_ row: Int) -> Double { Double(score[row] - cut) + 1e-6 }
    var isKept = [Bool](repeating: false, count: count)
    for row in kept { isKept[row] = true }
    var out: [(found: Found, weight: Double)] = []
    for start in kept.sorted() where isKept[start] {
      var members = [start]
      isKept[start] = false
      var next = 0
      while next < members.count {
        for n in neighbours[members[next]] where isKept[Int(n)] {
          isKept[Int(n)] = false
          members.append(Int(n))
        }
        next += 1
      }
      guard members.count >= settings.leastClusterVoxels else { continue }
      members.sort()
      let weight = members.reduce(0.0) { $0 + excess($1) }
      var sum = (0.0, 0.0, 0.0)
      for m in members {
        let w = excess(m) / weight
        sum = (sum.0 + w * points[m].x, sum.1 + w * points[m].y, sum.2 + w * points[m].z)
      }
      let centre = WorldPoint(sum.0, sum.1, sum.2)
      var nearest = members[0]
      for m in members
      where points[m].distance(to: centre) < points[nearest].distance(to: centre) - 1e-9 {
        nearest = m
      }
      let strongest = members.min { (-score[$0], $0) < (-score[$1], $1) } ?? start
      out.append(
        (
          Found(members: members, centre: centre, nearest: nearest, strongest: strongest), weight
        ))
    }
    return out.sorted {
      $0.weight != $1.weight
        ? $0.weight > $1.weight : $0.found.members[0] < $1.found.members[0]
    }.map(\.found)
  }

  /// Up to five voxels that lie apart from each other.
  private func singles(_ value: [Float], _ score: [Float]) -> [Found] {
    var left = value.indices.filter { value[$0] > 0 && value[$0].isFinite }
      .sorted { (-value[$0], places[$0]) < (-value[$1], places[$1]) }
    var out: [Found] = []
    while let best = left.first, out.count < 5 {
      let near = settings.method == .cone ? cone[best].map { Int($0.place) } : [best]
      let strongest = near.min { (-score[$0], $0) < (-score[$1], $1) } ?? best
      out.append(
        Found(members: near, centre: points[best], nearest: best, strongest: strongest))
      left.removeAll { points[$0].distance(to: points[best]) < Self.apart }
    }
    return out
  }

  /// Mean distance of two voxels of the region: what chance alone gives.
  package var chanceMillimetres: Double {
    // Every pair of at most a thousand voxels, evenly taken.
    let step = max(1, count / 1000)
    let some = stride(from: 0, to: count, by: step).map { points[$0] }
    guard some.count > 1 else { return 0 }
    var sum = 0.0
    for a in some.indices { for b in 0..<a { sum += some[a].distance(to: some[b]) } }
    return sum / Double(some.count * (some.count - 1) / 2)
  }
}

package import Basics
package import Imaging

/// Connected voxels beyond a threshold.
package struct PerfusionCluster: Sendable, Equatable {
  /// Whether its values lie below the negative threshold.
  package let isDecrease: Bool
  package let voxels: Int
  package let cubicMillimetres: Double
  /// The most extreme value and its place in RAS+ mm.
  package let peak: Double
  package let peakPlace: WorldPoint
  /// How far its values lie beyond the threshold, summed over its volume: the map's unit times mm³. Size and height in
  /// one, as the cluster mass of Bullmore et al. 1999 (doi 10.1109/42.750253).
  package let mass: Double
  /// Mean place of its voxels, RAS+ mm.
  package let centre: WorldPoint
  /// The side of the peak.
  package let side: Side
  /// Of the voxels that lie on a side the share that lies on the left; nil where none lies on a side.
  package let leftShare: Double?
  /// The region at the peak, and the one that has more of its voxels than any other; nil outside of all.
  package let peakLabel: String?
  package let mainLabel: String?
  /// Of all its voxels the share that lies in `mainLabel`.
  package let mainShare: Double?
  /// How many normals have as large a cluster in this direction, each held against the others; nil
  /// without single normals.
  package var normalsWithAsLarge: Int?

  /// A cluster with more than this share of its voxels on the side that has less of it is on both sides.
  package static let bothSidesShare = 0.1

  package var isOnBothSides: Bool {
    leftShare.map { min($0, 1 - $0) > Self.bothSidesShare } ?? false
  }

  /// The region with the largest part of it, where that is not the peak's; "mostly" is more than half.
  package var mainWords: String? {
    guard let mainLabel, let mainShare, mainLabel != peakLabel else { return nil }
    return mainShare > 0.5
      ? "mostly \(mainLabel)" : "largest part \(mainLabel) (\(fixed(100 * mainShare, 0)) %)"
  }

  /// Where it lies: the peak's side alone would say of a cluster over the midline that the other is free of it.
  package var extentWords: String {
    guard isOnBothSides, let leftShare else { return side.rawValue }
    return "BOTH SIDES (LEFT \(fixed(100 * leftShare, 0)) %, peak \(side.rawValue))"
  }
}

/// What counts as a cluster.
package struct ClusterRule: Sendable, Equatable {
  /// Values ≥ threshold and ≤ −threshold form clusters of their own.
  package var threshold: Double
  /// Smaller ones are left out.
  package var leastVoxels: Int

  /// - Throws: a threshold that is not above 0, a size below 1.
  package init(threshold: Double, leastVoxels: Int = 10) throws(Problem) {
    guard threshold > 0, threshold < 1e6 else {
      throw Problem(
        .usage, "threshold", "\(plainNumber(threshold)) is no useful threshold", expected: "above 0"
      )
    }
    guard leastVoxels >= 1, leastVoxels <= 1_000_000 else {
      throw Problem(
        .usage, "cluster size", "\(leastVoxels) voxels is no useful size", expected: "1 and more")
    }
    self.threshold = threshold
    self.leastVoxels = leastVoxels
  }

  private init(beyond threshold: Double) { (self.threshold, leastVoxels) = (threshold, 10) }

  /// What is told of an asymmetry, and of a subtraction, where nobody says otherwise.
  package static let usualAsymmetry = ClusterRule(beyond: 10)
  package static let usualSubtraction = ClusterRule(beyond: 2)
}

/// Clusters of a map (26 neighbours), the largest first.
///
/// - Parameters:
///   - map: values in any unit; NaN is no data.
///   - side: how a side becomes a word; nil where sides mean nothing.
///   - labels: regions in the map's world space.
package func clusters(
  of map: Volume, _ rule: ClusterRule, side: (WorldPoint) -> Side, labels: LabelMap?
) -> [PerfusionCluster] {
  let level = Float(rule.threshold)
  var found: [PerfusionCluster] = []
  for sign: Float in [-1, 1] {
    let inside = map.values.map { $0.isFinite && $0 * sign >= level }
    for piece in connectedPieces(inside, map.grid, faces: false)
    where piece.count >= rule.leastVoxels {
      // Ties go by place, so that the peak does not depend on how the file is stored.
      let peak = piece.min { a, b in
        let (x, y) = (map.values[a] * sign, map.values[b] * sign)
        if x != y { return x > y }
        let (p, q) = (map.grid.world(at: a), map.grid.world(at: b))
        return (p.x, p.y, p.z) < (q.x, q.y, q.z)
      }
      guard let peak else { continue }
      let place = map.grid.world(at: peak)
      let sides = piece.map { side(map.grid.world(at: $0)) }
      let (left, right) = (sides.count { $0 == .left }, sides.count { $0 == .right })
      let main = labels.flatMap { mainLabel(of: piece, map.grid, $0) }
      found.append(
        PerfusionCluster(
          isDecrease: sign < 0, voxels: piece.count,
          cubicMillimetres: Double(piece.count) * map.grid.voxelVolume,
          peak: Double(map.values[peak]), peakPlace: place,
          mass: map.grid.voxelVolume
            * piece.reduce(0) { $0 + Double(abs(map.values[$1])) - rule.threshold },
          centre: map.grid.centre(of: piece), side: side(place),
          leftShare: left + right > 0 ? Double(left) / Double(left + right) : nil,
          peakLabel: labels?.name(at: place),
          mainLabel: main?.name, mainShare: main?.share))
    }
  }
  return found.sorted {
    ($1.voxels, $0.peakPlace.x, $0.peakPlace.y, $0.peakPlace.z)
      < ($0.voxels, $1.peakPlace.x, $1.peakPlace.y, $1.peakPlace.z)
  }
}

extension [PerfusionCluster] {
  /// The most missing, or added, in all first: of an asymmetry a wide piece just beyond the threshold, such as white
  /// matter that is folded differently, says less than a smaller one of twice the height.
  package var byMass: [PerfusionCluster] {
    // Equal ones stay as they are: the largest first, then by place.
    enumerated().sorted { ($1.element.mass, $0.offset) < ($0.element.mass, $1.offset) }
      .map(\.element)
  }
}

/// The region that more voxels lie in than in any other, with its share of all; nil when more lie in none.
private func mainLabel(
  of piece: [Int], _ grid: Grid, _ labels: LabelMap
) -> (name: String, share: Double)? {
  var votes: [Int32: Int] = [:]
  for offset in piece { votes[labels.label(at: grid.world(at: offset)), default: 0] += 1 }
  guard let most = votes.max(by: { ($0.value, -$0.key) < ($1.value, -$1.key) }), most.key != 0
  else { return nil }
  return (
    labels.names[most.key] ?? "\(labels.title) \(most.key)",
    Double(most.value) / Double(piece.count)
  )
}

import Basics
package import Imaging

/// Where the surface of a brain is, for asking how far places lie from it.
package struct BrainSurface: Sendable {
  /// Places of the surface above the skull's base, about a voxel apart.
  package let points: [WorldPoint]
  /// Distance from the surface in mm, negative inside.
  private let distance: Sampler
  /// Places inside of the brain, for telling how far a transform carries them.
  package let inner: [WorldPoint]
  private let field: Grid
  private let mask: Mask
  /// Below this height (mm) the skull's base begins, where no finder parts brain from what lies under it well.
  private let base: Double

  /// How much of a brain lies above the skull's base, from its top, in mm.
  static let height = 90.0

  /// - Parameter field: of the image in which the brain was seen; beyond it nothing is known of its surface.
  package init(_ mask: Mask, field: Grid) {
    let grid = mask.grid
    self.field = field
    self.mask = mask
    let base = (mask.bounds?.high.z ?? 0) - Self.height
    self.base = base
    let inside = mask.places.map { $0 >= 0 }
    // The surface runs half a voxel from the centres on both of its sides.
    let half = Float((grid.spacing.0 + grid.spacing.1 + grid.spacing.2) / 6)
    let out = distances(toSet: inside, grid)
    let within = distances(toSet: inside.map { !$0 }, grid)
    distance = Sampler(
      Volume(
        grid: grid,
        values: zip(out, within).map { $0 > 0 ? $0 - half : half - min($1, 1e4) }), .linear)
    var points: [WorldPoint] = []
    var inner: [WorldPoint] = []
    for (n, offset) in mask.offsets.enumerated() {
      let v = grid.index(at: Int(offset))
      let w = grid.world(v)
      if n % 97 == 0 { inner.append(w) }
      for (di, dj, dk) in [(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)] {
        let next = VoxelIndex(v.i + di, v.j + dj, v.k + dk)
        guard !mask.contains(next) else { continue }
        let a = grid.world(next)
        let p = WorldPoint((w.x + a.x) / 2, (w.y + a.y) / 2, (w.z + a.z) / 2)
        if p.z > base { points.append(p) }
      }
    }
    // More than some thousand places tell nothing more.
    let step = max(1, points.count / 6000)
    self.points = stride(from: 0, to: points.count, by: step).map { points[$0] }
    self.inner = inner
  }

  /// How far a place lies from the surface, in mm; nil where the image does not reach.
  package func distance(to p: WorldPoint) -> Double? {
    guard isWellInside(p) else { return nil }
    let d = distance.value(at: p)
    return d.isFinite ? abs(Double(d)) : nil
  }

  /// Whether the image goes on for some millimetres around a place, so that an edge seen there is the brain's.
  package func isWellInside(_ p: WorldPoint) -> Bool {
    for axis in 0..<3 {
      for sign in [-1.0, 1] {
        var q = p
        q[axis] += sign * 6
        if field.nearestVoxel(q) == nil { return false }
      }
    }
    return true
  }
}

extension BrainSurface {
  /// The volume of another brain over this one's, above this one's skull base and where both images reach.
  func ratio(of other: BrainSurface, otherFromThis: Affine) -> Double {
    let grid = mask.grid
    var (mine, others) = (0, 0)
    for offset in stride(from: 0, to: grid.count, by: 3) {
      let w = grid.world(at: offset)
      guard w.z > base, field.nearestVoxel(w) != nil else { continue }
      let there = otherFromThis.applied(to: w)
      guard other.field.nearestVoxel(there) != nil else { continue }
      if mask.places[offset] >= 0 { mine += 1 }
      if let v = other.mask.grid.nearestVoxel(there), other.mask.contains(v) { others += 1 }
    }
    return mine > 0 ? Double(others) / Double(mine) : 0
  }
}

/// How two brains lie on each other, as a person can read it.
package struct BrainFit: Sendable, Equatable {
  /// Mean distance of the two brains' surfaces, each taken from the other, in mm.
  package var meanMillimetres: Double
  /// 95 of 100 places of the surfaces are nearer than this.
  package var mostMillimetres: Double
  /// The volume of the carried brain over that of the other, above the skull's base.
  package var volumeRatio: Double
  /// The share of the surfaces that both images show.
  package var share: Double

  /// What a person reads first of a registration.
  package var words: String {
    "the brains' surfaces are \(plainNumber(meanMillimetres, 1)) mm apart on average (95 % within \(plainNumber(mostMillimetres, 1)) mm)"
  }

  /// The same where nothing is known.
  package static let unknown = "how far the brains' surfaces are apart is NOT KNOWN"

  /// Nil where too little of the surfaces is seen in both.
  package init?(moving: BrainSurface, fixed: BrainSurface, _ fixedFromMoving: Affine) {
    guard let back = fixedFromMoving.inverse else { return nil }
    var all: [Float] = []
    var asked = 0
    for (from, to, way) in [(moving, fixed, fixedFromMoving), (fixed, moving, back)] {
      for p in from.points {
        asked += 1
        guard from.isWellInside(p) else { continue }
        let there = way.applied(to: p)
        if let d = to.distance(to: there) { all.append(Float(d)) }
      }
    }
    guard asked > 0, all.count > 200, let most = boldspectPercentile(all, 95) else { return nil }
    meanMillimetres = all.reduce(0.0) { $0 + Double($1) } / Double(all.count)
    mostMillimetres = Double(most)
    volumeRatio = fixed.ratio(of: moving, otherFromThis: back)
    share = Double(all.count) / Double(asked)
  }
}

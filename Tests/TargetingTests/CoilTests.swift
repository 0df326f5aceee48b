import Basics
import Foundation
import Imaging
import Targeting
import TestSupport
import Testing

/// An ellipsoid of a head with a dark shell of bone under its scalp, and a nostril that leads inside.
enum PhantomHead {
  static let centre = WorldPoint(3, -18, 8)
  static let axes = [78.0, 98, 88]

  static func radius(_ w: WorldPoint) -> Double {
    let d = [w.x - centre.x, w.y - centre.y, w.z - centre.z]
    return zip(d, axes).reduce(0) { $0 + ($1.0 / $1.1) * ($1.0 / $1.1) }.squareRoot()
  }

  static func t1(_ order: (axes: [Int], flips: Int) = ([0, 1, 2], 0), spacing: Double = 2) -> Volume
  {
    let low = [-96.0, -138, -102]
    let size = [200.0, 240, 220].map { Int($0 / spacing) }
    let grid = Small.grid(size, spacing: spacing, low: low, axes: order.axes, flips: order.flips)
    return Volume(
      grid: grid,
      values: (0..<grid.count).map { offset in
        let w = grid.world(at: offset)
        let r = radius(w)
        let g = zip([w.x - centre.x, w.y - centre.y, w.z - centre.z], axes).reduce(0.0) {
          $0 + $1.0 * $1.0 / ($1.1 * $1.1 * $1.1 * $1.1)
        }.squareRoot()
        // A voxel on the border is part scalp and part air.
        let depth = r > 0.5 ? (1 - r) * r / g : 99
        let part = Float(max(0, min(1, depth / spacing + 0.5)))
        if abs(w.x - centre.x) < 3, abs(w.z + 20) < 3, w.y > 20 { return 4 }
        return 4 * (1 - part) + part * (r > 0.95 ? 220 : r > 0.9 ? 10 : 150)
      })
  }

  /// The surface point that a line along the normal joins with `p`, by a search over angles.
  static func nearest(_ p: WorldPoint) -> (point: WorldPoint, normal: WorldPoint) {
    var best = (WorldPoint(0, 0, 0), Double.infinity)
    var (low, high) = ((-Double.pi / 2, -Double.pi), (Double.pi / 2, Double.pi))
    for _ in 0..<6 {
      let steps = 60
      var at = (0.0, 0.0)
      for a in 0...steps {
        for b in 0...steps {
          let u = low.0 + (high.0 - low.0) * Double(a) / Double(steps)
          let v = low.1 + (high.1 - low.1) * Double(b) / Double(steps)
          let w = WorldPoint(
            centre.x + axes[0] * cos(u) * cos(v), centre.y + axes[1] * cos(u) * sin(v),
            centre.z + axes[2] * sin(u))
          let d = w.distance(to: p)
          if d < best.1 { best = (w, d); at = (u, v) }
        }
      }
      let (du, dv) = ((high.0 - low.0) / 20, (high.1 - low.1) / 20)
      low = (at.0 - du, at.1 - dv)
      high = (at.0 + du, at.1 + dv)
    }
    let w = best.0
    let g = WorldPoint(
      (w.x - centre.x) / (axes[0] * axes[0]), (w.y - centre.y) / (axes[1] * axes[1]),
      (w.z - centre.z) / (axes[2] * axes[2]))
    let l = g.dot(g).squareRoot()
    return (w, WorldPoint(g.x / l, g.y / l, g.z / l))
  }
}

@Suite struct HeadTests {
  @Test func theScalpIsWhereTheHeadEnds() throws {
    let head = try HeadSurface(PhantomHead.t1(), fileName: "t1")
    // 4/3 π abc of the ellipsoid.
    #expect(abs(head.litres - 4.0 / 3 * .pi * 78 * 98 * 88 / 1e6) < 0.03)
    #expect(abs(head.middleX - 3) < 0.2)
    for target in [
      WorldPoint(-38, 44, 26), WorldPoint(-44, 38, 34), WorldPoint(45, 30, 40),
      WorldPoint(-37, -21, 58), WorldPoint(0, -100, 10),
    ] {
      let found = try #require(head.nearest(to: target))
      let (point, normal) = PhantomHead.nearest(target)
      #expect(found.point.distance(to: point) < 0.8, "\(found.point) \(point)")
      #expect(abs(found.point.distance(to: target) - point.distance(to: target)) < 0.25)
      #expect(found.normal.dot(normal) > cos(2.0 * .pi / 180))
      #expect(head.contains(target))
    }
    #expect(!head.contains(WorldPoint(-90, 0, 0)))
    // The nostril is closed: its inside is head.
    #expect(head.contains(WorldPoint(3, 50, -20)))
  }

  /// A throat that is open below is air, but no place for a coil.
  @Test func theThroatIsNoScalp() throws {
    let t1 = PhantomHead.t1()
    let open = Volume(
      grid: t1.grid,
      values: (0..<t1.grid.count).map { offset in
        let w = t1.grid.world(at: offset)
        let r = ((w.x - 3) * (w.x - 3) + (w.y - 40) * (w.y - 40)).squareRoot()
        return r < 14 && w.z < -20 ? 4 : t1.values[offset]
      })
    let head = try HeadSurface(open, fileName: "t1")
    let found = try #require(head.nearest(to: WorldPoint(3, 40, -8)))
    // Not on the throat's wall or roof, but on the face.
    let (dx, dy) = (found.point.x - 3, found.point.y - 40)
    #expect((dx * dx + dy * dy).squareRoot() > 25, "\(found)")
    #expect(found.point.distance(to: WorldPoint(3, 40, -8)) > 25)
  }

  @Test func aBrainWithoutItsHeadIsRefused() {
    let t1 = PhantomHead.t1(spacing: 4)
    let brain = Volume(
      grid: t1.grid,
      values: (0..<t1.grid.count).map {
        PhantomHead.radius(t1.grid.world(at: $0)) < 0.8 ? 150 : 0
      })
    #expect {
      try HeadSurface(brain, fileName: "brain.nii")
    } throws: { ($0 as? Problem)?.sentence.contains("without its scalp") == true }
    let flat = Volume(grid: t1.grid, values: [Float](repeating: 1, count: t1.grid.count))
    #expect(throws: Problem.self) { try HeadSurface(flat, fileName: "flat.nii") }
  }

  @Test func otsuPartsTwoHeaps() throws {
    let values = (0..<1000).map { Float($0 % 2 == 0 ? 10 : 100) + Float($0 % 7) }
    let level = try #require(otsuThreshold(values))
    #expect(level > 16 && level <= 100)
    #expect(otsuThreshold([1, 1, 1]) == nil)
  }

  @Test func distancesAreEuclidean() {
    let grid = Small.grid(9, 7, 5, spacing: (1, 2, 3))
    var inside = [Bool](repeating: false, count: grid.count)
    let places = [VoxelIndex(1, 1, 1), VoxelIndex(7, 5, 4)]
    for v in places { inside[grid.offset(v)] = true }
    let found = distances(toSet: inside, grid)
    for offset in 0..<grid.count {
      let w = grid.world(at: offset)
      let wanted = places.map { grid.world($0).distance(to: w) }.min() ?? .nan
      #expect(abs(Double(found[offset]) - wanted) < 1e-4)
    }
    #expect(distances(toSet: inside.map { _ in false }, grid).allSatisfy { $0 == .infinity })
  }
}

@Suite struct CoilPoseTests {
  static func pose(
    _ normal: WorldPoint, side: Side, degrees: Double = 45
  ) throws -> CoilPose {
    try CoilPose(
      scalp: WorldPoint(-50, 40, 50), normal: normal, millimetres: 4,
      forward: try CoilPose.forward(handleDegrees: degrees, side: side, name: "t"), name: "t")
  }

  /// On a flat scalp from above: y points forward and inwards, the handle back and outwards.
  @Test func theHandlePointsBackAndOutwards() throws {
    let up = WorldPoint(0, 0, 1)
    let left = try Self.pose(up, side: .left)
    let half = 0.5.squareRoot()
    #expect(abs(left.y.x - half) < 1e-12 && abs(left.y.y - half) < 1e-12)
    #expect(left.handleWords == "posterior, left" || left.handleWords == "left, posterior")
    #expect(abs(left.z.z + 1) < 1e-12)
    #expect(abs(left.centre.z - 54) < 1e-12)
    // x = y × z
    #expect(abs(left.x.x + half) < 1e-12 && abs(left.x.y - half) < 1e-12)
    let right = try Self.pose(up, side: .right)
    #expect(abs(right.y.x + half) < 1e-12 && abs(right.y.y - half) < 1e-12)
    #expect(right.handleWords.contains("right") && right.handleWords.contains("posterior"))
    #expect(try Self.pose(up, side: .midline, degrees: 0).handleWords == "posterior")
    #expect(throws: Problem.self) { try Self.pose(up, side: .midline) }
    // A direction that stands on the scalp has no way to lie in it.
    #expect(throws: Problem.self) { try Self.pose(WorldPoint(0, 1, 0), side: .midline, degrees: 0) }
  }

  @Test func onlyRotationsAreCoils() {
    func affine(_ change: (inout [[Double]]) -> Void) -> Affine {
      var m = ExportTests.example.rows
      change(&m)
      return Affine(rows: m)
    }
    for (words, wrong) in [
      ("right angles", affine { $0[0][1] += 0.01 }), ("length", affine { $0[2][0] *= 1.01 }),
      ("mirrors", affine { for r in 0..<3 { $0[r][2] *= -1 } }),
      ("not finite", affine { $0[1][1] = .nan }),
    ] {
      #expect {
        try CoilPose(matrix: wrong, name: "x")
      } throws: { ($0 as? Problem)?.sentence.contains(words) == true }
    }
    #expect(throws: Never.self) { try CoilPose(matrix: ExportTests.example, name: "x") }
  }

  @Test func deeperTargetsNeedMore() {
    let dose = DoseAdjustment(siteMillimetres: 20, motorMillimetres: 15)
    #expect(abs(dose.added() - 14) < 1e-12)
    #expect(dose.words.contains("+14.0 %") && dose.words.contains("+13.5 to +15.0"))
    #expect(dose.words.contains("not a prescription"))
  }
}

@Suite struct FootprintTests {
  /// A plane between two networks through the middle: half of the cone lies in each.
  @Test func aConeOnABorderIsShared() {
    let grid = Small.grid(31, 31, 31, spacing: (1, 1, 1), origin: WorldPoint(-15, -15, -15))
    let labels = (0..<grid.count).map { grid.world(at: $0).x < -0.25 ? Int32(1) : 2 }
    let map = LabelMap(grid: grid, labels: labels, names: [1: "one", 2: "two"], title: "t")
    let f = Footprint(at: WorldPoint(-0.5, 0, 0), in: map)
    #expect(abs(f.covered - 1) < 1e-9)
    #expect(f.shares.allSatisfy { abs($0.part - 0.5) < 0.01 })
    // Whole parts or none: never half of a network's name.
    let parts = f.words.components(separatedBy: ", ")
    #expect(parts.count == 2 && f.words(fitting: f.words.count) == f.words)
    #expect(f.words(fitting: f.words.count - 1) == parts[0])
    // Six of twelve millimetres inside: the cap beyond the border holds 6/64 of a cone's weight.
    let inside = Footprint(at: WorldPoint(-6.5, 0, 0), in: map)
    #expect(inside.shares.first?.network == "one")
    #expect(abs((inside.shares.last?.part ?? 0) - 6.0 / 64) < 0.005)
    #expect(inside.words.hasPrefix("one 9"))
    #expect(Footprint(at: WorldPoint(200, 0, 0), in: map).words == "no network")
  }
}

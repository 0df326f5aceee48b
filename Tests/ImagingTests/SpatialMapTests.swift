import Imaging
import TestSupport
import Testing

/// Maps in parts: there, back, and what has no way.
@Suite struct SpatialMapTests {
  static let grid = Small.grid(
    12, 14, 10, spacing: (10, 10, 10), origin: WorldPoint(-55, -65, -45))

  static func field(
    _ grid: Grid = grid, _ shift: (WorldPoint) -> (Double, Double, Double)
  ) throws -> DisplacementField {
    let values = (0..<grid.count).flatMap { n -> [Float] in
      let d = shift(grid.world(at: n))
      return [Float(d.0), Float(d.1), Float(d.2)]
    }
    return try DisplacementField(grid: grid, values: values, file: "f")
  }

  static func end(_ space: Space) -> Transform.End {
    Transform.End(sha256: "", space: space, template: nil)
  }

  static func warp(_ map: SpatialMap, _ grid: Grid = grid) throws -> Warp {
    try Warp(
      movingFromFixed: map, moving: end(.native), movingGrid: grid, fixed: end(.mni152),
      fixedGrid: grid, origin: "t", file: "w.json")
  }

  /// A straight field is a matrix: so is its inverse.
  @Test func aStraightFieldIsTurnedRoundLikeItsMatrix() throws {
    let m = Affine(rows: [[1.1, 0.05, 0, 3], [-0.04, 0.93, 0.02, -4], [0, 0.03, 1.05, 2]])
    let field = try Self.field { p in
      let q = m.applied(to: p)
      return (q.x - p.x, q.y - p.y, q.z - p.z)
    }
    let map = SpatialMap([.field(field)])
    let (back, inverse) = (try #require(map.inverse), try #require(m.inverse))
    for p in [WorldPoint(0, 0, 0), WorldPoint(-31, 22.5, 17), WorldPoint(40, -50, -30)] {
      #expect(try #require(map.applied(to: p)).distance(to: m.applied(to: p)) < 1e-4)
      #expect(try #require(back.applied(to: p)).distance(to: inverse.applied(to: p)) < 1e-3)
    }
    #expect(map.affine == nil && SpatialMap([.affine(m), .affine(inverse)]).affine != nil)
  }

  @Test func beyondTheFieldNothingIsSaid() throws {
    let map = SpatialMap([.field(try Self.field { _ in (4, 0, 0) })])
    let back = try #require(map.inverse)
    // Half a voxel beyond the outermost nodes, as ITK has it.
    #expect(map.applied(to: WorldPoint(-59, 0, 0)) != nil)
    #expect(map.applied(to: WorldPoint(-61, 0, 0)) == nil)
    #expect(back.applied(to: WorldPoint(-58, 0, 0)) == nil)
    let there = try #require(back.applied(to: WorldPoint(58, 0, 0)))
    #expect(there.distance(to: WorldPoint(54, 0, 0)) < 1e-3)
    #expect(map.applied(to: WorldPoint(.infinity, 0, 0)) == nil)
  }

  /// Where three places come to lie on one, none of them is the way back.
  @Test func aFoldHasNoWayBack() throws {
    let field = try Self.field { p in (abs(p.x) < 20 ? -2 * p.x : p.x > 0 ? -40 : 40, 0, 0) }
    let back = try #require(SpatialMap([.field(field)]).inverse)
    #expect(back.applied(to: WorldPoint(0, 0, 0)) == nil)
    #expect(throws: (any Error).self) { try Self.warp(SpatialMap([.field(field)])) }
  }

  @Test func whatNoHeadNeedsIsNoWarp() throws {
    let straight = try Self.field { _ in (0.5, 0, 0) }
    _ = try Self.warp(SpatialMap([.field(straight)]))
    for (rows, words) in [
      ([[-1.0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]], "mirrors"),
      ([[2, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]], "stretches"),
      ([[1, 0, 0, 300], [0, 1, 0, 0], [0, 0, 1, 0]], "past MOVING"),
    ] {
      #expect {
        try Self.warp(SpatialMap([.field(straight), .affine(Affine(rows: rows))]))
      } throws: { "\($0)".contains(words) }
    }
    let far = Small.grid(9, 9, 9, spacing: (9, 9, 9), origin: WorldPoint(500, 0, 0))
    #expect {
      try Self.warp(SpatialMap([.field(straight)]), far)
    } throws: { "\($0)".contains("says nothing") }
  }

  @Test func volumesAndLabelsLieWhereTheirPointsDo() throws {
    let field = try Self.field { p in (3 + 0.02 * p.y, -2, 0.03 * p.x) }
    let warp = try Self.warp(SpatialMap([.field(field)]))
    let fine = Small.grid(40, 44, 32, spacing: (3, 3, 3), origin: WorldPoint(-58, -64, -46))
    // A value that says where it lies.
    let ramp = Volume(
      grid: fine, values: (0..<fine.count).map { Float(fine.world(at: $0).x) })
    let carried = warp.carried(ramp, .linear)
    var seen = 0
    for n in stride(from: 0, to: Self.grid.count, by: 7) where carried.values[n].isFinite {
      let there = try #require(warp.movingFromFixed.applied(to: Self.grid.world(at: n)))
      #expect(abs(Double(carried.values[n]) - there.x) < 1e-3)
      seen += 1
    }
    #expect(seen > 100)
    let labels = LabelMap(
      grid: Self.grid, labels: (0..<Self.grid.count).map { Self.grid.world(at: $0).x > 0 ? 2 : 1 },
      names: [1: "a", 2: "b"], title: "t")
    let brought = warp.broughtBack(labels, onto: fine)
    var counts = [Int32: Int]()
    for n in stride(from: 0, to: fine.count, by: 11) {
      let there = warp.fixedFromMoving.applied(to: fine.world(at: n))
      #expect(brought.labels[n] == there.map(labels.label) ?? 0)
      counts[brought.labels[n], default: 0] += 1
    }
    #expect(counts[1, default: 0] > 100 && counts[2, default: 0] > 100)
    #expect(brought.names == labels.names)
  }

  @Test func numbersThatAreNoneMakeNoField() {
    for bad in [Float.nan, .infinity, 1e6] {
      #expect(throws: (any Error).self) {
        try DisplacementField(
          grid: Self.grid, values: [Float](repeating: bad, count: 3 * Self.grid.count), file: "f")
      }
    }
    #expect(throws: (any Error).self) {
      try DisplacementField(grid: Self.grid, values: [1, 2, 3], file: "f")
    }
  }
}

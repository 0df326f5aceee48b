import Basics
import Imaging
import TestSupport
import Testing

@Suite struct GridTests {
  @Test func inverseUndoesTheAffine() {
    let m = Affine(rows: [[-2.9, 0.1, 0.4, 80], [0.2, 3.1, -0.5, -110], [0.3, 0.6, 3.2, -60]])
    let there = m.applied(7, 11, 13)
    let back = m.inverse?.applied(there.0, there.1, there.2)
    #expect(abs((back?.0 ?? 0) - 7) < 1e-9)
    #expect(abs((back?.1 ?? 0) - 11) < 1e-9)
    #expect(abs((back?.2 ?? 0) - 13) < 1e-9)
  }

  @Test func singularAffineMakesNoGrid() {
    let flat = Affine(rows: [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]])
    #expect(Grid(dimensions: (2, 2, 2), worldFromVoxel: flat) == nil)
  }

  /// All 48 storage orders of one head: the same millimetre has the same value in each.
  @Test func everyStorageOrderShowsTheSameWorld() throws {
    let size = [5, 6, 7]
    let spacing = [2.0, 3.0, 4.0]
    func truth(_ w: WorldPoint) -> Float { Float(w.x + 20 * w.y + 400 * w.z) }
    var codes: Set<String> = []
    for axes in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
      for flips in 0..<8 {
        var rows = [[Double]](repeating: [0, 0, 0, 0], count: 3)
        for c in 0..<3 {
          let w = axes[c]
          let negative = flips >> c & 1 == 1
          rows[w][c] = negative ? -spacing[w] : spacing[w]
          rows[w][3] = negative ? spacing[w] * Double(size[w] - 1) - 4 : -4
        }
        let n = axes.map { size[$0] }
        let grid = try #require(
          Grid(dimensions: (n[0], n[1], n[2]), worldFromVoxel: Affine(rows: rows)))
        codes.insert(grid.orientationCode)
        let volume = Small.volume(grid) { truth(grid.world($0)) }
        for point in [WorldPoint(-4, -4, -4), WorldPoint(0, 2, 8), WorldPoint(4, 11, 20)] {
          #expect(volume.nearest(point) == truth(point))
          let between = WorldPoint(
            point.x == 4 ? 3.5 : point.x + 0.5, point.y, point.z)
          let linear = Sampler(volume, .linear).value(at: between)
          #expect(abs(linear - truth(between)) < 1e-3)
        }
      }
    }
    #expect(codes.count == 48)
  }

  @Test func sphereCountsMatchTheTable() throws {
    // targeting.md 7.1, voxel centres within the radius (≤).
    func count(_ mm: Double, _ centres: [WorldPoint], _ radius: Double) -> Int {
      let n = mm == 2 ? (91, 109, 91) : (61, 73, 61)
      let grid = Small.grid(
        n.0, n.1, n.2, spacing: (mm, mm, mm), origin: WorldPoint(-90, -126, -72))
      let mask = Mask(grid: grid, origin: "all") { _ in true }
      return Set(centres.flatMap { mask.places(around: $0, radius: radius) }).count
    }
    let union = [
      WorldPoint(-36, 39, 43), WorldPoint(-44, 40, 29), WorldPoint(-41, 16, 54),
      WorldPoint(-37, 26, 49),
    ]
    #expect(count(2, [WorldPoint(6, 16, -10)], 10) == 515)
    #expect(count(2, [WorldPoint(6, 16, -10), WorldPoint(-6, 16, -10)], 10) == 921)
    #expect(count(2, [WorldPoint(0, 24, -14)], 12) == 925)
    #expect(count(2, union, 20) == 10458)
    #expect(count(3, [WorldPoint(6, 16, -10)], 10) == 149)
    #expect(count(3, union, 20) == 3113)
  }

  @Test(arguments: [true, false]) func connectedPiecesAreThoseOfAllPairsOfNeighbours(
    _ faces: Bool
  ) {
    let grid = Small.grid(9, 7, 8)
    for seed in 0..<20 {
      var random = SeededGenerator(seed: UInt64(seed))
      let inside = (0..<grid.count).map { _ in random.uniform() < 0.35 }
      // One label for each voxel, the lower one of any two neighbours until nothing changes.
      var label = Array(0..<grid.count)
      var isChanging = true
      while isChanging {
        isChanging = false
        for a in 0..<grid.count where inside[a] {
          for b in 0..<grid.count where inside[b] && label[b] < label[a] {
            let (v, w) = (grid.index(at: a), grid.index(at: b))
            let d = [abs(v.i - w.i), abs(v.j - w.j), abs(v.k - w.k)]
            guard faces ? d.reduce(0, +) == 1 : d.allSatisfy({ $0 <= 1 }) else { continue }
            label[a] = label[b]
            isChanging = true
          }
        }
      }
      let wanted = Dictionary(grouping: (0..<grid.count).filter { inside[$0] }) { label[$0] }
      let found = connectedPieces(inside, grid, faces: faces)
      #expect(found.map { $0.sorted() } == wanted.keys.sorted().map { wanted[$0] ?? [] })
    }
  }

  @Test func theMiddleOfVoxelsIsThatOfTheirMask() {
    let grid = Small.grid(5, 6, 7, spacing: (2, 3, 4), origin: WorldPoint(-9, 4, 30))
    let mask = Mask(grid: grid, origin: "") { $0 % 3 == 1 }
    let points = mask.offsets.map { grid.world(at: Int($0)) }
    let n = Double(points.count)
    let mean = WorldPoint(
      points.reduce(0) { $0 + $1.x } / n, points.reduce(0) { $0 + $1.y } / n,
      points.reduce(0) { $0 + $1.z } / n)
    #expect(mask.centre.distance(to: mean) < 1e-9)
  }
}

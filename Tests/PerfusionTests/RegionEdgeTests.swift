import Imaging
import Perfusion
import TestSupport
import Testing

/// Regions at the edge of the brain or of the field of view are known as such.
@Suite struct RegionEdgeTests {
  static let grid = Small.grid(
    30, 30, 30, spacing: (3, 3, 3), origin: WorldPoint(-43.5, -43.5, -43.5))
  /// A region in the middle of each half, a thin one at the brain's end, and one that leaves the grid.
  static let atlas: LabelMap = {
    let grid = Small.grid(
      40, 40, 40, spacing: (3, 3, 3), origin: WorldPoint(-58.5, -58.5, -58.5))
    return LabelMap(
      grid: grid,
      labels: (0..<grid.count).map { offset in
        let w = grid.world(at: offset)
        let side: Int32 = w.x > 0 ? 1 : 0
        guard abs(w.x) > 3, abs(w.x) < 24, abs(w.y) < 20 else { return 0 }
        if abs(w.z) < 12 { return 1 + side }
        if w.z > 24, w.z < 33 { return 3 + side }
        return w.z < -36 ? 5 + side : 0
      },
      names: [
        1: "Middle_L", 2: "Middle_R", 3: "Rim_L", 4: "Rim_R", 5: "Below_L", 6: "Below_R",
      ], title: "EDGES")
  }()

  @Test func theEdgeIsOfTheSideThatLiesThere() throws {
    // A brain to z = 30; on the RIGHT the lowest 6 mm of the field hold no counts.
    let image = Small.volume(Self.grid) { v in
      let w = Self.grid.world(v)
      return w.x > 0 && w.z < -38 ? 0 : 100
    }
    let brain = Mask(grid: Self.grid, origin: "test") {
      image.values[$0] > 0 && Self.grid.world(at: $0).z < 30
    }
    let regions = try RegionPairs(Self.atlas, on: Self.grid, plane: .mni)
    let edges = regions.edges(of: Self.atlas, in: image, brain: brain, at: .mni)
    var found: [String: (left: RegionEdge?, right: RegionEdge?)] = [:]
    for (region, edge) in zip(regions.regions, edges) { found[region.name] = edge }
    let middle = try #require(found["Middle"])
    #expect(middle.left == RegionEdge(outside: 0, rim: 0) && middle.right?.isAtEdge == false)
    let rim = try #require(found["Rim"])
    #expect(rim.left?.rim == 1 && rim.left?.outside == 0.0 && rim.left?.isAtEdge == true)
    let below = try #require(found["Below"])
    // z −37.5 to −58.5: of eight layers three are in the grid, and one of them has counts on the RIGHT.
    #expect(below.left?.outside == 5.0 / 8 && below.left?.isAtEdge == true)
    #expect(below.right?.outside == 7.0 / 8)
  }

  @Test func halfOfARegionAtTheRimIsNoEdge() {
    #expect(!RegionEdge(outside: 0.05, rim: 0.7).isAtEdge)
    #expect(RegionEdge(outside: 0.06, rim: 0).isAtEdge)
    #expect(RegionEdge(outside: 0, rim: 0.8).isAtEdge)
  }
}

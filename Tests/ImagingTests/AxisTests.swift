import Basics
import Imaging
import TestSupport
import Testing

/// Each axis is its own, where sizes differ along all three.
@Suite struct AxisTests {
  @Test func aDiagonalAffineKeepsItsAxes() {
    let m = Affine(spacing: (2, 3, 4), origin: WorldPoint(5, 6, 7))
    let p = m.applied(1, 10, 100)
    #expect(p.0 == 7 && p.1 == 36 && p.2 == 407)
    let n = m.columnNorms
    #expect(n.0 == 2 && n.1 == 3 && n.2 == 4)
  }

  /// Inside and just outside along one axis, deep inside along the others.
  @Test(arguments: [Interpolation.nearest, .linear, .cubic])
  func theEndsOfEachAxisAreItsOwn(_ way: Interpolation) {
    let sizes = [3, 5, 9]
    let grid = Small.grid(3, 5, 9, spacing: (2, 3, 4), origin: WorldPoint(-7, 11, 30))
    let volume = Small.volume(grid) { Float($0.i + 10 * $0.j + 100 * $0.k) }
    let sampler = Sampler(volume, way)
    let slack = way == .nearest ? 0.5 : 0
    for axis in 0..<3 {
      for (place, isInside) in [
        (-slack - 0.1, false), (-slack + 0.1, true), (Double(sizes[axis] - 1) + slack - 0.1, true),
        (Double(sizes[axis] - 1) + slack + 0.1, false),
      ] {
        var v = [1.0, 2, 4]
        v[axis] = place
        let w = grid.worldFromVoxel.applied(v[0], v[1], v[2])
        let p = WorldPoint(w.0, w.1, w.2)
        #expect(sampler.isInside(p) == isInside, "axis \(axis) at \(place)")
        #expect(sampler.value(at: p).isFinite == isInside, "axis \(axis) at \(place)")
      }
    }
  }

  /// Turned by 20°, 310° and 115° about x, y and z, with unequal voxels: directions decide, not lengths.
  @Test func anObliqueOrderIsOfDirections() throws {
    let affine = Affine(rows: [
      [-0.271654, -2.222771, 4.29937, 0], [0.582563, -1.903759, -3.555009, 0],
      [0.766044, 0.659539, 4.228159, 0],
    ])
    let grid = try #require(Grid(dimensions: (3, 4, 5), worldFromVoxel: affine))
    #expect(grid.orientationCode == "SLP")
    let carried = try #require(
      grid.carried(by: Affine(spacing: (1, 1, 1), origin: WorldPoint(1, 2, 3))))
    #expect([carried.nx, carried.ny, carried.nz] == [3, 4, 5])
    #expect(carried.world(VoxelIndex(0, 0, 0)) == WorldPoint(1, 2, 3))
  }

  @Test func aPlaceIsWrittenInItsOrder() {
    #expect(JSON.point(WorldPoint(1, 2, 3)) == .numbers([1, 2, 3]))
    #expect(millimetres(WorldPoint(1, 2, 3)) == "1, 2, 3")
  }
}

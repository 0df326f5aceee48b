import Basics
import Imaging
import Perfusion
import TestSupport
import Testing

/// spect.md T30 and what keeps left and right apart, whatever way a file is stored.
@Suite struct PerfusionSideTests {
  /// x = −10 is LEFT and holds 90, x = +10 is RIGHT and holds 110.
  let grid = Small.grid(21, 9, 9, spacing: (2, 2, 2), origin: WorldPoint(-20, -8, -8))
  var image: Volume { Small.volume(grid) { $0.i < 10 ? 90 : $0.i > 10 ? 110 : .nan } }
  let atlas = LabelMap(
    grid: Small.grid(40, 20, 20, origin: WorldPoint(-19.5, -9.5, -9.5)),
    labels: (0..<16000).map { ($0 % 40) < 20 ? 7 : 8 }, names: [7: "Half_L", 8: "Half_R"],
    title: "HALVES")

  @Test func theIndexOfOnePair() throws {
    let map = asymmetryMap(of: image, in: Mask(grid: grid, origin: "all") { _ in true }, at: .mni)
    #expect(abs(map.nearest(WorldPoint(-10, 0, 0)) + 20) < 1e-6)
    #expect(abs(map.nearest(WorldPoint(10, 0, 0)) + 20) < 1e-6)
    #expect(map.nearest(WorldPoint(0, 0, 0)).isNaN)
    let left = try #require(
      asymmetry(of: image, around: WorldPoint(-10, 0, 0), radius: 4, at: .mni))
    #expect(left == Asymmetry(left: 90, right: 110) && abs(left.index + 20) < 1e-12)
    // The same pair, asked for from the other side.
    #expect(asymmetry(of: image, around: WorldPoint(10, 0, 0), radius: 4, at: .mni) == left)
    #expect(asymmetry(of: image, around: WorldPoint(0.5, 0, 0), radius: 4, at: .mni) == nil)
    #expect(abs(Asymmetry(left: 110, right: 90).index - 20) < 1e-12)
    #expect(MirrorPlane.mni.side(of: WorldPoint(-3, 0, 0)) == .left)
    #expect(MirrorPlane.mni.side(of: WorldPoint(3, 0, 0)) == .right)
    #expect(MirrorPlane.mni.side(of: WorldPoint(0.9, 0, 0)) == .midline)
  }

  @Test func aPlaneBesideTheOrigin() {
    let plane = MirrorPlane(normal: WorldPoint(1, 0, 0), offset: 3, origin: "3", similarity: nil)
    #expect(plane.distance(to: WorldPoint(10, 1, 2)) == 7)
    #expect(plane.mirrored(WorldPoint(10, 1, 2)) == WorldPoint(-4, 1, 2))
    #expect(plane.side(of: WorldPoint(1, 0, 0)) == .left)
    #expect(plane.side(of: WorldPoint(5, 0, 0)) == .right)
  }

  @Test func mirroringTheVolumeNegates() throws {
    let mirrored = Small.volume(grid) { v in image[VoxelIndex(20 - v.i, v.j, v.k)] }
    let regions = try RegionPairs(atlas, on: grid, plane: .mni)
    let here = regionalTable(of: image, .mean(100), regions: regions, people: [])[0]
    let there = regionalTable(of: mirrored, .mean(100), regions: regions, people: [])[0]
    #expect(abs(here.index + 20) < 1e-6 && abs(there.index - 20) < 1e-6)
    #expect(abs(here.percent.left - 90) < 1e-6 && abs(here.percent.right - 110) < 1e-6)
    let all = Mask(grid: grid, origin: "all") { _ in true }
    let a = asymmetryMap(of: image, in: all, at: .mni)
    let b = asymmetryMap(of: mirrored, in: all, at: .mni)
    for (x, y) in zip(a.values, b.values) where x.isFinite { #expect(abs(x + y) < 1e-5) }
  }

  /// The same head with its axes in another order and direction.
  static func stored(_ volume: Volume, axes: [Int], flips: [Bool]) throws -> Volume {
    let g = volume.grid
    let size = [g.nx, g.ny, g.nz]
    let rows = g.worldFromVoxel.rows
    let newRows = rows.map { row -> [Double] in
      var out = [0.0, 0, 0, row[3]]
      for c in 0..<3 {
        out[c] = flips[c] ? -row[axes[c]] : row[axes[c]]
        if flips[c] { out[3] += row[axes[c]] * Double(size[axes[c]] - 1) }
      }
      return out
    }
    let grid = try #require(
      Grid(
        dimensions: (size[axes[0]], size[axes[1]], size[axes[2]]),
        worldFromVoxel: Affine(rows: newRows)))
    return Small.volume(grid) { v in
      let new = [v.i, v.j, v.k]
      var old = [0, 0, 0]
      for c in 0..<3 { old[axes[c]] = flips[c] ? size[axes[c]] - 1 - new[c] : new[c] }
      return volume[VoxelIndex(old[0], old[1], old[2])]
    }
  }

  static let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]

  @Test func all48OrientationsGiveOneTableAndOneMap() throws {
    let noisy = Small.volume(grid) { v in
      image[v] + Float((v.i * 31 + v.j * 17 + v.k * 7) % 13)
    }
    let all = Mask(grid: grid, origin: "all") { _ in true }
    let wanted = regionalTable(
      of: noisy, .mean(100), regions: try RegionPairs(atlas, on: grid, plane: .mni), people: [])[0]
    let map = asymmetryMap(of: noisy, in: all, at: .mni)
    let rule = try ClusterRule(threshold: 12, leastVoxels: 2)
    let pieces = clusters(of: map, rule, side: MirrorPlane.mni.side, labels: atlas)
    #expect(!pieces.isEmpty)
    for axes in Self.orders {
      for bits in 0..<8 {
        let flips = (0..<3).map { bits >> $0 & 1 == 1 }
        let other = try Self.stored(noisy, axes: axes, flips: flips)
        let regions = try RegionPairs(atlas, on: other.grid, plane: .mni)
        let row = regionalTable(of: other, .mean(100), regions: regions, people: [])[0]
        #expect(abs(row.percent.left - wanted.percent.left) < 1e-9, "\(axes) \(flips)")
        #expect(abs(row.percent.right - wanted.percent.right) < 1e-9, "\(axes) \(flips)")
        let everywhere = Mask(grid: other.grid, origin: "all") { _ in true }
        let its = asymmetryMap(of: other, in: everywhere, at: .mni)
        for place in [WorldPoint(-10, 2, 4), WorldPoint(14, -4, 0)] {
          #expect(its.nearest(place) == map.nearest(place), "\(axes) \(flips)")
        }
        let found = clusters(of: its, rule, side: MirrorPlane.mni.side, labels: atlas)
        #expect(found.map(\.voxels) == pieces.map(\.voxels))
        for (a, b) in zip(found, pieces) {
          #expect(a.peakPlace.distance(to: b.peakPlace) < 1e-9 && a.side == b.side)
        }
      }
    }
  }

  @Test func namesThatContradictPlacesAreRefused() {
    let mirrored = LabelMap(
      grid: atlas.grid, labels: atlas.labels, names: [7: "Half_R", 8: "Half_L"], title: "WRONG")
    #expect(throws: Problem.self) { try RegionPairs(mirrored, on: grid, plane: .mni) }
  }

  @Test func regionsWithoutASideAreCutAtThePlane() throws {
    let one = LabelMap(
      grid: atlas.grid, labels: atlas.labels.map { _ in 7 }, names: [7: "Cortex"], title: "ONE")
    let regions = try RegionPairs(one, on: grid, plane: .mni)
    let row = regionalTable(of: image, .mean(100), regions: regions, people: [])[0]
    #expect(row.isCut && row.name == "Cortex")
    #expect(abs(row.index + 20) < 1e-6)
  }

  @Test(arguments: [
    ("Thalamus_L", "Thalamus", Side.left), ("Left Thalamus", "Thalamus", .left),
    ("rh.insula", "insula", .right), ("ctx R", "ctx", .right), ("R_V1_ROI", "V1_ROI", .right),
  ])
  func sidesInNames(_ name: String, _ stem: String, _ side: Side) throws {
    let found = try #require(namedSide(name))
    #expect(found.stem == stem && found.side == side)
  }

  @Test(arguments: ["Vermis_3", "Lingual", "Rectus", "Brainstem"])
  func namesWithoutASide(_ name: String) { #expect(namedSide(name) == nil) }

  @Test func theMirrorPlaneOfATiltedHeadIsFound() throws {
    // An ellipsoid with a symmetric pattern, 5 mm off, turned and tilted; a focus on one side.
    let length = (1 + 0.15 * 0.15 + 0.1 * 0.1).squareRoot()
    let n = WorldPoint(1 / length, 0.15 / length, -0.1 / length)
    let truth = MirrorPlane(normal: n, offset: 5, origin: "truth", similarity: nil)
    let grid = Small.grid(46, 52, 44, spacing: (4, 4, 4), origin: WorldPoint(-90, -102, -86))
    let focus = WorldPoint(38, 22, 20)
    let head = Volume(
      grid: grid,
      values: (0..<grid.count).map { offset in
        let w = grid.world(at: offset)
        let d = truth.distance(to: w)
        // The place in the plane is the same for both of a pair.
        let p = WorldPoint(w.x - d * n.x, w.y - d * n.y, w.z - d * n.z)
        let r = (d / 65) * (d / 65) + (p.y / 82) * (p.y / 82) + (p.z / 70) * (p.z / 70)
        guard r < 1 else { return 0 }
        let base = 60 + 30 * r + (abs(abs(d) - 25) < 10 && abs(p.y - 10) < 25 ? 40 : 0)
        return Float(w.distance(to: focus) < 16 ? 0.6 * base : base)
      }
    ).smoothed(fwhm: 9, noData: .zero)
    let brain = try #require(Mask.perfusionBrain(from: head))
    let plane = try MirrorPlane.estimated(from: head, in: brain, fileName: "head")
    let cosine =
      plane.normal.x * truth.normal.x + plane.normal.y * truth.normal.y
      + plane.normal.z * truth.normal.z
    #expect(cosine > 0.99992, "0.7 degrees; \(plane)")
    #expect(
      abs(plane.distance(to: WorldPoint(5, 0, 0)) - truth.distance(to: WorldPoint(5, 0, 0))) < 0.7)
    #expect((plane.similarity ?? 0) > 0.95)
    #expect(abs(plane.offset - 5) < 0.7)
    #expect(plane.side(of: WorldPoint(-30, 0, 0)) == .left)
    let here = try #require(asymmetry(of: head, around: focus, radius: 8, at: plane))
    #expect(here.index > 30, "the focus lies on the RIGHT, which has less")
    let again = try MirrorPlane.estimated(from: head, in: brain, fileName: "head")
    #expect(again == plane)
    // Nothing alike on both sides: refused.
    var generator = SeededGenerator(seed: 4)
    let noise = Small.volume(grid) { _ in Float(generator.uniform()) }
    let all = Mask(grid: grid, origin: "all") { _ in true }
    #expect(throws: Problem.self) {
      try MirrorPlane.estimated(from: noise, in: all, fileName: "noise")
    }
  }
}

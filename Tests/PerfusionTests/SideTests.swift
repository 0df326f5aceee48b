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
    // A sphere that reaches over the plane has nothing of the other side.
    #expect(asymmetry(of: image, around: WorldPoint(2, 0, 0), radius: 12, at: .mni) == left)
    #expect(abs(Asymmetry(left: 110, right: 90).index - 20) < 1e-12)
    #expect(MirrorPlane.mni.side(of: WorldPoint(-3, 0, 0)) == .left)
    #expect(MirrorPlane.mni.side(of: WorldPoint(3, 0, 0)) == .right)
    #expect(MirrorPlane.mni.side(of: WorldPoint(0.9, 0, 0)) == .midline)
  }

  /// A complete defect is the largest asymmetry there is, and no background.
  @Test(arguments: [Float(0), 1, -2]) func whatHasNothingLeftHasLess(_ left: Float) throws {
    let grid = Small.grid(
      45, 45, 40, spacing: (4, 4, 4), origin: WorldPoint(-88, -88, -78))
    func depth(_ p: WorldPoint) -> Double { (p.x * p.x + p.y * p.y + p.z * p.z).squareRoot() }
    let head = Small.volume(grid) { v in
      let p = grid.world(v)
      // At the surface, so that no hole is filled.
      if p.distance(to: WorldPoint(-48, 0, 0)) < 16 { return left }
      return depth(p) < 62 ? 100 : 0
    }
    let brain = try #require(Mask.perfusionBrain(from: head))
    #expect(brain.places[grid.offset(try #require(grid.nearestVoxel(WorldPoint(-48, 0, 0))))] < 0)
    let inside = brain.withDefects(at: .mni).withoutRim(8, at: .mni)
    let map = asymmetryMap(of: head, in: inside, at: .mni)
    for x in [-48.0, 48] {
      let index = map.nearest(WorldPoint(x, 0, 0))
      #expect(index < -190 && index >= -200, "\(index)")
    }
    let lower = sidedAsymmetry(map, .lower, at: .mni)
    #expect(lower.nearest(WorldPoint(-48, 0, 0)) < -190)
    #expect(lower.nearest(WorldPoint(48, 0, 0)).isNaN)
    // A gland beside the brain on one side is no defect of the other.
    let gland = Small.volume(grid) { v in
      let p = grid.world(v)
      return depth(p) < 50 ? 100 : p.distance(to: WorldPoint(66, 0, 0)) < 18 ? 90 : 0
    }
    let found = try #require(Mask.perfusionBrain(from: gland)).withDefects(at: .mni)
    let beside = asymmetryMap(
      of: gland, in: found.withoutRim(8, at: .mni), at: .mni)
    #expect(beside.values.allSatisfy { !(abs($0) > 100) })
  }

  @Test func percentIsOfTheOtherSide() {
    #expect(abs(percentLess(ofIndex: -40) - 100.0 / 3) < 1e-9)
    #expect(abs(percentMore(ofIndex: 40) - 50) < 1e-9)
    #expect(percentLess(ofIndex: 200) == 100 && percentMore(ofIndex: 200) == .infinity)
    #expect(asymmetryAmount(-110.1) == "71.0 % less (|AI| 110.1)")
    #expect(asymmetryAmount(200).hasPrefix("all, the other side nothing"))
    // Below 0 the sign of the index would say the wrong side.
    #expect(asymmetryIndex(left: -23, right: -20).isNaN && asymmetryIndex(left: 5, right: -5).isNaN)
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
    ("ctx-lh-bankssts", "ctx-bankssts", .left), ("7Networks_RH_Vis_1", "7Networks_Vis_1", .right),
    ("A8m_L_7_1", "A8m_7_1", .left), ("V1(L)", "V1)", .left),
    ("Hemisphere left V1", "Hemisphere V1", .left),
    ("1_L_V1", "1_V1", .left),
  ])
  func sidesInNames(_ name: String, _ stem: String, _ side: Side) throws {
    let found = try #require(namedSide(name))
    #expect(found.stem == stem && found.side == side)
  }

  /// The first region of one hemisphere is not the first of the other.
  @Test func countedRegionsArePairedWithNone() {
    #expect(namedSide("7Networks_LH_Vis_1")?.pair == "7Networks_LH_Vis_1")
    #expect(namedSide("ctx-lh-insula")?.pair == "ctx-insula" && namedSide("V1_L")?.pair == "V1")
  }

  @Test(arguments: ["Vermis_3", "Lingual", "Rectus", "Brainstem", "Left-Right", "L"])
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

  /// One side is coloured, under its own name, and the outline of an uneven brain is none.
  @Test func oneSideIsToldAndTheRimIsNot() throws {
    let grid = Small.grid(41, 41, 41, spacing: (4, 4, 4), origin: WorldPoint(-80, -80, -80))
    let focus = WorldPoint(32, 8, 0)
    let head = Small.volume(grid) { v in
      let w = grid.world(v)
      // Wider by 8 mm on the LEFT: the edge alone is a large asymmetry.
      let isInside =
        (w.x / (w.x < 0 ? 72 : 64)) * (w.x / (w.x < 0 ? 72 : 64)) + w.y * w.y / 4900
        + w.z * w.z / 4900 < 1
      return isInside ? (w.distance(to: focus) < 13 ? 60 : 100) : 5
    }
    let brain = Mask(grid: grid, origin: "brain") { head.values[$0] > 20 }
    let whole = asymmetryMap(of: head, in: brain, at: .mni)
    let inside = brain.withoutRim(asymmetryRim, at: .mni)
    #expect(inside.count < brain.count && brain.withoutRim(0, at: .mni) === brain)
    let map = asymmetryMap(of: head, in: inside, at: .mni)
    let rule = try ClusterRule(threshold: 10, leastVoxels: 5)
    func found(_ map: Volume, _ side: AsymmetrySide) -> [PerfusionCluster] {
      clusters(
        of: sidedAsymmetry(map, side, at: .mni), rule, side: MirrorPlane.mni.side, labels: nil)
    }
    let lower = found(map, .lower)
    #expect(lower.count == 1 && lower[0].isDecrease && lower[0].side == .right)
    #expect(lower[0].centre.distance(to: focus) < 3)
    let higher = found(map, .higher)
    #expect(higher.count == 1 && !higher[0].isDecrease && higher[0].side == .left)
    // With its rim the outline comes first.
    let rim = found(whole, .higher)
    #expect(
      rim[0].voxels > lower[0].voxels && rim[0].centre.distance(to: WorldPoint(-32, 8, 0)) > 8)
    // No place is coloured on both sides.
    let sided = sidedAsymmetry(map, .lower, at: .mni)
    for n in sided.values.indices where sided.values[n].isFinite {
      let v = grid.index(at: n)
      let other = sided[VoxelIndex(40 - v.i, v.j, v.k)]
      #expect(other.isNaN && sided.values[n] < 0)
    }
  }

  @Test func theTableIsSortedByWhatIsAsked() throws {
    let regions = try RegionPairs(SmallPerfusion.labels, on: SmallPerfusion.grid, plane: .mni)
    let table = regionalTable(
      of: SmallPerfusion.image(0), .mean(80), regions: regions, people: [])
    let sides = table.flatMap(\.sides)
    let lowest = table.sorted(by: .lowest).compactMap { $0.lower?.percent }
    #expect(lowest == lowest.sorted() && table.lowest?.percent == sides.map(\.percent).min())
    let highest = table.sorted(by: .highest).compactMap { $0.higher?.percent }
    #expect(
      highest == highest.sorted(by: >) && table.highest?.percent == sides.map(\.percent).max())
    let uneven = table.sorted(by: .asymmetry).map { abs($0.index) }
    #expect(uneven == uneven.sorted(by: >))
    #expect(table.sorted(by: .atlas).map(\.name) == table.map(\.name))
    // A row leads to the side that has less.
    for row in table {
      let place = try #require(row.place)
      #expect((place.x < 0) == (row.percent.left <= row.percent.right))
      #expect(SmallPerfusion.labels.name(at: place)?.hasPrefix(row.name) == true)
    }
  }

  /// A wide piece just beyond the threshold is told after a smaller one that lies far beyond it.
  @Test func theMostInAllComesFirst() throws {
    let grid = Small.grid(12, 4, 4, spacing: (2, 2, 2), origin: WorldPoint(0, 0, 0))
    let map = Small.volume(grid) { $0.i == 7 ? 0 : $0.i < 7 ? -11 : -60 }
    let found = clusters(
      of: map, try ClusterRule(threshold: 10), side: SideRule.mni.side(of:), labels: nil)
    #expect(found.map(\.voxels) == [112, 64])
    #expect(found.byMass.map(\.voxels) == [64, 112])
    #expect(found.byMass.map(\.mass) == [25_600, 896])
  }

  @Test func aClusterOverTheMidlineIsOnBothSides() throws {
    let grid = Small.grid(21, 11, 11, spacing: (4, 4, 4), origin: WorldPoint(-40, -20, -20))
    let rule = try ClusterRule(threshold: 2, leastVoxels: 10)
    func found(_ range: ClosedRange<Int>) throws -> PerfusionCluster {
      let map = Small.volume(grid) { v in
        guard range.contains(v.i), abs(v.j - 5) < 2, abs(v.k - 5) < 2 else { return 0 }
        return v == VoxelIndex(range.upperBound, 5, 5) ? 9 : 3
      }
      return try #require(
        clusters(of: map, rule, side: SideRule.mni.side(of:), labels: nil).first)
    }
    // From x −24 to 12: six of nine planes on a side lie on the left, and the peak on the right.
    let both = try found(4...13)
    #expect(both.side == .right && both.isOnBothSides)
    #expect(both.extentWords == "BOTH SIDES (LEFT 67 %, peak RIGHT)")
    let right = try found(11...17)
    #expect(!right.isOnBothSides && right.extentWords == "RIGHT" && right.leftShare == 0)
    // A tail of a few voxels over the midline leaves it where it is.
    #expect(try !found(9...19).isOnBothSides)
    // What is infinite is no cluster and no brain.
    let wild = Small.volume(grid) { $0.i > 10 ? .infinity : 0 }
    #expect(clusters(of: wild, rule, side: SideRule.mni.side(of:), labels: nil).isEmpty)
    let head = Small.volume(grid) { $0.i < 3 ? .infinity : $0.i < 15 ? 100 : 1 }
    let brain = try #require(Mask.perfusionBrain(from: head))
    #expect(brain.offsets.allSatisfy { head.values[Int($0)].isFinite })
  }
}

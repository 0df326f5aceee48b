import Basics
import Foundation
import Imaging
import Perfusion
import TestSupport
import Testing

/// The small images of `Tests/Reference/perfusion_reference.py`, made by the same rule.
enum SmallPerfusion {
  static let grid = Small.grid(
    12, 10, 8, spacing: (3, 3, 3), origin: WorldPoint(-16.5, -13.5, -10.5))

  static func value(_ v: VoxelIndex, _ p: Int) -> Float {
    let n = 7 * v.i * v.i + 13 * v.j + 29 * v.k + 3 * v.i * v.j + 31 * p + p * v.k * v.k
    return Float(40 + n % 101)
  }

  static func image(_ p: Int) -> Volume { Small.volume(grid) { value($0, p) } }

  static let labels = LabelMap(
    grid: grid,
    labels: (0..<grid.count).map { offset in
      let v = grid.index(at: offset)
      guard v.j >= 2, v.j < 8 else { return 0 }
      return Int32(1 + 2 * ((v.j - 2) / 2) + (v.i >= 6 ? 1 : 0))
    },
    names: [1: "Back_L", 2: "Back_R", 3: "Middle_L", 4: "Middle_R", 5: "Front_L", 6: "Front_R"],
    title: "SMALL")

  static let everywhere = Mask(grid: grid, origin: "all") { _ in true }
  static let reference = Mask(grid: grid, origin: "Middle_L") { labels.labels[$0] == 3 }

  static func expected() throws -> [String: Any] {
    let url = RealData.project.appending(path: "Tests/Reference/perfusion.json")
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any]
    return try #require(object?["small"] as? [String: Any])
  }

  static func numbers(_ value: Any?) throws -> [Double] {
    try #require(value as? [Any]).map { ($0 as? NSNumber)?.doubleValue ?? .nan }
  }

  /// The values of a volume at the reference's places.
  static func values(_ volume: Volume, _ expected: [String: Any]) throws -> [Double] {
    try #require(expected["places"] as? [[Int]]).map {
      Double(volume[VoxelIndex($0[0], $0[1], $0[2])])
    }
  }
}

/// Equal to 1e-6 (no number to none), and beyond 1 to the last bits of single precision.
func expectEqual(
  _ a: [Double], _ b: [Double], _ what: Comment? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(a.count == b.count, what, sourceLocation: sourceLocation)
  for (x, y) in zip(a, b) where !(x.isNaN && y.isNaN) {
    let tolerance = max(1e-6, abs(y) * 6e-8)
    #expect(abs(x - y) <= tolerance, what, sourceLocation: sourceLocation)
  }
}

@Suite struct QuantificationTests {
  let person = SmallPerfusion.image(0)
  let people = (1...7).map(SmallPerfusion.image)
  let everywhere = SmallPerfusion.everywhere
  let plane = MirrorPlane.mni

  @Test func perCentAndAsymmetryEqualNumpy() throws {
    let expected = try SmallPerfusion.expected()
    let uptake = try Uptake(person, reference: SmallPerfusion.reference, name: "Middle_L")
    #expect(abs(uptake.referenceMean - (expected["reference_mean"] as? Double ?? .nan)) < 1e-9)
    expectEqual(
      try SmallPerfusion.values(uptake.percent, expected),
      try SmallPerfusion.numbers(expected["percent"]), "per cent")
    expectEqual(
      try SmallPerfusion.values(asymmetryMap(of: person, in: everywhere, at: plane), expected),
      try SmallPerfusion.numbers(expected["ai"]), "AI")
    expectEqual(
      try SmallPerfusion.values(
        percentOfContralateral(person, in: everywhere, at: plane), expected),
      try SmallPerfusion.numbers(expected["contralateral"]), "contralateral")
  }

  @Test func zEqualsNumpyFromPeopleAndFromTwoImages() throws {
    let expected = try SmallPerfusion.expected()
    let reference = SmallPerfusion.reference
    func mean(_ v: Volume) throws -> Double {
      try Uptake(v, reference: reference, name: "r").referenceMean
    }
    let means = try people.map(mean)
    let own = try mean(person)
    let normals = try Normals(count: 7, grid: person.grid) {
      100 * Double(people[$0].values[$1]) / means[$0]
    }
    let z = normals.z(in: everywhere) { 100 * Double(person.values[$0]) / own }
    expectEqual(
      try SmallPerfusion.values(z, expected), try SmallPerfusion.numbers(expected["z"]), "z")
    // 26 neighbours, by scipy's labelling.
    let rule = try ClusterRule(threshold: 1.2, leastVoxels: 3)
    let found = clusters(of: z, rule, side: plane.side, labels: SmallPerfusion.labels)
    for (key, isDecrease) in [("decreases", true), ("increases", false)] {
      let rows = try #require(expected[key] as? [[String: Any]])
      let own = found.filter { $0.isDecrease == isDecrease }
      #expect(own.map(\.voxels).sorted() == rows.compactMap { $0["voxels"] as? Int }.sorted())
      expectEqual(
        own.map(\.peak).sorted(), rows.compactMap { $0["peak"] as? Double }.sorted(), "peaks")
      for c in own {
        #expect(c.side == (c.peakPlace.x < 0 ? .left : .right))
        #expect(abs(c.cubicMillimetres - Double(c.voxels) * 27) < 1e-6)
        #expect(c.peakLabel == SmallPerfusion.labels.name(at: c.peakPlace))
      }
    }
    let plain = try Normals(count: 7, grid: person.grid) { Double(people[$0].values[$1]) }
    let images = try Normals(
      mean: plain.mean, standardDeviation: plain.standardDeviation, count: nil,
      reference: reference, name: "r")
    expectEqual(
      try SmallPerfusion.values(
        images.z(in: everywhere) { 100 * Double(person.values[$0]) / own }, expected),
      try SmallPerfusion.numbers(expected["z_images"]), "z by mean and SD")
  }

  @Test func fewNormalsAreRefused() {
    for n in 0..<5 {
      #expect(throws: Problem.self) { try Normals(count: n, grid: person.grid) { _, _ in 1 } }
    }
    #expect(throws: Problem.self) {
      try Normals(
        mean: person, standardDeviation: Small.volume(person.grid) { _ in -1 }, count: nil,
        reference: everywhere, name: "all")
    }
  }

  @Test func theRegionalTableEqualsNumpy() throws {
    let expected = try SmallPerfusion.expected()
    let rows = try #require(expected["regions"] as? [[String: Any]])
    let regions = try RegionPairs(SmallPerfusion.labels, on: person.grid, plane: plane)
    func scale(_ v: Volume) throws -> PercentScale {
      .mean(try Uptake(v, reference: SmallPerfusion.reference, name: "r").referenceMean)
    }
    let table = regionalTable(
      of: person, try scale(person), regions: regions,
      people: try people.map { ($0, try scale($0)) })
    #expect(table.map(\.name) == ["Back", "Middle", "Front"])
    for (row, e) in zip(table, rows) {
      expectEqual(
        [
          row.percent.left, row.percent.right, row.index, row.left?.z ?? .nan,
          row.right?.z ?? .nan, row.asymmetry?.z ?? .nan,
        ],
        ["left", "right", "ai", "left_z", "right_z", "ai_z"].map { e[$0] as? Double ?? .nan },
        "\(row.name)")
    }
  }

  @Test func siscomEqualsNumpy() throws {
    let expected = try SmallPerfusion.expected()
    let e = try #require(expected["siscom"] as? [String: Any])
    let grid = person.grid
    let ictal = Small.volume(grid) { v in
      SmallPerfusion.value(v, 2)
        + (v.i == 3 && (4...5).contains(v.j) && (3...4).contains(v.k) ? 200 : 0)
    }
    let brain = Mask(grid: grid, origin: "brain") { grid.index(at: $0).j >= 1 }
    let s = try Subtraction(ictal: ictal, interictal: SmallPerfusion.image(1), brain: brain)
    for (value, key) in [
      (s.mean, "mean"), (s.standardDeviation, "sd"), (s.percentBeyondTwo, "beyond"),
      (s.similarity, "r"),
    ] { #expect(abs(value - (e[key] as? Double ?? .nan)) < 1e-9, "\(key)") }
    for (volume, key) in [(s.difference, "difference"), (s.score, "score")] {
      let inside = zip(
        try SmallPerfusion.values(volume, expected), try SmallPerfusion.numbers(e[key])
      ).filter { $0.0.isFinite }
      #expect(inside.count == 5)
      expectEqual(inside.map(\.0), inside.map(\.1), "\(key)")
    }
    let same = SmallPerfusion.image(1)
    #expect(throws: Problem.self) {
      try Subtraction(ictal: same, interictal: same, brain: brain)
    }
  }
}

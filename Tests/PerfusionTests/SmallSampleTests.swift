import Basics
import Glibc
import Imaging
import Perfusion
import TestSupport
import Testing

/// One person against few normals: the level of z, and cluster sizes that healthy people have.
@Suite struct SmallSampleTests {
  typealias P = PerfusionPhantom

  /// scipy: norm.isf(t.sf(t, df)).
  @Test(arguments: [
    (2.0, 4, 1.571_284_742_868_764), (0.3, 1, 0.234_685_501_212_452),
    (5.0, 7, 3.162_300_782_745_082), (40.0, 4, 4.722_117_616_913_64),
    (3.0, 100, 2.928_326_898_811_433), (3.0, 1_000_000, 2.999_992_500_036),
    (1.5, 14, 1.419_252_832_306_226), (0, 5, 0),
  ])
  func aStudentTBecomesTheZOfItsTail(_ t: Double, _ df: Int, _ z: Double) {
    let student = StudentToNormal(degreesOfFreedom: df)
    #expect(abs(student.z(t) - z) < 1e-9)
    #expect(student.z(-t) == -student.z(t))
    #expect(student.z(.nan).isNaN && student.z(.infinity) > 30 && student.z(1e30) <= 36)
  }

  /// Where the two series of the tail meet there is no step.
  @Test func theTailsMeet() {
    for df in [1, 2, 3, 4, 7, 14, 30] {
      let student = StudentToNormal(degreesOfFreedom: df)
      var before = student.z(0)
      for n in 1...20_000 {
        let z = student.z(Double(n) * 0.01)
        #expect(z > before && z - before < 0.02, "\(df) \(n)")
        before = z
      }
    }
  }

  /// Independent voxels of healthy people: as many beyond 2 as of a normal distribution.
  @Test(arguments: [5, 8, 15]) func theLevelHolds(_ n: Int) throws {
    let grid = Small.grid(60, 60, 30)
    var generator = SeededGenerator(seed: 12)
    let people = (0...n).map { _ in
      (0..<grid.count).map { voxel -> Double in
        let normal =
          (-2 * log(1 - generator.uniform())).squareRoot()
          * cos(2 * Double.pi * generator.uniform())
        return 100 + Double(voxel % 7 + 1) * normal
      }
    }
    let normals = try Normals(count: n, grid: grid) { people[$0][$1] }
    let all = Mask(grid: grid, origin: "all") { _ in true }
    let z = normals.z(in: all) { people[n][$0] }
    let share = 100 * Double(z.values.count { abs($0) > 2 }) / Double(grid.count)
    #expect(abs(share - 4.55) < 0.5, "\(share)")
    // Without the number there is no allowance, and it is said.
    let unknown = try Normals(
      mean: normals.mean, standardDeviation: normals.standardDeviation, count: nil,
      reference: all, name: "all")
    #expect(unknown.zWords.contains("not known") && normals.zWords.contains("\(n - 1) degrees"))
    let plain = unknown.z(in: all) { people[n][$0] }
    #expect(plain.values.count { abs($0) > 2 } > z.values.count { abs($0) > 2 })
  }

  @Test func aHealthyPersonsClustersAreNoLargerThanTheNormals() throws {
    let people = P.normals.prefix(8).map(Array.init(mean:))
    let brain = try #require(Mask.perfusionBrain(from: P.template))
    let healthy = HealthyClusters(count: 8, in: brain, threshold: 2) { people[$0][$1] }
    #expect(healthy.people == 8 && healthy.decreases == healthy.decreases.sorted())
    // The first person against the other seven, by hand.
    let others = try Normals(count: 7, grid: P.grid) { people[$0 + 1][$1] }
    let z = others.z(in: brain) { people[0][$0] }
    let found = clusters(
      of: z, try ClusterRule(threshold: 2, leastVoxels: 1), side: MirrorPlane.mni.side, labels: nil)
    let decrease = found.filter(\.isDecrease).map(\.voxels).max() ?? 0
    #expect(healthy.decreases.contains(decrease))
    let increase = found.filter { !$0.isDecrease }.map(\.voxels).max() ?? 0
    #expect(healthy.increases.contains(increase))
    let size = healthy.sizes(decrease: true)
    #expect(size.median <= size.largest)
    // A patient with a large decrease stands out of all of them.
    let all = try Normals(count: 8, grid: P.grid) { people[$0][$1] }
    let patient = Array(mean: P.person(301, decrease: 0.3))
    let largest = clusters(
      of: all.z(in: brain) { patient[$0] }, try ClusterRule(threshold: 2),
      side: MirrorPlane.mni.side, labels: nil
    ).first { $0.isDecrease }
    #expect(healthy.peopleWithAsLarge(try #require(largest)) == 0)
  }

  /// With most of the brain lowered the upper mode is that of the lowered tissue.
  @Test func aClusterOfLoweredTissueIsRefused() throws {
    let brain = try #require(Mask.perfusionBrain(from: P.template))
    let people = P.normals.prefix(8).map(Array.init(mean:))
    let normal = try Normals(count: 8, grid: P.grid) { people[$0][$1] }.mean
    func cluster(lowered share: Double) throws -> ReferenceCluster {
      let person = P.person(77)
      // From the back to the front until the share is reached.
      let order = brain.offsets.sorted {
        P.grid.world(at: Int($0)).y < P.grid.world(at: Int($1)).y
      }
      var values = person.values
      for offset in order.prefix(Int(share * Double(order.count))) { values[Int(offset)] *= 0.8 }
      return try ReferenceCluster(
        Volume(grid: P.grid, values: values), normal: normal, in: brain)
    }
    let half = try cluster(lowered: 0.4)
    #expect(throws: Never.self) { try half.requireUnaffected() }
    #expect(half.raisedShare < 0.1 && abs(half.loweredShare - 0.4) < 0.12)
    let most = try cluster(lowered: 0.85)
    #expect(throws: Problem.self) { try most.requireUnaffected() }
  }
}

extension [Double] {
  /// A person in per cent of the brain's mean.
  fileprivate init(mean image: Volume) {
    let inside = image.values.filter { $0 > 20 }
    let mean = inside.reduce(0.0) { $0 + Double($1) } / Double(inside.count)
    self = image.values.map { 100 * Double($0) / mean }
  }
}

import Basics
import ImageFiles
import Imaging
import Perfusion
import Study
import TestSupport
import Testing
import Workflows

/// The worse a defect, the more is shown of it: one that is no brain by its counts is one all the same.
@Suite(.enabled(if: StandardTissue.isInstalled)) struct DefectTests {
  private static let grid = Small.grid(
    46, 55, 46, spacing: (4, 4, 4), origin: WorldPoint(-90, -126, -72))

  /// The template's brain with counts, blurred as by a camera, and a ball in which a part of them is left.
  private func scan(_ left: Double, radius: Double, at place: WorldPoint, seed: UInt64 = 1) throws
    -> Volume
  {
    let brain = try #require(try AtlasFiles.mniBrain())
    var random = SeededGenerator(seed: seed)
    return Small.volume(Self.grid) { v in
      let p = Self.grid.world(v)
      guard brain.nearest(p) > 0 else { return 0 }
      let noise = 1 + 0.05 * (Double(random.next() % 2000) / 1000 - 1)
      return Float(1000 * noise * (p.distance(to: place) < radius ? left : 1))
    }.smoothed(fwhm: 8)
  }

  private func report(
    _ image: Volume, normals: [Volume] = [], _ change: (inout PerfusionRequest) -> Void
  ) throws -> PerfusionReport {
    let brain = try #require(Mask.perfusionBrain(from: image))
    var request = PerfusionRequest(
      image: image, fileName: "s.nii", space: .mni152, brain: brain, atlas: nil)
    request.reference = .brain
    if !normals.isEmpty { request.normals = .people(normals) }
    change(&request)
    return try quantify(request)
  }

  @Test(arguments: [15.0, 22, 35], [0.0, 0.2, 0.5])
  func aDefectIsTheLargestAsymmetry(_ radius: Double, _ left: Double) throws {
    let image = try scan(left, radius: radius, at: WorldPoint(-50, -20, 10))
    let found = try report(image) { $0 = $0.ofAsymmetry(.lower) }
    let map = try #require(found.asymmetry)
    #expect(map.nearest(WorldPoint(-46, -20, 10)) < -20)
    let first = try #require(found.clusters.first)
    #expect(first.peakPlace.x < -20 && first.extentWords == "LEFT", "\(first)")
    // Most of what lies deeper than the rim is in it.
    let ball = 4 / 3 * Double.pi * radius * radius * radius
    #expect(first.cubicMillimetres > 0.2 * ball, "\(first.cubicMillimetres) of \(ball)")
    let told = found.warnings.contains { $0.contains("of MNI152's brain have less than 40 %") }
    #expect(told == (left < 0.4 && radius > 15) || radius == 15, "\(found.warnings)")
  }

  @Test func aDefectIsBeyondNormals() throws {
    let people = try (1...7).map { try scan(1, radius: 1, at: WorldPoint(0, 0, 0), seed: $0) }
    var sizes: [Double] = []
    for left in [0.5, 0.2, 0] {
      let image = try scan(left, radius: 25, at: WorldPoint(-50, -20, 10), seed: 99)
      let found = try report(image, normals: people) {
        $0.clusters = try? ClusterRule(threshold: 3, leastVoxels: 10)
        $0.clusteredMap = .z
      }
      let z = try #require(found.z)
      #expect(z.nearest(WorldPoint(-46, -20, 10)) < -3)
      let first = try #require(found.clusters.filter(\.isDecrease).first)
      #expect(first.extentWords.hasPrefix("LEFT"))
      sizes.append(first.cubicMillimetres)
    }
    // No defect looks smaller because less is left of it.
    #expect(sizes[1] > 0.9 * sizes[0] && sizes[2] > 0.9 * sizes[0], "\(sizes)")
  }

  /// A scan of a part of the brain has the maps that it had.
  @Test func aPartOfABrainIsNoDefect() throws {
    let small = Small.volume(Self.grid) { v in
      Self.grid.world(v).distance(to: WorldPoint(0, -10, 0)) < 42 ? 1000 : 0
    }
    let found = try report(small) { $0 = $0.ofAsymmetry(.lower) }
    #expect(!found.warnings.contains { $0.contains("of MNI152's brain") })
    #expect(found.clusters.isEmpty)
  }
}

import Basics
import Foundation
import ImageFiles
import Imaging
import Study
import Targeting
import TestSupport
import Testing
import Workflows

@Suite struct CoilWorkflowTests {
  static let hash = String(repeating: "a", count: 64)
  static let other = String(repeating: "b", count: 64)

  /// A ball of a head in 3 mm voxels.
  static func anatomy(
    _ space: Space = .mni152, order: (axes: [Int], flips: Int) = ([0, 1, 2], 0)
  ) -> Anatomy {
    let grid = Small.grid(
      [70, 70, 70], spacing: 3, low: [-103.5, -120, -95], axes: order.axes, flips: order.flips)
    let values = (0..<grid.count).map { offset -> Float in
      // A voxel on the border is part scalp and part air.
      let inside = (88 - grid.world(at: offset).distance(to: WorldPoint(0, -15, 8))) / 3 + 0.5
      return 2 + 98 * Float(max(0, min(1, inside)))
    }
    return Anatomy(
      volume: Volume(grid: grid, values: values),
      end: Transform.End(sha256: hash, space: space, template: nil), fileName: "t1.nii")
  }

  static func record(
    _ point: WorldPoint = WorldPoint(-44, 40, 29), _ space: Space = .mni152, side: Side = .left,
    image: String? = nil
  ) -> TargetRecord {
    TargetRecord(
      name: "one", note: "", point: point, space: space, side: side, label: nil, r: nil,
      method: "m",
      imageSHA256: image)
  }

  static func transform(
    _ matrix: Affine, from: Space, to: Space, moving: String = hash, fixed: String = other
  ) throws -> GivenTransforms.Link {
    .matrix(
      GivenTransforms.One(
        file: "m.txt",
        transform: try Transform(
          fixedFromMoving: matrix, moving: .init(sha256: moving, space: from, template: nil),
          fixed: .init(sha256: fixed, space: to, template: nil), origin: "test", isAccepted: true,
          file: "m.txt"), sha256: ""))
  }

  static func sentence(_ body: () throws -> Void) -> String {
    do { try body() } catch { return (error as? Problem)?.sentence ?? "\(error)" }
    return ""
  }

  @Test func anotherSpaceIsNeverGuessed() throws {
    #expect(
      Self.sentence {
        _ = try wayToAnatomy(
          Self.record(), Self.anatomy(.native), transform: nil, isSameWorld: false)
      }.contains("--transform"))
    #expect(
      Self.sentence {
        _ = try wayToAnatomy(
          Self.record(WorldPoint(-40, 1, 1), .native, image: Self.other), Self.anatomy(.native),
          transform: nil, isSameWorld: false)
      }.contains("--same-world"))
    #expect(throws: Never.self) {
      try wayToAnatomy(
        Self.record(WorldPoint(-40, 1, 1), .native, image: Self.hash), Self.anatomy(.native),
        transform: nil, isSameWorld: false)
    }
    // A transform between other images, or into another space, leads nowhere.
    let shift = Affine(rows: [[1, 0, 0, 10], [0, 1, 0, 0], [0, 0, 1, 0]])
    let foreign = try Self.transform(
      shift, from: .native, to: .mni152, moving: Self.other,
      fixed: String(repeating: "c", count: 64))
    #expect(
      Self.sentence {
        _ = try wayToAnatomy(
          Self.record(), Self.anatomy(.native), transform: foreign, isSameWorld: false)
      }.contains("two other images"))
    let native = try Self.transform(shift, from: .native, to: .native)
    #expect(
      Self.sentence {
        _ = try wayToAnatomy(
          Self.record(), Self.anatomy(.native), transform: native, isSameWorld: false)
      }.contains("MNI152"))
  }

  @Test func aTransformIsUsedInTheRightDirection() throws {
    let shift = Affine(rows: [[1, 0, 0, 10], [0, 1, 0, -4], [0, 0, 1, 2]])
    let there = WorldPoint(-54, 44, 27)
    // The anatomy is MOVING: from MNI the way back is taken.
    let forward = try Self.transform(shift, from: .native, to: .mni152)
    let way = try wayToAnatomy(
      Self.record(), Self.anatomy(.native), transform: forward, isSameWorld: false)
    #expect(way.map.applied(to: WorldPoint(-44, 40, 29))?.distance(to: there) ?? 9 < 1e-12)
    // The anatomy is FIXED: the same matrix is taken as it is.
    let backward = try Self.transform(
      try #require(shift.inverse), from: .mni152, to: .native, moving: Self.other, fixed: Self.hash)
    let other = try wayToAnatomy(
      Self.record(), Self.anatomy(.native), transform: backward, isSameWorld: false)
    #expect(other.map.applied(to: WorldPoint(-44, 40, 29))?.distance(to: there) ?? 9 < 1e-12)
  }

  @Test func aTargetThatChangesSidesIsRefused() throws {
    let anatomy = Self.anatomy(.native)
    // Half a turn about z: a rotation, and yet the wrong side.
    let turn = Affine(rows: [[-1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 1, 0]])
    let way = try wayToAnatomy(
      Self.record(), anatomy, transform: try Self.transform(turn, from: .native, to: .mni152),
      isSameWorld: false)
    #expect(
      Self.sentence {
        _ = try coilPlan(
          for: Self.record(), way: way, anatomy: anatomy, handleDegrees: 45, coilDistance: 4)
      }.contains("LEFT"))
    #expect(
      Self.sentence {
        _ = try coilPlan(
          for: Self.record(side: .unknown),
          way: WayToAnatomy(map: SpatialMap([]), words: "", warnings: []), anatomy: anatomy,
          handleDegrees: 45, coilDistance: 4)
      }.contains("which side"))
    #expect(
      Self.sentence {
        _ = try coilPlan(
          for: Self.record(WorldPoint(-99, 40, 60)),
          way: WayToAnatomy(map: SpatialMap([]), words: "", warnings: []), anatomy: anatomy,
          handleDegrees: 45, coilDistance: 4)
      }.contains("outside of the head"))
  }

  @Test func aMirrorIsNoTransform() {
    let mirror = Affine(rows: [[-1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]])
    #expect(
      Self.sentence { _ = try Self.transform(mirror, from: .native, to: .mni152) }
        .contains("mirrors left and right"))
    #expect(throws: Problem.self) {
      try Self.transform(
        Affine(rows: [[9, 0, 0, 0], [0, 9, 0, 0], [0, 0, 9, 0]]), from: .native, to: .mni152)
    }
  }

  /// The head stored in all 48 orders: one coil, one set of files.
  @Test func everyStorageOrderGivesOneSetOfExports() throws {
    var first: [NavigatedPoint]?
    for order in Small.storageOrders {
      let anatomy = Self.anatomy(order: order)
      let way = try wayToAnatomy(Self.record(), anatomy, transform: nil, isSameWorld: false)
      let (plan, _) = try coilPlan(
        for: Self.record(), way: way, anatomy: anatomy, handleDegrees: 45, coilDistance: 4)
      #expect(plan.side == .left && plan.name == "one-LEFT")
      #expect(plan.cortex == WorldPoint(-44, 40, 29))
      // 88 mm less the target's distance from the middle, which is √(44² + 55² + 21²).
      #expect(abs(plan.depth - (88 - 5402.0.squareRoot())) < 0.4)
      #expect(plan.pose.handleWords.contains("posterior") && plan.pose.y.x > 0)
      for points in [
        try Brainsight.read(
          try Brainsight.text(
            plan, .init(isQform: false, code: 4), .v12, program: "p", file: "f"), file: "f"
        ).points, try SimNIBSTable.read(SimNIBSTable.text(plan), file: "f"),
        try SlicerMarkups.read(SlicerMarkups.json(plan, note: "").text, file: "f"),
      ] {
        if let first {
          let d = try #require(largestDifference(first, points))
          #expect(d.millimetres < 0.01 && d.direction < 0.001, "\(order) \(d)")
        } else {
          first = points
        }
      }
    }
  }
}

import Basics
import Imaging
import Registration
import TestSupport
import Testing

/// Sides with known answers: an asymmetric head, its image in other contrast, tilted, and both in a mirror.
@Suite struct FlipCheckTests {
  /// Another contrast of a head without a scalp, tilted and shifted; mirrored in its own storage.
  static func other(_ head: Volume, isMirrored: Bool) throws -> Volume {
    let g = head.grid
    var values = head.values.map { $0 < 10 ? 0 : $0 < 50 ? 150 : 200 - $0 }
    if isMirrored {
      let stored = values
      for row in 0..<g.ny * g.nz {
        for i in 0..<g.nx { values[row * g.nx + i] = stored[row * g.nx + g.nx - 1 - i] }
      }
    }
    let tilt = Affine.turn(
      degrees: WorldPoint(11, -5, 6), about: WorldPoint(0, 0, 0), shift: WorldPoint(9, -7, 12))
    return Volume(grid: try #require(g.carried(by: tilt)), values: values)
  }

  @Test(arguments: [false, true])
  func sidesAreTold(_ isMirrored: Bool) throws {
    let head = try MadeHead.volume(scalp: true)
    let stripped = try MadeHead.volume(scalp: false)
    let found = try #require(
      try flipCheck(head, try Self.other(stripped, isMirrored: isMirrored), progress: .silent))
    #expect(found.verdict == (isMirrored ? .mirrored : .same), "\(found)")
    #expect(isMirrored ? found.margin < -3 : found.margin > 3)
    #expect(isMirrored ? found.mirrored > found.stored : found.stored > found.mirrored)
  }

  /// Of a head that is its own image in a mirror nothing can be told.
  @Test func aSymmetricHeadTellsNothing() throws {
    let made = try MadeHead.volume(scalp: false)
    let g = made.grid
    var values = made.values
    for row in 0..<g.ny * g.nz {
      for i in 0..<g.nx / 2 { values[row * g.nx + i] = made.values[row * g.nx + g.nx - 1 - i] }
    }
    let head = Volume(grid: g, values: values)
    for isMirrored in [false, true] {
      let found = try #require(
        try flipCheck(head, try Self.other(head, isMirrored: isMirrored), progress: .silent))
      #expect(found.verdict == .unknown, "\(found)")
    }
  }

  @Test func itEndsWhenItIsCancelled() throws {
    let head = try MadeHead.volume(scalp: false)
    let stop = WorkProgress(report: { _, _ in }, isCancelled: { true })
    #expect(throws: Problem.cancelled) { try flipCheck(head, head, progress: stop) }
  }
}

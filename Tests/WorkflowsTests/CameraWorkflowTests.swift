import Basics
import Foundation
import Imaging
import Perfusion
import Study
import TestSupport
import Testing
import Workflows

/// What a person asks the camera for, from an image in the world and back to it.
@Suite struct CameraWorkflowTests {
  /// One head in the world whatever the grid: a body, a hot ball on the left, a warm one right and
  /// behind, a faint one above.
  static func head(_ grid: Grid) -> Volume {
    func ball(_ w: WorldPoint, _ x: Double, _ y: Double, _ z: Double) -> Double {
      let d = w.distance(to: WorldPoint(x, y, z))
      return exp(-d * d / 200)
    }
    return Volume(
      grid: grid,
      values: (0..<grid.count).map { n in
        let w = grid.world(at: n)
        let body = pow(w.x / 72, 2) + pow((w.y + 15) / 88, 2) + pow((w.z - 10) / 60, 2) <= 1
        return Float(
          (body ? 1 : 0) + 8 * ball(w, left.x, left.y, left.z)
            + 4 * ball(w, right.x, right.y, right.z) + 3 * ball(w, above.x, above.y, above.z))
      })
  }
  static let left = WorldPoint(-42, 20, 5)
  static let right = WorldPoint(38, -55, -10)
  static let above = WorldPoint(5, -10, 46)

  /// A grid of 6 mm whose axes point along the world's in one of 48 ways, perhaps turned a little.
  static func grid(_ order: [Int], _ flips: [Bool], tilt: Double = 0) -> Grid {
    let sizes = [30.0, 36, 26]
    let middle = [0.0, -15, 10]
    var rows = [[Double]](repeating: [0, 0, 0, 0], count: 3)
    var dimensions = [0, 0, 0]
    for (axis, world) in order.enumerated() {
      dimensions[axis] = Int(sizes[world])
      rows[world][axis] = flips[axis] ? -6 : 6
    }
    // About z, then about x.
    let (c, s) = (cos(tilt), sin(tilt))
    rows = [
      rows[0].indices.map { c * rows[0][$0] - s * rows[1][$0] },
      rows[0].indices.map { s * rows[0][$0] + c * rows[1][$0] }, rows[2],
    ]
    rows = [
      rows[0], rows[0].indices.map { c * rows[1][$0] - s * rows[2][$0] },
      rows[0].indices.map { s * rows[1][$0] + c * rows[2][$0] },
    ]
    for r in 0..<3 {
      let half = (0..<3).reduce(0.0) { $0 + rows[r][$1] * Double(dimensions[$1] - 1) / 2 }
      rows[r][3] = middle[r] - half
    }
    guard
      let grid = Grid(
        dimensions: (dimensions[0], dimensions[1], dimensions[2]),
        worldFromVoxel: Affine(rows: rows))
    else { preconditionFailure("a test's own grid is valid") }
    return grid
  }

  static var settings: CameraSettings {
    var s = CameraSettings()
    (s.views, s.matrix, s.noiseSeed) = (36, 56, nil)
    return s
  }

  static func scanned(_ image: Volume, _ settings: CameraSettings) throws -> CameraScan {
    try cameraScan(
      of: image, attenuation: .head(nil, perCentimetre: 0.15), settings, fileName: "head.nii")
  }

  @Test func leftStaysLeftInAllFortyEightOrientations() throws {
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    var first: [Float] = []
    for order in orders {
      for bits in 0..<8 {
        let grid = Self.grid(order, [bits & 1 > 0, bits & 2 > 0, bits & 4 > 0])
        let scan = try Self.scanned(Self.head(grid), Self.settings)
        let out = try reconstruct(scan, .fbp(.usual))
        #expect(out.grid == grid)
        let code = grid.orientationCode
        let values = [Self.left, Self.right, Self.above].map {
          Sampler(out, .cubic).value(at: $0)
        }
        let mirrored = out.nearest(WorldPoint(42, 20, 5))
        #expect(values[0] > 1.5 * values[1] && values[0] > 2 * mirrored, "\(code)")
        if first.isEmpty { first = values }
        for (a, b) in zip(values, first) { #expect(abs(a - b) < 0.01 * b, "\(code)") }
      }
    }
  }

  @Test func everyBallComesBackToItsPlaceOnAnObliqueGrid() throws {
    for tilt in [0, 0.3, -0.5] {
      let grid = Self.grid([1, 0, 2], [true, false, true], tilt: tilt)
      let scan = try Self.scanned(Self.head(grid), Self.settings)
      for method in [
        CameraReconstruction.fbp(.usual), .osem(iterations: 2, subsets: 6, recovery: true),
      ] {
        let sampler = Sampler(try reconstruct(scan, method), .cubic)
        for (n, place) in [Self.left, Self.right, Self.above].enumerated() {
          // The highest of the neighbourhood in steps of 2 mm.
          var best = (value: -Float.infinity, at: place)
          for dx in -6...6 {
            for dy in -6...6 {
              for dz in -6...6 {
                let w = WorldPoint(
                  place.x + 2 * Double(dx), place.y + 2 * Double(dy), place.z + 2 * Double(dz))
                let v = sampler.value(at: w)
                if v > best.value { best = (v, w) }
              }
            }
          }
          #expect(
            best.at.distance(to: place) <= 4.5, "ball \(n), tilt \(tilt), \(method.title): \(best)")
        }
      }
    }
  }

  @Test func unitsComeBackWhateverTheCounts() throws {
    let image = Self.head(Self.grid([0, 1, 2], [false, false, false]))
    let middle = WorldPoint(0, -5, 0)
    for counts in [1e5, 5e6] {
      for scatter in [0, 0.3] {
        var s = Self.settings
        (s.counts, s.scatter) = (counts, scatter)
        let scan = try Self.scanned(image, s)
        #expect(abs(scan.projections.total / counts - 1) < 1e-5)
        for method in [
          CameraReconstruction.fbp(.usual), .osem(iterations: 4, subsets: 6, recovery: false),
        ] {
          let value = try reconstruct(scan, method).nearest(middle)
          #expect(abs(value - 1) < 0.12, "\(method.title), \(counts), \(scatter): \(value)")
        }
        let dark = try reconstruct(scan, .fbp(.usual), corrects: false).nearest(middle)
        #expect(dark < 0.6)
      }
    }
  }

  @Test func whatWasNotMeasuredIsNoDefect() throws {
    let grid = Self.grid([0, 1, 2], [false, false, false])
    let body = Volume(
      grid: grid,
      values: (0..<grid.count).map { n in
        let w = grid.world(at: n)
        return pow(w.x / 72, 2) + pow((w.y + 15) / 88, 2) + pow((w.z - 10) / 60, 2) <= 1 ? 1 : 0
      })
    let mask = Mask(grid: grid, origin: "m") { body.values[$0] > 0 }
    let isMissing = { (n: Int) in grid.world(at: n).z > 16 }
    let values = mask.offsets.map { isMissing(Int($0)) ? Float.nan : 1 }
    func made(_ scan: CameraScan) throws -> Volume { try reconstruct(scan, .fbp(.usual)) }
    let whole = try made(try Self.scanned(body, Self.settings))
    let scan = try cameraScan(
      of: values, in: mask, attenuation: .head(nil, perCentimetre: 0.15), Self.settings,
      fileName: "run.nii")
    let cut = try made(scan)
    #expect(cut.grid == grid)
    #expect(scan.findings.contains { $0.code == "no-data" && $0.severity == .warning })
    for (n, offset) in mask.offsets.enumerated() {
      #expect(cut.values[Int(offset)].isNaN == values[n].isNaN)
    }
    // The last slice with data is as it is in the whole head; zeros above would take a third of it.
    let last = WorldPoint(0, -15, 13)
    #expect(abs(cut.nearest(last) / whole.nearest(last) - 1) < 0.12)
    // A hole within an image of activity likewise.
    let hole = Volume(
      grid: grid,
      values: (0..<grid.count).map {
        grid.world(at: $0).distance(to: WorldPoint(0, -15, 13)) < 15 ? .nan : body.values[$0]
      })
    let holed = try Self.scanned(hole, Self.settings)
    #expect(holed.findings.contains { $0.code == "no-data" })
    let beside = WorldPoint(21, -15, 13)
    #expect(abs(try made(holed).nearest(beside) / whole.nearest(beside) - 1) < 0.12)
    #expect(try made(holed).nearest(last).isNaN)
    // Without data all around it is background.
    let bare = Volume(grid: grid, values: body.values.map { $0 == 0 ? .nan : $0 })
    #expect(try !Self.scanned(bare, Self.settings).findings.contains { $0.code == "no-data" })
  }

  @Test func theSameSeedGivesTheSameCounts() throws {
    let image = Self.head(Self.grid([0, 1, 2], [false, false, false]))
    var s = Self.settings
    s.noiseSeed = 7
    let (a, b) = (try Self.scanned(image, s), try Self.scanned(image, s))
    #expect(a.projections.values == b.projections.values)
    #expect(a.projections.values.allSatisfy { $0 == $0.rounded() })
    #expect(abs(a.projections.total - 5e6) < 5 * 5e6.squareRoot())
    s.noiseSeed = 8
    #expect(try Self.scanned(image, s).projections.values != a.projections.values)
  }

  @Test func averagingKeepsTheSumAndTheLevel() throws {
    let fine = Small.grid(60, 50, 40, spacing: (1, 1, 1.5), origin: WorldPoint(-30, -25, -30))
    let flat = Small.volume(fine) { _ in 2 }
    guard
      let coarse = Grid(
        dimensions: (20, 20, 20),
        worldFromVoxel: Affine(spacing: (4, 4, 4), origin: WorldPoint(-38, -38, -38)))
    else { return }
    let out = flat.averaged(over: coarse)
    #expect(abs(out[coarse.offset(VoxelIndex(9, 9, 9))] - 2) < 1e-5)
    #expect(out[coarse.offset(VoxelIndex(0, 0, 0))] == 0)
    let sum = out.reduce(0.0) { $0 + Double($1) } * 64
    #expect(abs(sum / (59 * 49 * 58.5 * 2) - 1) < 0.05)
  }

  @Test func whatNoCameraCanScanIsRefused() throws {
    let grid = Small.grid(12, 12, 12, spacing: (8, 8, 8), origin: WorldPoint(-44, -44, -44))
    func refused(_ image: Volume, _ change: (inout CameraSettings) -> Void = { _ in }) -> Problem? {
      var s = Self.settings
      change(&s)
      do {
        _ = try cameraScan(of: image, attenuation: .none, s, fileName: "x.nii")
        return nil
      } catch { return error }
    }
    let good = Small.volume(grid) { _ in 1 }
    #expect(refused(good) == nil)
    #expect(refused(Small.volume(grid) { _ in 0 })?.found.contains("no activity") == true)
    #expect(refused(Small.volume(grid) { $0.i < 6 ? 1 : -1 })?.found.contains("negative") == true)
    #expect(refused(good) { $0.counts = -1 }?.subject == "--counts")
    #expect(refused(good) { $0.views = 1 }?.subject == "--views")
    #expect(refused(good) { $0.radius = .infinity }?.subject == "--radius")
    #expect(refused(good) { $0.collimator = "none" }?.expected?.contains("symbia-lehr") == true)
    #expect(refused(good) { $0.scatter = -0.1 }?.subject == "--scatter")
    let narrow = try cameraScan(
      of: good, attenuation: .none,
      {
        var s = Self.settings
        s.radius = 35
        return s
      }(), fileName: "x.nii")
    #expect(narrow.findings.contains { $0.code == "outside-field" })
    // What was not seen is no data, not zero.
    let seen = try reconstruct(narrow, .fbp(.usual))
    #expect(seen[VoxelIndex(0, 0, 6)].isNaN && seen[VoxelIndex(6, 6, 6)].isFinite)
  }
}

import Basics
import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct ResamplingTests {
  let grid = Small.grid(9, 8, 7, spacing: (2, 3, 4), origin: WorldPoint(-8, -9, -12))

  @Test(arguments: Interpolation.allCases)
  func identityIsExact(_ interpolation: Interpolation) {
    let volume = Small.volume(grid) { Float($0.i * $0.i + 3 * $0.j - 2 * $0.k) }
    let same = volume.resampled(to: grid, interpolation)
    for (a, b) in zip(volume.values, same.values) { #expect(abs(a - b) < 1e-4) }
  }

  @Test func linearIsExactOnALinearFunction() {
    let volume = Small.volume(grid) { Float($0.i) + 10 * Float($0.j) - 3 * Float($0.k) }
    let sampler = Sampler(volume, .linear)
    let w = grid.worldFromVoxel.applied(3.25, 4.5, 1.75)
    #expect(abs(sampler.value(at: WorldPoint(w.0, w.1, w.2)) - (3.25 + 45 - 5.25)) < 1e-4)
  }

  /// Beside a hole a spline is of the data, and not of a 0 that stands for no data.
  @Test(arguments: [0, 1, 2]) func aHoleDoesNotRing(_ axis: Int) {
    let grid = Small.grid(20, 20, 20)
    func plane(_ p: WorldPoint) -> Float { Float(1000 + p.x + 3 * p.y + 7 * p.z) }
    let volume = Small.volume(grid) { v in
      [v.i, v.j, v.k][axis] < 4 ? .nan : plane(grid.world(v))
    }
    let sampler = Sampler(volume, .cubic)
    for n in 6..<19 {
      var at = [10.5, 9.25, 10.0]
      at[axis] = Double(n) + 0.3
      let first = grid.world(VoxelIndex(Int(at[0]), Int(at[1]), Int(at[2])))
      let next = grid.world(VoxelIndex(Int(at[0]) + 1, Int(at[1]) + 1, Int(at[2]) + 1))
      let part = at.map { $0 - $0.rounded(.down) }
      let p = WorldPoint(
        first.x + part[0] * (next.x - first.x), first.y + part[1] * (next.y - first.y),
        first.z + part[2] * (next.z - first.z))
      #expect(abs(sampler.value(at: p) - plane(p)) < 3, "\(n)")
    }
  }

  @Test func cubicReproducesACubicPolynomialInside() {
    let big = Small.grid(40, 3, 3)
    func f(_ x: Double) -> Double { 0.001 * x * x * x - 0.02 * x * x + x }
    let volume = Small.volume(big) { Float(f(Double($0.i))) }
    let sampler = Sampler(volume, .cubic)
    for x in [17.3, 20.5, 22.9] {
      #expect(abs(Double(sampler.value(at: WorldPoint(x, 1, 1))) - f(x)) < 1e-3)
    }
  }

  @Test func outsideIsNoDataNeverZero() {
    let volume = Small.volume(grid) { _ in 5 }
    #expect(Sampler(volume, .linear).value(at: WorldPoint(-8.5, 0, 0)).isNaN)
    #expect(Sampler(volume, .nearest).value(at: WorldPoint(-8.5, 0, 0)) == 5)
    #expect(Sampler(volume, .nearest).value(at: WorldPoint(-9.5, 0, 0)).isNaN)
    #expect(Sampler(volume, .cubic).value(at: WorldPoint(100, 0, 0)).isNaN)
  }

  @Test func oneMissingVoxelMakesNoDataOnlyWhereItWeighsIn() {
    let hole = VoxelIndex(4, 4, 3)
    let volume = Small.volume(grid) { $0 == hole ? .nan : 1 }
    let there = grid.world(hole)
    let neighbour = WorldPoint(there.x + 2, there.y, there.z)
    #expect(Sampler(volume, .linear).value(at: neighbour) == 1)
    #expect(Sampler(volume, .linear).value(at: WorldPoint(there.x + 1, there.y, there.z)).isNaN)
    #expect(Sampler(volume, .cubic).value(at: WorldPoint(there.x + 3, there.y, there.z)).isNaN)
  }
}

@Suite struct SmoothingTests {
  @Test func widthAtHalfMaximumIsSigmaTimesItsFactor() {
    // spect.md T1.
    #expect(abs(sigma(fromFWHM: 10) - 4.246609) < 1e-6)
  }

  @Test(arguments: [(8.0, 0.043722), (10.0, 0.022386), (12.0, 0.012955)])
  func deltaPeaksMatchTheTable(_ fwhm: Double, _ peak: Double) {
    // spect.md T2, 3 mm voxels.
    let grid = Small.grid(41, 41, 41, spacing: (3, 3, 3))
    let delta = Small.volume(grid) { $0 == VoxelIndex(20, 20, 20) ? 1 : 0 }
    let smooth = delta.smoothed(fwhm: fwhm, noData: .zero)
    #expect(abs(Double(smooth[VoxelIndex(20, 20, 20)]) - peak) < 1e-5)
    #expect(abs(smooth.values.reduce(0) { $0 + Double($1) } - 1) < 1e-5)
  }

  @Test func sixThenEightIsTen() {
    // spect.md T4.
    let grid = Small.grid(41, 41, 41, spacing: (2, 2, 2))
    let delta = Small.volume(grid) { $0 == VoxelIndex(20, 20, 20) ? 1 : 0 }
    let twice = delta.smoothed(fwhm: 6, noData: .zero).smoothed(fwhm: 8, noData: .zero)
    let once = delta.smoothed(fwhm: 10, noData: .zero)
    let top = once.range?.high ?? 1
    for (a, b) in zip(twice.values, once.values) { #expect(abs(a - b) / top < 1e-3) }
  }

  @Test func constantStaysConstantAroundHolesAndEdges() {
    let grid = Small.grid(12, 12, 12)
    let volume = Small.volume(grid) { $0.i == 3 && $0.j == 4 ? .nan : 7 }
    let smooth = volume.smoothed(fwhm: 4)
    for (a, b) in zip(volume.values, smooth.values) {
      #expect(a.isNaN ? b.isNaN : abs(b - 7) < 1e-4)
    }
    let whole = Small.volume(grid) { _ in 7 }.smoothed(fwhm: 4)
    #expect(whole.values.allSatisfy { abs($0 - 7) < 1e-4 })
  }

  @Test func maskFromAMeanIsTheLargestPieceWithoutHoles() throws {
    let grid = Small.grid(20, 20, 20)
    let volume = Small.volume(grid) { v in
      let d = WorldPoint(Double(v.i), Double(v.j), Double(v.k)).distance(to: WorldPoint(9, 9, 9))
      if d < 2 { return 0 }
      if d < 7 { return 100 }
      return v == VoxelIndex(19, 19, 19) ? 100 : 1
    }
    let mask = try #require(Mask.derived(from: volume))
    #expect(mask.contains(VoxelIndex(9, 9, 9)))
    #expect(!mask.contains(VoxelIndex(19, 19, 19)))
    #expect(mask.origin == "DERIVED")
  }
}

@Suite struct WordingTests {
  @Test func aProblemNamesFileCauseExpectationAndRemedy() {
    let problem = Problem(
      .data, "rest.nii.gz", "it has 3 dimensions", expected: "4", remedy: "Use --anat")
    #expect(problem.sentence == "'rest.nii.gz': it has 3 dimensions; expected 4. Use --anat.")
  }

  @Test func controlCharactersBecomeVisible() {
    #expect(
      visibleText("a\u{1b}[31mb\u{9b}c\u{202e}d\n") == "a\\u{1b}[31mb\\u{9b}c\\u{202e}d\\u{a}")
    #expect(visibleText(String(repeating: "x", count: 300)).count == 201)
  }

  @Test(arguments: [
    (1.25, 1, "1.3"), (-0.04, 1, "0.0"), (-12.345, 2, "−12.35"), (.nan, 1, "–"), (7, 0, "7"),
  ])
  func numbersHaveFixedDecimals(_ value: Double, _ decimals: Int, _ text: String) {
    #expect(fixed(value, decimals) == text)
  }

  @Test func jsonKeepsOrderAndWritesNull() {
    let json = JSON.object([("b", .null), ("a", .numbers([1, .nan])), ("s", .string("x\"\u{1b}"))])
    #expect(
      json.text == "{\n  \"b\": null,\n  \"a\": [1.0, null],\n  \"s\": \"x\\\"\\u001b\"\n}")
  }
}

@Suite struct LikenessTests {
  /// A head with a bright spot and a dark one, and a second image of it in other values.
  static func head(_ value: @Sendable (Int) -> Float) -> Volume {
    let grid = Small.grid(30, 32, 28, spacing: (4, 4, 4), origin: WorldPoint(-58, -62, -54))
    return Small.volume(grid) { v in
      let w = grid.world(v)
      let r = w.distance(to: WorldPoint(0, 0, 0))
      let inside = r < 50
      let spot = w.distance(to: WorldPoint(-20, 10, 5)) < 14
      let dark = w.distance(to: WorldPoint(15, -20, -10)) < 12
      return value(inside ? (spot ? 2 : dark ? 3 : 1) : 0)
    }
  }

  @Test func anImageIsMostLikeItselfWhereItLies() {
    let a = Self.head { [0, 100, 200, 40][$0] }
    let b = Self.head { [10, 50, 20, 90][$0] }
    let meter = LikenessMeter(fixed: a, moving: b)
    let here = meter.likeness(.identity)
    #expect(here.nmi > 1.5 && here.overlap == 1)
    for shift in [4.0, 8, 16] {
      for axis in 0..<3 {
        for sign in [-1.0, 1] {
          var rows = Affine.identity.rows
          rows[axis][3] = sign * shift
          #expect(meter.likeness(Affine(rows: rows)).nmi < here.nmi - 0.02)
        }
      }
    }
    // Of what is pushed out of the field the overlap knows.
    let far = meter.likeness(
      Affine(rows: [[1, 0, 0, 70], [0, 1, 0, 0], [0, 0, 1, 0]]))
    #expect(far.overlap < 0.6 && far.nmi < here.nmi)
    let centre = meter.brightCentre
    #expect((centre?.distance(to: WorldPoint(0, 0, 0)) ?? 99) < 6)
  }
}

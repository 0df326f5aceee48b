import Basics
import ImageFiles
import Imaging
import Registration
import TestSupport
import Testing

/// A head that is made up: a brain of two kinds of matter, liquor, skull, and a scalp where it has one.
enum MadeHead {
  static func volume(scalp: Bool, scale: Double = 1, spacing: Double = 3) throws -> Volume {
    let n = Int(240 / spacing)
    let grid = try #require(
      Grid(
        dimensions: (n, n, n),
        worldFromVoxel: Affine(
          spacing: (spacing, spacing, spacing), origin: WorldPoint(-119, -119, -119))))
    func shell(_ p: WorldPoint, _ more: Double) -> Double {
      let (a, b, c) = (scale * 68 + more, scale * 84 + more, scale * 64 + more)
      return p.x * p.x / (a * a) + p.y * p.y / (b * b) + p.z * p.z / (c * c)
    }
    return Volume(
      grid: grid,
      values: (0..<grid.count).map { offset in
        let p = grid.world(at: offset)
        if shell(p, 0) < 1 {
          // Asymmetric: a horn on the left, a brighter spot on the right.
          if p.distance(to: WorldPoint(-20, -25, 5)) < 16 { return 25 }
          if p.distance(to: WorldPoint(35, 30, 10)) < 14 { return 60 }
          return shell(p, -14) < 1 ? 110 : 75
        }
        if scalp, shell(p, 10) > 1, shell(p, 18) < 1 { return 120 }
        return 4
      })
  }
}

/// Where the brain is, whether a skull is around it, and how two brains lie on each other.
@Suite struct BrainTests {
  @Test(arguments: [true, false])
  func theBrainIsFoundAndTheSkullIsSeen(_ scalp: Bool) throws {
    let brain = try #require(BrainFinder.brain(of: try MadeHead.volume(scalp: scalp)))
    #expect(brain.kind == (scalp ? .wholeHead : .brainOnly))
    // 4/3 π 68 · 84 · 64 mm³.
    #expect(abs(brain.millilitres / 1531 - 1) < 0.12, "\(brain.millilitres)")
    #expect(brain.mask.centre.distance(to: WorldPoint(0, 0, 0)) < 4)
  }

  @Test func nothingIsNoBrain() throws {
    let grid = try #require(
      Grid(
        dimensions: (40, 40, 40),
        worldFromVoxel: Affine(spacing: (5, 5, 5), origin: WorldPoint(0, 0, 0))))
    #expect(BrainFinder.brain(of: Small.volume(grid) { _ in 7 }) == nil)
    #expect(BrainFinder.brain(of: Small.volume(grid) { _ in .nan }) == nil)
    #expect(BrainFinder.brain(of: Small.volume(grid) { $0.i == 20 ? 9 : 0 }) == nil)
  }

  @Test func surfacesAreApartAsFarAsTheyAre() throws {
    let head = try MadeHead.volume(scalp: false)
    let brain = try #require(BrainFinder.brain(of: head))
    let surface = BrainSurface(brain.mask, field: head.grid)
    func fit(_ map: Affine) throws -> BrainFit {
      try #require(BrainFit(moving: surface, fixed: surface, map))
    }
    #expect(try fit(.identity).meanMillimetres < 0.7)
    // A shift by s moves a surface by s |cos|: half of it on average over all directions.
    let shifted = try fit(Affine(spacing: (1, 1, 1), origin: WorldPoint(12, 0, 0)))
    #expect(abs(shifted.meanMillimetres - 6) < 1.2, "\(shifted)")
    // A brain of 0.85 in each direction is 0.61 of the volume.
    let small = try fit(Affine(spacing: (0.85, 0.85, 0.85), origin: WorldPoint(0, 0, 0)))
    #expect(abs(small.volumeRatio - 0.61) < 0.12, "\(small)")
  }

  /// What no human head needs is refused, and what lays a skull on a brain.
  @Test func impossibleMapsAreRefused() throws {
    let head = RegistrationInput(name: "head.nii", volume: try MadeHead.volume(scalp: true))
    let brain = RegistrationInput(
      name: "brain.nii", volume: try MadeHead.volume(scalp: false), isTemplate: true)
    func refusal(_ map: Affine) -> String? {
      do throws(Problem) {
        _ = try plausible(map, moving: head, fixed: brain)
        return nil
      } catch { return error.kind == .data ? error.sentence : "another kind" }
    }
    #expect(refusal(.identity) == nil)
    let none = WorldPoint(0, 0, 0)
    // The skull is a fifth larger than the brain that it is laid on.
    let skull = refusal(Affine(spacing: (0.81, 0.84, 0.8), origin: none))
    #expect(skull?.contains("determinant") == true, "\(skull ?? "nil")")
    #expect(
      refusal(Affine(spacing: (0.97, 0.97, 0.97), origin: none))?.contains("determinant") == nil)
    #expect(refusal(Affine(spacing: (1.3, 0.92, 0.9), origin: none))?.contains("stretches") == true)
    #expect(
      refusal(Affine(rows: [[1, 0.3, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]))?.contains("shears")
        == true)
    #expect(refusal(.turn(degrees: WorldPoint(0, 0, 180), about: none))?.contains("turns") == true)
    #expect(
      refusal(Affine(spacing: (1, 1, 1), origin: WorldPoint(20, 14, -10)))?.contains("apart")
        == true)
  }
}

/// Brains of real heads, and what is laid wrongly on them.
@Suite struct RealBrainTests {
  private func coarse(_ name: String) throws -> Volume {
    let volume = try ImageReader.readVolume("/usr/share/mricron/templates/" + name).volume
    let grid = try #require(volume.grid.upright(spacing: 2))
    let out = volume.smoothed(fwhm: 1.5).resampled(to: grid, .linear)
    return Volume(grid: grid, values: out.values.map { $0.isFinite ? $0 : 0 })
  }

  /// Of a bare brain one corner of the surface is torn out by centimetres: what the rest encloses is the brain.
  @Test func aTornCornerHidesNoBrain() throws {
    let (head, brain) = (try coarse("ch2.nii.gz"), try coarse("ch2bet.nii.gz"))
    let found = try #require(BrainFinder.brain(of: brain))
    #expect(found.kind == .brainOnly && (1500...2000).contains(found.millilitres))
    let inputs = (
      RegistrationInput(name: "head", volume: head), RegistrationInput(name: "brain", volume: brain)
    )
    let right = try plausible(.identity, moving: inputs.0, fixed: inputs.1)
    let fit = try #require(right.fit)
    #expect(fit.meanMillimetres < 4, "\(fit.meanMillimetres)")
    let shifted = Affine(spacing: (1, 1, 1), origin: WorldPoint(14, 8, -10))
    let refusal = try #require(throws: Problem.self) {
      try plausible(shifted, moving: inputs.0, fixed: inputs.1)
    }
    #expect(refusal.sentence.contains("mm apart on average"), "\(refusal.sentence)")
  }
}

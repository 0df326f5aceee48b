import Basics
import Glibc
import Imaging
import Perfusion
import TestSupport
import Testing

@Suite struct LossesTests {
  let grid = Small.grid(60, 30, 30, spacing: (3, 3, 3), origin: WorldPoint(-88.5, -43.5, -43.5))

  func averaging(_ fwhm: Double) -> Averaging {
    Averaging(targetFWHM: fwhm, nativeFWHM: 3, grid: grid)
  }

  var mask: Mask { Mask(grid: grid, origin: "all") { _ in true } }

  func blob(_ at: WorldPoint, _ width: Double, _ height: Double) -> (WorldPoint) -> Double {
    { p in
      let d = p.distance(to: at)
      return height * exp(-4 * log(2) * d * d / (width * width))
    }
  }

  @Test func resolutionElementsAndEvents() throws {
    let window = try TimeWindow(
      frameCount: 900, repetitionTimeSeconds: 1, requestedSeconds: 900)
    let l = Losses(averaging: averaging(10), window: window, mask: mask)
    // 1.5: 37 times fewer from 3 to 10 mm, 64 to 12.
    #expect(abs(l.elementRatio - 37.04) < 0.01)
    #expect(
      abs(Losses(averaging: averaging(12), window: window, mask: mask).elementRatio - 64) < 1e-9)
    #expect(abs(l.elementsAfter - Double(grid.count) * 27 / 1000) < 1e-6)
    #expect(abs(l.recovery(ofSphere: 10) - 0.2912) < 1e-4)
    #expect(abs(l.dilution(ofSeconds: 60) - 1.0 / 15) < 1e-12)
    // A run that is coarser already loses nothing more along that axis.
    let coarse = Losses(
      averaging: Averaging(targetFWHM: 8, nativeFWHM: 9, grid: grid), window: window, mask: mask)
    #expect(abs(coarse.elementRatio - 1) < 1e-12)
  }

  @Test func fineStructureGoesAndCoarseStays() {
    // A grating of period P keeps exp(−2π²s²/P²) of its amplitude; right it is fine, left coarse.
    let m = mask
    let before = m.offsets.map { offset -> Float in
      let x = grid.world(at: Int(offset)).x
      return Float(sin(2 * Double.pi * x / (x < 0 ? 60 : 15)))
    }
    let a = Averaging(targetFWHM: 10, nativeFWHM: 0, grid: grid)
    let kept = ContrastKept(before: before, kernel: a.kernelFWHM, in: m)
    let s = sigma(fromFWHM: 10)
    func at(_ x: Double) -> Double {
      Double(m.volume(kept.kept).nearest(WorldPoint(x, 0, 0)))
    }
    let fine = exp(-2 * Double.pi * Double.pi * s * s / (15 * 15))
    let coarse = exp(-2 * Double.pi * Double.pi * s * s / (60 * 60))
    #expect(abs(at(45) - fine) < 0.03)
    #expect(abs(at(-45) - coarse) < 0.05)
    #expect(abs(Double(kept.lost.nearest(WorldPoint(45, 0, 0))) - (1 - at(45))) < 1e-6)
    let flat = ContrastKept(before: before.map { _ in 4 }, kernel: (10, 10, 10), in: m)
    #expect(flat.kept.allSatisfy(\.isNaN) && flat.median.isNaN)
  }

  /// A brain on a level of 1000 whose edge falls to nothing: that edge is no contrast of the brain's.
  @Test func moreBlurNeverKeepsMore() {
    let ball = Mask(grid: grid, origin: "ball") { offset in
      self.grid.world(at: offset).distance(to: WorldPoint(0, 0, 0)) < 42
    }
    var generator = SeededGenerator(seed: 3)
    let noise = Volume(
      grid: grid, values: (0..<grid.count).map { _ in Float(generator.uniform()) }
    ).smoothed(fwhm: 6, noData: .zero)
    let before = ball.offsets.map { offset -> Float in
      let w = grid.world(at: Int(offset))
      return 1000 + 400 * noise.values[Int(offset)] + (w.x < 0 ? 150 : 0)
    }
    var last = 1.0
    for fwhm in [0.0, 4, 6, 8, 10, 12, 16, 20, 30] {
      let kept = ContrastKept(before: before, kernel: (fwhm, fwhm, fwhm), in: ball)
      #expect(kept.median <= last + 1e-6, "\(fwhm)")
      #expect(kept.kept.allSatisfy { $0.isNaN || (0...1).contains($0) })
      last = kept.median
      if fwhm == 0 { #expect(abs(kept.median - 1) < 1e-3) }
    }
    #expect(last < 0.5)
  }

  @Test func peaksMergeAndMove() {
    let m = mask
    // Two foci 18 mm apart, the right one weaker, and one far away and negative.
    let parts = [
      blob(WorldPoint(1.5, 1.5, 1.5), 12, 1), blob(WorldPoint(19.5, 1.5, 1.5), 12, 0.7),
      blob(WorldPoint(-61.5, 1.5, 1.5), 12, -0.8),
    ]
    let map = m.offsets.map { offset -> Float in
      let p = grid.world(at: Int(offset))
      return Float(parts.reduce(0) { $0 + $1(p) })
    }
    let a = Averaging(targetFWHM: 24, nativeFWHM: 3, grid: grid)
    let shifts = peakShifts(
      of: map, seenAs: a.applied(to: map, in: m), in: m, count: 3, apart: 10,
      name: { p, _ in p.x < -30 ? "far" : "" })
    #expect(shifts.count == 3)
    #expect(shifts[0].from == WorldPoint(1.5, 1.5, 1.5) && shifts[0].mergedWith == nil)
    #expect(shifts[1].from == WorldPoint(-61.5, 1.5, 1.5) && shifts[1].value < 0)
    #expect(shifts[1].distance < 0.1 && shifts[1].blurredValue < 0 && shifts[1].name == "far")
    #expect(shifts[2].from == WorldPoint(19.5, 1.5, 1.5) && shifts[2].mergedWith == 0)
    #expect(shifts[2].distance > 9 && shifts[0].distance > 1)
    // Where each group's own peak is followed, the strongest voxel of the group is it.
    let groups = m.offsets.map { grid.world(at: Int($0)).x > 12 ? Int32(7) : 0 }
    let one = peakShifts(of: map, seenAs: map, in: m, groups: groups, name: { _, g in "n\(g)" })
    #expect(one.count == 1 && one[0].name == "n7")
    #expect(one[0].from.distance(to: WorldPoint(19.5, 1.5, 1.5)) < 5)
  }

  @Test func thingsAreSaidInWords() {
    let a = Averaging(targetFWHM: 10, native: NativeBlur(given: 5))
    #expect(a.nativeWords == "own 5 mm (given)")
    #expect(
      simulatedBanner(proxy: "ASL CBF", source: "ASL", fwhm: 10, time: "none, one map")
        == "SIMULATED FROM ASL (proxy=ASL CBF, FWHM=10 mm, T=none, one map) – NOT A PERFUSION MEASUREMENT"
    )
    #expect(!BlurredSenses.difference.isEmpty)
  }
}

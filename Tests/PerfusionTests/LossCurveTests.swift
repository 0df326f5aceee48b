import Basics
import Glibc
import Imaging
import Perfusion
import TestSupport
import Testing

/// What cameras of rising width keep, and the words for a width that is not reached.
@Suite struct LossCurveTests {
  static let grid = Small.grid(
    40, 40, 36, spacing: (3, 3, 3), origin: WorldPoint(-58.5, -58.5, -52.5))
  static let mask = Mask(grid: grid, origin: "ball") {
    grid.world(at: $0).distance(to: WorldPoint(0, 0, 0)) < 52
  }

  /// Shells like cortex, spheres like nuclei, and a grating of several periods.
  static let phantoms: [(name: String, value: @Sendable (WorldPoint) -> Double)] = [
    (
      "folded sheet",
      { p in
        let r = p.distance(to: WorldPoint(0, 0, 0))
        return abs(r - 40 - 5 * sin(p.x / 4) * cos(p.y / 5)) < 2 ? 80 : r < 38 ? 20 : 0
      }
    ),
    (
      "spheres",
      { p in
        let centres = [(-22.0, 6.0), (-8, 10), (10, 16), (28, 24)]
        return centres.contains { p.distance(to: WorldPoint($0.0, 0, 0)) < $0.1 / 2 } ? 80 : 20
      }
    ),
    ("grating", { p in 50 + 20 * sin(p.x / 1.5) + 15 * sin(p.y / 4) + 10 * sin(p.z / 9) }),
  ]

  @Test(arguments: phantoms.indices)
  func keptNeverRisesNorPassesAll(phantom: Int) throws {
    let (name, value) = Self.phantoms[phantom]
    let before = Self.mask.offsets.map { Float(value(Self.grid.world(at: Int($0)))) }
    let window = try TimeWindow(frameCount: 1, repetitionTimeSeconds: nil, requestedSeconds: nil)
    let widths = [2.0, 4, 5.4, 6, 8, 10, 12, 16, 20, 30]
    let curve = try LossCurve(
      of: before, widths: widths, Averaging(targetFWHM: 10, native: NativeBlur(given: 5)), window,
      in: Self.mask)
    #expect(curve.points.map(\.targetFWHM) == widths)
    let kept = curve.points.map(\.contrastKept)
    #expect(abs(kept[0] - 1) < 1e-3 && abs(kept[1] - 1) < 1e-3, "\(name)")
    for (wide, narrow) in zip(kept.dropFirst(), kept) {
      #expect(wide <= narrow + 1e-6, "\(name) \(kept)")
    }
    #expect(kept.allSatisfy { (0...1 + 1e-6).contains($0) } && kept[9] < 0.6, "\(name) \(kept)")
  }

  @Test func aWidthBelowTheOwnIsSaidToStay() {
    func words(_ target: Double, _ native: NativeBlur) -> String {
      Averaging(targetFWHM: target, native: native).reachedWords
    }
    #expect(words(2, NativeBlur(given: 5.4)) == "stays 5.4 mm")
    #expect(words(5, NativeBlur(given: 5.4)) == "stays 5.4 mm")
    #expect(words(10, NativeBlur(given: 5.4)) == "10 mm")
    let long = Small.grid(4, 4, 4, spacing: (3, 3, 6))
    #expect(words(4, NativeBlur(voxelsOf: long)) == "4 mm, stays 6 mm along k")
    #expect(words(2, NativeBlur(voxelsOf: long)) == "stays 3 × 3 × 6 mm")
  }
}

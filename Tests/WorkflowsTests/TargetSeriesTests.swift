import Basics
import Connectivity
import Imaging
import Study
import TestSupport
import Testing
import Workflows

@Suite struct TargetSeriesTests {
  /// What a cohort cleaned already is taken, and gives to the last bit what cleaning it anew gives.
  @Test func aCleanedRunIsNotCleanedAgain() throws {
    let grid = Small.grid(8, 8, 8, spacing: (4, 4, 4), origin: WorldPoint(-16, -16, -16))
    let mask = Mask(grid: grid, origin: "t") { _ in true }
    var noise = SeededGenerator(seed: 3)
    let values = (0..<grid.count * 90).map { _ in Float(1000 + 10 * noise.normal()) }
    let run = Run(
      mask: mask, frameCount: 90, repetitionTimeSeconds: 2, samples: SampleStore(floats: values),
      mean: Volume(grid: grid, values: [Float](repeating: 1000, count: grid.count)))
    let prepared = PreparedRun(run: run, denoising: Denoising(), quality: RunQuality(nil))
    let known = try prepared.cleaned()
    let anew = try TargetSeries([prepared], smoothingFWHM: 4)
    let shared = try TargetSeries([prepared], smoothingFWHM: 4, known: known)
    let places = Array(0..<mask.count)
    for (a, b) in [(anew.kept, shared.kept), (anew.removed, shared.removed)] {
      #expect(a.denoising == b.denoising)
      #expect(a.unitCoordinates(of: places) == b.unitCoordinates(of: places))
      #expect(a.norms == b.norms)
    }
    // One that was cleaned otherwise is not taken.
    var other = prepared
    other.denoising.polort = 1
    let wrong = try TargetSeries([prepared], smoothingFWHM: 4, known: try other.cleaned())
    #expect(wrong.kept.degreesOfFreedom == anew.kept.degreesOfFreedom)
  }
}

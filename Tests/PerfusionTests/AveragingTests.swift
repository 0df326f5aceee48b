import Basics
import Imaging
import Perfusion
import TestSupport
import Testing

@Suite struct AveragingTests {
  let grid = Small.grid(21, 21, 21, spacing: (3, 3, 4))

  @Test func theKernelIsWhatIsMissing() {
    // spect.md T11: 5 mm native, 10 mm target.
    let a = Averaging(targetFWHM: 10, nativeFWHM: 5, grid: grid)
    #expect(abs(a.kernelFWHM.0 - 8.660254) < 1e-6)
    #expect(Averaging(targetFWHM: 4, nativeFWHM: 5, grid: grid).kernelFWHM.0 == 0)
    #expect(Averaging(targetFWHM: 4, nativeFWHM: 5, grid: grid).isCoarserThanTarget)
    let voxel = Averaging(targetFWHM: 10, nativeFWHM: nil, grid: grid)
    #expect(abs(voxel.kernelFWHM.2 - 84.0.squareRoot()) < 1e-9)
    #expect(voxel.nativeOrigin.contains("not measured"))
  }

  @Test func airCountsAsZeroAndTheOutsideStaysNaN() {
    let mask = Mask(grid: grid, origin: "half") { grid.index(at: $0).i < 10 }
    let a = Averaging(targetFWHM: 12, nativeFWHM: 0, grid: grid)
    let out = a.applied(to: [Float](repeating: 1, count: mask.count), in: mask)
    let volume = mask.volume(out)
    #expect(volume[VoxelIndex(15, 10, 10)].isNaN)
    // At the flat edge of a half-space the rest of the kernel meets zeros.
    #expect(volume[VoxelIndex(9, 10, 10)] < 0.65)
    // Where the image ends in it, nobody knows what comes after.
    #expect(abs(volume[VoxelIndex(0, 10, 10)] - 1) < 1e-5)
    #expect(volume[VoxelIndex(4, 10, 10)] > 0.9)
  }

  @Test func windowsInTime() throws {
    let whole = try TimeWindow(
      frameCount: 260, repetitionTimeSeconds: 1.5, requestedSeconds: nil)
    #expect(whole.frames == 0..<260 && whole.seconds == 390)
    let long = try TimeWindow(frameCount: 1200, repetitionTimeSeconds: 1, requestedSeconds: nil)
    #expect(long.frames == 0..<900)
    let short = try TimeWindow(frameCount: 100, repetitionTimeSeconds: 2, requestedSeconds: 60)
    #expect(short.frames == 0..<30)
    let asked = try TimeWindow(frameCount: 100, repetitionTimeSeconds: 2, requestedSeconds: 900)
    #expect(asked.note.contains("shorter"))
    #expect(throws: Problem.self) {
      try TimeWindow(frameCount: 100, repetitionTimeSeconds: nil, requestedSeconds: 60)
    }
    for nonsense in [1, 0, -5, Double.nan, .infinity] {
      #expect(throws: Problem.self) {
        try TimeWindow(frameCount: 100, repetitionTimeSeconds: 2, requestedSeconds: nonsense)
      }
    }
    #expect(
      try TimeWindow(frameCount: 9, repetitionTimeSeconds: 2, requestedSeconds: 1e300).frames
        == 0..<9)
  }

  @Test func theReferenceIsAHundredPerCent() throws {
    let image = Small.volume(grid) { $0.i < 5 ? 50 : $0.i == 20 ? .nan : 150 }
    let reference = Mask(grid: grid, origin: "r") { grid.index(at: $0).i < 5 }
    let uptake = try Uptake(image, reference: reference, name: "r")
    #expect(uptake.referenceMean == 50)
    #expect(uptake.percent[VoxelIndex(3, 3, 3)] == 100)
    #expect(uptake.percent[VoxelIndex(12, 3, 3)] == 300)
    let nothing = Mask(grid: grid, origin: "n") { grid.index(at: $0).i == 20 }
    #expect(throws: Problem.self) { try Uptake(image, reference: nothing, name: "n") }
  }

  @Test func asymmetrySwapsItsSign() {
    // spect.md T30.
    #expect(abs(asymmetryIndex(left: 90, right: 110) + 20) < 1e-12)
    #expect(abs(asymmetryIndex(left: 110, right: 90) - 20) < 1e-12)
  }

  @Test func standardisedDifferenceIgnoresUnits() {
    let a: [Float] = [1, 2, 3, 4, .nan, 9]
    let b = a.map { $0 * 100 + 7 }
    let d = standardisedDifference(a, b)
    for (n, v) in d.enumerated() { #expect(n == 4 ? v.isNaN : abs(v) < 1e-5) }
  }

  @Test func theBannerSaysSimulated() {
    let text = simulatedBanner(proxy: "mean", fwhm: 10, seconds: 390)
    #expect(
      text
        == "SIMULATED FROM rsfMRI (proxy=mean, FWHM=10 mm, T=390 s) – NOT A PERFUSION MEASUREMENT")
  }
}

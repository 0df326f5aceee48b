import Basics
import Imaging
import TestSupport
import Testing

@Suite struct FrameFaultTests {
  /// Noise about 1000 in 6 × 6 × 6 voxels.
  private func noise(_ count: Int, _ change: (_ t: Int, _ values: inout [[Float]]) -> Void) -> Run {
    var generator = SeededGenerator(seed: 3)
    let grid = Small.grid(6, 6, 6)
    var frames: [[Float]] = []
    for t in 0..<count {
      frames.append(
        (0..<grid.count).map { _ in 1000 + Float(Int.random(in: -20...20, using: &generator)) })
      change(t, &frames)
    }
    let mask = Mask(grid: grid, origin: "all") { _ in true }
    return Run(
      mask: mask, frameCount: count, repetitionTimeSeconds: 2,
      samples: SampleStore(floats: frames.flatMap { $0 }),
      mean: Volume(grid: grid, values: [Float](repeating: 1000, count: grid.count)))
  }

  @Test func aQuietRunHasNone() {
    let faults = noise(60) { _, _ in }.faults
    #expect(faults.unusable.isEmpty && faults.jumps.isEmpty)
    #expect(faults.findings(frameCount: 60).isEmpty)
  }

  @Test func blankRepeatedAndJumpingFramesAreFound() {
    let faults = noise(60) { t, frames in
      if t == 10 { frames[t] = [Float](repeating: 0, count: 216) }
      if t == 20 || t == 21 { frames[t] = frames[t - 1] }
      if t == 40 { frames[t] = frames[t].map { 2 * $0 } }
    }.faults
    #expect(faults.blank == [10] && faults.repeated == [20, 21])
    #expect(faults.unusable == [10, 20, 21])
    // There and back.
    #expect(faults.jumps.map(\.frame) == [40, 41])
    let told = faults.findings(frameCount: 60)
    #expect(told.map(\.code) == ["blank-frames", "repeated-frames", "frame-jumps"])
    #expect(told[0].text.contains("1 of 60 frames") && told[0].text.contains("frame 10"))
    #expect(told.allSatisfy { $0.severity == .warning })
  }

  /// A stretch that comes again was not measured twice, however far it lies from the first.
  @Test func aStretchThatComesAgainIsFound() {
    let faults = noise(60) { t, frames in if t >= 40 { frames[t] = frames[t - 40] } }.faults
    #expect(faults.repeated == Array(40..<60) && !faults.isStill)
    #expect(faults.findings(frameCount: 60)[0].text.contains("20 of 60 frames repeat an earlier"))
  }

  /// A mean over time is that of the frames that hold a picture.
  @Test func meansLeaveBlankFramesOut() {
    let run = noise(20) { t, frames in
      frames[t] = frames[t].map { _ in 0 }
      if t != 4 {
        for v in frames[t].indices {
          frames[t][v] = 10 + Float(v % 3) + Float(t % 2) + (v == 5 ? Float(t) : 0)
        }
      }
    }
    #expect(run.faults.blank == [4])
    let mean = run.mean(of: 0..<20)
    // Ten odd frames hold one more, nine even ones are left.
    #expect(abs(Double(mean[0]) - (10 + 10.0 / 19)) < 1e-5, "\(mean[0])")
  }

  /// A step that stays, a last frame and one behind a gap.
  @Test func jumpsThatDoNotComeBackAreFound() {
    let faults = noise(60) { t, frames in
      if t >= 30 { frames[t] = frames[t].map { $0 + 200 } }
      if t == 49 { frames[t] = [Float](repeating: 0, count: 216) }
      if t == 50 || t == 59 { frames[t] = frames[t].map { 1.3 * $0 } }
    }.faults
    #expect(faults.blank == [49] && faults.jumps.map(\.frame) == [30, 50, 51, 59])
  }

  /// A few voxels are no picture: one seed's series may well repeat a value.
  @Test func aHandfulOfVoxelsIsNoPicture() {
    let grid = Small.grid(2, 2, 2)
    let run = Run(
      mask: Mask(grid: grid, origin: "all") { _ in true }, frameCount: 10, repetitionTimeSeconds: 2,
      samples: SampleStore(floats: [Float](repeating: 5, count: 80)),
      mean: Volume(grid: grid, values: [Float](repeating: 5, count: 8)))
    #expect(run.faults == FrameFaults())
  }
}

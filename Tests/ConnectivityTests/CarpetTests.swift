import Connectivity
import Imaging
import TestSupport
import Testing

/// The carpet shows a rise as a rise.
@Suite struct CarpetTests {
  @Test func aFrameAboveTheRestIsPositiveInEveryRow() throws {
    let run = Small.run(Small.grid(5, 4, 3), frames: 60, tr: 2) { t, v in
      let noise = Float((t * 37 + v * 101) % 17) / 17
      return 100 + noise + (t == 20 ? 9 : 0) - (t == 41 ? 9 : 0)
    }
    let carpet = try run.carpet(rows: 10)
    #expect(carpet.frameCount == 60)
    for row in 0..<carpet.rowCount {
      #expect(carpet.value(row, 20) > 3)
      #expect(carpet.value(row, 41) < -3)
      #expect(abs(carpet.value(row, 5)) < 1)
    }
  }
}

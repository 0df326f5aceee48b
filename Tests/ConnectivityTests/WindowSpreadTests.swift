import Basics
import Connectivity
import Glibc
import Imaging
import TestSupport
import Testing

/// spect.md T16 and the table of 4.5: how much correlation of unrelated series a window shows.
@Suite struct WindowSpreadTests {
  @Test func windowsOfUnrelatedSeries() throws {
    // 60 unrelated series of an hour, white noise kept between 0.01 and 0.10 Hz, TR 2 s.
    let grid = Small.grid(10, 6, 1)
    var generator = SeededGenerator(seed: 11)
    let run = Small.run(grid, frames: 1800, tr: 2) { _, _ in
      Float(
        (-2 * log(1 - generator.uniform())).squareRoot()
          * cos(2 * Double.pi * generator.uniform()))
    }
    let reduced = try ReducedSeries(run, Denoising(polort: 0, bandHertz: 0.01...0.10))
    for (seconds, measured) in [
      (60.0, 0.322), (100, 0.242), (120, 0.219), (300, 0.138), (600, 0.096), (900, 0.079),
    ] {
      let frames = Int(seconds / 2)
      var (sum, count) = (0.0, 0)
      for v in 0..<30 {
        let movie = try reduced.windowedMaps(
          .region(offsets: [Int32(v)], name: "one"),
          .rectangular(frames: frames, step: max(1, frames / 2)))
        for map in movie.maps {
          for w in v + 1..<grid.count {
            let z = fisherZ(Double(map[w]))
            sum += z * z
            count += 1
          }
        }
      }
      let sd = (sum / Double(count)).squareRoot()
      #expect(abs(sd / measured - 1) < 0.10, "\(seconds) s: \(sd)")
    }
  }
}

import Basics
import Connectivity
import Foundation
import Study
import TestSupport
import Testing

/// What a list says is kept of a run is what the same rule leaves when the run is cleaned.
@Suite struct KeptMinutesTests {
  @Test func theListCountsAsCensoringDoes() throws {
    try withTemporaryFolder { folder in
      var random = SeededGenerator(seed: 3)
      for n in 0..<40 {
        let frames = 60
        let dropped = n % 4
        let moved = (0..<frames).map { t -> Double in
          let isStill = Int.random(in: 0..<6, using: &random) > 0
          let millimetres = Double.random(in: 0..<(isStill ? 0.5 : 2), using: &random)
          return t == 0 ? .nan : millimetres
        }
        var lines = ["trans_x\tframewise_displacement\tnon_steady_state_outlier00\tcsf"]
        for t in 0..<frames {
          lines.append("0\t\(t == 0 ? "n/a" : "\(moved[t])")\t\(t == dropped - 1 ? 1.0 : 0.0)\t1")
        }
        let path = folder + "/c.tsv"
        try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
        let table = try Confounds(tsv: lines.joined(separator: "\n"), file: "c.tsv")
        let left = Censoring(displacementMillimetres: RunFacts.keptBelowMillimetres).frames(
          displacement: moved, dvars: nil, droppedFrames: table.nonSteadyFrames)
        let found = try #require(try RunFacts.motion(in: path))
        #expect(table.nonSteadyFrames == dropped)
        #expect(found.keptShare == Double(frames - dropped - left.count) / Double(frames))
      }
    }
  }
}

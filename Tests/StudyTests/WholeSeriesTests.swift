import Basics
import Foundation
import ImageFiles
import Imaging
import Study
import TestSupport
import Testing

/// A series is another one's copy only where all its frames are.
@Suite struct WholeSeriesTests {
  @Test func theFirstFrameAloneProvesNothing() throws {
    try withTemporaryFolder { folder in
      try Data(SmallDICOM.source()).write(to: URL(filePath: folder + "/source.dcm"))
      let grid = Small.grid(4, 4, 4, spacing: (2, 3, 4), origin: WorldPoint(10, 20, 30))
      func series(_ name: String, _ offsets: [Float]) throws -> String {
        let path = folder + "/" + name
        try ImageWriter.write(
          path,
          ImageWriter.Content(
            grid: grid, formCode: 1, frameCount: offsets.count, repetitionTimeSeconds: 2, note: ""),
          overwrite: true
        ) { (t) throws(Problem) in
          (0..<grid.count).map { Float($0 % 7) + offsets[t] }
        }
        return path
      }
      let run = try series("run.nii", [1, 2, 3])
      try JSON.object([("FrameOfReferenceUID", .string(SmallDICOM.frame))]).text.write(
        toFile: folder + "/run.json", atomically: true, encoding: .utf8)
      let source = folder + "/source.dcm"
      func isProven(_ other: String) throws -> Bool {
        let frame = try SourceFrame(
          try ExportSource(source), path: source, imported: [run, other], statement: nil)
        return frame.knownHashes.contains(try sha256(ofFile: other))
      }
      #expect(try isProven(try series("copy.nii.gz", [1, 2, 3])))
      #expect(try !isProven(try series("other.nii", [1, 2, 4])))
      #expect(try !isProven(try series("turned.nii", [1, 3, 2])))
      #expect(try !isProven(try series("cut.nii", [1, 2])))
    }
  }
}

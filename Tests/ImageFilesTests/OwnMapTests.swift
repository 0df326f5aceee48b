import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// Numbers that boldspect made say in their header that they are nothing that was measured.
@Suite struct OwnMapTests {
  private func statistic(_ meaning: ValueMeaning, note: String) throws -> String? {
    try withTemporaryFolder { folder in
      let path = folder + "/map.nii"
      let grid = Small.grid(4, 4, 4)
      try ImageWriter.write(
        path,
        ImageWriter.Content(grid: grid, formCode: 1, note: note, meaning: meaning),
        overwrite: false
      ) { _ in [Float](repeating: 1, count: grid.count) }
      return try ImageReader.describe(path).statistic
    }
  }

  /// Whatever its name: the next kind of map is one, too.
  @Test(arguments: ["Fisher z", "dz by its error", "a kind that is not made yet"])
  func anEstimateOfOursIsNoMeasurement(_ name: String) throws {
    let found = try statistic(.estimate(name), note: "boldspect 0 test, research use")
    #expect(found == "\(name.prefix(15)) values")
    #expect(try statistic(.estimate(name), note: "SIMULATED boldspect 0 test") == found)
  }

  @Test func perfusionAndOthersEstimatesMayBeScans() throws {
    #expect(try statistic(.percentOfReference, note: "boldspect 0 test") == nil)
    #expect(try statistic(.estimate("CBF"), note: "another program") == nil)
  }

  @Test func leaningAxesAreTold() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/leaning.nii"
      let grid = Small.grid(4, 4, 4)
      try ImageWriter.write(
        path, Volume(grid: grid, values: [Float](repeating: 1, count: grid.count)), formCode: 1,
        note: "test", overwrite: false)
      func isTold() throws -> Bool {
        try ImageReader.describe(path).findings.contains { $0.code == "axes-sheared" }
      }
      #expect(try !isTold())
      // The sform's second axis leans along x: row x, column y is at byte 284. A quaternion cannot say it.
      var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
      bytes.replaceSubrange(
        284..<288, with: withUnsafeBytes(of: Float(0.02).bitPattern.littleEndian) { [UInt8]($0) })
      bytes[252] = 0
      try Data(bytes).write(to: URL(filePath: path))
      #expect(try isTold())
    }
  }
}

import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// Sizes, codes and axes that a header states, and what may be written.
@Suite struct LimitTests {
  static func save(_ bytes: [UInt8], _ folder: String, _ name: String) throws -> String {
    let path = folder + "/" + name
    try Data(bytes).write(to: URL(filePath: path))
    return path
  }

  static func refusal(_ body: () throws -> Void) -> String {
    do { try body() } catch { return (error as? Problem)?.sentence ?? "\(error)" }
    return ""
  }

  @Test func aClaimThatNoCompressedFileCanHoldTakesNoMemory() throws {
    try withTemporaryFolder { folder in
      let small = folder + "/small.nii.gz"
      try ImageWriter.write(
        small, Small.volume(Small.grid(3, 4, 5)) { _ in 1 }, formCode: 1, note: "",
        overwrite: false)
      let plain = try Self.save(
        GateTests.image { b in
          for (n, d) in [1200, 1200, 1200].enumerated() { GateTests.put(&b, Int16(d), 42 + 2 * n) }
        }, folder, "large.nii")
      let zip = Process()
      zip.executableURL = URL(filePath: "/usr/bin/gzip")
      zip.arguments = [plain]
      try zip.run()
      zip.waitUntilExit()
      let words = Self.refusal { _ = try ImageReader.read(plain + ".gz") }
      #expect(words.contains("compressed bytes can hold"), "\(words)")
      #expect(try ImageReader.read(small).samples.count == 60)
    }
  }

  @Test func voxelsOfAPairMayBeginFarWithoutTakingMemory() throws {
    try withTemporaryFolder { folder in
      let header = GateTests.image {
        GateTests.put(&$0, Float(2e9), 108)
        $0[345] = UInt8(ascii: "i")
        $0.removeLast(124)
      }
      _ = try Self.save(header, folder, "a.hdr")
      _ = try Self.save([UInt8](repeating: 0, count: 120), folder, "a.img")
      let words = Self.refusal { _ = try ImageReader.read(folder + "/a.hdr") }
      #expect(words.contains("complete file"), "\(words)")
    }
  }

  @Test func axesInOnePlaneSayNoSide() throws {
    func image(_ z: Float) -> [UInt8] {
      GateTests.image { b in
        for (n, v) in [2, 0, 2, -3, 0, 2, 0, -4, 0, 0, z, -5].enumerated() {
          GateTests.put(&b, Float(v), 280 + 4 * n)
        }
      }
    }
    try withTemporaryFolder { folder in
      let flat = try Self.save(image(-6e-6), folder, "flat.nii")
      let words = Self.refusal { _ = try ImageReader.read(flat) }
      #expect(words.contains("almost in one plane"), "\(words)")
      // A strong shear is still a geometry.
      let sheared = try Self.save(image(2), folder, "sheared.nii")
      #expect(try ImageReader.read(sheared).description.laterality == .known)
    }
  }

  @Test(arguments: [(40_000, 1, 1), (3, 1_000_000, 1), (3, -1, 1), (3, 1, 40_000)])
  func whatAHeaderCannotSayIsNotWritten(_ size: Int, _ code: Int, _ frames: Int) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/x.nii"
      let content = ImageWriter.Content(
        grid: Small.grid(size, 1, 1), formCode: code, frameCount: frames, note: "")
      #expect(throws: Problem.self) {
        try ImageWriter.write(path, content, overwrite: false) { (_) throws(Problem) in
          [Float](repeating: 0, count: size)
        }
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left.isEmpty)
    }
  }

  /// A series of three frames with 1 s a frame.
  static let series = GateTests.image { b in
    GateTests.put(&b, Int16(4), 40)
    GateTests.put(&b, Int16(3), 48)
    GateTests.put(&b, Float(1), 92)
    b[123] = 10
    b += [UInt8](repeating: 0, count: 240)
  }

  @Test(arguments: [
    ("{\"RepetitionTime\": \"2\"}", "sidecar-time"), ("{\"RepetitionTime\": true}", "sidecar-time"),
    ("{\"RepetitionTime\": -1}", "sidecar-time"), ("{\"RepetitionTime\": [1]}", "sidecar-time"),
    ("{\"RepetitionTimeExcitation\": \"x\"}", "sidecar-time"), ("{", "sidecar-unreadable"),
    ("{\"RepetitionTime\": 1}", ""), ("{\"RepetitionTime\": null}", ""),
    ("{\"RepetitionTime\": 2.5}", "tr-conflict"),
  ])
  func aSidecarThatSaysNoTimeIsAFinding(_ text: String, _ code: String) throws {
    try withTemporaryFolder { folder in
      let path = try Self.save(Self.series, folder, "x.nii")
      _ = try Self.save(Array(text.utf8), folder, "x.json")
      let findings = try ImageReader.describe(path).findings
      #expect(findings.map(\.code) == (code.isEmpty ? [] : [code]), "\(findings)")
    }
  }

  @Test func aSidecarThatCannotBeReadIsAFinding() throws {
    try withTemporaryFolder { folder in
      let path = try Self.save(Self.series, folder, "x.nii")
      #expect(try ImageReader.describe(path).findings.isEmpty)
      try FileManager.default.createDirectory(
        atPath: folder + "/x.json", withIntermediateDirectories: false)
      #expect(try ImageReader.describe(path).findings.map(\.code) == ["sidecar-unreadable"])
    }
  }
}

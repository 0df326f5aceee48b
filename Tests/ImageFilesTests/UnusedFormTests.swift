import Basics
import ImageFiles
import Imaging
import TestSupport
import Testing

@Suite("A geometry that a header says not to use")
struct UnusedFormTests {
  private func decision(_ form: ImageHeader.Form) throws -> TrustedForm {
    try TrustedForm(
      form: form, reason: "as 3dinfo says", rater: "rater", time: "2026-11-28T10:00:00Z")
  }

  @Test func aDecisionNeedsAReason() {
    #expect(throws: Problem.self) {
      try TrustedForm(form: .sform, reason: " ok ", rater: "rater", time: "2026-11-28T10:00:00Z")
    }
  }

  private func made(_ folder: String) throws -> String {
    let path = folder + "/a.nii"
    let grid = try #require(
      Grid(
        dimensions: (4, 5, 6),
        worldFromVoxel: Affine(rows: [[-2, 0, 0, 30], [0, 3, 0, -40], [0, 0, 4, 5]])))
    let volume = Volume(grid: grid, values: (0..<120).map(Float.init))
    try ImageWriter.write(path, volume, formCode: 0, note: "", overwrite: false)
    return path
  }

  @Test func isShownAndTakenOnlyByDecision() throws {
    try withTemporaryFolder { folder in
      var header = try ImageReader.describe(try made(folder))
      #expect(header.laterality == .unknown && header.affine == nil)
      #expect(header.unusedForms.map(\.form) == [.sform])
      #expect(header.unusedForms.first?.orientationCode == "LAS")
      try header.trust(decision(.sform))
      #expect(header.laterality == .known && header.orientation == "LAS")
      #expect(header.unusedForms.isEmpty)
      #expect(header.grid.world(VoxelIndex(1, 1, 1)) == WorldPoint(28, -37, 9))
      let told = header.findings.first { $0.code == "form-trusted" }
      #expect(told?.severity == .warning && told?.text.contains("as 3dinfo says") == true)
      #expect(!header.findings.map(\.code).contains("laterality-unknown"))
    }
  }

  @Test func whatIsNotThereCannotBeTaken() throws {
    try withTemporaryFolder { folder in
      let path = try made(folder)
      var header = try ImageReader.describe(path)
      let missing = #expect(throws: Problem.self) { try header.trust(decision(.qform)) }
      #expect(missing?.sentence.contains("expected sform, which it holds") == true)
      try header.trust(decision(.sform))
      #expect(throws: Problem.self) { try header.trust(decision(.sform)) }
    }
  }
}

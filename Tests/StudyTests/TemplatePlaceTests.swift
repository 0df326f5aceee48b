import Basics
import Foundation
import ImageFiles
import Imaging
import Study
import TestSupport
import Testing

/// A name or a code that says MNI152 does not put a brain there.
@Suite struct TemplatePlaceTests {
  private func run(_ folder: String, z: Double, formCode: Int = 4) throws -> String {
    let path = folder + "/run_\(Int(z)).nii"
    let grid = SmallStudy.headGrid
    try ImageWriter.write(
      path,
      ImageWriter.Content(
        grid: grid, formCode: formCode, frameCount: 20, repetitionTimeSeconds: 2, note: "t"),
      overwrite: true
    ) { t in
      (0..<grid.count).map { v in
        SmallStudy.isHead(grid.index(at: v), z: z) ? 100 + Float((t * 31 + v * 17) % 23) : 0
      }
    }
    return path
  }

  private func load(_ path: String, stated: Space? = nil) throws -> LoadedRun {
    var study = LoadedStudy(stated: stated)
    return try LoadedRun(path, tr: nil, mask: nil, into: &study, progress: .silent)
  }

  @Test func aRunElsewhereIsRefused() throws {
    try withTemporaryFolder { folder in
      let away = try run(folder, z: 110)
      #expect {
        try load(away)
      } throws: {
        ($0 as? Problem)?.sentence.contains("of its brain lies where MNI152 has it") == true
      }
      #expect(try load(away, stated: .native).space == .native)
      let off = try load(try run(folder, z: 60))
      #expect(off.findings.contains { $0.code == "far-from-template" && $0.severity == .warning })
      let fine = try load(try run(folder, z: 10))
      #expect(!fine.findings.contains { $0.code == "far-from-template" })
      #expect(try load(try run(folder, z: 110, formCode: 1)).space == .native)
    }
  }

  /// A whole head holds the brain's place, a slab lies in it, and a small part says nothing.
  @Test func headsAndSlabsLieWhereTheyDo() throws {
    let grid = SmallStudy.headGrid
    let head = try #require(Mask(grid: grid, origin: "t") { _ in true }.shareInTemplate)
    #expect(head > 0.9)
    let slab = Mask(grid: grid, origin: "t") {
      let p = grid.world(at: $0)
      return abs(p.x) < 50 && abs(p.y + 17) < 60 && abs(p.z - 40) < 20
    }
    #expect(try #require(slab.shareInTemplate) > 0.9)
    #expect(Mask(grid: grid, origin: "t") { $0 < 500 }.shareInTemplate == nil)
  }
}

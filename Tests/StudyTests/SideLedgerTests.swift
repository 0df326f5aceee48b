import Basics
import Foundation
import ImageFiles
import Imaging
import Study
import TestSupport
import Testing

/// What is known of sides is told in every study, and what is mirrored blocks until a person decides.
@Suite struct SideLedgerTests {
  @Test func aMirroredPairBlocksUntilAPersonDecides() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let anatomy = try files.image("sub-01_T1w.nii")
      let bold = try files.image("sub-01_boldref.nii")
      func study(_ verdict: SideAgreement.Verdict, _ decision: SideDecision? = nil) throws
        -> LoadedStudy
      {
        var out = LoadedStudy(stated: .native)
        out.sides = {
          JudgedSides(
            first: $0, second: $1,
            agreement: SideAgreement(verdict: verdict, margin: -7.5, stored: 1.1, mirrored: 1.2),
            decision: decision)
        }
        _ = try out.read(anatomy, as: .anatomy)
        _ = try out.read(bold, as: .spect)
        return out
      }
      let mirrored = try study(.mirrored)
      let told = try #require(mirrored.findings.first { $0.code == "sides-mirrored" })
      #expect(told.severity == .blocking && told.text.contains("margin -7.5"))
      #expect(throws: Problem.self) { try mirrored.requireSidesDecided(for: "a target") }
      let decided = try study(
        .mirrored,
        SideDecision(reason: "marker seen on the right", rater: "ab", time: "2026-01-02T00:00:00Z"))
      try decided.requireSidesDecided(for: "a target")
      #expect(decided.findings.contains { $0.code == "sides-mirrored" && $0.severity == .warning })
      let words = try #require(decided.findings.first { $0.code == "sides-decided" })
      #expect(words.text.contains("of ab on 2026-01-02") && words.text.contains("marker seen"))
      for (verdict, code) in [
        (SideAgreement.Verdict.same, "sides-agree"), (.unknown, "sides-not-told"),
      ] {
        let known = try study(verdict)
        try known.requireSidesDecided(for: "a target")
        #expect(known.findings.contains { $0.code == code && $0.severity == .note })
      }
    }
  }

  /// Decided in a session, it is told anew and blocks no more; a copy is as blocked as what it is a copy of.
  @Test func whatIsToldFollowsTheLedger() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let anatomy = try files.image("sub-01_T1w.nii")
      let bold = try files.image("sub-01_boldref.nii") { Float(10 + $0.i * 3 + $0.k % 5) }
      let voxels = try #require(try ImageReader.identify(bold).voxelsSHA256)
      let head = try #require(try ImageReader.identify(anatomy).voxelsSHA256)
      var study = LoadedStudy(stated: .native)
      let mirrored = JudgedSides(
        first: head, second: voxels,
        agreement: SideAgreement(verdict: .mirrored, margin: -7, stored: 1.1, mirrored: 1.2))
      // What is known is known of the voxels alone, as of two copies.
      study.sides = { mirrored.isOf($0, $1) ? mirrored : nil }
      _ = try study.read(anatomy, as: .anatomy)
      _ = try study.read(bold, as: .spect)
      #expect(head != voxels)
      #expect(study.findings.contains { $0.code == "sides-mirrored" && $0.severity == .blocking })
      #expect(throws: Problem.self) { try study.requireSidesDecided(for: "a target") }
      var decided = mirrored
      decided.decision = SideDecision(reason: "marker seen", rater: "ab", time: "2026-01-02")
      study.sides = { [decided] in decided.isOf($0, $1) ? decided : nil }
      study.retellSides()
      #expect(study.files.count == 2)
      #expect(study.findings.contains { $0.code == "sides-decided" })
      #expect(!study.findings.contains { $0.code == "sides-mirrored" && $0.severity == .blocking })
      try study.requireSidesDecided(for: "a target")
    }
  }
}

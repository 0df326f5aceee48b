import Basics
import Foundation
import TestSupport
import Testing

/// Options beside a folder of people or a workspace: each holds for every visit, or is refused by its name.
@Suite struct BesideFolderTests {
  private func folder(_ body: (SmallStudy, String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let visit = folder + "/study/sub-01/func"
      try FileManager.default.createDirectory(atPath: visit, withIntermediateDirectories: true)
      let made = SmallStudy(visit)
      _ = try made.run("sub-01_task-rest_space-MNI152_bold.nii")
      try body(made, folder + "/study")
    }
  }

  @Test(arguments: [
    ["--tr", "2"], ["--mask", "m.nii"], ["--confounds", "c.tsv"], ["--space", "MNI152"],
    ["--second", "b.nii"], ["--gm", "g.nii"], ["--white", "w.nii"], ["--asl", "a.nii"],
    ["--wm", "w.nii"], ["--csf", "c.nii"], ["--transform", "t.txt"], ["--mixed-people"],
    ["--covariates", "age=40"],
  ])
  func whatIsOfOnePersonIsRefusedBesideAFolder(_ given: [String]) throws {
    try folder { _, study in
      let result = try Program.run(
        ["snapshot", study, "--format", "words", "-o", "-"] + given)
      #expect(result.status == 64)
      #expect(result.errors.contains(given[0]), "\(result.errors)")
    }
  }

  @Test func whatHoldsForEverybodyIsHeldForTheVisitThatIsOpened() throws {
    try folder { _, study in
      func words(_ given: [String]) throws -> String {
        let result = try Program.run(
          ["snapshot", study, "--format", "words", "-o", "-", "--keys", "<Enter>"] + given)
        #expect(result.status == 0, "\(result.errors)")
        return result.output
      }
      let placed = try words(["--at", "10,0,0"])
      #expect(placed.contains("cursor: +10.0 +0.0 +0.0 mm"))
      let cleaned = try words(["--band", "none", "--smooth", "7", "--seed", "0,0,0"])
      #expect(cleaned.contains("7 mm"))
      let plain = try words([])
      #expect(!plain.contains("7 mm"))
    }
  }

  @Test(arguments: [["--tr", "2"], ["--seed", "PCC"], ["--smooth", "4"], ["--reference", "x"]])
  func nothingIsSilentlyLeftAwayBesideAWorkspace(_ given: [String]) throws {
    let result = try Program.run(
      ["snapshot", "--workspace", "none.json", "--format", "words", "-o", "-"] + given)
    #expect(result.status == 64)
    #expect(result.errors.contains(given[0]), "\(result.errors)")
  }
}

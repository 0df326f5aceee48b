import Basics
import Connectivity
import Foundation
import ImageFiles
import Study
import TestSupport
import Testing
import Viewer
import ViewerRuntime

/// The runs of a session are read by one reader, for the screen and for commands.
@Suite struct SessionRunsTests {
  private func table(_ folder: String, _ name: String, _ value: Double) throws -> String {
    let path = folder + "/" + name
    let rows = (0..<60).map { "\(value + Double($0 * $0 % 7))" }
    try (["trans_x"] + rows).joined(separator: "\n").appending("\n")
      .write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test func aRefusedRunTakesItsConfoundsWithIt() throws {
    try withTemporaryFolder { folder in
      let made = SmallStudy(folder)
      let first = try made.run("sub-01_run-1_space-MNI152_bold.nii")
      let third = try made.run("sub-01_run-3_space-MNI152_bold.nii", seed: 3)
      var request = StudyRequest(bold: [first, folder + "/missing.nii", third])
      request.run.preset = .none
      request.run.columns = "trans_x"
      request.run.confounds = [
        try table(folder, "a.tsv", 1), try table(folder, "b.tsv", 2), try table(folder, "c.tsv", 3),
      ]
      var loader = SceneLoader(request)
      loader.load(progress: .silent) { _ in }
      #expect(loader.runs.loaded.count == 2)
      #expect(loader.runs.sources.map(\.name) == ["a.tsv", "c.tsv"])
      #expect(loader.runs.confoundInputs.map { fileName($0.path ?? "") } == ["a.tsv", "c.tsv"])
    }
  }

  @Test func theSameRunTwiceIsRefusedOnScreenAsInCommands() throws {
    try withTemporaryFolder { folder in
      let run = try SmallStudy(folder).run("sub-01_space-MNI152_bold.nii")
      var loader = SceneLoader(StudyRequest(bold: [run, run]))
      loader.load(progress: .silent) { _ in }
      #expect(loader.scene.runCount == 1)
      let said = loader.problems.map(\.sentence)
      #expect(said.contains { $0.contains("the same run is given twice") }, "\(said)")
      #expect {
        _ = try CleanedRuns([run, run], RunRequest(), progress: .silent)
      } throws: { said.contains(($0 as? Problem)?.sentence ?? "") }
    }
  }

  /// Whom a list names is whose marks are, where no file names anybody; files that do are their own word.
  @Test func whoseAPictureIsComesFromTheListWhereNoFileSaysIt() throws {
    try withTemporaryFolder { folder in
      let made = SmallStudy(folder)
      for (file, listed, person) in [
        ("rest_bold.nii", ListedPerson(subject: "patient 2", session: nil), "patient 2"),
        ("rest2_bold.nii", ListedPerson(subject: "Gross", session: "2020"), "Gross 2020"),
        ("sub-01_ses-1_bold.nii", ListedPerson(subject: "x", session: nil), "sub-01 ses-1"),
      ] {
        var request = StudyRequest(bold: [try made.run(file)])
        request.listed = listed
        var loader = SceneLoader(request)
        loader.load(progress: .silent) { _ in }
        #expect(loader.scene.person == person, "\(file)")
        #expect(!loader.scene.spectOrderIsStated)
      }
      var plain = SceneLoader(StudyRequest(bold: [folder + "/rest_bold.nii"]))
      plain.load(progress: .silent) { _ in }
      #expect(plain.scene.person == nil && plain.scene.spectOrderIsStated)
    }
  }
}

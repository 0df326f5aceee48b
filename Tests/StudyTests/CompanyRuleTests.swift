import Basics
import Foundation
import ImageFiles
import Imaging
import Study
import TestSupport
import Testing

/// Rules about spaces, people and what was measured, where one file is not enough to break them.
@Suite struct CompanyRuleTests {
  static func refusal(_ study: LoadedStudy, _ path: String, as role: Role) throws -> Problem? {
    var copy = study
    do throws(Problem) {
      _ = try copy.read(path, as: role)
      return nil
    } catch { return error }
  }

  @Test(arguments: Role.allCases)
  func anEqualGridIsNoSpace(_ role: Role) throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      // A native run, and a file on an equal grid that says that it lies in MNI space: by its header, by its name.
      for (name, formCode) in [("x.nii", 4), ("y_space-MNI152NLin6Asym_z.nii", 1)] {
        var study = LoadedStudy()
        _ = try study.read(
          try files.image("a\(formCode)_native_boldref.nii", formCode: 1), as: .bold)
        let path = try files.image(name, formCode: formCode) { Float($0.i + formCode) }
        let found = try Self.refusal(study, path, as: role)
        #expect(
          (found != nil) == (role.mustShareSpace || role == .bold || role == .referencePeople),
          "\(role)")
        if let found, role.mustShareSpace {
          #expect(found.sentence.contains("it is in MNI152 space"), "\(found.sentence)")
          #expect(found.sentence.contains("--space native"))
        }
        // Stated for all files it is the person's word.
        var stated = LoadedStudy(stated: .native)
        _ = try stated.read(
          try files.image("b\(formCode)_native_boldref.nii", formCode: 1), as: .bold)
        #expect(try Self.refusal(stated, path, as: role) == nil || role.isOfNormals, "\(role)")
      }
      // The other way round: a run in MNI and a file whose name says another world.
      let study = try StudyRuleTests.study(files, again: "r")
      let own = try files.image("q_space-T1w_mask.nii", formCode: 1)
      #expect(
        (try Self.refusal(study, own, as: role) != nil)
          == (role.mustShareSpace || role == .bold || role.isOfNormals), "\(role)")
    }
  }

  @Test func onePersonCountsOnceAmongTheNormals() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      var study = LoadedStudy()
      _ = try study.read(try files.image("sub-01_space-MNI152_spect.nii"), as: .spect)
      _ = try study.read(
        try files.image("sub-05_ses-1_space-MNI152_x.nii") { Float($0.i + 1) }, as: .normals)
      let again = try files.image("sub-05_ses-2_space-MNI152_x.nii") { Float($0.j + 1) }
      #expect(
        try Self.refusal(study, again, as: .normals)?.sentence.contains("one person counts once")
          == true)
      let own = try files.image("sub-01_ses-2_space-MNI152_x.nii") { Float($0.k + 1) }
      #expect(
        try Self.refusal(study, own, as: .normals)?.sentence.contains("must be other people")
          == true)
      // The folder that normals lie in is nobody.
      try FileManager.default.createDirectory(
        atPath: folder + "/sub-01", withIntermediateDirectories: false)
      for name in ["a", "b"] {
        let path = try files.image("sub-01/\(name)_space-MNI152_x.nii") {
          Float($0.k + (name == "a" ? 2 : 3))
        }
        #expect(try Self.refusal(study, path, as: .normals) == nil)
        _ = try study.read(path, as: .normals)
      }
    }
  }

  @Test func whatWasNotMeasuredIsNotComparedInSilence() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let real = try files.image("a_space-MNI152_x.nii")
      let path = folder + "/b_space-MNI152_x.nii"
      try ImageWriter.write(
        path, Small.volume(files.grid) { Float($0.i + 1) }, formCode: 4, note: "SIMULATED x",
        overwrite: false)
      for (first, second) in [(Role.bold, Role.second), (.bold, .bold), (.spect, .interictal)] {
        for pair in [[real, path], [path, real]] {
          var study = LoadedStudy()
          _ = try study.read(pair[0], as: first)
          _ = try study.read(pair[1], as: second)
          #expect(
            study.findings.contains { $0.code == "simulated-mixed" && $0.severity == .warning })
        }
      }
      var study = LoadedStudy()
      _ = try study.read(real, as: .bold)
      _ = try study.read(path, as: .spect)
      #expect(!study.findings.contains { $0.code == "simulated-mixed" })
    }
  }
}

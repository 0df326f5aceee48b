import Basics
import Foundation
import ImageFiles
import Imaging
import Study
import TestSupport
import Testing

/// What the rules and the door do beside letting in and refusing; every rule for every role is in
/// `RuleTableTests`.
@Suite struct StudyRuleTests {
  /// A study of one run in MNI space, of the first person.
  static func study(_ files: SmallStudy, mixed: Bool = false) throws -> LoadedStudy {
    var study = LoadedStudy(allowsMixedPeople: mixed)
    let first = try files.image("sub-01_ses-1_space-MNI152_boldref.nii")
    _ = try study.read(first, as: .bold)
    return study
  }

  static func study(
    _ files: SmallStudy, mixed: Bool = false, again: String
  ) throws -> LoadedStudy {
    var study = LoadedStudy(allowsMixedPeople: mixed)
    let first = try files.image("sub-01_ses-1_space-MNI152_run-\(again)_boldref.nii")
    _ = try study.read(first, as: .bold)
    return study
  }

  @Test func sessionsAndTemplatesThatDifferAreFindings() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      var study = LoadedStudy()
      _ = try study.read(
        try files.image("sub-01_ses-1_space-MNI152NLin2009cAsym_boldref.nii"), as: .bold)
      _ = try study.read(try files.image("sub-01_ses-1_space-MNI152_T1w.nii"), as: .anatomy)
      #expect(study.findings.isEmpty)
      let late = try files.image("sub-01_ses-2_space-MNI152NLin6Asym_T1w.nii", nil) { Float($0.i) }
      var second = study
      _ = try second.read(late, as: .second)
      #expect(second.findings.map(\.code) == ["template-mixed"])
      _ = try study.read(late, as: .anatomy)
      #expect(study.findings.map(\.code) == ["session", "template-mixed"])
      #expect(study.findings[0].text.contains("ses-2"))
      #expect(study.findings[1].text.contains("MNI152NLin2009cAsym"))
      #expect(study.findings[1].severity == .warning)
    }
  }

  @Test func aPersonIsReadFromTheNameBeforeTheFolder() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let path = try files.image("rest.nii")
      let d = try ImageReader.readVolume(path).description
      func file(_ path: String) -> StudyFile {
        StudyFile(d, path: path, as: .bold, stated: nil)
      }
      #expect(file("/data/sub-01/ses-2/func/rest.nii").subject == "sub-01")
      #expect(file("/data/sub-01/func/sub-02_rest.nii").subject == "sub-02")
      #expect(file("/data/sub-01/ses-2/sub-01_ses-3_rest.nii").session == "ses-3")
      #expect(file("/data/ses-2/sub-01/rest.nii").subject == "sub-01")
      #expect(file("/data/substance/rest.nii").subject == nil)
    }
  }

  @Test func aMaskOrAT1GivenAsSPECTIsTold() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let mask = try files.image("flat.nii") { $0.i > 3 ? 1 : 0 }
      for (path, expected) in [
        (mask, true), (try files.image("a_T1w.nii"), true), (try files.image("spect.nii"), false),
      ] {
        var study = LoadedStudy()
        _ = try study.read(path, as: .spect)
        #expect(study.findings.map(\.code) == (expected ? ["unlike"] : []), "\(path)")
        var other = LoadedStudy()
        _ = try other.read(path, as: .overlay)
        #expect(other.findings.isEmpty)
      }
    }
  }

  static func transform(_ moving: String, isAccepted: Bool?) throws -> GivenTransforms.One {
    let d = try ImageReader.readVolume(moving).description
    return GivenTransforms.One(
      file: "x.txt",
      transform: try Transform(
        fixedFromMoving: .identity,
        moving: Transform.End(sha256: d.sha256, space: .native, template: nil),
        fixed: Transform.End(sha256: "f", space: .mni152, template: "MNI152NLin6Asym"),
        origin: "a test", isAccepted: isAccepted, file: "x.txt"), sha256: "t")
  }

  @Test(arguments: [Role.bold, .spect, .anatomy, .overlay, .gm, .seedImage])
  func aTransformCarriesAndSaysWhetherItWasAccepted(_ role: Role) throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let native = try files.image("native.nii", files.other, formCode: 1)
      for isAccepted in [true, nil] {
        var study = try Self.study(files, again: isAccepted == true ? "a" : "b")
        study.transforms = GivenTransforms(all: [
          try Self.transform(native, isAccepted: isAccepted)
        ])
        let found = try study.read(native, as: role)
        #expect(found.description.formCode == 4)
        #expect(
          study.findings.contains { $0.text.contains("NOT ACCEPTED") } == (isAccepted == nil))
        #expect(study.files.last?.alignment.words.contains("NOT ACCEPTED") == (isAccepted == nil))
        try study.requireTransformsUsed()
      }
    }
  }

  @Test func aTransformOfNoGivenImageIsRefused() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let native = try files.image("native.nii", formCode: 1)
      let stranger = try files.image("stranger.nii", files.other, formCode: 1)
      var study = LoadedStudy()
      _ = try study.read(native, as: .bold)
      study.transforms = GivenTransforms(all: [try Self.transform(stranger, isAccepted: true)])
      #expect(throws: Problem.self) { try study.requireTransformsUsed() }
      // In a study in MNI it says where a place lies in that image.
      var mni = try Self.study(files)
      mni.transforms = study.transforms
      try mni.requireTransformsUsed()
      // But whoever says that native images share its world has given one.
      mni.transforms.isSameWorld = true
      #expect(throws: Problem.self) { try mni.requireTransformsUsed() }
      // A mask goes with its run: a transform of the mask carried nothing.
      let mask = try files.image("mask.nii", formCode: 1) { Float($0.i) }
      study.transforms = GivenTransforms()
      _ = try study.read(mask, as: .mask)
      study.transforms = GivenTransforms(all: [try Self.transform(mask, isAccepted: true)])
      #expect {
        try study.requireTransformsUsed()
      } throws: { ($0 as? Problem)?.sentence.contains("mask.nii, the mask") == true }
    }
  }

  @Test func spaceAndTemplateAgree() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      for (name, stated, space, template) in [
        ("a_space-MNI152NLin6Asym_T1w.nii", nil, Space.mni152, "MNI152NLin6Asym"),
        ("b_space-MNI152NLin6Asym_T1w.nii", Space.native, .native, nil),
        ("c_space-MNIPediatricAsym_cohort-1_T1w.nii", nil, .native, nil),
        ("d_space-MNI305_T1w.nii", nil, .native, nil), ("e.nii", nil, .mni152, nil),
      ] as [(String, Space?, Space, String?)] {
        let d = try ImageReader.readVolume(try files.image(name)).description
        let end = transformEnd(d, stated: stated)
        #expect(end.space == space && end.template == template, "\(name)")
      }
    }
  }

  @Test func regionsAreNamedExactly() throws {
    let grid = Small.grid(5, 1, 1)
    let names: [Int32: String] = [
      1: "BA4", 2: "BA40", 3: "Cerebelum_6_L", 4: "Thalamus_L", 5: "Thalamus_R",
    ]
    let atlas = LabelMap(grid: grid, labels: [1, 2, 3, 4, 5], names: names, title: "A")
    func offsets(_ word: String) throws -> [Int32] {
      Array(try atlasRegion(named: word, in: atlas, on: grid).offsets)
    }
    #expect(try offsets("BA4") == [0])
    #expect(try offsets("ba4*") == [0, 1])
    #expect(try offsets("thalamus") == [3, 4])
    #expect(try offsets("Cerebelum") == [2])
    for word in ["BA", "Thal", "", "*", "Cere"] {
      #expect(throws: Problem.self) { try offsets(word) }
    }
    #expect {
      try offsets("BA")
    } throws: { error in
      let text = (error as? Problem)?.sentence ?? ""
      return text.contains("BA4, BA40") && text.contains("BA*")
    }
  }
}

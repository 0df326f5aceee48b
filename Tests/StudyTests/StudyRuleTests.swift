import Basics
import Foundation
import ImageFiles
import Imaging
import Study
import TestSupport
import Testing

/// Every rule for every role: a rule stands once, so it holds wherever a file comes in.
@Suite struct StudyRuleTests {
  /// A study of one run in MNI space, of the first person.
  static func study(_ files: SmallStudy, mixed: Bool = false) throws -> LoadedStudy {
    var study = LoadedStudy(allowsMixedPeople: mixed)
    let first = try files.image("sub-01_ses-1_space-MNI152_boldref.nii")
    _ = try study.read(first, as: .bold)
    return study
  }

  static func refusal(_ study: LoadedStudy, _ path: String, as role: Role) throws -> Problem? {
    var copy = study
    do throws(Problem) {
      _ = try copy.read(path, as: role)
      #expect(copy.files.count == study.files.count + 1)
      return nil
    } catch {
      #expect(copy.files.count == study.files.count, "what is refused is not in the study")
      return error
    }
  }

  @Test(arguments: Role.allCases)
  func anotherPersonIsRefusedInEveryRoleThatIsOfThePerson(_ role: Role) throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let path = try files.image("sub-02_space-MNI152_x.nii")
      let same = try files.image("sub-01_space-MNI152_x.nii")
      let found = try Self.refusal(try Self.study(files), path, as: role)
      #expect((found != nil) == role.isOfPerson)
      if let found {
        for word in ["sub-02_space-MNI152_x.nii", "sub-01_ses-1", "--mixed-people"] {
          #expect(found.sentence.contains(word), "\(role): \(found.sentence)")
        }
      }
      let own = try Self.refusal(try Self.study(files, again: "b"), same, as: role)
      #expect((own == nil) == !role.isOfNormals, "nobody is among his own normals")
      var stated = try Self.study(files, mixed: true, again: "c")
      _ = try stated.read(path, as: role)
      #expect(stated.findings.contains { $0.code == "mixed-people" } == role.isOfPerson)
    }
  }

  static func study(
    _ files: SmallStudy, mixed: Bool = false, again: String
  ) throws -> LoadedStudy {
    var study = LoadedStudy(allowsMixedPeople: mixed)
    let first = try files.image("sub-01_ses-1_space-MNI152_run-\(again)_boldref.nii")
    _ = try study.read(first, as: .bold)
    return study
  }

  @Test(arguments: Role.allCases)
  func aNativeFileOverARunInMNIIsRefused(_ role: Role) throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let study = try Self.study(files)
      let native = try files.image("native.nii", files.other, formCode: 1)
      let found = try Self.refusal(study, native, as: role)
      #expect(
        (found != nil) == (role.mustShareSpace || role.isOfNormals || role == .bold), "\(role)")
      if let found, !role.isOfNormals {
        #expect(found.sentence.contains("MNI152 space"), "\(found.sentence)")
      }
      // The run's own grid needs no word, but of another session, which is laid by its space.
      let own = try files.image("own.nii", formCode: 1)
      #expect(
        (try Self.refusal(study, own, as: role) == nil)
          == (role != .second && role != .bold && !role.isOfNormals), "\(role)")
      // An infant's template is another world, whatever the form code says.
      let infant = try files.image("a_space-MNIInfant_cohort-3_x.nii", files.other)
      #expect(
        (try Self.refusal(study, infant, as: role) != nil)
          == (role.mustShareSpace || role.isOfNormals || role == .bold), "\(role)")
    }
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
      let study = try Self.study(files)
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

  @Test(arguments: Role.allCases)
  func anImageWithoutSidesOrOverlapIsRefused(_ role: Role) throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let study = try Self.study(files)
      let blind = try files.image("blind.nii", files.other, formCode: 0)
      let found = try Self.refusal(study, blind, as: role)
      #expect(
        (found != nil)
          == (role.mustShareSides || role.mustShareSpace || role.isOfNormals || role == .bold),
        "\(role)")
      if role.mustShareSides {
        #expect(found?.sentence.contains("which side is left") == true, "\(role)")
      }
      let far = try files.image("far_space-MNI152.nii", files.far)
      let away = try Self.refusal(study, far, as: role)
      #expect(
        (away != nil) == (role.mustShareSpace && role != .second || role.isOfNormals), "\(role)")
      if let away { #expect(away.sentence.contains("does not overlap"), "\(away.sentence)") }
    }
  }

  @Test func sessionsAndTemplatesThatDifferAreFindings() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      var study = LoadedStudy()
      _ = try study.read(
        try files.image("sub-01_ses-1_space-MNI152NLin2009cAsym_boldref.nii"), as: .bold)
      _ = try study.read(try files.image("sub-01_ses-1_space-MNI152_T1w.nii"), as: .anatomy)
      #expect(study.findings.isEmpty)
      let late = try files.image("sub-01_ses-2_space-MNI152NLin6Asym_T1w.nii")
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

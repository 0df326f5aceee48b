import Basics
import Foundation
import ImageFiles
import Imaging
import Study
import TestSupport
import Testing

/// Files are what they say they are: tables of labels, spaces, labels, counts, seeds.
@Suite struct InputTests {
  @Test func aTablesNamesAreWhole() throws {
    for (text, expected) in [
      ("46\tBA 46\n4\tBA 4\n", [46: "BA 46", 4: "BA 4"]),
      ("46 BA 46\n4 BA 4\n", [46: "BA 46", 4: "BA 4"]),
      ("1 Precentral_L 2001\n2 Precentral_R 2002\n", [1: "Precentral_L", 2: "Precentral_R"]),
      ("1\tPrecentral_L\t2001\n", [1: "Precentral_L"]),
      ("1 Left Thalamus\r\n", [1: "Left Thalamus"]),
      // FreeSurfer's colour table.
      (
        "#No. Label Name:   R G B A\n0 Unknown 0 0 0 0\n10  Left-Thalamus    0 118 14 0\n1 wm left 1 2 3 0\n",
        [10: "Left-Thalamus", 1: "wm left"]
      ),
      // ITK-SNAP's labels.
      (
        "# IDX -R- -G- -B- -A-- VIS MSH LABEL\n    0   0   0   0   0  0  0  \"Clear Label\"\n"
          + "   17 220 216  20   1  1  1  \"Left Hippocampus 2\"\n",
        [17: "Left Hippocampus 2"]
      ),
      // BIDS, whatever the order of its columns.
      ("name\tabbreviation\tindex\nThalamus left\tTHL\t5\n", [5: "Thalamus left"]),
    ] as [(String, [Int32: String])] {
      #expect(try AtlasFiles.labelNames(text) == expected, "\(text)")
    }
  }

  /// Seven published names beside seventeen networks are seventeen wrong words.
  @Test func namesAreThoseOfTheMap() throws {
    try withTemporaryFolder { folder in
      func networks(_ count: Int) throws -> String {
        let grid = try #require(
          Grid(
            dimensions: (count, 4, 4),
            worldFromVoxel: Affine(spacing: (4, 4, 4), origin: WorldPoint(-30, -50, 10))))
        let path = "\(folder)/n\(count)_space-MNI152_dseg.nii"
        try ImageWriter.write(
          path, Volume(grid: grid, values: (0..<grid.count).map { Float($0 % count + 1) }),
          formCode: 4, note: "test", overwrite: true)
        return path
      }
      func read(_ count: Int, _ names: String) throws -> (LabelMap?, [Finding]) {
        var study = LoadedStudy()
        let request = NetworkRequest(networks: try networks(count), names: names)
        let map = try request.networkMap(into: &study)
        return (map, study.findings)
      }
      #expect(try read(7, "yeo7").0?.names[7] == "Default")
      let refusal = try #require(throws: Problem.self) { _ = try read(17, "yeo7") }
      #expect(
        refusal.sentence.contains("it holds the label 8 and 9 more that yeo7 has no name for"),
        "\(refusal.sentence)")
      let table = folder + "/names.tsv"
      try "1\tVisual\n2\tMotor\n".write(toFile: table, atomically: true, encoding: .utf8)
      let (map, findings) = try read(3, table)
      #expect(map?.names == [1: "Visual", 2: "Motor"])
      #expect(findings.contains { $0.code == "labels-unnamed" && $0.text.contains("label 3 that") })
    }
  }

  /// A template's tissue under an image of no side would be a guess about its sides.
  @Test func noTemplateGoesUnderAnImageOfNoSide() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      for (code, isLaid) in [(4, true), (0, false)] {
        var study = LoadedStudy(stated: .mni152)
        _ = try study.read(try files.image("x\(code).nii", formCode: code), as: .bold)
        let lack = ProxyFiles().lacksTissue(study)
        #expect((lack == nil) == isLaid, "\(lack ?? "")")
        #expect(ProxyFiles().names(for: study).contains(.template) == isLaid)
      }
    }
  }

  @Test func onlyMNI152IsMNI152() {
    for (name, code, stated, expected) in [
      ("a_space-T1w_bold.nii", 4, nil, Space.native), ("a_space-T1w_bold.nii", 1, nil, .native),
      ("a_space-MNIInfant_cohort-3_T1w.nii", 4, nil, .native),
      ("a_space-MNI305_T1w.nii", 4, nil, .native), ("a_space-fsaverage_x.nii", 4, nil, .native),
      ("a_space-MNI152NLin6Asym_T1w.nii", 1, nil, .mni152), ("a.nii", 4, nil, .mni152),
      ("a.nii", 3, nil, .native), ("a.nii", 1, Space.mni152, .mni152),
    ] as [(String, Int, Space?, Space)] {
      #expect(space(ofFileNamed: name, formCode: code, stated: stated) == expected, "\(name)")
    }
  }

  @Test(arguments: Role.allCases)
  func whatAFileSaysIsNotOverruledByWhatIsStatedForAll(_ role: Role) throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      for (name, code) in [
        ("a_space-T1w_x.nii", 4), ("b_space-MNIPediatricAsym_x.nii", 4), ("talairach.nii", 3),
      ] {
        let path = try files.image(name, formCode: code)
        var study = LoadedStudy(stated: .mni152)
        #expect {
          _ = try study.read(path, as: role)
        } throws: { ($0 as? Problem)?.sentence.contains("MNI152 is stated for all files") == true }
      }
      var study = LoadedStudy(stated: .mni152)
      _ = try study.read(try files.image("scanner.nii", formCode: 1), as: role)
    }
  }

  @Test func labelsNearWholeNumbersAreRoundedAndSaid() throws {
    let grid = Small.grid(3, 1, 1)
    func labels(_ values: [Float]) throws -> (labels: [Int32], findings: [Finding]) {
      try AtlasFiles.wholeNumbers(Volume(grid: grid, values: values), "a.nii")
    }
    let near = try labels([1.000_000_1, 2, 6.000_001])
    #expect(near.labels == [1, 2, 6] && near.findings.map(\.code) == ["labels-rounded"])
    #expect(near.findings[0].text.hasPrefix("2 of its labels"))
    #expect(try labels([1, 2, .nan]).findings.isEmpty)
    #expect {
      try labels([1.4, 2, 3])
    } throws: { ($0 as? Problem)?.sentence.contains("not whole") == true }
    #expect(try labels([16_777_215, 0, 0]).labels[0] == 16_777_215)
    #expect {
      try labels([16_777_216, 2, 3])
    } throws: { ($0 as? Problem)?.sentence.contains("the label 16777216") == true }
  }

  @Test(arguments: [Role.spect, .interictal]) func countsAreNotNegativeOrTiny(_ role: Role) throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let value = { (v: VoxelIndex) in 50 + Float((v.i + v.j * 3 + v.k * 7) % 40) }
      for (name, made, words) in [
        ("good.nii", value, nil), ("dip.nii", { $0.i == 0 ? -0.5 : value($0) }, nil),
        ("minus.nii", { $0.i == 0 ? -40 : value($0) }, "144 of its voxels (8.3 %) are below 0"),
        ("tiny.nii", { value($0) * 1e-8 }, "no counts"),
      ] as [(String, (VoxelIndex) -> Float, String?)] {
        var study = LoadedStudy()
        _ = try study.read(try files.image(name, nil, made), as: role)
        let found = study.findings.first { $0.code == "odd-counts" }
        #expect((found != nil) == (words != nil), "\(name)")
        if let words { #expect(found?.text.contains(words) == true, "\(found?.text ?? "")") }
      }
      for name in ["T1.nii", "sub-01_mprage.nii", "x_FLAIR.nii.gz", "x-t1w.nii"] {
        var study = LoadedStudy()
        _ = try study.read(try files.image(name), as: role)
        #expect(study.findings.map(\.code) == ["unlike"], "\(name)")
      }
    }
  }

  @Test func normalsComeThroughTheDoor() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let spect = try files.image("sub-01_space-MNI152_spect.nii")
      func study() throws -> (LoadedStudy, (description: ImageDescription, volume: Volume)) {
        var study = LoadedStudy()
        let read = try study.read(spect, as: .spect)
        return (study, read)
      }
      func load(_ paths: [String]) throws -> [Finding] {
        var (study, d) = try study()
        var inputs: [Provenance] = []
        var isSimulated = false
        let request = NormalsRequest(normals: paths, normalsCount: 20)
        _ = try request.load(
          person: d.description, image: d.volume, into: &study, inputs: &inputs,
          isSimulated: &isSimulated, progress: .silent)
        return study.findings
      }
      func refused(_ paths: [String], _ words: String) {
        #expect {
          _ = try load(paths)
        } throws: { ($0 as? Problem)?.sentence.contains(words) == true }
      }
      let mean = try files.image("mean_space-MNI152NLin6Asym_x.nii") { Float($0.k + 1) }
      let sd = try files.image("sd_space-MNI152NLin2009cAsym_x.nii") { Float($0.i + 1) }
      #expect(try load([mean, sd]).map(\.code) == ["template-mixed"])
      let own = try files.image("sub-01_space-MNI152_mean.nii") { Float($0.j + 1) }
      refused([own, mean], "normals must be other people")
      refused([mean, mean], "it is the same image as")
      refused([try files.image("native.nii", formCode: 1), sd], "the space of normals")
      refused([try files.image("blind.nii", formCode: 0), sd], "which side is left")
      refused([try files.image("far.nii", files.far), sd], "does not overlap")
      // What cannot be a mean and its deviation is named, not read as no score anywhere.
      let large = try files.image("large.nii") { Float(50 + $0.i) }
      let small = try files.image("small.nii") { Float(2 + $0.j % 3) }
      #expect(try load([large, small]).isEmpty)
      refused([small, large], "it is larger than the mean (small.nii) at 100 %")
      let below = try files.image("below.nii") { $0.i == 3 ? -2 : 3 }
      refused([large, below], "it is given as a standard deviation and holds negative")
      let none = try files.image("none.nii") { _ in 0 }
      refused([large, none], "it is given as a standard deviation and is 0 wherever")
      let half = try files.image("half.nii") { $0.i < 6 ? 0 : 3 }
      refused([large, half], "it is given as a standard deviation and is 0 or no number at 50 %")
      let few = try files.image("few.nii") { $0.i == 6 && $0.j == 6 ? 0 : 3 }
      #expect(try load([large, few]).map(\.code) == ["sd-zero"])
    }
  }

  @Test func whatIsInfiniteIsNoData() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let path = try files.image("x_space-MNI152_spect.nii") { $0.i == 0 ? .infinity : Float($0.k) }
      var study = LoadedStudy()
      let found = try study.read(path, as: .overlay)
      #expect(found.volume.values.allSatisfy { !$0.isInfinite })
      #expect(found.volume.values.count { $0.isNaN } == 144)
      #expect(study.findings.map(\.code) == ["infinite"] && study.findings[0].text.contains("144"))
    }
  }

  @Test func whatASeedsFileSaysReachesTheStudy() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      var study = LoadedStudy()
      _ = try study.read(try files.image("x_space-MNI152NLin6Asym_boldref.nii"), as: .bold)
      let atlas = try files.image("y_space-MNI152NLin2009cAsym_dseg.nii") {
        $0.i > 3 ? 1.000_1 : 0
      }
      var inputs: [Provenance] = []
      for (text, codes) in [
        (atlas, ["template-mixed"]), ("weights:" + atlas, ["template-mixed"]),
        (atlas + "#1", ["template-mixed", "labels-rounded"]),
      ] {
        var context = SeedContext(study, grid: files.grid)
        _ = try parseSeed(text, &context, inputs: &inputs)
        #expect(context.study.findings.map(\.code) == codes, "\(text)")
      }
      let outside = try files.image("out_space-MNI152_dseg.nii", Self.beside) { _ in 1 }
      var context = SeedContext(study, grid: files.grid)
      guard try AtlasFiles.mniBrain() != nil else { return }
      #expect { () throws -> Void in
        _ = try parseSeed(outside + "#1", &context, inputs: &inputs)
      } throws: { ($0 as? Problem)?.sentence.contains("inside the MNI brain") == true }
    }
  }

  /// It touches the head, and most of it lies in the air.
  static let beside = Small.grid(
    40, 6, 6, spacing: (5, 5, 5), origin: WorldPoint(20, -20, -20))

  @Test func aLargeRadiusIsStated() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      var study = LoadedStudy()
      _ = try study.read(try files.image("x.nii"), as: .bold)
      var context = SeedContext(study, grid: files.grid)
      var inputs: [Provenance] = []
      #expect { () throws -> Void in
        _ = try parseSeed("-44,5,38,34", &context, inputs: &inputs)
      } throws: { ($0 as? Problem)?.sentence.contains("decimal comma") == true }
      for (text, radius) in [
        ("-4,5,8,30", 30.0), ("-4,5,8,r=34", 34), ("-4, 5, 8, r=3", 3), ("\u{2212}4,5,8", 6),
      ] {
        #expect(seedFiles(text).isEmpty, "\(text)")
        let seed = "\(try parseSeed(text, &context, inputs: &inputs))"
        #expect(seed.contains("x: -4.0, y: 5.0, z: 8.0"), "\(seed)")
        #expect(seed.contains("radius: \(radius),"), "\(seed)")
      }
    }
  }

  @Test func aNativeAtlasLiesOnItsOwnRun() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let run = try files.image("sub-01_boldref.nii", formCode: 1)
      func study() throws -> LoadedStudy {
        var study = LoadedStudy()
        _ = try study.read(run, as: .bold)
        return study
      }
      let label = { (v: VoxelIndex) -> Float in v.i < 4 ? 1 : v.i > 7 ? 2 : 0 }
      func write(_ name: String, _ grid: Grid? = nil, code: Int = 1) throws -> String {
        try "1 A_L\n2 A_R\n".write(
          toFile: folder + "/" + name + ".txt", atomically: true, encoding: .utf8)
        return try files.image(name + ".nii", grid, formCode: code, label)
      }
      for role in [Role.atlas, .networks] {
        var ours = try study()
        let atlas = try ours.readAtlas(
          try write("own-\(role)_space-T1w_dseg", code: 4), as: role)
        #expect(atlas.names == [1: "A_L", 2: "A_R"])
        #expect(ours.findings.map(\.code) == ["native-atlas"])
        for path in [
          try write("mni-\(role)", code: 4), try write("other-\(role)", files.other),
          try write("unsaid-\(role)", code: 5),
        ] {
          var again = try study()
          #expect(throws: Problem.self, "\(path)") { _ = try again.readAtlas(path, as: role) }
        }
      }
      // Exchanged names are seen in native space too.
      let wrong = try write("wrong")
      try "1 A_R\n2 A_L\n".write(
        toFile: folder + "/wrong.txt", atomically: true, encoding: .utf8)
      var ours = try study()
      #expect {
        _ = try ours.readAtlas(wrong, as: .atlas)
      } throws: { ($0 as? Problem)?.sentence.contains("by position") == true }
    }
  }
}

/// The files of others' reports.
@Suite(.enabled(if: RealData.isPresent, "../shared/data is not there"))
struct ReportedInputTests {
  static func path(_ name: String) -> String { RealData.path("odd-reports/" + name) }

  @Test func tablesAndLabels() throws {
    let tabs = try AtlasFiles.table(beside: Self.path("02_ba_space-MNI152.nii.gz"))
    #expect(tabs[46] == "BA 46" && tabs[1] == "BA 1")
    let colours = try AtlasFiles.table(beside: Self.path("17_fs_space-MNI152.nii.gz"))
    #expect(colours == [10: "Left-Thalamus", 49: "Right-Thalamus", 17: "Left-Hippocampus"])
    let near = try AtlasFiles.read(Self.path("16_lab_f_space-MNI152.nii.gz"), space: nil)
    #expect(near.findings.contains { $0.code == "labels-rounded" })
  }

  @Test func anAnatomyGivenAsSPECTIsSeenByItsValues() throws {
    for (name, isAnatomy) in [
      ("templates-spm12/single_subj_T1.nii", true),
      ("templates-2009c/tpl-MNI152NLin2009cAsym_res-03_desc-brain_T1w.nii.gz", true),
      ("templates-nilearn/mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz", true),
      ("spect-spm/SPECT.nii", false), ("spect-spm/PET.nii", false),
    ] {
      let (d, volume) = try ImageReader.readVolume(RealData.path(name))
      var renamed = d
      renamed.header.name = "scan.nii"
      let file = StudyFile(
        renamed, path: "scan.nii", as: .spect, stated: nil, volume: volume)
      #expect((file.looksLike != nil) == isAnatomy, "\(name): \(file.looksLike ?? "")")
    }
  }

  @Test func spacesOfOthers() throws {
    for name in ["MNIInfant_cohort-3_T1w", "T1w_desc-preproc_T1w"] {
      let d = try ImageReader.readVolume(Self.path("08_sub-01_space-\(name).nii.gz")).description
      #expect(transformEnd(d, stated: nil).space == .native)
      var study = LoadedStudy(stated: .mni152)
      #expect(throws: Problem.self) {
        try study.admit(d, d.path, as: .anatomy)
      }
    }
  }
}

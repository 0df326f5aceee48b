import Basics
import Foundation
import ImageFiles
import Imaging
import Study
import TestSupport
import Testing

/// What every rule says of every role, written out by hand: what the rules make of a role's properties is
/// what is tested, so none of them is asked here.
@Suite struct RuleTableTests {
  /// The columns of the table.
  static let roles: [Role] = [
    .bold, .second,
    .anatomy, .spect, .interictal,
    .mask, .gm, .white, .asl, .wm, .csf, .overlay,
    .seedImage, .weights, .referenceMask, .attenuation,
    .atlas, .networks,
    .normals, .referencePeople,
    .navigatorAnatomy,
    .moving, .fixed, .like,
  ]

  /// A rule, a file that is made to break it and no other, and what each role makes of it.
  struct Row: CustomTestStringConvertible, Sendable {
    var code: String
    /// R refused, W warned, N noted, · nothing; x refused and w warned by another rule, because in this role the
    /// same file cannot but break that too.
    var cells: String
    /// Words of the sentence.
    var words: [String]
    /// Words of the other rule's sentence.
    var others: [String] = []
    var variant = ""
    var make: @Sendable (SmallStudy) throws -> (LoadedStudy, String)
    var testDescription: String { code + variant }
  }

  /// A study of one image of the first person in MNI space.
  static func study(
    _ files: SmallStudy, _ name: String = "sub-01_ses-1_space-MNI152_boldref.nii",
    stated: Space? = nil, mixed: Bool = false
  ) throws -> LoadedStudy {
    var study = LoadedStudy(stated: stated, allowsMixedPeople: mixed)
    _ = try study.read(try files.image(name, nil, firstPerson), as: .bold)
    return study
  }

  /// What the first person's image holds and no other.
  static func firstPerson(_ v: VoxelIndex) -> Float { 1 + Float((v.i * 5 + v.j + v.k * 3) % 11) }

  /// A study whose values are of a cleaned run, and people with what is written beside their image.
  static func madeOf(
    _ files: SmallStudy, _ beside: (String) throws -> Void
  ) throws -> (LoadedStudy, String) {
    var study = try study(files)
    study.making = ValueMaking(measure: "x", cleaning: [("band_hz", .numbers([0.01, 0.1]))])
    let path = try files.image("people_space-MNI152.nii", files.other)
    try beside(files.folder + "/people_space-MNI152.json")
    return (study, path)
  }

  static let rows: [Row] = [
    Row(
      code: "stated-space", cells: "RR RRR RRRRRRR RRRR RR RR R RRR",
      words: ["its name says space-T1w, but MNI152 is stated for all files"]
    ) { files in
      (try study(files, stated: .mni152), try files.image("a_space-T1w_x.nii"))
    },
    Row(
      code: "person", cells: "RR RRR RRRRRRR RRRR RR ·· R RRR",
      words: ["it is of sub-02, but sub-01_ses-1", "is of sub-01", "--mixed-people"]
    ) { files in (try study(files), try files.image("sub-02_space-MNI152_x.nii")) },
    Row(
      code: "named-as-another", cells: "WW WWW WWWWWWW WWWW ·· ·· W WWW",
      words: ["its name is that of Schmidt_Bernd, and it lies in the folder of Mueller_Anna"]
    ) { files in
      for name in ["Mueller_Anna", "Schmidt_Bernd"] {
        try FileManager.default.createDirectory(
          atPath: files.folder + "/" + name, withIntermediateDirectories: true)
      }
      return (try study(files), try files.image("Mueller_Anna/Schmidt_Bernd_space-MNI152_x.nii"))
    },
    Row(
      code: "linked-person", cells: "RR RRR RRRRRRR RRRR ·· xx R RRR",
      words: ["it is a link to a file of sub-02, under the name of sub-01", "--mixed-people"],
      others: ["normals must be other people"]
    ) { files in
      let target = try files.image("sub-02_space-MNI152_y.nii")
      let link = files.folder + "/sub-01_space-MNI152_link.nii"
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
      return (try study(files), link)
    },
    Row(
      code: "mixed-people", cells: "WW WWW WWWWWWW WWWW WW ·· W WWW",
      words: ["it is of sub-02, but sub-01_ses-1", "as stated"]
    ) { files in (try study(files, mixed: true), try files.image("sub-02_space-MNI152_x.nii")) },
    Row(
      code: "own-normals", cells: "·· ··· ······· ···· ·· RR · ···",
      words: ["it is of sub-01, as sub-01_ses-1", "normals must be other people"]
    ) { files in (try study(files), try files.image("sub-01_space-MNI152_x.nii")) },
    Row(
      code: "same-normals", cells: "·· ··· ······· ···· ·· RR · ···",
      words: ["it is the same image as first_space-MNI152.nii"]
    ) { files in
      var study = try study(files)
      _ = try study.read(try files.image("first_space-MNI152.nii"), as: .normals)
      return (study, try files.image("second_space-MNI152.nii"))
    },
    Row(
      code: "same-session", cells: "·W ··· ······· ···· ·· ·· · ···",
      words: ["it is the same image as sub-01_ses-1", "nothing can change"]
    ) { files in (try study(files), try files.image("space-MNI152_x.nii", nil, firstPerson)) },
    Row(
      code: "same-session", cells: "·· ··W ······· ···· ·· ·· · ···",
      words: ["it is the same image as first_space-MNI152_spect.nii", "nothing can change"],
      variant: " of scans"
    ) { files in
      var study = LoadedStudy()
      _ = try study.read(try files.image("first_space-MNI152_spect.nii"), as: .spect)
      return (study, try files.image("space-MNI152_x.nii"))
    },
    Row(
      code: "same-subject", cells: "·· ··· ······· ···· ·· R· · ···",
      words: ["it is of sub-05, as sub-05_space", "one person counts once"]
    ) { files in
      // The study's own image names nobody, so no other rule looks at people.
      var study = try study(files, "space-MNI152_boldref.nii")
      _ = try study.read(try files.image("sub-05_space-MNI152_a.nii"), as: .normals)
      return (study, try files.image("sub-05_space-MNI152_b.nii") { Float($0.i + 1) })
    },
    Row(
      code: "session", cells: "N· NN· NNNNNNN NNNN ·· xx N NNN",
      words: ["it is of ses-2, but sub-01_ses-1", "is of ses-1"],
      others: ["normals must be other people"]
    ) { files in (try study(files), try files.image("sub-01_ses-2_space-MNI152_x.nii")) },
    Row(
      code: "sides", cells: "RR RRR RRRRRRR RRRR RR xx R ···",
      words: ["its header does not say which side is left, so it cannot be laid over sub-01"],
      others: ["which side is left, so a comparison by places has no meaning"]
    ) { files in
      (try study(files), try files.image("blind_space-MNI152.nii", files.other, formCode: 0))
    },
    Row(
      code: "space", cells: "RR R·· RRRRRRR RRRR ·· xR R ···",
      words: ["in MNI152 space"], others: ["the space of normals is in MNI space"]
    ) { files in (try study(files), try files.image("native.nii", files.other, formCode: 1)) },
    Row(
      code: "space", cells: "RR R·· RRRRRRR RRRR ·· xR R ···",
      words: ["in MNI152 space"], others: ["the space of normals is in MNI space"],
      variant: ", an infant's template"
    ) { files in
      (try study(files), try files.image("a_space-MNIInfant_cohort-3_x.nii", files.other))
    },
    Row(
      code: "normals-space", cells: "xx ··· ······· ···· ·· RR · ···",
      words: ["the space of normals is in MNI space"], others: ["is in MNI152 space"],
      variant: ", on the run's own grid"
    ) { files in (try study(files), try files.image("own.nii", formCode: 1)) },
    Row(
      code: "overlap", cells: "·· R·· RRRRRRR RRRR ·· xx R ···",
      words: ["it does not overlap sub-01", "an image of the same head"],
      others: ["it does not overlap sub-01", "normals in the space of the image"]
    ) { files in (try study(files), try files.image("far_space-MNI152.nii", files.far)) },
    Row(
      code: "forms", cells: "·· ··· ······· ···· ·· ·· R ···",
      words: ["its sform and qform put a corner", "mm apart"]
    ) { files in
      let path = try files.image("apart_space-MNI152.nii")
      // The qform is moved by 20 mm along x: its offset is at byte 268, its code at byte 252.
      var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
      bytes.replaceSubrange(
        268..<272, with: withUnsafeBytes(of: Float(-10).bitPattern.littleEndian) { [UInt8]($0) })
      bytes[252] = 4
      try Data(bytes).write(to: URL(filePath: path))
      return (try study(files), path)
    },
    Row(
      code: "sheared", cells: "·· ··· ······· ···· ·· ·· R ···",
      words: ["off right angles"]
    ) { files in
      let path = try files.image("leaning_space-MNI152.nii")
      // The sform's second axis leans along x: row x, column y is at byte 284.
      var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
      bytes.replaceSubrange(
        284..<288, with: withUnsafeBytes(of: Float(0.2).bitPattern.littleEndian) { [UInt8]($0) })
      // A quaternion cannot say it: there is none.
      bytes[252] = 0
      try Data(bytes).write(to: URL(filePath: path))
      return (try study(files), path)
    },
    Row(
      code: "template-mixed", cells: "WW WWW WWWWWWW WWWW WW WW W ···",
      words: ["it is in MNI152NLin6Asym, but sub-01", "is in MNI152NLin2009cAsym"]
    ) { files in
      (
        try study(files, "sub-01_space-MNI152NLin2009cAsym_boldref.nii"),
        try files.image("a_space-MNI152NLin6Asym_x.nii")
      )
    },
    Row(
      code: "simulated-mixed", cells: "WW ··W ······· ···· ·· W· · ···",
      words: ["it is simulated, but", "is measured", "no change of a person"]
    ) { files in
      var study = try study(files)
      let scan = try files.image("scan_space-MNI152.nii", nil) { 2 + Float($0.i) }
      _ = try study.read(scan, as: .spect)
      _ = try study.read(try files.image("other_space-MNI152.nii", files.other), as: .normals)
      let (_, ball) = try ImageReader.readVolume(try files.image("ball_space-MNI152.nii"))
      let path = files.folder + "/made_space-MNI152.nii"
      try ImageWriter.write(path, ball, formCode: 4, note: "SIMULATED x", overwrite: false)
      return (study, path)
    },
    Row(
      code: "normals-made-otherwise", cells: "·· ··· ······· ···· ·· RR · ···",
      words: [
        "it was made with a band in hertz of 0.01, 0.08", "the person's values with 0.01, 0.1",
      ]
    ) { files in
      try madeOf(files) { path in
        let group = ValueMaking.json(
          measure: "x", people: 5, cleaning: [("band_hz", .numbers([0.01, 0.08]))])
        try JSON.object([group]).text.write(
          toFile: path, atomically: true, encoding: .utf8)
      }
    },
    Row(
      code: "normals-making-unknown", cells: "·· ··· ······· ···· ·· WW · ···",
      words: ["nothing beside it says how its people were cleaned"]
    ) { files in try madeOf(files) { _ in } },
    Row(
      code: "unlike", cells: "·· ·WW ·xx·xx· ···· xx x· · ···",
      words: ["looks like an anatomy (MRI), by its name"], others: ["a_space-MNI152_T1w"]
    ) { files in (try study(files), try files.image("a_space-MNI152_T1w.nii")) },
    Row(
      code: "unlike-normal", cells: "·· ·ww ·xx·xx· ···· xx R· · ···",
      words: ["a normal person's scan and looks like an anatomy"], others: ["a_space-MNI152_T1w"]
    ) { files in (try study(files), try files.image("a_space-MNI152_T1w.nii")) },
    Row(
      code: "odd-counts", cells: "·· ·WW ······· ···· ·· ·· · ···",
      words: ["of its voxels", "are below 0"]
    ) { files in
      (try study(files), try files.image("low_space-MNI152.nii") { Float($0.i % 7) - 3 })
    },
    Row(
      code: "cleaned-before", cells: "Wx ··· ······· ···· ·· ·· · ···",
      words: ["its name says \"denoised\"", "it was cleaned before"],
      others: ["was cleaned before and sub-01"]
    ) { files in
      (try study(files), try files.image("a_space-MNI152_denoised.nii"))
    },
    Row(
      code: "cleaned-apart", cells: "wR ··· ······· ···· ·· ·· · ···",
      words: ["was cleaned before and sub-01", "was not"], others: ["it was cleaned before"]
    ) { files in
      (try study(files), try files.image("b_space-MNI152_clean.nii"))
    },
    Row(
      code: "outside-template", cells: "·· ·RR ······· ···· ·· R· · ···",
      words: ["% of its brain lies where MNI152 has it"]
    ) { files in (try study(files), try files.head("away_space-MNI152.nii", z: 110)) },
    Row(
      code: "far-from-template", cells: "·· ·WW ······· ···· ·· W· · ···",
      words: ["% of its brain lies where MNI152 has it"]
    ) { files in (try study(files), try files.head("off_space-MNI152.nii", z: 60)) },
    Row(
      code: "not-labels", cells: "·· ··· ·xx·xx· ···· RR ·· · ···",
      words: ["looks like a scan: its name says spect"], others: ["its name says spect, and it is"]
    ) { files in (try study(files), try files.image("a_space-MNI152_spect.nii")) },
    Row(
      code: "made-of-other", cells: "RR ··· ······· ···· ·· ·· · ···",
      words: ["was made of the other"]
    ) { files in
      let study = try study(files)
      let path = try files.image("made_space-MNI152.nii")
      let hash = try sha256(ofFile: files.folder + "/sub-01_ses-1_space-MNI152_boldref.nii")
      try JSON.object([
        ("GeneratedBy", .string("boldspect")),
        ("inputs", .array([.object([("sha256", .string(hash))])])),
      ]).text.write(
        toFile: files.folder + "/made_space-MNI152.json", atomically: true, encoding: .utf8)
      return (study, path)
    },
    Row(
      code: "not-accepted", cells: "WW WWW WWWWWWW WWWW WW WW W WWW",
      words: ["it lies here by x.txt, which is NOT ACCEPTED"]
    ) { files in
      let path = try files.image("carried.nii", files.other, formCode: 1)
      var study = try study(files)
      study.transforms = GivenTransforms(all: [
        try StudyRuleTests.transform(path, isAccepted: nil)
      ])
      return (study, path)
    },
    Row(
      code: "transform-warned", cells: "WW WWW WWWWWWW WWWW WW WW W WWW",
      words: ["it lies here by x.txt", "other starts end 9 mm elsewhere"]
    ) { files in
      let path = try files.image("carried.nii", files.other, formCode: 1)
      var study = try study(files)
      var one = try StudyRuleTests.transform(path, isAccepted: true)
      one.transform.warnings = ["other starts end 9 mm elsewhere"]
      study.transforms = GivenTransforms(all: [one])
      return (study, path)
    },
    Row(
      code: "tissue-name", cells: "·· ·ww ·RR·R·· ···· xx x· · ···",
      words: ["its name says label-CSF, and it is given as --"], others: ["looks like"]
    ) { files in
      (try study(files), try files.image("a_space-MNI152_label-CSF_probseg.nii", files.other))
    },
    Row(
      code: "statistic", cells: "RR RRR RRRRRR· ··RR ·· ·· R ···",
      words: ["its header says that it is a map of p values, and it is given as"]
    ) { files in
      let (_, ball) = try ImageReader.readVolume(
        try files.image("ball_space-MNI152.nii", files.other))
      let path = files.folder + "/map_space-MNI152.nii"
      var content = ImageWriter.Content(grid: ball.grid, formCode: 4, note: "t")
      content.meaning = .probability
      try ImageWriter.write(path, content, overwrite: false) { _ in ball.values }
      return (try study(files), path)
    },
    // What breaks no rule is let in without a word.
    Row(code: "none", cells: "·· ··· ······· ···· ·· ·· · ···", words: []) { files in
      (try study(files), try files.image("fine_space-MNI152.nii", files.other))
    },
  ]

  @Test func theTableHasEveryRuleAndEveryRole() {
    #expect(Set(Self.rows.map(\.code)) == Set(StudyRules.all.map(\.code) + ["none"]))
    #expect(Set(Self.roles) == Set(Role.allCases) && Self.roles.count == Role.allCases.count)
    for row in Self.rows {
      #expect(row.cells.filter { $0 != " " }.count == Self.roles.count, "\(row.code)")
    }
  }

  @Test(arguments: rows) func everyCellIsAsWritten(_ row: Row) throws {
    try withTemporaryFolder { folder in
      let (study, path) = try row.make(SmallStudy(folder))
      for (role, cell) in zip(Self.roles, row.cells.filter { $0 != " " }) {
        let found = Self.answer(study, path, role)
        let isByAnother = cell == "x" || cell == "w"
        #expect(
          found.mark(of: row.code) == (cell == "x" ? "R" : cell), "\(role): \(found.text)")
        for word in cell == "·" ? [] : isByAnother ? row.others : row.words {
          #expect(found.text.contains(word), "\(role): \(found.text)")
        }
      }
    }
  }

  /// What the door made of a file.
  struct Answer {
    var refusal: Problem?
    /// What the rules said of it, and not its header.
    var told: [Finding] = []

    var text: String { refusal?.sentence ?? told.map(\.text).joined(separator: " | ") }

    func mark(of code: String) -> Character {
      if refusal != nil { return "R" }
      guard let first = told.first else { return "·" }
      guard told.count == 1 else { return "?" }
      switch first.severity {
      case .warning: return first.code == code ? "W" : "w"
      case .note: return first.code == code ? "N" : "?"
      default: return "?"
      }
    }
  }

  static func answer(_ study: LoadedStudy, _ path: String, _ role: Role) -> Answer {
    var copy = study
    do throws(Problem) {
      _ = try copy.read(path, as: role)
    } catch {
      #expect(copy.files.count == study.files.count, "what is refused is not in the study")
      return Answer(refusal: error)
    }
    #expect(copy.files.count == study.files.count + 1)
    let codes = Set(StudyRules.all.map(\.code))
    return Answer(
      told: copy.findings.dropFirst(study.findings.count).filter { codes.contains($0.code) })
  }
}

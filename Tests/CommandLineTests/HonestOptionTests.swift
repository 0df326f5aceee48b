import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// What is given is used, or refused, or its refusal to fit is said: never dropped or taken for something else.
@Suite struct HonestOptionTests {
  private static let bold = SampleCommandTests.bold
  private static let mask = SampleCommandTests.mask

  /// Sixty rows of the six motion parameters.
  private func table(_ folder: String, _ name: String) throws -> String {
    let path = folder + "/" + name
    let names = ["trans_x", "trans_y", "trans_z", "rot_x", "rot_y", "rot_z"]
    let rows = (0..<60).map { t in
      names.indices.map { "\(Double((t * (7 + $0) + $0 * $0) % 13) / 100)" }.joined(separator: "\t")
    }
    try ([names.joined(separator: "\t")] + rows).joined(separator: "\n")
      .write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test func aStrangersMotionIsNotRemoved() throws {
    try withTemporaryFolder { folder in
      let run = try SmallStudy(folder).run("sub-01_ses-1_task-rest_space-MNI152_bold.nii")
      func cleaned(_ table: String, _ more: [String] = []) throws -> Program.Result {
        try Program.run(
          [
            "clean", run, "--confounds", table, "--preset", "6P", "--force", "-o",
            folder + "/c.nii",
          ]
            + more)
      }
      let other = try table(folder, "sub-02_ses-1_task-rest_desc-confounds_timeseries.tsv")
      let refused = try cleaned(other)
      #expect(refused.status == 65, "\(refused.errors)")
      #expect(refused.errors.contains("it is of sub-02, but") && refused.errors.contains("--mixed"))
      #expect(!FileManager.default.fileExists(atPath: folder + "/c.nii"))
      let meant = try cleaned(other, ["--mixed-people"])
      #expect(meant.status == 0 && meant.errors.contains("as stated"), "\(meant.errors)")
      // A link under the person's own name leads to another's table.
      let link = folder + "/sub-01_desc-confounds_timeseries.tsv"
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: other)
      #expect(try cleaned(link).status == 65)
      let visit = try cleaned(try table(folder, "sub-01_ses-2_task-rest_timeseries.tsv"))
      #expect(
        visit.status == 0 && visit.errors.contains("is of ses-2, and the run"), "\(visit.errors)")
      let own = try cleaned(try table(folder, "sub-01_ses-1_task-rest_timeseries.tsv"))
      #expect(own.status == 0 && !own.errors.contains("another run's motion"), "\(own.errors)")
    }
  }

  /// A scan is no seed, though all of its voxels are above 0.
  @Test func aScanIsNoSeed() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let run = try files.run("sub-01_space-MNI152_bold.nii")
      func seeded(_ seed: String) throws -> Program.Result {
        try Program.run([
          "seedmap", run, "--seed", seed, "--band", "none", "--force", "-o", folder + "/o.nii",
        ])
      }
      let scan = try seeded(try files.image("scan_space-MNI152.nii"))
      #expect(scan.status == 65 && scan.errors.contains("that is no seed"), "\(scan.errors)")
      let mask = try seeded(
        try files.image("mask_space-MNI152.nii") { $0.i > 2 && $0.i < 6 && $0.j > 2 ? 1 : 0 })
      #expect(mask.status == 0, "\(mask.errors)")
    }
  }

  /// A radius that nobody asked for is none that a target may be called one by.
  @Test func withoutARadiusNothingIsSelected() throws {
    let made = try Program.run([
      "targets", Self.bold, "--mask", Self.mask, "--bootstrap", "0", "--json",
    ])
    #expect(made.status == 0, "\(made.errors)")
    let found = try answered(made.output)
    #expect(found["selected"] is NSNull)
    #expect(made.output.contains("no redrawn maps"), "\(made.output.prefix(2000))")
  }

  @Test func aTimeAgainstTheFilesOwnIsSaid() throws {
    try withTemporaryFolder { folder in
      let run = try SmallStudy(folder).run("a_space-MNI152_bold.nii")
      let made = try Program.run(["clean", run, "--tr", "3", "-o", folder + "/c.nii"])
      #expect(made.status == 0)
      #expect(
        made.errors.contains("a repetition time of 2 s, and --tr 3 decided against it"),
        "\(made.errors)")
      let same = try Program.run(["clean", run, "--tr", "2", "-o", folder + "/d.nii"])
      #expect(same.status == 0 && !same.errors.contains("decided"), "\(same.errors)")
    }
  }

  @Test func optionsThatAMeasureDoesNotUseAreRefused() throws {
    try withTemporaryFolder { folder in
      let run = try SmallStudy(folder).run("a_space-MNI152_bold.nii")
      for (measure, option) in [
        ("alff", ["--band", "0.02,0.05"]), ("falff", ["--neighbours", "7"]),
        ("tsnr", ["--amplitude-band", "0.02,0.05"]),
      ] {
        let made = try Program.run(
          ["measures", run, "--measure", measure, "-o", folder + "/m.nii"] + option)
        #expect(made.status == 64 && made.errors.contains("does not look at it"), "\(made.errors)")
      }
    }
  }

  /// Rows of numbers that nobody was measured for.
  @Test func tablesOfTheSyntheticPersonSaySo() throws {
    let made = try Program.run(["confounds", Self.bold])
    #expect(made.status == 0 && made.errors.contains("SYNTHETIC PERSON"), "\(made.errors)")
    let json = try Program.run(["confounds", Self.bold, "--json"])
    #expect(try answered(json.output)["simulated"] as? Bool == true)
  }

  /// The axis of a spectrum is that of its bins, and the screen's curve is the command's.
  @Test func theScreensSpectrumIsTheCommands() throws {
    try withTemporaryFolder { folder in
      let shown = try Program.run([
        "snapshot", "--bold", Self.bold, "--mask", Self.mask, "--preset", "none", "--keys",
        ":goto 0,-52,26<Enter>:save spectrum \(folder)/s<Enter>:save course \(folder)/c<Enter>",
        "-o", folder + "/s.txt",
      ])
      #expect(shown.status == 0, "\(shown.errors)")
      // Names stand in quotation marks and hold commas.
      let rows = try readTextFile(folder + "/s.csv").split(separator: "\n").dropFirst().map {
        $0.components(separatedBy: "\",")[1].split(separator: ",")
      }
      let told = try answered(
        try Program.run([
          "measures", Self.bold, "--mask", Self.mask, "--preset", "none", "--spectrum", "0,-52,26",
          "--json",
        ]).output)
      let hertz = try #require(told["hertz"] as? [Double])
      let amplitude = try #require(told["amplitude"] as? [Double])
      #expect(rows.count == hertz.count)
      for (n, row) in rows.enumerated() {
        #expect(abs((Double(row[0]) ?? -1) - hertz[n]) < 1e-6, "\(row)")
        #expect(abs((Double(row[1]) ?? -1) - amplitude[n]) < 1e-3 * max(1, amplitude[n]), "\(row)")
      }
      // Which voxel and which cleaning a course is of stands in every row of it.
      let course = try readTextFile(folder + "/c.csv")
      #expect(course.contains("voxel at +0.0 −52.0 +26.0 mm"), "\(course.prefix(400))")
      #expect(course.contains("as stored") || course.contains("global signal kept"))
    }
  }

  /// The folders of two people beside each other: a target of the one is not aimed in the other's head.
  @Test func aHeadInAnotherPersonsFolderIsRefused() throws {
    try withTemporaryFolder { folder in
      let text =
        "{\"targets\": [{\"name\": \"a\", \"mm\": [-40.0, 38.0, 30.0], \"space\": \"MNI152\", "
        + "\"side\": \"LEFT\", \"person\": \"Mueller_Anna 2024-03-01\"}]}"
      let target = folder + "/t.json"
      try text.write(toFile: target, atomically: true, encoding: .utf8)
      let head = try ImageReader.readVolume(NavigatorCommandTests.head).volume
      for person in ["Mueller_Anna", "Schmidt_Bernd"] {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/ward/\(person)/visit1", withIntermediateDirectories: true)
        try ImageWriter.write(
          "\(folder)/ward/\(person)/visit1/T1.nii",
          Volume(grid: head.grid, values: head.values.map { $0 * 1.5 }), formCode: 4, note: "test",
          overwrite: false)
      }
      func export(_ person: String) throws -> Program.Result {
        try Program.run([
          "target", "export", target, "--anat", "\(folder)/ward/\(person)/visit1/T1.nii", "--to",
          "slicer", "--anat-space", "MNI152", "--undecided", "--force", "-o",
          folder + "/o.mrk.json",
        ])
      }
      let other = try export("Schmidt_Bernd")
      #expect(other.status == 65, "\(other.errors)")
      #expect(other.errors.contains("it lies in the folder of Schmidt_Bernd"), "\(other.errors)")
      #expect(try export("Mueller_Anna").status == 0)
    }
  }
}

/// What a target rests on goes with it, and nothing that it rests on passes by construction.
@Suite struct HonestTargetTests {
  private static let run = [SampleCommandTests.bold, "--mask", SampleCommandTests.mask]

  @Test func aSeedInTheRegionFindsNothing() throws {
    for seed in ["--target-seed=-36,39,43", "--target-seed=-44,40,29"] {
      let made = try Program.run(["targets"] + Self.run + [seed, "--polarity", "correlated"])
      #expect(made.status == 64 && made.errors.contains("it would find itself"), "\(made.errors)")
    }
  }

  /// The same voxels in another packing are no more data.
  @Test func aRepackedRunIsTheSameRun() throws {
    try withTemporaryFolder { folder in
      let run = try SmallStudy(folder).run("a_space-MNI152_bold.nii")
      let packed = folder + "/b_space-MNI152_bold.nii.gz"
      let process = Process()
      process.executableURL = URL(filePath: "/bin/bash")
      process.arguments = ["-c", "gzip -c '\(run)' > '\(packed)'"]
      try process.run()
      process.waitUntilExit()
      let made = try Program.run([
        "seedmap", run, packed, "--seed", "0,0,0", "-o", folder + "/m.nii",
      ])
      #expect(made.status == 64, "\(made.errors)")
      #expect(made.errors.contains("the same run is given twice"), "\(made.errors)")
    }
  }

  @Test func tissueIsWhatItsNameSays() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let run = try files.run("sub-01_space-MNI152_bold.nii")
      for name in ["label-WM_probseg", "desc-brain_mask", "T1w"] {
        let image = try files.image("sub-01_space-MNI152_\(name).nii")
        let made = try Program.run(["targets", run, "--gm", image])
        #expect(made.status == 65 && made.errors.contains("given as --gm"), "\(made.errors)")
      }
    }
  }

  @Test func aPairIsOfTwoPlaces() throws {
    let made = try Program.run(["windows"] + Self.run + ["--seed", "PCC", "--with", "PCC"])
    #expect(made.status == 64 && made.errors.contains("is the seed itself"), "\(made.errors)")
  }
}

/// Norms are of other people, each once, and compared as one more person is.
@Suite struct HonestNormTests {
  private static let run = [
    "networks", SampleCommandTests.bold, "--mask", SampleCommandTests.mask, "--networks",
    SampleCommandTests.sample("desc-networks_dseg.nii.gz"),
  ]

  private func norms(_ folder: String, _ people: [String], _ columns: [String]) throws -> String {
    let path = folder + "/norms.tsv"
    let rows = people.enumerated().map { n, name in
      ([name] + columns.indices.map { "\(0.5 + 0.01 * Double((n * 7 + $0 * 3) % 5))" })
        .joined(separator: "\t")
    }
    try ([(["participant_id"] + columns).joined(separator: "\t")] + rows).joined(separator: "\n")
      .write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test func tablesThatCompareWithNothingAreRefused() throws {
    try withTemporaryFolder { folder in
      let six = ["a", "b", "c", "d", "e", "f"]
      for (people, columns, words) in [
        (["a", "b", "c", "d"], ["alff:visual"], "it has 4 people"),
        (["a", "b", "c", "d", "e", "a"], ["alff:visual"], "stands in it twice"),
        (six, ["alff"], "no column is measure:network"),
        (six, ["visual:alff"], "none of its numbers is of these networks"),
      ] {
        let made = try Program.run(
          Self.run + ["--norms", try norms(folder, people, columns)])
        #expect(made.status == 65 && made.errors.contains(words), "\(made.errors)")
      }
      let table = try norms(folder, six, ["alff:visual"])
      let useless = try Program.run(Self.run + ["--norms", table, "--covariates", "age=90"])
      #expect(useless.status == 64 && useless.errors.contains("has no covariate age"))
    }
  }

  @Test func aMapsOwnNamesAreNotOverruled() throws {
    let made = try Program.run(Self.run + ["--names", "yeo7"])
    #expect(made.status == 65 && made.errors.contains("the table beside it calls label"))
  }
}

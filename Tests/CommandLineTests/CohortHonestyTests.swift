import Foundation
import TestSupport
import Testing

/// `bids`: what stands beside its files is true, and nothing finished or strange goes without a word.
@Suite struct CohortHonestyTests {
  private func sidecar(_ path: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(filePath: path))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test func onlyMeansOfTheSameAreNormals() throws {
    try withTemporaryFolder { folder in
      let cohort = try SmallCohort(folder, people: 5)
      let out = folder + "/out"
      #expect(try Program.run(CohortCommandTests.level(cohort, out)).status == 0)
      #expect(try Program.run(CohortCommandTests.level(cohort, out, "group")).status == 0)
      try comparePerfusion(cohort, out)
      try compareMeasures(cohort, out)
    }
  }

  private func comparePerfusion(_ cohort: SmallCohort, _ out: String) throws {
    let person = "sub-01/spect/sub-01_space-MNI152NLin2009cAsym_spect.nii"
    func against(_ map: String, _ more: [String] = []) throws -> Program.Result {
      let stem = "\(out)/group/group_stat-\(map)_desc-"
      return try Program.run(
        [
          "perfusion", "\(cohort.study)/\(person)", "--json", "--normals",
          stem + "mean_cerebralmap.nii.gz", stem + "sd_cerebralmap.nii.gz",
        ] + more)
    }
    let percent = try against("percent")
    #expect(percent.status == 0, "\(percent.errors)")
    // The number of people is the sidecar's.
    let parameters = try #require(try answered(percent.output)["parameters"] as? [String: Any])
    #expect(parameters["normals"] as? Int == 5)
    #expect(try against("percent", ["--normals-count", "5"]).status == 0)
    let other = try against("percent", ["--normals-count", "9"])
    #expect(other.status == 65 && other.errors.contains("of 5 people"), "\(other.errors)")
    let asymmetry = try against("asymmetry")
    #expect(asymmetry.status == 65)
    #expect(asymmetry.errors.contains("it is of asymmetry index"), "\(asymmetry.errors)")
    let mean = try sidecar(out + "/group/group_stat-percent_desc-mean_cerebralmap.json")
    let group = try #require(mean["group"] as? [String: Any])
    let cleaning = try #require(group["cleaning"] as? [String: Any])
    #expect((cleaning["reference"] as? String)?.isEmpty == false)
  }

  private func compareMeasures(_ cohort: SmallCohort, _ out: String) throws {
    let run = cohort.study + "/" + SmallCohort.bold("sub-01")
    func against(_ map: String, _ more: [String]) throws -> Program.Result {
      let stem = "\(out)/group/group_stat-\(map)_desc-"
      return try Program.run(
        [
          "measures", run, "--mask",
          run.replacing("desc-preproc_bold", with: "desc-brain_mask"), "--measure", map,
          "--confounds", cohort.study + "/" + SmallCohort.confounds("sub-01"), "--preset", "24P",
          "--reference-mean", stem + "mean_boldmap.nii.gz", "--reference-sd",
          stem + "sd_boldmap.nii.gz", "-o", "\(out)/../z\(UUID().uuidString).nii",
        ] + more)
    }
    let cases: [(String, [String], Int32, String)] = [
      ("reho", [], 0, ""), ("reho", ["--neighbours", "27", "--reference-n", "5"], 0, ""),
      ("reho", ["--neighbours", "7"], 65, "it is of reho of 27 voxels"),
      ("reho", ["--neighbours", "19"], 65, "it is of reho of 27 voxels"),
      ("reho", ["--reference-n", "7"], 65, "of 5 people"),
      ("alff", ["--scale", "mean"], 0, ""),
      (
        "alff", ["--scale", "mean", "--amplitude-band", "0.02,0.08"], 65,
        "it is of alff of 0.01-0.08 Hz"
      ),
    ]
    for (map, more, status, words) in cases {
      let result = try against(map, more)
      #expect(result.status == status, "\(map) \(more): \(result.errors)")
      #expect(words.isEmpty || result.errors.contains(words), "\(map) \(more): \(result.errors)")
    }
  }

  @Test func targetsStateTheCleaningThatTheyWereLookedForIn() throws {
    try withTemporaryFolder { folder in
      let cohort = try SmallCohort(folder, people: 1)
      let out = folder + "/out"
      let made = try Program.run([
        "bids", cohort.study, out, "participant", "--bootstrap", "0", "--parts", "targets",
        "motion",
      ])
      #expect(made.status == 0, "\(made.errors)")
      func parameters(_ kind: String) throws -> [String: Any] {
        try #require(
          try sidecar("\(out)/sub-01/sub-01_\(kind).json")["parameters"] as? [String: Any])
      }
      func degrees(_ kind: String) throws -> Int? {
        let lines = try String(contentsOfFile: "\(out)/sub-01/sub-01_\(kind).tsv", encoding: .utf8)
          .split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
        let column = try #require(lines[0].firstIndex(of: "degrees_of_freedom"))
        return Int(lines[1][column])
      }
      let (targets, motion) = (try parameters("targets"), try parameters("motion"))
      #expect(try degrees("targets") == targets["degrees_of_freedom"] as? Int)
      #expect(try degrees("motion") == motion["degrees_of_freedom"] as? Int)
      #expect(try degrees("targets") != degrees("motion"))
      #expect(targets["global_signal_removed"] as? Bool == true)
      #expect(motion["global_signal_removed"] as? Bool == false)
      let record = try sidecar("\(out)/sub-01/sub-01_desc-cohort_record.json")
      let options = try #require(record["options"] as? [String: Any])
      let plan = try #require(options["protocol"] as? [String: Any])
      #expect(
        plan.values.contains { $0 as? Double == targets["smoothing_fwhm_mm"] as? Double },
        "\(plan) \(targets)")
      #expect((targets["smoothing_fwhm_mm"] as? Double ?? 0) > 0)
    }
  }

  @Test func fewerPartsTakeNothingFinishedAway() throws {
    try withTemporaryFolder { folder in
      let cohort = try SmallCohort(folder, people: 1)
      let out = folder + "/out"
      #expect(try Program.run(CohortCommandTests.level(cohort, out)).status == 0)
      let before = try contents(of: out)
      func narrower(_ more: [String]) throws -> Program.Result {
        let result = try Program.run(
          [
            "bids", cohort.study, out, "participant", "--seed", "sgACC", "--bootstrap", "0",
            "--parts", "motion", "--json",
          ] + more)
        #expect(try contents(of: out) == before, "\(more)")
        return result
      }
      let same = try narrower([])
      #expect(same.status == 0, "\(same.errors)")
      #expect(try answered(same.output)["skipped"] as? Int == 1)
      let other = try narrower(["--polort", "1"])
      #expect(other.status == 73)
      #expect(other.errors.contains("maps, perfusion"), "\(other.errors)")
      let nobody = try narrower(["--task", "nback"])
      #expect(nobody.status == 66)
      #expect(nobody.errors.contains("one of rest"), "\(nobody.errors)")
      // Another task of the same person: its results would take the place of the first.
      for file in [SmallCohort.bold("sub-01"), SmallCohort.confounds("sub-01")] {
        try FileManager.default.copyItem(
          atPath: cohort.study + "/" + file,
          toPath: cohort.study + "/" + file.replacing("task-rest", with: "task-nback"))
      }
      let task = try narrower(["--task", "task-nback"])
      #expect(task.status == 73)
      #expect(task.errors.contains("another task"), "\(task.errors)")
    }
  }

  @Test func whoIsPassedOverHasARowWithTheReason() throws {
    try withTemporaryFolder { folder in
      let cohort = try SmallCohort(folder, people: 1)
      let files = FileManager.default
      try files.createSymbolicLink(
        atPath: cohort.study + "/sub-07", withDestinationPath: folder + "/nowhere")
      try files.createDirectory(
        atPath: cohort.study + "/sub-a_b", withIntermediateDirectories: true)
      try files.createDirectory(
        atPath: cohort.study + "/sub-08/func", withIntermediateDirectories: true)
      // A run that is named as another's: listed, and nothing that can be used.
      try files.copyItem(
        atPath: cohort.study + "/" + SmallCohort.bold("sub-01"),
        toPath: cohort.study + "/sub-08/func/sub-03_task-rest_bold.nii")
      let out = folder + "/out"
      let result = try Program.run(CohortCommandTests.level(cohort, out))
      #expect(result.status == 75, "\(result.errors)")
      let rows = try CohortCommandTests.outcomes(out)
      #expect(rows.contains { $0.hasPrefix("sub-01\tn/a\tdone") })
      for (person, words) in [
        ("sub-07", "leads nowhere"), ("sub-a_b", "no BIDS label"), ("sub-08", "named as another's"),
      ] {
        #expect(
          rows.contains { $0.hasPrefix(person + "\tn/a\tfailed\t") && $0.contains(words) },
          "\(person): \(rows)")
      }
    }
  }

  @Test func whatIsSimulatedSaysSoOnThePage() throws {
    try withTemporaryFolder { folder in
      let cohort = try SmallCohort(folder, people: 2)
      let scan = "\(cohort.study)/sub-02/spect/sub-02_space-MNI152NLin2009cAsym_spect.nii"
      // The header's description.
      let handle = try #require(FileHandle(forWritingAtPath: scan))
      try handle.seek(toOffset: 148)
      try handle.write(contentsOf: Data("SIMULATED\0".utf8))
      try handle.close()
      let out = folder + "/out"
      #expect(try Program.run(CohortCommandTests.level(cohort, out)).status == 0)
      #expect(try Program.run(CohortCommandTests.level(cohort, out, "group")).status == 0)
      let page = try String(contentsOfFile: out + "/group/group_qc.html", encoding: .utf8)
      #expect(page.contains("sub-02</b> <b class=\"bad\">SIMULATED: perfusion</b>"))
      #expect(page.components(separatedBy: "SIMULATED").count == 2)
      for (person, isSimulated) in [("sub-01", false), ("sub-02", true)] {
        let picture = try Data(
          contentsOf: URL(filePath: "\(out)/\(person)/\(person)_desc-qc_thumbnail.png"))
        #expect((picture.range(of: Data("SIMULATED: row 2".utf8)) != nil) == isSimulated)
      }
    }
  }

  @Test func aStoppedRunSaysWhatIsKept() throws {
    try withTemporaryFolder { folder in
      let cohort = try SmallCohort(folder, people: 4)
      let out = folder + "/out"
      let process = Process()
      process.executableURL = Program.url
      process.arguments = CohortCommandTests.level(cohort, out)
      let errors = Pipe()
      process.standardError = errors
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      while process.isRunning, ((try? CohortCommandTests.outcomes(out)) ?? []).count < 2 {
        usleep(2000)
      }
      kill(process.processIdentifier, SIGINT)
      let told = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 130)
      #expect(told.contains("of 4 visits were gone through and are kept"), "\(told)")
      #expect(!told.contains("nothing was kept"))
      #expect(try CohortCommandTests.outcomes(out).count >= 2)
    }
  }
}

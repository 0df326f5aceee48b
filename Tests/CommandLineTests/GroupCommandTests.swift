import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// `bids … group`: means over people, and what compares with them.
@Suite struct GroupCommandTests {
  @Test func meansAreThoseOfThePeopleAndKnowHowTheyWereMade() throws {
    try withTemporaryFolder { folder in
      let cohort = try SmallCohort(folder, people: 6, broken: 4)
      let out = folder + "/out"
      #expect(try Program.run(CohortCommandTests.level(cohort, out)).status == 75)
      let made = try Program.run(CohortCommandTests.level(cohort, out, "group", ["--json"]))
      #expect(made.status == 0, "\(made.errors)")
      let answer = try answered(made.output)
      #expect(answer["people"] as? Int == 5)
      let findings = try #require(answer["findings"] as? [[String: Any]])
      #expect(findings.contains { $0["file"] as? String == "sub-04" })
      // The mean and SD of one voxel by hand.
      let maps = try [1, 2, 3, 5, 6].map {
        try ImageReader.readVolume("\(out)/sub-0\($0)/sub-0\($0)_stat-alff_boldmap.nii.gz").volume
      }
      func group(_ word: String) throws -> [Float] {
        try ImageReader.readVolume("\(out)/group/group_stat-alff_desc-\(word)_boldmap.nii.gz")
          .volume.values
      }
      let (mean, sd, n) = (try group("mean"), try group("sd"), try group("n"))
      let at = try #require(maps[0].values.firstIndex { $0.isFinite })
      let x = maps.map { Double($0.values[at]) }
      let average = x.reduce(0, +) / 5
      let spread = (x.reduce(0) { $0 + ($1 - average) * ($1 - average) } / 4).squareRoot()
      #expect(abs(Double(mean[at]) - average) < 1e-5 && abs(Double(sd[at]) - spread) < 1e-5)
      #expect(n[at] == 5)
      let page = try String(contentsOfFile: out + "/group/group_qc.html", encoding: .utf8)
      #expect(page.components(separatedBy: "<img ").count == 6)
      #expect(
        page.contains("sub-04</b> failed") && !page.contains("http:") && !page.contains("https:"))
      try compare(cohort, out)
    }
  }

  /// Tables and norms in which one person was not measured say so, and those of measured people do not.
  @Test(arguments: [false, true]) func whoWasNotMeasuredIsSaidOfTheTables(_ isMade: Bool) throws {
    try withTemporaryFolder { folder in
      let cohort = try SmallCohort(folder, people: 3)
      if isMade {
        let path = "\(cohort.study)/sub-02/spect/sub-02_space-MNI152NLin2009cAsym_spect.nii"
        let volume = try ImageReader.readVolume(path).volume
        try ImageWriter.write(
          path, volume, formCode: 4, note: syntheticPersonMark, overwrite: true)
      }
      let out = folder + "/out"
      let made = try Program.run(CohortCommandTests.level(cohort, out))
      #expect(made.status == 0, "\(made.errors)")
      #expect(try Program.run(CohortCommandTests.level(cohort, out, "group")).status == 0)
      let text = try readTextFile(out + "/group/group_perfusion.json")
      let table = try #require(
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      #expect((table["simulated"] as? Bool ?? false) == isMade, "\(text)")
      let page = try String(contentsOfFile: out + "/group/group_qc.html", encoding: .utf8)
      #expect(page.contains("SIMULATED: perfusion") == isMade)
    }
  }

  /// Results that somebody changed or lost are nobody's any more; the others' group is made all the same.
  @Test func aChangedResultLeavesItsPersonOut() throws {
    try withTemporaryFolder { folder in
      let cohort = try SmallCohort(folder, people: 5)
      let out = folder + "/out"
      #expect(try Program.run(CohortCommandTests.level(cohort, out)).status == 0)
      try "changed".write(
        toFile: out + "/sub-02/sub-02_motion.tsv", atomically: true, encoding: .utf8)
      try FileManager.default.removeItem(atPath: out + "/sub-04/sub-04_stat-alff_boldmap.nii.gz")
      let made = try Program.run(CohortCommandTests.level(cohort, out, "group", ["--json"]))
      #expect(made.status == 0, "\(made.errors)")
      let answer = try answered(made.output)
      #expect(answer["people"] as? Int == 3)
      let findings = try #require(answer["findings"] as? [[String: Any]])
      let texts = findings.compactMap { $0["text"] as? String }
      for (who, what) in [("sub-02", "motion.tsv"), ("sub-04", "stat-alff_boldmap.nii.gz")] {
        let path = "\(who)/\(who)_\(what)"
        let told =
          "\(who) is left out of the group: its result \(path) is not the file that was written; run the participant level again."
        #expect(texts.contains(told), "\(texts)")
      }
      let page = try String(contentsOfFile: out + "/group/group_qc.html", encoding: .utf8)
      #expect(page.contains("sub-02 is left out of the group: ") && page.contains("3 people"))
    }
  }

  /// Notes on the page of the group are somebody's work; and what is averaged of correlations is no r.
  @Test func aChangedFileOfTheGroupStays() throws {
    try withTemporaryFolder { folder in
      let cohort = try SmallCohort(folder, people: 2)
      let out = folder + "/out"
      func level(_ name: String) throws -> Program.Result {
        try Program.run(CohortCommandTests.level(cohort, out, name))
      }
      #expect(try level("participant").status == 0)
      for _ in 0..<2 { #expect(try level("group").status == 0) }
      let names = try FileManager.default.contentsOfDirectory(atPath: out + "/group")
      #expect(names.contains { $0.contains("_stat-fisherz_desc-mean_") })
      #expect(!names.contains { $0.contains("_stat-r_") })
      let motion = try String(contentsOfFile: out + "/group/group_motion.tsv", encoding: .utf8)
      let table = try TextTable(motion, file: "motion")
      let dvars = try #require(table.names.firstIndex(of: "mean_std_dvars"))
      for row in table.rows {
        #expect((0.3...4).contains(try #require(Double(row[dvars]))), "\(row[dvars])")
      }
      let page = out + "/group/group_qc.html"
      let noted = try String(contentsOfFile: page, encoding: .utf8) + "<!-- seen, sub-02 moves -->"
      try noted.write(toFile: page, atomically: true, encoding: .utf8)
      let refused = try level("group")
      #expect(refused.status == 73 && refused.errors.contains("group_qc.html"), "\(refused.errors)")
      #expect(try String(contentsOfFile: page, encoding: .utf8) == noted)
    }
  }

  /// A person against the group: cleaned alike, and otherwise.
  private func compare(_ cohort: SmallCohort, _ out: String) throws {
    let run = cohort.study + "/" + SmallCohort.bold("sub-01")
    let mask = run.replacing("desc-preproc_bold", with: "desc-brain_mask")
    func against(_ more: [String], _ ending: String) throws -> Program.Result {
      try Program.run(
        [
          "measures", run, "--mask", mask, "--measure", "alff", "--scale", "mean", "--confounds",
          cohort.study + "/" + SmallCohort.confounds("sub-01"), "--reference-mean",
          "\(out)/group/group_\(ending)_desc-mean_boldmap.nii.gz", "--reference-sd",
          "\(out)/group/group_\(ending)_desc-sd_boldmap.nii.gz", "--reference-n", "5", "-o",
          "\(out)/../z\(UUID().uuidString).nii",
        ] + more)
    }
    let alike = try against(["--preset", "24P"], "stat-alff")
    #expect(alike.status == 0, "\(alike.errors)")
    #expect(!alike.errors.contains("how its people were cleaned"))
    let otherwise = try against(["--preset", "6P"], "stat-alff")
    #expect(otherwise.status == 65)
    #expect(otherwise.errors.contains("these confounds removed"), "\(otherwise.errors)")
    let another = try against(["--preset", "24P"], "stat-reho")
    #expect(another.status == 65)
    #expect(another.errors.contains("it is of reho"), "\(another.errors)")
    // What says nothing of its people is taken, and that is said.
    let sidecar = "\(out)/group/group_stat-alff_desc-mean_boldmap.json"
    try FileManager.default.removeItem(atPath: sidecar)
    let silent = try against(["--preset", "24P"], "stat-alff")
    #expect(silent.status == 0)
    #expect(silent.errors.contains("nothing beside it says how its people were cleaned"))
  }

  @Test func peopleWhoWereCleanedInTwoWaysHaveNoMean() throws {
    try withTemporaryFolder { folder in
      let cohort = try SmallCohort(folder, people: 2)
      let out = folder + "/out"
      #expect(try Program.run(CohortCommandTests.level(cohort, out)).status == 0)
      let one = try Program.run(
        CohortCommandTests.level(
          cohort, out, "participant", ["--polort", "1", "--participant-label", "02"]))
      #expect(one.status == 0)
      let refused = try Program.run(CohortCommandTests.level(cohort, out, "group"))
      #expect(refused.status == 65)
      #expect(refused.errors.contains("'sub-02'") && refused.errors.contains("other options"))
    }
  }

  @Test func namesOfAnyOriginStayText() throws {
    try withTemporaryFolder { folder in
      let cohort = try SmallCohort(folder, people: 1)
      let name = "sub-<script>alert(1)&\u{1b}[31m"
      try cohort.add(name, seed: 9, isBroken: true)
      let out = folder + "/out"
      let result = try Program.run(CohortCommandTests.level(cohort, out))
      #expect(result.status == 75, "\(result.errors)")
      #expect(!result.errors.contains("\u{1b}") && !result.output.contains("\u{1b}"))
      let table = try String(contentsOfFile: out + "/outcomes.tsv", encoding: .utf8)
      #expect(!table.contains("\u{1b}") && table.split(separator: "\n").count == 3)
      #expect(try Program.run(CohortCommandTests.level(cohort, out, "group")).status == 0)
      let page = try String(contentsOfFile: out + "/group/group_qc.html", encoding: .utf8)
      #expect(page.contains("&lt;script&gt;alert(1)&amp;"))
      #expect(!page.contains("<script") && !page.contains("\u{1b}"))
    }
  }
}

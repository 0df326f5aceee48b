import Basics
import Foundation
import ImageFiles
import TestSupport
import Testing

/// `report` of a folder's visit: what was asked for beside it, whose files they are, and what sides are worth.
@Suite struct ReportVisitTests {
  static let network = SampleCommandTests.sample("desc-networks_dseg.nii.gz")
  static let models = RealData.project.appending(path: "SampleData/models").path + "/"

  /// A person with two visits, each with confounds; a SPECT that names nobody comes by itself.
  private func study(_ folder: String) throws -> String {
    let small = SmallStudy(folder)
    for (n, session) in ["1", "2"].enumerated() {
      let place = "study/sub-a/ses-\(session)/func"
      try FileManager.default.createDirectory(
        atPath: folder + "/" + place, withIntermediateDirectories: true)
      let stem = place + "/sub-a_ses-\(session)_task-rest_"
      _ = try small.run(stem + "space-MNI152NLin6Asym_desc-preproc_bold.nii", seed: n + 3)
      let names = [
        "trans_x", "trans_y", "trans_z", "rot_x", "rot_y", "rot_z", "white_matter", "csf",
      ]
      var rows = [names.joined(separator: "\t")]
      for t in 0..<60 {
        rows.append(
          names.indices.map { "\(Double((t * (7 + 4 * $0) + $0 * n) % 13) / 1000)" }
            .joined(separator: "\t"))
      }
      try Data((rows.joined(separator: "\n") + "\n").utf8).write(
        to: URL(filePath: folder + "/" + stem + "desc-confounds_timeseries.tsv"))
    }
    return folder + "/study"
  }

  /// The lines of the page's text after a visit's report.
  private func page(
    _ place: String, _ more: [String], in folder: String, environment: [String: String] = [:]
  ) throws -> (text: String, errors: String) {
    let out = folder + "/page.html"
    let found = try Program.run(
      ["report", place] + more + ["--protocol", "none", "--force", "-o", out],
      environment: environment)
    #expect(found.status == 0, "\(found.errors)")
    // Lines of the text are folded.
    let words = try readTextFile(folder + "/page.txt").split(whereSeparator: \.isWhitespace)
    return (words.joined(separator: " "), found.errors)
  }

  @Test func whatWasAskedForIsDone() throws {
    try withTemporaryFolder { folder in
      let place = try study(folder)
      let one = ["--session", "1"]
      let usual = try page(place, one, in: folder)
      #expect(usual.text.contains("preset wm+csf"), "\(usual.text)")
      #expect(usual.text.contains("nobody named them"))
      let columns = try page(place, one + ["--columns", "trans_x,csf"], in: folder)
      #expect(columns.text.contains("confounds columns trans_x, csf"), "\(columns.text)")
      #expect(!columns.text.contains("wm+csf") && !columns.text.contains("nobody named them"))
      let none = try page(place, one + ["--preset", "none"], in: folder)
      #expect(none.text.contains("confounds none: no preset and no columns"), "\(none.text)")
      #expect(none.text.contains("MOTION NOT MODELLED"))
      let own = try page(place, one + ["--preset", "6P"], in: folder)
      #expect(own.text.contains("preset 6P") && !own.text.contains("nobody named them"))
      // Limits of pieces count.
      let limits = try page(
        place, one + ["--preset", "6P", "--fd", "0.01", "--min-run", "1"], in: folder)
      let longer = try page(
        place, one + ["--preset", "6P", "--fd", "0.01", "--min-run", "20"], in: folder)
      #expect(limits.text != longer.text)
      let white = try SmallStudy(folder).image("white_space-MNI152.nii")
      let tissue = try page(place, one + ["--wm", white], in: folder)
      #expect(tissue.errors.contains("white_space-MNI152.nii"), "\(tissue.errors)")
      let flow = try page(
        place, one + ["--asl", try SmallStudy(folder).image("asl_space-MNI152.nii")], in: folder)
      #expect(flow.text.contains("SIMULATED FROM ASL"), "\(flow.text)")
    }
  }

  @Test func changeIsSinceAnotherVisit() throws {
    try withTemporaryFolder { folder in
      let place = try study(folder)
      let out = ["--protocol", "none", "-o", folder + "/x.html"]
      let found = try Program.run(["report", place, "--session", "1", "--since", "ses-1"] + out)
      #expect(found.status == 64 && found.errors.contains("--since"), "\(found.errors)")
      let change = try page(
        place, ["--session", "2", "--since", "1", "--seed", "0,0,0,8"], in: folder)
      #expect(change.text.contains("- Change from sub-a_ses-1"), "\(change.text)")
      #expect(change.text.contains("confounds of the other visit"))
    }
  }

  @Test func aFileThatNamesNobodyIsTold() throws {
    try withTemporaryFolder { folder in
      let place = try study(folder)
      let grey = try SmallStudy(folder).image("grey_space-MNI152.nii")
      let found = try page(place, ["--session", "1", "--gm", grey], in: folder)
      #expect(found.text.contains("grey_space-MNI152.nii names no person"), "\(found.text)")
      #expect(found.errors.contains("names no person; that it is of sub-a is not known from it"))
      #expect(found.text.contains("1 of the files below names no person"))
    }
  }

  @Test func normsAreListedAndFindingsNamed() throws {
    try withTemporaryFolder { folder in
      // A folder that brings its networks.
      let place = folder + "/sample"
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
      for file in [SampleCommandTests.bold, SampleCommandTests.mask, Self.network]
        + ["confounds.tsv", "bold.json", "spect.nii.gz", "desc-networks_dseg.tsv"].map(
          SampleCommandTests.sample)
      {
        try FileManager.default.copyItem(atPath: file, toPath: place + "/" + fileName(file))
      }
      let mean = Self.models + "normals_space-MNI152_res-4_stat-mean.nii.gz"
      let sd = Self.models + "normals_space-MNI152_res-4_stat-sd.nii.gz"
      let norms = Self.models + "normals_networks.tsv"
      let found = try page(
        place, ["--norms", norms, "--normals", mean, "--normals", sd, "--normals-count", "20"],
        in: folder)
      for file in [mean, sd, norms, Self.network] {
        let hash = try Provenance("file", file: file).sha256
        #expect(found.text.contains(fileName(file)) && found.text.contains(hash), "\(file)")
      }
      #expect(found.text.contains("Networks are taken from it: it lies beside the run."))
      #expect(found.text.contains("; lowest mean of the voxels' z: "), "\(found.text)")
      #expect(found.text.contains("* the regions of the lowest and the highest side"))
      #expect(found.text.contains("nothing beside normals_networks.tsv says how its people"))
      #expect(!found.text.contains("less coupled; default mode"))
      // Norms that say that they were cleaned otherwise are refused, as the command refuses them.
      let other = folder + "/other.tsv"
      try FileManager.default.copyItem(atPath: norms, toPath: other)
      try #"{"group": {"measure": "networks", "people": 20, "cleaning": {"polort": 4}}}"#.write(
        toFile: folder + "/other.json", atomically: true, encoding: .utf8)
      let refused = try page(place, ["--norms", other], in: folder)
      #expect(refused.text.contains("! networks: not made. 'other.tsv': it was made with a drift"))
    }
  }

  @Test func mirroredSidesComeFirst() throws {
    try withTemporaryFolder { folder in
      let state = ["XDG_STATE_HOME": folder + "/state"]
      let images = [SampleCommandTests.bold, ReportCommandTests.spect]
      let hashes = try images.map { try ImageReader.identify($0).sha256 }
      let path = folder + "/state/boldspect"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      func write(_ decision: String) throws {
        let pair = """
          {"GeneratedBy": "boldspect", "kind": "sides", "format": 1, "sides": [{"first": "\(hashes[0])", \
          "second": "\(hashes[1])", "verdict": "mirrored", "margin": -8.5, "stored": 1.1, "mirrored": 1.2, \
          "decision": \(decision)}]}
          """
        // It is kept under either.
        for hash in hashes {
          let kept = path + "/sides-\(hash.prefix(32)).json"
          try pair.write(toFile: kept, atomically: true, encoding: .utf8)
        }
      }
      func text() throws -> String {
        let found = try Program.run(
          ["report", "--bold", images[0], "--spect", images[1]] + ReportCommandTests.run
            + ["--protocol", "none", "--force", "-o", folder + "/page.html"], environment: state)
        #expect(found.status == 0, "\(found.errors)")
        return try readTextFile(folder + "/page.txt")
          .split(whereSeparator: \.isWhitespace).joined(separator: " ")
      }
      try write("null")
      let blocked = try text()
      #expect(
        blocked.contains("In short ======== - LEFT and RIGHT: MIRRORED and BLOCKED."), "\(blocked)")
      #expect(!blocked.contains("known; LEFT and RIGHT are the person's own"))
      #expect(blocked.components(separatedBy: "! LEFT and RIGHT: MIRRORED and BLOCKED").count > 3)
      try write(
        #"{"reason": "a marker lies on the right", "rater": "R. Hand", "time": "2024-05-06T07:08:09Z"}"#
      )
      let decided = try text()
      #expect(!decided.contains("MIRRORED and BLOCKED"))
      for words in ["BY DECISION of R. Hand on 2024-05-06", "a marker lies on the right"] {
        #expect(decided.components(separatedBy: words).count > 3, "\(decided)")
      }
    }
  }
}

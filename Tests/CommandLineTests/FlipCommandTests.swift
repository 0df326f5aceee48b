import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// `boldspect flipcheck`, and what it blocks.
@Suite struct FlipCommandTests {
  private static func answer(_ result: Program.Result) throws -> [String: Any] {
    #expect(result.status == 0, "\(result.errors)")
    return try answered(result.output)
  }

  /// A mask has a head's outline, which is nearly the same in a mirror.
  @Test func aMaskIsNoHead() throws {
    try withTemporaryFolder { folder in
      let mask = SampleCommandTests.mask
      // An atlas has over a hundred numbers, and a surface that grows in it would fly apart.
      let atlas = try Program.run(
        [
          "flipcheck", "/usr/share/mricron/templates/ch2.nii.gz",
          "/usr/share/mricron/templates/aal.nii.gz",
        ],
        environment: ["XDG_STATE_HOME": folder + "/state"])
      #expect(atlas.status == 65 && atlas.errors.contains("it is a label map"), "\(atlas.errors)")
      for arguments in [
        ["flipcheck", "/usr/share/mricron/templates/ch2.nii.gz", mask],
        [
          "register", mask, "--to", SampleCommandTests.sample("T1w.nii.gz"), "-o",
          folder + "/t.txt",
        ],
      ] {
        let refused = try Program.run(arguments, environment: ["XDG_STATE_HOME": folder + "/state"])
        #expect(
          refused.status == 65 && refused.errors.contains("it is a mask"), "\(refused.errors)")
      }
    }
  }

  /// The brain of a real head in an EPI's contrast, as stored and mirrored, against its T1.
  @Test func aMirroredImageIsFoundAndRemembered() throws {
    try withTemporaryFolder { folder in
      let state = ["XDG_STATE_HOME": folder + "/state"]
      let brain = try ImageReader.readVolume("/usr/share/mricron/templates/ch2bet.nii.gz").volume
      let grid = try #require(
        Grid(
          dimensions: (60, 72, 60),
          worldFromVoxel: Affine(spacing: (3, 3, 3), origin: WorldPoint(-88, -124, -70))))
      let small = brain.smoothed(fwhm: 3).resampled(to: grid, .linear)
      func write(_ name: String, mirrored: Bool) throws -> String {
        var values = small.values.map { $0.isFinite && $0 > 20 ? 150 - $0 : 0 }
        if mirrored {
          let stored = values
          for n in values.indices {
            values[n] = stored[n - n % grid.nx + grid.nx - 1 - n % grid.nx]
          }
        }
        let path = folder + "/" + name
        try ImageWriter.write(
          path, Volume(grid: grid, values: values), formCode: 1, note: "test", overwrite: false)
        return path
      }
      let head = "/usr/share/mricron/templates/ch2.nii.gz"
      let same = try write("a.nii", mirrored: false)
      let mirrored = try write("b.nii", mirrored: true)
      func check(_ file: String, _ more: [String] = []) throws -> [String: Any] {
        try Self.answer(
          try Program.run(["flipcheck", head, file, "--json"] + more, environment: state))
      }
      let first = try check(same)
      #expect(first["verdict"] as? String == "same")
      #expect(try #require(first["margin"] as? Double) > 3)
      let second = try check(mirrored)
      #expect(second["verdict"] as? String == "mirrored" && second["blocks"] as? Bool == true)
      #expect(second["was_known"] as? Bool == false)
      let again = try check(mirrored)
      #expect(
        again["was_known"] as? Bool == true
          && again["margin"] as? Double == second["margin"] as? Double)
      // It is told of the image alone, too, and nothing of it goes out.
      let alone = try Program.run(["info", mirrored, "--json"], environment: state)
      #expect(alone.output.contains("sides-mirrored"))
      let fair = try Program.run(["info", same, "--json"], environment: state)
      #expect(!fair.output.contains("sides-mirrored"))
      // A decision needs a reason, and lifts the block.
      let silent = try Program.run(
        ["flipcheck", head, mirrored, "--decide", " ok "], environment: state)
      #expect(silent.status == 64 && silent.errors.contains("no reason"))
      let decided = try check(mirrored, ["--decide", "vitamin E marker seen on the right"])
      #expect(decided["blocks"] as? Bool == false)
      let after = try Program.run(["info", mirrored, "--json"], environment: state)
      // What rests on it says so from now on, alone and in what is made of it.
      #expect(!after.output.contains("sides-mirrored"))
      #expect(
        after.output.contains("sides-decided") && after.output.contains("vitamin E marker seen"))
      let made = try Program.run(
        ["smooth", mirrored, "-o", folder + "/s.nii", "--fwhm", "6"], environment: state)
      #expect(made.status == 0, "\(made.errors)")
      let sidecar = try String(contentsOfFile: folder + "/s.json", encoding: .utf8)
      #expect(sidecar.contains("SIDES BY DECISION"), "\(sidecar)")
      #expect(
        (decided["decision"] as? [String: Any])?["reason"] as? String
          == "vitamin E marker seen on the right")
    }
  }

  /// A target of an image that is mirrored against the T1 goes to no navigator until a person decided, and then
  /// the decision goes along.
  @Test func aMirroredPairIsNotExported() throws {
    try withTemporaryFolder { folder in
      let state = ["XDG_STATE_HOME": folder + "/state"]
      let bold = SampleCommandTests.bold
      let head = NavigatorCommandTests.head
      #expect(
        try Program.run([
          "targets", bold, "--mask", SampleCommandTests.mask, "--bootstrap", "0", "-o",
          folder + "/t.tsv",
        ]).status == 0)
      func export(_ out: String) throws -> Program.Result {
        try Program.run(
          [
            "target", "export", folder + "/t.json", "--name", "candidate-1", "--anat", head, "--to",
            "simnibs", "--undecided", "-o", folder + "/" + out,
          ], environment: state)
      }
      let hashes = try [bold, head].map { try ImageReader.identify($0).sha256 }
      let path = folder + "/state/boldspect"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      let pair = """
        {"GeneratedBy": "boldspect", "kind": "sides", "format": 1, "sides": [{"first": "\(hashes[0])", \
        "second": "\(hashes[1])", "verdict": "mirrored", "margin": -8.5, "stored": 1.1, "mirrored": 1.2, \
        "decision": null}]}
        """
      let smaller = try #require(hashes.min())
      try pair.write(
        toFile: path + "/sides-\(smaller.prefix(32)).json", atomically: true, encoding: .utf8)
      let blocked = try export("a.csv")
      #expect(blocked.status == 65 && blocked.errors.contains("MIRRORED"), "\(blocked.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder + "/a.csv"))
      let decided = try Program.run(
        [
          "flipcheck", head, bold, "--decide", "the marker lies on the right in both",
          "--mixed-people",
        ],
        environment: state)
      #expect(decided.status == 0, "\(decided.errors)")
      // The table, the document and the sheet of new targets say it too.
      #expect(
        try Program.run(
          [
            "targets", bold, "--mask", SampleCommandTests.mask, "--bootstrap", "0", "-o",
            folder + "/u.tsv",
          ], environment: state
        ).status == 0)
      for ending in ["tsv", "json", "txt"] {
        let text = try readTextFile(folder + "/u." + ending)
        #expect(
          text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            .contains("SIDES BY DECISION"), "\(ending)")
      }
      let written = try export("b.csv")
      #expect(written.status == 0, "\(written.errors)")
      let record = try String(contentsOfFile: folder + "/b.csv.record.json", encoding: .utf8)
      #expect(record.contains("SIDES BY DECISION") && record.contains("marker lies on the right"))
    }
  }
}

import Basics
import Foundation
import ImageFiles
import TestSupport
import Testing

/// Names, warnings and numbers that a target takes along, as a person meets them at the command line.
@Suite struct TargetNameCommandTests {
  static let head = NavigatorCommandTests.head

  private func write(_ name: String, _ folder: String, warnings: [String] = []) throws -> String {
    let path = folder + "/t.json"
    let list = warnings.map { "\"\($0)\"" }.joined(separator: ", ")
    try """
    {"targets": [{"name": "\(name)", "mm": [-40.0, 38.0, 30.0], "space": "MNI152", "side": "LEFT",
      "warnings": [\(list)]}]}
    """.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func export(
    _ target: String, _ folder: String, to: String, _ file: String
  ) throws -> Program.Result {
    try Program.run([
      "target", "export", target, "--anat", Self.head, "--to", to, "--undecided", "--force", "-o",
      folder + "/" + file,
    ])
  }

  static let files = [
    ("brainsight", "b.txt"), ("localite", "l.xml"), ("simnibs", "s.csv"), ("slicer", "m.mrk.json"),
  ]

  @Test func aNameOfTheOtherSideGoesToNoNavigator() throws {
    try withTemporaryFolder { folder in
      let wrong = try write("DLPFC-RIGHT", folder)
      for (to, file) in Self.files {
        let out = try export(wrong, folder, to: to, file)
        #expect(out.status == 65, "\(to): \(out.errors)")
        #expect(out.errors.contains("names the side RIGHT but lies LEFT"), "\(out.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder + "/" + file))
      }
      let target = try write("one", folder)
      let named = try export(target, folder, to: "slicer", "RIGHT-target.mrk.json")
      #expect(named.status == 64 && named.errors.contains("but one lies LEFT"), "\(named.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["t.json"])
      let kept = try Program.run([
        "targets", SampleCommandTests.bold, "--mask", SampleCommandTests.mask, "--bootstrap", "0",
        "-o", folder + "/RIGHT-target.tsv",
      ])
      #expect(kept.status == 64, "\(kept.errors)")
      #expect(kept.errors.contains("but the search region lies LEFT"), "\(kept.errors)")
    }
  }

  /// 60 characters, which the viewer allows, go everywhere; more than 100 are refused with the reason.
  @Test func aLongNameGoesOutWholeOrIsRefused() throws {
    try withTemporaryFolder { folder in
      let name = String(repeating: "n", count: 60)
      let target = try write(name, folder)
      for (to, file) in Self.files {
        let out = try export(target, folder, to: to, file)
        #expect(out.status == 0, "\(to): \(out.errors)")
        #expect(try readTextFile(folder + "/" + file).contains(name + "-LEFT"), "\(to)")
      }
      let long = try write(String(repeating: "n", count: 101), folder)
      for (to, file) in Self.files {
        let out = try export(long, folder, to: to, file)
        #expect(out.status == 65 && out.errors.contains("101 characters"), "\(out.errors)")
      }
    }
  }

  /// What the command warns of stands in every file that has room for it, the most severe first.
  @Test func warningsGoWithTheTarget() throws {
    try withTemporaryFolder { folder in
      let target = try write(
        "one", folder,
        warnings: [
          "MOTION NOT MODELLED", "it is not known to within 15 mm",
          "candidate 1 GOES AWAY without global-signal removal (17.5 mm off)",
        ])
      let undecided = "no person has confirmed this target on a screen"
      for (to, file) in Self.files {
        let out = try export(target, folder, to: to, file)
        #expect(out.status == 0 && out.errors.contains(undecided), "\(to): \(out.errors)")
        let text = try readTextFile(folder + "/" + file)
        let record = try NavigatorCommandTests.json(folder + "/" + file + ".record.json")
        let warnings = try #require(record["warnings"] as? [String])
        #expect(warnings.count == 6 && warnings[0] == undecided, "\(warnings)")
        #expect(warnings[1].contains("nobody's own") && warnings[2].contains("NOT COMPARED"))
        #expect(warnings[3].contains("GOES AWAY"))
        let table = try readTextFile(folder + "/" + file + ".record.tsv")
        for warning in warnings { #expect(table.contains(warning), "\(to): \(warning)") }
        let coil = try #require(record["coil"] as? [String: Any])
        let angle = try #require(coil["handle_axial_degrees"] as? Double)
        let words = "45 degrees from the midline asked for, laid onto the scalp: \(fixed(angle, 1))"
        #expect((coil["handle_angle"] as? String)?.hasPrefix(words) == true)
        #expect(out.output.contains(words), "\(out.output)")
        // SimNIBS's table has no comments.
        guard to != "simnibs" else { continue }
        #expect(text.contains(words), "\(to)")
        for warning in warnings { #expect(text.contains(warning), "\(to): \(warning)") }
      }
      let markers = try readTextFile(folder + "/l.xml")
      let field = try #require(
        markers.firstMatch(of: /additionalInformation="([^"]*)"/).map { String($0.1) })
      #expect(field.contains(undecided) && field.count <= 300, "\(field)")
      #expect(field.contains("more in record.json"), "\(field)")
    }
  }

  /// Too few redrawn maps give no radius that holds, and more than there are are not made: neither is taken in silence.
  @Test(arguments: ["1", "58", "201", "500", "-1"])
  func aNumberOfMapsThatGivesNoRadiusIsRefused(_ count: String) throws {
    try withTemporaryFolder { folder in
      let run = [SampleCommandTests.bold, "--mask", SampleCommandTests.mask]
      for arguments in [
        ["targets"] + run, ["report", "--bold"] + run + ["-o", folder + "/r.html"],
        ["bids", folder, folder + "/out", "participant", "--seed", "sgACC"],
      ] {
        let out = try Program.run(arguments + ["--bootstrap=\(count)"])
        #expect(out.status == 64, "\(arguments[0]): \(out.errors)")
        #expect(out.errors.contains("59 to 200"), "\(arguments[0]): \(out.errors)")
      }
    }
  }

  @Test func textSaysTheOrderAndWhoseThePIs() throws {
    let out = try Program.run([
      "targets", SampleCommandTests.bold, "--mask", SampleCommandTests.mask, "--bootstrap", "0",
      "--method", "cone",
    ])
    #expect(out.status == 0, "\(out.errors)")
    #expect(out.output.contains("order: mean r of the 12 mm cone"), "\(out.output)")
    #expect(out.output.contains("chosen from ") && !out.output.contains("the strongest of"))
    #expect(out.output.contains("(of the peak "), "\(out.output)")
    #expect(out.output.contains("radius not asked for"), "\(out.output)")
  }
}

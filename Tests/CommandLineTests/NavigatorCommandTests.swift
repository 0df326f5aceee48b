import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// From a search to the navigator's file, with the head that the sample person was made from.
@Suite struct NavigatorCommandTests {
  static let head = "/usr/share/mricron/templates/ch2.nii.gz"

  static func json(_ path: String) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path)))
        as? [String: Any])
  }

  @Test func aTargetGoesToEveryNavigatorAndBack() throws {
    try withTemporaryFolder { folder in
      let target = folder + "/t.tsv"
      let found = try Program.run([
        "targets", SampleCommandTests.bold, "--mask", SampleCommandTests.mask, "--bootstrap", "60",
        "-o", target,
      ])
      #expect(found.status == 0, "\(found.errors)")
      let sheet = try String(contentsOfFile: folder + "/t.txt", encoding: .utf8)
      #expect(sheet.contains("LEFT") && sheet.contains("not confirmed by a person"))
      for (to, file) in [
        ("brainsight", "b.txt"), ("localite", "InstrumentMarker20260101.xml"),
        ("simnibs", "s.csv"), ("slicer", "m.mrk.json"),
      ] {
        let path = folder + "/" + file
        let arguments = [
          "target", "export", folder + "/t.json", "--name", "candidate-1", "--anat", Self.head,
          "--to", to, "-o", path, "--undecided",
        ]
        // What a search alone saved was accepted by nobody.
        let undecided = try Program.run(arguments.filter { $0 != "--undecided" })
        #expect(undecided.status == 65 && undecided.errors.contains("--undecided"))
        #expect(!FileManager.default.fileExists(atPath: path))
        let out = try Program.run(arguments)
        #expect(out.status == 0, "\(to): \(out.errors)")
        #expect(out.output.contains("LEFT") && out.output.contains("saved and read back"))
        #expect(try Program.run(arguments).status == 73)
        let permissions = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(permissions as? Int == 0o600)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.contains("candidate-1-LEFT") && !text.contains("ch2"))
        let record = try Self.json(path + ".record.json")
        let mm = try #require(record["target_mm"] as? [Double])
        let back = try Program.run([
          "target", "import", path, "--from", to, "--anat", Self.head, "--json",
        ])
        #expect(back.status == 0, "\(back.errors)")
        let points = try #require(
          try answered(back.output)["points"] as? [[String: Any]])
        if to == "localite" {
          #expect(points.count == 1 && points[0]["role"] as? String == "coil")
          #expect(
            FileManager.default.fileExists(atPath: folder + "/EntryTarget20260101.xml"))
        } else {
          let first = try #require(points[0]["mm"] as? [Double])
          for axis in 0..<3 { #expect(abs(first[axis] - mm[axis]) < 1e-4) }
          #expect(points[0]["side"] as? String == "LEFT")
        }
      }
    }
  }

  /// Whose head it is stands in names or is said to be unknown.
  @Test func theHeadIsThePersonsOwnOrThatIsSaid() throws {
    try withTemporaryFolder { folder in
      let text =
        "{\"targets\": [{\"name\": \"a\", \"mm\": [-40.0, 38.0, 30.0], \"space\": \"MNI152\", \"side\": \"LEFT\"}]}"
      for name in ["t.json", "sub-01_t.json"] {
        try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
      }
      let head = try ImageReader.readVolume(Self.head).volume
      for name in ["own", "sub-01_T1w", "sub-02_T1w"] {
        try ImageWriter.write(
          "\(folder)/\(name).nii",
          Volume(grid: head.grid, values: head.values.map { $0 * 1.5 }), formCode: 4, note: "test",
          overwrite: false)
      }
      func export(_ target: String, _ anatomy: String) throws -> Program.Result {
        try Program.run([
          "target", "export", "\(folder)/\(target)", "--anat", anatomy, "--to", "slicer",
          "--anat-space", "MNI152", "--undecided", "--force", "-o", folder + "/o.mrk.json",
        ])
      }
      let doubt = "and the target are of one person"
      let plain = try export("t.json", folder + "/own.nii")
      #expect(plain.status == 0 && plain.errors.contains(doubt), "\(plain.errors)")
      let record = try String(contentsOfFile: folder + "/o.mrk.json.record.json", encoding: .utf8)
      #expect(record.contains("are of one person"))
      let same = try export("sub-01_t.json", folder + "/sub-01_T1w.nii")
      #expect(same.status == 0 && !same.errors.contains("of one person"), "\(same.errors)")
      let other = try export("sub-01_t.json", folder + "/sub-02_T1w.nii")
      #expect(other.status == 65 && other.errors.contains("it is of sub-02"), "\(other.errors)")
      // The target says itself whose it is, whatever its file is called, and the navigator's file says it, too.
      try text.replacingOccurrences(of: "\"name\"", with: "\"person\": \"sub-01 ses-1\", \"name\"")
        .write(toFile: folder + "/own.json", atomically: true, encoding: .utf8)
      let told = try export("own.json", folder + "/sub-02_T1w.nii")
      #expect(
        told.status == 65 && told.errors.contains("the target is of sub-01"), "\(told.errors)")
      #expect(try export("own.json", folder + "/sub-01_T1w.nii").status == 0)
      #expect(
        try String(contentsOfFile: folder + "/o.mrk.json", encoding: .utf8)
          .contains("Target of sub-01 ses-1"))
      // One that comes back is of whom the head is of.
      let back = try Program.run([
        "target", "import", folder + "/o.mrk.json", "--from", "slicer", "--anat",
        folder + "/sub-01_T1w.nii", "-o", folder + "/back.tsv",
      ])
      #expect(back.status == 0, "\(back.errors)")
      #expect(try readTextFile(folder + "/back.json").contains("\"person\": \"sub-01\""))
      let template = try export("t.json", Self.head)
      #expect(template.errors.contains("a template's head and nobody's own"), "\(template.errors)")
    }
  }

  @Test func doubtfulAnatomiesAreRefused() throws {
    try withTemporaryFolder { folder in
      let target = folder + "/t.json"
      try """
      {"targets": [{"name": "a", "mm": [-40.0, 38.0, 30.0], "space": "MNI152", "side": "LEFT"}]}
      """.write(toFile: target, atomically: true, encoding: .utf8)
      func export(_ anatomy: String, _ more: [String] = []) throws -> Program.Result {
        try Program.run(
          [
            "target", "export", target, "--anat", anatomy, "--to", "slicer", "--undecided", "-o",
            folder + "/o.mrk.json",
          ]
            + more)
      }
      // The sample's own T1 has no scalp.
      let bare = try export(SampleCommandTests.sample("T1w.nii.gz"))
      #expect(bare.status == 65 && bare.errors.contains("without its scalp"), "\(bare.errors)")
      #expect(try export(Self.head, ["--handle", "400"]).status == 64)
      #expect(try export(Self.head, ["--transform", folder + "/none.txt"]).status == 66)
      // sform and qform half a millimetre apart: each could be the navigator's.
      var bytes = Array(try Data(contentsOf: URL(filePath: SampleCommandTests.plainHead(folder))))
      bytes[252] = 2
      withUnsafeBytes(of: Float(0.5).bitPattern.littleEndian) { raw in
        for (n, byte) in raw.enumerated() { bytes[268 + n] = byte }
      }
      let odd = folder + "/odd.nii"
      try Data(bytes).write(to: URL(filePath: odd))
      let refused = try export(odd, ["--anat-space", "MNI152"])
      #expect(refused.status == 65 && refused.errors.contains("mm apart"), "\(refused.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder + "/o.mrk.json"))
    }
  }
}

extension SampleCommandTests {
  /// A small uncompressed image with an sform.
  static func plainHead(_ folder: String) throws -> String {
    let path = folder + "/plain.nii"
    let out = try Program.run(["smooth", sample("T1w.nii.gz"), "--fwhm", "2", "-o", path])
    #expect(out.status == 0, "\(out.errors)")
    return path
  }
}

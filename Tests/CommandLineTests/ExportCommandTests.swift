import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// `export dicom`, as a person would run it.
@Suite struct ExportCommandTests {
  /// A folder with a source, an image of its frame and a map that the program made of it.
  private func withPerson(_ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try Data(SmallDICOM.source()).write(to: URL(filePath: folder + "/source.dcm"))
      let grid = Small.grid(
        8, 7, 6, spacing: (2, 3, 4), origin: WorldPoint(-2, 8, 22))
      let volume = Small.volume(grid) { Float($0.i * $0.j) + Float($0.k) / 3 }
      try ImageWriter.write(
        folder + "/scan.nii.gz", volume, formCode: 1, note: "test", overwrite: false)
      let sidecar = JSON.object([("FrameOfReferenceUID", .string(SmallDICOM.frame))])
      try sidecar.text.write(toFile: folder + "/scan.json", atomically: true, encoding: .utf8)
      let made = try Program.run([
        "smooth", folder + "/scan.nii.gz", "--fwhm", "4", "-o", folder + "/map.nii.gz",
      ])
      #expect(made.status == 0, "\(made.errors)")
      try body(folder)
    }
  }

  private func tree(_ path: String) throws -> DICOMTree {
    try #require(DICOMTree(file: [UInt8](try Data(contentsOf: URL(filePath: path)))))
  }

  private func files(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test func aMapGoesOutByTheChainOfHashesAlone() throws {
    try withPerson { folder in
      let out = folder + "/out"
      let arguments = [
        "export", "dicom", "--source", folder + "/source.dcm", "--map", folder + "/map.nii.gz",
        "-o", out,
      ]
      let unproven = try Program.run(arguments)
      #expect(unproven.status == 65 && unproven.errors.contains("--imported"))
      #expect(!FileManager.default.fileExists(atPath: out))
      let made = try Program.run(
        arguments + ["--imported", folder + "/scan.nii.gz", "--json"])
      #expect(made.status == 0, "\(made.errors)")
      let answer = try answered(made.output)
      #expect((answer["files"] as? [[String: Any]])?.count == 1)
      #expect(try files(out) == ["map.dcm"])
      let map = try tree(out + "/map.dcm")
      #expect(map.text(0x0020_0052) == SmallDICOM.frame)
      #expect(map.text(0x0008_103e) == "Research, no diagnosis: smooth")
      let values = try ImageReader.readVolume(folder + "/map.nii.gz").volume.values
      #expect(map.floats(0x7fe0_0008) == values)
      // Whose it is stands in the object, and nowhere else.
      for word in ["Secret", "PAT-007", "ller"] {
        #expect(!(made.output + made.errors + unproven.errors).contains(word))
      }
      let again = try Program.run(arguments + ["--imported", folder + "/scan.nii.gz"])
      #expect(again.status == 73)
      let mode = try FileManager.default.attributesOfItem(atPath: out + "/map.dcm")[
        .posixPermissions]
      #expect(mode as? Int == 0o600)
    }
  }

  @Test func mrSlicesAStatementAndAReport() throws {
    try withPerson { folder in
      let pdf = folder + "/report.pdf"
      try "%PDF-1.7\n%%EOF\n".write(toFile: pdf, atomically: true, encoding: .utf8)
      try FileManager.default.removeItem(atPath: folder + "/map.json")
      let made = try Program.run([
        "export", "dicom", "--source", folder + "/source.dcm", "--map", folder + "/map.nii.gz",
        "--as", "mr", "--same-frame", "made on the scanner's own grid", "--pdf", pdf,
        "--of-this-person", "exported here of the same scan", "-o", folder + "/out",
      ])
      #expect(made.status == 0, "\(made.errors)")
      #expect(made.errors.contains("a person's statement alone"))
      let names = try files(folder + "/out")
      #expect(names == (1...6).map { "map-000\($0).dcm" } + ["report.dcm"])
      let slice = try tree(folder + "/out/map-0001.dcm")
      #expect(slice.text(0x0008_2111)?.contains("BY A PERSON'S STATEMENT ALONE") == true)
      let report = try tree(folder + "/out/report.dcm")
      #expect(
        report.bytes(0x0042_0011).map { Array($0.prefix(15)) } == Array("%PDF-1.7\n%%EOF\n".utf8))
      // What the report's own text says of its pictures goes with it, or keeps it here.
      for (text, status) in [
        ("*** SYNTHETIC PERSON: nothing here was measured of anybody ***", 0),
        (
          "they are MIRRORED against\n  each other. Until a person decides, no target and no\n  export rests on it.",
          65
        ),
      ] as [(String, Int32)] {
        try text.write(toFile: folder + "/report.txt", atomically: true, encoding: .utf8)
        let told = try Program.run([
          "export", "dicom", "--source", folder + "/source.dcm", "--pdf", pdf, "--of-this-person",
          "exported here of the same scan", "-o", folder + "/out\(status)",
        ])
        #expect(told.status == status, "\(told.errors)")
        if status == 0 { #expect(told.output.contains("SYNTHETIC PERSON")) }
      }
    }
  }

  @Test func targetsGoOutWithTheirSide() throws {
    try withPerson { folder in
      let hash = try sha256(ofFile: folder + "/scan.nii.gz")
      func write(
        _ decision: String, side: String = "LEFT", space: String = "native", name: String = "spot"
      ) throws {
        let text = """
          {"targets": [{"name": "\(name)", "note": "", "mm": [-4.5, 2.25, 1], "space": "\(space)",
          "side": "\(side)", "r": -0.25, "method": "m", "decision": \(decision),
          "warnings": ["few minutes"], "image_sha256": "\(hash)"}]}
          """
        try text.write(toFile: folder + "/t.json", atomically: true, encoding: .utf8)
      }
      let arguments = [
        "export", "dicom", "--source", folder + "/source.dcm", "--targets", folder + "/t.json",
        "--imported", folder + "/scan.nii.gz", "-o", folder + "/out",
      ]
      for (decision, side, space, words) in [
        ("null", "LEFT", "native", "--undecided"), ("\"rejected\"", "LEFT", "native", "rejected"),
        ("\"accepted\"", "SIDE UNKNOWN", "native", "left from its right"),
        ("\"accepted\"", "LEFT", "MNI152", "MNI152 alone"),
      ] {
        try write(decision, side: side, space: space)
        let refused = try Program.run(arguments)
        #expect(refused.status == 65 && refused.errors.contains(words), "\(refused.errors)")
      }
      try write("\"accepted\"", name: "DLPFC-RIGHT")
      let named = try Program.run(arguments)
      #expect(
        named.status == 65 && named.errors.contains("names the side RIGHT but lies LEFT"),
        "\(named.errors)")
      try write("\"accepted\"")
      let outside = try Program.run(arguments.dropLast() + [folder + "/RIGHT-targets"])
      #expect(
        outside.status == 64 && outside.errors.contains("but spot lies LEFT"), "\(outside.errors)")
      let made = try Program.run(arguments)
      #expect(made.status == 0, "\(made.errors)")
      let all = try tree(folder + "/out/targets.dcm").descendants
      #expect(all.contains { $0.floats(0x0070_0022) == [4.5, -2.25, 1] })
      let words = all.compactMap { $0.text(0x0040_a160) }
      #expect(words.contains("spot, LEFT") && words.contains("Warning: few minutes"))
    }
  }

  @Test func aFigureSaysWhatItIsFor() throws {
    try withPerson { folder in
      let png = folder + "/f.png"
      let volume = try ImageReader.readVolume(folder + "/scan.nii.gz").volume
      try ImageWriter.write(
        folder + "/made.nii", volume, formCode: 1, note: "SIMULATED by a test", overwrite: false)
      for (file, simulated) in [("/made.nii", true), ("/scan.nii.gz", false)] {
        let shot = try Program.run([
          "snapshot", "--anat", folder + file, "--format", "png", "-o", png, "--force",
        ])
        #expect(shot.status == 0, "\(shot.errors)")
        let out = folder + "/out\(simulated)"
        let made = try Program.run([
          "export", "dicom", "--source", folder + "/source.dcm", "--figure", png, "-o", out,
        ])
        #expect(made.status == 0, "\(made.errors)")
        let figure = try tree(out + "/figure.dcm")
        #expect(figure.text(0x0008_103e)?.contains("SIMULATED") == simulated)
        let size = [0x0028_0010, 0x0028_0011].map { figure.int16s($0).first ?? 0 }
        #expect(size[1] == 1200 && size[0] > 820)
        // The band under the picture has the colour of what is said there.
        let pixels = figure.bytes(0x7fe0_0010) ?? []
        let band = pixels.suffix(3 * 1200 * 16)
        #expect(pixels.count == 3 * 1200 * Int(size[0]))
        let start = band.startIndex
        #expect(
          stride(from: start, to: band.endIndex - 2, by: 3).contains {
            band[$0] == 255 && band[$0 + 1] == 175 && band[$0 + 2] == 0
          })
      }
      // The synthetic person is nobody's study.
      let sample = RealData.project.appending(path: "SampleData/sample_space-MNI152_spect.nii.gz")
      let shot = try Program.run([
        "snapshot", "--anat", sample.path, "--format", "png", "-o", png, "--force",
      ])
      #expect(shot.status == 0, "\(shot.errors)")
      let nobody = try Program.run([
        "export", "dicom", "--source", folder + "/source.dcm", "--figure", png, "-o",
        folder + "/no",
      ])
      #expect(nobody.status == 65 && nobody.errors.contains("synthetic sample person"))
      // Another program's picture says nothing of what it shows.
      try Data(Self.foreignPNG).write(to: URL(filePath: png))
      let refused = try Program.run([
        "export", "dicom", "--source", folder + "/source.dcm", "--figure", png, "-o",
        folder + "/no",
      ])
      #expect(refused.status == 65 && refused.errors.contains("no picture that this program drew"))
      #expect(!FileManager.default.fileExists(atPath: folder + "/no"))
    }
  }

  /// One black pixel.
  private static let foreignPNG: [UInt8] = [
    0x89, 0x50, 0x4e, 0x47, 0xd, 0xa, 0x1a, 0xa, 0, 0, 0, 0xd, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1,
    0, 0, 0, 1, 8, 2, 0, 0, 0, 0x90, 0x77, 0x53, 0xde, 0, 0, 0, 0xc, 0x49, 0x44, 0x41, 0x54, 0x78,
    0x9c, 0x63, 0x60, 0x60, 0x60, 0, 0, 0, 4, 0, 1, 0xf6, 0x17, 0x38, 0x55, 0, 0, 0, 0, 0x49,
    0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
  ]

  @Test func nothingIsWrittenForNothing() throws {
    try withPerson { folder in
      let base = ["export", "dicom", "--source", folder + "/source.dcm", "-o", folder + "/out"]
      let why = ["--of-this-person", "made here of the same scan"]
      for (more, status) in [
        ([], 64), (["--name", "spot", "--pdf", "x"], 64), (["--pdf", folder + "/none.pdf"], 64),
        (["--pdf", folder + "/none.pdf"] + why, 66),
        (["--pdf", folder + "/scan.nii.gz"] + why, 65),
        (["--pdf", "sub-01_report.pdf", "--figure", "sub-02/f.png"] + why, 65),
        (["--figure", "f.png"] + why, 64),
      ] as [([String], Int32)] {
        let refused = try Program.run(base + more)
        #expect(refused.status == status, "\(refused.errors)")
      }
      let there = try files(folder)
      #expect(!there.contains("out"))
    }
  }

  /// What `flipcheck` keeps of an image that is mirrored against another.
  private func mirrored(_ path: String, state: String) throws {
    let hash = try sha256(ofFile: path)
    let other = String(repeating: "ab", count: 32)
    let text = """
      {"GeneratedBy": "boldspect", "kind": "sides", "format": 1, "sides": [{"first": "\(hash)", "second": "\(other)",
      "verdict": "mirrored", "margin": -20, "stored": 1.1, "mirrored": 1.2, "decision": null}]}
      """
    try FileManager.default.createDirectory(
      atPath: state + "/boldspect", withIntermediateDirectories: true)
    try text.write(
      toFile: "\(state)/boldspect/sides-\(hash.prefix(32)).json", atomically: true, encoding: .utf8)
  }

  @Test(arguments: ["map.nii.gz", "scan.nii.gz"])
  func nothingOfAMirroredPairGoesOut(_ blocked: String) throws {
    try withPerson { folder in
      let arguments = [
        "export", "dicom", "--source", folder + "/source.dcm", "--map", folder + "/map.nii.gz",
        "--imported", folder + "/scan.nii.gz", "-o", folder + "/out",
      ]
      let state = ["XDG_STATE_HOME": folder + "/state"]
      try mirrored(folder + "/" + blocked, state: folder + "/state")
      let result = try Program.run(arguments, environment: state)
      #expect(result.status == 65 && result.errors.contains("is blocked"), "\(result.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder + "/out"))
      #expect(try Program.run(arguments).status == 0)
    }
  }
}

import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

@Suite("Commands take DICOM folders, by their series")
struct DICOMCommandTests {
  /// An MR run, an NM scan, its projections, and what else a hospital sends.
  static func writePatient(_ folder: String) throws {
    var mr = DICOMPhantom()
    mr.imageType = "ORIGINAL\\PRIMARY\\M"
    mr.modality = "MR"
    mr.seriesNumber = 4
    mr.seriesUID = "1.2.826.0.1.4"
    mr.description = "rest EPI"
    for t in 0..<12 {
      for k in 0..<mr.slices {
        let number = t * mr.slices + k + 1
        let more: [DICOMWriter.Element] = [
          .init(0x18, 0x80, "DS", "2000"), .init(0x20, 0x100, "IS", "\(t + 1)"),
        ]
        let elements = mr.slice(
          k, sopClass: "1.2.840.10008.5.1.4.1.1.4", instance: number, more)
        try Data(mr.writer.file(elements)).write(to: URL(filePath: "\(folder)/IM\(number)"))
      }
    }
    var nm = DICOMPhantom()
    nm.seriesNumber = 9
    nm.seriesUID = "1.2.826.0.1.9"
    nm.step = -4.5
    nm.extra = [
      .init(0x54, 0x16, "SQ", .items([[.init(0x18, 0x31, "LO", "HMPAO")]]))
    ]
    try Data(nm.writer.file(nm.nuclear)).write(to: URL(filePath: folder + "/NM1"))
    nm.imageType = "ORIGINAL\\PRIMARY\\TOMO\\EMISSION"
    nm.seriesNumber = 8
    nm.seriesUID = "1.2.826.0.1.8"
    try Data(nm.writer.file(nm.nuclear)).write(to: URL(filePath: folder + "/NM2"))
    try Data("report".utf8).write(to: URL(filePath: folder + "/README.txt"))
  }

  static func isSilentAboutThePatient(_ text: String) -> Bool {
    !text.contains("Secret") && !text.contains("4711")
  }

  @Test func listTellsSeriesAndNobody() throws {
    try withTemporaryFolder { folder in
      try Self.writePatient(folder)
      let text = try Program.run(["list", folder])
      #expect(text.status == 0)
      #expect(text.output.contains("3 DICOM series, 2 can be opened; 1 other file"))
      #expect(text.output.contains("rest EPI") && text.output.contains("projections"))
      let json = try Program.run(["list", folder, "--json"])
      let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      let result = object?["result"] as? [String: Any]
      let series = try #require(result?["series"] as? [[String: Any]])
      #expect(series.compactMap { $0["number"] as? Int } == [4, 8, 9])
      #expect(series.compactMap { $0["opens"] as? Bool } == [true, false, true])
      #expect(Self.isSilentAboutThePatient(text.output + text.errors + json.output + json.errors))
    }
  }

  @Test func seriesAreNamedExactly() throws {
    try withTemporaryFolder { folder in
      try Self.writePatient(folder)
      for name in ["9", "1.2.826.0.1.9"] {
        let found = try Program.run(["info", folder, "--series", name])
        #expect(found.status == 0 && found.output.contains("15 × 12 × 6"), "\(found.errors)")
      }
      let value = try Program.run(["value", folder, "--series=9", "--at", "31,20,10"])
      #expect(value.status == 0)
      // Two series open: a folder alone does not say which.
      #expect(try Program.run(["info", folder]).status == 65)
      #expect(try Program.run(["info", folder, "--series", "5"]).status == 64)
      #expect(try Program.run(["info", folder, "--series", "09"]).status == 64)
      let refused = try Program.run(["info", folder, "--series", "8"])
      #expect(refused.status == 65 && refused.errors.contains("projections"))
      #expect(try Program.run(["info", folder + "/NM1", "--series", "9"]).status == 64)
      // A number that two series have.
      var other = DICOMPhantom()
      other.seriesUID = "1.2.826.0.1.77"
      other.seriesNumber = 9
      try Data(other.writer.file(other.nuclear)).write(to: URL(filePath: folder + "/NM3"))
      let doubled = try Program.run(["info", folder, "--series", "9"])
      #expect(doubled.status == 64 && doubled.errors.contains("2 series have the number"))
      #expect(try Program.run(["info", folder, "--series", "1.2.826.0.1.77"]).status == 0)
    }
  }

  @Test func importWritesNamesOfBIDSAndNoPatient() throws {
    try withTemporaryFolder { folder in
      let (source, out) = (folder + "/in", folder + "/out")
      try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: true)
      try Self.writePatient(source)
      let arguments = ["import", source, "-o", out, "--sub", "07", "--ses", "ses-2"]
      let made = try Program.run(arguments)
      #expect(made.status == 0, "\(made.errors)")
      let bold = out + "/sub-07/ses-2/func/sub-07_ses-2_task-rest_bold"
      let spect = out + "/sub-07/ses-2/spect/sub-07_ses-2_trc-HMPAO_spect"
      for stem in [bold, spect] {
        let text = try String(contentsOfFile: stem + ".json", encoding: .utf8)
        #expect(Self.isSilentAboutThePatient(text))
      }
      #expect(Self.isSilentAboutThePatient(made.output + made.errors))
      let json = try JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(filePath: bold + ".json")))
      let sidecar = try #require(json as? [String: Any])
      #expect(sidecar["RepetitionTime"] as? Double == 2)
      #expect(sidecar["TaskName"] as? String == "rest")
      // The same numbers at the same millimetres as the files had.
      let (a, x) = try ImageReader.read(source + "/NM1")
      let (b, y) = try ImageReader.read(spect + ".nii.gz")
      #expect(a.grid.matches(b.grid))
      #expect((0..<x.count).allSatisfy { Float(x.value(at: $0)) == Float(y.value(at: $0)) })
      // Nothing is replaced unasked, and a second import changes nothing.
      #expect(try Program.run(arguments).status == 73)
      #expect(try Program.run(arguments + ["--force"]).status == 0)
      // What it is is asked where nothing tells it.
      let odd = try Program.run(arguments + ["--force", "--series", "4", "--as", "T9"])
      #expect(odd.status == 64)
    }
  }

  @Test func twoPatientsAreNotOneSubject() throws {
    try withTemporaryFolder { folder in
      var one = DICOMPhantom()
      try Data(one.writer.file(one.nuclear)).write(to: URL(filePath: folder + "/A"))
      one.seriesUID = "1.2.826.0.1.2"
      one.seriesNumber = 2
      one.patient = ("Other^Body", "ID-2")
      try Data(one.writer.file(one.nuclear)).write(to: URL(filePath: folder + "/B"))
      let made = try Program.run(["import", folder, "-o", folder + "/out", "--sub", "1"])
      #expect(made.status == 65 && made.errors.contains("another patient"))
      #expect(!made.errors.contains("Other") && !made.errors.contains("Secret"))
      #expect(!FileManager.default.fileExists(atPath: folder + "/out"))
    }
  }

  @Test func viewOpensTheListAndSeriesBesideEachOther() throws {
    try withTemporaryFolder { folder in
      try Self.writePatient(folder)
      let list = try Program.run(["snapshot", folder, "--size", "80x24", "-o", "-"])
      #expect(list.status == 0, "\(list.errors)")
      #expect(list.output.contains("3 DICOM series, 2 can be opened"))
      #expect(Self.isSilentAboutThePatient(list.output))
      let both = try Program.run([
        "snapshot", folder, "--size", "120x40", "--keys", "<Space><Down><Down><Space><Enter>",
        "-o", "-",
      ])
      #expect(both.status == 0, "\(both.errors)")
      #expect(both.output.contains("SPECT measured"), "\(both.output)")
      let one = try Program.run(["snapshot", folder, "--series", "9", "-o", "-"])
      #expect(one.status == 0 && one.output.contains("SPECT"), "\(one.errors)")
    }
  }

  @Test func filesOfTwoPatientsAreNotLaidOverEachOther() throws {
    try withTemporaryFolder { folder in
      var one = DICOMPhantom()
      for (name, patient) in [
        ("a.dcm", ("Secret^Anna", "4711")), ("same.dcm", ("SECRET^ANNA^", "")),
        ("b.dcm", ("Other^Body", "4712")),
      ] {
        one.patient = patient
        one.seriesUID = "1.2.826.0.1.\(name.utf8.reduce(0) { $0 + Int($1) })"
        try Data(one.writer.file(one.nuclear)).write(to: URL(filePath: "\(folder)/\(name)"))
      }
      let out = ["--interpolation", "nearest", "-o", folder + "/o.nii", "--force"]
      func laid(_ b: String, _ more: [String] = []) throws -> Program.Result {
        try Program.run(
          ["resample", folder + "/" + b, "--like", folder + "/a.dcm"] + out + more)
      }
      let other = try laid("b.dcm")
      #expect(other.status == 65 && other.errors.contains("another patient"), "\(other.errors)")
      #expect(Self.isSilentAboutThePatient(other.errors))
      #expect(try laid("b.dcm", ["--mixed-people"]).status == 0)
      #expect(try laid("same.dcm").status == 0)
    }
  }
}

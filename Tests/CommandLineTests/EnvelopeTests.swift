import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// Every command that answers does so in the same envelope, and names what it read by path and hash.
@Suite struct EnvelopeTests {
  static let bold = SampleCommandTests.bold
  static let mask = SampleCommandTests.mask
  static let spect = SampleCommandTests.sample("spect.nii.gz")
  static let t1 = SampleCommandTests.sample("T1w.nii.gz")
  static let run = [bold, "--mask", mask, "--preset", "none"]

  /// Arguments and the roles of the inputs that the answer names; OUT stands for a new file.
  static let commands: [([String], [String])] = [
    (["info", bold], ["image"]),
    (["value", t1, "--at", "0,0,0"], ["image"]),
    (["clean"] + run + ["--at", "0,-52,26"], ["bold", "mask"]),
    (["seedmap"] + run + ["--seed", "PCC", "-o", "OUT.nii"], ["bold", "mask"]),
    (["measures"] + run + ["-o", "OUT.nii"], ["bold", "mask"]),
    (["matrix"] + run, ["bold", "mask"]),
    (["windows"] + run + ["--seed", "PCC", "--with", "mPFC"], ["bold", "mask"]),
    (["confounds"] + run, ["bold", "mask"]),
    (["losses", bold, "--mask", mask], ["bold", "mask"]),
    (["simulate", bold, "--mask", mask, "-o", "OUT.nii"], ["bold", "mask"]),
    (["perfusion", spect], ["spect"]),
    (["resolution", t1], ["image"]),
    (["smooth", t1, "--fwhm", "6", "-o", "OUT.nii"], ["image"]),
    (["resample", t1, "--like", spect, "-o", "OUT.nii"], ["image", "like"]),
    (["landmarks"], []), (["distance", "0,0,0", "PCC"], []), (["protocols"], []),
    (["protocols", "dmn-node"], []), (["config"], []), (["config", "--fields"], []),
    (["config", "--path"], []),
  ]

  @Test(arguments: commands)
  func theAnswerIsInTheEnvelope(_ arguments: [String], _ roles: [String]) throws {
    try withTemporaryFolder { folder in
      let given = arguments.map { $0.replacing("OUT", with: folder + "/out") } + ["--json"]
      let found = try Program.run(given)
      #expect(found.status == 0, "\(given): \(found.errors)")
      let answer = try answered(found.output)
      #expect((answer["command"] as? String)?.hasPrefix(arguments[0]) == true)
      let inputs = try #require(answer["inputs"] as? [[String: Any]])
      #expect(inputs.compactMap { $0["role"] as? String } == roles)
      for input in inputs {
        let path = try #require(input["path"] as? String)
        #expect(arguments.contains(path))
        #expect(input["sha256"] as? String == (try sha256(ofFile: path)))
      }
    }
  }

  @Test func numbersStandAsTheyWereMeant() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a.nii"
      let grid = try ImageReader.describe(Self.t1).grid
      try ImageWriter.write(
        path,
        ImageWriter.Content(
          grid: grid, formCode: 1, frameCount: 2, repetitionTimeSeconds: 1.16, note: ""),
        overwrite: false
      ) { _ in [Float](repeating: 1, count: grid.count) }
      let found = try Program.run(["info", path, "--json"])
      #expect(found.output.contains("\"tr_s\": 1.16,"), "\(found.output)")
    }
  }

  @Test func aFindingNamesItsFileAndNoSidecarNamesAFolder() throws {
    try withTemporaryFolder { folder in
      let odd = folder + "/odd.nii"
      let (d, volume) = try ImageReader.readVolume(Self.t1)
      try ImageWriter.write(odd, volume, formCode: d.formCode, note: "", overwrite: false)
      let bytes = try Data(contentsOf: URL(filePath: odd)) + Data(repeating: 0, count: 7)
      try bytes.write(to: URL(filePath: odd))
      let found = try Program.run(["smooth", odd, "--fwhm", "6", "-o", folder + "/s.nii", "--json"])
      let findings = try #require(try answered(found.output)["findings"] as? [[String: Any]])
      #expect(findings.contains { $0["code"] as? String == "trailing-data" })
      #expect(findings.allSatisfy { $0["file"] as? String == "odd.nii" })
      let sidecar = try readTextFile(folder + "/s.json")
      #expect(!sidecar.contains(folder) && !sidecar.contains("odd.nii"))
    }
  }
}

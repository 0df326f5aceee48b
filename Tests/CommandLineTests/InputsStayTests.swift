import Foundation
import ImageFiles
import TestSupport
import Testing

/// With force a command replaces what is there, but never what it reads.
@Suite struct InputsStayTests {
  static let run = [EnvelopeTests.bold, "--mask", EnvelopeTests.mask, "--preset", "none"]

  /// Arguments, and the file in the folder that must be as it was.
  static let commands: [([String], String)] = [
    (["seedmap"] + run + ["--seed", "weights:@/w.nii.gz", "-o", "@/w.nii.gz"], "w.nii.gz"),
    (["matrix"] + run + ["--confounds", "@/c.tsv", "-o", "@/c.tsv"], "c.tsv"),
    (["targets"] + run + ["--confounds", "@/c.tsv", "-o", "@/c.tsv", "--bootstrap", "0"], "c.tsv"),
    (["resample", EnvelopeTests.t1, "--like", "@/w.nii.gz", "-o", "@/w.nii.gz"], "w.nii.gz"),
    (
      [
        "transform", "import", "@/m.txt", "--format", "matrix", "--direction", "moving-to-fixed",
        "--moving", EnvelopeTests.t1, "--fixed", EnvelopeTests.spect, "-o", "@/m.txt",
      ], "m.txt"
    ),
    (["register", "@/w.nii.gz", "--to", EnvelopeTests.t1, "-o", "@/w.nii.gz"], "w.nii.gz"),
  ]

  @Test(arguments: commands)
  func nothingReplacesItsOwnInput(_ arguments: [String], _ kept: String) throws {
    try withTemporaryFolder { folder in
      try FileManager.default.copyItem(atPath: EnvelopeTests.mask, toPath: folder + "/w.nii.gz")
      try FileManager.default.copyItem(
        atPath: SampleCommandTests.sample("confounds.tsv"), toPath: folder + "/c.tsv")
      try "1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n".write(
        toFile: folder + "/m.txt", atomically: true, encoding: .utf8)
      let before = try sha256(ofFile: folder + "/" + kept)
      let given = arguments.map { $0.replacing("@/", with: folder + "/") } + ["--force"]
      let found = try Program.run(given)
      #expect(found.status == 64, "\(given): \(found.status) \(found.errors)")
      #expect(try sha256(ofFile: folder + "/" + kept) == before)
    }
  }

  @Test func aJSONOfAnotherProgramIsNotReplacedBesideATable() throws {
    try withTemporaryFolder { folder in
      try "{\"mine\": 1}".write(toFile: folder + "/m.json", atomically: true, encoding: .utf8)
      let found = try Program.run(["matrix"] + Self.run + ["-o", folder + "/m.tsv", "--force"])
      #expect(found.status == 73, "\(found.errors)")
      #expect(try readTextFile(folder + "/m.json") == "{\"mine\": 1}")
    }
  }

  @Test func aProtocolThatIsNotSavedIsNotAnswered() throws {
    try withTemporaryFolder { folder in
      let arguments = ["protocols", "dmn-node", "--save", folder + "/p.json", "--json"]
      #expect(try Program.run(arguments).status == 0)
      let again = try Program.run(arguments)
      #expect(again.status == 73 && again.output.isEmpty)
    }
  }
}

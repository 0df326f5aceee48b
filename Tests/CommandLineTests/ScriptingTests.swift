import Foundation
import ImageFiles
import TestSupport
import Testing

/// What a script needs: streams, several files, silence, whole paths.
@Suite struct ScriptingTests {
  /// A shell, because pipes are its own.
  private func shell(_ line: String, in folder: String) throws -> (status: Int32, output: Data) {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", "set -o pipefail; " + line, Program.url.path]
    process.currentDirectoryURL = URL(filePath: folder)
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, output)
  }

  @Test func imagesGoThroughPipes() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let image = try files.image("a_space-MNI152.nii")
      let whole = try Program.run(["smooth", image, "--fwhm", "6", "-o", folder + "/s.nii"])
      #expect(whole.status == 0, "\(whole.errors)")
      let piped = try shell("\"$0\" smooth a_space-MNI152.nii --fwhm 6 -o -", in: folder)
      #expect(piped.status == 0)
      #expect(piped.output == (try Data(contentsOf: URL(filePath: folder + "/s.nii"))))
      let chain = try shell(
        "gzip < a_space-MNI152.nii | \"$0\" smooth - --fwhm 6 -o - | \"$0\" value - --at 0,0,0",
        in: folder)
      let direct = try Program.run(["value", folder + "/s.nii", "--at", "0,0,0"])
      #expect(chain.status == 0)
      #expect(String(decoding: chain.output, as: UTF8.self) == direct.output)
      // A reader that goes away is no failure, and nothing is left behind.
      let head = try shell("\"$0\" smooth - --fwhm 6 -o - < s.nii | head -c 10", in: folder)
      #expect(head.output.count == 10)
      #expect(try Program.run(["smooth", image, "--fwhm", "6", "-o", "-", "--json"]).status == 64)
      #expect(try Program.run(["info", "-"]).status == 65)
      #expect(try Program.run(["info", "-", "-"]).status == 65)
    }
  }

  @Test func severalFilesAreToldEachByItsPath() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let (a, b) = (try files.image("a.nii"), try files.image("b.nii") { _ in 7 })
      let info = try answered(try Program.run(["info", a, b, "--json"]).output)
      let found = try #require(info["files"] as? [[String: Any]])
      #expect(found.map { $0["path"] as? String } == [a, b])
      #expect(found.allSatisfy { $0["shape"] != nil })
      #expect((info["inputs"] as? [Any])?.count == 2)
      let text = try Program.run(["value", a, b, "--at", "0,0,0"]).output
      #expect(text.split(separator: "\n").last.map(String.init) == "\(b)  0, 0, 0 mm  7.0")
      let one = try answered(try Program.run(["value", b, "--at", "0,0,0", "--json"]).output)
      #expect(one["values"] != nil && one["files"] == nil)
    }
  }

  @Test func aRefusalNamesTheWholePath() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let run = try files.run("sub-01_space-MNI152_bold.nii")
      try FileManager.default.createDirectory(
        atPath: folder + "/deep", withIntermediateDirectories: true)
      try "x".write(toFile: folder + "/deep/mask.nii", atomically: true, encoding: .utf8)
      for path in [folder + "/deep/mask.nii", "deep/mask.nii"] {
        let result = try Program.run(
          ["seedmap", run, "--mask=\(path)", "--seed", "0,0,0", "-o", folder + "/o.nii"],
          in: folder)
        #expect(result.status == 65)
        #expect(
          result.errors.hasSuffix("The file is \(folder)/deep/mask.nii.\n"), "\(result.errors)")
      }
    }
  }

  @Test func quietSaysOnlyWhyItFailed() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let run = try files.run("sub-01_space-MNI152_bold.nii")
      let arguments = ["seedmap", run, "--seed", "0,0,0", "-o"]
      let loud = try Program.run(arguments + [folder + "/a.nii"])
      #expect(loud.status == 0 && !loud.errors.isEmpty)
      let quiet = try Program.run(arguments + [folder + "/b.nii", "--quiet"])
      #expect(quiet.status == 0 && quiet.errors.isEmpty, "\(quiet.errors)")
      let failed = try Program.run(arguments + [folder + "/b.nii", "--quiet"])
      #expect(failed.status == 73 && failed.errors.contains("already there"))
    }
  }

  @Test func noColourHoldsForSnapshotsToo() throws {
    try withTemporaryFolder { folder in
      let image = try SmallStudy(folder).image("a.nii")
      let arguments = ["snapshot", "--anat", image, "--format", "ansi", "-o", "-"]
      let escape = "38;2;"
      #expect(try Program.run(arguments, environment: ["NO_COLOR": ""]).output.contains(escape))
      let plain = try Program.run(arguments, environment: ["NO_COLOR": "1"])
      #expect(plain.status == 0 && !plain.output.contains(escape))
      let asked = try Program.run(
        arguments + ["--colours", "24bit"], environment: ["NO_COLOR": "1"])
      #expect(asked.output.contains(escape))
    }
  }

  @Test func theSchemaRefusesWhatIsNoAnswer() throws {
    let schema = try JSONSchema.documented()
    let good = """
      {"schema": 1, "version": "0.1.0", "command": "value", "inputs": [], "findings": [],
       "result": {"values": []}, "notice": "n"}
      """
    #expect(try schema.faults(of: good) == [])
    for (old, new) in [
      ("\"schema\": 1", "\"schema\": 2"), ("\"values\"", "\"value\""), ("\"findings\": [],", ""),
      ("\"notice\"", "\"more\": 1, \"notice\""),
      ("\"inputs\": []", "\"inputs\": [{\"role\": \"x\"}]"),
      ("[]}", "[{\"mm\": [0, 0], \"frame\": null, \"value\": 1, \"inside\": true}]}"),
    ] { #expect(try schema.faults(of: good.replacing(old, with: new)) != [], "\(new)") }
  }
}

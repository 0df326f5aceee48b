import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// A person may take a geometry that the header says not to use; it is told with everything that comes of it.
@Suite struct TrustCommandTests {
  private func file(_ folder: String) throws -> String {
    let path = folder + "/a.nii"
    let grid = try #require(
      Grid(
        dimensions: (4, 5, 6),
        worldFromVoxel: Affine(rows: [[-2, 0, 0, 30], [0, 3, 0, -40], [0, 0, 4, 5]])))
    try ImageWriter.write(
      path, Volume(grid: grid, values: (0..<120).map(Float.init)), formCode: 0, note: "",
      overwrite: false)
    return path
  }

  @Test func aPlaceInMillimetresNeedsADecisionWithAReason() throws {
    try withTemporaryFolder { folder in
      let path = try file(folder)
      let place = ["value", path, "--at", "28,-37,9", "--json"]
      #expect(try Program.run(place).status == 65)
      #expect(try Program.run(place + ["--trust", "sform"]).status == 64)
      #expect(
        try Program.run(place + ["--trust", "qform", "--trust-reason", "seen in 3dinfo"]).status
          == 65)
      let taken = try Program.run(place + ["--trust", "sform", "--trust-reason", "seen in 3dinfo"])
      #expect(taken.status == 0, "\(taken.errors)")
      #expect(taken.output.contains("\"value\": 25"))
      #expect(taken.output.contains("form-trusted") && taken.output.contains("seen in 3dinfo"))
      #expect(taken.errors.contains("SIDES BY DECISION"))
    }
  }

  @Test func whatIsWrittenSaysWhoDecided() throws {
    try withTemporaryFolder { folder in
      let out = folder + "/s.nii"
      let result = try Program.run([
        "smooth", try file(folder), "--fwhm", "6", "-o", out, "--trust", "sform", "--trust-reason",
        "seen in 3dinfo",
      ])
      #expect(result.status == 0, "\(result.errors)")
      #expect(try ImageReader.describe(out).orientation == "LAS")
      let sidecar = try String(contentsOfFile: folder + "/s.json", encoding: .utf8)
      #expect(sidecar.contains("SIDES BY DECISION of") && sidecar.contains("seen in 3dinfo"))
    }
  }

  /// What is made of an image of no side has no geometry that somebody could take for the image's own.
  @Test func whatIsMadeOfNoSideHoldsNoFormToTrust() throws {
    try withTemporaryFolder { folder in
      let out = folder + "/s.nii"
      let made = try Program.run(["smooth", try file(folder), "--fwhm", "6", "-o", out])
      #expect(made.status == 0, "\(made.errors)")
      let about = try ImageReader.describe(out)
      #expect(about.laterality == .unknown && about.unusedForms.isEmpty)
      #expect(about.spacing == (2, 3, 4))
      let taken = try Program.run([
        "value", out, "--at", "28,-37,9", "--trust", "sform", "--trust-reason", "seen in 3dinfo",
      ])
      #expect(taken.status == 65 && taken.errors.contains("no usable sform"), "\(taken.errors)")
    }
  }

  @Test func theScreenSaysSo() throws {
    try withTemporaryFolder { folder in
      let shown = try Program.run([
        "snapshot", "--anat", try file(folder), "--trust", "sform", "--trust-reason",
        "seen in 3dinfo", "--size", "120x40", "-o", "-",
      ])
      #expect(shown.output.contains("SIDES BY DECISION"))
    }
  }

  @Test func whatIsKeptByAHashIsRefused() throws {
    try withTemporaryFolder { folder in
      let path = try file(folder)
      let trust = ["--trust", "sform", "--trust-reason", "seen in 3dinfo"]
      for command in [
        ["flipcheck", path, EnvelopeTests.t1],
        [
          "resample", path, "--like", path, "--transform", folder + "/m.txt", "-o",
          folder + "/o.nii",
        ],
        ["register", path, "--to", EnvelopeTests.t1, "-o", folder + "/m.txt"],
      ] {
        let result = try Program.run(command + trust)
        #expect(
          result.status == 65 && result.errors.contains("decision of --trust"), "\(result.errors)")
      }
    }
  }
}

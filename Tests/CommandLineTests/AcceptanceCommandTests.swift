import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// What a person takes of a transform from elsewhere, and what is asked before.
@Suite struct AcceptanceCommandTests {
  private static let head = "/usr/share/mricron/templates/ch2.nii.gz"

  /// A brain in an EPI's contrast, as it lies in the head or mirrored.
  private func brain(_ path: String, mirrored: Bool) throws {
    let stored = try ImageReader.readVolume("/usr/share/mricron/templates/ch2bet.nii.gz").volume
    let grid = try #require(
      Grid(
        dimensions: (60, 72, 60),
        worldFromVoxel: Affine(spacing: (3, 3, 3), origin: WorldPoint(-88, -124, -70))))
    let small = stored.smoothed(fwhm: 3).resampled(to: grid, .linear)
    var values = small.values.map { $0.isFinite && $0 > 20 ? 150 - $0 : 0 }
    if mirrored {
      let plain = values
      for n in values.indices { values[n] = plain[n - n % grid.nx + grid.nx - 1 - n % grid.nx] }
    }
    try ImageWriter.write(
      path, Volume(grid: grid, values: values), formCode: 1, note: "test", overwrite: false)
  }

  private func imported(_ folder: String, _ moving: String, _ rows: String, _ out: String) throws
    -> Program.Result
  {
    try (rows + "\n0 0 0 1\n").write(
      toFile: folder + "/foreign.mat", atomically: true, encoding: .utf8)
    return try Program.run([
      "transform", "import", folder + "/foreign.mat", "--format", "matrix", "--direction",
      "moving-to-fixed", "--moving", moving, "--fixed", Self.head, "-o", out, "--force",
    ])
  }

  @Test func acceptanceAsksForTheSides() throws {
    try withTemporaryFolder { folder in
      let state = ["XDG_STATE_HOME": folder + "/state"]
      for isMirrored in [false, true] {
        let moving = "\(folder)/\(isMirrored).nii"
        try brain(moving, mirrored: isMirrored)
        let m = folder + "/m.txt"
        let made = try imported(folder, moving, "1 0 0 0\n0 1 0 0\n0 0 1 0", m)
        #expect(made.status == 0, "\(made.errors)")
        let look = try Program.run(
          [
            "transform", "look", m, "--moving", moving, "--fixed", Self.head, "-o",
            folder + "/m.png", "--force", "--json",
          ], environment: state)
        #expect(look.status == 0, "\(look.errors)")
        let answer = try answered(look.output)
        #expect(try #require(answer["surfaces_apart_mm"] as? Double) < 4)
        #expect((answer["sides"] as? String)?.contains("MIRRORED") == isMirrored)
        #expect(FileManager.default.fileExists(atPath: folder + "/m.png"))
        let accept = ["transform", "accept", m, "--looked", folder + "/m.png"]
        // Where nothing is known of the sides it must be said why it is right.
        let unknown = ["XDG_STATE_HOME": folder + "/other"]
        let silent = try Program.run(accept, environment: unknown)
        #expect(silent.status == 64 && silent.errors.contains("sides not compared"))
        let taken = try Program.run(accept, environment: state)
        #expect(taken.status == (isMirrored ? 65 : 0), "\(taken.errors)")
        let json = try String(contentsOfFile: folder + "/m.json", encoding: .utf8)
        #expect(json.contains("\"accepted\": true") == !isMirrored)
        let said = try Program.run(
          accept + ["--because", "a marker is on the right in both"], environment: unknown)
        #expect(said.status == 0, "\(said.errors)")
        let shown = try Program.run(["transform", "show", m])
        #expect(
          shown.output.contains("sides not compared")
            && shown.output.contains("a marker is on the right in both"))
        // Whoever uses it hears of it.
        let used = try Program.run([
          "resample", moving, "--like", Self.head, "--transform", m, "-o", folder + "/o.nii.gz",
          "--force", "--json",
        ])
        #expect(used.status == 0, "\(used.errors)")
        #expect(used.output.contains("sides not compared"))
        let later = try Program.run(["info", folder + "/o.nii.gz", "--json"])
        #expect(later.output.contains("sides not compared"))
      }
    }
  }

  @Test func aLargeTurnIsWarnedOfAndStays() throws {
    try withTemporaryFolder { folder in
      let moving = folder + "/a.nii"
      try brain(moving, mirrored: false)
      let m = folder + "/m.txt"
      let made = try imported(
        folder, moving, "0.819152 -0.573576 0 0\n0.573576 0.819152 0 0\n0 0 1 0", m)
      #expect(made.status == 0 && made.errors.contains("turned 35°"), "\(made.errors)")
      #expect(try Program.run(["transform", "show", m]).output.contains("WARNING: it moved"))
      let back = folder + "/back.txt"
      #expect(try Program.run(["transform", "invert", m, "-o", back]).status == 0)
      #expect(try Program.run(["transform", "show", back]).output.contains("WARNING: it moved"))
    }
  }
}

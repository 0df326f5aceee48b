import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// `camera` from outside.
@Suite struct CameraCommandTests {
  /// A small head, hot on the left, with the tilted axes of a scanner.
  static func writeHead(_ folder: String) throws -> (path: String, grid: Grid) {
    let affine = Affine(rows: [
      [-5.8, 0.7, 0.3, 70], [0.7, 5.9, 0.5, -95], [0.3, -0.5, 6.0, -60],
    ])
    let grid = try #require(Grid(dimensions: (24, 28, 22), worldFromVoxel: affine))
    let values = (0..<grid.count).map { n -> Float in
      let w = grid.world(at: n)
      guard w.distance(to: WorldPoint(0, -10, 5)) < 60 else { return 0 }
      return w.distance(to: WorldPoint(-35, -10, 5)) < 14 ? 5 : 1
    }
    let path = folder + "/head.nii.gz"
    try ImageWriter.write(
      path, Volume(grid: grid, values: values), formCode: 1, note: "head", overwrite: false)
    return (path, grid)
  }

  static let quick = ["--matrix", "48", "--views", "24"]

  @Test func projectAndReconstruct() throws {
    try withTemporaryFolder { folder in
      let (head, grid) = try Self.writeHead(folder)
      let views = folder + "/views.nii.gz"
      let made = try Program.run(
        ["camera", "project", head, "-o", views, "--collimator", "ecam-leuhr"] + Self.quick)
      #expect(made.status == 0, "\(made.errors)")
      let d = try ImageReader.describe(views)
      #expect(d.isSimulated && d.affine == nil && d.shape[0] == 48 && d.shape[2] == 24)
      let sidecar = try readTextFile(folder + "/views.json")
      for word in [
        "SIMULATED SPECT", "\"collimator\": \"ecam-leuhr\"", "\"noise_seed\": \"1\"",
        "\"radius_mm\"",
      ] { #expect(sidecar.contains(word), "\(word)") }
      // The same seed, the same bytes.
      let again = folder + "/again.nii.gz"
      _ = try Program.run(
        ["camera", "project", head, "-o", again, "--collimator", "ecam-leuhr"] + Self.quick)
      #expect(try sha256(ofFile: views) == sha256(ofFile: again))

      for (name, options) in [
        ("fbp", ["--method", "fbp", "--cutoff", "0.4", "--order", "10"]),
        ("osem", ["--method", "osem", "--recovery"]),
      ] {
        let out = folder + "/\(name).nii.gz"
        let result = try Program.run(["camera", "reconstruct", views, "-o", out] + options)
        #expect(result.status == 0, "\(result.errors)")
        let (found, volume) = try ImageReader.readVolume(out)
        #expect(found.isSimulated && found.formCode == 1 && found.grid.matches(grid))
        let left = volume.nearest(WorldPoint(-35, -10, 5))
        let right = volume.nearest(WorldPoint(35, -10, 5))
        #expect(left > 2 && left > 2 * right, "\(name): \(left), \(right)")
        let text = try readTextFile(folder + "/\(name).json")
        #expect(text.contains("SIMULATED SPECT") && text.contains("\"pixel_mm\""))
        #expect(text.contains("amplitude 1/sqrt(1+(f/fc)^2n)") == (name == "fbp"))
        let oneStep = folder + "/\(name)-at-once.nii.gz"
        let direct = try Program.run(
          ["camera", "simulate", head, "-o", oneStep, "--collimator", "ecam-leuhr"] + Self.quick
            + options)
        #expect(direct.status == 0, "\(direct.errors)")
        // Their headers tell two ways of making; the numbers are one.
        let (one, two) = (try ImageReader.readVolume(oneStep), try ImageReader.readVolume(out))
        #expect(one.volume.values.map(\.bitPattern) == two.volume.values.map(\.bitPattern))
        #expect(one.description.grid == two.description.grid)
      }
    }
  }

  @Test func anythingElseIsRefusedInOneSentence() throws {
    try withTemporaryFolder { folder in
      let (head, _) = try Self.writeHead(folder)
      let views = folder + "/views.nii.gz"
      let out = folder + "/out.nii.gz"
      _ = try Program.run(["camera", "project", head, "-o", views] + Self.quick)
      func sentence(_ arguments: [String], _ status: Int32) throws -> String {
        let result = try Program.run(["camera"] + arguments)
        #expect(result.status == status, "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: out))
        return result.errors
      }
      #expect(
        try sentence(["reconstruct", head, "-o", out], 65)
          == "boldspect: 'head.nii.gz': it is no file of projections with its sidecar beside it; "
          + "expected views that boldspect camera project wrote. Make them with boldspect camera "
          + "project. The file is \(head).\n")
      // Views of another scan under this one's sidecar.
      let other = folder + "/other.nii.gz"
      _ = try Program.run(
        ["camera", "project", head, "-o", other, "--counts", "1e6"] + Self.quick)
      try FileManager.default.removeItem(atPath: folder + "/other.json")
      try FileManager.default.copyItem(
        atPath: folder + "/views.json", toPath: folder + "/other.json")
      #expect(
        try sentence(["reconstruct", other, "-o", out], 65).contains(
          "its sidecar other.json was written with another image"))
      try FileManager.default.removeItem(atPath: folder + "/views_mu.nii.gz")
      #expect(try sentence(["reconstruct", views, "-o", out], 66).contains("views_mu.nii.gz"))
      try FileManager.default.copyItem(
        atPath: folder + "/other_mu.nii.gz", toPath: folder + "/views_mu.nii.gz")
      _ = try sentence(["reconstruct", views, "-o", out, "--recovery"], 64)
      _ = try sentence(["project", SampleCommandTests.bold, "-o", out], 65)
      #expect(
        try sentence(["project", head, "-o", out, "--collimator", "x"], 64).contains("mediso-leuhr")
      )
      _ = try sentence(["project", head, "-o", out, "--mu", head, "--no-attenuation"], 64)
      #expect(
        try sentence(["project", head, "-o", out, "--mu", head], 65).contains("per cm"))
    }
  }
}

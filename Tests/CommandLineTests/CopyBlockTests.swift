import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// What blocks an image blocks every copy of it, and all that was made of it, whatever was left behind.
@Suite struct CopyBlockTests {
  /// A person's image, the state folder, and what `flipcheck` keeps of a mirrored pair.
  struct Bench {
    var folder: String
    var image: String { folder + "/head.nii" }
    var state: [String: String] { ["XDG_STATE_HOME": folder + "/state"] }

    init(_ folder: String) throws {
      self.folder = folder
      let grid = Small.grid(24, 26, 22, spacing: (4, 4, 4), origin: WorldPoint(-48, -52, -44))
      let volume = Small.volume(grid) { v in
        let p = grid.world(v)
        let isInside = p.x * p.x + p.y * p.y + p.z * p.z < 1600
        return isInside ? Float(600 + v.i * 7 + v.j * 3 + v.k % 5) : 0
      }
      try ImageWriter.write(
        folder + "/head.nii", volume, formCode: 1, note: "head", overwrite: false)
    }

    func run(_ arguments: [String], input: String? = nil) throws -> Program.Result {
      try Program.run(arguments, environment: state, input: input)
    }

    func block(_ path: String? = nil) throws {
      let image = path ?? self.image
      let d = try ImageReader.identify(image)
      let voxels = try #require(d.voxelsSHA256)
      let likeness = try #require(ImageLikeness(try ImageReader.readVolume(image).volume)).text
      let other = String(repeating: "ab", count: 32)
      for hash in [d.sha256, voxels] {
        let text = """
          {"GeneratedBy": "boldspect", "kind": "sides", "format": 1, "sides": [{"first": "\(d.sha256)", "second": "\(other)",
          "first_voxels": "\(voxels)", "second_voxels": null,
          "first_likeness": "\(likeness)", "verdict": "mirrored", "margin": -20, "stored": 1.1, "mirrored": 1.2, "decision": null}]}
          """
        try FileManager.default.createDirectory(
          atPath: folder + "/state/boldspect", withIntermediateDirectories: true)
        try text.write(
          toFile: "\(folder)/state/boldspect/sides-\(hash.prefix(32)).json", atomically: true,
          encoding: .utf8)
      }
    }

    /// Whether it is told of an image that it, or what it was made of, is mirrored and undecided.
    func isTold(_ path: String) throws -> Bool {
      try run(["info", path, "--json"]).output.contains("\"sides-mirrored\"")
    }
  }

  @Test func copiesAndPartedMapsAreStillBlocked() throws {
    try withTemporaryFolder { folder in
      let bench = try Bench(folder)
      let volume = try ImageReader.readVolume(bench.image).volume
      let copies = ["packed.nii.gz", "renamed.nii", "header.nii", "whole.nii"].map {
        folder + "/" + $0
      }
      try ImageWriter.write(copies[0], volume, formCode: 1, note: "head", overwrite: false)
      try FileManager.default.copyItem(atPath: bench.image, toPath: copies[1])
      try ImageWriter.write(copies[2], volume, formCode: 2, note: "another", overwrite: false)
      try ImageWriter.write(
        copies[3], volume, formCode: 1, note: "", storage: .int16(slope: 1), overwrite: false)
      // Made of a copy, and parted from what says so.
      let made = ["smooth", "resample", "twice"].map { folder + "/\($0).nii.gz" }
      for arguments in [
        ["smooth", copies[0], "--fwhm", "6", "-o", made[0]],
        ["resample", copies[2], "--like", bench.image, "-o", made[1]],
        ["smooth", made[0], "--fwhm", "5", "-o", made[2]],
      ] {
        let result = try bench.run(arguments)
        #expect(result.status == 0 && !result.errors.contains("MIRRORED"), "\(result.errors)")
        try FileManager.default.removeItem(
          atPath: arguments[arguments.count - 1].replacing(".nii.gz", with: ".json"))
        // The one after reads it without its JSON.
      }
      for path in copies + made { #expect(try !bench.isTold(path), "\(path)") }
      try bench.block()
      for path in [bench.image] + copies + made { #expect(try bench.isTold(path), "\(path)") }
      // Who mends the header, or the voxels, has another image.
      let mended = folder + "/mended.nii"
      var rows = volume.grid.worldFromVoxel.rows
      for r in 0..<3 { rows[r][0] = -rows[r][0] }
      let turned = try #require(
        Grid(dimensions: (24, 26, 22), worldFromVoxel: Affine(rows: rows)))
      try ImageWriter.write(
        mended, Volume(grid: turned, values: volume.values), formCode: 1, note: "",
        overwrite: false)
      #expect(try !bench.isTold(mended))
    }
  }

  /// What another program changed a little since is a copy as long as it looks like one.
  @Test func whatWasChangedALittleIsStillBlocked() throws {
    try withTemporaryFolder { folder in
      let bench = try Bench(folder)
      let volume = try ImageReader.readVolume(bench.image).volume
      let grid = volume.grid
      let plane = grid.nx * grid.ny
      var (one, noisy) = (volume.values, volume.values)
      one[plane * 11 + 24 * 13 + 12] += 40
      var random = SeededGenerator(seed: 5)
      for n in noisy.indices { noisy[n] += Float(10 * random.uniform()) }
      let cut = try #require(
        Grid(
          dimensions: (24, 26, 20),
          worldFromVoxel: Affine(spacing: (4, 4, 4), origin: WorldPoint(-48, -52, -36))))
      let cases: [(String, Grid, [Float])] = [
        ("voxel", grid, one), ("frame", grid, noisy),
        ("scaled", grid, volume.values.map { 2.5 * $0 + 12 }),
        ("cut", cut, Array(volume.values[2 * plane..<22 * plane])),
      ]
      try bench.block()
      for (name, grid, values) in cases {
        let path = "\(folder)/\(name).nii"
        try ImageWriter.write(
          path, Volume(grid: grid, values: values), formCode: 1, note: "", overwrite: false)
        #expect(try bench.isTold(path), "\(name)")
        let made = try bench.run(["smooth", path, "--fwhm", "6", "-o", "\(folder)/s\(name).nii.gz"])
        #expect(made.errors.contains("looks like an image"), "\(made.errors)")
        // The mirror image is what the right one looks like.
        let mirrored = values.indices.map { n in
          2 * values[n - n % grid.nx + grid.nx - 1 - n % grid.nx] + 1
        }
        let mended = "\(folder)/m\(name).nii"
        try ImageWriter.write(
          mended, Volume(grid: grid, values: mirrored), formCode: 1, note: "", overwrite: false)
        #expect(try !bench.isTold(mended), "\(name)")
      }
    }
  }

  /// A run is let in by its header, before its voxels say what it is a copy of.
  @Test func aChangedCopyOfARunHasNoTargets() throws {
    try withTemporaryFolder { folder in
      let bench = try Bench(folder)
      let (run, copy) = (folder + "/run.nii", folder + "/copy.nii")
      let shell = Process()
      shell.executableURL = URL(filePath: "/bin/sh")
      shell.arguments = ["-c", "gzip -dc '\(SampleCommandTests.bold)' > '\(run)'"]
      try shell.run()
      shell.waitUntilExit()
      var bytes = Array(try Data(contentsOf: URL(filePath: run)))
      // Another scale of the values: scl_slope.
      withUnsafeBytes(of: Float(3).bitPattern.littleEndian) {
        bytes.replaceSubrange(112..<116, with: $0)
      }
      try Data(bytes).write(to: URL(filePath: copy))
      func targets(_ path: String) throws -> Program.Result {
        try bench.run([
          "targets", path, "--space", "MNI152", "--mask", SampleCommandTests.mask, "--bootstrap",
          "0", "-o", "\(folder)/\(UUID().uuidString).tsv",
        ])
      }
      #expect(try targets(copy).status == 0)
      try bench.block(run)
      for path in [run, copy] {
        let refused = try targets(path)
        #expect(
          refused.status == 65 && refused.errors.contains("a target is blocked"),
          "\(refused.errors)")
      }
    }
  }

  @Test func smoothingABlockedImageSaysSo() throws {
    try withTemporaryFolder { folder in
      let bench = try Bench(folder)
      try bench.block()
      let result = try bench.run([
        "smooth", bench.image, "--fwhm", "6", "-o", folder + "/s.nii.gz",
      ])
      #expect(result.status == 0 && result.errors.contains("MIRRORED"), "\(result.errors)")
      let again = try bench.run([
        "smooth", folder + "/s.nii.gz", "--fwhm", "6", "-o", folder + "/t.nii.gz",
      ])
      #expect(again.errors.contains("made of an image"), "\(again.errors)")
    }
  }

  @Test func whatCameOnStandardInputIsCalledAsItWasTyped() throws {
    try withTemporaryFolder { folder in
      let bench = try Bench(folder)
      let shell = Process()
      shell.executableURL = URL(filePath: "/bin/sh")
      let program = Program.url.path
      let out = folder + "/out.txt"
      shell.arguments = [
        "-c", "'\(program)' info - --json < '\(bench.image)' > '\(out)' 2>&1",
      ]
      try shell.run()
      shell.waitUntilExit()
      let text = try readTextFile(out)
      #expect(text.contains("\"path\": \"-\""), "\(text)")
      #expect(!text.contains(NSTemporaryDirectory() + "boldspect") && !text.contains("/stdin"))
    }
  }

  /// A target that was found in an image which turns out to be mirrored later, or in a copy of it.
  @Test func aTargetOfACopyGoesNowhere() throws {
    try withTemporaryFolder { folder in
      let bench = try Bench(folder)
      let d = try ImageReader.identify(bench.image)
      let hash = String(repeating: "12", count: 32)
      let text = """
        {"GeneratedBy": "boldspect", "kind": "targets", "targets": [{"name": "one", "note": "", "mm": [-20, 10, 15],
        "space": "native", "side": "LEFT", "method": "m", "decision": "accepted", "acknowledged": true,
        "warnings": [], "image_sha256": "\(hash)", "image_origin": ["\(d.voxelsSHA256 ?? "")"]}]}
        """
      try text.write(toFile: folder + "/t.json", atomically: true, encoding: .utf8)
      let head = NavigatorCommandTests.head
      let arguments = [
        "target", "export", folder + "/t.json", "--name", "one", "--anat", head, "--same-world",
        "--to",
        "simnibs", "-o",
      ]
      let before = try bench.run(arguments + [folder + "/a.csv"])
      #expect(!before.errors.contains("is blocked"), "\(before.errors)")
      try bench.block()
      let after = try bench.run(arguments + [folder + "/b.csv"])
      #expect(after.status == 65 && after.errors.contains("is blocked"), "\(after.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder + "/b.csv"))
    }
  }
}

/// What a person said at an import stays with the images.
@Suite struct ImportDecisionTests {
  private func series(_ folder: String, _ patient: String, _ uid: String) throws -> String {
    var phantom = DICOMPhantom()
    (phantom.modality, phantom.patient) = ("MR", ("N^\(patient)", patient))
    (phantom.slope, phantom.intercept) = (nil, nil)
    phantom.imageType = "ORIGINAL\\PRIMARY\\M"
    phantom.description = "T1 mprage"
    phantom.seriesUID += uid
    let path = folder + "/series" + uid
    try phantom.writeClassicMR(to: path)
    return path
  }

  @Test func theReasonIsInTheDataSetAndGoesOn() throws {
    try withTemporaryFolder { folder in
      let state = ["XDG_STATE_HOME": folder + "/state"]
      let bids = folder + "/bids"
      let one = try series(folder, "111", ".1")
      #expect(
        try Program.run(["import", one, "-o", bids, "--sub", "1"], environment: state).status == 0)
      let made = try Program.run(
        [
          "import", try series(folder, "222", ".2"), "-o", bids, "--sub", "1", "--ses", "2",
          "--other-person", "two numbers, one person",
        ], environment: state)
      #expect(made.status == 0, "\(made.errors)")
      let image = bids + "/sub-1/ses-2/anat/sub-1_ses-2_T1w.nii.gz"
      let sidecar = image.replacing(".nii.gz", with: ".json")
      #expect(try readTextFile(sidecar).contains("two numbers, one person"))
      // Parted from its JSON it still says so, and so does what is made of it.
      try FileManager.default.removeItem(atPath: sidecar)
      let smooth = try Program.run(
        ["smooth", image, "--fwhm", "4", "-o", folder + "/s.nii"], environment: state)
      #expect(smooth.errors.contains("two numbers, one person"), "\(smooth.errors)")
    }
  }

  @Test func aKindThatOnlyAPersonSaysIsTold() throws {
    try withTemporaryFolder { folder in
      let made = try Program.run(
        [
          "import", try series(folder, "111", ".1"), "-o", folder + "/bids", "--sub", "1",
          "--series", "7", "--as", "spect",
        ], environment: ["XDG_STATE_HOME": folder + "/state"])
      #expect(made.status == 0 && made.errors.contains("SOP class says MR"), "\(made.errors)")
      let written = try FileManager.default.subpathsOfDirectory(atPath: folder + "/bids")
      let json = try #require(written.first { $0.hasSuffix(".json") })
      #expect(try readTextFile(folder + "/bids/" + json).contains("SOP class says MR"))
    }
  }

  @Test func aFolderThatIsALinkIsNotFollowed() throws {
    try withTemporaryFolder { folder in
      let elsewhere = folder + "/elsewhere"
      for path in [elsewhere, folder + "/bids"] {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      }
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/bids/sub-1", withDestinationPath: elsewhere)
      let made = try Program.run(
        ["import", try series(folder, "111", ".1"), "-o", folder + "/bids", "--sub", "1"],
        environment: ["XDG_STATE_HOME": folder + "/state"])
      #expect(made.status == 73 && made.errors.contains("is a link"), "\(made.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere).isEmpty)
    }
  }
}

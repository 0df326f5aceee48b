import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// What a stranger found once.
@Suite struct EngineRegressionTests {
  typealias Commands = EngineCommandTests

  /// Every preset's candidates must be readable back, whatever the last bit of their r.
  @Test(arguments: ["none", "9P", "24P", "hp-only"])
  func targetsAreSavedWhateverTheirNumbers(_ preset: String) throws {
    try withTemporaryFolder { folder in
      var arguments = [
        "targets", Commands.sample, "--mask", Commands.mask, "-o", folder + "/t.tsv", "--preset",
        preset,
      ]
      if preset.hasSuffix("P") { arguments += ["--confounds", Commands.confounds] }
      let result = try Program.run(arguments)
      #expect(result.status == 0, "\(result.errors)")
    }
  }

  @Test func aClosedStandardErrorEndsNothing() throws {
    try withTemporaryFolder { folder in
      let out = folder + "/m.tsv"
      let process = Process()
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments = [
        "-c", "\"$0\" \"$@\" 2>&-", Program.url.path, "matrix", Commands.sample, "--mask",
        Commands.mask, "--preset", "9P", "--confounds", Commands.confounds, "--fd", "0.16", "-o",
        out,
      ]
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 0)
      #expect(FileManager.default.fileExists(atPath: out))
    }
  }

  @Test func mapsWithoutAnyNumberAreRefused() throws {
    try withTemporaryFolder { folder in
      let grid = Small.grid(6, 6, 6, spacing: (3, 3, 3))
      func write(_ name: String, _ value: @escaping (Int, Int) -> Float) throws -> String {
        let path = folder + "/\(name)_space-MNI152_bold.nii"
        try ImageWriter.write(
          path,
          ImageWriter.Content(
            grid: grid, formCode: 4, frameCount: 60, repetitionTimeSeconds: 2, note: "t"),
          overwrite: false
        ) { (t) throws(Problem) in (0..<grid.count).map { value(t, $0) } }
        return path
      }
      let mask = folder + "/mask.nii"
      try ImageWriter.write(
        mask, Small.volume(grid) { _ in 1 }, formCode: 4, note: "m", overwrite: false)
      let flat = try write("flat") { _, _ in 7 }
      let broken = try write("broken") { t, v in t == 50 ? .nan : Float((t * 31 + v * 17) % 13) }
      let holes = try write("holes") { t, v in v < 9 ? 5 : Float((t * 31 + v * 17) % 13) }
      for (path, word) in [(flat, "never change"), (broken, "frame 50")] {
        for command in [["clean"], ["measures", "--measure", "reho"]] {
          let result = try Program.run(
            command + [path, "--mask", mask, "-o", folder + "/o.nii", "--force"])
          #expect(result.status == 65)
          #expect(result.errors.contains(word), "\(result.errors)")
        }
      }
      let partly = try Program.run(["clean", holes, "--mask", mask, "-o", folder + "/o.nii"])
      #expect(partly.status == 0)
      #expect(partly.errors.contains("9 of 216 voxels of the mask have no data"))
    }
  }

  @Test func greyMatterOfAMeasureFollowsTheRules() throws {
    try withTemporaryFolder { folder in
      let out = folder + "/z.nii.gz"
      let arguments = [
        "measures", Commands.sample, "--mask", Commands.mask, "--scale", "z", "-o", out, "--gm",
      ]
      let coded = try Program.run(
        arguments + [SampleCommandTests.sample("label-GM_probseg.nii.gz")])
      #expect(coded.status == 0, "\(coded.errors)")
      #expect(
        try String(contentsOfFile: folder + "/z.json", encoding: .utf8).contains("gm-scaled"))
      let grid = try ImageReader.describe(Commands.mask).grid
      let empty = folder + "/empty.nii"
      try ImageWriter.write(
        empty, Small.volume(grid) { _ in 0 }, formCode: 4, note: "m", overwrite: false)
      let refused = try Program.run(arguments + [empty, "--force"])
      #expect(refused.status == 65)
      #expect(refused.errors.contains("reaches 0.5"))
    }
  }

  @Test func windowsAreAsLongAsTheyAreAskedFor() throws {
    let base = [
      "windows", Commands.sample, "--mask", Commands.mask, "--seed", "PCC", "--with", "mPFC",
      "--surrogates", "20", "--json",
    ]
    for (options, frames, warns) in [
      ([], 34, false), (["--window", "60"], 20, true), (["--window", "60", "--tapered"], 20, true),
    ] as [([String], Int, Bool)] {
      let result = try Program.run(base + options)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("\"window_frames\": \(frames)"))
      #expect(result.errors.contains("shorter than one period") == warns)
    }
  }

  @Test func aMaskOfAnotherSpaceIsRefused() throws {
    try withTemporaryFolder { folder in
      let other = folder + "/mask.nii"
      try ImageWriter.write(
        other,
        Small.volume(
          Small.grid(40, 40, 40, spacing: (4, 4, 4), origin: WorldPoint(-80, -100, -60))
        ) { _ in 1 }, formCode: 1, note: "m", overwrite: false)
      let arguments = [
        "seedmap", Commands.sample, "--seed", "PCC", "--mask", other, "-o", folder + "/x.nii",
      ]
      let refused = try Program.run(arguments)
      #expect(refused.status == 65)
      #expect(refused.errors.contains("--space MNI152"))
      #expect(try Program.run(arguments + ["--space", "MNI152"]).status == 0)
    }
  }
}

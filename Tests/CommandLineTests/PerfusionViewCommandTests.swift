import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// What the viewer says of measured and simulated perfusion is what the commands say.
@Suite struct PerfusionViewCommandTests {
  typealias P = PerfusionPhantom

  /// The number that stands behind a name on the values line.
  static func number(_ name: String, in screen: String) throws -> Double {
    // The word may stand in a sentence too: the last place where a number follows.
    let numbers = screen.components(separatedBy: " \(name) ").dropFirst().compactMap { rest in
      Double(rest.prefix { !$0.isWhitespace }.replacingOccurrences(of: "−", with: "-"))
    }
    return try #require(numbers.last, "\(name) is not on\n\(screen)")
  }

  static func screen(_ arguments: [String], _ keys: String) throws -> String {
    let result = try Program.run(
      ["snapshot"] + arguments + ["--size", "200x50", "--keys", keys, "-o", "-"])
    #expect(result.status == 0, "\(result.errors)")
    return result.output
  }

  /// A picture made of the synthetic person's SPECT is called so, and not what a camera simulated.
  @Test func whatIsMadeOfASyntheticPersonIsCalledSo() throws {
    let sample = ["--spect", SampleCommandTests.sample("spect.nii.gz")]
    #expect(try Self.screen(sample, ":asymmetry<Enter>").contains("asymmetry SYNTHETIC PERSON"))
  }

  @Test func mapsOfAMeasuredSPECTAreThoseOfTheCommands() throws {
    try withTemporaryFolder { folder in
      let (ictal, rest) = (folder + "/ictal.nii", folder + "/rest.nii")
      let focus = WorldPoint(-44, -40, 10)
      let base = P.person(401)
      try ImageWriter.write(
        ictal,
        Volume(
          grid: base.grid,
          values: base.values.indices.map { n in
            base.values[n] * (base.grid.world(at: n).distance(to: focus) < 14 ? 1.5 : 1)
          }), formCode: 4, note: "test", overwrite: false)
      try ImageWriter.write(rest, P.person(402), formCode: 4, note: "test", overwrite: false)
      let out = folder + "/m.nii"
      let pair = ["--spect", ictal, "--spect", rest, "--at=-44,-40,10"]

      #expect(
        try Program.run(["siscom", ictal, rest, "--write", "sd", "-o", out]).status == 0)
      let score = Double(try ImageReader.readVolume(out).volume.nearest(focus))
      let subtraction = try Self.screen(pair, ":siscom<Enter>")
      #expect(subtraction.contains("ICTAL − INTERICTAL") && subtraction.contains("MNI152 space"))
      #expect(subtraction.contains("largest increase: LEFT"))
      #expect(score > 2)
      #expect(abs(try Self.number("difference", in: subtraction) - score) <= 0.051)

      #expect(
        try Program.run(["perfusion", ictal, "--asymmetry", out, "--force"]).status == 0)
      let index = Double(try ImageReader.readVolume(out).volume.nearest(focus))
      let asymmetry = try Self.screen(pair, ":asymmetry<Enter>")
      #expect(asymmetry.contains("largest asymmetry: RIGHT has up to "))
      #expect(asymmetry.contains("(MNI152, RAS+); differences of about ±10 % between the sides"))
      // The next focus is of what was made last, without marking its pane first.
      let next = try Self.screen(pair, ":asymmetry<Enter>n")
      #expect(next.contains("cluster 1 of "))
      #expect(try Self.screen(pair, ":asymmetry<Enter>n<Esc>").contains("n N foci"))
      #expect(index > 10)
      let shown = try #require(
        asymmetry.firstMatch(of: /asymmetry RIGHT ([0-9.]+) % less \(\|AI\| ([0-9.]+)\)/))
      let percent = 200 * index / (200 + index)
      #expect(abs((Double(shown.output.2) ?? .nan) - index) <= 0.051)
      #expect(abs((Double(shown.output.1) ?? .nan) - percent) <= 0.051)

      // The same table, line by line, as far as it is on the screen.
      let table = try Program.run([
        "perfusion", ictal, "--table", "--clusters", "20", "--of", "asymmetry",
      ])
      let sheet = try Self.screen(pair, ":perfusion 20<Enter>")
      let lines = table.output.split(separator: "\n")
      let head = try #require(lines.firstIndex { $0.hasPrefix("region ") })
      let rows = lines[(head - 1)...].prefix(20)
      #expect(rows.count == 20)
      for row in rows { #expect(sheet.contains(row), "\(row)") }
    }
  }

  /// z at the cursor is the command's, of the SPECT's own voxels, whatever grid is on screen.
  @Test func outlinesAreOfTheCommandsZ() throws {
    try withTemporaryFolder { folder in
      let (people, patient, z) = (folder + "/normals", folder + "/patient.nii", folder + "/z.nii")
      try FileManager.default.createDirectory(
        atPath: people, withIntermediateDirectories: false)
      for n in 0..<8 {
        try ImageWriter.write(
          people + "/n\(n).nii", P.normals[n], formCode: 4, note: "test", overwrite: false)
      }
      try ImageWriter.write(
        patient, P.person(301, decrease: 0.2), formCode: 4, note: "test", overwrite: false)
      let normals = ["--normals-folder", people]
      #expect(try Program.run(["perfusion", patient, "--z", z] + normals).status == 0)
      let place = WorldPoint(-30, -70, 10)
      let expected = Double(try ImageReader.readVolume(z).volume.nearest(place))
      #expect(expected < -1)
      let shown = try Self.screen(
        ["--anat", SampleCommandTests.sample("T1w.nii.gz"), "--spect", patient, "--at=-30,-70,10"]
          + normals, "v")
      #expect(shown.contains("outlined: z ≥ 2 white/+"))
      #expect(abs(try Self.number("z normals", in: shown) - expected) <= 0.051)
    }
  }

  @Test func proxiesAndTheCameraSayWhatTheyAre() throws {
    let run = ["--bold", SampleCommandTests.bold, "--mask", SampleCommandTests.mask]
    let alff = try Self.screen(run, ":proxy alff<Enter>")
    #expect(alff.contains("SIMULATED") && alff.contains("ALFF, "))
    let scan = try Self.screen(run, ":scan<Enter>")
    #expect(scan.contains("SIMULATED CAMERA") && scan.contains("FBP"))
    let lost = try Self.screen(run, ":contrast<Enter>")
    #expect(lost.contains("SIMULATED LOST CONTRAST"))
    let losses = try Self.screen(run + ["--seed", "PCC"], "<Space>:losses<Enter>")
    #expect(losses.contains("peaks of the seed map") && losses.contains("peak 1 "))
    // What was not given is refused by name.
    #expect(try Self.screen(run, ":proxy asl<Enter>").contains("--asl"))
  }

  /// Grey matter alone: the camera's picture is the one of `simulate`.
  @Test func aSuppliedMapIsTheProxyOfSimulate() throws {
    try withTemporaryFolder { folder in
      let run = [
        "--mask", SampleCommandTests.mask, "--gm",
        SampleCommandTests.sample("label-GM_probseg.nii.gz"),
      ]
      let out = folder + "/s.nii"
      let made = try Program.run(
        ["simulate", SampleCommandTests.bold, "--proxy", "gm", "-o", out] + run)
      #expect(made.status == 0, "\(made.errors)")
      let place = WorldPoint(-38, 30, 40)
      let expected = Double(try ImageReader.readVolume(out).volume.nearest(place))
      let shown = try Self.screen(
        ["--bold", SampleCommandTests.bold, "--at=-38,30,40"] + run, ":proxy gm<Enter>")
      #expect(shown.contains("GM only") && shown.contains("one map, no time"))
      #expect(abs(try Self.number("SIMULATED", in: shown) - expected) <= 0.051 * max(1, expected))
    }
  }
}

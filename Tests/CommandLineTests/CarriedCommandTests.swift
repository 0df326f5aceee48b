import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// A transform carries the run of every command that reads one, and nobody's acceptance is assumed.
@Suite struct CarriedCommandTests {
  /// A transform of a file to MNI space, 3 mm to the right.
  static func transform(
    _ moving: String, _ name: String, in folder: String, isAccepted: Bool? = nil
  ) throws -> String {
    let path = folder + "/" + name
    let end = Transform.End(
      sha256: try sha256(ofFile: moving), space: .native, template: nil)
    let there = Transform.End(
      sha256: String(repeating: "f", count: 64), space: .mni152, template: "MNI152NLin6Asym")
    let t = try Transform(
      fixedFromMoving: Affine(rows: [[1, 0, 0, 3], [0, 1, 0, 0], [0, 0, 1, 0]]), moving: end,
      fixed: there, origin: "a test", isAccepted: isAccepted, file: name)
    try TransformFile.write(path, t, version: "t", overwrite: false)
    return path
  }

  /// What reads a run, with a native mask on the run's grid that rides along; OUT is written.
  static let commands = [
    "seedmap RUN MASK --seed 3,0,0 -o OUT", "measures RUN MASK -o OUT", "clean RUN MASK -o OUT",
    "windows RUN MASK --seed 3,0,0 --with 3,10,0 --surrogates 20 -o OUT",
    "compare RUN RUN2 MASK --same-world --seed 3,0,0 -o OUT",
    "simulate RUN MASK --native-fwhm 6 -o OUT", "losses RUN MASK --native-fwhm 6 -o OUT",
    "matrix RUN MASK --atlas ATLAS -o OUT", "targets RUN MASK", "confounds RUN MASK",
  ]

  @Test(arguments: commands) func carriesTheRun(_ text: String) throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let run = try files.run("sub-01_bold.nii", formCode: 1)
      let second = try files.run("sub-01_ses-2_bold.nii", formCode: 1, seed: 2)
      let mask = try files.image("mask.nii", formCode: 1) { _ in 1 }
      let atlas = try files.image("atlas_space-MNI152_dseg.nii", files.other) {
        $0.i < 7 ? 1 : 2
      }
      let isTable = text.hasPrefix("matrix")
      func arguments(_ transform: String, _ out: String) -> [String] {
        text.split(separator: " ").map(String.init).flatMap { word -> [String] in
          switch word {
          case "RUN": [run]
          case "RUN2": [second]
          case "MASK": ["--mask", mask, "--transform", transform]
          case "ATLAS": [atlas]
          case "OUT": [folder + "/" + out + (isTable ? ".tsv" : ".nii")]
          default: [word]
          }
        } + ["--json"]
      }
      let open = try Self.transform(run, "open.txt", in: folder)
      let result = try Program.run(arguments(open, "a"))
      guard !text.hasPrefix("targets") else {
        // A head this small holds no search region; that MNI space is taken is what counts.
        #expect(result.errors.contains("NOT ACCEPTED"), "\(result.errors)")
        #expect(!result.errors.contains("is not said to be"), "\(result.errors)")
        return
      }
      #expect(result.status == 0, "\(text): \(result.errors)")
      #expect(result.errors.contains("NOT ACCEPTED"), "\(result.errors)")
      let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
      let answer = try #require(object as? [String: Any])
      let findings = (answer["findings"] as? [[String: Any]] ?? []).compactMap {
        $0["text"] as? String
      }
      #expect(findings.contains { $0.contains("NOT ACCEPTED") }, "\(findings)")
      #expect(findings.contains { $0.contains("Carried to MNI152NLin6Asym") }, "\(findings)")
      let inputs = answer["inputs"] as? [[String: Any]] ?? []
      #expect(inputs.contains { $0["role"] as? String == "transform" })
      guard text.hasSuffix("OUT") else { return }
      let sidecar = try readTextFile(folder + "/a.json")
      #expect(sidecar.contains("NOT ACCEPTED") && sidecar.contains("\"MNI152\""))
      if !isTable {
        let d = try ImageReader.describe(folder + "/a.nii")
        #expect(d.formCode == 4 && abs((d.affine?.rows[0][3] ?? 0) + 27) < 1e-5)
      }
      // Accepted, nothing is said; another image's transform is refused.
      let accepted = try Self.transform(run, "yes.txt", in: folder, isAccepted: true)
      let quiet = try Program.run(arguments(accepted, "b"))
      #expect(quiet.status == 0 && !(quiet.errors + quiet.output).contains("NOT ACCEPTED"))
      let alien = try files.image("alien.nii", formCode: 1)
      let stranger = try Self.transform(alien, "no.txt", in: folder)
      let third = try Program.run(
        arguments(stranger, "c").filter { $0 != "--same-world" && $0 != "--atlas" && $0 != atlas })
      #expect(third.status == 65, "\(third.errors)")
      guard !isTable else { return }
      #expect(third.errors.contains("its MOVING is none of the images given"), "\(third.errors)")
    }
  }

  @Test func sessionsMayHaveATransformEach() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let one = try files.run("sub-01_ses-1_bold.nii", formCode: 1)
      let two = try files.run("sub-01_ses-2_bold.nii", formCode: 1, seed: 2)
      let other = try files.run("sub-02_ses-2_bold.nii", formCode: 1, seed: 3)
      let mask = try files.image("mask.nii", formCode: 1) { _ in 1 }
      let paths = try [one, two, other].enumerated().map {
        try Self.transform($1, "t\($0).txt", in: folder)
      }
      func compare(_ second: String, _ transforms: [String]) throws -> Program.Result {
        try Program.run(
          ["compare", one, second, "--seed", "3,0,0", "--mask", mask, "--json"]
            + transforms.flatMap { ["--transform", $0] })
      }
      let both = try compare(two, [paths[0], paths[1]])
      #expect(both.status == 0, "\(both.errors)")
      let alone = try compare(two, [paths[0]])
      #expect(alone.status == 65 && alone.errors.contains("two sessions in one space"))
      let stranger = try compare(other, [paths[0], paths[2]])
      #expect(stranger.status == 65 && stranger.errors.contains("is of sub-02"))
    }
  }

  @Test func aNativeAtlasOnItsRunsGridIsTaken() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let run = try files.run("sub-01_bold.nii", formCode: 1)
      let mask = try files.image("mask.nii", formCode: 1) { _ in 1 }
      let own = try files.image("own_dseg.nii", formCode: 1) { $0.i < 4 ? 1 : $0.i > 7 ? 2 : 0 }
      let mni = try files.image("mni_dseg.nii") { $0.i < 4 ? 1 : 2 }
      for (atlas, status) in [(own, 0), (mni, 65)] as [(String, Int32)] {
        let result = try Program.run(["matrix", run, "--mask", mask, "--atlas", atlas, "--json"])
        #expect(result.status == status, "\(result.errors)")
        #expect(result.output.contains("native-atlas") == (status == 0))
        let networks = try Program.run(
          ["networks", run, "--mask", mask, "--networks", atlas, "--json"])
        #expect(networks.status == status, "\(networks.errors)")
      }
      let none = try Program.run(["matrix", run, "--mask", mask])
      #expect(none.status == 65 && none.errors.contains("an atlas is in MNI space"))
    }
  }

  @Test func whatIsTypedIsTaken() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let run = try files.run("bold.nii")
      let image = try files.image("t1.nii") { Float($0.i) }
      // The minus sign that is printed is taken back.
      let minus = try Program.run(["value", image, "--at", "\u{2212}10,0,0"])
      let hyphen = try Program.run(["value", image, "--at", "-10, 0, 0"])
      #expect(minus.status == 0 && minus.output == hyphen.output, "\(minus.errors)")
      let band = try Program.run(["clean", run, "--at", "0,0,0", "--band", "0,01"])
      #expect(band.status == 64 && band.errors.contains("decimal comma"), "\(band.errors)")
      let seed = try Program.run([
        "seedmap", run, "--seed", "-44,5,38,34", "-o", folder + "/a.nii",
      ])
      #expect(seed.status == 64 && seed.errors.contains("r=R"), "\(seed.errors)")
    }
  }

  @Test func whatSeedsAndNormalsSayIsInTheFiles() throws {
    try withTemporaryFolder { folder in
      let files = SmallStudy(folder)
      let run = try files.run("sub-01_space-MNI152NLin6Asym_bold.nii")
      let mask = try files.image("mask.nii") { _ in 1 }
      let seed = try files.image("s_space-MNI152NLin2009cAsym_mask.nii") { $0.i == 5 ? 1 : 0 }
      let map = try Program.run([
        "seedmap", run, "--mask", mask, "--seed", seed, "-o", folder + "/m.nii", "--json",
      ])
      #expect(map.status == 0 && map.output.contains("template-mixed"), "\(map.errors)")
      #expect(try readTextFile(folder + "/m.json").contains("MNI152NLin2009cAsym"))
      let mean = try files.image("people_space-MNI152NLin2009cAsym_mean.nii") { Float($0.i + 21) }
      let sd = try files.image("sd_space-MNI152NLin6Asym_sd.nii") { Float($0.j + 1) }
      let measure = try Program.run([
        "measures", run, "--mask", mask, "--reference-mean", mean, "--reference-sd", sd,
        "--reference-n", "20", "-o", folder + "/a.nii", "--json",
      ])
      #expect(measure.status == 0, "\(measure.errors)")
      let sidecar = try readTextFile(folder + "/a.json")
      #expect(measure.output.contains("places may differ by millimetres"))
      #expect(sidecar.contains("places may differ by millimetres"))
      let own = try files.image("sub-01_space-MNI152_mean.nii") { Float($0.i + 21) }
      let native = try files.image("native.nii", formCode: 1) { Float($0.i + 21) }
      let below = try files.image("below_space-MNI152_sd.nii") { _ in -1 }
      for (m, s, n, words) in [
        (own, sd, "20", "normals must be other people"), (native, sd, "20", "the space of normals"),
        (mean, below, "20", "below_space-MNI152_sd.nii"), (sd, mean, "20", "may be exchanged"),
        (mean, sd, "2", "at least 5 people"),
      ] {
        let refused = try Program.run([
          "measures", run, "--mask", mask, "--reference-mean", m, "--reference-sd", s,
          "--reference-n", n, "-o", folder + "/b.nii",
        ])
        #expect(refused.status == 65 && refused.errors.contains(words), "\(refused.errors)")
      }
    }
  }
}

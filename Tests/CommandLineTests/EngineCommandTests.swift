import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// The commands of the rsfMRI engine from outside.
@Suite struct EngineCommandTests {
  static let sample = SampleCommandTests.bold
  static let mask = SampleCommandTests.mask
  static let confounds = SampleCommandTests.sample("confounds.tsv")

  func json(_ arguments: [String]) throws -> [String: Any] {
    let result = try Program.run(arguments)
    #expect(result.status == 0, "\(result.errors)")
    return try answered(result.output)
  }

  /// "Known answers" of the data README: spheres of 6 mm (≤), r without and with the global signal.
  static let spheres: [(name: String, centre: WorldPoint)] = [
    ("lMotor", WorldPoint(-38, -24, 56)), ("rMotor", WorldPoint(38, -24, 56)),
    ("lV1", WorldPoint(-8, -90, 0)), ("rV1", WorldPoint(8, -90, 0)),
    ("lIPS", WorldPoint(-26, -62, 52)), ("rIPS", WorldPoint(26, -62, 52)),
    ("PCC", WorldPoint(0, -53, 26)), ("mPFC", WorldPoint(1, 50, -5)),
    ("angular", WorldPoint(-46, -68, 32)), ("sgACC", WorldPoint(6, 16, -10)),
    ("DLPFC", WorldPoint(-44, 40, 29)),
  ]
  static let answers: [(String, String, Double, Double)] = [
    ("lMotor", "rMotor", 0.809, 0.770), ("lV1", "rV1", 0.866, 0.870),
    ("lIPS", "rIPS", 0.714, 0.661), ("PCC", "mPFC", 0.467, 0.130),
    ("PCC", "angular", 0.528, 0.311), ("PCC", "lMotor", 0.064, -0.330),
    ("PCC", "lIPS", 0.237, -0.199), ("sgACC", "DLPFC", 0.100, -0.147),
  ]

  /// The spheres as a label map on the run's own grid, with a table beside it.
  static func writeSpheres(_ folder: String) throws -> String {
    let grid = try ImageReader.describe(RealData.path(RealData.mask)).grid
    var labels = [Float](repeating: 0, count: grid.count)
    for offset in 0..<grid.count {
      let w = grid.world(at: offset)
      for (n, s) in spheres.enumerated() where s.centre.distance(to: w) <= 6 + 1e-9 {
        labels[offset] = Float(n + 1)
      }
    }
    let path = folder + "/spheres.nii.gz"
    try ImageWriter.write(
      path, Volume(grid: grid, values: labels), formCode: 4, note: "spheres", overwrite: false)
    let table = spheres.enumerated().map { "\($0.offset + 1)\t\($0.element.name)\n" }.joined()
    try table.write(toFile: folder + "/spheres.txt", atomically: true, encoding: .utf8)
    return path
  }

  func table(_ text: String) -> [String: [String: Double]] {
    let rows = text.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
    var out: [String: [String: Double]] = [:]
    for row in rows.dropFirst() {
      for (name, cell) in zip(rows[0].dropFirst(), row.dropFirst()) {
        out[row[0], default: [:]][name] = Double(cell)
      }
    }
    return out
  }

  @Test(.enabled(if: RealData.isPresent)) func knownAnswersThroughTheCommandAndTheViewer() throws {
    try withTemporaryFolder { folder in
      let atlas = try Self.writeSpheres(folder)
      let run = [
        RealData.path(RealData.bold), "--mask", RealData.path(RealData.mask), "--band",
        "0.009,0.1",
      ]
      for isGlobal in [false, true] {
        let options = run.dropFirst() + (isGlobal ? ["--gsr"] : [])
        let result = try Program.run(["matrix", run[0], "--atlas", atlas] + options)
        #expect(result.status == 0, "\(result.errors)")
        let r = table(result.output)
        for (a, b, without, with) in Self.answers {
          #expect(abs((r[a]?[b] ?? .nan) - (isGlobal ? with : without)) < 0.01, "\(a)–\(b)")
        }
        // The viewer's matrix panel says the same of the region at its cursor.
        let shown = try Program.run(
          [
            "snapshot", "--bold", run[0], "--atlas", atlas, "--at", "0,-53,26", "--keys", "x",
            "--size", "160x60", "-o", "-",
          ] + options)
        #expect(shown.status == 0, "\(shown.errors)")
        for name in ["mPFC", "angular", "lMotor", "lIPS"] {
          let expected = try #require(r["PCC"]?[name])
          #expect(
            shown.output.contains("\(fixed(expected, 2, signed: true))  \(name)"), "\(name)")
        }
      }
    }
  }

  @Test(.enabled(if: RealData.isPresent)) func aRunCutInTwoIsOneRunButForTheSeam() throws {
    try withTemporaryFolder { folder in
      let atlas = try Self.writeSpheres(folder)
      let (d, samples) = try ImageReader.read(RealData.path(RealData.bold))
      var halves: [String] = []
      for (n, frames) in [0..<130, 130..<260].enumerated() {
        let path = folder + "/half\(n)_space-MNI152_bold.nii"
        try ImageWriter.write(
          path,
          ImageWriter.Content(
            grid: d.grid, formCode: d.formCode, frameCount: frames.count,
            repetitionTimeSeconds: 1.5, note: "half"), overwrite: false
        ) { (t) throws(Problem) in
          let at = (frames.lowerBound + t) * d.grid.count
          return samples.floats(at..<at + d.grid.count)
        }
        halves.append(path)
      }
      let options = [
        "--mask", RealData.path(RealData.mask), "--atlas", atlas, "--band", "0.009,0.1",
      ]
      for isGlobal in [false, true] {
        let result = try Program.run(
          ["matrix"] + halves + options + (isGlobal ? ["--gsr"] : []))
        #expect(result.status == 0, "\(result.errors)")
        let r = table(result.output)
        for (a, b, without, with) in Self.answers {
          let found = r[a]?[b] ?? .nan
          // Each half loses its own slowest frequencies and its own mean; what must come out exactly
          // is in CensoringTests, against the reference.
          #expect(abs(found - (isGlobal ? with : without)) < 0.12, "\(a)–\(b) \(found)")
        }
      }
    }
  }

  @Test func everyCommandAnswersInJSON() throws {
    try withTemporaryFolder { folder in
      let common = ["--mask", Self.mask, "--confounds", Self.confounds]
      let confounds = try json(["confounds", Self.sample, "--json", "--fd", "0.15"] + common)
      #expect(confounds["frames"] as? Int == 120)
      #expect((confounds["presets"] as? [Any])?.count == 8)
      let series = try json(
        ["clean", Self.sample, "--at", "0,-52,26", "--preset", "24P", "--drop", "3", "--json"]
          + common)
      #expect((series["frames"] as? [Int])?.first == 3)
      #expect((series["cleaned"] as? [Double])?.count == 117)
      let mean = try #require(series["mean"] as? Double)
      let cleaned = try #require(series["cleaned"] as? [Double])
      let percent = try #require(series["cleaned_percent"] as? [Double])
      #expect(abs(percent[7] - 100 * cleaned[7] / mean) < 1e-9)
      let spectrum = try json(
        ["measures", Self.sample, "--spectrum", "0,-52,26", "--json", "--preset", "6P"] + common)
      #expect((spectrum["hertz"] as? [Double])?.count == 64)
      let windows = try json(
        [
          "windows", Self.sample, "--seed", "PCC", "--with", "mPFC", "--window", "120", "--step",
          "30", "--surrogates", "20", "--json", "--preset", "6P",
        ] + common)
      #expect((windows["r"] as? [Double])?.count == 9)
      let band = try #require(windows["null_band"] as? [Double])
      #expect(band[0] < band[1])
      let short = try json(
        [
          "windows", Self.sample, "--seed", "PCC", "--with", "mPFC", "--window", "120", "--step",
          "30", "--surrogates", "20", "--json", "--drop", "50",
        ] + common)
      #expect((short["shortage"] as? String)?.contains("at least 240 s") == true)
      #expect(short["run_p"] is NSNull)
      #expect((short["outside_null_band"] as? [Any])?.allSatisfy { $0 is NSNull } == true)
      let change = try json(
        [
          "compare", Self.sample, Self.sample, "--seed", "PCC", "--sd", "0.15", "--retest", "0.8",
          "--json", "--mask", Self.mask,
        ])
      let parameters = try #require(change["parameters"] as? [String: Any])
      #expect(abs((parameters["error_of_difference"] as? Double ?? 0) - 0.094868) < 1e-6)
      #expect(parameters["largest_ratio"] as? Double == 0)
      let matrix = try json(["matrix", Self.sample, "--json", "--preset", "6P"] + common)
      #expect((matrix["values"] as? [[Any]])?.count ?? 0 > 90)
    }
  }

  @Test func measuresAndSeveralSeedsAreWritten() throws {
    try withTemporaryFolder { folder in
      let common = ["--mask", Self.mask, "--confounds", Self.confounds, "--preset", "6P"]
      for (measure, low, high) in [
        ("alff", 0.0, 1e9), ("falff", 0, 1), ("reho", 0, 1), ("tsnr", 1, 1e6),
      ] {
        let out = folder + "/\(measure).nii.gz"
        let result = try Program.run(
          ["measures", Self.sample, "--measure", measure, "-o", out] + common)
        #expect(result.status == 0, "\(result.errors)")
        let range = try #require(try ImageReader.readVolume(out).volume.range)
        #expect(Double(range.low) >= low && Double(range.high) <= high)
        let about = try String(contentsOfFile: folder + "/\(measure).json", encoding: .utf8)
        #expect(about.contains("definition"))
      }
      let maps = folder + "/maps.nii.gz"
      let several = try Program.run(
        [
          "seedmap", Self.sample, "--seed", "PCC", "--seed", "left-motor + right-motor", "--seed",
          "box:0,-52,26,8,8,8", "--seed", "label:Precuneus", "--statistic", "zstat", "-o", maps,
        ] + common)
      #expect(several.status == 0, "\(several.errors)")
      let d = try ImageReader.describe(maps)
      #expect(d.frameCount == 4)
      let clean = folder + "/clean.nii.gz"
      let cleaned = try Program.run(["clean", Self.sample, "--drop", "5", "-o", clean] + common)
      #expect(cleaned.status == 0, "\(cleaned.errors)")
      #expect(try ImageReader.describe(clean).frameCount == 115)
    }
  }

  @Test func networksOfTheSampleAreSummedUp() throws {
    try withTemporaryFolder { folder in
      // Networks made of the sample's own masks: left and right halves of the brain.
      let (d, mask) = try ImageReader.readVolume(Self.mask)
      let path = folder + "/net.nii.gz"
      try ImageWriter.write(
        path,
        Volume(
          grid: d.grid,
          values: mask.values.enumerated().map { offset, v in
            let w = d.grid.world(at: offset)
            return v > 0 ? (w.y > 0 ? (w.z > 10 ? 1 : 2) : w.z > 10 ? 3 : 4) : 0
          }), formCode: 4, note: "net", overwrite: false)
      let names = folder + "/names.txt"
      try "1 Frontal Top\n2 Default\n3 Control\n4 Back\n".write(
        toFile: names, atomically: true, encoding: .utf8)
      let common = [
        "--mask", Self.mask, "--networks", path, "--names", names, "--atlas",
        "/usr/share/mricron/templates/aal.nii.gz",
      ]
      let plain = try json(["networks", Self.sample, "--json"] + common)
      #expect((plain["basis"] as? String)?.hasPrefix("within this person") == true)
      let rows = try #require(plain["networks"] as? [[String: Any]])
      #expect(rows.map { $0["name"] as? String } == ["Frontal Top", "Default", "Control", "Back"])
      #expect(plain["default_mode_attention_coupling_z"] is Double)
      let reference = folder + "/ref.tsv"
      try "network\tmeasure\tmean\tsd\tn\nDefault\tmalff\t0.2\t0.1\t20\n".write(
        toFile: reference, atomically: true, encoding: .utf8)
      let against = try json(
        ["networks", Self.sample, "--json", "--norms", reference] + common)
      #expect((against["basis"] as? String)?.hasPrefix("against the reference") == true)
      let all = try #require(against["networks"] as? [[String: Any]])
      let activity = try #require(all[1]["malff"] as? [String: Any])
      #expect(activity["word"] as? String == "over-active")
      #expect(activity["within_person"] as? Bool == false)
      let other = try #require(all[0]["malff"] as? [String: Any])
      #expect(other["t"] is NSNull)
    }
  }

  static let refused: [([String], Int32, String)] = [
    (["seedmap", "SAMPLE", "--seed", "PCC", "--preset", "24P", "-o", "x.nii"], 64, "--confounds"),
    (["seedmap", "SAMPLE", "--seed", "PCC", "--fd", "0.3", "-o", "x.nii"], 64, "motion"),
    (["seedmap", "SAMPLE", "--seed", "PCC", "--fd=-1", "-o", "x.nii"], 64, "limit"),
    (["seedmap", "SAMPLE", "--seed", "PCC", "--drop", "115", "-o", "x.nii"], 65, "at least 10"),
    (["seedmap", "SAMPLE", "--seed", "PCC", "--drop", "500", "-o", "x.nii"], 64, "fewer"),
    (
      [
        "seedmap", "SAMPLE", "--seed", "PCC", "--confounds", "CONFOUNDS", "--columns", "none",
        "-o", "x.nii",
      ], 65, "no column"
    ),
    (
      ["seedmap", "SAMPLE", "--seed", "PCC", "--confounds", "CONFOUNDS", "-o", "x.nii"], 64,
      "--preset"
    ),
    (
      [
        "seedmap", "SAMPLE", "--seed", "PCC", "--confounds", "CONFOUNDS", "--preset", "acompcor",
        "-o", "x.nii",
      ], 65, "--wm"
    ),
    (["view", "--bold", "SAMPLE", "--confounds", "CONFOUNDS"], 64, "no columns are named"),
    (["lesson", "--bold", "SAMPLE", "--confounds", "CONFOUNDS"], 64, "no columns are named"),
    (
      ["report", "--bold", "SAMPLE", "--confounds", "CONFOUNDS", "-o", "x.html"], 64,
      "no columns are named"
    ),
    (
      ["snapshot", "--bold", "SAMPLE", "--confounds", "CONFOUNDS", "-o", "x.txt"], 64,
      "no columns are named"
    ),
    (["seedmap", "SAMPLE", "--seed", "PCC", "--high-pass", "0", "-o", "x.nii"], 64, "period"),
    (["seedmap", "SAMPLE", "--seed", "box:0,0,0,0,1,1", "-o", "x.nii"], 64, "box"),
    (["seedmap", "SAMPLE", "--seed", "label:Nowhere", "-o", "x.nii"], 64, "no region"),
    (
      [
        "seedmap", "SAMPLE", "SAMPLE", "--seed", "PCC", "--confounds", "CONFOUNDS", "--preset",
        "6P",
        "-o", "x.nii",
      ], 64, "one for each run"
    ),
    (["measures", "SAMPLE"], 64, "-o"), (["clean", "SAMPLE"], 64, "-o"),
    (["measures", "SAMPLE", "--neighbours", "9", "-o", "x.nii"], 64, "7, 19 or 27"),
    (["measures", "SAMPLE", "--amplitude-band", "0.5,0.6", "-o", "x.nii"], 65, "frequency"),
    (["measures", "SAMPLE", "--reference-n", "3", "-o", "x.nii"], 64, "three things"),
    (["windows", "SAMPLE", "--seed", "PCC"], 64, "--with"),
    (["windows", "SAMPLE", "--seed", "PCC", "--with", "mPFC", "--window", "1"], 64, "5 frames"),
    (["windows", "SAMPLE", "--seed", "PCC", "--with", "mPFC", "--window", "9000"], 65, "fits"),
    (["compare", "SAMPLE", "SAMPLE", "--seed", "PCC", "--sd", "0.1"], 64, "together"),
    (["networks", "SAMPLE"], 64, "--networks"),
    (["matrix", "SAMPLE", "--space", "native"], 65, "MNI"),
    (["matrix", "SAMPLE", "-o", "x.csv"], 64, ".tsv"),
    (["measures", "SAMPLE", "--mask", "OTHERMASK", "-o", "x.nii"], 65, "overlap"),
  ]

  @Test(arguments: refused)
  func badRequestsAreOneSentence(
    _ arguments: [String], _ status: Int32, _ word: String
  ) throws {
    try withTemporaryFolder { folder in
      let far = folder + "/far.nii"
      try ImageWriter.write(
        far, Small.volume(Small.grid(4, 4, 4, origin: WorldPoint(900, 0, 0))) { _ in 1 },
        formCode: 4, note: "far", overwrite: false)
      let used = arguments.map {
        $0 == "SAMPLE"
          ? Self.sample
          : $0 == "CONFOUNDS"
            ? Self.confounds
            : $0 == "OTHERMASK"
              ? far
              : $0.hasPrefix("x.") ? folder + "/" + $0 : $0
      }
      let result = try Program.run(used)
      #expect(result.status == status, "\(result.errors)")
      #expect(result.errors.contains(word), "\(result.errors)")
      #expect(
        result.errors.split(separator: "\n").filter { $0.hasPrefix("boldspect: ") }.count == 1)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["far.nii"])
    }
  }

  @Test func confoundsThatDoNotFitAreRefused() throws {
    try withTemporaryFolder { folder in
      let short = folder + "/short.tsv"
      try "a\n1\n2\n".write(toFile: short, atomically: true, encoding: .utf8)
      let result = try Program.run([
        "seedmap", Self.sample, "--seed", "PCC", "--mask", Self.mask, "--confounds", short,
        "--columns", "a", "-o", folder + "/x.nii",
      ])
      #expect(result.status == 65)
      #expect(result.errors.contains("it has 2 rows; expected 120"))
    }
  }

  @Test func tissueMapsGiveComponents() throws {
    try withTemporaryFolder { folder in
      let out = folder + "/map.nii.gz"
      let result = try Program.run([
        "seedmap", Self.sample, "--mask", Self.mask, "--seed", "PCC", "--confounds",
        Self.confounds, "--preset", "acompcor", "--wm",
        SampleCommandTests.sample("label-WM_probseg.nii.gz"), "--csf",
        SampleCommandTests.sample("label-CSF_probseg.nii.gz"), "-o", out, "--json",
      ])
      #expect(result.status == 0, "\(result.errors)")
      let about = try String(contentsOfFile: folder + "/map.json", encoding: .utf8)
      #expect(about.contains("w_comp_cor_04") && about.contains("c_comp_cor_00"))
    }
  }
}

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
    let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    return try #require(object as? [String: Any])
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
      #expect(plain["default_mode_anticorrelation_z"] is Double)
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

/// Protocols, landmarks and what a target report says of itself.
@Suite struct TargetCommandTests {
  typealias Commands = EngineCommandTests

  @Test func aSavedProtocolIsTheOneThatIsUsed() throws {
    try withTemporaryFolder { folder in
      let file = folder + "/p.json"
      let saved = try Program.run(["protocols", "dmn-node", "--save", file])
      #expect(saved.status == 0, "\(saved.errors)")
      func report(_ name: String) throws -> [String: Any] {
        let result = try Program.run([
          "targets", Commands.sample, "--mask", Commands.mask, "--protocol", name, "--bootstrap",
          "20", "--json",
        ])
        #expect(result.status == 0, "\(result.errors)")
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        return try #require(object as? [String: Any])
      }
      let (named, read) = (try report("dmn-node"), try report(file))
      for key in ["method", "protocol", "split_mm", "radius95_mm", "selected"] {
        #expect("\(named[key] ?? "")" == "\(read[key] ?? "")", "\(key)")
      }
      let candidates = try #require(named["candidates"] as? [[String: Any]])
      #expect((candidates[0]["r"] as? Double ?? 0) > 0)
      // Every member must be there and make sense.
      let text = try String(contentsOfFile: file, encoding: .utf8)
      for (from, to) in [
        ("\"percentile\": 10.0", "\"percentile\": 99"), ("\"kind\"", "\"sort\""),
        ("\"correlated\"", "\"both\""), ("-46.0", "\"x\""),
      ] {
        #expect(text.contains(from), "\(from)")
        try text.replacingOccurrences(of: from, with: to)
          .write(toFile: file, atomically: true, encoding: .utf8)
        let broken = try Program.run([
          "targets", Commands.sample, "--mask", Commands.mask, "--protocol", file,
        ])
        #expect(broken.status == 65, "\(to): \(broken.errors)")
      }
    }
  }

  @Test func aReportSaysHowFarItCanBeTrusted() throws {
    let result = try Program.run([
      "targets", Commands.sample, "--mask", Commands.mask, "--gm",
      SampleCommandTests.sample("label-GM_probseg.nii.gz"), "--json", "--bootstrap", "40",
    ])
    #expect(result.status == 0, "\(result.errors)")
    let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    let report = try #require(object as? [String: Any])
    #expect(report["detected"] as? Bool == true)
    let split = try #require(report["split_mm"] as? Double)
    let confidence = try #require(report["confidence"] as? [String: Any])
    let chance = try #require(confidence["chance_mm"] as? Double)
    let reliability = try #require(report["reliability"] as? Double)
    #expect(abs(reliability - (1 - split / chance)) < 1e-9)
    #expect((report["radius95_mm"] as? Double ?? 99) < 15)
    #expect((confidence["ellipsoid"] as? [Any])?.count == 3)
    #expect(confidence["bootstraps"] as? Int == 40)
    let spect = try #require(report["spect_resolution"] as? [String: Any])
    #expect((spect["banner"] as? String)?.hasPrefix("SIMULATED") == true)
    #expect(spect["distance_mm"] is Double)
  }

  /// A group map whose sign is turned round would move the target to the most positive place.
  @Test func aWeightMapThatGoesAgainstSgACCIsNamed() throws {
    try withTemporaryFolder { folder in
      let grid = try ImageReader.describe(Commands.mask).grid
      for (sign, warns) in [(Float(1), false), (-1, true)] {
        let map = folder + "/w\(warns).nii"
        let values = (0..<grid.count).map { offset -> Float in
          grid.world(at: offset).distance(to: WorldPoint(6, 16, -10)) < 12 ? sign : 0.001 * sign
        }
        try ImageWriter.write(
          map, Volume(grid: grid, values: values), formCode: 4, note: "w", overwrite: false)
        let result = try Program.run([
          "targets", Commands.sample, "--mask", Commands.mask, "--target-seed", "weights:\(map)",
          "--bootstrap", "0", "--json",
        ])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("goes against sgACC") == warns)
      }
    }
  }

  @Test func landmarksAndDistancesOfTheTable() throws {
    let beam = try Program.run([
      "landmarks", "--tragus", "36", "--nasion", "36", "--circumference", "57",
    ])
    #expect(beam.output.contains("6.59 cm") && beam.output.contains("9.50 cm"))
    for (a, b, mm) in [
      ("Fox 2012 peak", "-38,44,26", "11.66"), ("-38,44,26", "5 cm rule", "39.71"),
      ("F3@okamoto", "F3@spm", "16.47"),
    ] {
      let result = try Program.run(["distance", a, b])
      #expect(result.output.hasPrefix(mm), "\(result.output)\(result.errors)")
    }
    #expect(
      try Program.run(["distance", "--", "-38,44,26", "-38,44,27"]).output.hasPrefix("1.00 mm"))
    for wrong in [
      ["distance", "a", "b"], ["distance", "1,2,3"], ["distance", "nan,0,0", "1,2,3"],
      ["distance", "1e300,0,0", "1,2,3"], ["landmarks", "--tragus", "36"],
    ] {
      #expect(try Program.run(wrong).status == 64)
    }
  }

  /// A folder in the place of a file is refused before anything is written beside it.
  @Test func aFolderIsNoOutput() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(
        atPath: folder + "/t.tsv", withIntermediateDirectories: false)
      let result = try Program.run([
        "targets", SampleCommandTests.bold, "--mask", SampleCommandTests.mask, "--bootstrap", "0",
        "-o", folder + "/t.tsv", "--force",
      ])
      #expect(result.status == 73 && result.errors.contains("folder"), "\(result.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["t.tsv"])
    }
  }
}

/// From a search to the navigator's file, with the head that the sample person was made from.
@Suite struct NavigatorCommandTests {
  static let head = "/usr/share/mricron/templates/ch2.nii.gz"

  static func json(_ path: String) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path)))
        as? [String: Any])
  }

  @Test func aTargetGoesToEveryNavigatorAndBack() throws {
    try withTemporaryFolder { folder in
      let target = folder + "/t.tsv"
      let found = try Program.run([
        "targets", SampleCommandTests.bold, "--mask", SampleCommandTests.mask, "--bootstrap", "20",
        "-o", target,
      ])
      #expect(found.status == 0, "\(found.errors)")
      let sheet = try String(contentsOfFile: folder + "/t.txt", encoding: .utf8)
      #expect(sheet.contains("LEFT") && sheet.contains("not confirmed by a person"))
      for (to, file) in [
        ("brainsight", "b.txt"), ("localite", "InstrumentMarker20260101.xml"),
        ("simnibs", "s.csv"), ("slicer", "m.mrk.json"),
      ] {
        let path = folder + "/" + file
        let arguments = [
          "target", "export", folder + "/t.json", "--name", "candidate-1", "--anat", Self.head,
          "--to", to, "-o", path, "--undecided",
        ]
        // What a search alone saved was accepted by nobody.
        let undecided = try Program.run(arguments.filter { $0 != "--undecided" })
        #expect(undecided.status == 65 && undecided.errors.contains("--undecided"))
        #expect(!FileManager.default.fileExists(atPath: path))
        let out = try Program.run(arguments)
        #expect(out.status == 0, "\(to): \(out.errors)")
        #expect(out.output.contains("LEFT") && out.output.contains("saved and read back"))
        #expect(try Program.run(arguments).status == 73)
        let permissions = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(permissions as? Int == 0o600)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.contains("candidate-1-LEFT") && !text.contains("ch2"))
        let record = try Self.json(path + ".record.json")
        let mm = try #require(record["target_mm"] as? [Double])
        let back = try Program.run([
          "target", "import", path, "--from", to, "--anat", Self.head, "--json",
        ])
        #expect(back.status == 0, "\(back.errors)")
        let points = try #require(
          (try JSONSerialization.jsonObject(with: Data(back.output.utf8)) as? [String: Any])?[
            "points"] as? [[String: Any]])
        if to == "localite" {
          #expect(points.count == 1 && points[0]["role"] as? String == "coil")
          #expect(
            FileManager.default.fileExists(atPath: folder + "/EntryTarget20260101.xml"))
        } else {
          let first = try #require(points[0]["mm"] as? [Double])
          for axis in 0..<3 { #expect(abs(first[axis] - mm[axis]) < 1e-4) }
          #expect(points[0]["side"] as? String == "LEFT")
        }
      }
    }
  }

  @Test func doubtfulAnatomiesAreRefused() throws {
    try withTemporaryFolder { folder in
      let target = folder + "/t.json"
      try """
      {"targets": [{"name": "a", "mm": [-40.0, 38.0, 30.0], "space": "MNI152", "side": "LEFT"}]}
      """.write(toFile: target, atomically: true, encoding: .utf8)
      func export(_ anatomy: String, _ more: [String] = []) throws -> Program.Result {
        try Program.run(
          [
            "target", "export", target, "--anat", anatomy, "--to", "slicer", "--undecided", "-o",
            folder + "/o.mrk.json",
          ]
            + more)
      }
      // The sample's own T1 has no scalp.
      let bare = try export(SampleCommandTests.sample("T1w.nii.gz"))
      #expect(bare.status == 65 && bare.errors.contains("without its scalp"), "\(bare.errors)")
      #expect(try export(Self.head, ["--handle", "400"]).status == 64)
      #expect(try export(Self.head, ["--transform", folder + "/none.txt"]).status == 66)
      // sform and qform half a millimetre apart: each could be the navigator's.
      var bytes = Array(try Data(contentsOf: URL(filePath: SampleCommandTests.plainHead(folder))))
      bytes[252] = 2
      withUnsafeBytes(of: Float(0.5).bitPattern.littleEndian) { raw in
        for (n, byte) in raw.enumerated() { bytes[268 + n] = byte }
      }
      let odd = folder + "/odd.nii"
      try Data(bytes).write(to: URL(filePath: odd))
      let refused = try export(odd, ["--anat-space", "MNI152"])
      #expect(refused.status == 65 && refused.errors.contains("mm apart"), "\(refused.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder + "/o.mrk.json"))
    }
  }
}

extension SampleCommandTests {
  /// A small uncompressed image with an sform.
  static func plainHead(_ folder: String) throws -> String {
    let path = folder + "/plain.nii"
    let out = try Program.run(["smooth", sample("T1w.nii.gz"), "--fwhm", "2", "-o", path])
    #expect(out.status == 0, "\(out.errors)")
    return path
  }
}

/// Registration, and what a transform does to images.
@Suite(.enabled(if: RealData.isPresent, "../shared/data is not there"))
struct RegistrationCommandTests {
  static let head = "/usr/share/mricron/templates/ch2.nii.gz"

  static func matrix(_ path: String) throws -> Affine {
    let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      .map { $0.split(separator: " ").compactMap { Double($0) } }
    return Affine(rows: Array(rows.prefix(3)))
  }

  /// The SPECT as stored and moved by a known transform, each registered to one T1, land on each other.
  @Test func aMovedSPECTComesBack() throws {
    try withTemporaryFolder { folder in
      let spect = RealData.path(RealData.spect)
      let (d, volume) = try ImageReader.readVolume(spect)
      // Turns about all three axes.
      func turn(_ a: Int, _ b: Int, _ angle: Double) -> Affine {
        var rows = Affine.identity.rows
        rows[a][a] = cos(angle)
        rows[b][b] = cos(angle)
        rows[a][b] = -sin(angle)
        rows[b][a] = sin(angle)
        return Affine(rows: rows)
      }
      var rows = turn(0, 1, 0.15).composed(after: turn(2, 0, -0.12))
        .composed(after: turn(1, 2, 0.14)).rows
      for (axis, mm) in [9.0, -7, 11].enumerated() { rows[axis][3] = mm }
      let known = Affine(rows: rows)
      let moved = folder + "/moved.nii"
      try ImageWriter.write(
        moved,
        Volume(grid: try #require(d.grid.carried(by: known)), values: volume.values), formCode: 4,
        note: "test", overwrite: false)
      func register(_ file: String, _ out: String) throws -> Affine {
        let result = try Program.run([
          "register", file, "--to", Self.head, "--moving-space", "MNI152", "-o", folder + "/" + out,
          "--json",
        ])
        #expect(result.status == 0, "\(result.errors)")
        return try Self.matrix(folder + "/" + out)
      }
      let first = try register(spect, "a.txt")
      let second = try register(moved, "b.txt")
      var worst = 0.0
      for p in [
        WorldPoint(-60, -20, 10), WorldPoint(60, -20, 10), WorldPoint(0, 60, 0),
        WorldPoint(0, -95, 0), WorldPoint(0, -20, 75), WorldPoint(-40, 40, 30),
      ] {
        worst = max(
          worst, first.applied(to: p).distance(to: second.applied(to: known.applied(to: p))))
      }
      #expect(worst < 2, "\(worst)")
      // The same answer twice.
      #expect(try register(moved, "c.txt") == second)
      #expect(
        try String(contentsOfFile: folder + "/b.json", encoding: .utf8)
          .contains("\"accepted\": null"))
      #expect(try Program.run(["transform", "accept", folder + "/b.txt"]).status == 0)
      let shown = try Program.run(["transform", "show", folder + "/b.txt"])
      #expect(shown.output.contains("accepted by a person"))
      // Each transform is for its own image.
      let wrong = try Program.run([
        "perfusion", spect, "--transform", folder + "/b.txt", "--table", "--json",
      ])
      #expect(wrong.status == 65 && wrong.errors.contains("another image"), "\(wrong.errors)")
      let picture = try Program.run([
        "snapshot", "--anat", Self.head, "--spect", moved, "--space", "MNI152", "--transform",
        folder + "/b.txt", "--size", "160x45", "-o", "-",
      ])
      #expect(picture.output.contains("REGISTERED by elastix, accepted"), "\(picture.errors)")
      let resampled = try Program.run([
        "resample", moved, "--like", spect, "--transform", folder + "/b.txt", "-o",
        folder + "/r.nii",
      ])
      #expect(resampled.status == 0, "\(resampled.errors)")
      let back = try ImageReader.readVolume(folder + "/r.nii").volume
      // What was moved and carried back lies where it lay: the brain's values agree.
      let pairs = (0..<volume.values.count).filter {
        volume.values[$0] > 500 && back.values[$0].isFinite
      }
      let a = pairs.map { Double(volume.values[$0]) }
      let b = pairs.map { Double(back.values[$0]) }
      #expect(pearson(a, b) > 0.95)
    }
  }

  private func pearson(_ a: [Double], _ b: [Double]) -> Double {
    let (ma, mb) = (a.reduce(0, +) / Double(a.count), b.reduce(0, +) / Double(b.count))
    let ab = zip(a, b).reduce(0.0) { $0 + ($1.0 - ma) * ($1.1 - mb) }
    let aa = a.reduce(0.0) { $0 + ($1 - ma) * ($1 - ma) }
    let bb = b.reduce(0.0) { $0 + ($1 - mb) * ($1 - mb) }
    return ab / (aa * bb).squareRoot()
  }

  /// A native run under a transform is searched in MNI space, and says both places.
  @Test func aNativeRunIsSearchedWhereItsTransformLeads() throws {
    try withTemporaryFolder { folder in
      let run = RealData.path("bold-rapidtide/sub-RAPIDTIDETEST_bold.nii.gz")
      let mask = RealData.path("bold-rapidtide/sub-RAPIDTIDETEST_brainmask.nii.gz")
      let m = folder + "/m.txt"
      let made = try Program.run([
        "register", run, "--to", RealData.path(RealData.bold), "--kind", "affine", "-o", m,
      ])
      #expect(made.status == 0, "\(made.errors)")
      let bare = try Program.run(["targets", run, "--mask", mask])
      #expect(bare.status == 65 && bare.errors.contains("MNI space"))
      let found = try Program.run([
        "targets", run, "--mask", mask, "--transform", m, "--bootstrap", "0", "--json",
      ])
      #expect(found.status == 0, "\(found.errors)")
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(found.output.utf8)) as? [String: Any])
      #expect(object["space"] as? String == "MNI152")
      let first = try #require((object["candidates"] as? [[String: Any]])?.first)
      let mm = try #require(first["mm"] as? [Double])
      let native = try #require(first["native_mm"] as? [Double])
      let there = try Self.matrix(m).applied(to: WorldPoint(native[0], native[1], native[2]))
      #expect(there.distance(to: WorldPoint(mm[0], mm[1], mm[2])) < 1e-6)
      #expect(first["side"] as? String == "LEFT" && mm[0] < -1)
    }
  }
}

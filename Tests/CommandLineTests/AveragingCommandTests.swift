import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// `simulate` beyond a blur, and `losses`.
@Suite struct AveragingCommandTests {
  static let bold = RealData.project.appending(path: "SampleData/sample_space-MNI152_bold.nii.gz")
    .path
  static let mask = RealData.project.appending(
    path: "SampleData/sample_space-MNI152_brainmask.nii.gz"
  ).path

  private func sidecar(_ path: String) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(filePath: path)))
    return try #require(object as? [String: Any])
  }

  @Test func everyTierSaysWhatItDid() throws {
    try withTemporaryFolder { folder in
      for (name, words, tier, banner) in [
        (
          "plain", ["--camera", "fbp-sharp"], 0,
          "FROM TISSUE MAPS AND rsfMRI (proxy=MNI brain's GM/WM x ALFF, FWHM=10.5 mm, T=360 s)"
        ),
        ("mean", ["--proxy", "mean"], 0, "FROM rsfMRI (proxy=mean, FWHM=10 mm, T=360 s)"),
        (
          "tracer", ["--average", "uptake", "--start", "60", "--lassen", "1.5", "--noise", "5"], 1,
          "FROM rsfMRI (proxy=mean, FWHM=10 mm, T=uptake, tau 0.67 min)"
        ),
        ("amplitude", ["--proxy", "alff"], 0, "proxy=ALFF"),
        ("grey", ["--proxy", "gm", "--gm", Self.mask], 0, "FROM TISSUE MAP (proxy=GM only"),
        ("series", ["--proxy", "series", "--seed", "PCC"], 0, "proxy=seed map, SERIES BLURRED"),
        (
          "camera",
          ["--proxy", "mean", "--tier", "2", "--views", "12", "--matrix", "32", "--no-noise"], 2,
          "proxy=mean, FBP ramp"
        ),
      ] as [(String, [String], Int, String)] {
        let out = "\(folder)/\(name).nii.gz"
        let result = try Program.run(
          ["simulate", Self.bold, "--mask", Self.mask] + words
            + (name == "plain" ? [] : ["--native-fwhm", "5"]) + ["-o", out])
        #expect(result.status == 0, "\(name): \(result.errors)")
        let about = try sidecar("\(folder)/\(name).json")
        let text = try #require(about["banner"] as? String)
        #expect(text.hasPrefix("SIMULATED") && text.contains(banner), "\(text)")
        #expect(text.hasSuffix("NOT A PERFUSION MEASUREMENT") && !text.contains("predicted"))
        let parameters = try #require(about["parameters"] as? [String: Any])
        #expect(parameters["tier"] as? Int == tier)
        #expect(parameters["native_fwhm_origin"] != nil && parameters["window_note"] != nil)
        #expect(try ImageReader.describe(out).isSimulated)
      }
      // The same seed, the same bytes (T32).
      let again = folder + "/again.nii.gz"
      #expect(
        try Program.run([
          "simulate", Self.bold, "--mask", Self.mask, "--average", "uptake", "--start", "60",
          "--lassen", "1.5", "--noise", "5", "--native-fwhm", "5", "-o", again,
        ]).status == 0)
      #expect(
        try Data(contentsOf: URL(filePath: again))
          == Data(contentsOf: URL(filePath: folder + "/tracer.nii.gz")))
    }
  }

  @Test func whatCannotBeMeantIsRefused() throws {
    try withTemporaryFolder { folder in
      for (words, status) in [
        (["--fwhm", "9", "--camera", "osem"], 64), (["--tau", "1"], 64),
        (["--tier", "0", "--lassen", "1.5"], 64), (["--tier", "2", "--fwhm", "9"], 64),
        (["--tier", "3"], 64), (["--noise", "much"], 64), (["--lassen", "0"], 64),
        (["--start", "400"], 64), (["--proxy", "asl"], 64), (["--proxy", "series"], 64),
        (["--proxy", "alff", "--average", "uptake"], 64),
        (["--noise", "counts", "--counts", "3"], 64),
      ] as [([String], Int32)] {
        let result = try Program.run(
          ["simulate", Self.bold, "--mask", Self.mask, "--native-fwhm", "5"] + words
            + ["-o", folder + "/x.nii.gz"])
        #expect(result.status == status, "\(words): \(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder + "/x.nii.gz"))
      }
    }
  }

  @Test func lossesInNumbersAndAsAMap() throws {
    try withTemporaryFolder { folder in
      let map = folder + "/lost.nii.gz"
      let result = try Program.run([
        "losses", Self.bold, "--mask", Self.mask, "--seed", "PCC", "--at", "0,-53,26", "--at",
        "-42,-62,26", "--json", "-o", map,
      ])
      #expect(result.status == 0, "\(result.errors)")
      let object = try answered(result.output)
      #expect((object["banner"] as? String)?.hasPrefix("SIMULATED") == true)
      let elements = try #require(object["resolution_elements"] as? [String: Double])
      #expect(elements["ratio", default: 0] > 2)
      let event = try #require(object["event"] as? [String: Double])
      #expect(abs(event["share_left", default: 0] - 60.0 / 360) < 1e-9)
      let places = try #require(object["places"] as? [[String: Any]])
      #expect(places.count == 2)
      // At the seed itself SERIES BLURRED has no value.
      #expect(places[0]["series_blurred_r"] is NSNull)
      let series = try #require(places[1]["series_blurred_r"] as? Double)
      #expect(series > (try #require(places[1]["after"] as? Double)))
      let peaks = try #require(object["peaks"] as? [[String: Any]])
      #expect(peaks.count == 8)
      #expect(peaks.allSatisfy { ($0["moved_mm"] as? Double ?? 0) < 40 })
      let d = try ImageReader.describe(map)
      #expect(d.isSimulated)
      let text = try Program.run(["losses", Self.bold, "--mask", Self.mask, "--at", "0,-53,26"])
      #expect(text.status == 0 && text.output.hasPrefix("SIMULATED"))
      for word in ["resolution elements", "recovery", "contrast kept", "60 s", "measured"] {
        #expect(text.output.contains(word), "\(word)")
      }
    }
  }

  /// One call, several widths: a table, JSON and TSV of the same numbers, which never rise.
  @Test func theCurveOfWhatIsKeptComesInOneCall() throws {
    try withTemporaryFolder { folder in
      let words = ["losses", Self.bold, "--mask", Self.mask, "--proxy", "mean"]
      let table = folder + "/curve.tsv"
      let told = try Program.run(words + ["--fwhm", "2,8,12,20", "--json", "-o", table])
      #expect(told.status == 0, "\(told.errors)")
      let object = try answered(told.output)
      let curve = try #require(object["curve"] as? [[String: Any]])
      #expect(curve.compactMap { $0["fwhm_mm"] as? Double } == [2, 8, 12, 20])
      let kept = curve.compactMap { $0["contrast_kept_median"] as? Double }
      #expect(kept.count == 4 && kept == kept.sorted(by: >) && abs(kept[0] - 1) < 1e-3)
      #expect((curve[0]["reached"] as? String)?.hasPrefix("stays ") == true)
      #expect(curve[2]["reached"] as? String == "12 mm")
      let rows = try String(contentsOfFile: table, encoding: .utf8).split(separator: "\n")
      #expect(rows.count == 5 && rows[0].hasPrefix("fwhm_mm\treached_i_mm"))
      for (row, value) in zip(rows.dropFirst(), kept) {
        let cells = row.split(separator: "\t")
        #expect(cells.count == 8 && abs((Double(cells[4]) ?? 9) - value) < 1e-4)
      }
      let one = try answered(try Program.run(words + ["--fwhm", "12", "--json"]).output)
      #expect(one["contrast_kept_median"] as? Double == kept[2])
      let text = try Program.run(words + ["--fwhm", "2,8"]).output
      #expect(text.contains("contrast kept") && text.contains("stays "))
      #expect(text.hasPrefix("SIMULATED") && text.contains("FWHM=2, 8 mm"))
      for bad in ["2,", "2,x", "2,99", ","] {
        #expect(try Program.run(words + ["--fwhm", bad]).status == 64, "\(bad)")
      }
      let map = try Program.run(words + ["--fwhm", "2,8", "-o", folder + "/x.nii"])
      #expect(map.status == 64)
    }
  }

  /// Mean BOLD stands for perfusion only where no tissue can be had, and then with the reason.
  @Test func meanBOLDIsSaidWhereNobodyAskedForIt() throws {
    func findings(_ words: [String]) throws -> [String] {
      let told = try Program.run(
        ["losses", Self.bold, "--mask", Self.mask, "--native-fwhm", "5", "--json"] + words)
      #expect(told.status == 0, "\(told.errors)")
      let json = try JSONSerialization.jsonObject(with: Data(told.output.utf8))
      let list = (json as? [String: Any])?["findings"] as? [[String: Any]]
      return list?.compactMap { $0["code"] as? String } ?? []
    }
    #expect(try findings([]).contains("standard-tissue"))
    let uptake = try findings(["--average", "uptake"])
    #expect(uptake.contains("mean-bold-proxy") && !uptake.contains("standard-tissue"))
    #expect(try !findings(["--proxy", "mean"]).contains("mean-bold-proxy"))
  }

  /// Below the run's own resolution nothing is blurred: the map is the seed map, cleaned the same way.
  @Test func connectivityIsCleanedAsTheOptionsSay() throws {
    try withTemporaryFolder { folder in
      let cleaning = ["--gsr", "--band", "0.01,0.08", "--polort", "3"]
      let (out, plain) = (folder + "/m.nii", folder + "/r.nii")
      let made = try Program.run(
        ["simulate", Self.bold, "--mask", Self.mask, "--proxy", "map", "--seed", "PCC"] + cleaning
          + ["--fwhm", "1", "--native-fwhm", "5", "-o", out])
      #expect(made.status == 0, "\(made.errors)")
      #expect(
        try Program.run(
          ["seedmap", Self.bold, "--mask", Self.mask, "--seed", "PCC"] + cleaning + ["-o", plain]
        ).status == 0)
      let (a, b) = (
        try ImageReader.readVolume(out).volume, try ImageReader.readVolume(plain).volume
      )
      let apart = zip(a.values, b.values).filter { $0.isFinite && $1.isFinite }
      #expect(apart.count > 1000 && apart.allSatisfy { abs($0 - $1) < 1e-5 })
      let parameters = try #require(
        sidecar(folder + "/m.json")["parameters"] as? [String: Any])
      #expect(parameters["global_signal_removed"] as? Bool == true)
      #expect(parameters["polort"] as? Int == 3)
    }
  }
}

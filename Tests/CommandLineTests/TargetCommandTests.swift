import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

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
          "60", "--json",
        ])
        #expect(result.status == 0, "\(result.errors)")
        return try answered(result.output)
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
        ("\"bootstraps\": 200", "\"bootstraps\": 3"),
        ("\"bootstraps\": 200", "\"bootstraps\": 500"),
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
      SampleCommandTests.sample("label-GM_probseg.nii.gz"), "--json", "--bootstrap", "60",
    ])
    #expect(result.status == 0, "\(result.errors)")
    let report = try answered(result.output)
    #expect(report["detected"] as? Bool == true)
    let split = try #require(report["split_mm"] as? Double)
    let confidence = try #require(report["confidence"] as? [String: Any])
    let chance = try #require(confidence["chance_mm"] as? Double)
    let agreement = try #require(report["agreement_of_halves"] as? Double)
    #expect(abs(agreement - (1 - split / chance)) < 1e-9)
    #expect((report["radius95_mm"] as? Double ?? 99) < 15)
    #expect((confidence["ellipsoid"] as? [Any])?.count == 3)
    #expect(confidence["redrawn_maps"] as? Int == 60)
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

  @Test func targetFilesHoldWhatIsDoubtful() throws {
    try withTemporaryFolder { folder in
      let mask = folder + "/x_space-MNI152NLin6Asym_mask.nii.gz"
      let grey = folder + "/x_space-MNI152NLin2009cAsym_probseg.nii.gz"
      try FileManager.default.copyItem(atPath: Commands.mask, toPath: mask)
      try FileManager.default.copyItem(
        atPath: SampleCommandTests.sample("label-GM_probseg.nii.gz"), toPath: grey)
      let arguments = [
        "targets", Commands.sample, "--mask", mask, "--gm", grey, "--bootstrap", "60", "-o",
        folder + "/t.tsv",
      ]
      let result = try Program.run(arguments)
      #expect(result.status == 0, "\(result.errors)")
      let json = try JSON.parse(String(contentsOfFile: folder + "/t.json", encoding: .utf8)).value
      #expect(json["GeneratedBy"]?.asString == "boldspect")
      let codes = json["findings"]?.items?.compactMap { $0["code"]?.asString } ?? []
      #expect(codes.contains("template-mixed"), "\(codes)")
      try "{}".write(toFile: folder + "/t.json", atomically: true, encoding: .utf8)
      let foreign = try Program.run(arguments + ["--force"])
      #expect(foreign.status == 73 && foreign.errors.contains("t.json"), "\(foreign.errors)")
      #expect(try String(contentsOfFile: folder + "/t.json", encoding: .utf8) == "{}")
    }
  }
}

import Foundation
import ImageFiles
import Imaging
import Perfusion
import TestSupport
import Testing

/// What a page says of asymmetry and of ictal minus interictal is what the commands say.
@Suite struct ReportSiscomTests {
  typealias P = PerfusionPhantom
  static let focus = WorldPoint(-44, -40, 10)

  /// A pair whose ictal image has half as much again in the LEFT temporal lobe.
  private func pair(in folder: String, formCode: Int) throws -> (ictal: String, rest: String) {
    let base = P.person(401)
    let ictal = Volume(
      grid: base.grid,
      values: base.values.indices.map { n in
        base.values[n] * (base.grid.world(at: n).distance(to: Self.focus) < 14 ? 1.5 : 1)
      })
    let paths = (folder + "/ictal.nii", folder + "/interictal.nii")
    for (path, volume) in [(paths.0, ictal), (paths.1, P.person(402))] {
      try ImageWriter.write(path, volume, formCode: formCode, note: "test", overwrite: false)
    }
    return paths
  }

  /// A broad, mild increase on one side is the largest, and the highest value is a small focus on the other.
  @Test func theLargestAndTheStrongestAreTwoPlaces() throws {
    try withTemporaryFolder { folder in
      let base = P.person(401)
      let small = WorldPoint(44, -40, 10)
      let ictal = Volume(
        grid: base.grid,
        values: base.values.indices.map { n in
          let w = base.grid.world(at: n)
          return base.values[n]
            * (w.distance(to: Self.focus) < 20 ? 1.4 : w.distance(to: small) < 8 ? 2.4 : 1)
        })
      let paths = [folder + "/ictal.nii", folder + "/interictal.nii"]
      for (path, volume) in zip(paths, [ictal, P.person(402)]) {
        try ImageWriter.write(path, volume, formCode: 4, note: "test", overwrite: false)
      }
      let text = try Program.run(["siscom"] + paths + ["-o", folder + "/d.nii"]).output
      let first = try #require(text.split(separator: "\n").first)
      #expect(first.hasPrefix("largest increase: LEFT "), "\(first)")
      #expect(first.contains("; the highest value lies elsewhere: RIGHT "), "\(first)")
      let command = try answer(["siscom"] + paths + ["-o", folder + "/e.nii"])
      let found = try #require(command["parameters"] as? [String: Any])
      let largest = try #require(found["largest_increase"] as? [String: Any])
      let strongest = try #require(found["strongest_increase"] as? [String: Any])
      #expect(largest["side"] as? String == "LEFT" && strongest["side"] as? String == "RIGHT")
      let (low, high) = (largest["peak_sd"] as? Double, strongest["peak_sd"] as? Double)
      #expect(try #require(high) > (try #require(low)))
    }
  }

  private func answer(_ arguments: [String]) throws -> [String: Any] {
    let found = try Program.run(arguments + ["--json"])
    #expect(found.status == 0, "\(found.errors)")
    return try answered(found.output)
  }

  /// Plain text of JSON, with its keys in order.
  private func plain(_ value: Any?) throws -> String {
    String(
      decoding: try JSONSerialization.data(
        withJSONObject: value ?? NSNull(), options: [.sortedKeys, .fragmentsAllowed]),
      as: UTF8.self)
  }

  @Test func thePageHoldsTheCommandsSubtractionAndAsymmetry() throws {
    try withTemporaryFolder { folder in
      let (ictal, rest) = try pair(in: folder, formCode: 4)
      // Which is which is said by the names, not by the order.
      let report = try answer([
        "report", "--spect", rest, "--spect", ictal, "-o", folder + "/page.html",
      ])
      let command = try answer(["siscom", ictal, rest, "-o", folder + "/d.nii"])
      let parameters = try #require(command["parameters"] as? [String: Any])
      let own = try #require(report["siscom"] as? [String: Any])
      for key in [
        "largest_increase", "largest_decrease", "clusters", "similarity_r", "brain_voxels",
        "sd_difference_percent", "threshold_sd", "alignment", "warnings",
      ] {
        #expect(own[key] != nil)
        #expect(try plain(own[key]) == plain(parameters[key]), "\(key)")
      }
      #expect(own["ictal_file"] as? String == "ictal.nii")

      let page = try readTextFile(folder + "/page.txt")
      let html = try readTextFile(folder + "/page.html")
      let text = try Program.run(["siscom", ictal, rest, "-o", folder + "/e.nii"]).output
      let first = String(try #require(text.split(separator: "\n").first))
      #expect(first.hasPrefix("largest increase: LEFT "))
      let folded = page.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(folded.contains("Ictal minus interictal: \(first); largest decrease: "))
      #expect(html.contains("<h2>SISCOM: ictal minus interictal</h2>"))
      let count = try #require(own["clusters"] as? [Any]).count
      if count > 5 {
        #expect(folded.contains("\(count - 5) more are left out here"))
      }

      // The asymmetry of the image with the focus: the other side has less.
      let scans = try #require(report["perfusion"] as? [[String: Any]])
      let scan = try #require(scans.first { $0["file"] as? String == "ictal.nii" })
      let asymmetry = try #require(scan["asymmetry"] as? [String: Any])
      let told = try answer(["perfusion", ictal, "--of", "asymmetry", "--clusters", "10"])
      for key in ["clusters", "clusters_of", "threshold", "asymmetry_rim_mm"] {
        #expect(try plain(asymmetry[key]) == plain(told[key]), "\(key)")
      }
      let words = try #require(asymmetry["answer"] as? String)
      #expect(words.hasPrefix("RIGHT has up to ") && words.contains("(MNI152, RAS+)"))
      #expect(folded.contains("largest asymmetry: \(words) (\(asymmetryCaution))"))
      #expect(html.contains("on the side that is lower, the most in all first"))
    }
  }

  @Test func aRefusedPairSaysWhy() throws {
    try withTemporaryFolder { folder in
      let (ictal, rest) = try pair(in: folder, formCode: 1)
      let page = folder + "/page.html"
      let report = try answer(["report", "--spect", ictal, "--spect", rest, "-o", page])
      let command = try Program.run(["siscom", ictal, rest, "-o", folder + "/d.nii"])
      #expect(command.status == 65)
      let siscom = try #require(report["siscom"] as? [String: Any])
      let refused = try #require(siscom["refused"] as? String)
      #expect(refused.contains("nothing says that it is registered to ictal.nii"))
      #expect(command.errors.contains("nothing says that it is registered to ictal.nii"))
      #expect(try readTextFile(page).contains("Not subtracted. "))
      // An image in its own space has sides and millimetres, and no region is named.
      let scan = try #require((report["perfusion"] as? [[String: Any]])?.first)
      let words = try #require((scan["asymmetry"] as? [String: Any])?["answer"] as? String)
      #expect(words.hasPrefix("RIGHT has up to ") && words.contains("(native, RAS+)"))
      // One image alone is no pair, and nothing is said of one.
      let alone = try answer(["report", "--spect", rest, "-o", folder + "/alone.html"])
      #expect(alone["siscom"] is NSNull)
      #expect(!(try readTextFile(folder + "/alone.html")).contains("ictal minus"))
    }
  }

  @Test func regionsAtTheEdgeAreNotTheLowest() throws {
    try withTemporaryFolder { folder in
      // The field of view ends within the cerebellum, as a camera's may.
      let cut = folder + "/cut_space-MNI152_spect.nii"
      let (d, whole) = try ImageReader.readVolume(SampleCommandTests.sample("spect.nii.gz"))
      let volume = Small.volume(whole.grid) { v in
        whole.grid.world(v).z < -30 ? 0 : whole[v]
      }
      try ImageWriter.write(cut, volume, formCode: d.formCode, note: "", overwrite: false)
      let report = try answer(["report", "--spect", cut, "-o", folder + "/page.html"])
      let scan = try #require((report["perfusion"] as? [[String: Any]])?.first)
      let lowest = try #require(scan["lowest_region"] as? [String: Any])
      let inside = try #require(scan["lowest_region_inside"] as? [String: Any])
      #expect(lowest["at_edge"] as? Bool == true && inside["at_edge"] as? Bool == false)
      #expect((lowest["name"] as? String)?.hasPrefix("Cerebelum") == true)
      let name = try #require(inside["name"] as? String)
      #expect(!name.hasPrefix("Cerebelum"))
      let html = try readTextFile(folder + "/page.html")
      let short = try #require(html.range(of: "<h2>In short</h2>"))
      let line = html[short.upperBound...].prefix(900)
      #expect(line.contains("lowest: \(name) "))
      #expect(
        line.contains("(at the edge of the brain or the field of view, not compared: Cerebelum"))
      #expect(line.contains("largest asymmetry: ") || line.contains("no side has less"))
    }
  }

  @Test func theTextListsTenClustersAndCountsTheOthers() throws {
    try withTemporaryFolder { folder in
      let (ictal, rest) = try pair(in: folder, formCode: 4)
      let out = folder + "/d.nii"
      let arguments = ["siscom", ictal, rest, "--threshold", "1", "--min-voxels", "1", "-o", out]
      let text = try Program.run(arguments).output.split(separator: "\n")
      let all = try #require(
        (try answer(arguments + ["--force"])["parameters"] as? [String: Any])?["clusters"] as? [Any]
      )
      #expect(all.count > 20)
      #expect(text.count { $0.hasPrefix("increase ") || $0.hasPrefix("decrease ") } == 10)
      #expect(text.contains { $0.hasPrefix("and \(all.count - 10) smaller ones: ") })
      let sidecar = try JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(filePath: folder + "/d.json")))
      let written = String(describing: sidecar).components(separatedBy: "peak_mm").count
      #expect(written > all.count)
    }
  }
}

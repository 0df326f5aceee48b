import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// What the commands find in the sample against what is true of it.
@Suite struct SampleAnswerTests {
  static let folder = RealData.project.appending(path: "SampleData").path + "/"
  static func sample(_ name: String) -> String { folder + "sample_space-MNI152_" + name }

  private func truth(_ path: String = folder + "truth.json") throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path)))
    return try #require(object as? [String: Any])
  }

  private func point(_ value: Any?) throws -> WorldPoint {
    let xyz = try #require(value as? [Double])
    return WorldPoint(xyz[0], xyz[1], xyz[2])
  }

  private func networks(_ run: String, _ confounds: String) throws -> [[String: Any]] {
    let told = try Program.run([
      "networks", run, "--mask", Self.sample("brainmask.nii.gz"), "--confounds", confounds,
      "--preset", "6P", "--networks", Self.sample("desc-networks_dseg.nii.gz"), "--names",
      Self.sample("desc-networks_dseg.tsv"), "--norms",
      Self.folder + "models/normals_networks.tsv", "--json",
    ])
    #expect(told.status == 0, "\(told.errors)")
    return try #require(try answered(told.output)["networks"] as? [[String: Any]])
  }

  /// The words that stand beside a network's measures.
  private func words(_ network: [String: Any]) -> [String: String] {
    var out: [String: String] = [:]
    for measure in ["malff", "reho", "within", "between", "sides"] {
      if let word = (network[measure] as? [String: Any])?["word"] as? String { out[measure] = word }
    }
    return out
  }

  /// Rows of numbers have no line for it: what rests on nobody's files names them beside the rows.
  @Test func rowsOfNumbersOfTheSyntheticPersonSayWhichFilesNobodyMeasured() throws {
    let told = try Program.run([
      "resolution", Self.sample("bold.nii.gz"), "--mask", Self.sample("brainmask.nii.gz"),
    ])
    #expect(told.status == 0)
    let words = "SYNTHETIC PERSON: these numbers rest on what was never measured (bold, mask)"
    #expect(told.errors.contains(words), "\(told.errors)")
    #expect(!told.output.contains("SYNTHETIC"))
  }

  /// Over-active, under-active and out of sync are found, each in its network, and nothing else is.
  @Test func networksStandAsIsTrueOfThem() throws {
    let found = try networks(Self.sample("bold.nii.gz"), Self.sample("confounds.tsv"))
    let states = try #require(try truth()["networks"] as? [[String: Any]])
    #expect(found.count == states.count)
    for state in states {
      let name = try #require(state["name"] as? String)
      let network = try #require(found.first { $0["name"] as? String == name })
      let told = words(network)
      switch state["state"] as? String {
      case "over-active": #expect(told == ["malff": "over-active"], "\(name) \(told)")
      case "under-active": #expect(told == ["malff": "under-active"], "\(name) \(told)")
      case "out of sync":
        #expect(told == ["within": "out of sync (less coupled)"], "\(name) \(told)")
      default: #expect(told.isEmpty, "\(name) \(told)")
      }
    }
  }

  /// The first candidate is within two voxels of the truth, and on its side.
  @Test func theTargetLiesNearTheTruth() throws {
    let told = try Program.run([
      "targets", Self.sample("bold.nii.gz"), "--mask", Self.sample("brainmask.nii.gz"), "--gm",
      Self.sample("label-GM_probseg.nii.gz"), "--confounds", Self.sample("confounds.tsv"),
      "--preset", "6P", "--json",
    ])
    #expect(told.status == 0, "\(told.errors)")
    let object = try answered(told.output)
    let candidates = try #require(object["candidates"] as? [[String: Any]])
    let place = try point(candidates.first?["mm"])
    let away = place.distance(to: try point(truth()["true_target_mm"]))
    #expect(place.x < 0 && away < 6, "\(place) is \(away) mm away")
  }

  /// A lesion on the left: the clusters against normals say the side and the regions that the truth does.
  @Test func theLesionIsFoundWhereItIs() throws {
    let told = try Program.run([
      "perfusion", Self.sample("spect.nii.gz"), "--normals",
      Self.folder + "models/normals_space-MNI152_res-4_stat-mean.nii.gz",
      Self.folder + "models/normals_space-MNI152_res-4_stat-sd.nii.gz", "--normals-count", "20",
      "--clusters", "2", "--json",
    ])
    #expect(told.status == 0, "\(told.errors)")
    let clusters = try #require(try answered(told.output)["clusters"] as? [[String: Any]])
    let largest = try #require(
      clusters.max { ($0["mm3"] as? Double ?? 0) < ($1["mm3"] as? Double ?? 0) })
    let lesion = try #require(try truth()["lesion"] as? [String: Any])
    #expect(largest["direction"] as? String == "decrease")
    #expect(largest["side"] as? String == (lesion["side"] as? String)?.uppercased())
    #expect(largest["main_label"] as? String == "Temporal_Mid_L")
    let middle = try point(largest["centre_mm"])
    #expect(middle.distance(to: try point(lesion["mm"])) < 12, "\(middle)")
  }

  /// Made again the same to the byte; a folder of people opens as a study with both sessions.
  @Test func theSampleIsMadeTheSameAndOpensAsAStudy() throws {
    try withTemporaryFolder { folder in
      let options = ["--minutes", "1", "--voxel", "6"]
      for name in ["a", "b"] {
        let made = try Program.run(["sample", folder + "/" + name] + options)
        #expect(made.status == 0, "\(made.errors)")
      }
      let files = try FileManager.default.subpathsOfDirectory(atPath: folder + "/a").sorted()
      #expect(try FileManager.default.subpathsOfDirectory(atPath: folder + "/b").sorted() == files)
      var count = 0
      for file in files {
        let (a, b) = (folder + "/a/" + file, folder + "/b/" + file)
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: a, isDirectory: &isFolder)
        if isFolder.boolValue { continue }
        count += 1
        #expect(try Data(contentsOf: URL(filePath: a)) == Data(contentsOf: URL(filePath: b)))
      }
      #expect(count == 4 * 12 + 4)
      let listed = try Program.run(["list", folder + "/a", "--json"])
      #expect(listed.status == 0, "\(listed.errors)")
      for word in ["sub-1", "sub-2", "ses-1", "ses-2"] {
        #expect(listed.output.contains(word), "\(word)")
      }
      #expect(!listed.output.contains("normals"))
      // Another seed is another day; nothing is overwritten.
      #expect(try Program.run(["sample", folder + "/a"] + options).status == 73)
      #expect(try Program.run(["sample", folder + "/c", "--person", "3"]).status == 64)
      #expect(try Program.run(["sample", folder + "/c", "--flat", "--person", "2"]).status == 0)
      #expect(try truth(folder + "/c/truth.json")["person"] as? Int == 2)
    }
  }
}

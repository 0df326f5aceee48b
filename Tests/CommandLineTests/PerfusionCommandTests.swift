import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// `perfusion`, `siscom` and `resolution` from outside.
@Suite struct PerfusionCommandTests {
  typealias P = PerfusionPhantom

  func json(_ arguments: [String]) throws -> [String: Any] {
    let result = try Program.run(arguments)
    #expect(result.status == 0, "\(result.errors)")
    return try answered(result.output)
  }

  func parameters(_ object: [String: Any]) throws -> [String: Any] {
    try #require(object["parameters"] as? [String: Any])
  }

  func write(_ path: String, _ volume: Volume, formCode: Int = 4, note: String = "test") throws {
    try ImageWriter.write(path, volume, formCode: formCode, note: note, overwrite: false)
  }

  /// A patient with 20 % less in half of the counts, and a folder of normals.
  func withPatient(_ normals: Int, _ body: (_ folder: String, _ patient: String) throws -> Void)
    throws
  {
    try withTemporaryFolder { folder in
      let people = folder + "/normals"
      try FileManager.default.createDirectory(
        atPath: people, withIntermediateDirectories: false)
      for n in 0..<normals { try write(people + "/n\(n).nii", P.normals[n]) }
      try write(folder + "/patient.nii", P.person(301, decrease: 0.2))
      try body(folder, folder + "/patient.nii")
    }
  }

  @Test func twoResultsAreNeverOneFile() throws {
    try withPatient(0) { folder, patient in
      let manager = FileManager.default
      try manager.createSymbolicLink(atPath: folder + "/link", withDestinationPath: folder)
      try write(folder + "/one.nii", P.person(302))
      try manager.linkItem(atPath: folder + "/one.nii", toPath: folder + "/two.nii")
      for (a, b) in [
        ("x.nii", "x.nii"), ("x.nii", "./x.nii"), ("x.nii", "link/x.nii"), ("one.nii", "two.nii"),
        ("x.nii", "x.nii.gz"), ("x.nii", "normals/../link/x.nii"),
      ] {
        let result = try Program.run(
          ["perfusion", patient, "--percent", a, "--asymmetry", b, "--force"], in: folder)
        #expect(result.status == 64, "\(a) \(b): \(result.errors)")
        #expect(result.errors.contains("two results would be written to it"), "\(result.errors)")
      }
      #expect(try manager.contentsOfDirectory(atPath: folder).count == 5)
    }
  }

  @Test func aLargeDecreaseIsSaidAndTheClusterTaken() throws {
    try withPatient(12) { folder, patient in
      let normals = ["--normals-folder", folder + "/normals"]
      let whole = try Program.run(["perfusion", patient, "--reference", "brain"] + normals)
      #expect(whole.status == 0, "\(whole.errors)")
      #expect(whole.output.contains("less than unaffected tissue"))
      #expect(whole.output.contains("--reference cluster"))
      #expect(whole.output.contains("12 normals are few"))
      // Twelve are nearer to the eight that were measured with heavy tails than to five.
      #expect(whole.output.contains("up to 6 % of a healthy brain"))
      let z = folder + "/z.nii.gz"
      let report = try json(
        [
          "perfusion", patient, "--reference", "cluster", "--z", z, "--clusters", "2", "--json",
        ] + normals)
      let about = try parameters(report)
      #expect((about["reference"] as? String)?.contains("data-driven cluster") == true)
      #expect(about["normals"] as? Int == 12)
      #expect(abs((about["reference_share_of_unaffected"] as? Double ?? 0) - 1) < 0.01)
      let healthy = try #require(report["healthy_largest_clusters"] as? [String: Any])
      #expect(healthy["people"] as? Int == 12)
      #expect((about["z_is"] as? String)?.contains("11 degrees of freedom") == true)
      // The back of the head has less, and that is the largest cluster.
      let found = try #require(report["clusters"] as? [[String: Any]])
      #expect(found.first?["direction"] as? String == "decrease")
      #expect(found.first?["normals_with_as_large"] as? Int == 0)
      let peak = try #require(found.first?["peak_mm"] as? [Double])
      #expect(peak[1] <= P.halfPlane + 8)
      let volume = try ImageReader.readVolume(z).volume
      #expect(volume.nearest(WorldPoint(40, -70, 10)) < -1)
      #expect(abs(volume.nearest(WorldPoint(40, 40, 10))) < 3)
      let sidecar = try String(contentsOfFile: folder + "/z.json", encoding: .utf8)
      for word in ["MNI152", "the person's RIGHT", "normal", "sha256", "\"simulated\": false"] {
        #expect(sidecar.contains(word), "\(word)")
      }
      #expect(try Program.run(["perfusion", patient, "--z", z] + normals).status == 73)
    }
  }

  @Test func tooFewNormalsAndThePersonAmongThemAreRefused() throws {
    try withPatient(4) { folder, patient in
      let arguments = ["perfusion", patient, "--normals-folder", folder + "/normals"]
      let few = try Program.run(arguments)
      #expect(few.status == 65)
      #expect(few.errors.contains("at least 5"))
      try FileManager.default.copyItem(atPath: patient, toPath: folder + "/normals/p.nii")
      let own = try Program.run(arguments)
      #expect(own.status == 64)
      #expect(own.errors.contains("the person's own image"))
    }
  }

  @Test func whatCannotBeMeantIsRefused() throws {
    try withTemporaryFolder { folder in
      let native = folder + "/native.nii"
      try write(native, P.template, formCode: 1)
      let unknown = folder + "/unknown.nii"
      try write(unknown, P.template, formCode: 0)
      let mni = folder + "/mni.nii"
      try write(mni, P.template)
      let wrong: [([String], Int32, String)] = [
        ([mni, "--reference", "cluster"], 64, "normals"),
        ([mni, "--z", folder + "/z.nii"], 64, "normals"),
        ([mni, "--clusters", "2"], 64, "normals"),
        ([mni, "--clusters=-1", "--of", "asymmetry"], 64, "above 0"),
        ([native, "--reference", "cerebellum"], 65, "--space MNI152"),
        ([mni, "--rim=-1"], 64, "--rim"), ([mni, "--sort", "name"], 64, "--sort"),
        ([native, "--mirror", "mni"], 65, "--space MNI152"),
        ([mni, "--reference", "Nowhere"], 64, "no region"), ([mni, "--at", "0,0"], 64, "X,Y,Z"),
        ([mni, "--at", "0,0,0"], 65, "midline"), ([unknown], 65, "which side is left"),
        ([mni, "--normals", mni], 64, "two"),
        ([mni, "--percent", mni, "--force"], 64, "is an input"),
      ]
      for (arguments, status, word) in wrong {
        let result = try Program.run(["perfusion"] + arguments)
        #expect(result.status == status, "\(arguments) \(result.errors)")
        #expect(result.errors.contains(word), "\(arguments) \(result.errors)")
      }
      // A table of regions that cannot be says why in its place.
      let table = try Program.run(["perfusion", native, "--table"])
      #expect(
        table.status == 0 && table.output.contains("no regions: native.nii is in native space"))
      // Without a template's space the mirror plane is estimated, and shown.
      let text = try Program.run(["perfusion", native, "--at", "40,-40,20"])
      #expect(text.status == 0, "\(text.errors)")
      #expect(text.output.contains("mirror plane: estimated from the image"))
      #expect(text.output.contains("space native"))
    }
  }

  @Test func simulatedStaysSimulated() throws {
    try withTemporaryFolder { folder in
      let spect = SampleCommandTests.sample("spect.nii.gz")
      let out = folder + "/percent.nii"
      let map = folder + "/ai.nii"
      let result = try Program.run([
        "perfusion", spect, "--reference", "brain", "--percent", out, "--asymmetry", map,
      ])
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("SIMULATED"))
      for file in [out, map] { #expect(try ImageReader.describe(file).isSimulated) }
      let sidecar = try String(contentsOfFile: folder + "/ai.json", encoding: .utf8)
      #expect(
        sidecar.contains("negative: LEFT has less") && sidecar.contains("\"simulated\": true"))
    }
  }

  @Test func aPairIsSubtractedOnlyWhenItIsRegistered() throws {
    try withTemporaryFolder { folder in
      let focus = WorldPoint(-44, -40, 10)
      let base = P.person(401)
      let rest = P.person(402)
      let ictal = Volume(
        grid: base.grid,
        values: base.values.indices.map { offset in
          let d = base.grid.world(at: offset).distance(to: focus)
          return base.values[offset] * (d < 14 ? 1.5 : 1)
        })
      let paths = ["ictal", "rest", "native1", "native2", "shifted"].map { folder + "/\($0).nii" }
      try write(paths[0], ictal)
      try write(paths[1], rest)
      try write(paths[2], ictal, formCode: 1)
      try write(paths[3], rest, formCode: 1)
      let moved = Small.grid(40, 50, 40, spacing: (4, 4, 4), origin: WorldPoint(-79, -110, -61))
      try write(paths[4], rest.resampled(to: moved, .cubic), formCode: 1)
      let out = folder + "/d.nii.gz"
      // One grid alone says nothing about where the head lay.
      for (a, b) in [(2, 3), (2, 4), (0, 3)] {
        let refused = try Program.run(["siscom", paths[a], paths[b], "-o", out])
        #expect(refused.status == 65, "\(a) \(b)")
        #expect(!FileManager.default.fileExists(atPath: out))
      }
      #expect(
        try Program.run(["siscom", paths[2], paths[3], "-o", out]).errors.contains("--aligned"))
      #expect(try Program.run(["siscom", paths[0], paths[0], "-o", out]).status == 64)
      let three = ["--transform", "a", "--transform", "b", "--transform", "c"]
      #expect(
        try Program.run(["siscom", paths[0], paths[1], "-o", out] + three).status == 64)
      let text = try Program.run(["siscom", paths[0], paths[1], "-o", out]).output
      let first = try #require(text.split(separator: "\n").first)
      #expect(first.hasPrefix("largest increase: LEFT ") && first.contains(" cm³, peak +"))
      #expect(first.contains(" SD, "))
      #expect(text.contains("ICTAL ictal.nii − INTERICTAL rest.nii"))
      #expect(!text.contains("the other way round"))
      // Standard output belongs to the image: a line before it would break it.
      let stream = try Program.run(["siscom", paths[0], paths[1], "-o", "-"])
      #expect(stream.status == 0 && stream.errors.contains("largest increase: LEFT "))
      #expect(!stream.output.contains("largest increase"))
      // Swapped, the same focus is a decrease, and the files' names speak against it.
      let swapped = try Program.run(["siscom", paths[1], paths[0], "-o", out, "--force"]).output
      #expect(swapped.contains("largest decrease: LEFT "))
      #expect(swapped.contains("was given as ICTAL, ictal.nii (ictal) as INTERICTAL"))
      #expect(
        try Program.run(["siscom", paths[0], paths[3], "--aligned", "-o", out, "--force"]).status
          == 65)
      for (a, b, more) in [(0, 1, []), (2, 3, ["--aligned"]), (2, 4, ["--aligned"])] {
        let told = try json(["siscom", paths[a], paths[b], "-o", out, "--force", "--json"] + more)
        let about = try parameters(told)
        let found = try #require(about["clusters"] as? [[String: Any]])
        let increase = try #require(found.first { $0["direction"] as? String == "increase" })
        let mm = try #require(increase["centre_mm"] as? [Double])
        #expect(WorldPoint(mm[0], mm[1], mm[2]).distance(to: focus) < 8, "\(mm)")
        #expect(increase["side"] as? String == "LEFT")
        #expect(
          (about["alignment"] as? String)?.contains(
            more.isEmpty ? "MNI152" : "stated by the person")
            == true)
        #expect(told["ictal_file"] as? String == fileName(paths[a]))
        #expect(told["interictal_file"] as? String == fileName(paths[b]))
        // A name may be a person's: it is told, and not written.
        #expect(!(try readTextFile(sidecarPath(out))).contains(fileName(paths[a])))
        let answer = try #require(about["largest_increase"] as? [String: Any])
        #expect(answer["side"] as? String == "LEFT" && (answer["peak_sd"] as? Double ?? 0) > 2)
        let map = try ImageReader.readVolume(out).volume
        #expect(map.nearest(focus) > 25 && abs(map.nearest(WorldPoint(44, -40, 10))) < 20)
      }
      // The same pair mirrored: the other side.
      let mirrored = Small.volume(ictal.grid) { v in
        ictal[VoxelIndex(ictal.grid.nx - 1 - v.i, v.j, v.k)]
      }
      let other = Small.volume(ictal.grid) { v in rest[VoxelIndex(rest.grid.nx - 1 - v.i, v.j, v.k)]
      }
      try write(folder + "/m1.nii", mirrored)
      try write(folder + "/m2.nii", other)
      let about = try parameters(
        try json(["siscom", folder + "/m1.nii", folder + "/m2.nii", "-o", out, "--force", "--json"])
      )
      let found = try #require(about["clusters"] as? [[String: Any]])
      #expect(
        found.first { $0["direction"] as? String == "increase" }?["side"] as? String == "RIGHT")
    }
  }

  @Test func resolutionIsDocumentedJSON() throws {
    let run = try json([
      "resolution", SampleCommandTests.bold, "--mask", SampleCommandTests.mask, "--json",
    ])
    let axes = try #require(run["axes"] as? [[String: Any]])
    #expect(axes.count == 3)
    for axis in axes {
      #expect(axis["spacing_mm"] as? Double == 3)
      for key in ["first_differences_fwhm_mm", "autocorrelation_kernel_fwhm_mm"] {
        #expect((4...7).contains(axis[key] as? Double ?? 0))
      }
    }
    let model = try #require(run["model"] as? [String: Any])
    let wide = try #require(model["autocorrelation_fwhm_mm"] as? Double)
    #expect(abs(wide / 2.0.squareRoot() - (model["kernel_fwhm_mm"] as? Double ?? 0)) < 1e-9)
    // The sample's networks are structure as a real run's are: the two measures stand apart.
    let apart = axes.map {
      ($0["autocorrelation_kernel_fwhm_mm"] as? Double ?? 0)
        - ($0["first_differences_fwhm_mm"] as? Double ?? 0)
    }
    #expect(run["is_upper_limit"] as? Bool == apart.contains { $0 > 0.25 })
    let image = try json(["resolution", SampleCommandTests.sample("spect.nii.gz"), "--json"])
    #expect(image["is_upper_limit"] as? Bool == true)
  }
}

/// The mean of 90 normal scans, against the table of the data's README.
@Suite(.enabled(if: RealData.isPresent, "../shared/data is not there"))
struct RealPerfusionCommandTests {
  static let published: [(name: String, left: Double, right: Double, index: Double)] = [
    ("Cingulum_Post", 90.1, 78.8, 13.3), ("Parietal_Sup", 85.4, 77.6, 9.5),
    ("Frontal_Mid", 92.9, 98.3, -5.7), ("Caudate", 91.2, 86.4, 5.4),
    ("Putamen", 120.0, 117.5, 2.0), ("Thalamus", 111.1, 113.1, -1.8),
    ("Calcarine", 112.3, 108.8, 3.1), ("Temporal_Mid", 103.4, 104.9, -1.5),
    ("Cerebelum_Crus1", 112.2, 110.0, 2.0),
  ]

  static func table(_ path: String) throws -> [String: [Double]] {
    let result = try Program.run(["perfusion", path, "--table", "--json"])
    #expect(result.status == 0, "\(result.errors)")
    let object = try answered(result.output)
    let rows = try #require(object["regions"] as? [[String: Any]])
    return Dictionary(
      uniqueKeysWithValues: rows.map { row in
        (
          row["name"] as? String ?? "",
          ["left_percent", "right_percent", "ai_percent"].map { row[$0] as? Double ?? .nan }
        )
      })
  }

  @Test func theRegionalTableIsThePublishedOne() throws {
    let table = try Self.table(RealData.path(RealData.spect))
    let url = RealData.project.appending(path: "Tests/Reference/perfusion.json")
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any]
    let numpy = try #require(object?["real"] as? [String: Any])
    for row in Self.published {
      let own = try #require(table[row.name])
      for (a, b) in zip(own, [row.left, row.right, row.index]) { #expect(abs(a - b) <= 0.1) }
      let exact = try #require(numpy[row.name] as? [Double])
      for (a, b) in zip(own, exact) { #expect(abs(a - b) < 1e-6, "\(row.name)") }
    }
    let text = try Program.run(["perfusion", RealData.path(RealData.spect), "--table"]).output
    #expect(text.contains("no finding by itself"))
    let lines = text.split(separator: "\n").map(String.init)
    let head = try #require(lines.firstIndex { $0.hasPrefix("region ") })
    #expect(lines[head - 1].hasPrefix("lowest: ") && lines[head - 1].contains("; highest: "))
    // The first of the table lies at the brain's edge.
    #expect(lines[head + 1].hasPrefix("Cerebelum_10 "))
    #expect(lines[head - 1].hasPrefix("lowest: Temporal_Pole_Mid RIGHT "))
    #expect(lines[head - 1].contains("not compared: Cerebelum_10 LEFT 34.5 %); highest: Vermis_8 "))
    for line in text.split(separator: "\n") where line.hasPrefix("Cingulum_Post") {
      let words = line.split(separator: " ")
      #expect(words[1...] == ["90.1", "78.8", "+13.3"])
    }
  }

  @Test func theTableDoesNotDependOnHowTheFileIsStored() throws {
    let (_, volume) = try ImageReader.readVolume(RealData.path(RealData.spect))
    let g = volume.grid
    try withTemporaryFolder { folder in
      let wanted = try Self.table(RealData.path(RealData.spect))
      // LAS; and with the axes in the order y, z, x, one of them backwards.
      let las = try #require(
        Grid(
          dimensions: (g.nx, g.ny, g.nz),
          worldFromVoxel: Affine(rows: [[-2, 0, 0, 90], [0, 2, 0, -126], [0, 0, 2, -72]])))
      let turned = try #require(
        Grid(
          dimensions: (g.ny, g.nz, g.nx),
          worldFromVoxel: Affine(
            rows: [[0, 0, 2, -90], [2, 0, 0, -126], [0, -2, 0, -72 + 2 * Double(g.nz - 1)]])))
      let files = [
        Small.volume(las) { volume[VoxelIndex(g.nx - 1 - $0.i, $0.j, $0.k)] },
        Small.volume(turned) { volume[VoxelIndex($0.k, $0.i, g.nz - 1 - $0.j)] },
      ]
      for (n, file) in files.enumerated() {
        let path = folder + "/\(n).nii"
        try ImageWriter.write(path, file, formCode: 4, note: "test", overwrite: false)
        let own = try Self.table(path)
        #expect(own.count == wanted.count)
        for (name, row) in wanted {
          for (a, b) in zip(try #require(own[name]), row) {
            #expect(abs(a - b) < 1e-9, "\(name)")
          }
        }
      }
      // The mirrored head: at mirrored places the index changes its sign and nothing else.
      let mirrored = Small.volume(g) { volume[VoxelIndex(g.nx - 1 - $0.i, $0.j, $0.k)] }
      try ImageWriter.write(
        folder + "/m.nii", mirrored, formCode: 4, note: "test", overwrite: false)
      func index(_ path: String) throws -> Double {
        let result = try Program.run(["perfusion", path, "--at", "-8,-50,28", "--json"])
        let object = try answered(result.output)
        let places = try #require(object["places"] as? [[String: Any]])
        #expect(places[0]["side"] as? String == "LEFT")
        return try #require(places[0]["ai_percent"] as? Double)
      }
      let here = try index(RealData.path(RealData.spect))
      #expect(abs(here) > 1)
      #expect(abs(here + (try index(folder + "/m.nii"))) < 1e-9)
    }
  }
}

import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// The program from outside, on the sample person.
@Suite struct SampleCommandTests {
  static func sample(_ name: String) -> String {
    RealData.project.appending(path: "SampleData/sample_space-MNI152_" + name).path
  }
  static let bold = sample("bold.nii.gz")
  static let mask = sample("brainmask.nii.gz")

  func json(_ arguments: [String]) throws -> [String: Any] {
    let result = try Program.run(arguments)
    #expect(result.status == 0, "\(result.errors)")
    return try answered(result.output)
  }

  @Test func infoIsDocumentedJSON() throws {
    let info = try json(["info", Self.bold, "--json"])
    #expect(
      Set(info.keys) == [
        "shape", "spacing_mm", "tr_s", "affine", "orientation", "form", "unused_forms",
        "laterality", "datatype", "simulated",
        "inputs", "findings", "version", "command", "notice",
      ])
    let input = try #require((info["inputs"] as? [[String: Any]])?.first)
    #expect(input["path"] as? String == Self.bold)
    #expect(input["sha256"] as? String == (try sha256(ofFile: Self.bold)))
    #expect(info["shape"] as? [Int] == [53, 64, 54, 120])
    #expect(info["tr_s"] as? Double == 3)
    #expect(info["orientation"] as? String == "RAS")
    #expect(info["form"] as? String == "sform")
    #expect((info["affine"] as? [[Double]])?.count == 4)
  }

  @Test(arguments: [["--at", "-7,3,4"], ["--at=-7,3,4"]])
  func negativeCoordinatesWorkInBothSpellings(_ at: [String]) throws {
    let rows = try #require(
      try json(["value", Self.sample("T1w.nii.gz"), "--json"] + at)["values"] as? [[String: Any]])
    #expect(rows.count == 1)
    #expect(rows[0]["mm"] as? [Double] == [-7, 3, 4])
    #expect(rows[0]["inside"] as? Bool == true)
    #expect(rows[0]["frame"] is NSNull)
  }

  @Test func valueOutsideIsNull() throws {
    let rows = try #require(
      try json(["value", Self.bold, "--at", "500,0,0", "--frame", "3", "--json"])["values"]
        as? [[String: Any]])
    #expect(rows.count == 1)
    #expect(rows[0]["value"] is NSNull)
    #expect(rows[0]["inside"] as? Bool == false)
    #expect(rows[0]["frame"] as? Int == 3)
  }

  @Test func mapsAreWrittenWithASidecarAndNotOverwritten() throws {
    try withTemporaryFolder { folder in
      let out = folder + "/map.nii.gz"
      let arguments = ["seedmap", Self.bold, "--mask", Self.mask, "--seed", "PCC", "-o", out]
      let first = try Program.run(arguments)
      #expect(first.status == 0, "\(first.errors)")
      #expect(first.output.isEmpty)
      let (d, volume) = try ImageReader.readVolume(out)
      #expect(d.formCode == 4)
      // A seed correlates with itself; outside the mask there is no data.
      #expect(volume.nearest(WorldPoint(0, -52, 26)) > 0.6)
      #expect(volume.nearest(WorldPoint(-77, -111, -69)).isNaN)
      let sidecar = try String(contentsOfFile: folder + "/map.json", encoding: .utf8)
      for word in ["sha256", "degrees_of_freedom", "version", "MOTION NOT MODELLED", "MNI152"] {
        #expect(sidecar.contains(word))
      }
      #expect(!sidecar.contains("sample_space"))
      let again = try Program.run(arguments)
      #expect(again.status == 73)
      #expect(again.errors.contains("--force"))
      #expect(try Program.run(arguments + ["--force"]).status == 0)
    }
  }

  @Test func simulationsSaySimulatedEverywhere() throws {
    try withTemporaryFolder { folder in
      let out = folder + "/sim.nii.gz"
      let result = try Program.run([
        "simulate", Self.bold, "--mask", Self.mask, "--window", "120", "-o", out,
      ])
      #expect(result.status == 0, "\(result.errors)")
      #expect(try ImageReader.describe(out).isSimulated)
      // Whatever is made of a simulation stays one, on screen and in files.
      let smooth = folder + "/smooth.nii"
      #expect(try Program.run(["smooth", out, "--fwhm", "4", "-o", smooth]).status == 0)
      #expect(try ImageReader.describe(smooth).isSimulated)
      for option in ["--anat", "--spect", "--overlay"] {
        let shown = try Program.run(["snapshot", option, smooth, "--size", "80x24", "-o", "-"])
        #expect(shown.output.contains("SIMULATED"), "\(option)")
      }
      let sidecar = try String(contentsOfFile: folder + "/sim.json", encoding: .utf8)
      #expect(
        sidecar.contains(
          "SIMULATED FROM TISSUE MAPS AND rsfMRI (proxy=MNI brain's GM/WM x ALFF, FWHM=10 mm, T=120 s)"
        ))
    }
  }

  @Test func theSamplePersonsTargetIsFound() throws {
    try withTemporaryFolder { folder in
      let out = folder + "/t.tsv"
      let result = try Program.run([
        "targets", Self.bold, "--mask", Self.mask, "--gm", Self.sample("label-GM_probseg.nii.gz"),
        "--confounds", Self.sample("confounds.tsv"), "--columns",
        "trans_x,trans_y,trans_z,rot_x,rot_y,rot_z", "--json", "-o", out,
      ])
      #expect(result.status == 0, "\(result.errors)")
      let report = try answered(result.output)
      #expect(report["selected"] as? Int == 1)
      #expect((report["effective_n"] as? Double ?? 0) > 3)
      let candidates = try #require(report["candidates"] as? [[String: Any]])
      let mm = try #require(candidates[0]["mm"] as? [Double])
      let point = WorldPoint(mm[0], mm[1], mm[2])
      #expect(point.distance(to: WorldPoint(-38, 30, 40)) <= 6)
      #expect(candidates[0]["side"] as? String == "LEFT")
      let tsv = try String(contentsOfFile: out, encoding: .utf8)
      #expect(tsv.contains("\tMNI152\tLEFT\t"))
      #expect(FileManager.default.fileExists(atPath: folder + "/t.json"))
    }
  }

  static let wrongUses: [([String], Int32)] = [
    (["value", "SAMPLE", "--at", "x"], 64), (["info", "none.nii.gz"], 66),
    (["seedmap", "SAMPLE", "--seed", "nowhere", "-o", "x.nii"], 64),
    (["seedmap", "SAMPLE", "--seed", "0,0,500", "-o", "x.nii"], 65),
    (["seedmap", "SAMPLE", "--seed", "PCC", "--tr", "99", "-o", "x.nii"], 64),
    (["seedmap", "SAMPLE", "--seed", "PCC", "--space", "Mars", "-o", "x.nii"], 64),
    (["smooth", "SAMPLE", "--fwhm", "6", "-o", "x.png"], 64), (["view"], 64), (["demo"], 69),
    (["snapshot", "--bold", "SAMPLE", "--keys", "<Nope>", "-o", "-"], 64),
  ]

  @Test(arguments: wrongUses)
  func wrongUseHasItsExitCodeAndOneSentence(_ arguments: [String], _ status: Int32) throws {
    try withTemporaryFolder { folder in
      let filled = arguments.map {
        $0 == "SAMPLE" ? Self.bold : $0.hasPrefix("x.") ? folder + "/" + $0 : $0
      }
      let result = try Program.run(filled)
      #expect(result.status == status, "\(arguments): \(result.errors)")
      #expect(!result.errors.isEmpty)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }

  @Test func anInputIsNeverOverwrittenEvenWithForce() throws {
    try withTemporaryFolder { folder in
      let run = folder + "/run.nii.gz"
      try FileManager.default.copyItem(atPath: Self.bold, toPath: run)
      let before = try sha256(ofFile: run)
      let itself = try Program.run([
        "seedmap", run, "--mask", Self.mask, "--seed", "0,-53,26", "-o", run, "--force",
      ])
      #expect(itself.status == 64)
      #expect(itself.errors.contains("is an input"))
      // A sidecar of somebody else's is not ours to replace either.
      let json = folder + "/run.json"
      try Data("{\"RepetitionTime\": 3}".utf8).write(to: URL(filePath: json))
      let beside = try Program.run([
        "simulate", run, "--mask", Self.mask, "-o", folder + "/run.nii", "--force",
      ])
      #expect(beside.status == 73)
      #expect(try String(contentsOfFile: json, encoding: .utf8).contains("RepetitionTime"))
      #expect(try sha256(ofFile: run) == before)
    }
  }

  @Test func aSeedBesideTheBrainIsSaidOnScreen() throws {
    let result = try Program.run([
      "snapshot", "--bold", Self.bold, "--mask", Self.mask, "--seed", "500,0,0", "-o", "-",
    ])
    #expect(result.status == 0)
    #expect(result.output.contains("catches no voxel"))
  }

  @Test func filesWhoseSidesAreUnknownAreNotLaidOverOthers() throws {
    try withTemporaryFolder { folder in
      let mask = folder + "/unknown.nii.gz"
      let known = try ImageReader.readVolume(Self.mask)
      try ImageWriter.write(mask, known.volume, formCode: 0, note: "test", overwrite: false)
      #expect(try ImageReader.describe(mask).laterality == .unknown)
      for arguments in [
        ["seedmap", Self.bold, "--mask", mask, "--seed", "0,-53,26", "-o", folder + "/o.nii.gz"],
        ["seedmap", Self.bold, "--mask", Self.mask, "--seed", mask, "-o", folder + "/o.nii.gz"],
        ["snapshot", "--bold", Self.bold, "--mask", Self.mask, "--spect", mask, "-o", "-"],
        ["snapshot", "--spect", mask, "--anat", Self.sample("T1w.nii.gz"), "-o", "-"],
        ["targets", Self.bold, "--mask", Self.mask, "--gm", mask],
      ] {
        let result = try Program.run(arguments)
        #expect(result.status == 65, "\(arguments)")
        #expect(result.errors.contains("which side is left"), "\(result.errors)")
      }
      let alone = try Program.run(["snapshot", "--anat", mask, "-o", "-"])
      #expect(alone.output.contains("SIDE UNKNOWN"))
    }
  }

  @Test func aSnapshotIsTheViewersScreen() throws {
    let result = try Program.run([
      "snapshot", "--bold", Self.bold, "--mask", Self.mask, "--spect", Self.sample("spect.nii.gz"),
      "--seed", "PCC", "--size", "100x30", "--keys", "v<PgUp>R", "-o", "-",
    ])
    #expect(result.status == 0, "\(result.errors)")
    for word in ["SYNTHETIC PERSON", "NEUROLOGICAL", "PCC", "MNI152", "frame 0/119"] {
      #expect(result.output.contains(word), "\(word)")
    }
    #expect(!result.output.contains("\u{1b}"))
  }

  @Test func helpNamesEveryCommandAndTheUse() throws {
    let help = try Program.run(["--help"])
    for word in [
      "demo", "view", "snapshot", "info", "value", "resample", "smooth", "seedmap", "simulate",
      "losses", "targets", "sample", "perfusion", "siscom", "resolution", "Not for diagnosis",
    ] { #expect(help.output.contains(word), "\(word)") }
  }
}

/// What the viewer shows is what the commands write, on a real run.
@Suite(.enabled(if: RealData.isPresent, "../shared/data is not there"))
struct RealViewerTests {
  static let files = [
    "--bold", RealData.path(RealData.bold), "--mask", RealData.path(RealData.mask),
  ]

  func screen(_ keys: String, _ more: [String] = []) throws -> String {
    let result = try Program.run(
      ["snapshot"] + Self.files + [
        "--spect", RealData.path(RealData.spect), "--at", "-42,-62,23", "--size", "200x60",
        "--keys", keys, "-o", "-",
      ] + more)
    #expect(result.status == 0, "\(result.errors)")
    return result.output
  }

  /// The number behind a word on the values line.
  func number(_ word: String, in screen: String) throws -> Double {
    let at = try #require(
      screen.range(of: " \(word) ", options: .backwards), "\(word) in \(screen)")
    let rest = screen[at.upperBound...].prefix { !" \n".contains($0) }
    return try #require(
      Double(rest.replacingOccurrences(of: "−", with: "-").replacingOccurrences(of: "+", with: "")))
  }

  @Test func seedSPECTAndSimulationEqualTheFiles() throws {
    try withTemporaryFolder { folder in
      let place = WorldPoint(-42, -62, 23)
      let run = [RealData.path(RealData.bold), "--mask", RealData.path(RealData.mask)]
      let map = folder + "/map.nii.gz"
      #expect(try Program.run(["seedmap"] + run + ["--seed", "PCC", "-o", map]).status == 0)
      let r = Double(try ImageReader.readVolume(map).volume.nearest(place))
      let seeded = try screen(":seed PCC<Enter>g-42,-62,23<Enter>")
      #expect(abs(try number("r", in: seeded) - r) <= 0.0005 + 1e-6)

      let onGrid = folder + "/spect.nii.gz"
      #expect(
        try Program.run([
          "resample", RealData.path(RealData.spect), "--like", RealData.path(RealData.mask), "-o",
          onGrid,
        ]).status == 0)
      let stored = try ImageReader.readVolume(onGrid).volume
      // In per cent of what the command takes, whatever else is loaded.
      let report = try Program.run(["perfusion", RealData.path(RealData.spect), "--json"])
      let about = try answered(report.output)
      let parameters = try #require(about["parameters"] as? [String: Any])
      let mean = try #require(parameters["reference_mean"] as? Double)
      #expect(seeded.contains("% of whole brain (AAL)"))
      #expect(abs(try number("unscaled", in: seeded) - Double(stored.nearest(place))) <= 0.051)
      #expect(
        abs(try number("SPECT", in: seeded) - Double(stored.nearest(place)) / mean * 100) <= 0.051)

      let simulated = folder + "/sim.nii.gz"
      #expect(
        try Program.run(["simulate"] + run + ["--fwhm", "12", "-o", simulated]).status == 0)
      let s = Double(try ImageReader.readVolume(simulated).volume.nearest(place))
      let camera = try screen("v:fwhm 12<Enter>")
      #expect(abs(try number("SIMULATED", in: camera) - s) <= 0.051)

      let blurred = folder + "/blurred.nii.gz"
      #expect(
        try Program.run(
          ["simulate"] + run + ["--proxy", "map", "--seed", "PCC", "-o", blurred]
        ).status == 0)
      let b = Double(try ImageReader.readVolume(blurred).volume.nearest(place))
      let mapBlurred = try screen(":seed PCC<Enter>g-42,-62,23<Enter>vv")
      let at = try #require(mapBlurred.range(of: "SIMULATED r "))
      let text = mapBlurred[at.upperBound...].prefix { $0 != " " }
        .replacingOccurrences(of: "−", with: "-").replacingOccurrences(of: "+", with: "")
      #expect(abs(try #require(Double(text)) - b) <= 0.0005 + 1e-6)
    }
  }

  @Test func targetsEqualTheCommands() throws {
    let result = try Program.run(
      ["targets", RealData.path(RealData.bold), "--mask", RealData.path(RealData.mask), "--json"])
    #expect(result.status == 0, "\(result.errors)")
    let object = try answered(result.output)
    let candidates = try #require(object["candidates"] as? [[String: Any]])
    let shown = try screen("t")
    for candidate in candidates.prefix(3) {
      let mm = try #require(candidate["mm"] as? [Double])
      let text = mm.map { fixed($0, 1, signed: true) }.joined(separator: " ")
      #expect(shown.contains(text), "\(text)")
    }
    #expect(shown.contains("NO RELIABLE TARGET"))
    #expect(shown.contains("MOTION NOT MODELLED"))
    #expect(shown.contains("the sign flips"))
    #expect(result.output.contains("\"detected\": false"))
  }

  @Test func aSavedTargetIsTheOneThatWasConfirmed() throws {
    try withTemporaryFolder { folder in
      let here = FileManager.default.currentDirectoryPath
      #expect(FileManager.default.changeCurrentDirectoryPath(folder))
      defer { _ = FileManager.default.changeCurrentDirectoryPath(here) }
      let shown = try screen("tn<Enter><Enter><C-u>mine<Enter>")
      #expect(shown.contains("mine.tsv"))
      let tsv = try String(contentsOfFile: folder + "/mine.tsv", encoding: .utf8)
      #expect(tsv.contains("mine\t"))
      #expect(tsv.contains("\tLEFT\t"))
      let loaded = try screen(":load mine.json<Enter>t")
      #expect(loaded.contains("saved: mine"))
    }
  }

  @Test func theReferenceIsNamedAndChangesThePerCent() throws {
    let brain = try number("SPECT", in: try screen(""))
    let text = try screen(":reference Cerebelum<Enter>")
    #expect(text.contains("% of Cerebelum"))
    #expect(abs(try number("SPECT", in: text) - brain) > 1)
    #expect(
      try screen(":reference Nowhere<Enter>").contains("no region of AAL is named Nowhere"))
  }

  @Test func aWrongRepetitionTimeBlocksWithBothNumbers() throws {
    try withTemporaryFolder { folder in
      let bold = RealData.path("bold-studyforrest/sub-02_task-oneback_run-1_bold.nii.gz")
      let blocked = try Program.run([
        "seedmap", bold, "--seed", "0,0,0", "-o", folder + "/x.nii.gz",
      ])
      #expect(blocked.status == 65)
      #expect(blocked.errors.contains("1.793548") && blocked.errors.contains("2 s"))
      let stated = try Program.run([
        "seedmap", bold, "--seed", "0,0,0", "--tr", "2", "-o", folder + "/x.nii.gz",
      ])
      #expect(stated.status == 0, "\(stated.errors)")
      let named = try Program.run([
        "seedmap", bold, "--seed", "PCC", "--tr", "2", "-o", folder + "/y.nii.gz",
      ])
      #expect(named.status == 65)
      #expect(named.errors.contains("--space MNI152"))
    }
  }

  @Test func damagedFilesLeaveTheOthersOnScreen() throws {
    let result = try Program.run([
      "snapshot", "--anat", RealData.path("odd-derived/bad_crc.nii.gz"), "-o", "-",
    ])
    #expect(result.status == 65)
    #expect(result.errors.contains("bad_crc.nii.gz"))
    #expect(result.output.isEmpty)
  }
}

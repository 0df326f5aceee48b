import Basics
import Connectivity
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

@Suite struct ConfoundsTests {
  /// targeting.md 7.2.
  @Test func framewiseDisplacementOfTheTable() throws {
    let moved = HeadMotion(
      translations: [[0, 0.1], [0, -0.2], [0, 0.05]],
      rotations: [[0, 0.001], [0, -0.002], [0, 0.0005]])
    #expect(moved.powerDisplacement[0].isNaN)
    #expect(abs(moved.powerDisplacement[1] - 0.525) < 1e-12)
    let turned = HeadMotion(
      translations: [[0, 0], [0, 0], [0, 0]], rotations: [[0, 0.001], [0, 0], [0, 0]])
    #expect(abs(turned.jenkinsonDisplacement()[1] - 0.05059644) < 1e-7)
    let both = HeadMotion(
      translations: [[0, 0.1], [0, -0.2], [0, 0.05]], rotations: [[0, 0.001], [0, 0], [0, 0]])
    #expect(abs(both.jenkinsonDisplacement()[1] - 0.23464867) < 1e-7)
  }

  @Test func motionFilesOfThreeProgramsSayTheSame() throws {
    let degree = 180 / Double.pi
    // Half a millimetre to the right, 1 mm anterior, 2 mm superior; turns of 0.01, 0.02 and 0.03.
    let fsl = try Confounds(text: "0.01  0.02  0.03  0.5  1  2  \n0 0 0 0 0 0\n", file: "a.par")
    let afni = try Confounds(
      text:
        "# 3dvolreg\n \(0.03 * degree) \(0.01 * degree) \(-0.02 * degree) 2 -0.5 -1\n0 0 0 0 0 0\n",
      file: "a.1D")
    let hcp = try Confounds(
      text: "0.5 1 2 \(0.01 * degree) \(0.02 * degree) \(0.03 * degree) 0 0 0 0 0 0\n"
        + "0 0 0 0 0 0 0 0 0 0 0 0\n", file: "Movement_Regressors.txt")
    for table in [fsl, afni, hcp] {
      let expected: [(String, Double)] = [
        ("trans_x", 0.5), ("trans_y", 1), ("trans_z", 2), ("rot_x", 0.01), ("rot_y", 0.02),
        ("rot_z", 0.03),
      ]
      for (name, value) in expected {
        #expect(abs((table.column(name)?[0] ?? .nan) - value) < 1e-12)
      }
    }
    for (text, file) in [("1 2 3\n", "a.par"), ("1 2 3 4 5 x\n", "a.par"), ("", "b.1D")] {
      #expect(throws: Problem.self) { try Confounds(text: text, file: file) }
    }
  }

  @Test func oldColumnNamesBecomeTodays() throws {
    let table = try Confounds(
      tsv: "CSF\tFramewiseDisplacement\taCompCor00\tRotX\tNonSteadyStateOutlier00\tCosine03\n"
        + "1\tn/a\t2\t3\t1\t0\n1\t0\t2\t3\t0\t0\n", file: "c.tsv")
    #expect(
      table.names == [
        "csf", "framewise_displacement", "a_comp_cor_00", "rot_x", "non_steady_state_outlier00",
        "cosine03",
      ])
    #expect(table.nonSteadyFrames == 1)
  }

  /// A table with the columns of fMRIPrep that presets take.
  static func table(frames: Int) -> Confounds {
    var generator = SeededGenerator(seed: 3)
    let names =
      ["trans_x", "trans_y", "trans_z", "rot_x", "rot_y", "rot_z", "csf", "white_matter"]
      + ["global_signal"] + (0..<6).map { "w_comp_cor_0\($0)" }
      + (0..<6).map { "c_comp_cor_0\($0)" }
    return Confounds(
      names: names, columns: names.map { _ in (0..<frames).map { _ in generator.uniform() } })
  }

  @Test(arguments: [
    (NuisancePreset.none, 0, 0), (.sixMotion, 6, 6), (.nine, 9, 8), (.twentyFour, 24, 24),
    (.thirtySix, 36, 32), (.tissues, 26, 26), (.compCor, 22, 22), (.highPassOnly, 0, 0),
  ])
  func presetsHaveTheirPublishedSize(
    _ preset: NuisancePreset, _ count: Int, _ without: Int
  ) throws {
    let table = Self.table(frames: 120)
    for (global, expected) in [(nil, count), (false, without)] as [(Bool?, Int)] {
      let names = try preset.columnNames(in: table, includesGlobalSignal: global, file: "c.tsv")
      let columns = try table.selected(names, frameCount: 120, file: "c.tsv")
      #expect(columns.count == expected)
      #expect(Set(names).count == expected)
      let projection = try Projection(
        Denoising(polort: 1, bandHertz: nil, confounds: columns), frames: 0..<120,
        repetitionTimeSeconds: 2)
      #expect(projection.degreesOfFreedom == 120 - 2 - expected)
    }
  }

  @Test func derivativesAndSquaresAreMadeWhereTheyLack() throws {
    let table = Confounds(names: ["x"], columns: [[1, 3, 2]])
    let made = try table.selected(
      ["x_derivative1", "x_power2", "x_derivative1_power2"], frameCount: 3, file: "c.tsv")
    #expect(made.map(\.values) == [[0, 2, -1], [1, 9, 4], [0, 4, 1]])
  }

  @Test func componentsAreTakenByTissueFromTheJSON() throws {
    let names = (0..<12).map { "a_comp_cor_\($0 < 10 ? "0" : "")\($0)" }
    let motion = ["trans_x", "trans_y", "trans_z", "rot_x", "rot_y", "rot_z"]
    let table = Confounds(
      names: motion + names, columns: (motion + names).map { _ in [0, 1, 2] })
    let json =
      "{"
      + names.enumerated().map {
        "\"\($1)\": {\"Mask\": \"\($0 < 6 ? "CSF" : "WM")\", \"Retained\": \($0 != 6)}"
      }
      .joined(separator: ",") + "}"
    let origins = try ComponentOrigins(json: json, file: "c.json")
    let chosen = try NuisancePreset.compCor.columnNames(
      in: table, components: origins, file: "c.tsv")
    #expect(
      chosen.suffix(10)
        == ["07", "08", "09", "10", "11", "00", "01", "02", "03", "04"]
        .map { "a_comp_cor_\($0)" })
    let problem = #expect(throws: Problem.self) {
      try NuisancePreset.compCor.columnNames(in: table, file: "c.tsv")
    }
    #expect(problem?.sentence.contains("--wm") == true)
  }

  @Test func confoundsThatRemoveNothingAreNamed() throws {
    var generator = SeededGenerator(seed: 4)
    let noise = (0..<100).map { _ in generator.uniform() }
    let projection = try Projection(
      Denoising(
        bandHertz: nil,
        confounds: [
          NuisanceColumn(name: "a", values: noise),
          NuisanceColumn(name: "b", values: noise.map { 3 * $0 - 2 }),
          NuisanceColumn(name: "flat", values: [Double](repeating: 7, count: 100)),
          NuisanceColumn(name: "gone", values: [Double](repeating: .nan, count: 100)),
        ]), frames: 0..<100, repetitionTimeSeconds: nil)
    #expect(projection.degreesOfFreedom == 96)
    let reasons = Dictionary(
      uniqueKeysWithValues: projection.report.unused.map { ($0.name, $0.reason) })
    #expect(reasons["flat"] == "constant" && reasons["gone"] == "no number in it")
    #expect(
      reasons["a"] == "collinear with the others" || reasons["b"] == "collinear with the others")
    #expect(projection.report.summary.contains("rank 4 of 7 columns"))
  }

  @Test(.enabled(if: RealData.isPresent)) func dvarsOfTheRealRunEqualTheReference() throws {
    let quality = try RealRun.run().signalQuality()
    let reference = try RealRun.reference()
    let frames = try #require(reference["dvars_frames"] as? [Int])
    for (key, values) in [
      ("dvars", quality.dvars), ("dvars_std", quality.standardisedDVARS),
      ("global_signal", quality.globalSignal),
    ] {
      for (frame, expected) in zip(frames, try RealRun.numbers(reference[key])) {
        #expect(values[frame].isNaN == expected.isNaN)
        if !expected.isNaN { #expect(abs(values[frame] / expected - 1) < 1e-5) }
      }
    }
  }

  @Test(.enabled(if: RealData.isPresent)) func componentsOfTheRealRunEqualTheReference() throws {
    let folder = "bold-rapidtide/sub-RAPIDTIDETEST_"
    let labels = try ImageReader.readVolume(RealData.path(folder + "synthseg.nii.gz")).volume
    let run = try ImageReader.readRun(
      RealData.path(folder + "bold.nii.gz"),
      mask: { (d) throws(Problem) in Mask(grid: d.grid, origin: "all") { _ in true } }
    ).run
    let reference = try RealRun.object(try RealRun.reference()["compcor"])
    let frames = try #require(reference["frames"] as? [Int])
    for (key, values) in [("wm", [2, 41]), ("csf", [4, 43, 24])] as [(String, [Float])] {
      let expected = try RealRun.object(reference[key])
      let tissue = try Tissue(
        Volume(grid: run.grid, values: labels.values.map { values.contains($0) ? 1 : 0 }),
        name: key)
      let found = try run.compCor(tissue)
      #expect(found.voxelCount == expected["voxels"] as? Int)
      for (a, b) in zip(found.explained, try RealRun.numbers(expected["explained"])) {
        #expect(abs(a - b) < 1e-6)
      }
      let first = found.components[0]
      let sign = (first.max { abs($0) < abs($1) } ?? 1) > 0 ? 1.0 : -1
      for (frame, value) in zip(frames, try RealRun.numbers(expected["first"])) {
        #expect(abs(sign * first[frame] - value) < 1e-6)
      }
    }
  }
}

import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

/// Unusual but certain files open, and it is said; ties and edges do not depend on storage.
@Suite struct OddInputTests {
  private static func write(
    _ path: String, _ change: (inout [UInt8]) -> Void = { _ in }, frames: Int = 1
  ) throws {
    let grid = Small.grid(4, 4, 4, spacing: (3, 3, 3), origin: WorldPoint(-6, -6, -6))
    try ImageWriter.write(
      path,
      ImageWriter.Content(
        grid: grid, formCode: 1, frameCount: frames, repetitionTimeSeconds: 2, note: ""),
      overwrite: false
    ) { _ in (0..<grid.count).map(Float.init) }
    var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    change(&bytes)
    try Data(bytes).write(to: URL(filePath: path))
  }

  private static func put(_ bytes: inout [UInt8], _ value: Float, _ at: Int) {
    withUnsafeBytes(of: value.bitPattern.littleEndian) {
      bytes.replaceSubrange(at..<at + 4, with: $0)
    }
  }

  @Test func aNegativeVoxelSizeBesideAGoodSformOpensWithAFinding() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a.nii"
      try Self.write(path) {
        $0[252] = 1
        Self.put(&$0, -3, 80)
      }
      let d = try ImageReader.describe(path)
      #expect(d.form == .sform && d.laterality == .known)
      #expect(d.findings.contains { $0.code == "pixdim-negative" })
      // Without an sform the sign would be a guess.
      let other = folder + "/b.nii"
      try Self.write(other) {
        $0[252] = 1
        $0[254] = 0
        Self.put(&$0, -3, 80)
      }
      #expect(throws: Problem.self) { try ImageReader.describe(other) }
    }
  }

  @Test func anEndingCountsWhateverItsCase() throws {
    try withTemporaryFolder { folder in
      try Self.write(folder + "/a.nii")
      for name in ["b.Nii", "c.NII", "d.nIi"] {
        try FileManager.default.copyItem(atPath: folder + "/a.nii", toPath: folder + "/" + name)
        #expect(try ImageReader.describe(folder + "/" + name).shape == [4, 4, 4, 1])
      }
    }
  }

  @Test func aSidecarIsInherited() throws {
    try withTemporaryFolder { folder in
      let deep = folder + "/sub-01/func"
      try FileManager.default.createDirectory(
        atPath: deep, withIntermediateDirectories: true)
      let path = deep + "/sub-01_task-rest_bold.nii"
      try Self.write(path, frames: 3)
      func json(_ path: String, _ text: String) throws {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
      }
      func codes() throws -> [String] {
        try ImageReader.describe(path).findings.map(\.code).filter {
          $0.hasPrefix("tr-") || $0.hasPrefix("sidecar")
        }
      }
      try json(folder + "/task-rest_bold.json", "{\"RepetitionTime\": 0.8}")
      // Without a data set nothing is inherited.
      #expect(try codes() == [])
      try json(folder + "/dataset_description.json", "{}")
      #expect(try codes() == ["sidecar-inherited", "tr-conflict"])
      // Of another task, and of another kind.
      try FileManager.default.removeItem(atPath: folder + "/task-rest_bold.json")
      try json(folder + "/task-nback_bold.json", "{\"RepetitionTime\": 0.8}")
      try json(folder + "/task-rest_events.json", "{\"RepetitionTime\": 0.8}")
      #expect(try codes() == [])
      // The nearer one counts before the farther, the own one before all.
      try json(folder + "/bold.json", "{\"RepetitionTime\": 0.8}")
      try json(folder + "/sub-01/sub-01_bold.json", "{\"RepetitionTime\": 2}")
      #expect(try codes() == ["sidecar-inherited"])
      try json(deep + "/sub-01_task-rest_bold.json", "{\"RepetitionTime\": 3}")
      #expect(try codes() == ["tr-conflict"])
    }
  }

  @Test func aSidecarInMillisecondsRecommendsWhatIsTaken() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a.nii"
      // No unit of time, so that the header says nothing.
      try Self.write(path, { $0[123] = 2 }, frames: 3)
      try "{\"RepetitionTime\": 2000}".write(
        toFile: folder + "/a.json", atomically: true, encoding: .utf8)
      let text = try ImageReader.describe(path).findings.map(\.text).joined()
      #expect(text.contains("--tr 2.") && !text.contains("--tr 2000"), "\(text)")
    }
  }

  @Test func aByteOrderMarkIsNoPartOfAName() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a.tsv"
      try "\u{FEFF}trans_x\n1\n".write(toFile: path, atomically: true, encoding: .utf8)
      #expect(try readTextFile(path) == "trans_x\n1\n")
    }
  }

  @Test func equallyNearVoxelsAreChosenInMillimetres() throws {
    // One image stored both ways; every second voxel of the target lies between two of it.
    let right = Small.grid(6, 6, 6, spacing: (2, 2, 2), origin: WorldPoint(-5, -5, -5))
    let left = try #require(
      Grid(
        dimensions: (6, 6, 6),
        worldFromVoxel: Affine(rows: [[-2, 0, 0, 5], [0, -2, 0, 5], [0, 0, -2, 5]])))
    let a = Small.volume(right) { Float($0.i + 10 * $0.j + 100 * $0.k) }
    let b = Small.volume(left) { a[VoxelIndex(5 - $0.i, 5 - $0.j, 5 - $0.k)] }
    let target = Small.grid(7, 7, 7, spacing: (1, 1, 1), origin: WorldPoint(-3, -3, -3))
    let (x, y) = (a.resampled(to: target, .nearest), b.resampled(to: target, .nearest))
    #expect(x.values == y.values)
    for offset in 0..<target.count {
      let w = target.world(at: offset)
      let one = Sampler(a, .nearest).value(at: w)
      #expect(one == a.nearest(w) && one == Sampler(b, .nearest).value(at: w))
      #expect(one == x.values[offset])
      #expect(Sampler(a, .nearest).isInside(w) == (right.nearestVoxel(w) != nil))
    }
  }

  @Test func theOutermostPlaneIsInsideButForRounding() throws {
    let source = Small.grid(65, 3, 3, spacing: (4.2, 4.2, 4.2), origin: WorldPoint(-72.7, 0, 0))
    let volume = Small.volume(source) { _ in 7 }
    let end = -72.7 + 64 * 4.2
    for (beyond, isInside) in [(0.0, true), (2.1e-5, true), (0.01, false)] {
      let w = WorldPoint(end + beyond, 4.2, 4.2)
      for interpolation in [Interpolation.linear, .cubic] {
        let value = Sampler(volume, interpolation).value(at: w)
        #expect(value.isFinite == isInside, "\(beyond)")
        if isInside { #expect(abs(value - 7) < 1e-4) }
      }
    }
  }

  @Test func aRigidTransformOfITKIsRead() throws {
    try withTemporaryFolder { folder in
      let grid = Small.grid(4, 4, 4)
      func read(_ fixed: String) throws -> Affine {
        let path = folder + "/e.txt"
        let text = """
          #Insight Transform File V1.0
          #Transform 0
          Transform: Euler3DTransform_double_3_3
          Parameters: 0.1 0.2 -0.3 4 -5 6
          FixedParameters: \(fixed)

          """
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return try ForeignTransform.itk.fixedFromMoving(
          path, direction: .backward, moving: grid, fixed: grid)
      }
      // R = Rz(−0.3) Rx(0.1) Ry(0.2) in LPS, by numpy; the centre adds c − R c, the axes turn x and y.
      let zxy: [[Double]] = [
        [0.942_154_66, 0.294_043_84, 0.160_881_36], [-0.270_681_49, 0.950_563_79, -0.152_184_17],
        [-0.197_676_81, 0.099_833_42, 0.975_170_33],
      ]
      let found = try read("0 0 0")
      for r in 0..<3 {
        for c in 0..<3 {
          let sign = (r < 2) == (c < 2) ? 1.0 : -1
          #expect(abs(found.rows[r][c] - sign * zxy[r][c]) < 2e-8, "\(r) \(c)")
        }
      }
      #expect(found.rows.map { $0[3] } == [-4, 5, 6])
      let centred = try read("10 20 30")
      let (shift, centre): ([Double], [Double]) = ([4, -5, 6], [10, 20, 30])
      for r in 0..<3 {
        let row: [Double] = zxy[r]
        let turned: Double = row[0] * centre[0] + row[1] * centre[1] + row[2] * centre[2]
        let lps: Double = shift[r] + centre[r] - turned
        let ras: Double = r < 2 ? -lps : lps
        #expect(abs(centred.rows[r][3] - ras) < 1e-4)
      }
      #expect(try read("0 0 0 1").rows[0][2] != found.rows[0][2])
      #expect(try read("0 0 0 0").rows == found.rows)
    }
  }
}

@Suite(.enabled(if: RealData.isPresent, "../shared/data is not there"))
struct ReportedFileTests {
  static func path(_ name: String) -> String { RealData.path("odd-reports/" + name) }

  @Test func filesOfReportsOpenWithFindings() throws {
    let pixdim = try ImageReader.describe(Self.path("13_pixneg.nii.gz"))
    #expect(pixdim.findings.contains { $0.code == "pixdim-negative" })
    let run = try ImageReader.describe(
      Self.path("09_bids/sub-01/func/sub-01_task-rest_bold.nii.gz"))
    #expect(run.findings.contains { $0.code == "sidecar-inherited" }, "\(run.findings)")
  }

  @Test func masksStoredBothWaysAreOne() throws {
    let like = try ImageReader.readVolume(Self.path("07_like4.nii.gz")).volume.grid
    let found = try ["RAS", "LAS"].map {
      try ImageReader.readVolume(Self.path("07_mask_\($0).nii.gz")).volume
        .resampled(to: like, .nearest).values
    }
    #expect(found[0] == found[1])
    let edge = try ImageReader.readVolume(Self.path("19_edge_src.nii.gz")).volume
    let plane = try ImageReader.readVolume(Self.path("19_edge_like.nii.gz")).volume.grid
    #expect(edge.resampled(to: plane, .linear).values.allSatisfy { $0 == 7 })
  }
}

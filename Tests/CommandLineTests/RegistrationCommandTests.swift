import Basics
import Foundation
import ImageFiles
import Imaging
import TestSupport
import Testing

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
      // Nothing is accepted unseen, nor with the picture of another matrix.
      let unseen = try Program.run(["transform", "accept", folder + "/b.txt"])
      #expect(unseen.status == 64 && unseen.errors.contains("unseen"), "\(unseen.errors)")
      let other = try Program.run([
        "transform", "accept", folder + "/b.txt", "--looked", folder + "/a.png",
      ])
      #expect(other.status == 65 && other.errors.contains("no picture of this"), "\(other.errors)")
      let accept = ["transform", "accept", folder + "/b.txt", "--looked", folder + "/b.png"]
      // This SPECT does not tell its sides: then a reason is asked for.
      let silent = try Program.run(accept)
      #expect(silent.status == 64 && silent.errors.contains("sides not told"), "\(silent.errors)")
      #expect(try Program.run(accept + ["--because", "seen in three planes"]).status == 0)
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
      let object = try answered(found.output)
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

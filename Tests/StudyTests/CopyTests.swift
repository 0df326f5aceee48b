import Basics
import Foundation
import ImageFiles
import Imaging
import Study
import TestSupport
import Testing

/// One measurement in two files is one: in other units, smoothed, shortened, on other voxels, in either order.
@Suite struct CopyTests {
  private static let grid = Small.grid(
    16, 16, 16, spacing: (8, 8, 8), origin: WorldPoint(-60, -76, -54))

  /// A run of 80 frames in which voxels have something in common.
  private func run(
    _ path: String, seed: UInt64, scale: Float = 1, noise: Float = 0, from first: Int = 0
  ) throws {
    var random = SeededGenerator(seed: seed)
    var common: [Float] = []
    let values = (0..<80).map { t -> [Float] in
      common.append(Float(random.next() % 1000) / 100 + Float(t) / 10)
      return (0..<Self.grid.count).map { _ in
        100 + common[t] + Float(random.next() % 1000) / 50
      }
    }
    var other = SeededGenerator(seed: 99)
    try ImageWriter.write(
      path,
      ImageWriter.Content(
        grid: Self.grid, formCode: 4, frameCount: 80 - first, repetitionTimeSeconds: 2, note: "t"),
      overwrite: true
    ) { t in
      values[t + first].map { x in
        let more = noise * Float(other.next() % 1000) / 1000
        return scale * x + more
      }
    }
  }

  private func join(_ paths: [String], second: String? = nil) throws -> LoadedStudy {
    var study = LoadedStudy()
    var runs = SessionRuns()
    for (n, path) in paths.enumerated() {
      try runs.read(path, at: n, RunRequest(), into: &study, progress: .silent)
    }
    if let second {
      var session = SessionRuns(as: .second)
      try session.read(second, at: 0, RunRequest(), into: &study, progress: .silent)
    }
    return study
  }

  @Test func oneMeasurementCountsOnce() throws {
    try withTemporaryFolder { folder in
      func path(_ name: String) -> String { folder + "/\(name)_space-MNI152_bold.nii" }
      try run(path("a"), seed: 1)
      try run(path("b"), seed: 2)
      try run(path("twice"), seed: 1, scale: 2)
      try run(path("noisy"), seed: 1, noise: 3)
      try run(path("short"), seed: 1, scale: 0.5, from: 4)
      // Its first half is the second half of the first.
      try run(path("part"), seed: 1, scale: 0.5, from: 40)
      #expect(try join([path("a"), path("b")]).findings.allSatisfy { $0.code != "same-session" })
      for copy in ["twice", "noisy", "short", "part"] {
        for order in [["a", copy], [copy, "a"]] {
          #expect {
            _ = try join(order.map(path))
          } throws: {
            ($0 as? Problem)?.sentence.contains("it is the same measurement") == true
          }
        }
        let told = try join([path("a")], second: path(copy)).findings
        #expect(told.contains { $0.code == "same-session" && $0.severity == .warning }, "\(copy)")
      }
      let two = try join([path("a")], second: path("b")).findings
      #expect(!two.contains { $0.code == "same-session" })
    }
  }

  @Test func oneIsMadeOfTheOtherInEitherOrder() throws {
    try withTemporaryFolder { folder in
      let raw = folder + "/raw_space-MNI152_bold.nii"
      let made = folder + "/made_space-MNI152_bold.nii"
      try run(raw, seed: 1)
      try run(made, seed: 5)
      try JSON.object([
        ("GeneratedBy", .string("boldspect")),
        ("inputs", .array([.object([("sha256", .string(try sha256(ofFile: raw)))])])),
      ]).text.write(
        toFile: folder + "/made_space-MNI152_bold.json", atomically: true, encoding: .utf8)
      for order in [[raw, made], [made, raw]] {
        #expect {
          _ = try join(order)
        } throws: {
          ($0 as? Problem)?.sentence.contains("was made of the other") == true
        }
        #expect {
          _ = try join([order[0]], second: order[1])
        } throws: {
          ($0 as? Problem)?.sentence.contains("was made of the other") == true
        }
      }
    }
  }

  // MARK: Normals

  private func person(_ seed: UInt64) -> Volume {
    var random = SeededGenerator(seed: seed)
    let grid = SmallStudy.headGrid
    return Small.volume(grid) { v in
      let noise = Float(random.next() % 1000) / 100
      let p = grid.world(v)
      return 60 - Float(abs(p.z - 6) / 3) + noise
    }
  }

  @Test func whoCountsTwiceOrIsNoScanIsRefused() throws {
    let people = (1...5).map { ("n\($0)", person(UInt64($0))) }
    let patient = ("p", person(9))
    func refused(_ normals: [(String, Volume)], _ words: String) {
      #expect {
        try requireDifferentPeople(normals, person: patient)
      } throws: { ($0 as? Problem)?.sentence.contains(words) == true }
    }
    try requireDifferentPeople(people, person: patient)
    func scaled(_ v: Volume, _ f: @escaping (Float) -> Float) -> Volume {
      Volume(grid: v.grid, values: v.values.map(f))
    }
    refused(people + [("c", scaled(people[1].1) { 3 * $0 + 1 })], "the same image as n2")
    refused(people + [("c", scaled(patient.1) { ($0 * 20).rounded() })], "the person's own image")

    refused(people + [("other", scaled(person(77)) { 100 - $0 })], "not like the other normals")
  }
}

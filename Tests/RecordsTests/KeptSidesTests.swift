import Basics
import Foundation
import Imaging
import Records
import Study
import TestSupport
import Testing

/// A person's decision about sides stays until a person takes it back.
@Suite struct KeptSidesTests {
  private let a = String(repeating: "a", count: 64)
  private let b = String(repeating: "b", count: 64)

  private func found(_ margin: Double = -9) -> JudgedSides {
    JudgedSides(
      first: a, second: b,
      agreement: SideAgreement(verdict: .mirrored, margin: margin, stored: 1.1, mirrored: 1.2))
  }

  /// What was found is not forgotten because its record was damaged: it may have said mirrored.
  @Test(arguments: ["", "{\"sides\": [", "{\"sides\": []}", "{\"format\": 99, \"sides\": []}"])
  func aDamagedRecordBlocks(_ text: String) throws {
    try withTemporaryFolder { folder in
      let kept = KeptSides(RecordsFolder(path: folder, isShared: false))
      try kept.keep(found())
      let path = "\(folder)/sides-\(a.prefix(32)).json"
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      #expect(kept.blocking(a)?.isUnreadable == true)
      #expect(kept.blocking(b)?.isUnreadable == false)
      #expect(kept.blocking(String(repeating: "c", count: 64)) == nil)
      // What only a person's pair blocks is blocked by it, too.
      #expect(kept.allBlocking.contains { $0.isUnreadable && $0.first == a.prefix(32) })
      let people = KeptPeople(RecordsFolder(path: folder, isShared: false))
      try people.keep(nil, path: "/study/sub-01/anat/x.nii", sha256: a)
      let person = try #require(try people.stored(a))
      try FileManager.default.removeItem(atPath: "\(folder)/sides-\(b.prefix(32)).json")
      let refusal = try #require(throws: Problem.self) {
        try people.requireUnblocked([person], sides: kept, name: "x", for: "an export")
      }
      #expect(refusal.sentence.contains("the record of it is damaged"), "\(refusal.sentence)")
    }
  }

  /// Whose an image is is not forgotten because the record of it was damaged: it may say another person.
  @Test(arguments: ["", "{\"people\": [", "{\"format\": 99, \"people\": []}"])
  func aDamagedRecordOfAPersonIsNoSilence(_ text: String) throws {
    try withTemporaryFolder { folder in
      let people = KeptPeople(RecordsFolder(path: folder, isShared: false))
      try people.keep(nil, path: "/study/sub-01/anat/x.nii", sha256: a)
      #expect(try people.stored(a)?.folder != nil)
      #expect(try people.stored(b) == nil)
      try text.write(
        toFile: "\(folder)/person-\(a.prefix(32)).json", atomically: true, encoding: .utf8)
      #expect(throws: Problem.self) { try people.stored(a) }
      try "short".write(toFile: folder + "/person-secret", atomically: true, encoding: .utf8)
      let refusal = try #require(throws: Problem.self) {
        try people.keep(nil, path: "/study/sub-01/anat/x.nii", sha256: b)
      }
      #expect(refusal.sentence.contains("person-secret") && refusal.sentence.contains("damaged"))
    }
  }

  /// Records lie under both images: one that was lost is told by the other's, and a link that leads nowhere was a record.
  @Test func aLostRecordIsToldByTheOthers() throws {
    try withTemporaryFolder { folder in
      let kept = KeptSides(RecordsFolder(path: folder, isShared: false))
      try kept.keep(found())
      let path = "\(folder)/sides-\(a.prefix(32)).json"
      try FileManager.default.removeItem(atPath: path)
      #expect(kept.blocking(a)?.second == b)
      #expect(kept.blocking(String(repeating: "c", count: 64)) == nil)
      try FileManager.default.createSymbolicLink(
        atPath: path, withDestinationPath: folder + "/nowhere")
      #expect(kept.blocking(a)?.isUnreadable == true)
      // A folder that is none: what was kept cannot be known.
      try Data().write(to: URL(filePath: folder + "/file"))
      let lost = KeptSides(RecordsFolder(path: folder + "/file/state", isShared: false))
      #expect(lost.blocking(a)?.isUnreadable == true && !lost.isEmpty)
      #expect(KeptSides(RecordsFolder(path: folder + "/none", isShared: false)).isEmpty)
    }
  }

  /// A copy that was changed a little is known by its looks, until a person decides, or its own sides are found right.
  @Test func aChangedCopyIsKnownByItsLooks() throws {
    try withTemporaryFolder { folder in
      let kept = KeptSides(RecordsFolder(path: folder, isShared: false))
      let grid = Small.grid(30, 34, 28, spacing: (4, 4, 4), origin: WorldPoint(-60, -68, -56))
      func likeness(_ factor: Float, turned: Bool = false) throws -> ImageLikeness {
        try #require(
          ImageLikeness(
            Small.volume(grid) { v in
              let p = grid.world(v)
              guard p.x * p.x + p.y * p.y + p.z * p.z < 2500 else { return 0 }
              let x = turned ? 29 - v.i : v.i
              return factor * Float(500 + 9 * x + 4 * v.j + v.k % 3)
            }))
      }
      var pair = found()
      pair.firstLikeness = try likeness(1)
      #expect(ImageLikeness(text: try likeness(1).text) == pair.firstLikeness)
      #expect(ImageLikeness(text: "AAAA") == nil)
      try kept.keep(pair)
      let copy = try likeness(3)
      #expect(kept.resembling(copy, voxels: nil) == [a])
      #expect(kept.resembling(try likeness(1, turned: true), voxels: nil).isEmpty)
      // The image itself needs no looks.
      #expect(kept.resembling(copy, voxels: a).isEmpty)
      let own = String(repeating: "c", count: 64)
      try kept.keep(
        JudgedSides(
          first: b, second: own,
          agreement: SideAgreement(verdict: .same, margin: 9, stored: 1.2, mirrored: 1.1)))
      #expect(kept.resembling(copy, voxels: own).isEmpty)
      _ = try kept.decide(a, b, reason: "marker seen on the right", rater: "x", time: "2026-01-02")
      #expect(kept.resembling(copy, voxels: nil).isEmpty)
    }
  }

  @Test func aNewComparisonKeepsTheDecision() throws {
    try withTemporaryFolder { folder in
      let kept = KeptSides(RecordsFolder(path: folder, isShared: false))
      try kept.keep(found())
      #expect(kept.blocking(a) != nil && kept.allBlocking.count == 2)
      _ = try kept.decide(a, b, reason: "marker seen on the right", rater: "x", time: "2026-01-02")
      #expect(kept.blocking(b) == nil && kept.allBlocking.isEmpty)
      // The same once more, and another figure.
      for margin in [-9.0, -8] {
        try kept.keep(found(margin))
        let judged = try #require(kept.judged(b, a))
        #expect(judged.agreement.margin == margin && judged.decision?.rater == "x")
        #expect(!judged.isBlocking && kept.blocking(a) == nil)
      }
      #expect(throws: Problem.self) { try kept.withdraw(a, b, reason: "no") }
      let back = try kept.withdraw(
        a, b, reason: "the marker was of another head", rater: "y", time: "2026-01-03")
      #expect(back.isBlocking && kept.blocking(a)?.withdrawal?.rater == "y")
      try kept.keep(found())
      #expect(kept.blocking(b)?.withdrawal?.rater == "y")
      #expect(throws: Problem.self) { try kept.withdraw(a, b, reason: "once more, in words") }
    }
  }

  /// A copy is known by what it holds, and a decision about a copy is one about the image.
  @Test func aCopyIsKnownByItsVoxels() throws {
    try withTemporaryFolder { folder in
      let kept = KeptSides(RecordsFolder(path: folder, isShared: false))
      let (v, w, copy) = (
        String(repeating: "e", count: 64), String(repeating: "f", count: 64),
        String(repeating: "c", count: 64)
      )
      try kept.keep(found())
      #expect(kept.blocking(v) == nil)
      // What was kept before voxels were looked at learns of them.
      var named = found()
      let isNews = named.name(voxelsOf: [(a, v), (b, w)])
      #expect(isNews)
      try kept.keep(named)
      for hash in [a, b, v, w] { #expect(kept.blocking(hash) != nil, "\(hash.prefix(4))") }
      #expect(kept.judged(v, w) == named && kept.judged(b, v) == named)
      _ = try kept.decide(v, w, reason: "marker seen on the right", rater: "x", time: "2026-01-02")
      for hash in [a, b, v, w] { #expect(kept.blocking(hash) == nil, "\(hash.prefix(4))") }
      // Compared again from a copy's file, the decision stays.
      var again = JudgedSides(first: copy, second: b, agreement: found(-8).agreement)
      again.name(voxelsOf: [(copy, v), (b, w)])
      try kept.keep(again)
      #expect(kept.judged(copy, b)?.decision?.rater == "x")
      // What is said of the copy is said of the image, whichever file is asked about.
      _ = try kept.withdraw(
        copy, b, reason: "it was another marker", rater: "y", time: "2026-01-03")
      for hash in [a, b, v, w, copy] {
        #expect(kept.blocking(hash) != nil, "\(hash.prefix(4))")
      }
      _ = try kept.decide(a, b, reason: "looked at it once more", rater: "z", time: "2026-01-04")
      for hash in [a, b, v, w, copy] {
        #expect(kept.blocking(hash) == nil, "\(hash.prefix(4))")
      }
      #expect(kept.judged(copy, b)?.decision?.rater == "z" && kept.allBlocking.isEmpty)
    }
  }
}

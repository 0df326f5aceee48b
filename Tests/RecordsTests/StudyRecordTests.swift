import Basics
import Foundation
import ImageFiles
import Imaging
import Records
import TestSupport
import Testing

/// What is kept of files by their hashes.
@Suite struct StudyRecordTests {
  static let hash = String(repeating: "ab", count: 32)

  private func entry(_ rating: Rating?, _ text: String, _ rater: String, _ time: String)
    -> ReviewEntry
  {
    ReviewEntry(
      rating: rating, text: text, rater: rater, time: time, subject: "sub-1", session: nil,
      file: "sub-1_bold.nii.gz", sha256: Self.hash)
  }

  /// A study that was moved is the same one; another one with the same labels is not.
  @Test func anotherVersionIsKnownAfterAMove() throws {
    try withTemporaryFolder { folder in
      let records = RecordsFolder(path: folder + "/records", isShared: false)
      var said = entry(.bad, "spikes", "anna", "2026-11-28T10:00:10.000Z")
      (said.place, said.study) = ("old place", "study")
      _ = try reviewFile(of: Self.hash, in: records).add(said)
      func found(_ place: String, _ study: String?) -> Int {
        StudyRecords(records).ofAnotherVersion(
          place: place, study: study, file: said.file, subject: "sub-1", session: nil, sha256: "x"
        ).count
      }
      #expect(found("old place", nil) == 1 && found("new place", "study") == 1)
      #expect(found("new place", "another") == 0 && found("new place", nil) == 0)
      #expect(try reviewFile(of: Self.hash, in: records).stored() == [said])
      // A folder keeps its mark when it is renamed.
      try FileManager.default.createDirectory(
        atPath: folder + "/a", withIntermediateDirectories: true)
      let mark = studyMark(of: folder + "/a")
      try FileManager.default.moveItem(atPath: folder + "/a", toPath: folder + "/b")
      #expect(
        mark != nil && studyMark(of: folder + "/b") == mark && studyMark(of: folder + "/c") == nil)
    }
  }

  @Test func whatTwoPeopleSayAtOnceIsAllKept() async throws {
    try await withAsyncFolder { folder in
      let records = RecordsFolder(path: folder + "/records", isShared: false)
      await withTaskGroup(of: Void.self) { group in
        for rater in ["anna", "bert", "carl"] {
          group.addTask {
            for n in 0..<20 {
              let said = ReviewEntry(
                rating: n % 2 == 0 ? .good : nil, text: "\(n)", rater: rater,
                time: "2026-11-28T10:00:\(10 + n).000Z", subject: "sub-1", session: nil,
                file: "f.nii", sha256: Self.hash)
              _ = try? reviewFile(of: Self.hash, in: records).add(said)
            }
          }
        }
      }
      let all = StudyRecords(records).entries(of: Self.hash)
      #expect(all.count == 60)
      #expect(Set(all.map { $0.rater + $0.text }).count == 60)
    }
  }

  @Test func theNewestRatingOfEachRaterStands() {
    let all = [
      entry(.good, "", "anna", "2026-01-01T00:00:00.000Z"),
      entry(.bad, "spikes", "anna", "2026-01-02T00:00:00.000Z"),
      entry(nil, "a note", "anna", "2026-01-03T00:00:00.000Z"),
      entry(.doubtful, "", "bert", "2026-01-01T12:00:00.000Z"),
    ]
    let standing = standingRatings(all)
    #expect(standing.map(\.rater) == ["anna", "bert"])
    #expect(standing.map(\.rating) == [.bad, .doubtful])
  }

  @Test func recordsOfAnotherHashAreNotThisFiles() throws {
    try withTemporaryFolder { folder in
      let records = RecordsFolder(path: folder, isShared: false)
      // The name of the record's file is a prefix of the hash; what it holds says the whole.
      let other = String(Self.hash.prefix(32)) + String(repeating: "0", count: 32)
      try reviewFile(of: Self.hash, in: records).add(
        entry(.good, "", "anna", "2026-01-01T00:00:00.000Z"))
      #expect(StudyRecords(records).entries(of: Self.hash).count == 1)
      #expect(StudyRecords(records).entries(of: other).isEmpty)
    }
  }

  @Test func whatANewerVersionWroteStaysAsItIs() throws {
    try withTemporaryFolder { folder in
      let records = RecordsFolder(path: folder, isShared: false)
      let path = folder + "/review-\(Self.hash.prefix(32)).json"
      let newer = "{\"format\": 99, \"entries\": []}\n"
      try Data(newer.utf8).write(to: URL(filePath: path))
      #expect {
        try reviewFile(of: Self.hash, in: records).add(entry(.good, "", "a", "t"))
      } throws: {
        ($0 as? Problem)?.kind == .unavailable
      }
      #expect(try String(contentsOfFile: path, encoding: .utf8) == newer)
      #expect(StudyRecords(records).entries(of: Self.hash).isEmpty)
    }
  }

  @Test func aRegistrationComesBackToTheBit() throws {
    try withTemporaryFolder { folder in
      let records = RecordsFolder(path: folder, isShared: false)
      var rows = Affine.identity.rows
      rows[0][3] = 12.345678901234567
      rows[1][0] = 0.1 / 3
      let made = try Transform(
        fixedFromMoving: Affine(rows: rows),
        moving: Transform.End(sha256: Self.hash, space: .native, template: nil),
        fixed: Transform.End(
          sha256: String(repeating: "c", count: 64), space: .mni152, template: "MNI152NLin6Asym"),
        origin: "hand, accepted in the viewer", isAccepted: true, file: "x")
      try registrationFile(of: Self.hash, in: records).add(KeptRegistration(made, rater: "anna"))
      let back = StudyRecords(records).registrations(of: Self.hash)
      #expect(back.map(\.transform) == [made])
      #expect(back.map(\.rater) == ["anna"])
    }
  }

  @Test func sharedRecordsFollowTheUmask() throws {
    try withTemporaryFolder { folder in
      let shared = RecordsFolder(path: folder + "/shared", isShared: true)
      let own = RecordsFolder(path: folder + "/own", isShared: false)
      for records in [shared, own] {
        try reviewFile(of: Self.hash, in: records).add(entry(.good, "", "a", "t"))
      }
      func mode(_ folder: RecordsFolder) throws -> Int {
        let path = folder.path + "/review-\(Self.hash.prefix(32)).json"
        return try #require(
          try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
      }
      let mask = umask(0)
      umask(mask)
      #expect(try mode(shared) == 0o666 & ~Int(mask))
      #expect(try mode(own) == 0o600)
    }
  }

  @Test func factsBelongToTheVeryFile() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/x.nii"
      try Data("one".utf8).write(to: URL(filePath: path))
      let before = try #require(FileIdentity(path))
      var facts = FileFacts()
      facts.frames = 100
      facts.repetitionTimeSeconds = 1.16
      facts.origin = .synthetic
      FactBook(folder: folder).learn(facts, of: before)
      var hash = FileFacts()
      hash.sha256 = Self.hash
      FactBook(folder: folder).learn(hash, of: before)
      let back = try #require(FactBook(folder: folder).facts(of: before))
      #expect(back.frames == 100 && back.repetitionTimeSeconds == 1.16 && back.sha256 == Self.hash)
      #expect(back.origin == .synthetic)
      try Data("other content".utf8).write(to: URL(filePath: path))
      let after = try #require(FileIdentity(path))
      #expect(FactBook(folder: folder).facts(of: after) == nil)
      // Damaged lines are passed over.
      let handle = try #require(FileHandle(forWritingAtPath: folder + "/files"))
      handle.seekToEndOfFile()
      handle.write(Data("f1 1 2 3\nnonsense\nf1 1 2 3 4 sha=zz\n\u{0}\n".utf8))
      handle.closeFile()
      #expect(FactBook(folder: folder).facts(of: before)?.frames == 100)
    }
  }
}

private func withAsyncFolder(_ body: (String) async throws -> Void) async throws {
  let folder = NSTemporaryDirectory() + "boldspect-records-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try await body(folder)
}

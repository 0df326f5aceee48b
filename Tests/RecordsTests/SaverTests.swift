import Basics
import Foundation
import Imaging
import Records
import Study
import Targeting
import TestSupport
import Testing
import Viewer
import ViewerRuntime

/// Saving beside computing: what was on file, what is said, and what is remembered.
@Suite struct SaverTests {
  /// What earlier sessions left is asked for first, as the viewer does it.
  private func saver(_ folder: String, _ mailbox: Mailbox) -> Saver {
    let saver = Saver(
      StudyRequest(), mailbox: mailbox, pending: PendingWork(), keepsMarks: true,
      records: RecordsFolder(path: folder, isShared: false))
    #expect(take(saver, .recall))
    return saver
  }

  private func take(_ saver: Saver, _ effect: Effect) -> Bool {
    saver.take(Request(id: RequestID(effect == .recall ? 1 : 2), effect: effect))
  }

  private func answers(_ mailbox: Mailbox) -> [Message] {
    var all: [Message] = []
    while let next = mailbox.take() { all.append(next) }
    return all
  }

  /// What answers hold.
  private func opened(_ answers: [Message]) -> [Message] {
    answers.compactMap { if case .answer(_, _, let inner) = $0 { inner } else { nil } }
  }

  private func kept(_ folder: String) throws -> Set<String> {
    Set(
      try marksFile(
        of: StateFileTests.hash, in: RecordsFolder(path: folder, isShared: false)
      ).recovered().map(\.name))
  }

  private func mark(_ name: String) -> TargetRecord { StateFileTests.mark(name) }

  /// A mark that is made before the image is known, before what was on file was read, or before the screen
  /// has it, joins what was on file.
  @Test(arguments: [true, false]) func aMarkMadeWhileLoadingJoinsWhatWasOnFile(_ isEarly: Bool)
    throws
  {
    try withTemporaryFolder { folder in
      try marksFile(
        of: StateFileTests.hash, in: RecordsFolder(path: folder, isShared: false)
      ).keep([mark("old")])
      let mailbox = Mailbox()
      let saver = saver(folder, mailbox)
      if isEarly { #expect(take(saver, .keepBook([mark("new")]))) }
      saver.open(imageSHA256: StateFileTests.hash)
      if !isEarly { #expect(take(saver, .keepBook([mark("new")]))) }
      #expect(saver.finish(withinSeconds: 60) == [])
      #expect(try kept(folder) == ["old", "new"])
      // Once the screen has them, what it leaves out was removed.
      let told = answers(mailbox)
      #expect(
        opened(told).contains {
          if case .recovered(let all) = $0 { all.count == 1 } else { false }
        })
      for message in told { saver.hasTaken(message) }
      #expect(take(saver, .keepBook([mark("new")])))
      #expect(saver.finish(withinSeconds: 60) == [])
      #expect(try kept(folder) == ["new"])
    }
  }

  @Test func bookmarksMadeWhileLoadingJoinWhatWasOnFile() throws {
    try withTemporaryFolder { folder in
      let old = Bookmark(name: "old", note: "", point: WorldPoint(1, 2, 3))
      let new = Bookmark(name: "new", note: "", point: WorldPoint(4, 5, 6))
      try bookmarksFile(
        of: StateFileTests.hash, in: RecordsFolder(path: folder, isShared: false)
      ).keep([old])
      let saver = saver(folder, Mailbox())
      saver.open(imageSHA256: StateFileTests.hash)
      #expect(take(saver, .keepBookmarks([new])))
      #expect(saver.finish(withinSeconds: 60) == [])
      let all = try bookmarksFile(
        of: StateFileTests.hash, in: RecordsFolder(path: folder, isShared: false)
      ).recovered()
      #expect(all == [new, old])
    }
  }

  @Test func aFailedSaveIsRememberedUntilItSucceeds() throws {
    try withTemporaryFolder { folder in
      let mailbox = Mailbox()
      let saver = saver(folder, mailbox)
      // No file system takes such a name; whether it is free is all that can be asked before.
      let name = folder + "/" + String(repeating: "n", count: 300) + ".json"
      #expect(take(saver, .saveWorkspace(.object([]), name: name)))
      let failures = saver.finish(withinSeconds: 60)
      #expect(failures.count == 1)
      let told = opened(answers(mailbox))
      #expect(told.contains { if case .failed = $0 { true } else { false } })
      #expect(!told.contains { if case .told = $0 { true } else { false } })
      // A name that is taken is refused, and no failed save.
      let taken = folder + "/taken.json"
      try "x".write(toFile: taken, atomically: true, encoding: .utf8)
      #expect(take(saver, .saveWorkspace(.object([]), name: taken)))
      #expect(saver.finish(withinSeconds: 60) == failures)
      let words = opened(answers(mailbox)).compactMap {
        if case .failed(let problem) = $0 { problem.sentence } else { nil as String? }
      }
      #expect(words.count == 1 && words[0].contains("Choose another name."))
      #expect(take(saver, .saveWorkspace(.object([]), name: folder + "/s.json")))
      #expect(saver.finish(withinSeconds: 60) == [])
      let said = opened(answers(mailbox))
      #expect(said.contains { if case .told(let t) = $0 { t.contains("s.json") } else { false } })
      #expect(FileManager.default.fileExists(atPath: folder + "/s.json"))
    }
  }

  @Test func aMarkThatCannotBeKeptIsSaidAtTheEnd() throws {
    try withTemporaryFolder { folder in
      let file = folder + "/file"
      try "x".write(toFile: file, atomically: true, encoding: .utf8)
      let saver = saver(file + "/state", Mailbox())
      saver.open(imageSHA256: StateFileTests.hash)
      #expect(take(saver, .keepBook([mark("one")])))
      #expect(saver.finish(withinSeconds: 60).count == 1)
    }
  }

  @Test func marksOfAnImageThatCannotBeReadAreNotLostInSilence() {
    let saver = saver("/nonexistent", Mailbox())
    #expect(take(saver, .keepBook([mark("one")])))
    #expect(saver.finish(withinSeconds: 60).count == 1)
  }

  @Test func otherEffectsAreLeftToOthers() {
    let saver = saver("/nonexistent", Mailbox())
    for effect in [Effect.load, .motion, .cancel, .quit] {
      #expect(!take(saver, effect))
    }
  }
}

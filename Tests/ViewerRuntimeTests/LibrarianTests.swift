import Basics
import CellUI
import Foundation
import ImageFiles
import Imaging
import Records
import Reports
import Study
import TestSupport
import Testing
import Viewer
import ViewerRuntime

/// A folder of people from the walk to the picture, with real files.
@Suite struct LibrarianTests {
  /// Two people with a run each, one of them with SPECT, and a library that keeps nothing outside of the folder.
  private func withStudy(_ body: (String, StudyLibrary, SmallStudy) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let root = folder + "/study"
      for name in ["sub-1/func", "sub-2/func", "sub-2/spect"] {
        try FileManager.default.createDirectory(
          atPath: root + "/" + name, withIntermediateDirectories: true)
      }
      let files = SmallStudy(root)
      for n in 1...2 {
        _ = try files.run(
          "sub-\(n)/func/sub-\(n)_task-rest_space-MNI152NLin6Asym_desc-preproc_bold.nii", seed: n)
      }
      _ = try files.image("sub-2/spect/sub-2_ictal_space-MNI152NLin6Asym_spect.nii")
      var lines = ["framewise_displacement\ttrans_x"]
      for n in 0..<10 { lines.append(n == 0 ? "n/a\t0" : "\(n == 5 ? 0.9 : 0.1)\t0") }
      try lines.joined(separator: "\n").write(
        toFile: root + "/sub-1/func/sub-1_task-rest_desc-confounds_timeseries.tsv",
        atomically: true, encoding: .utf8)
      try body(
        root, StudyLibrary(keepsInStudy: true, cache: folder + "/cache"), files)
    }
  }

  @Test func headersAndMotionFillIn() throws {
    try withStudy { root, library, _ in
      let mailbox = Mailbox()
      let librarian = Librarian(library, mailbox: mailbox)
      let listed = answers(librarian, mailbox, .browse(root))
      guard
        case .people(let listing)? = listed.last(where: {
          if case .people = $0 { true } else { false }
        })
      else { return recorded("no people came") }
      #expect(listing.visits.map(\.subject) == ["sub-1", "sub-2"])
      // Nothing was read while listing.
      #expect(listing.visits.allSatisfy { !$0.summary.isRead && $0.summary.minutes == nil })
      let learnt = answers(librarian, mailbox, .learnVisits([0, 1], listing: 1))
      guard case .facts(let rows, _, _)? = learnt.last else { return recorded("no facts came") }
      let header = try ImageReader.describe(
        root + "/sub-1/func/sub-1_task-rest_space-MNI152NLin6Asym_desc-preproc_bold.nii")
      let seconds = Double(header.frameCount) * (header.headerRepetitionTimeSeconds ?? .nan)
      #expect(rows[0]?.minutes == seconds / 60)
      // One frame moved, and the four behind it are too short a piece: as --fd 0.5 counts.
      #expect(rows[0]?.minutesKept == 0.5 * seconds / 60)
      #expect(abs((rows[0]?.meanDisplacementMillimetres ?? 0) - (8 * 0.1 + 0.9) / 9) < 1e-12)
      #expect(rows[1]?.meanDisplacementMillimetres == nil)
      #expect(rows[1]?.isRegistered == true)
    }
  }

  /// What is laid in the place of a scan that is on screen was seen by nobody: nothing is said of it.
  @Test func aRatingIsOfWhatIsOnScreen() throws {
    try withStudy { root, library, files in
      let mailbox = Mailbox()
      let librarian = Librarian(library, mailbox: mailbox)
      _ = answers(librarian, mailbox, .browse(root))
      _ = try #require(librarian.opening(BrowserChoice(listing: 1, row: 0, carries: false)))
      let name = "sub-1/func/sub-1_task-rest_space-MNI152NLin6Asym_desc-preproc_bold.nii"
      try FileManager.default.removeItem(atPath: root + "/" + name)
      _ = try files.run(name, seed: 2)
      let told = answers(
        librarian, mailbox, .review(row: 0, listing: 1, rating: "doubtful", text: "a"))
      let problems = told.compactMap { message -> Problem? in
        if case .failed(let problem) = message { problem } else { nil }
      }
      #expect(problems.first?.sentence.contains("changed since it was opened") == true, "\(told)")
      #expect(try library.ratings(of: StudyPlace(root)).entries.isEmpty)
      // Opened again it is what is seen.
      _ = try #require(librarian.opening(BrowserChoice(listing: 1, row: 0, carries: false)))
      _ = answers(librarian, mailbox, .review(row: 0, listing: 1, rating: "doubtful", text: "a"))
      #expect(try library.ratings(of: StudyPlace(root)).entries.count == 1)
    }
  }

  /// The same bytes under two people's names are said when one of them is opened, and not in the list alone.
  @Test func bytesOfAnotherPersonAreSaidOnOpening() throws {
    try withStudy { root, library, files in
      let stem = "_task-rest_space-MNI152NLin6Asym_desc-preproc_bold.nii"
      try FileManager.default.removeItem(atPath: root + "/sub-2/func/sub-2" + stem)
      try FileManager.default.copyItem(
        atPath: root + "/sub-1/func/sub-1" + stem, toPath: root + "/sub-2/func/sub-2" + stem)
      let mailbox = Mailbox()
      let librarian = Librarian(library, mailbox: mailbox)
      _ = answers(librarian, mailbox, .browse(root))
      for n in 1...2 {
        let path = root + "/sub-\(n)/func/sub-\(n)" + stem
        library.learn(sha256: try sha256(ofFile: path), of: path)
      }
      _ = answers(librarian, mailbox, .learnVisits([0, 1], listing: 1))
      let opened = try #require(
        librarian.opening(BrowserChoice(listing: 1, row: 1, carries: false)))
      let said = opened.visit.request.told.filter { $0.code == Finding.sameBytes }
      #expect(said.count == 1 && said[0].text.contains("sub-1"), "\(opened.visit.request.told)")
    }
  }

  @Test func whatIsSaidIsFoundAgainAfterAMoveAndNotOfAnotherVersion() throws {
    try withStudy { root, library, files in
      let mailbox = Mailbox()
      let librarian = Librarian(library, mailbox: mailbox)
      _ = answers(librarian, mailbox, .browse(root))
      _ = answers(
        librarian, mailbox, .review(row: 0, listing: 1, rating: "bad", text: "=spikes\tand more"))
      _ = answers(librarian, mailbox, .review(row: 1, listing: 1, rating: nil, text: "a note"))
      let place = try StudyPlace(root)
      let found = try library.ratings(of: place)
      #expect(found.entries.map(\.entry.rating) == [.bad])
      #expect(found.entries.map(\.entry.subject) == ["sub-1"])
      let table = RatingsTable.tsv(found.entries).split(separator: "\n").map {
        $0.split(separator: "\t", omittingEmptySubsequences: false)
      }
      #expect(
        table[0] == [
          "subject", "session", "file", "sha256", "rating", "reason", "rater", "time",
          "lies_as_subject", "lies_as_session", "lies_as_file",
        ])
      #expect(table[1].count == 11)
      // No spreadsheet runs what somebody typed.
      #expect(table[1][5].hasPrefix("'=spikes"))
      // A copy elsewhere, for a program that knows nothing of it, is found by what the files hold.
      let copy = root + "-copy"
      try FileManager.default.copyItem(atPath: root, toPath: copy)
      let fresh = StudyLibrary(keepsInStudy: true, cache: root + "-cache2")
      #expect(try fresh.ratings(of: StudyPlace(copy)).entries.map(\.entry.rating) == [.bad])
      // So does the list, which has no cache of it either, and a person who was renamed.
      let unread = StudyLibrary(keepsInStudy: true, cache: root + "-cache3")
      let copied = unread.rows(of: try unread.listing(of: StudyPlace(copy)), readsAll: false).rows
      #expect(copied[0].known.rating == .bad && !copied[0].known.isSaidOfAnother)
      try FileManager.default.moveItem(atPath: copy + "/sub-1", toPath: copy + "/sub-7")
      let old = "sub-1_task-rest_space-MNI152NLin6Asym_desc-preproc_bold.nii"
      try FileManager.default.moveItem(
        atPath: copy + "/sub-7/func/" + old,
        toPath: copy + "/sub-7/func/" + old.replacingOccurrences(of: "sub-1", with: "sub-7"))
      let listing = try unread.listing(of: StudyPlace(copy))
      let renamed = try #require(
        unread.rows(of: listing, readsAll: true).rows.first { $0.subject == "sub-7" })
      #expect(renamed.known.rating == .bad && renamed.known.isSaidOfAnother)
      #expect(renamed.known.reason?.hasPrefix("as sub-1: ") == true)
      #expect(StudyPage.text(listing, [renamed]).contains("sub-7 rest: rated or noted as sub-1: "))
      let standing = try unread.ratings(of: StudyPlace(copy)).entries
      #expect(standing.map(\.entry.subject) == ["sub-1"] && standing.map(\.subject) == ["sub-7"])
      // Another content under the same name has no rating, and says whose it was.
      try FileManager.default.removeItem(
        atPath: root + "/sub-1/func/sub-1_task-rest_space-MNI152NLin6Asym_desc-preproc_bold.nii")
      _ = try files.run(
        "sub-1/func/sub-1_task-rest_space-MNI152NLin6Asym_desc-preproc_bold.nii", seed: 99)
      let changed = try library.ratings(of: place)
      #expect(changed.entries.isEmpty)
      #expect(changed.findings.map(\.code) == ["other-version"])
      let rows = library.rows(of: try library.listing(of: place), readsAll: true).rows
      #expect(rows[0].known.rating == nil)
      #expect(rows[0].known.isOtherVersion)
    }
  }

  @Test func openingHasTheFilesOfTheVisit() throws {
    try withStudy { root, library, _ in
      let mailbox = Mailbox()
      let librarian = Librarian(library, mailbox: mailbox)
      _ = answers(librarian, mailbox, .browse(root))
      let choice = BrowserChoice(listing: 1, row: 1, carries: false)
      let request = try #require(librarian.opening(choice)).visit.request
      #expect(
        request.bold == [
          root + "/sub-2/func/sub-2_task-rest_space-MNI152NLin6Asym_desc-preproc_bold.nii"
        ])
      #expect(request.spect == [root + "/sub-2/spect/sub-2_ictal_space-MNI152NLin6Asym_spect.nii"])
      #expect(librarian.opening(BrowserChoice(listing: 1, row: 77, carries: false)) == nil)
      // One file says whose folder it is, and which run is meant.
      let listed = answers(librarian, mailbox, .browse(request.spect[0]))
      guard
        case .people(let listing)? = listed.last(where: {
          if case .people = $0 { true } else { false }
        })
      else { return recorded("no people came") }
      // All of the study, with the person of the file.
      #expect(listing.visits.map(\.subject) == ["sub-1", "sub-2"])
      #expect(listing.asked == BrowserPlace(visit: 1, run: nil))
    }
  }

  @Test func whatIsSaidWhileAnotherFolderIsReadIsOfTheOneThatWasSeen() throws {
    try withStudy { root, library, files in
      let mailbox = Mailbox()
      let librarian = Librarian(library, mailbox: mailbox)
      _ = answers(librarian, mailbox, .browse(root))
      // Rows of the second folder have the same numbers.
      let other = root + "-other"
      try FileManager.default.createDirectory(
        atPath: other + "/sub-7/func", withIntermediateDirectories: true)
      _ = try SmallStudy(other).run("sub-7/func/sub-7_task-rest_bold.nii", seed: 3)
      _ = answers(librarian, mailbox, .browse(other))
      _ = answers(librarian, mailbox, .review(row: 0, listing: 1, rating: "bad", text: ""))
      #expect(try library.ratings(of: StudyPlace(root)).entries.map(\.entry.subject) == ["sub-1"])
      #expect(try library.ratings(of: StudyPlace(other)).entries.isEmpty)
      let gone = answers(librarian, mailbox, .review(row: 0, listing: 99, rating: "bad", text: ""))
      guard case .failed? = gone.last else { return recorded("nothing was refused") }
    }
  }

  @Test func twoPeopleWithTheSameBytesAreTwo() throws {
    try withStudy { root, library, _ in
      let name = "task-rest_space-MNI152NLin6Asym_desc-preproc_bold.nii"
      try FileManager.default.removeItem(atPath: root + "/sub-2/func/sub-2_" + name)
      try FileManager.default.copyItem(
        atPath: root + "/sub-1/func/sub-1_" + name, toPath: root + "/sub-2/func/sub-2_" + name)
      let mailbox = Mailbox()
      let librarian = Librarian(library, mailbox: mailbox)
      _ = answers(librarian, mailbox, .browse(root))
      _ = answers(librarian, mailbox, .review(row: 0, listing: 1, rating: "bad", text: "a"))
      let rows = library.rows(of: try library.listing(of: StudyPlace(root)), readsAll: true).rows
      #expect(rows.map(\.known.rating) == [.bad, nil])
      _ = answers(librarian, mailbox, .review(row: 1, listing: 1, rating: "good", text: ""))
      let found = try library.ratings(of: StudyPlace(root)).entries
      #expect(found.map(\.entry.rating) == [.bad, .good])
      // Who takes it back has said nothing.
      _ = answers(librarian, mailbox, .review(row: 0, listing: 1, rating: "none", text: ""))
      #expect(try library.ratings(of: StudyPlace(root)).entries.map(\.entry.rating) == [.good])
    }
  }

  @Test func aSidecarSaysTracerAndRole() throws {
    try withStudy { root, library, files in
      func rows(_ sidecar: String, of name: String) throws -> String {
        try sidecar.write(
          toFile: root + "/sub-2/spect/" + name + ".json", atomically: true, encoding: .utf8)
        let listing = try library.listing(of: StudyPlace(root))
        return JSON.object(
          StudyPage.result(listing, library.rows(of: listing, readsAll: true).rows)
        ).text
      }
      let stem = "sub-2_ictal_space-MNI152NLin6Asym_spect"
      #expect(try rows("{\"TracerName\": \"ECD\"}", of: stem).contains("\"tracer\": \"ECD\""))
      #expect(try rows("{\"TaskName\": \"ictal\"}", of: stem).contains("\"role\": \"ictal\""))
      // Two words for one scan are none.
      let both = try rows("{\"TaskName\": \"inter-ictal\"}", of: stem)
      #expect(!both.contains("\"role\": \"ictal\"") && !both.contains("\"role\": \"interictal\""))
      #expect(!(try rows("{", of: stem)).contains("\"tracer\": \"ECD\""))
    }
  }

  @Test func recordsThatCannotBeReadAreSaid() throws {
    try withStudy { root, library, _ in
      let mailbox = Mailbox()
      let librarian = Librarian(library, mailbox: mailbox)
      _ = answers(librarian, mailbox, .browse(root))
      _ = answers(librarian, mailbox, .review(row: 0, listing: 1, rating: "bad", text: ""))
      let folder = RecordsFolder.inStudy(root).path
      let file = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
      try Data("{".utf8).write(to: URL(filePath: folder + "/" + file))
      let place = try StudyPlace(root)
      #expect(try library.ratings(of: place).findings.map(\.code).contains("records-unreadable"))
      let rows = library.rows(of: try library.listing(of: place), readsAll: true)
      #expect(rows.findings.map(\.code).contains("records-unreadable"))
      #expect(try Data(contentsOf: URL(filePath: folder + "/" + file)) == Data("{".utf8))
    }
  }

  @Test func whatIsNotThereIsSaid() throws {
    try withStudy { root, library, _ in
      let mailbox = Mailbox()
      let librarian = Librarian(library, mailbox: mailbox)
      for path in [root + "/nothing", root + "/sub-9"] {
        let answer = answers(librarian, mailbox, .browse(path))
        guard case .failed(let problem)? = answer.last else {
          Issue.record("nothing was refused of \(path)")
          continue
        }
        #expect(problem.kind == .missingInput)
      }
    }
  }
}

/// Records what was missing; a closure that ends by it returns nothing.
private func recorded(_ words: String) { Issue.record(Comment(rawValue: words)) }

import Basics
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

/// What was opened or rated is told from what lies in its place now, and from copies with another person.
@Suite struct ReplacedFileTests {
  private func withWard(_ body: (StudyLibrary, SmallStudy) throws -> Void) throws {
    try withTemporaryFolder { folder in
      for name in ["Anna/visit1", "Bernd/visit1"] {
        try FileManager.default.createDirectory(
          atPath: folder + "/ward/" + name, withIntermediateDirectories: true)
      }
      let files = SmallStudy(folder + "/ward")
      _ = try files.run("Anna/visit1/rest_bold.nii")
      for name in ["Anna/visit1/spect.nii", "Anna/visit1/T1.nii"] { _ = try files.image(name) }
      _ = try files.image("Bernd/visit1/spect.nii") { Float($0.i + 2 * $0.j + 3) }
      try body(StudyLibrary(keepsInStudy: true, cache: folder + "/cache"), files)
    }
  }

  private func rows(_ library: StudyLibrary, _ files: SmallStudy) throws -> (
    rows: [StudyRow], findings: [Finding], text: String
  ) {
    let listing = try library.listing(of: StudyPlace(files.folder))
    let found = library.rows(of: listing, readsAll: true)
    return (found.rows, found.findings, StudyPage.text(listing, found.rows))
  }

  @Test func aScanThatWasReplacedAfterTheRatingIsNotGoodAsItIs() throws {
    try withWard { library, files in
      let mailbox = Mailbox()
      let librarian = Librarian(library, mailbox: mailbox)
      _ = answers(librarian, mailbox, .browse(files.folder))
      _ = answers(librarian, mailbox, .review(row: 0, listing: 1, rating: "good", text: ""))
      let before = try rows(library, files)
      #expect(before.rows[0].known.rating == .good && !before.rows[0].known.isOtherVersion)
      for name in ["spect.nii", "T1.nii"] {
        let path = files.folder + "/Anna/visit1/" + name
        try FileManager.default.removeItem(atPath: path)
        _ = try files.image("Anna/visit1/" + name) { Float(2 * $0.i + $0.k + name.count) }
      }
      for cache in ["", "-new"] {
        // A program that knows nothing of it, too: the rating holds what lay beside.
        let other =
          cache.isEmpty
          ? library : StudyLibrary(keepsInStudy: true, cache: files.folder + "/../cache" + cache)
        let after = try rows(other, files)
        #expect(after.rows[0].known.changed == ["T1.nii", "spect.nii"])
        #expect(after.rows[0].known.isOtherVersion)
        #expect(after.text.contains("good?≠"))
        #expect(after.text.contains("T1.nii, spect.nii: not what was opened or rated before"))
      }
    }
  }

  @Test func aScanThatWasOpenedAndReplacedIsTold() throws {
    try withWard { library, files in
      let path = files.folder + "/Bernd/visit1/spect.nii"
      library.learn(sha256: try sha256(ofFile: path), of: path)
      #expect(try rows(library, files).rows[1].known.changed.isEmpty)
      try FileManager.default.removeItem(atPath: path)
      // The same bytes again are the same scan.
      _ = try files.image("Bernd/visit1/spect.nii") { Float($0.i + 2 * $0.j + 3) }
      #expect(try rows(library, files).rows[1].known.changed.isEmpty)
      try FileManager.default.removeItem(atPath: path)
      _ = try files.image("Bernd/visit1/spect.nii") { Float($0.i + 2 * $0.j + 4) }
      #expect(try rows(library, files).rows[1].known.changed == ["spect.nii"])
      #expect(try rows(library, files).rows[0].known.changed.isEmpty)
    }
  }

  @Test func theSameBytesUnderTwoNamesAreToldOnce() throws {
    try withWard { library, files in
      let path = files.folder + "/Bernd/visit1/spect.nii"
      let copy = files.folder + "/Anna/visit1/spect_b.nii"
      try FileManager.default.copyItem(atPath: path, toPath: copy)
      library.learn(sha256: try sha256(ofFile: path), of: path)
      #expect(try rows(library, files).findings == [])
      library.learn(sha256: try sha256(ofFile: copy), of: copy)
      #expect(
        try rows(library, files).findings == [
          Finding(
            "same-bytes", .warning,
            "The same bytes lie under two people's names: Anna visit1, spect_b.nii; Bernd visit1, spect.nii."
          )
        ])
      // The list of the viewer says it beside both, whichever was looked at first.
      let mailbox = Mailbox()
      let librarian = Librarian(library, mailbox: mailbox)
      _ = answers(librarian, mailbox, .browse(files.folder))
      _ = answers(librarian, mailbox, .learnVisits([0], listing: 1))
      let learnt = answers(librarian, mailbox, .learnVisits([1], listing: 1))
      guard case .facts(let facts, _, _)? = learnt.last else {
        Issue.record("no facts came")
        return
      }
      #expect(facts[0]?.twins.first?.contains("Bernd visit1, spect.nii") == true)
      #expect(facts[1]?.twins.first?.contains("Anna visit1, spect_b.nii") == true)
    }
  }

  @Test func whatWasSaidOfAMisplacedCopyHasAnotherMark() throws {
    try withWard { library, files in
      let own = files.folder + "/Bernd/visit1/spect.nii"
      try FileManager.default.removeItem(atPath: files.folder + "/Anna/visit1/rest_bold.nii")
      try FileManager.default.removeItem(atPath: files.folder + "/Anna/visit1/spect.nii")
      try FileManager.default.copyItem(atPath: own, toPath: files.folder + "/Anna/visit1/spect.nii")
      let mailbox = Mailbox()
      let librarian = Librarian(library, mailbox: mailbox)
      _ = answers(librarian, mailbox, .browse(files.folder))
      _ = answers(librarian, mailbox, .review(row: 0, listing: 1, rating: "bad", text: "x"))
      library.learn(sha256: try sha256(ofFile: own), of: own)
      let found = try rows(library, files)
      #expect(found.rows[1].known.isSaidOfAnother)
      #expect(found.text.contains("(bad)") && found.text.contains("bad?"))
    }
  }
}

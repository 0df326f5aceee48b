import Basics
import Foundation
import ImageFiles
import Records
import Reports
import Study
import TestSupport
import Testing
import ViewerRuntime

/// What a list says of records that it cannot read.
@Suite struct ListedRecordsTests {
  @Test func damagedMarksAndRegistrationsAreSaid() throws {
    try withTemporaryFolder { folder in
      let root = folder + "/study"
      for name in ["sub-1/func", "sub-1/spect"] {
        try FileManager.default.createDirectory(
          atPath: root + "/" + name, withIntermediateDirectories: true)
      }
      let files = SmallStudy(root)
      let run = try files.run("sub-1/func/sub-1_task-rest_bold.nii", seed: 1)
      let spect = try files.image("sub-1/spect/sub-1_ictal_spect.nii")
      let library = StudyLibrary(keepsInStudy: true, cache: folder + "/cache")
      func findings() throws -> [Finding] {
        library.rows(of: try library.listing(of: StudyPlace(root)), readsAll: true).findings
      }
      for path in [run, spect] { library.learn(sha256: try sha256(ofFile: path), of: path) }
      #expect(try findings().isEmpty)
      let records = library.records(of: root)
      try FileManager.default.createDirectory(
        atPath: records.path, withIntermediateDirectories: true)
      for (kind, path) in [("marks", run), ("registered", spect)] {
        let name = "\(kind)-\(try sha256(ofFile: path).prefix(32)).json"
        try Data("{\"format\": 1, ".utf8).write(to: URL(filePath: records.path + "/" + name))
        #expect(
          try findings().contains { $0.code == "records-unreadable" && $0.file == name },
          "\(kind)")
      }
      #expect(try findings().count { $0.code == "records-unreadable" } == 2)
    }
  }

  /// Two people's folders of one day have one name, and may hold the same bytes by mistake: what was said of the one
  /// is not said of the other, whatever either is called.
  @Test func whatWasSaidOfANamesakesFileIsNotSaidOfThis() throws {
    try withTemporaryFolder { folder in
      let root = folder + "/ward"
      let files = SmallStudy(root)
      for name in ["Meier", "Schulz"] {
        try FileManager.default.createDirectory(
          atPath: "\(root)/\(name)/2024-01-15_X", withIntermediateDirectories: true)
      }
      let theirs = try files.image("Meier/2024-01-15_X/spect.nii")
      let other = root + "/Schulz/2024-01-15_X/spect.nii"
      try FileManager.default.copyItem(atPath: theirs, toPath: other)
      let library = StudyLibrary(keepsInStudy: true, cache: folder + "/cache")
      let hash = try sha256(ofFile: theirs)
      for path in [theirs, other] { library.learn(sha256: hash, of: path) }
      let records = library.records(of: root)
      _ = try reviewFile(of: hash, in: records).add(
        ReviewEntry(
          rating: .bad, text: "moved", subject: "2024-01-15_X", session: nil, file: "spect.nii",
          sha256: hash, place: sha256(of: Array(theirs.utf8))))
      let rows = library.rows(
        of: try library.listing(of: StudyPlace(root)), readsAll: true
      ).rows
      #expect(rows.map(\.family) == ["Meier", "Schulz"])
      #expect(rows.map(\.known.rating) == [.bad, .bad])
      #expect(rows.map(\.known.isSaidOfAnother) == [false, true])
      #expect(rows[1].known.reason == "as 2024-01-15_X in Meier: moved")
      #expect(try library.ratings(of: StudyPlace(root)).entries.count == 1)
    }
  }
}

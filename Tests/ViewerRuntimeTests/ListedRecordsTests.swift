import Basics
import Foundation
import ImageFiles
import Records
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
}

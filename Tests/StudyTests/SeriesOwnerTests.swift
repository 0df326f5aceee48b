import Foundation
import ImageFiles
import Study
import TestSupport
import Testing

/// Series of several people in one list say whose they are, by folders and letters, and are not opened together.
@Suite struct SeriesOwnerTests {
  private func series(
    _ folders: [(path: String, patient: (String, String))], below root: String = "",
    _ body: ([DICOMSeries], SeriesOwners) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      for (n, one) in folders.enumerated() {
        var phantom = DICOMPhantom()
        (phantom.modality, phantom.seriesNumber, phantom.patient) = ("MR", n + 1, one.patient)
        phantom.seriesUID += ".\(n)"
        try phantom.writeClassicMR(to: folder + "/" + one.path)
      }
      let root = folder + "/" + root
      let found = try DICOMFolder(root).series.sorted { ($0.number ?? 0) < ($1.number ?? 0) }
      try body(found, SeriesOwners(found, root: root))
    }
  }

  @Test func theFolderOfThePersonStandsBesideASeries() throws {
    // As a program leaves them that takes names away: alike for everybody.
    let nobody = ("anonymous", "")
    let two = [
      (path: "ward/Neu_Eva/DICOM/mr_0003", patient: nobody),
      (path: "ward/Weber_Carl/visit2/DICOM/mr_0004", patient: nobody),
    ]
    try series(two, below: "ward") { _, owners in
      #expect(owners.words == ["Neu_Eva", "Weber_Carl"])
      #expect(owners.people.map { $0?.subject } == ["Neu_Eva", "Weber_Carl"])
      #expect(owners.people.map { $0?.session } == [nil, "visit2"])
      #expect(owners.problem(opening: [0, 1]) != nil)
      #expect(owners.problem(opening: [1]) == nil)
    }
    // Whichever folder is opened, the person keeps the name.
    for root in ["ward/Weber_Carl", "ward/Weber_Carl/visit2/DICOM"] {
      try series(two, below: root) { _, owners in
        #expect(owners.words == [""])
        #expect(
          owners.people == [ListedPerson(subject: "Weber_Carl", session: "visit2")], "\(root)")
      }
    }
  }

  @Test func patientsOfOneFolderHaveLetters() throws {
    let (a, b) = (("A^A", "1"), ("B^B", "2"))
    try series([("x/SE1", a), ("x/SE2", b), ("x/SE3", a)], below: "x") { _, owners in
      #expect(owners.words == ["patient A", "patient B", "patient A"])
      #expect(owners.people.allSatisfy { $0?.subject.hasPrefix("patient ") == true })
      #expect(owners.words.joined().contains("^") == false)
      #expect(owners.problem(opening: [0, 2]) == nil)
      #expect(owners.problem(opening: [0, 1]) != nil)
    }
    try series([("x/SE1", a), ("x/SE2", a)], below: "x") { _, owners in
      #expect(owners.words == ["", ""])
    }
  }
}

package import Basics
package import ImageFiles

/// What a DICOM series is to a study, by its SOP class and its shape.
package enum SeriesRole: String, Sendable {
  case bold = "BOLD"
  case spect = "SPECT"
  case anatomy

  /// - Returns: nil for a series that cannot be opened.
  package init?(_ series: DICOMSeries) {
    guard let shape = series.shape else { return nil }
    self.init(series.kind, isTimed: shape[3] > 1)
  }

  package init?(_ kind: DICOMKind, isTimed: Bool) {
    switch kind {
    case .nuclear, .positron, .enhancedPositron: self = .spect
    case .magneticResonance, .enhancedMagneticResonance: self = isTimed ? .bold : .anatomy
    case .tomography, .enhancedTomography: self = .anatomy
    case .other: return nil
    }
  }
}

/// Series of one DICOM folder that are opened together.
package struct OpenedSeries: Sendable {
  package var request = StudyRequest()
  /// What was taken without being asked for, in words.
  package var notes: [String] = []

  /// - Throws: series that cannot be opened, of several patients, or two where one can be shown.
  package init(_ series: [DICOMSeries]) throws(Problem) {
    for one in series { if let problem = one.problem { throw problem } }
    guard let first = series.first else {
      throw Problem(.usage, "DICOM", "no series was chosen", expected: "at least one")
    }
    if let other = series.first(where: { $0.person.isAnother(than: first.person) }) {
      throw Problem(
        .data, other.words, "it is of another patient than \(first.words)",
        expected: "series of one patient")
    }
    for one in series {
      switch SeriesRole(one) {
      case .bold: request.bold.append(one.path)
      case .spect: request.spect.append(one.path)
      case .anatomy:
        guard request.anat == nil else {
          throw Problem(
            .usage, one.words, "another anatomy was chosen too", expected: "one anatomy")
        }
        request.anat = one.path
      case nil: break
      }
    }
    if request.bold.count > 1 {
      notes.append("of several runs the first is shown")
    }
  }
}

extension DICOMSeries {
  /// Its number, or its place among files where it has none.
  package var words: String { number.map { "series \($0)" } ?? "series \(uid)" }
}

extension DICOMFolder {
  /// The series that a person names by its UID or its number, exactly.
  package func series(named text: String) throws(Problem) -> DICOMSeries {
    let found = series.filter { $0.uid == text || $0.number.map { "\($0)" } == text }
    guard let one = found.first else {
      let numbers = series.prefix(20).map { $0.number.map { "\($0)" } ?? $0.uid }
      throw Problem(
        .usage, "--series", "\(visibleText(text, limit: 70)) is in none of its series",
        expected: numbers.isEmpty ? "a folder with DICOM" : numbers.joined(separator: ", "))
    }
    guard found.count == 1 else {
      throw Problem(
        .usage, "--series", "\(found.count) series have the number \(visibleText(text, limit: 20))",
        expected: "the UID of one",
        remedy: "`boldspect list --json` shows the UIDs")
    }
    return one
  }
}

/// What a folder is by its content.
package enum FolderContent: Sendable {
  case people
  case dicom
  /// People, and DICOM among their files.
  case both

  package init(_ listing: StudyListing) {
    let holds = DICOMFolder.holdsDICOM(listing.root)
    self = !holds ? .people : listing.people.isEmpty ? .dicom : .both
  }
}

/// Whether a file has the mark of DICOM.
package func isDICOMFile(_ path: String) -> Bool { DICOMFolder.isDICOMFile(path) }

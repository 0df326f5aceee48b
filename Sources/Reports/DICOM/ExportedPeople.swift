import Basics
import ImageFiles
import Imaging
import Records
import Study

/// Whose the images of an export are, against whose record they go to.
struct ExportedPeople {
  private let kept = KeptPeople()
  private let source: (mark: PersonMark, name: String)
  /// Why a person lets another one's images out.
  private let reason: String?

  init(_ source: ExportSource, _ path: String, reason: String?) throws(Problem) {
    self.source = (try kept.mark(source.patient, path: path), source.name)
    self.reason = reason
  }

  /// Refuses an image of another person than the source, unless a person typed why.
  ///
  /// - Parameter ancestors: what it was made of; a map names nobody, but what it was made of may have been taken over
  ///   from DICOM here.
  func admit(
    _ d: ImageDescription, _ ancestors: Set<String>, _ findings: inout [Finding]
  ) throws(Problem) -> PersonMark {
    let mark = try kept.mark(of: d, ancestors: ancestors)
    try admit([mark], name: d.name, &findings)
    return mark
  }

  /// The same of a place, by the image that it lies in and what that was made of.
  func admit(
    hashes: [String], name: String, _ findings: inout [Finding]
  ) throws(Problem) {
    var marks: [PersonMark] = []
    for hash in hashes {
      if let mark = try kept.stored(hash) { marks.append(mark) }
    }
    try admit(marks, name: name, &findings)
  }

  private func admit(
    _ marks: [PersonMark], name: String, _ findings: inout [Finding]
  ) throws(Problem) {
    guard marks.contains(where: { $0.isAnother(than: source.mark) }) else {
      if marks.allSatisfy({ $0.patient == nil }) {
        findings.append(
          Finding(
            "person-unknown", .warning,
            "Nothing here shows that it is of the patient of \(source.name): that is the word of who exports it.",
            file: name))
      }
      return
    }
    let found = "it, or what it was made of, is of another patient than \(source.name)"
    guard let reason else {
      throw Problem(
        .data, name, found, expected: "images of the person whose record it goes to",
        remedy: "If that is meant, say with --other-person why")
    }
    findings.append(
      Finding(
        "other-person", .warning, "\(found); it goes out by decision: \(reason)", file: name))
  }

  /// Refuses what nothing shows the origin of, while two images of the person are mirrored against each other.
  func requireUnblocked(_ person: PersonMark?, _ frame: SourceFrame, name: String) throws(Problem) {
    for hash in frame.knownHashes + frame.imported.flatMap({ $0.description.hashes }) {
      try SideLedger.requireUnblocked(hash, name: name, for: "an export")
    }
    try kept.requireUnblocked(
      [source.mark] + [person].compactMap { $0 }, name: name, for: "an export")
  }
}

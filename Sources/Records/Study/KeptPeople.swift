package import Basics
import Foundation
package import ImageFiles
import Imaging
package import Study

/// Whose an image is, in a form that says it only to who holds the secret that it was made with.
package struct PersonMark: Equatable, Sendable {
  /// What its DICOM header says.
  package var patient: DICOMPatient?
  /// Where the data set has the person's folder.
  package var folder: String?

  var isEmpty: Bool { patient == nil && folder == nil }

  /// Whether headers say that two images are of two people; folders are a person's own choice.
  package func isAnother(than other: PersonMark) -> Bool {
    guard let a = patient, let b = other.patient else { return false }
    return a.isAnother(than: b)
  }

  /// Whether something says that two images are of one person, and nothing that they are not.
  package func isSame(as other: PersonMark) -> Bool {
    if isAnother(than: other) { return false }
    if let a = patient, let b = other.patient, a.isSame(as: b) { return true }
    return folder != nil && folder == other.folder
  }
}

/// What is kept of whose images are, under their hashes: an image that was taken over from DICOM names nobody, and what
/// is made of it goes back into somebody's record.
package struct KeptPeople: Sendable {
  private let folder: RecordsFolder

  package init(_ folder: RecordsFolder = .own) { self.folder = folder }

  /// Thirty-two random bytes that never leave this folder; nil where it was not made yet.
  private var knownSecret: String? {
    let text = try? readTextFile(folder.path + "/person-secret")
    return text.flatMap { $0.count == 65 ? String($0.dropLast()) : nil }
  }

  private func madeSecret() throws(Problem) -> String {
    if let knownSecret { return knownSecret }
    try UserFolders.make(folder.path, for: "people", isShared: folder.isShared)
    var random = SystemRandomNumberGenerator()
    let digits = (0..<64).map { _ in String(Int.random(in: 0..<16, using: &random), radix: 16) }
    // Another process may have been faster; then its secret counts.
    try? AtomicFile.write(
      folder.path + "/person-secret", Array((digits.joined() + "\n").utf8), overwrite: false)
    guard let knownSecret else {
      let isThere = FileManager.default.fileExists(atPath: folder.path + "/person-secret")
      throw Problem(
        .inputOutput, "\(folder.path)/person-secret",
        isThere
          ? "what tells two people apart is damaged"
          : "what tells two people apart cannot be kept",
        expected: "64 hexadecimal digits and the end of the line",
        remedy: isThere
          ? "Put the file back from a backup; moved away, a new one is made, and whose images were is no longer known"
          : "Make room in that folder, or allow writing to it")
    }
    return knownSecret
  }

  /// What the files themselves say of an image.
  private static func mark(
    _ patient: DICOMPatient?, _ path: String, by secret: String
  ) -> PersonMark {
    PersonMark(
      patient: patient.flatMap { $0.isNobody ? nil : $0.keyed(by: secret) },
      folder: personFolder(ofPath: path).map { sha256(of: Array((secret + $0).utf8)) })
  }

  /// The folder of a person in a data set, whether a file lies among its derivatives or not.
  static func personFolder(ofPath path: String) -> String? {
    guard let subject = subjectLabel(ofPath: path) else { return nil }
    let parts = absolutePath(path).split(separator: "/").dropLast().map(String.init)
    let end =
      [parts.firstIndex(of: "derivatives"), parts.firstIndex(of: subject)]
      .compactMap { $0 }.min() ?? parts.count
    return "/" + (parts[..<end] + [subject]).joined(separator: "/")
  }

  /// Of a DICOM object that something is to be given the identity of.
  package func mark(_ patient: DICOMPatient, path: String) throws(Problem) -> PersonMark {
    Self.mark(patient, path, by: try madeSecret())
  }

  /// Whose an image is: by its header, by what was kept when it was taken over, or of what it was made of.
  package func mark(of d: ImageDescription, ancestors: Set<String>) throws(Problem) -> PersonMark {
    var mark = Self.mark(d.patient, d.path, by: try madeSecret())
    for hash in d.hashes + ancestors.sorted() where mark.patient == nil {
      mark.patient = try stored(hash)?.patient
    }
    return mark
  }

  private func file(of hash: String) -> StateFile<PersonMark> {
    StateFile(
      "person-\(hash.prefix(32))", in: folder.path, isShared: folder.isShared,
      StateForm(
        what: "people", member: "people",
        json: {
          .object([("patient", $0.patient?.json ?? .null), ("folder", .optional($0.folder))])
        },
        item: {
          PersonMark(patient: DICOMPatient($0["patient"]), folder: $0["folder"]?.asString)
        }, expected: "hashes", isSame: ==))
  }

  /// The newest that was kept of an image; nil where nothing was.
  ///
  /// - Throws: where something was kept and cannot be read: it may say that the image is another person's.
  package func stored(_ hash: String) throws(Problem) -> PersonMark? {
    guard FileManager.default.fileExists(atPath: "\(folder.path)/person-\(hash.prefix(32)).json")
    else { return nil }
    return try file(of: hash).stored().last
  }

  /// Keeps whose an image is; of one that says nothing of it nothing is kept.
  package func keep(
    _ patient: DICOMPatient?, path: String, sha256: String
  ) throws(Problem) {
    let mark = Self.mark(patient, path, by: try madeSecret())
    if !mark.isEmpty { try file(of: sha256).add(mark) }
  }

  /// A pair of a person's images that is mirrored and undecided.
  ///
  /// - Throws: where a record of whose one of them is cannot be read.
  package func blocking(
    _ person: PersonMark, in sides: KeptSides
  ) throws(Problem) -> JudgedSides? {
    for pair in sides.allBlocking {
      for hash in [pair.first, pair.second] {
        if try stored(hash)?.isSame(as: person) == true { return pair }
      }
    }
    return nil
  }

  /// Refuses what rests on the sides of images that nobody knows, while two of the person's are mirrored against each
  /// other: it may be made of one of them.
  package func requireUnblocked(
    _ people: [PersonMark], sides: KeptSides = KeptSides(), name: String, for what: String
  ) throws(Problem) {
    for person in people {
      guard let pair = try blocking(person, in: sides) else { continue }
      throw Problem(
        .data, name,
        "\(what) is blocked: nothing shows what it was made of, and of this person's images \(pair.first.prefix(12))… and \(pair.second.prefix(12))… (SHA-256) it was found: \(pair.words)",
        expected: "a result whose sidecar names what it was made of, or a decision about the pair",
        remedy:
          "Find out which of the two is wrong; if both are right, say why with `boldspect flipcheck --decide`"
      )
    }
  }
}

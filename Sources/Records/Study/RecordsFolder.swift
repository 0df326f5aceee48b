package import Basics
import Foundation
import Imaging
import Synchronization
import Targeting

/// Where what is kept of files lies, each under the hash of its file: the person's own state folder, or the study.
package struct RecordsFolder: Equatable, Sendable {
  package var path: String
  /// Whether other people of the study may read and write it, by the umask.
  package var isShared: Bool

  package init(path: String, isShared: Bool) {
    self.path = path
    self.isShared = isShared
  }

  package static var own: RecordsFolder { RecordsFolder(path: UserFolders.state, isShared: false) }

  package static func inStudy(_ root: String) -> RecordsFolder {
    RecordsFolder(path: root + "/derivatives/boldspect/records", isShared: true)
  }
}

/// What is kept of the files of a study, found by their hashes.
package struct StudyRecords: Sendable {
  private let folder: RecordsFolder
  private let names: Set<String>
  private let remembered = RememberedEntries()

  package init(_ folder: RecordsFolder) {
    self.folder = folder
    names = Set((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
  }

  package var isEmpty: Bool { names.isEmpty }

  private func has(_ kind: String, _ sha256: String) -> Bool {
    names.contains("\(kind)-\(sha256.prefix(32)).json")
  }

  /// What was said of a file; what cannot be read is nothing here, and put aside only when it is written anew.
  package func entries(of sha256: String) -> [ReviewEntry] {
    guard has("review", sha256) else { return [] }
    return ((try? reviewFile(of: sha256, in: folder).stored()) ?? []).filter {
      $0.sha256 == sha256
    }
  }

  /// What is kept of an image and cannot be read: ratings, marks and registrations that are passed over.
  package func damaged(of sha256: String) -> [Problem] {
    func problem(_ kind: String, _ read: () throws(Problem) -> Void) -> Problem? {
      guard has(kind, sha256) else { return nil }
      do throws(Problem) { try read() } catch {
        var told = error
        told.subject = "\(kind)-\(sha256.prefix(32)).json"
        return told
      }
      return nil
    }
    return [
      problem("review") { () throws(Problem) in
        _ = try reviewFile(of: sha256, in: folder).stored()
      },
      problem("marks") { () throws(Problem) in _ = try marksFile(of: sha256, in: folder).stored() },
      problem("registered") { () throws(Problem) in
        _ = try registrationFile(of: sha256, in: folder).stored()
      },
    ].compactMap { $0 }
  }

  /// How many targets were accepted and kept in an image, as this person's: another's file may hold the same bytes.
  package func targetsAccepted(of sha256: String, person: String?) -> Int {
    guard has("marks", sha256) else { return 0 }
    return (try? marksFile(of: sha256, in: folder).stored())?
      .count { $0.decision == .accepted && !$0.isOfAnother(than: person) } ?? 0
  }

  /// Whether something was said of a file with this name.
  package func speaks(ofFileNamed name: String) -> Bool {
    guard names.contains(where: { $0.hasPrefix("review-") }) else { return false }
    return remembered.byFile { allEntries() }[name] != nil
  }

  /// Whether neither ratings, notes nor marks are kept of any file.
  package var isSilent: Bool {
    !names.contains { $0.hasPrefix("review-") || $0.hasPrefix("marks-") }
  }

  /// Whether marks are kept that were made as this person's: only then is a whole file read to look for them.
  package func holdsMarks(of person: String?) -> Bool {
    guard let person else { return false }
    return remembered.people { markedPeople() }.contains(person)
  }

  private func markedPeople() -> Set<String> {
    var out: Set<String> = []
    for name in names where name.hasPrefix("marks-") && name.hasSuffix(".json") {
      let hash = String(name.dropFirst("marks-".count).dropLast(".json".count))
      out.formUnion(
        ((try? marksFile(of: hash, in: folder).stored()) ?? []).compactMap(\.person))
    }
    return out
  }

  /// The places that a person accepted for an image.
  package func registrations(of sha256: String) -> [KeptRegistration] {
    guard has("registered", sha256) else { return [] }
    return ((try? registrationFile(of: sha256, in: folder).stored()) ?? [])
      .filter { $0.transform.moving.sha256 == sha256 }
  }

  /// What was said of a file of this name and person that held something else, newest first: in its place, in this
  /// study before it was moved, or in records that lie in the study itself.
  ///
  /// - Parameters:
  ///   - place: the hash of the file's path.
  ///   - study: `studyMark` of the folder.
  package func ofAnotherVersion(
    place: String, study: String?, file: String, subject: String, session: String?, sha256: String
  ) -> [ReviewEntry] {
    guard names.contains(where: { $0.hasPrefix("review-") }) else { return [] }
    return (remembered.byFile { allEntries() }[file] ?? []).filter {
      $0.subject == subject && $0.session == session && $0.sha256 != sha256
        && ($0.place == place || folder.isShared || $0.study != nil && $0.study == study)
    }.sorted { $0.time > $1.time }
  }

  /// Every rating that is kept here.
  package func allEntries() -> [ReviewEntry] { read().entries }

  /// The files of ratings that cannot be read, in words.
  package var unreadable: [Problem] { read().problems }

  private func read() -> (entries: [ReviewEntry], problems: [Problem]) {
    var out: (entries: [ReviewEntry], problems: [Problem]) = ([], [])
    for name in names.sorted() where name.hasPrefix("review-") && name.hasSuffix(".json") {
      let hash = name.dropFirst("review-".count).dropLast(".json".count)
      do throws(Problem) {
        out.entries += try reviewFile(of: String(hash), in: folder).stored()
      } catch {
        var told = error
        told.subject = name
        out.problems.append(told)
      }
    }
    return out
  }
}

/// All that was said, by the files' names, and whose marks there are; each read once.
private final class RememberedEntries: Sendable {
  private let entries = Mutex<[String: [ReviewEntry]]?>(nil)
  private let marked = Mutex<Set<String>?>(nil)

  func people(_ read: () -> Set<String>) -> Set<String> {
    marked.withLock { known in
      if let known { return known }
      let all = read()
      known = all
      return all
    }
  }

  func byFile(_ read: () -> [ReviewEntry]) -> [String: [ReviewEntry]] {
    entries.withLock { known in
      if let known { return known }
      let all = Dictionary(grouping: read()) { $0.file }
      known = all
      return all
    }
  }
}

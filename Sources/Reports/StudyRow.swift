import Basics
import Imaging
package import Records
package import Study

/// One line of a list of people: a run of a visit, or a visit without one.
package struct StudyRow: Sendable {
  package var person: Int
  package var visit: Int
  package var subject: String
  package var session: String?
  package var bold: BOLDFile?
  package var spect: [SPECTFile]
  package var anat: Companion?
  package var targets: Int
  package var others: [String: Int]
  package var problems: [String]
  package var known = KnownOfRow()

  /// All rows of a listing, in its order.
  package static func all(_ listing: StudyListing) -> [StudyRow] {
    var out: [StudyRow] = []
    for (p, person) in listing.people.enumerated() {
      for (v, visit) in person.visits.enumerated() {
        let runs: [BOLDFile?] = visit.bold.isEmpty ? [nil] : visit.bold
        for run in runs {
          out.append(
            StudyRow(
              person: p, visit: v, subject: person.subject, session: visit.session, bold: run,
              spect: visit.spect, anat: run?.companion(.anat) ?? visit.anatomies.first,
              targets: visit.targets.count, others: visit.others,
              problems: visit.problems + (run?.problems ?? [])))
        }
      }
    }
    return out
  }
}

/// What is known of a row without opening it: read in the background, or kept from before.
package struct KnownOfRow: Equatable, Sendable {
  package var minutes: Double?
  /// Of them, those of frames whose displacement is small.
  package var minutesKept: Double?
  package var meanDisplacementMillimetres: Double?
  /// The hash of the run, or of the first SPECT where there is none, as it was when it was read last.
  package var sha256: String?
  /// Whether some SPECT was accepted over the run or the anatomy; nil where there is none.
  package var isRegistered: Bool?
  package var accepted = 0
  package var rating: Rating?
  package var reason: String?
  package var notes: [String] = []
  /// Whether header and confounds were looked at.
  package var isRead = false
  /// Whether the hash was found by size and time alone.
  package var isUnproven: Bool { sha256 != nil }
  /// Whether records are of another version of the file.
  package var isOtherVersion = false

  package init() {}
}

/// Finds out what is known of rows, and reads what is not.
package struct RowKnowledge: Sendable {
  private let book: FactBook
  private let records: StudyRecords

  package init(_ book: FactBook, _ records: StudyRecords) {
    self.book = book
    self.records = records
  }

  /// - Parameter reads: whether headers and confounds are read where they are not known; else only the files'
  ///   identities are looked at.
  package func known(of row: StudyRow, reads: Bool) -> KnownOfRow {
    var out = KnownOfRow()
    if let run = row.bold, !run.isAbsent, let identity = FileIdentity(run.path) {
      takeLength(of: run, identity, reads, &out)
      if let table = run.companion(.confounds), !table.isAbsent {
        takeMotion(of: table.path, reads, &out)
      }
      out.sha256 = book.facts(of: identity)?.sha256
    } else {
      out.isRead = true
    }
    takeRecords(of: row, &out)
    return out
  }

  private func takeLength(
    of run: BOLDFile, _ identity: FileIdentity, _ reads: Bool, _ out: inout KnownOfRow
  ) {
    var facts = book.facts(of: identity)
    if facts?.frames == nil, reads, let found = try? RunFacts.length(of: run.path) {
      var new = FileFacts()
      new.frames = found.frames
      new.repetitionTimeSeconds = found.repetitionTimeSeconds
      book.learn(new, of: identity)
      facts = book.facts(of: identity)
    }
    out.isRead = reads || facts?.frames != nil
    guard let frames = facts?.frames, let tr = facts?.repetitionTimeSeconds else { return }
    out.minutes = Double(frames) * tr / 60
  }

  private func takeMotion(of path: String, _ reads: Bool, _ out: inout KnownOfRow) {
    guard let identity = FileIdentity(path) else { return }
    var facts = book.facts(of: identity)
    if facts?.meanDisplacementMillimetres == nil, reads, let found = try? RunFacts.motion(in: path)
    {
      var new = FileFacts()
      new.meanDisplacementMillimetres = found.meanMillimetres
      new.keptShare = found.keptShare
      book.learn(new, of: identity)
      facts = book.facts(of: identity)
    }
    out.meanDisplacementMillimetres = facts?.meanDisplacementMillimetres
    if let share = facts?.keptShare, let minutes = out.minutes { out.minutesKept = share * minutes }
  }

  private func takeRecords(of row: StudyRow, _ out: inout KnownOfRow) {
    if let hash = out.sha256 {
      out.accepted = records.targetsAccepted(of: hash)
      let own = records.entries(of: hash)
      take(own, &out)
      if own.isEmpty, let run = row.bold {
        out.isOtherVersion = records.isOfAnotherVersion(
          file: run.path.split(separator: "/").last.map(String.init) ?? "", subject: row.subject,
          session: row.session, sha256: hash)
      }
    }
    guard !row.spect.isEmpty else { return }
    let hashes = row.spect.compactMap { one in
      FileIdentity(one.path).flatMap { book.facts(of: $0)?.sha256 }
    }
    let sameTemplate = row.spect.contains { $0.space?.hasPrefix("MNI152") ?? false }
    out.isRegistered =
      row.bold?.isMNI ?? false && sameTemplate
      || hashes.contains { hash in
        records.registrations(of: hash).contains { $0.transform.isAccepted == true }
      }
    if out.sha256 == nil, row.bold == nil, let hash = hashes.first {
      out.sha256 = hash
      take(records.entries(of: hash), &out)
    }
  }

  private func take(_ entries: [ReviewEntry], _ out: inout KnownOfRow) {
    let standing = standingRatings(entries).first
    out.rating = standing?.rating
    out.reason = standing?.text
    out.notes = entries.filter { $0.rating == nil }.sorted { $0.time > $1.time }.map(\.text)
  }
}

package import Basics
import ImageFiles
import Imaging
package import Records
package import Study

/// One line of a list of people: a run of a visit, or a visit without one.
package struct StudyRow: Sendable {
  package var person: Int
  package var visit: Int
  package var subject: String
  package var session: String?
  /// The data set's folder, where several have a person of this label.
  package var family: String?
  package var bold: BOLDFile?
  package var spect: [SPECTFile]
  package var anat: Companion?
  package var unknown: [String] = []
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
              person: p, visit: v, subject: person.subject, session: visit.session,
              family: person.family, bold: run,
              spect: visit.spect, anat: run?.companion(.anat) ?? visit.anatomies.first,
              unknown: visit.unknown,
              targets: visit.targets.count, others: visit.others,
              problems: visit.problems + (run?.problems ?? [])))
        }
      }
    }
    return out
  }
}

/// How a SPECT comes to lie over a run.
package enum RowRegistration: String, Sendable {
  case accepted
  /// Of several SPECTs not all.
  case partly = "accepted for some"
  /// Both say that they lie in MNI space; nobody compared them.
  case sameTemplate = "both MNI152"
  case missing = "no"
}

/// What is known of a row without opening it: read in the background, or kept from before.
package struct KnownOfRow: Equatable, Sendable {
  package var minutes: Double?
  /// Of them, those of frames whose displacement is small.
  package var minutesKept: Double?
  package var meanDisplacementMillimetres: Double?
  /// The hash of the run, or of the first SPECT where there is none, as it was when it was read last.
  package var sha256: String?
  /// How a SPECT lies over the run; nil where there is none.
  package var registration: RowRegistration?
  /// Whether what was said of it is kept and cannot be read.
  package var hidesRating: Bool { damaged.contains { $0.subject.hasPrefix("review-") } }
  /// Whether targets that were accepted in it are kept and cannot be read.
  package var hidesTargets: Bool { damaged.contains { $0.subject.hasPrefix("marks-") } }
  package var isRegistered: Bool? { registration.map { ![.missing, .partly].contains($0) } }
  /// Whether the run lies in MNI space, by name and header.
  package var isMNI = false
  /// SYNTHETIC PERSON or SIMULATED, where the header of the run, or else of a SPECT, says so.
  package var unmeasured: String?
  package var accepted = 0
  package var rating: Rating?
  package var reason: String?
  package var notes: [String] = []
  /// What sidecars say of the SPECT images, by their paths.
  package var sidecars: [String: RunFacts.Perfusion] = [:]
  /// Whether header and confounds were looked at.
  package var isRead = false
  /// Whether the hash was found by size and time alone.
  package var isUnproven: Bool { sha256 != nil }
  /// Whether the rating and the notes were said of the same bytes under another person's name.
  package var isSaidOfAnother = false
  /// Whether what is kept of the file could be looked for: without its hash it was not, where anything is kept.
  package var isLookedUp = true
  /// Whether records are of another version of the file.
  package var isOtherVersion = false
  /// Images of the visit that hold something else than when they were opened or rated, by their names.
  package var changed: [String] = []
  /// Hashes that images of the visit had when it was rated, by their places.
  var besideRating: [String: String] = [:]
  /// Hashes of the visit's images, as far as they are known, by their paths.
  package var hashes: [String: String] = [:]
  /// Which of them lie under another person's name too, in words.
  package var twins: [String] = []
  /// Marks and registrations that are kept of its images and cannot be read.
  package var damaged: [Problem] = []

  package init() {}
}

/// Finds out what is known of rows, and reads what is not.
package struct RowKnowledge: Sendable {
  private let book: FactBook
  private let records: StudyRecords
  /// `studyMark` of the folder.
  private let study: String?
  /// Whether nothing is known of any file, so that none need be looked at for it.
  private let knowsNothing: Bool
  private let namesakes: Namesakes

  /// - Parameter rows: all of the list.
  package init(
    _ book: FactBook, _ records: StudyRecords, study: String? = nil, of rows: [StudyRow]
  ) {
    self.book = book
    namesakes = Namesakes(rows)
    self.study = study
    knowsNothing = book.isEmpty
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
    takeOrigin(of: row, reads, &out)
    takeRecords(of: row, reads, &out)
    takeChanges(of: row, reads: reads, &out)
    return out
  }

  /// Whether a SPECT lies in MNI space, by its header where that may be read.
  private func isMNI(_ spect: SPECTFile, _ reads: Bool) -> Bool {
    guard let identity = FileIdentity(spect.path) else { return false }
    return header(of: spect.path, identity, reads)?.formCode.map {
      RunFacts.isMNI(spect.path, formCode: $0)
    }
      ?? (spect.space?.hasPrefix("MNI152") ?? false)
  }

  /// What is known of a header, which is read where that is allowed and something of it is not known.
  private func header(of path: String, _ identity: FileIdentity, _ reads: Bool) -> FileFacts? {
    let facts = book.facts(of: identity)
    guard reads, facts?.frames == nil || facts?.formCode == nil || facts?.origin == nil,
      let found = try? RunFacts.header(of: path)
    else { return facts }
    var new = FileFacts()
    (new.frames, new.formCode, new.origin) = (found.frames, found.formCode, found.origin)
    new.repetitionTimeSeconds = found.repetitionTimeSeconds
    book.learn(new, of: identity)
    return book.facts(of: identity)
  }

  /// What must stand beside a visit's name: the run's word, else that of the first SPECT that has one.
  private func takeOrigin(of row: StudyRow, _ reads: Bool, _ out: inout KnownOfRow) {
    guard out.unmeasured == nil, reads || !knowsNothing else { return }
    let words = row.spect.lazy.compactMap { one in
      FileIdentity(one.path).flatMap { header(of: one.path, $0, reads)?.origin?.word }
    }
    guard let word = words.first else { return }
    out.unmeasured = row.bold == nil ? word : "\(word) SPECT"
  }

  private func takeLength(
    of run: BOLDFile, _ identity: FileIdentity, _ reads: Bool, _ out: inout KnownOfRow
  ) {
    let facts = header(of: run.path, identity, reads)
    out.isRead = reads || facts?.frames != nil
    out.unmeasured = facts?.origin?.word
    out.isMNI = facts?.formCode.map { RunFacts.isMNI(run.path, formCode: $0) } ?? run.isMNI
    guard let frames = facts?.frames, let tr = facts?.repetitionTimeSeconds else { return }
    out.minutes = Double(frames) * tr / 60
  }

  private func takeMotion(of path: String, _ reads: Bool, _ out: inout KnownOfRow) {
    guard reads || !knowsNothing, let identity = FileIdentity(path) else { return }
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

  /// A copy, or a file whose time changed, is known by nothing but its bytes: it is read where something may be kept
  /// of it.
  private func readHash(of row: StudyRow) -> String? {
    guard let path = row.mainPath,
      records.speaks(ofFileNamed: fileName(path)) || records.holdsMarks(of: row.markedPerson),
      let identity = FileIdentity(path)
    else { return nil }
    return learntHash(of: path, identity)
  }

  private func learntHash(of path: String, _ identity: FileIdentity) -> String? {
    guard let hash = try? sha256(ofFile: path), identity == FileIdentity(path) else { return nil }
    var facts = FileFacts()
    facts.sha256 = hash
    book.learn(facts, of: identity)
    return hash
  }

  private func takeRecords(
    of row: StudyRow, _ reads: Bool, _ out: inout KnownOfRow
  ) {
    if out.sha256 == nil, row.bold == nil, reads || !knowsNothing, let path = row.mainPath {
      out.sha256 = FileIdentity(path).flatMap { book.facts(of: $0)?.sha256 }
    }
    if out.sha256 == nil, reads { out.sha256 = readHash(of: row) }
    out.isLookedUp = out.sha256 != nil || reads || records.isSilent || row.mainPath == nil
    if let hash = out.sha256, let path = row.mainPath {
      let name = fileName(path)
      out.accepted = records.targetsAccepted(of: hash, person: row.markedPerson)
      out.damaged = records.damaged(of: hash)
      let place = ReviewEntry.place(of: path)
      let own = records.entries(of: hash).filter { namesakes.other($0, than: row) == nil }
        .of(subject: row.subject, session: row.session, file: name, place: place)
      take(own, &out)
      if own.isEmpty {
        // Nothing was said of this person's: what was is of the same bytes under another name.
        let others = records.entries(of: hash)
        take(others, &out)
        if let first = standingRatings(others).first ?? others.first {
          out.isSaidOfAnother = true
          let words =
            namesakes.other(first, than: row)
            ?? [first.subject, first.session].compactMap { $0 }.joined(separator: " ")
          out.notes = out.notes.map { "\($0) (as \(words.isEmpty ? first.file : words))" }
          out.reason =
            "as \(words.isEmpty ? first.file : words)"
            + ((out.reason ?? "").isEmpty ? "" : ": \(out.reason ?? "")")
        }
        out.isOtherVersion = !records.ofAnotherVersion(
          place: place, study: study, file: name, subject: row.subject,
          session: row.session, sha256: hash
        ).isEmpty
      }
    }
    guard !row.spect.isEmpty else { return }
    if reads {
      for one in row.spect { out.sidecars[one.path] = RunFacts.perfusion(besides: one.path) }
    }
    let hashes = row.spect.compactMap { one in
      FileIdentity(one.path).flatMap { book.facts(of: $0)?.sha256 }
    }
    for hash in hashes where hash != out.sha256 { out.damaged += records.damaged(of: hash) }
    let accepted = hashes.count { hash in
      records.registrations(of: hash).contains { $0.transform.isAccepted == true }
    }
    // Of two scans one that lies where somebody laid it says nothing of the other.
    let count = row.spect.count { !$0.isAbsent && !$0.isStrangers }
    let isAccepted = accepted > 0 && accepted >= count
    let isSameTemplate =
      (row.bold == nil || out.isMNI) && row.spect.contains { !$0.isAbsent && isMNI($0, reads) }
    out.registration =
      isAccepted
      ? .accepted
      : accepted > 0 ? .partly : isSameTemplate ? .sameTemplate : .missing
  }

  /// Whether images of the visit are others than those that were opened, or that were there when it was rated.
  private func takeChanges(of row: StudyRow, reads: Bool, _ out: inout KnownOfRow) {
    guard reads || !knowsNothing else { return }
    for path in row.ratedPaths {
      guard let identity = FileIdentity(path) else { continue }
      let last = book.lastRead(at: path).flatMap { $0.identity == identity ? nil : $0 }
      var now = book.facts(of: identity)?.sha256
      out.hashes[path] = now
      let kept = out.besideRating[FactBook.place(of: path)]
      guard let before = kept ?? last?.sha256 else { continue }
      // Of one that was read before, another size says it; of the same size only its bytes do.
      let isOtherSize =
        last.map { $0.sha256 == before && $0.identity.size != identity.size } ?? false
      if now == nil, !isOtherSize, reads { now = learntHash(of: path, identity) }
      let name = fileName(path)
      if now.map({ $0 != before }) ?? isOtherSize, !out.changed.contains(name) {
        out.changed.append(name)
      }
    }
    out.isOtherVersion = out.isOtherVersion || !out.changed.isEmpty
  }

  private func take(_ entries: [ReviewEntry], _ out: inout KnownOfRow) {
    let standing = standingRatings(entries).first
    out.rating = standing?.rating
    out.reason = standing?.text
    out.besideRating = standing?.beside ?? [:]
    out.notes = entries.filter { $0.rating == nil }.sorted { $0.time > $1.time }.map(\.text)
  }
}

extension StudyRow {
  /// Whom marks of the row are kept of.
  var markedPerson: String? {
    mainPath.flatMap {
      personNamed(by: $0, listed: ListedPerson(subject: subject, session: session))
    }
  }

  /// The file that what is said of the row is kept of: the run, else the SPECT, else the anatomy.
  package var mainPath: String? {
    bold?.path ?? spect.first { !$0.isAbsent }?.path ?? anat?.path ?? unknown.first
  }

  /// Every file that a rating may be of.
  package var ratedPaths: [String] {
    [bold?.path, anat?.path].compactMap { $0 } + spect.map(\.path) + unknown
  }
}

extension StudyRow {
  /// As the name says it, else the sidecar; none where the two say different things.
  func role(of spect: SPECTFile) -> String? {
    spect.settledRole(sidecar: known.sidecars[spect.path]?.role)
  }

  func tracer(of spect: SPECTFile) -> String? {
    spect.tracer ?? known.sidecars[spect.path]?.tracer
  }
}

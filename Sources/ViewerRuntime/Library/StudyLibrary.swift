package import Basics
package import ImageFiles
package import Records
package import Reports
package import Study
import Synchronization

/// Lists folders of people, by their index where there is one, and knows what is kept of their files.
package final class StudyLibrary: Sendable {
  private let book: FactBook
  private let keepsInStudy: Bool
  private let cache: String
  private let walked = Mutex<IndexedStudy?>(nil)
  /// Beyond so many rows headers are read only where they are asked for.
  package static let fewRows = 200

  package init(keepsInStudy: Bool = false, cache: String = UserFolders.cache) {
    self.keepsInStudy = keepsInStudy
    self.cache = cache
    book = FactBook(folder: cache)
  }

  package func records(of root: String) -> RecordsFolder {
    keepsInStudy ? .inStudy(root) : .own
  }

  private func indexPath(_ root: String) -> String {
    "\(cache)/folders-\(sha256(of: Array(root.utf8)).prefix(32))"
  }

  /// Walks a folder, where nothing changed by its index, and puts people together.
  ///
  /// - Parameter wantsAll: whether a person who is asked for is looked at among all others.
  package func listing(
    of place: StudyPlace, wantsAll: Bool = false,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(Problem) -> StudyListing {
    let study = try IndexedStudy(
      place.root, index: indexPath(place.root), only: wantsAll ? nil : place.subject,
      walk: StudyFolder.walk(isCancelled: isCancelled))
    walked.withLock { $0 = study.isNew ? study : nil }
    let listing = study.listing
    if let subject = place.subject, !listing.people.contains(where: { $0.subject == subject }) {
      throw Problem(
        .missingInput, visibleText(subject), "nothing of this person is in the folder",
        expected: "images named \(visibleText(subject))_…")
    }
    return listing
  }

  /// Writes what was walked, so that the next list needs no walk; that it cannot be is no loss worth a word.
  package func keepIndex() {
    guard
      let study = walked.withLock({ walked in
        defer { walked = nil }
        return walked
      }), (try? UserFolders.make(cache, for: "the cache")) != nil
    else { return }
    try? study.keep(in: indexPath(study.listing.root))
  }

  /// Records that cannot be read, and those that lie where they are not looked for.
  private func recordFindings(_ records: StudyRecords, of root: String) -> [Finding] {
    var out = records.unreadable.map {
      Finding("records-unreadable", .warning, $0.sentence, file: $0.subject)
    }
    if !keepsInStudy, !StudyRecords(.inStudy(root)).isEmpty {
      out.append(
        Finding(
          "records-in-study", .note,
          "Records are kept in the study too (derivatives/boldspect/records); --keep-in-study shows those."
        ))
    }
    return out
  }

  /// Who was opened last in a folder: where the list begins the next time.
  package func lastOpened(in root: String) -> (subject: String, session: String?)? {
    guard let text = try? readTextFile(lastPath(root)) else { return nil }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return lines.count < 2 ? nil : (lines[0], lines[1])
  }

  package func keepLastOpened(_ subject: String, _ session: String?, in root: String) {
    guard !subject.contains("\n"), (try? UserFolders.make(cache, for: "the cache")) != nil else {
      return
    }
    try? AtomicFile.write(
      lastPath(root), Array("\(subject)\n\(session ?? "")\n".utf8), overwrite: true)
  }

  private func lastPath(_ root: String) -> String {
    "\(cache)/last-\(sha256(of: Array(root.utf8)).prefix(32))"
  }

  /// - Parameter rows: all of the folder's list.
  package func knowledge(of root: String, rows: [StudyRow]) -> RowKnowledge {
    RowKnowledge(book, StudyRecords(records(of: root)), study: studyMark(of: root), of: rows)
  }

  /// The hash of a file as it was read last.
  package func knownHash(of identity: FileIdentity) -> String? { book.facts(of: identity)?.sha256 }

  /// A file was read to its end: what is kept of it is found by this from now on.
  ///
  /// - Parameter isSeen: whether a person opened or rated it: another one in its place is then told.
  package func learn(sha256: String, of path: String, isSeen: Bool = true) {
    guard let identity = FileIdentity(path) else { return }
    var facts = FileFacts()
    facts.sha256 = sha256
    if isSeen { facts.place = FactBook.place(of: path) }
    book.learn(facts, of: identity)
  }

  /// The ratings that stand of the files of a folder.
  ///
  /// A file that is not known by its size and time is read where some rating is of one of its name: a study that
  /// was moved or copied keeps its ratings.
  package func ratings(
    of place: StudyPlace
  ) throws(Problem) -> (entries: [StandingRating], findings: [Finding]) {
    let listing = try listing(of: place)
    let records = StudyRecords(records(of: listing.root))
    let all = records.allEntries()
    let wanted = Dictionary(grouping: all) { $0.sha256 }
    let names = Set(all.map(\.file))
    let study = studyMark(of: listing.root)
    var out: [StandingRating] = []
    var findings = listing.findings + recordFindings(records, of: listing.root)
    var seen: Set<String> = []
    let rows = StudyRow.all(listing)
    let namesakes = Namesakes(rows)
    for row in rows {
      for path in row.ratedPaths where seen.insert(path).inserted {
        guard let identity = FileIdentity(path) else { continue }
        var hash = book.facts(of: identity)?.sha256
        if hash == nil, names.contains(fileName(path)) {
          hash = try sha256(ofFile: path)
          if let hash { learn(sha256: hash, of: path, isSeen: false) }
        }
        let said = (hash.flatMap { wanted[$0] } ?? [])
          .filter { namesakes.other($0, than: row) == nil }
        var own = said.of(
          subject: row.subject, session: row.session, file: fileName(path),
          place: ReviewEntry.place(of: path))
        // Of a person who was renamed: under the name that it was said of.
        if own.isEmpty { own = said }
        out += standingRatings(own).map {
          StandingRating(
            entry: $0, subject: row.subject, session: row.session, file: fileName(path))
        }.filter { !out.contains($0) }
        if own.isEmpty, let hash,
          let other = records.ofAnotherVersion(
            place: ReviewEntry.place(of: path), study: study, file: fileName(path),
            subject: row.subject, session: row.session, sha256: hash
          ).first(where: { $0.rating != nil })
        {
          findings.append(
            Finding(
              "other-version", .warning,
              "The rating of \(other.time.prefix(10)) belongs to another version of this file.",
              file: fileName(path)))
        }
      }
    }
    return (RatingsTable.sorted(out), findings)
  }

  /// The rows of a listing with what is known of them.
  ///
  /// - Parameter readsAll: whether headers and confounds of any number of runs are read.
  package func rows(
    of listing: StudyListing, readsAll: Bool
  ) -> (rows: [StudyRow], findings: [Finding]) {
    let rows = StudyRow.all(listing)
    let knowledge = knowledge(of: listing.root, rows: rows)
    let reads = readsAll || rows.count <= Self.fewRows
    let known = parallelMap(rows.count) { knowledge.known(of: rows[$0], reads: reads) }
    var out = rows
    var same = SameBytes()
    for n in out.indices {
      out[n].known = known[n]
      same.add(rows[n], known[n], at: n)
    }
    for n in out.indices { out[n].known.twins = same.words(ofRow: n, known[n]) }
    let twins = same.sentences.map { Finding("same-bytes", .warning, $0) }
    let unread = known.count { !$0.isRead }
    let damaged = known.flatMap(\.damaged).reduce(into: [Problem]()) { all, one in
      if !all.contains(one) { all.append(one) }
    }
    let told =
      recordFindings(StudyRecords(records(of: listing.root)), of: listing.root)
      + damaged.map {
        Finding("records-unreadable", .warning, $0.sentence, file: $0.subject)
      } + twins
    guard unread > 0 else { return (out, told) }
    return (
      out,
      told + [
        Finding(
          "facts-unread", .note,
          "Minutes and motion of \(unread) of \(rows.count) runs were not read; --facts reads them."
        )
      ]
    )
  }
}

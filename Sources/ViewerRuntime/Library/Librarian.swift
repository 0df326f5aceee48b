package import Basics
import Dispatch
import ImageFiles
package import Records
import Reports
package import Study
import Synchronization
package import Viewer

/// Carries out what the list of people asks for, on a queue of its own: walking, looking into headers, and keeping
/// what is said of a scan.
package final class Librarian: Sendable {
  /// One reading of a folder.
  private struct Reading {
    var listing: StudyListing
    var rows: [StudyRow] = []
    /// For each line of the list the rows of its runs; a visit without a run has one row.
    var visits: [[Int]] = []
    /// What was found out of its rows, and which images two people have.
    var known: [Int: KnownOfRow] = [:]
    var same = SameBytes()

    /// Takes what was found out, and returns it with what it shares with other people's, theirs too.
    mutating func take(_ new: [Int: KnownOfRow]) -> [Int: KnownOfRow] {
      var out = new
      for (n, one) in new.sorted(by: { $0.key < $1.key }) {
        known[n] = one
        for other in same.add(rows[n], one, at: n) { out[other] = known[other] }
      }
      for (n, one) in out { out[n]?.twins = same.words(ofRow: n, one) }
      return out
    }

    func row(_ number: Int) -> StudyRow? {
      let visit = -1 - number
      let n = number >= 0 ? number : visits.indices.contains(visit) ? visits[visit].first ?? -1 : -1
      return rows.indices.contains(n) ? rows[n] : nil
    }
  }

  private struct Shelf {
    /// The newest readings by their numbers: what is asked of an older one is never answered by a newer.
    var readings: [Int: Reading] = [:]
    var last = 0
    var failures: [Problem] = []
    /// The newest readings of DICOM folders by their numbers.
    var series: [Int: (folder: DICOMFolder, root: String)] = [:]
    /// Hashes that opening proved in this session, by path, and which file each path was when it was opened.
    var proven: [String: String] = [:]
    var opened: [String: FileIdentity] = [:]
  }

  private let library: StudyLibrary
  private let mailbox: Mailbox
  private let queue = DispatchQueue(label: "boldspect.library", qos: .userInitiated)
  private let shelf = Mutex(Shelf())
  private let pending = PendingWork()
  private let cancelled = Atomic<Int>(0)

  /// Whether the list begins where it was left; a script's picture must not depend on it.
  private let remembersLast: Bool

  package init(_ library: StudyLibrary, mailbox: Mailbox, remembersLast: Bool = true) {
    self.library = library
    self.remembersLast = remembersLast
    self.mailbox = mailbox
  }

  package var isBusy: Bool { !pending.isEmpty }

  /// Where marks, ratings and the like are kept.
  package var records: RecordsFolder {
    shelf.withLock { $0.readings[$0.last]?.listing.root }.map(library.records) ?? .own
  }

  package func cancel() { cancelled.add(1, ordering: .relaxed) }

  /// Takes a request about the folder.
  ///
  /// - Returns: false when it is another one's.
  package func take(_ request: Request) -> Bool {
    switch request.effect {
    // What was cancelled while it waited does not begin.
    case .browse(let path):
      let before = cancelled.load(ordering: .relaxed)
      enqueue(request) { try self.browse(path, $0, before) }
    case .browseSeries(let path):
      let before = cancelled.load(ordering: .relaxed)
      enqueue(request) { try self.browseSeries(path, $0, before) }
    case .learnVisits(let visits, let number):
      let before = cancelled.load(ordering: .relaxed)
      enqueue(request) { self.learn(visits, number, $0, before) }
    case .review(let row, let number, let rating, let text):
      enqueue(request) { try self.review(row, number, rating, text, $0) }
    default: return false
    }
    return true
  }

  private typealias Post = @Sendable (Message) -> Void

  private func enqueue(_ request: Request, _ body: @escaping @Sendable (Post) throws -> Void) {
    pending.begin()
    let post: Post = { [mailbox] message in
      mailbox.post(.answer(request.id, madeOf: nil, message))
    }
    queue.async { [self] in
      do { try body(post) } catch let problem as Problem {
        if case .review = request.effect { shelf.withLock { $0.failures.append(problem) } }
        if problem != .cancelled { post(.failed(problem)) }
      } catch {}
      post(.finished)
      pending.end()
      mailbox.wake()
    }
  }

  // MARK: - The folder

  private func browse(_ path: String, _ post: Post, _ before: Int) throws {
    if cancelled.load(ordering: .relaxed) != before { return }
    post(.progress("reading the folder", 0))
    let place = try StudyPlace(path)
    let listing = try library.listing(of: place, wantsAll: true) {
      self.cancelled.load(ordering: .relaxed) != before
    }
    let rows = StudyRow.all(listing)
    var visits: [[Int]] = []
    for (n, row) in rows.enumerated() {
      if n == 0 || rows[n - 1].person != row.person || rows[n - 1].visit != row.visit {
        visits.append([])
      }
      visits[visits.count - 1].append(n)
    }
    let number = shelf.withLock { shelf in
      shelf.last += 1
      shelf.readings[shelf.last] = Reading(listing: listing, rows: rows, visits: visits)
      shelf.readings[shelf.last - 3] = nil
      return shelf.last
    }
    var shown = BrowserListing(listing, rows, asked: place.file)
    let last =
      place.subject.map { ($0, place.session) }
      ?? (remembersLast ? library.lastOpened(in: listing.root) : nil)
    shown.number = number
    shown.lookAt = last.flatMap { last in
      shown.visits.firstIndex {
        $0.subject == last.0 && (last.1 == nil || $0.session ?? "" == last.1)
      }
    }
    let content = place.file == nil ? FolderContent(listing) : .people
    shown.hasDICOM = content == .both
    post(.people(shown))
    library.keepIndex()
    if content == .dicom { try browseSeries(listing.root, post, before) }
  }

  /// The headers, confounds and records of some visits, a few at a time so that the first are seen first.
  private func learn(_ visits: [Int], _ number: Int, _ post: Post, _ before: Int) {
    guard let reading = shelf.withLock({ $0.readings[number] }) else { return }
    let (listing, rows, all) = (reading.listing, reading.rows, reading.visits)
    let knowledge = library.knowledge(of: listing.root, rows: rows)
    let step = 24
    for start in stride(from: 0, to: visits.count, by: step) {
      if cancelled.load(ordering: .relaxed) != before { return }
      let some = visits[start..<min(visits.count, start + step)].filter(all.indices.contains)
      let numbers = some.flatMap { all[$0] }
      let known = parallelMap(numbers.count) { knowledge.known(of: rows[numbers[$0]], reads: true) }
      let new = Dictionary(zip(numbers, known), uniquingKeysWith: { first, _ in first })
      let told = shelf.withLock { $0.readings[number]?.take(new) ?? new }
      var facts: [Int: BrowserKnown] = [:]
      var ofVisits: [Int: BrowserKnown] = [:]
      for (row, one) in told {
        var found = BrowserKnown(one)
        found.roles = rows[row].spect.map {
          $0.settledRole(sidecar: one.sidecars[$0.path]?.role)
        }
        if let path = rows[row].mainPath, let hash = one.sha256 {
          found.isUnproven = one.isSaidOfAnother || shelf.withLock { $0.proven[path] } != hash
        }
        facts[row] = found
      }
      for visit in all.indices where all[visit].count == 1 {
        if let found = facts[all[visit][0]] { ofVisits[visit] = found }
      }
      post(.facts(facts, visits: ofVisits, listing: number))
    }
  }

  // MARK: - DICOM

  func isCancelled(since before: Int) -> Bool { cancelled.load(ordering: .relaxed) != before }

  /// Keeps what was read of a DICOM folder; returns the number of its list.
  func keep(_ folder: DICOMFolder, root: String) -> Int {
    shelf.withLock { shelf in
      shelf.last += 1
      shelf.series = [shelf.last: (folder, root)]
      return shelf.last
    }
  }

  func folder(ofList number: Int) -> (folder: DICOMFolder, root: String)? {
    shelf.withLock { $0.series[number] }
  }

  // MARK: - Opening

  /// The files of a visit as they are opened; nil when the list is another one by now.
  package func opening(
    _ choice: BrowserChoice
  ) -> (visit: OpenedVisit, records: RecordsFolder)? {
    let reading = shelf.withLock { $0.readings[choice.listing] }
    guard let reading, let row = reading.row(choice.row) else { return nil }
    let listing = reading.listing
    var changed: [Companion.Kind: String?] = [:]
    for (name, path) in choice.changed {
      if let kind = Companion.Kind(rawValue: name) {
        changed[kind] = .some(path.isEmpty ? nil : path)
      }
    }
    let visit = listing.people[row.person].visits[row.visit]
    // A visit is opened without what is named as another person's; a run that was chosen is meant.
    let isMeant = choice.row >= 0 || row.bold?.isStrangers != true
    var opened = OpenedVisit(
      visit, run: isMeant ? row.bold : nil, changed: changed, asked: choice.changed[askedFile])
    if let path = choice.changed[ChangeableCompanion.spect.rawValue] {
      opened.request.spect = path.isEmpty ? [] : [path]
    }
    opened.request.listed = ListedPerson(subject: row.subject, session: row.session)
    let identities = opened.request.imagePaths.map { ($0, FileIdentity($0)) }
    shelf.withLock { shelf in
      for (path, identity) in identities { shelf.opened[path] = identity }
    }
    opened.request.told += doubts(ofVisit: choice.row, reading)
    guard remembersLast else { return (opened, library.records(of: listing.root)) }
    queue.async { [library] in
      library.keepLastOpened(row.subject, row.session, in: listing.root)
    }
    return (opened, library.records(of: listing.root))
  }

  /// What the list knows against a visit's images: the bytes of another person, or others than were rated.
  private func doubts(ofVisit number: Int, _ reading: Reading) -> [Finding] {
    let visit = reading.visits.firstIndex { $0.contains(number) } ?? (-1 - number)
    guard reading.visits.indices.contains(visit) else { return [] }
    var out: [Finding] = []
    for n in reading.visits[visit] {
      guard let known = reading.known[n] else { continue }
      out += reading.same.words(ofRow: n, known).map {
        Finding(
          Finding.sameBytes, .warning,
          visibleText($0, limit: 300) + ": one of the two is not whose it seems.")
      }
      out += known.changed.map {
        Finding(
          "other-version", .warning, "It is not what was opened or rated before under this name.",
          file: $0)
      }
    }
    return out.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// Files were read to their ends: what is kept of them is proven to be theirs.
  package func learn(_ files: [(path: String, sha256: String)]) {
    queue.async { [self] in
      for file in files where !file.sha256.isEmpty {
        // What was replaced while it was read is another file by now.
        let before = shelf.withLock { $0.opened[file.path] }
        guard before == nil || before == FileIdentity(file.path) else { continue }
        library.learn(sha256: file.sha256, of: file.path)
        shelf.withLock { $0.proven[file.path] = file.sha256 }
      }
    }
  }

  // MARK: - What is said of a scan

  private func review(
    _ number: Int, _ listing: Int, _ rating: String?, _ text: String, _ post: Post
  ) throws(Problem) {
    let reading = shelf.withLock { $0.readings[listing] }
    guard let reading, let row = reading.row(number), let path = row.mainPath else {
      throw Problem(
        .data, "rating", "there is no file that it would be of", expected: "a scan in the list")
    }
    let visit = reading.visits.firstIndex { $0.contains(number) } ?? (-1 - number)
    try requireAsOpened(row.ratedPaths)
    let hash = try provenHash(of: path, post)
    let records = library.records(of: reading.listing.root)
    var entry = ReviewEntry(
      rating: rating.flatMap(Rating.init), text: text, subject: row.subject, session: row.session,
      file: fileName(path), sha256: hash, place: ReviewEntry.place(of: path))
    entry.beside = hashes(beside: path, of: row)
    entry.study = studyMark(of: reading.listing.root)
    let aside = try reviewFile(of: hash, in: records).add(entry)
    post(
      .told(
        "\(rating == "none" ? "no rating" : rating ?? "note") kept of \(visibleText(row.subject))"
          + (row.family.map { " in " + visibleText($0) } ?? "")
          + (row.session.map { " " + visibleText($0) } ?? "")
          + ", \(visibleText(fileName(path), limit: 60))"))
    if let aside { post(.failed(aside)) }
    learn([visit], listing, post, cancelled.load(ordering: .relaxed))
  }

  /// What is said of a scan is said of the picture on screen, and not of what was laid in its place since.
  private func requireAsOpened(_ paths: [String]) throws(Problem) {
    let opened = shelf.withLock { $0.opened }
    for path in paths {
      guard let before = opened[path], before != FileIdentity(path) else { continue }
      throw Problem(
        .data, fileName(path),
        "it was changed since it was opened, so what is said now would be of what nobody saw: nothing is kept",
        expected: "the file as it was opened; open it again to see what it holds now")
    }
  }

  /// Hashes of a visit's other images, which are small: what was rated is the visit as it was.
  private func hashes(beside path: String, of row: StudyRow) -> [String: String] {
    var out: [String: String] = [:]
    for other in row.ratedPaths where other != path {
      guard let identity = FileIdentity(other) else { continue }
      let hash = library.knownHash(of: identity) ?? (try? sha256(ofFile: other))
      guard let hash, identity == FileIdentity(other) else { continue }
      library.learn(sha256: hash, of: other)
      out[FactBook.place(of: other)] = hash
    }
    return out
  }

  /// What is kept is kept of what the file holds, so it is read to its end where that was not done.
  private func provenHash(of path: String, _ post: Post) throws(Problem) -> String {
    let before = FileIdentity(path)
    if before?.size == 0 {
      throw Problem(.data, fileName(path), "it is empty", expected: "a scan that can be rated")
    }
    if let known = shelf.withLock({ $0.proven[path] }),
      before.flatMap(library.knownHash) == known
    {
      return known
    }
    post(.progress("reading \(visibleText(fileName(path), limit: 60))", 0))
    let hash = try sha256(ofFile: path)
    guard let before, before == FileIdentity(path) else {
      throw Problem(
        .data, fileName(path), "it was replaced while it was read, so nothing is kept of it",
        expected: "a file that stays")
    }
    library.learn(sha256: hash, of: path)
    shelf.withLock { $0.proven[path] = hash }
    return hash
  }

  /// Waits until all is kept, and says what is not.
  package func finish(withinSeconds seconds: Double) -> [Problem] {
    cancel()
    let done = DispatchSemaphore(value: 0)
    queue.async { done.signal() }
    guard done.wait(timeout: .now() + seconds) == .success else {
      return [
        Problem(
          .inputOutput, "ratings and notes",
          "they were not kept within \(plainNumber(seconds)) s; the last may be missing")
      ]
    }
    return shelf.withLock { $0.failures }
  }
}

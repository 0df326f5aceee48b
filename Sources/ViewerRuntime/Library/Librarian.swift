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
  private struct Shelf {
    var listing: StudyListing?
    var rows: [StudyRow] = []
    /// For each line of the list the rows of its runs; a visit without a run has one row.
    var visits: [[Int]] = []
    var failures: [Problem] = []
    /// Hashes that opening proved in this session, by path.
    var proven: [String: String] = [:]
  }

  private let library: StudyLibrary
  private let mailbox: Mailbox
  private let queue = DispatchQueue(label: "boldspect.library", qos: .userInitiated)
  private let shelf = Mutex(Shelf())
  private let pending = PendingWork()
  private let cancelled = Atomic<Int>(0)

  package init(_ library: StudyLibrary, mailbox: Mailbox) {
    self.library = library
    self.mailbox = mailbox
  }

  package var isBusy: Bool { !pending.isEmpty }

  /// Where marks, ratings and the like are kept.
  package var records: RecordsFolder {
    library.records(of: shelf.withLock { $0.listing?.root } ?? "/")
  }

  package func cancel() { cancelled.add(1, ordering: .relaxed) }

  /// Takes a request about the folder.
  ///
  /// - Returns: false when it is another one's.
  package func take(_ request: Request) -> Bool {
    switch request.effect {
    case .browse(let path): enqueue(request) { try self.browse(path, request, $0) }
    case .learnVisits(let visits): enqueue(request) { self.learn(visits, $0) }
    case .review(let row, let rating, let text):
      enqueue(request) { try self.review(row, rating, text, $0) }
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

  private func browse(_ path: String, _ request: Request, _ post: Post) throws {
    let before = cancelled.load(ordering: .relaxed)
    post(.progress("reading the folder", 0))
    let place = try StudyPlace(path)
    let listing = try library.listing(of: place) {
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
    shelf.withLock { shelf in
      shelf.listing = listing
      shelf.rows = rows
      shelf.visits = visits
    }
    post(.people(BrowserListing(listing, rows, asked: place.file)))
    library.keepIndex()
  }

  /// The headers, confounds and records of some visits, a few at a time so that the first are seen first.
  private func learn(_ visits: [Int], _ post: Post) {
    let (listing, rows, all) = shelf.withLock { ($0.listing, $0.rows, $0.visits) }
    guard let listing else { return }
    let before = cancelled.load(ordering: .relaxed)
    let knowledge = library.knowledge(of: listing.root)
    let step = 24
    for start in stride(from: 0, to: visits.count, by: step) {
      if cancelled.load(ordering: .relaxed) != before { return }
      let some = visits[start..<min(visits.count, start + step)].filter(all.indices.contains)
      let numbers = some.flatMap { all[$0] }
      let known = parallelMap(numbers.count) { knowledge.known(of: rows[numbers[$0]], reads: true) }
      var facts: [Int: BrowserKnown] = [:]
      var ofVisits: [Int: BrowserKnown] = [:]
      for (n, row) in numbers.enumerated() {
        var found = BrowserKnown(known[n])
        if let path = rows[row].mainPath, let hash = known[n].sha256 {
          found.isUnproven = shelf.withLock { $0.proven[path] } != hash
        }
        facts[row] = found
      }
      for visit in some where all[visit].count == 1 { ofVisits[visit] = facts[all[visit][0]] }
      post(.facts(facts, visits: ofVisits))
    }
  }

  // MARK: - Opening

  /// The files of a visit as they are opened; nil when the list is another one by now.
  package func request(for choice: BrowserChoice) -> StudyRequest? {
    shelf.withLock { shelf in
      guard let listing = shelf.listing, let row = row(choice.row, shelf) else { return nil }
      let visit = listing.people[row.person].visits[row.visit]
      var changed: [Companion.Kind: String?] = [:]
      for (name, path) in choice.changed {
        if let kind = Companion.Kind(rawValue: name) {
          changed[kind] = .some(path.isEmpty ? nil : path)
        }
      }
      return OpenedVisit(visit, run: row.bold, changed: changed).request
    }
  }

  private func row(_ number: Int, _ shelf: Shelf) -> StudyRow? {
    let n =
      number >= 0
      ? number
      : shelf.visits.indices.contains(-1 - number)
        ? shelf.visits[-1 - number].first ?? -1 : -1
    return shelf.rows.indices.contains(n) ? shelf.rows[n] : nil
  }

  /// Files were read to their ends: what is kept of them is proven to be theirs.
  package func learn(_ files: [(path: String, sha256: String)]) {
    queue.async { [self] in
      for file in files where !file.sha256.isEmpty {
        library.learn(sha256: file.sha256, of: file.path)
        shelf.withLock { $0.proven[file.path] = file.sha256 }
      }
    }
  }

  // MARK: - What is said of a scan

  private func review(
    _ number: Int, _ rating: String?, _ text: String, _ post: Post
  ) throws(Problem) {
    let row: StudyRow? = shelf.withLock { self.row(number, $0) }
    let visit: Int = shelf.withLock { shelf in
      shelf.visits.firstIndex { $0.contains(number) } ?? (-1 - number)
    }
    guard let row, let path = row.mainPath else {
      throw Problem(.data, "rating", "there is no file that it would be of")
    }
    // What is kept is kept of what the file holds, so it is read to its end where that was not done.
    let known = shelf.withLock { $0.proven[path] }
    let hash: String
    if let known {
      hash = known
    } else {
      post(.progress("reading \(visibleText(fileName(path), limit: 60))", 0))
      hash = try sha256(ofFile: path)
      library.learn(sha256: hash, of: path)
      shelf.withLock { $0.proven[path] = hash }
    }
    let entry = ReviewEntry(
      rating: rating.flatMap(Rating.init), text: text, subject: row.subject, session: row.session,
      file: fileName(path), sha256: hash)
    let aside = try reviewFile(of: hash, in: records).add(entry)
    post(
      .told(
        "\(rating ?? "note") kept of \(visibleText(row.subject))"
          + (row.session.map { " " + visibleText($0) } ?? "")
          + ", \(visibleText(fileName(path), limit: 60))"))
    if let aside { post(.failed(aside)) }
    learn([visit], post)
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

extension StudyRow {
  /// The file that what is said of the row is kept of: the run, else the SPECT, else the anatomy.
  var mainPath: String? {
    bold?.path ?? spect.first { !$0.isAbsent }?.path ?? anat?.path
  }

  /// Every file that a rating may be of.
  var ratedPaths: [String] { [bold?.path, anat?.path].compactMap { $0 } + spect.map(\.path) }
}

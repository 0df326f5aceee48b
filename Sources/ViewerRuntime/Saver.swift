package import Basics
import Dispatch
import ImageFiles
import Imaging
package import Records
import Reports
package import Study
import Synchronization
import Targeting
package import Viewer
import Workflows

/// Writes what a person wants kept, on a queue of its own: it never waits behind what is being computed.
///
/// What it tells was written before it is told. A save that failed is remembered until the same thing was
/// saved after all, so that leaving can say it again.
package final class Saver: Sendable {
  /// What the queue alone touches.
  struct Desk {
    var material: SavingMaterial?
    var marks: StateFile<TargetRecord>?
    var places: StateFile<Bookmark>?
    var typed: StateFile<String>?
    /// The hash of the image that all of them are of.
    var image: String?
    /// What came before it was known which image it belongs to.
    var waitingMarks: [TargetRecord]?
    var waitingPlaces: [Bookmark]?
    /// Likeness of one SPECT, for the figures of its transform.
    var meter: (spect: Int, meter: LikenessMeter)?
    var failures: [(key: String, problem: Problem)] = []
  }

  private let mailbox: Mailbox
  private let pending: PendingWork
  private let request: StudyRequest
  let keepsMarks: Bool
  /// Where marks, bookmarks and the like are; typed commands are the person's own.
  let records: RecordsFolder
  private let remembersView: Bool
  private var ownFolder: String { records.isShared ? UserFolders.state : records.path }
  private let queue = DispatchQueue(label: "boldspect.save", qos: .userInitiated)
  private let desk = Mutex(Desk())
  /// The request that what earlier sessions left answers.
  private let recalling = Mutex<RequestID?>(nil)
  /// Whether the model has taken what earlier sessions left: until then a list of its own leaves out what it
  /// never saw, not what was removed.
  private let known = Mutex<(marks: Bool, places: Bool, typed: Bool)>((false, false, false))

  /// - Parameter keepsMarks: whether marks outlive the session; a script's picture must not depend on them.
  package init(
    _ request: StudyRequest, mailbox: Mailbox, pending: PendingWork, keepsMarks: Bool,
    records: RecordsFolder = .own, remembersView: Bool = false
  ) {
    self.records = records
    self.remembersView = remembersView
    self.request = request
    self.mailbox = mailbox
    self.pending = pending
    self.keepsMarks = keepsMarks
  }

  // MARK: - What is asked for

  /// An image is known: what earlier sessions left on it is read, and told, once.
  package func open(imageSHA256 hash: String) {
    guard keepsMarks else { return }
    enqueue { desk, post in self.open(&desk, imageSHA256: hash, post) }
  }

  /// The files are loaded.
  ///
  /// - Parameter hash: of the image that marks belong to; nil where none was read.
  package func take(_ material: SavingMaterial, imageSHA256 hash: String?) {
    enqueue { desk, _ in desk.material = material }
    if let hash { open(imageSHA256: hash) }
    enqueue { _, _ in self.endRecall() }
  }

  /// What earlier sessions left comes as the answers to this.
  private func recall(_ request: Request) {
    recalling.withLock { $0 = request.id }
    guard keepsMarks else { return endRecall() }
    // Lines that were typed in earlier sessions.
    enqueue { desk, post in
      // That they cannot be read is no loss worth a word.
      let file = StateFile<String>.typedCommands(in: self.ownFolder)
      desk.typed = file
      let lines = (try? file.recovered()) ?? []
      if !lines.isEmpty { post(.typed(lines)) }
    }
  }

  private func endRecall() {
    guard let id = recalling.withLock({ $0 }) else { return }
    mailbox.post(.answer(id, madeOf: nil, .finished))
  }

  /// Keeps how the image was looked at; that it cannot be kept is no loss worth a word.
  package func keepView(_ state: JSON?) {
    guard keepsMarks, let state else { return }
    enqueue { desk, _ in
      guard let hash = desk.image else { return }
      _ = try? viewFile(of: hash, in: self.records).keep([state])
    }
  }

  /// Keeps typed commands at the end; that they cannot be kept is no loss worth a word.
  package func keepTyped(_ lines: [String]) {
    guard keepsMarks, !lines.isEmpty else { return }
    let isKnown = known.withLock { $0.typed }
    enqueue { desk, _ in
      let file = desk.typed ?? .typedCommands(in: self.ownFolder)
      _ = try? file.keep(lines.map { visibleText($0) }, knowsRead: isKnown)
    }
  }

  /// The model has taken an answer; its lists hold what the answer brought from now on.
  package func hasTaken(_ message: Message) {
    // Only what this session recalled: an answer of the person before says nothing of this one.
    guard case .answer(let id, _, let answer) = message, id == recalling.withLock({ $0 }) else {
      return
    }
    switch answer {
    case .recovered: known.withLock { $0.marks = true }
    case .bookmarks: known.withLock { $0.places = true }
    case .typed: known.withLock { $0.typed = true }
    default: break
    }
  }

  /// Takes a request that saves something; what is saved is what was shown when it was asked for.
  ///
  /// - Returns: false when it is another one's.
  package func take(_ request: Request) -> Bool {
    switch request.effect {
    case .recall: recall(request)
    case .keepBook(let records): keepBook(request, records)
    case .keepBookmarks(let marks): keepBookmarks(request, marks)
    case .save(let records, let name): save(request, records, name)
    case .saveWorkspace(let state, let name): saveWorkspace(request, state, name)
    case .saveChart(let chart, let name): saveChart(request, chart, name)
    case .savePicture(let figure, let name): savePicture(request, figure, name)
    case .keepTransform(let spect, let place, let maker, let name, let doubts):
      keepTransform(request, spect, place, by: maker, name, doubts)
    default: return false
    }
    return true
  }

  /// Waits until all is written, and says what is not.
  package func finish(withinSeconds seconds: Double) -> [Problem] {
    enqueue { desk, post in
      guard desk.waitingMarks != nil || desk.waitingPlaces != nil else { return }
      // Somebody left before the image was read: its hash is still needed for the name.
      self.attempt(&desk, "marks", post) { (desk) throws(Problem) in
        self.open(&desk, imageSHA256: try self.imageSHA256(), post)
      }
    }
    let done = DispatchSemaphore(value: 0)
    queue.async { done.signal() }
    guard done.wait(timeout: .now() + seconds) == .success else {
      return [
        Problem(
          .inputOutput, "saving",
          "it was not done within \(plainNumber(seconds)) s; what was saved last may be missing")
      ]
    }
    return desk.withLock { $0.failures.map(\.problem) }
  }

  // MARK: - What is done

  typealias Post = @Sendable (Message) -> Void

  /// - Parameter request: that is answered; nil where what earlier sessions left is told.
  func enqueue(
    _ request: Request? = nil, _ body: @escaping @Sendable (inout Desk, Post) -> Void
  ) {
    pending.begin()
    queue.async { [self] in
      let id = request?.id ?? recalling.withLock { $0 }
      let post: Post = { [mailbox] message in
        if let id { mailbox.post(.answer(id, madeOf: nil, message)) }
      }
      desk.withLock { body(&$0, post) }
      if request != nil { post(.finished) }
      pending.end()
      mailbox.wake()
    }
  }

  /// Does something that can fail, and remembers whether it did.
  func attempt(
    _ desk: inout Desk, _ key: String, _ post: Post, _ body: (inout Desk) throws(Problem) -> Void
  ) {
    do throws(Problem) {
      try body(&desk)
      desk.failures.removeAll { $0.key == key }
    } catch {
      desk.failures.removeAll { $0.key == key }
      desk.failures.append((key, error))
      post(.failed(error))
    }
  }

  /// Refuses what cannot be meant, which is no failed save: nothing was attempted.
  func refused(_ post: Post, _ check: () throws(Problem) -> Void) -> Bool {
    do throws(Problem) {
      try check()
      return false
    } catch {
      var told = error
      // Nothing is replaced from within the viewer.
      if told.remedy?.contains("--force") == true { told.remedy = "Choose another name" }
      post(.failed(told))
      return true
    }
  }

  /// Whether one of these files is there already or has no folder; what is wrong is said.
  func isTaken(_ paths: [String], _ post: Post) -> Bool {
    refused(
      post,
      { () throws(Problem) in
        for path in paths {
          try checkFolder(of: path)
          try AtomicFile.checkFree(path, overwrite: false)
        }
      })
  }

  private func open(_ desk: inout Desk, imageSHA256 hash: String, _ post: Post) {
    guard desk.marks == nil else { return }
    let marks = marksFile(of: hash, in: records)
    let places = bookmarksFile(of: hash, in: records)
    (desk.marks, desk.places, desk.image) = (marks, places, hash)
    do throws(Problem) {
      let records = try marks.recovered()
      if !records.isEmpty { post(.recovered(records)) }
    } catch { post(.failed(error)) }
    do throws(Problem) {
      let found = try places.recovered()
      if !found.isEmpty { post(.bookmarks(found)) }
    } catch { post(.failed(error)) }
    if remembersView, let last = try? viewFile(of: hash, in: records).stored().last {
      post(.lastView(last))
    }
    if let waiting = desk.waitingMarks { keep(&desk, waiting, knowsRead: false, post) }
    if let waiting = desk.waitingPlaces { keep(&desk, waiting, knowsRead: false, post) }
    (desk.waitingMarks, desk.waitingPlaces) = (nil, nil)
  }

  private func keepBook(_ request: Request, _ records: [TargetRecord]) {
    guard keepsMarks else { return enqueue(request) { _, _ in } }
    let isKnown = known.withLock { $0.marks }
    enqueue(request) { desk, post in self.keep(&desk, records, knowsRead: isKnown, post) }
  }

  private func keep(_ desk: inout Desk, _ records: [TargetRecord], knowsRead: Bool, _ post: Post) {
    guard let file = desk.marks else { return desk.waitingMarks = records }
    attempt(&desk, "marks", post) { (_) throws(Problem) in
      let kept = (try? file.stored()) ?? []
      let records = TargetRecord.decided(records, by: .now(), kept: kept)
      if let aside = try file.keep(records, knowsRead: knowsRead) { post(.failed(aside)) }
      post(.keptMarks(records))
    }
  }

  private func keepBookmarks(_ request: Request, _ marks: [Bookmark]) {
    guard keepsMarks else { return enqueue(request) { _, _ in } }
    let isKnown = known.withLock { $0.places }
    enqueue(request) { desk, post in self.keep(&desk, marks, knowsRead: isKnown, post) }
  }

  private func keep(_ desk: inout Desk, _ marks: [Bookmark], knowsRead: Bool, _ post: Post) {
    guard let file = desk.places else { return desk.waitingPlaces = marks }
    attempt(&desk, "bookmarks", post) { (_) throws(Problem) in
      if let aside = try file.keep(marks, knowsRead: knowsRead) { post(.failed(aside)) }
    }
  }

  private func save(_ request: Request, _ records: [TargetRecord], _ name: String) {
    let file = name + ".tsv"
    let shown = request.shown
    enqueue(request) { desk, post in
      guard let report = shown.targets, let material = desk.material,
        let inputs = material.targetInputs
      else {
        return post(
          .failed(Problem(.data, name, "there is no report that these targets are of")))
      }
      guard
        !self.refused(
          post,
          { () throws(Problem) in
            try TargetFiles.check(file, overwrite: false)
          })
      else { return }
      let places = records.map { millimetres($0.point) }.joined(separator: ";")
      self.attempt(&desk, "target \(places)", post) { (_) throws(Problem) in
        try TargetFiles.write(
          TargetRecord.decided(records, by: .now()), report, space: material.space, inputs: inputs,
          findings: material.findings,
          coil: coilLines(records, shown.coil), to: file, overwrite: false)
        post(.saved(placeWords([".tsv", ".json", ".txt"].map { name + $0 })))
      }
    }
  }

  private func saveWorkspace(_ asked: Request, _ state: JSON, _ name: String) {
    enqueue(asked) { desk, post in
      guard !self.isTaken([name], post) else { return }
      post(.progress("saving the workspace", 0))
      self.attempt(&desk, "workspace", post) { (_) throws(Problem) in
        try Workspace.write(state, request: self.request, to: name)
        post(
          .told("\(savedWords([name])); boldspect view --workspace \(fileName(name)) opens it"))
      }
    }
  }

  private func savePicture(_ request: Request, _ figure: ScreenFigure, _ name: String) {
    enqueue(request) { desk, post in
      guard !self.isTaken([name], post) else { return }
      self.attempt(&desk, "picture \(name)", post) { (_) throws(Problem) in
        let bytes = try PictureSheet.png(figure.frame, cell: figure.cell, legend: figure.legend)
        try AtomicFile.write(name, bytes, overwrite: false)
        post(.told(savedWords([name])))
      }
    }
  }

  private func keepTransform(
    _ request: Request, _ n: Int, _ place: Affine, by maker: String, _ name: String,
    _ doubts: AnsweredDoubts
  ) {
    let path = name + ".txt"
    enqueue(request) { desk, post in
      guard let material = desk.material, material.spects.indices.contains(n),
        let fixed = material.fixed
      else {
        return post(
          .failed(
            Problem(
              .data, name, "there is no SPECT with an anatomy to keep a place of",
              expected: "--spect and --anat or --bold")))
      }
      let moving = material.spects[n]
      guard
        !self.refused(
          post,
          { () throws(Problem) in
            try TransformFile.check(path, overwrite: false)
            try moving.description.requireOwnGeometry(for: "a registration")
            _ = try TransformAcceptance.sidesDoubt(
              moving.description.sha256, fixed.end.sha256, name: name)
          })
      else { return }
      if desk.meter?.spect != n {
        desk.meter = (n, LikenessMeter(fixed: fixed.volume, moving: moving.volume, spacing: 5))
      }
      self.attempt(&desk, "transform \(n)", post) { (desk) throws(Problem) in
        let now = desk.meter?.meter.likeness(place)
        let draft = try Transform(
          fixedFromMoving: place, moving: transformEnd(moving.description, stated: nil),
          fixed: fixed.end, origin: "\(maker), accepted in the viewer",
          figures: now.map { [("nmi_after", $0.nmi), ("overlap_after", $0.overlap)] } ?? [],
          warnings: doubts.warnings, file: path)
        let taken = try TransformAcceptance.accepted(
          .matrix(draft), because: doubts.because, name: name)
        try TransformFile.write(path, taken, version: boldspectVersion, overwrite: false)
        let transform = try TransformFile.matrix(of: taken, file: path)
        post(.saved("\(path) and \(fileName(TransformFile.sidecar(path)))"))
        guard self.keepsMarks else { return }
        // The file is written; that it is remembered too is another thing, which does not undo that.
        self.attempt(&desk, "registration \(n)", post) { (_) throws(Problem) in
          let kept = registrationFile(of: transform.moving.sha256, in: self.records)
          if let aside = try kept.add(KeptRegistration(transform)) { post(.failed(aside)) }
        }
      }
    }
  }

  /// The hash of the image that marks belong to, as the loader would give it.
  private func imageSHA256() throws(Problem) -> String {
    let first = request.bold.first ?? request.anat ?? request.spect.first ?? request.overlay.first
    guard let first else {
      throw Problem(.inputOutput, "marks", "there is no image that they could be kept for")
    }
    return try ImageReader.identify(first).sha256
  }
}

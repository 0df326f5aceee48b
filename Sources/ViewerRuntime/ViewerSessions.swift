package import Basics
import Dispatch
import Records
package import Study
import Synchronization
package import Viewer

/// One session of work for each person that is opened, one after the other: what was asked for of the one before is
/// cancelled, what was to be kept of it is kept.
package final class ViewerSessions: Sendable {
  private struct State {
    var runner: EffectRunner
    /// Savers of people before that are not done yet.
    var leaving: [Saver] = []
    var failures: [Problem] = []
  }

  private let state: Mutex<State>
  private let notes = Mutex<[String]>([])
  private let mailbox: Mailbox
  private let keepsMarks: Bool
  /// What was said beside a folder, for everybody in it; nil where files were named.
  private let saidOfEverybody: StudyRequest?
  /// The folder of people; nil where none was asked for.
  package let librarian: Librarian

  /// - Parameter keepsMarks: whether marks outlive the session; a script's picture must not depend on them.
  package init(
    _ request: StudyRequest, mailbox: Mailbox, keepsMarks: Bool,
    library: StudyLibrary = StudyLibrary()
  ) {
    self.mailbox = mailbox
    self.keepsMarks = keepsMarks
    saidOfEverybody = request.imagePaths.isEmpty && request.overlay.isEmpty ? request : nil
    librarian = Librarian(library, mailbox: mailbox, remembersLast: keepsMarks)
    state = Mutex(
      State(
        runner: EffectRunner(
          request, mailbox: mailbox, keepsMarks: keepsMarks, records: librarian.records)))
  }

  package var runner: EffectRunner { state.withLock { $0.runner } }
  package var isBusy: Bool { runner.isBusy || librarian.isBusy }

  package func perform(_ request: Request) {
    if librarian.take(request) { return }
    if case .cancel = request.effect { librarian.cancel() }
    runner.perform(request)
  }

  package func hasTaken(_ message: Message) {
    runner.saver.hasTaken(message)
    // Which files the scene was read from, and their hashes.
    if keepsMarks, case .answer(_, _, .loaded(let scene)) = message {
      librarian.learn(scene.readFiles)
    }
  }

  /// Ends everything but saving.
  package func stop() {
    runner.stop()
    librarian.cancel()
  }

  /// Ends the session of the person before and begins that of another one.
  ///
  /// - Returns: false when the list has changed meanwhile, so that nothing is opened.
  package func open(_ choice: BrowserChoice, leaving model: Model) -> Bool {
    guard let opened = librarian.opening(choice) else { return false }
    begin(opened.visit.request, opened.records, opened.visit.notes, leaving: model)
    return true
  }

  /// The same with DICOM series, by their places in their list.
  package func openSeries(
    _ places: [Int], _ listing: Int, leaving model: Model
  ) throws(Problem) -> Bool {
    guard let opened = try librarian.openingSeries(places, listing) else { return false }
    begin(opened.request, .own, opened.notes, leaving: model)
    return true
  }

  private func begin(
    _ request: StudyRequest, _ records: RecordsFolder, _ told: [String], leaving model: Model
  ) {
    let request = saidOfEverybody?.holding(forVisit: request) ?? request
    let next = EffectRunner(
      request, mailbox: mailbox, keepsMarks: keepsMarks, records: records, remembersView: true)
    let before = state.withLock { state in
      let before = state.runner
      state.runner = next
      state.leaving.append(before.saver)
      return before
    }
    before.saver.keepView(model.lastView)
    before.stop()
    // What it holds goes once it is written.
    DispatchQueue.global(qos: .utility).async { [self] in
      let failures = before.saver.finish(withinSeconds: 60)
      state.withLock { state in
        guard state.leaving.contains(where: { $0 === before.saver }) else { return }
        state.leaving.removeAll { $0 === before.saver }
        state.failures += failures
      }
    }
    notes.withLock { $0 = told }
  }

  /// What was left out of the visit that was opened last, in words.
  package var openingNotes: [String] { notes.withLock { $0 } }

  /// Waits until everything of everybody is kept, and says what is not.
  package func finish(withinSeconds seconds: Double, last: Model) -> [Problem] {
    let (runner, leaving) = state.withLock { state in
      defer { state.leaving = [] }
      return (state.runner, state.leaving)
    }
    runner.saver.keepView(last.lastView)
    var out = librarian.finish(withinSeconds: seconds)
    for saver in leaving { out += saver.finish(withinSeconds: seconds) }
    out += runner.saver.finish(withinSeconds: seconds)
    return out + state.withLock { $0.failures }
  }
}

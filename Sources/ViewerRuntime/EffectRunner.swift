package import Basics
package import Records
package import Study
import Synchronization
package import Viewer

/// Takes what the viewer asks for to the worker, and counts what is not answered yet.
package final class EffectRunner: Sendable {
  package let mailbox: Mailbox
  package let options: StudyRequest
  private let worker: Worker
  /// Writes what is to be kept, beside all that is computed here.
  package let saver: Saver
  private let pending = PendingWork()
  private let wanted = Mutex(Wanted())

  /// What is still worth doing.
  private struct Wanted {
    /// Requests up to this one were cancelled, but for those that outlive it.
    var cancelled = 0
    var hasStopped = false
    var newest: [OvertakenWork: RequestID] = [:]
    var forgotten: Set<RequestID> = []
    var last = 0

    func isCancelled(_ request: Request) -> Bool {
      if hasStopped || forgotten.contains(request.id) { return true }
      if request.id.number <= cancelled, !request.effect.outlivesCancelling { return true }
      return request.effect.overtakes.flatMap { newest[$0] }.map { $0 > request.id } ?? false
    }
  }

  /// - Parameter keepsMarks: whether marks outlive the session; a script's picture must not depend on them.
  /// - Parameters:
  ///   - records: where what is kept of files is.
  ///   - remembersView: whether the image begins as it was looked at last.
  package init(
    _ options: StudyRequest, mailbox: Mailbox, keepsMarks: Bool, records: RecordsFolder = .own,
    remembersView: Bool = false
  ) {
    self.options = options
    self.mailbox = mailbox
    saver = Saver(
      options, mailbox: mailbox, pending: pending, keepsMarks: keepsMarks, records: records,
      remembersView: remembersView)
    worker = Worker(options, saver: saver)
  }

  package var isBusy: Bool { !pending.isEmpty }

  /// The first file that was refused.
  package var refusal: Problem? { worker.loadProblem.withLock { $0 } }

  /// Stops all that runs at its next check: nobody is there any more to be shown anything.
  package func stop() {
    wanted.withLock { $0.hasStopped = true }
    worker.letGo()
  }

  /// Stops what runs at its next check, but for what goes on when a person presses Esc.
  package func cancel() {
    wanted.withLock { $0.cancelled = $0.last }
    worker.letGo()
  }

  package func perform(_ request: Request) {
    switch request.effect {
    case .cancel: return cancel()
    case .forget(let ids):
      wanted.withLock { $0.forgotten.formUnion(ids) }
      return worker.letGo()
    case .suspend, .redraw, .quit: return
    default: if saver.take(request) { return }
    }
    wanted.withLock {
      $0.last = max($0.last, request.id.number)
      if let kind = request.effect.overtakes { $0.newest[kind] = request.id }
    }
    pending.begin()
    let timeLeft = TimeLeft()
    let post: @Sendable (Message, MadeOf?) -> Void = { [mailbox] message, made in
      mailbox.post(.answer(request.id, madeOf: made, message))
    }
    let progress = WorkProgress(
      report: { text, part in post(.progress(timeLeft.words(text, part), part), nil) },
      isCancelled: { [self] in wanted.withLock { $0.isCancelled(request) } })
    worker.take(
      Job(request, progress: progress, post: post) { [self] in
        // First the word, then the count: who waits for idleness has heard everything.
        post(.finished, nil)
        pending.end()
        mailbox.wake()
      })
  }

  /// Lets something else run where long work is done, after what waits there.
  package func inBackground(_ body: @escaping @Sendable () -> Void) { worker.inBackground(body) }
}

package import Basics
import Dispatch
import Glibc
package import Study
import Synchronization
package import Viewer

/// Takes what the viewer asks for to the worker, and counts what is not answered yet.
package final class EffectRunner: Sendable {
  package let mailbox: Mailbox
  package let options: StudyRequest
  private let worker: Worker
  private let unfinished = Atomic<Int>(0)
  private let wanted = Mutex(Wanted())

  /// What is still worth doing.
  private struct Wanted {
    /// Requests up to this one were cancelled.
    var cancelled = 0
    var newest: [OvertakenWork: RequestID] = [:]
    var forgotten: Set<RequestID> = []
    var last = 0

    func isCancelled(_ request: Request) -> Bool {
      if request.id.number <= cancelled || forgotten.contains(request.id) { return true }
      return request.effect.overtakes.flatMap { newest[$0] }.map { $0 > request.id } ?? false
    }
  }

  /// - Parameter keepsMarks: whether marks outlive the session; a script's picture must not depend on them.
  package init(
    _ options: StudyRequest, mailbox: Mailbox, keepsMarks: Bool, arguments: [String] = []
  ) {
    self.options = options
    self.mailbox = mailbox
    worker = Worker(options, keepsMarks: keepsMarks, arguments: arguments)
  }

  package var isBusy: Bool { unfinished.load(ordering: .acquiring) > 0 }

  /// The first file that was refused.
  package var refusal: Problem? { worker.loadProblem.withLock { $0 } }

  /// Stops what runs at its next check.
  package func cancel() {
    wanted.withLock { $0.cancelled = $0.last }
    worker.letGo()
  }

  /// Waits for what cannot be cancelled, a file being saved, before the program ends.
  package func waitUntilIdle(seconds: Double) {
    let end = DispatchTime.now() + seconds
    while isBusy, DispatchTime.now() < end { usleep(5000) }
  }

  package func perform(_ request: Request) {
    switch request.effect {
    case .cancel: return cancel()
    case .forget(let ids):
      wanted.withLock { $0.forgotten.formUnion(ids) }
      return worker.letGo()
    case .suspend, .redraw, .quit: return
    default: break
    }
    wanted.withLock {
      $0.last = max($0.last, request.id.number)
      if let kind = request.effect.overtakes { $0.newest[kind] = request.id }
    }
    unfinished.add(1, ordering: .releasing)
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
        unfinished.subtract(1, ordering: .releasing)
        mailbox.wake()
      })
  }

  /// Lets something else run where long work is done, after what waits there.
  package func inBackground(_ body: @escaping @Sendable () -> Void) { worker.inBackground(body) }
}

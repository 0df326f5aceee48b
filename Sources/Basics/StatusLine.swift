import Dispatch
import Glibc
import Synchronization

/// Progress of a command on standard error, once it takes more than half a second and only when a
/// person is looking.
package final class StatusLine: Sendable {
  private struct State {
    var shown = false
    var last = -1
  }
  private let isCancelled: @Sendable () -> Bool
  private let start = DispatchTime.now().uptimeNanoseconds
  private let state = Mutex(State())
  private let timeLeft = TimeLeft()
  private let isTerminal = isatty(2) == 1

  /// - Parameter isCancelled: asked between any two steps of the work.
  package init(isCancelled: @escaping @Sendable () -> Bool) { self.isCancelled = isCancelled }

  /// What work reports to.
  package var progress: WorkProgress {
    WorkProgress(
      report: { [self] what, part in show(what, part) },
      isCancelled: isCancelled)
  }

  private func show(_ what: String, _ part: Double) {
    guard isTerminal, !Quiet.isWanted, DispatchTime.now().uptimeNanoseconds - start > 500_000_000
    else { return }
    let percent = Int(part * 100)
    let words = timeLeft.words(what, part)
    let text = state.withLock { s -> String? in
      guard percent != s.last else { return nil }
      s.last = percent
      s.shown = true
      return "\r\u{1b}[K\(words) \(percent) %"
    }
    if let text { writeToStandardError(text) }
  }

  /// Takes the line away.
  package func clear() {
    if state.withLock({ $0.shown }) { writeToStandardError("\r\u{1b}[K") }
  }
}

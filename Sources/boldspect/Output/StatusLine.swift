import Basics
import Foundation
import Glibc
import Imaging
import Synchronization

/// Progress of a command on standard error, once it takes more than half a second and only when a
/// person is looking.
final class StatusLine: Sendable {
  private struct State {
    var shown = false
    var last = -1
  }
  private let start = DispatchTime.now().uptimeNanoseconds
  private let state = Mutex(State())
  private let timeLeft = TimeLeft()
  private let isTerminal = isatty(2) == 1

  /// What work reports to.
  var progress: WorkProgress {
    WorkProgress(
      report: { [self] what, part in show(what, part) },
      isCancelled: { Interrupt.wasRequested })
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
  func clear() {
    if state.withLock({ $0.shown }) { writeToStandardError("\r\u{1b}[K") }
  }
}

/// Ctrl-C of a command: work stops at its next check and leaves no partial file.
enum Interrupt {
  private static let flag = Atomic<Bool>(false)
  static var wasRequested: Bool { flag.load(ordering: .relaxed) }

  static func watch() {
    var all = sigset_t()
    sigemptyset(&all)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
      sigaddset(&all, number)
      var before = sigaction()
      sigaction(number, nil, &before)
      // Under nohup a lost terminal stays ignored.
      let isIgnored = unsafeBitCast(before.__sigaction_handler.sa_handler, to: Int.self) == 1
      if isIgnored, number == SIGHUP || number == SIGQUIT { continue }
      signal(number) { _ in Interrupt.flag.store(true, ordering: .relaxed) }
    }
    // A parent may have left them blocked, and its child would hear none of them.
    pthread_sigmask(SIG_UNBLOCK, &all, nil)
  }
}

/// Runs a command's work with progress on standard error and Ctrl-C as cancellation.
func withStatus<R>(_ body: (WorkProgress) throws -> R) throws -> R {
  Interrupt.watch()
  let line = StatusLine()
  defer { line.clear() }
  return try body(line.progress)
}

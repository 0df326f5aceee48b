import Basics
import Glibc
import Synchronization

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
  let line = StatusLine { Interrupt.wasRequested }
  defer { line.clear() }
  return try body(line.progress)
}

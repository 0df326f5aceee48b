import CursesTerminal
import Foundation
import Glibc
import Synchronization
import Testing

/// A stack that overflows leaves a handler no room on itself, on whatever thread it is.
@Suite struct CrashStackTests {
  @Test func everyThreadHasAStackForCrashHandlers() {
    // What links the guard makes its threads by it.
    #expect(TerminalGuard.exitCode == 0)
    let size = Mutex(0)
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      var now = stack_t()
      sigaltstack(nil, &now)
      // SS_DISABLE is 2.
      if now.ss_flags & 2 == 0 { size.withLock { $0 = Int(now.ss_size) } }
      done.signal()
    }
    done.wait()
    #expect(size.withLock { $0 } >= 1 << 16)
  }
}

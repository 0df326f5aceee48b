internal import CNcurses
internal import CThreads
import Glibc
import Synchronization

/// Signals while the screen is up: the terminal is given back whatever happens.
package enum TerminalGuard {
  private static let ended = Atomic<Bool>(false)
  private static let continued = Atomic<Bool>(false)
  private static let stopped = Atomic<Bool>(false)
  private static let isOpen = Atomic<Bool>(false)
  // Set once before any handler can run, only read afterwards.
  nonisolated(unsafe) private static var savedModes = termios()
  nonisolated(unsafe) private static var pipeEnds: (Int32, Int32) = (-1, -1)
  nonisolated(unsafe) private static var restoreBytes: UnsafeMutableBufferPointer<UInt8>?

  static var signalDescriptor: Int32 { pipeEnds.0 }

  /// Installs the handlers; call once, before the screen is opened.
  package static func install() {
    tcgetattr(0, &savedModes)
    var ends: [Int32] = [-1, -1]
    if pipe(&ends) == 0 {
      for end in ends {
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      }
      pipeEnds = (ends[0], ends[1])
    }
    // What ncurses would send, prepared because a crash handler may not allocate: colours, main
    // screen, cursor, keypad, mouse and paste modes. Whatever was cut off is ended first.
    let text = "\u{1b}[0m\u{1b}[?1049l\u{1b}[?25h\u{1b}[?1l\u{1b}>\u{1b}[?1000l\u{1b}[?2004l\r\n"
    restoreBytes = prepared(text)
    boldspect_alternate_stack()
    for number in endings { _ = boldspect_on_signal(number) { n in TerminalGuard.end(n) } }
    _ = boldspect_on_signal(SIGCONT, { _ in TerminalGuard.note(.continued) })
    for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT] {
      _ = boldspect_on_crash(number) { n in TerminalGuard.crash(n) }
    }
    unblock()
    signal(SIGPIPE, SIG_IGN)
    // A core file would hold the scan.
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(4), &none)
  }

  /// All that end a program and can be caught; batch systems send XCPU and USR1.
  private static let endings: [Int32] =
    [
      SIGHUP, SIGTERM, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU,
      SIGIO, SIGPWR, SIGSYS, 16,
    ] + Array(34...64)

  private static let endSignal = Atomic<Int32>(0)
  private static let isClosing = Atomic<Bool>(false)

  /// What the program ends with: 128 and the signal that ended it, otherwise 0.
  package static var exitCode: Int32 {
    let number = endSignal.load(ordering: .relaxed)
    return number == 0 ? 0 : 128 + number
  }

  /// Whether a signal asks for the end.
  package static var mustEnd: Bool { takeEnded() }

  /// Asks for an orderly end, and sees to it that there is one.
  private static func end(_ number: Int32) {
    // The time for an orderly end is up.
    if number == SIGALRM,
      isClosing.load(ordering: .relaxed) || endSignal.load(ordering: .relaxed) != 0
    {
      if isOpen.load(ordering: .relaxed) { giveBack() }
      _exit(exitCode)
    }
    if endSignal.load(ordering: .relaxed) == 0 {
      endSignal.store(number, ordering: .relaxed)
      alarm(1)
    }
    note(.ended)
  }

  /// From here on the terminal is back within a second, whatever waits.
  static func mustBeBackSoon() {
    isClosing.store(true, ordering: .relaxed)
    alarm(1)
  }

  /// Modes and screen back without ncurses and without waiting; for signal handlers too.
  static func giveBack() {
    tcsetattr(0, TCSANOW, &savedModes)
    guard let bytes = restoreBytes else { return }
    let flags = fcntl(1, F_GETFL)
    _ = fcntl(1, F_SETFL, flags | O_NONBLOCK)
    if write(1, bytes.baseAddress, bytes.count) < bytes.count {
      // The line is full, or was stopped with Ctrl-S: what waits in it belongs to a screen that goes away.
      tcflush(1, TCOFLUSH)
      tcflow(1, TCOOFF)
      tcflow(1, TCOON)
      // The room is not always there at once.
      var at = 0
      for _ in 0..<20 where at < bytes.count {
        at += max(0, write(1, bytes.baseAddress.map { $0 + at }, bytes.count - at))
        if at < bytes.count { poll(nil, 0, 5) }
      }
    }
    _ = fcntl(1, F_SETFL, flags)
  }

  /// Ends a control string, and breaks off any other sequence; between sequences it does nothing.
  private static let stringEnd = "\u{1b}\\"

  private static func prepared(_ text: String) -> UnsafeMutableBufferPointer<UInt8> {
    let bytes = Array((stringEnd + text).utf8)
    let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    _ = copy.initialize(from: bytes)
    return copy
  }

  /// What a crash must send besides; once, before anything is changed that it gives back. The
  /// old bytes stay, because a handler may be writing them.
  static func alsoRestore(_ text: String) {
    guard let old = restoreBytes else { return }
    let rest = old.dropFirst(stringEnd.utf8.count)
    restoreBytes = prepared(text + String(decoding: rest, as: UTF8.self))
  }

  private static let restoresMouse = Atomic<Bool>(false)

  /// Once: a crash gives the mouse back too.
  static func alsoRestoreMouse() {
    if !restoresMouse.exchange(true, ordering: .relaxed) { alsoRestore(MouseModes.restore) }
  }

  /// Modes as they were before the program.
  static func restoreModes() { tcsetattr(0, TCSANOW, &savedModes) }

  /// A parent may have left signals blocked, and its child would hear none of them.
  private static func unblock() {
    var all = sigset_t()
    sigemptyset(&all)
    for number in endings + [
      SIGTSTP, SIGCONT, SIGWINCH, SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT,
    ] { sigaddset(&all, number) }
    pthread_sigmask(SIG_UNBLOCK, &all, nil)
  }

  private static let resized = Atomic<Bool>(false)
  private enum Notice { case ended, continued, stopped, resized }

  private static func note(_ notice: Notice) {
    switch notice {
    case .ended: ended.store(true, ordering: .relaxed)
    // The later one counts, as with signals that the system still holds.
    case .continued:
      stopped.store(false, ordering: .relaxed)
      continued.store(true, ordering: .relaxed)
    case .stopped:
      continued.store(false, ordering: .relaxed)
      stopped.store(true, ordering: .relaxed)
    case .resized: resized.store(true, ordering: .relaxed)
    }
    var byte: UInt8 = 1
    _ = write(pipeEnds.1, &byte, 1)
  }

  /// A crash: modes and screen back, then the signal once more with its usual end.
  private static func crash(_ number: Int32) {
    if isOpen.load(ordering: .relaxed) { giveBack() }
    boldspect_end_if_exhausted()
    signal(number, SIG_DFL)
    raise(number)
  }

  static func screenIsOpen() {
    isOpen.store(true, ordering: .relaxed)
    // After ncurses set its own handlers, which know nothing of redefined colours and take any size.
    _ = boldspect_on_signal(SIGWINCH, { _ in TerminalGuard.note(.resized) })
    _ = boldspect_on_signal(SIGTSTP, { _ in TerminalGuard.note(.stopped) })
  }
  /// Lines instead of a screen: there is nothing to leave, only modes to give back.
  static func linesAreOpen() {
    restoreBytes = nil
    isOpen.store(true, ordering: .relaxed)
    _ = boldspect_on_signal(SIGTSTP, { _ in TerminalGuard.note(.stopped) })
  }
  /// The terminal is back; what follows may take its time.
  static func screenIsClosed() {
    alarm(0)
    isOpen.store(false, ordering: .relaxed)
  }
  static func takeEnded() -> Bool { ended.load(ordering: .relaxed) }
  static func takeStopped() -> Bool { stopped.exchange(false, ordering: .relaxed) }
  static func takeResized() -> Bool { resized.exchange(false, ordering: .relaxed) }
  static func takeContinued() -> Bool { continued.exchange(false, ordering: .relaxed) }

  static func drain() {
    var buffer = [UInt8](repeating: 0, count: 64)
    while read(pipeEnds.0, &buffer, buffer.count) == buffer.count {}
  }
}

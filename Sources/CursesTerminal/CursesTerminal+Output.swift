internal import CNcurses
import Glibc

/// Output that never waits for a terminal that does not read: it is kept, and sent as there is room.
extension CursesTerminal {
  /// Opens the terminal once more, so that not waiting is this program's own and not its shell's.
  static func openOutput() -> Int32 {
    let own = open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    return own >= 0 ? own : dup(1)
  }

  /// Sends the text of one row. ncurses scrolls the terminal when three rows or more seem to have
  /// moved, and would take picture cells along; it never sees more than one changed row.
  func flushText() {
    // ncurses would wait for the terminal: it writes to memory instead.
    wnoutrefresh(boldspect_stdscr())
    guard memory >= 0, dup2(memory, screenDescriptor) >= 0 else {
      doupdate()
      return
    }
    doupdate()
    _ = dup2(1, screenDescriptor)
    let count = Int(lseek(memory, 0, SEEK_END))
    if count > 0 {
      var bytes = [UInt8](repeating: 0, count: count)
      let taken = pread(memory, &bytes, count, 0)
      unsent += bytes.prefix(max(0, taken))
      made += max(0, taken)
    }
    _ = ftruncate(memory, 0)
    _ = lseek(memory, 0, SEEK_SET)
    if !isDrawing { sendSome() }
  }

  func writeAll(_ bytes: [UInt8]) {
    unsent += bytes
    made += bytes.count
    if !isDrawing { sendSome() }
  }

  /// Sends what the terminal takes at once.
  func sendSome() {
    var at = 0
    while at < unsent.count {
      let wrote = unsent.withUnsafeBytes {
        write(output, $0.baseAddress.map { $0 + at }, unsent.count - at)
      }
      if wrote > 0 {
        at += wrote
      } else if errno == EAGAIN {
        break
      } else if errno != EINTR {
        // Nobody is there any more; the end is told by the input.
        at = unsent.count
      }
    }
    unsent.removeFirst(at)
  }

  /// Whether all was sent within a time.
  func sendAll(milliseconds: Int) -> Bool {
    let end = now() + Double(milliseconds)
    sendSome()
    while !unsent.isEmpty, now() < end {
      var one = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
      _ = poll(&one, 1, 20)
      sendSome()
    }
    return unsent.isEmpty
  }
}

internal import CNcurses
import Glibc

/// Output that never waits for a terminal that does not read: it is kept, and sent as there is room.
/// One stream only, `unsent`: ncurses writes to memory, so that nothing comes between the two halves of
/// what the terminal took in part.
extension CursesTerminal {
  /// Opens the terminal once more, so that not waiting is this program's own and not its shell's.
  static func openOutput() -> Int32 {
    let own = open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    return own >= 0 ? own : dup(1)
  }

  /// From here on ncurses writes to memory, also where it does so of its own accord: when a key is
  /// asked for after a new size, when the mouse is switched, when the screen is left.
  func keepTextInMemory() {
    tcgetattr(0, &modes)
    if memory >= 0 { _ = dup2(memory, screenDescriptor) }
  }

  /// Makes the text of one row ready. ncurses scrolls the terminal when three rows or more seem to have
  /// moved, and would take picture cells along; it never sees more than one changed row.
  func flushText() {
    wnoutrefresh(boldspect_stdscr())
    doupdate()
    collect()
    if !isDrawing { sendSome() }
  }

  /// Takes over what ncurses wrote so far, before anything of ours that comes after it.
  func collect() {
    let count = memory < 0 ? 0 : Int(lseek(memory, 0, SEEK_CUR))
    guard count > 0 else { return }
    var bytes = [UInt8](repeating: 0, count: count)
    let taken = max(0, pread(memory, &bytes, count, 0))
    unsent += bytes.prefix(taken)
    made += taken
    _ = ftruncate(memory, 0)
    _ = lseek(memory, 0, SEEK_SET)
  }

  func writeAll(_ bytes: [UInt8]) {
    collect()
    unsent += bytes
    made += bytes.count
    if !isDrawing { sendSome() }
  }

  /// Sends what the terminal takes at once.
  func sendSome() {
    collect()
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
    if at == unsent.count {
      position = OutputPosition()
    } else {
      for byte in unsent[..<at] { position.take(byte) }
    }
    unsent.removeFirst(at)
  }

  /// Gives up what was not sent yet of a screen that goes away, but never in the middle of a sequence.
  func dropUnsent() {
    sendSome()
    guard !unsent.isEmpty else { return }
    unsent.removeLast(unsent.count - position.bytesToEnd(in: unsent))
    // Colours and character sets of a picture that was not finished; ncurses' own way writes to C's stream.
    unsent += Array(Self.entry("sgr0").utf8)
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

  /// Screen and modes as the shell had them. A terminal that takes nothing is not waited for.
  func leaveScreen() {
    if memory >= 0 { endwin() }
    if sendAll(milliseconds: 400) {
      if memory < 0 { endwin() }
      TerminalGuard.restoreModes()
    } else {
      TerminalGuard.giveBack()
      // What stays cut is ended before the screen is drawn again.
      unsent = Array("\u{1b}\\".utf8)
    }
  }

  /// Modes of the screen once more; ncurses itself cannot set them, its descriptor is no terminal.
  func takeModes() {
    tcsetattr(0, TCSANOW, &modes)
    keypad(boldspect_stdscr(), true)
  }
}

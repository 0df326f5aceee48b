package import CellUI
import Glibc

/// Keys one by one without a screen: for a person who listens. Nothing is drawn, no cursor is placed;
/// whoever uses it writes lines of its own.
package final class LineTerminal: Terminal {
  package let size = Size(columns: 120, rows: 40)
  package let capabilities = Capabilities(colours: .none, unicode: true)
  package var cost: FrameCost? { nil }
  private let wakeDescriptor: Int32
  private var keys: ArraySlice<Key> = []
  private var isTerminal: Bool { isatty(0) == 1 }

  package init(wakeDescriptor: Int32) {
    self.wakeDescriptor = wakeDescriptor
    TerminalGuard.linesAreOpen()
    start()
  }

  package func close() {
    if isTerminal { TerminalGuard.restoreModes() }
    TerminalGuard.screenIsClosed()
  }

  /// Keys at once and unseen; what is written stays in order.
  private func start() {
    guard isTerminal else { return }
    var modes = termios()
    tcgetattr(0, &modes)
    modes.c_lflag &= ~tcflag_t(ICANON | ECHO)
    tcsetattr(0, TCSANOW, &modes)
  }

  package func nextEvent(withinMilliseconds limit: Int) -> Event? {
    if TerminalGuard.takeEnded() { return .ended }
    if let key = keys.popFirst() { return .key(key) }
    if TerminalGuard.takeStopped() { suspend() }
    if TerminalGuard.takeContinued() {
      start()
      return .resumed
    }
    var polled = [
      pollfd(fd: 0, events: Int16(POLLIN), revents: 0),
      pollfd(fd: wakeDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: TerminalGuard.signalDescriptor, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&polled, 3, Int32(limit)) > 0 else { return nil }
    var buffer = [UInt8](repeating: 0, count: 256)
    if polled[1].revents & Int16(POLLIN) != 0 {
      while read(wakeDescriptor, &buffer, buffer.count) == buffer.count {}
    }
    if polled[2].revents & Int16(POLLIN) != 0 { TerminalGuard.drain() }
    guard polled[0].revents & Int16(POLLIN | POLLHUP) != 0 else { return nil }
    let count = read(0, &buffer, buffer.count)
    guard count > 0 else { return .ended }
    keys = typedKeys(Array(buffer.prefix(count)))[...]
    return keys.popFirst().map(Event.key)
  }

  package func show(_ frame: Frame) {}

  package func repaint() {}

  package func suspend() {
    if isTerminal { TerminalGuard.restoreModes() }
    raise(SIGSTOP)
    start()
  }
}

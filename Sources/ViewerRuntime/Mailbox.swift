import Dispatch
import Glibc
import Synchronization
package import Viewer

/// Answers of background work on their way to the one thread that owns the model.
package final class Mailbox: Sendable {
  private let messages = Mutex<[Message]>([])
  private let arrived = DispatchSemaphore(value: 0)
  /// Readable while something waits; a terminal polls it beside the keyboard.
  package let wakeDescriptor: Int32
  private let writeEnd: Int32

  package init() {
    var ends: [Int32] = [-1, -1]
    pipe(&ends)
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    (wakeDescriptor, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    close(wakeDescriptor)
    close(writeEnd)
  }

  package func post(_ message: Message) {
    messages.withLock { box in
      // Only the newest word on progress matters.
      if case .progress = message, case .progress? = box.last { box.removeLast() }
      box.append(message)
    }
    var byte: UInt8 = 1
    _ = write(writeEnd, &byte, 1)
    arrived.signal()
  }

  package func takeAll() -> [Message] {
    // What was announced is being taken: a later wait must not end on it.
    while arrived.wait(timeout: .now()) == .success {}
    return messages.withLock { box in
      defer { box = [] }
      return box
    }
  }

  /// Ends a wait though nothing was posted.
  package func wake() { arrived.signal() }

  package var isEmpty: Bool { messages.withLock { $0.isEmpty } }

  /// Waits until something arrives, at most so long.
  package func wait(milliseconds: Int) {
    _ = arrived.wait(timeout: .now() + .milliseconds(milliseconds))
  }
}

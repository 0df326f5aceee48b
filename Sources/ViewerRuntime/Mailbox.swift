import Dispatch
import Glibc
import Synchronization
package import Viewer

/// Answers of background work on their way to the one thread that owns the model.
package final class Mailbox: Sendable {
  fileprivate let messages = Mutex<[Message]>([])
  fileprivate let arrived = DispatchSemaphore(value: 0)
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
      guard let new = message.replaces else { return box.append(message) }
      if let at = box.firstIndex(where: { $0.replaces?.kind == new.kind }) {
        // Work that was overtaken may still answer after what overtook it.
        guard new.age >= box[at].replaces?.age ?? 0 else { return }
        box.remove(at: at)
      }
      box.append(message)
    }
    // The loop would wake, draw nothing new, and take time from what computes the map.
    if message.isFollowedByAnother { return }
    var byte: UInt8 = 1
    _ = write(writeEnd, &byte, 1)
    arrived.signal()
  }

  /// The oldest; the others stay here, where newer ones can take their place.
  package func take() -> Message? {
    // What was announced is being taken: a later wait must not end on it.
    while arrived.wait(timeout: .now()) == .success {}
    return messages.withLock { $0.isEmpty ? nil : $0.removeFirst() }
  }

  /// Ends a wait though nothing was posted.
  package func wake() { arrived.signal() }

  package var isEmpty: Bool { messages.withLock { $0.isEmpty } }

  /// Waits until something arrives, at most so long.
  package func wait(milliseconds: Int) {
    _ = arrived.wait(timeout: .now() + .milliseconds(milliseconds))
  }
}

extension Mailbox {
  /// Waits until each of these requests has its picture or has ended, at most so long: words of progress and
  /// what comes on the way to a picture would be drawn for nothing.
  package func waitForResults(of ids: [RequestID], milliseconds: Int) {
    guard !ids.isEmpty else { return }
    var end = DispatchTime.now() + .milliseconds(milliseconds)
    var hasPictures = false
    while true {
      let state = state(of: ids)
      if state.haveEnded { return }
      if state.haveResults, !hasPictures {
        hasPictures = true
        // Its end mostly follows at once, and takes its words of progress off the screen.
        end = min(end, .now() + .milliseconds(1))
      }
      guard arrived.wait(timeout: end) == .success else { return }
    }
  }

  private func state(of ids: [RequestID]) -> (haveResults: Bool, haveEnded: Bool) {
    messages.withLock { box in
      var (results, ended): (Set<RequestID>, Set<RequestID>) = ([], [])
      for case .answer(let id, _, let message) in box {
        if message.isResult { results.insert(id) }
        if case .finished = message { ended.insert(id) }
      }
      return (
        ids.allSatisfy { results.contains($0) || ended.contains($0) },
        ids.allSatisfy(ended.contains)
      )
    }
  }
}

/// Answers of which only the newest is of use: while one waits, the next of its kind takes its place.
private enum ReplacedAnswer: Equatable {
  case progress(RequestID)
  case map, simulation, slice
  case alignment(Int)
}

extension Message {
  /// Whether it is what a person asked for, and not a word on the way.
  fileprivate var isResult: Bool {
    switch self {
    case .seedMap, .simulated, .simulatedSlice, .failed: true
    default: false
    }
  }

  /// Whether the same request is certain to post again at once: its end at the least.
  fileprivate var isFollowedByAnother: Bool {
    if case .answer(_, _, .cleaned) = self { true } else { false }
  }

  /// What this takes the place of, and how new it is; nil for answers that must all be heard.
  fileprivate var replaces: (kind: ReplacedAnswer, age: Int)? {
    guard case .answer(let id, _, let answer) = self else { return nil }
    let kind: ReplacedAnswer
    switch answer {
    case .progress: kind = .progress(id)
    case .seedMap: kind = .map
    case .simulated: kind = .simulation
    case .simulatedSlice: kind = .slice
    case .aligned(let spect, _): kind = .alignment(spect)
    default: return nil
    }
    return (kind, id.number)
  }
}

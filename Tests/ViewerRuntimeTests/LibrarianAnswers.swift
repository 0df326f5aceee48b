import Basics
import Testing
import Viewer
import ViewerRuntime

/// Everything that is answered to a request, in its order.
func answers(_ librarian: Librarian, _ mailbox: Mailbox, _ effect: Effect) -> [Message] {
  var requests = Requests()
  #expect(librarian.take(requests.stamp(effect)))
  var out: [Message] = []
  let end = ContinuousClock.now + .seconds(120)
  while ContinuousClock.now < end {
    while let message = mailbox.take() {
      guard case .answer(_, _, let inner) = message else { continue }
      if case .finished = inner { return out }
      out.append(inner)
    }
    mailbox.wait(milliseconds: 50)
  }
  Issue.record("no end came")
  return out
}

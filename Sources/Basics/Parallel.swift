import Dispatch

/// Runs `body` over consecutive parts of `0..<count` on all cores.
///
/// Parts are at least `grain` long, and each is handed to one thread, so results do not depend on
/// the number of cores as long as `body` writes only to its own part.
package func inParallel(_ count: Int, grain: Int = 1, _ body: @Sendable (Range<Int>) -> Void) {
  guard count > 0 else { return }
  let parts = max(1, min(count / max(1, grain), 16))
  if parts == 1 { return body(0..<count) }
  DispatchQueue.concurrentPerform(iterations: parts) { part in
    body(count * part / parts..<count * (part + 1) / parts)
  }
}

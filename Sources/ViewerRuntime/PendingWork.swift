import Synchronization

/// How much was asked for and is not done yet, by all queues together.
package final class PendingWork: Sendable {
  private let count = Atomic<Int>(0)

  package init() {}

  package var isEmpty: Bool { count.load(ordering: .acquiring) == 0 }

  func begin() { count.add(1, ordering: .releasing) }
  func end() { count.subtract(1, ordering: .releasing) }
}

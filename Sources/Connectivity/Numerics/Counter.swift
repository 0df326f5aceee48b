import Synchronization

/// Counts finished parts of parallel work.
final class Counter: Sendable {
  private let value = Atomic<Int>(0)

  /// The count with one more.
  func next() -> Int { value.add(1, ordering: .relaxed).newValue }
}

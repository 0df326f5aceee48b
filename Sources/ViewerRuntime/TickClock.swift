/// When the next step of a movie or of a flicker is due: a period after the one before, whatever keys and
/// answers arrive meanwhile.
package struct TickClock {
  package typealias Instant = ContinuousClock.Instant

  private var period: Int?
  private var due: Instant?

  package init() {}

  /// Whether a step is due now; it is taken then, and the next one is due a period later.
  ///
  /// - Parameter milliseconds: from one step to the next; nil while nothing moves by itself.
  package mutating func takesStep(every milliseconds: Int?, at now: Instant) -> Bool {
    follow(milliseconds, now)
    guard let due, let period, now >= due else { return false }
    let next = due + .milliseconds(period)
    // Steps that were missed are left out and not made up for.
    self.due = next > now ? next : now + .milliseconds(period)
    return true
  }

  /// How long nothing is due, in whole milliseconds rounded up; nil while nothing moves by itself.
  package mutating func millisecondsLeft(every milliseconds: Int?, at now: Instant) -> Int? {
    follow(milliseconds, now)
    guard let due else { return nil }
    let left = (due - now).components
    let nanoseconds = left.seconds * 1_000_000_000 + left.attoseconds / 1_000_000_000
    return max(0, Int((nanoseconds + 999_999) / 1_000_000))
  }

  private mutating func follow(_ milliseconds: Int?, _ now: Instant) {
    guard milliseconds != period else { return }
    period = milliseconds
    due = milliseconds.map { now + .milliseconds($0) }
  }
}

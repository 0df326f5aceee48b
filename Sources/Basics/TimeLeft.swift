import Dispatch
import Synchronization

/// How long a stage of work will still take, from what it took so far.
package final class TimeLeft: Sendable {
  package init() {}

  private struct Stage {
    var name: String
    var began: UInt64
    var from: Double
  }
  private let stage = Mutex<Stage?>(nil)

  /// "correlating, 12 s left"; the stage alone until two seconds of it are known.
  package func words(_ name: String, _ part: Double) -> String {
    words(name, part, atNanoseconds: DispatchTime.now().uptimeNanoseconds)
  }

  /// The same at a given moment. Threads that report together may come here in another order than the one in
  /// which they looked at the clock.
  package func words(_ name: String, _ part: Double, atNanoseconds now: UInt64) -> String {
    stage.withLock { s in
      // A new name or a step back is a new stage.
      guard let known = s, known.name == name, part >= known.from else {
        s = Stage(name: name, began: now, from: part)
        return name
      }
      let seconds = secondsLeft(
        after: Double(now - min(now, known.began)) / 1e9, from: known.from, to: part)
      return seconds.map { "\(name), \($0) s left" } ?? name
    }
  }
}

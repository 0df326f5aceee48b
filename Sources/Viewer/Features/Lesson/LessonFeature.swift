import Targeting

/// The lesson, while it runs, and what belongs to it alone.
package struct LessonFeature: Sendable {
  /// Nil while no lesson runs.
  package var running: LessonState?
  /// Whether the lesson begins when everything is loaded.
  package var startsWhenLoaded = false
  /// What the lesson's own search found.
  var targets: TargetReport?
}

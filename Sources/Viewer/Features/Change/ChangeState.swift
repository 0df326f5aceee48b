package import Connectivity
package import Imaging

/// The second session's map of the seed and the change between the sessions.
package struct ChangeState: Sendable {
  package var result: SessionChange?
  package var second: Volume?
  /// The change by its standard error.
  package var ratio: Volume?
}

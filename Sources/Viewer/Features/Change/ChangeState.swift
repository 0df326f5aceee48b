package import Connectivity
package import Imaging

/// The second session's map of the seed and the change between the sessions.
package struct ChangeState: Sendable {
  package var result: SessionChange?
  package var second: Volume?
  /// The change by its standard error.
  package var ratio: Volume?
  /// How each network's own coupling changed; empty without networks.
  package var networks: [NetworkChange] = []
}

/// The coupling within one network in two sessions, in Fisher z.
package struct NetworkChange: Sendable, Equatable {
  package let name: String
  package let before: Double
  package let after: Double

  package init(name: String, before: Double, after: Double) {
    (self.name, self.before, self.after) = (name, before, after)
  }

  package var difference: Double { after - before }
}

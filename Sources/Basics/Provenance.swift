import Synchronization

/// What was typed for files that stand in its place for the length of a command: `-` for standard input.
private let typedPlaces = Mutex<[String: String]>([:])

/// Says what was typed for a file that this run of the program made.
package func noteTyped(_ typed: String, for path: String) {
  typedPlaces.withLock { $0[path] = typed }
}

/// A path as a person knows it.
package func typedPath(_ path: String) -> String { typedPlaces.withLock { $0[path] } ?? path }

/// What a result was made of: the part that a file had in it, and the hash that says which file it was.
package struct Provenance: Equatable, Sendable {
  /// Such as `bold`, `mask` or `transform`.
  package var role: String
  /// Where it was read; never in what is written beside an image, because a path may name a person.
  package var path: String?
  package var sha256: String
  /// Of an image what its values are known by in whatever file they lie.
  package var voxelsSHA256: String?
  /// Hashes of images that it seems to be a copy of.
  package var lookalikes: [String]
  /// The word that nothing made of it is shown without: SYNTHETIC PERSON or SIMULATED; nil for a measurement.
  package var unmeasured: String?

  package init(
    _ role: String, path: String? = nil, sha256: String, voxelsSHA256: String? = nil,
    lookalikes: [String] = [], unmeasured: String? = nil
  ) {
    self.role = role
    self.path = path
    self.sha256 = sha256
    self.voxelsSHA256 = voxelsSHA256
    self.lookalikes = lookalikes
    self.unmeasured = unmeasured
  }
}

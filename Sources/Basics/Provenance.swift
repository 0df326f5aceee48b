/// What a result was made of: the part that a file had in it, and the hash that says which file it was.
package struct Provenance: Equatable, Sendable {
  /// Such as `bold`, `mask` or `transform`.
  package var role: String
  /// Where it was read; never in what is written beside an image, because a path may name a person.
  package var path: String?
  package var sha256: String

  package init(_ role: String, path: String? = nil, sha256: String) {
    self.role = role
    self.path = path
    self.sha256 = sha256
  }
}

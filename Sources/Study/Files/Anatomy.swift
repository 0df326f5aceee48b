package import Imaging

/// The anatomy in whose world a navigator works.
package struct Anatomy: Sendable {
  package var volume: Volume
  package var end: Transform.End
  package var fileName: String
  /// What it is called in files: by its hash, because a name may be a person's.
  package var title: String { "T1 \(end.sha256.prefix(12))" }

  package init(volume: Volume, end: Transform.End, fileName: String) {
    self.volume = volume
    self.end = end
    self.fileName = fileName
  }
}

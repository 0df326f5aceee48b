package import Basics

extension Provenance {
  /// An image that was read to its end.
  package init(_ role: String, _ image: ImageDescription) {
    self.init(
      role, path: image.path, sha256: image.sha256, voxelsSHA256: image.voxelsSHA256,
      lookalikes: image.header.lineage.lookalikes, unmeasured: image.unmeasuredWord)
  }

  /// Any file.
  ///
  /// - Throws: when it cannot be read.
  package init(_ role: String, file path: String) throws(Problem) {
    self.init(role, path: path, sha256: try ImageFiles.sha256(ofFile: path))
  }
}

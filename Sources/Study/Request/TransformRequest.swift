package import Basics
import ImageFiles
import Imaging

/// Transforms that carry images into another world while they are read.
package struct TransformRequest: Sendable {
  package var transform: [String] = []
  /// Whether all native images were aligned with the MOVING of the transform.
  package var sameWorld = false

  package init(transform: [String] = [], sameWorld: Bool = false) {
    self.transform = transform
    self.sameWorld = sameWorld
  }

  package func read() throws(Problem) -> GivenTransforms {
    var all: [GivenTransforms.One] = []
    for path in transform {
      let found = try TransformFile.read(path)
      try found.requireNotRejected(file: fileName(path))
      all.append(
        GivenTransforms.One(
          file: fileName(path), transform: found,
          sha256: try sha256(ofFile: path), path: path))
    }
    guard !sameWorld || all.count == 1 else {
      throw Problem(
        .usage, "--same-world", "there are \(all.count) transforms", expected: "one --transform")
    }
    return GivenTransforms(all: all, isSameWorld: sameWorld)
  }
}

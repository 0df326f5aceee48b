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
    var links: [GivenTransforms.Link] = []
    for path in transform { links.append(try GivenTransforms.link(path)) }
    guard !sameWorld || !links.isEmpty else {
      throw Problem(
        .usage, "--same-world", "there is no transform", expected: "one --transform, or a chain")
    }
    return try GivenTransforms(links: links, isSameWorld: sameWorld)
  }
}

extension GivenTransforms {
  /// A transform from a file, unless a person rejected it.
  package static func link(_ path: String) throws(Problem) -> Link {
    let file = fileName(path)
    switch try TransformFile.readEither(path) {
    case .matrix(let transform):
      try transform.requireNotRejected(file: file)
      return .matrix(
        One(
          file: file, transform: transform, sha256: try sha256(ofFile: path), path: path))
    case .warp(let found):
      try found.warp.requireNotRejected(file: file)
      return .bent(
        Bent(
          file: file, warp: found.warp,
          inputs: [try Provenance("transform", file: path)]
            + found.parts.map { Provenance("warp", path: $0.path, sha256: $0.sha256) }))
    }
  }
}

package import Basics
import Foundation
import ImageFiles

/// An image that is written with a JSON beside it.
package struct ImageOutput: Sendable {
  package var output: String
  /// Whether what is already there is replaced.
  package var force = false

  package init(output: String, force: Bool = false) {
    self.output = output
    self.force = force
  }

  /// Refuses before the work what would be refused after it, an output that is an input among them.
  package func check(inputs: [String?]) throws(Problem) {
    guard output.hasSuffix(".nii") || output.hasSuffix(".nii.gz") else {
      throw Problem(
        .usage, fileName(output), "images are written as .nii or .nii.gz", expected: "such a name")
    }
    try checkFolder(of: output)
    try AtomicFile.checkFree(output, overwrite: force)
    try AtomicFile.checkFree(sidecarPath(output), overwrite: force)
    for input in inputs.compactMap({ $0 }) {
      // What stands beside a transform is half of it.
      let half = input.hasSuffix(".txt") ? String(input.dropLast(4)) + ".json" : input
      guard !isSameFile(input, output), !isSameFile(input, sidecarPath(output)),
        !isSameFile(half, sidecarPath(output))
      else {
        throw Problem(
          .usage, fileName(output), "it is an input of this command", expected: "another name")
      }
    }
    if FileManager.default.fileExists(atPath: sidecarPath(output)),
      !(try readTextFile(sidecarPath(output)).contains("\"GeneratedBy\": \"boldspect\""))
    {
      throw Problem(
        .cannotCreate, fileName(sidecarPath(output)), "it was not written by boldspect",
        remedy: "Choose another name for the image")
    }
  }
}

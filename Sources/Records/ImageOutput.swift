package import Basics
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
    try requireNoInput([output, sidecarPath(output)], among: inputs)
    try requireOwnJSON(sidecarPath(output))
  }
}

import ArgumentParser
import Imaging
import ImagingIO
import Workflows

/// A transform that carries an image into another world while it is read.
struct TransformInput: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Carry the image into another world first: a transform whose MOVING it is.",
      valueName: "file"))
  var transform: String?

  /// The transform, refused for an image that is not its MOVING.
  func read(for d: ImageDescription) throws(Problem) -> Transform? {
    guard let transform else { return nil }
    let found = try TransformFile.read(transform)
    guard found.moving.sha256 == d.sha256 else {
      throw Problem(
        .data, fileName(transform),
        found.fixed.sha256 == d.sha256
          ? "it leads to \(d.name), not away from it"
          : "it was made for another image than \(d.name)",
        expected: "a transform whose MOVING is \(d.name)",
        remedy: found.fixed.sha256 == d.sha256
          ? "Turn it round with `boldspect transform invert`" : "Register this image")
    }
    return found
  }
}

/// The end of a transform that an image is: its hash and what its world is called.
func transformEnd(_ d: ImageDescription, stated: Space?) -> Transform.End {
  let known = AtlasFiles.known[d.name] == d.sha256
  return Transform.End(
    sha256: d.sha256,
    space: known ? .mni152 : space(ofFileNamed: d.name, formCode: d.formCode, stated: stated),
    template: templateName(ofFileNamed: d.name))
}

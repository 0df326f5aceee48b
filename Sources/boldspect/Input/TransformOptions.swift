import ArgumentParser
import Basics
import Study

/// Transforms that carry images into another world while they are read: one group, a part of `RunOptions`.
struct TransformOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A transform; the image that is its MOVING is carried to the world of its FIXED. May be repeated.",
      valueName: "file.txt"))
  var transform: [String] = []
  @Flag(help: "All native images were aligned with the MOVING of the transform.")
  var sameWorld = false

  var request: TransformRequest { TransformRequest(transform: transform, sameWorld: sameWorld) }
}

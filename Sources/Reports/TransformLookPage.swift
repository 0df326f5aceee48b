package import Basics
import ImageFiles
import Imaging
import Records
import Workflows

/// What `transform look` does: the picture, what speaks for and against, and what is known of the sides, kept with the
/// transform and in the state folder.
package struct TransformLookPage {
  package let inputs: [Provenance]
  package let result: [(String, JSON)]
  package let text: String

  package init(
    _ file: String, moving: String, fixed: String, output: String, overwrite: Bool,
    progress: WorkProgress
  ) throws(Problem) {
    try checkFolder(of: output)
    try AtomicFile.checkFree(output, overwrite: overwrite)
    try requireNoInput([output], among: [file, moving, fixed])
    var t = try TransformFile.read(file)
    let before = try Provenance("transform", file: file)
    let look = try lookedAt(t, moving: moving, fixed: fixed, name: fileName(file), progress)
    try KeptSides().keep(look.sides, of: look.images)
    try AtomicFile.write(
      output,
      try ContourPicture.png(
        fixed: look.fixed, moving: look.moving, names: (fileName(fixed), fileName(moving)),
        brains: look.brains, t.fixedFromMoving,
        matrixSHA256: TransformFile.matrixSHA256(t.fixedFromMoving)),
      overwrite: overwrite)
    if t.warnings != look.warnings {
      t.warnings = look.warnings
      try TransformFile.write(file, t, version: boldspectVersion, overwrite: true)
    }
    inputs = [before] + look.inputs
    result = look.members + [("picture", .string(output))]
    text = look.text
  }
}

/// What `transform accept` does: a person's word about a transform, for which its picture must have been looked at and
/// whatever speaks against it been answered.
///
/// - Parameters:
///   - looked: the picture; nil where none was named.
///   - because: why it is right in spite of what speaks against it.
/// - Returns: what a person reads.
package func acceptTransform(
  _ file: String, looked: String?, because: String?
) throws(Problem) -> String {
  let name = fileName(file)
  let kept = try TransformFile.readEither(file)
  let t = try TransformFile.matrix(of: kept, file: name)
  guard let looked else {
    throw Problem(
      .usage, name, "nothing is accepted unseen",
      expected: "--looked \(fileName(contourPicturePath(file)))",
      remedy:
        "Look at the picture in three planes; `boldspect transform look` makes it where there is none"
    )
  }
  try ContourPicture.require(looked, ofMatrix: TransformFile.matrixSHA256(t.fixedFromMoving))
  let accepted = try TransformAcceptance.accepted(kept, because: because, name: name)
  try TransformFile.write(file, accepted, version: boldspectVersion, overwrite: true)
  let doubts = try TransformFile.matrix(of: accepted, file: name).warnings
  return (["\(name): ACCEPTED"] + doubts.map { "in spite of: " + $0 }).joined(separator: "\n")
}

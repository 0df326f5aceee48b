package import Basics
import Foundation
package import ImageFiles
package import Imaging
import Perfusion

/// A perfusion image with its brain mask and what else is known about it.
package struct LoadedPerfusion {
  package var description: ImageDescription
  package var volume: Volume
  package var space: Space
  package var findings: [Finding]
  package var inputs: [(role: String, sha256: String)]

  /// Reads a measured image; one whose sides are unknown is refused.
  package init(_ path: String, role: String, stated: Space?) throws(Problem) {
    (description, volume) = try readSingleVolume(path)
    try requireKnownSides(description, for: "a quantification by sides and places")
    space = Study.space(
      ofFileNamed: description.name, formCode: description.formCode, stated: stated)
    findings = description.findings
    inputs = [(role, description.sha256)]
  }

  /// Carries the image to the world of a transform's FIXED.
  package mutating func carry(by path: String) throws(Problem) {
    let t = try transformOf(description, path)
    try description.carry(by: t)
    volume = Volume(grid: description.grid, values: volume.values)
    space = t.fixed.space
    inputs.append(("transform", try sha256(ofFile: path)))
    let words = Placement.registered(by: t.maker, isAccepted: t.isAccepted).words
    findings.append(Finding("carried", t.isAccepted == true ? .note : .warning, words + "."))
  }

  /// The brain: a mask file, else derived from the image.
  package mutating func brain(_ path: String?, stated: Space?) throws(Problem) -> Mask {
    if let mask = try givenBrain(path, stated: stated) { return mask }
    guard let mask = Mask.perfusionBrain(from: volume) else {
      throw Problem(
        .data, description.name, "no brain stands out in it", expected: "an image of a head",
        remedy: "Give a mask with --mask")
    }
    return mask
  }

  /// The brain of a mask file; nil without one.
  package mutating func givenBrain(_ path: String?, stated: Space?) throws(Problem) -> Mask? {
    guard let path else { return nil }
    let (m, mask) = try readSingleVolume(path)
    try requireSameSides(m, as: description)
    try requireSameSpace(m, grid: volume.grid, space, stated: stated)
    inputs.append(("mask", m.sha256))
    let found = try brainMask(mask, on: volume.grid, fileName: m.name)
    findings += found.findings
    return Mask(grid: volume.grid, offsets: found.mask.offsets, origin: "given")
  }
}

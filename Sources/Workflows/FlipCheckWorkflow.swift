package import Basics
package import ImageFiles
package import Imaging
import Registration
package import Study

/// Compares the sides of two images of one head, each read whole; of a series the mean is taken.
///
/// - Parameter known: what was found out before, by the two hashes; taken where it is there.
/// - Throws: images of two people, images whose headers do not say which side is left, an image without a brain.
package func checkSides(
  _ a: String, _ b: String, allowsMixedPeople: Bool, known: SideLedger.Source,
  progress: WorkProgress
) throws(Problem) -> (
  judged: JudgedSides, first: ImageDescription, second: ImageDescription, isNew: Bool
) {
  progress.report("reading", 0)
  let (first, one) = try meanVolume(a, progress)
  let (second, two) = try meanVolume(b, progress)
  for d in [first, second] {
    try requireKnownSides(d, for: "a comparison of sides")
    try d.requireOwnGeometry(for: "a verdict that is kept")
  }
  guard first.sha256 != second.sha256 else {
    throw Problem(
      .usage, second.name, "it is the same file as \(first.name)",
      expected: "two images of one head")
  }
  var study = LoadedStudy(allowsMixedPeople: allowsMixedPeople)
  try study.admit(first, a, as: .fixed)
  try study.admit(second, b, as: .moving)
  guard first.voxelsSHA256 == nil || first.voxelsSHA256 != second.voxelsSHA256 else {
    throw Problem(
      .usage, second.name, "it holds the same image as \(first.name)",
      expected: "two images of one head")
  }
  for a in first.hashes {
    for b in second.hashes {
      if let judged = known(a, b) { return (judged, first, second, false) }
    }
  }
  let judged = try newlyJudgedSides(
    fixed: (first.sha256, one), moving: (second.sha256, two), names: (first.name, second.name),
    progress: progress)
  return (judged, first, second, true)
}

/// Compares the sides of two images that are in memory, whatever was known before.
///
/// - Throws: an image without a brain.
package func newlyJudgedSides(
  fixed: (sha256: String, volume: Volume), moving: (sha256: String, volume: Volume),
  names: (String, String), progress: WorkProgress
) throws(Problem) -> JudgedSides {
  guard let found = try flipCheck(fixed.volume, moving.volume, progress: progress) else {
    throw Problem(
      .data, "\(names.0), \(names.1)", "no brain was found in one of them",
      expected: "images of a head")
  }
  return JudgedSides(first: fixed.sha256, second: moving.sha256, agreement: found)
}

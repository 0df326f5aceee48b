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
  guard !first.isSameImage(as: second) else {
    throw Problem(
      .usage, second.name, "it holds the same image as \(first.name)",
      expected: "two images of one head")
  }
  for a in first.hashes {
    for b in second.hashes {
      if let judged = known(a, b) { return (judged, first, second, false) }
    }
  }
  let names = (first.name, second.name)
  guard
    let judged = try newlyJudgedSides(
      fixed: (first.sha256, one), moving: (second.sha256, two), names: names, progress: progress)
  else { throw noBrain(names) }
  return (judged, first, second, true)
}

/// Compares the sides of two images that are in memory, whatever was known before.
///
/// - Returns: nil where no brain was found in one of them.
/// - Throws: a mask or a label map in an image's place.
package func newlyJudgedSides(
  fixed: (sha256: String, volume: Volume), moving: (sha256: String, volume: Volume),
  brains: (Mask?, Mask?) = (nil, nil), names: (String, String), progress: WorkProgress
) throws(Problem) -> JudgedSides? {
  try requireHead(fixed.volume, fileName: names.0, for: "a comparison of sides")
  try requireHead(moving.volume, fileName: names.1, for: "a comparison of sides")
  guard
    let found = try flipCheck(fixed.volume, moving.volume, brains: brains, progress: progress)
  else { return nil }
  var judged = JudgedSides(first: fixed.sha256, second: moving.sha256, agreement: found)
  if judged.isBlocking {
    judged.firstLikeness = ImageLikeness(fixed.volume)
    judged.secondLikeness = ImageLikeness(moving.volume)
  }
  return judged
}

/// What is said where two images cannot be compared.
package func noBrain(_ names: (String, String)) -> Problem {
  Problem(
    .data, "\(names.0), \(names.1)", "no brain was found in one of them",
    expected: "images of a head")
}

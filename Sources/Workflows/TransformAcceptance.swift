package import Basics
package import ImageFiles
package import Imaging
import Registration
package import Study

/// What speaks against taking a transform, so that a person who takes it must say why.
package enum TransformAcceptance {
  /// What spoke against it when it was made or looked at, and what is not known of the two images' sides.
  ///
  /// - Throws: two images that are mirrored against each other, about which nobody decided.
  package static func doubts(_ t: Transform, name: String) throws(Problem) -> [String] {
    // That an affine map fits no folds holds for every one of them, and is told with each use.
    let own = t.warnings.filter { $0 != RegistrationAnswer.affineWarning }
    return own + (try sidesDoubt(t.moving.sha256, t.fixed.sha256, name: name).map { [$0] } ?? [])
  }

  /// What is not known of the sides of two images; nil where they agree, or a person decided that they do.
  package static func sidesDoubt(
    _ moving: String, _ fixed: String, name: String
  ) throws(Problem) -> String? {
    guard let judged = SideLedger.judged(moving, fixed) else {
      return "sides not compared: nothing says that MOVING and FIXED agree about left and right"
    }
    guard !judged.isBlocking else {
      throw Problem(
        .data, name,
        "it is not accepted: of MOVING and FIXED it was found: \(judged.agreement.words)",
        expected: "images that agree about left and right, or a person's decision",
        remedy:
          "Find out which of the two is wrong; if both are right, say why with `boldspect flipcheck --decide`"
      )
    }
    guard judged.agreement.verdict == .unknown, judged.decision == nil else { return nil }
    return "sides not told: \(judged.agreement.words)"
  }

  /// The transform as a person takes it.
  ///
  /// - Parameter because: why it is right in spite of what speaks against it, typed.
  /// - Throws: one that something speaks against, without a reason.
  package static func accepted(
    _ kept: TransformFile.Either, because: String?, name: String
  ) throws(Problem) -> TransformFile.Either {
    let doubts = try doubts(try TransformFile.matrix(of: kept, file: name), name: name)
    let words = try because.map { (text) throws(Problem) in
      try typedReason(text, of: "--because", expected: "why it is right all the same, in words")
    }
    guard doubts.isEmpty || words != nil else {
      throw Problem(
        .usage, name, "something speaks against it: \(doubts.joined(separator: "; "))",
        expected: "why it is right all the same: --because, in the viewer after the name",
        remedy: "`flipcheck`, `transform look` and in the viewer :flipcheck compare the two images")
    }
    return TransformFile.accepted(kept, true, because: words, doubts: doubts)
  }
}

/// The verdict about the sides of two images that are in memory, from what is known or from a comparison.
///
/// - Returns: nil where no brain was found in one of them.
package func judgedSides(
  fixed: (ImageDescription, Volume, Mask?), moving: (ImageDescription, Volume, Mask?),
  progress: WorkProgress
) throws(Problem) -> (judged: JudgedSides, isNew: Bool)? {
  if let known = SideLedger.judged(fixed.0, moving.0) { return (known, false) }
  return try newlyJudgedSides(
    fixed: (fixed.0.sha256, fixed.1), moving: (moving.0.sha256, moving.1),
    brains: (fixed.2, moving.2), names: (fixed.0.name, moving.0.name), progress: progress
  ).map { ($0, true) }
}

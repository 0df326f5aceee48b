package import Basics
import Dispatch
import Glibc
import ImageFiles
package import Imaging

/// What is registered: an image, and what is known of it.
package struct RegistrationInput: Sendable {
  package var name: String
  package var volume: Volume
  /// Where its brain is, when a person gave it.
  package var brain: Mask?
  package var isTemplate: Bool

  package init(name: String, volume: Volume, brain: Mask? = nil, isTemplate: Bool = false) {
    self.name = name
    self.volume = volume
    self.brain = brain
    self.isTemplate = isTemplate
  }

  /// The brain that was given, else the one that is found; a given one leaves to find whether there is a skull.
  func foundBrain() -> FoundBrain? {
    let found = BrainFinder.brain(of: volume)
    guard let brain else { return found }
    return FoundBrain(
      kind: found?.kind ?? .unsure, mask: brain, scalpShare: found?.scalpShare ?? 0)
  }
}

/// A registration that was found, with what speaks for and against it.
package struct Registration: Sendable {
  package var fixedFromMoving: Affine
  package var before: Likeness
  package var after: Likeness
  /// How the two brains lie on each other; nil where one of them was not found.
  package var fit: BrainFit?
  /// How far apart other starts end, in mm: the mean and the most over the brain.
  package var spread: (mean: Double, most: Double)?
  package var moving: FoundBrain?
  package var fixed: FoundBrain?
  package var warnings: [String]
  package var seconds: Double

  /// What a person reads first.
  package var quality: String {
    var words: [String] = []
    words.append(fit?.words ?? BrainFit.unknown)
    if let spread {
      words.append(
        "other starts end \(plainNumber(spread.mean, 1)) mm from it (at most \(plainNumber(spread.most, 1)) mm)"
      )
    }
    return words.joined(separator: "; ")
  }
}

/// Carries MOVING onto FIXED: the better of two starts, then elastix on the brains, then other starts.
///
/// The start is where the headers put the two, or with the brains' middles on each other, whichever is more
/// alike; so images of one session keep their headers, and others are not lost. Where one image shows a skull and
/// the other does not, the skull is left out.
///
/// - Throws: a result that no human head needs, or whose brains do not lie on each other.
package func register(
  moving: RegistrationInput, fixed: RegistrationInput, _ kind: RegistrationKind, restarts: Int = 2,
  secondsAllowed: Double = 120, progress: WorkProgress
) throws(Problem) -> Registration {
  let began = DispatchTime.now().uptimeNanoseconds
  // Both as bytes and as numbers, smoothed, their masks and distances, and what is tried.
  try MemoryBudget.require(
    MemoryBudget.product(24, moving.volume.grid.count + fixed.volume.grid.count), of: moving.name,
    for: "registering it")
  progress.report("looking for the brains", 0)
  let pair = BrainPair(moving: moving, fixed: fixed, kind)
  try progress.check()
  let before = pair.meter.likeness(.identity)
  let start = pair.start
  let found = try pair.registered(
    from: start, .full, secondsAllowed: secondsAllowed, progress: progress)
  let after = pair.meter.likeness(found)
  try pair.requireHuman(found)
  var out = Registration(
    fixedFromMoving: found, before: before, after: after, fit: pair.fit(found), spread: nil,
    moving: pair.movingBrain, fixed: pair.fixedBrain, warnings: [], seconds: 0)
  try pair.requireBrainsMeet(out.fit)
  out.spread = try pair.spread(
    around: found, restarts, secondsAllowed: secondsAllowed, progress: progress)
  out.warnings = pair.warnings(out)
  out.seconds = Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9
  return out
}

/// How far a transform carries a place, and the angle of its rotation (from the trace of its columns'
/// directions).
package func movement(_ t: Affine, about p: WorldPoint) -> (millimetres: Double, degrees: Double) {
  let m = t.rows
  let s = t.columnNorms
  let trace = m[0][0] / s.0 + m[1][1] / s.1 + m[2][2] / s.2
  return (t.applied(to: p).distance(to: p), acos(max(-1, min(1, (trace - 1) / 2))) * 180 / .pi)
}

extension Affine {
  /// A turn about the world's axes through a place, in degrees, and then a shift.
  package static func turn(
    degrees: WorldPoint, about p: WorldPoint, shift: WorldPoint = WorldPoint(0, 0, 0)
  ) -> Affine {
    func about(_ a: Int, _ b: Int, _ angle: Double) -> Affine {
      var rows = Affine.identity.rows
      let (c, s) = (cos(angle * .pi / 180), sin(angle * .pi / 180))
      (rows[a][a], rows[a][b], rows[b][a], rows[b][b]) = (c, -s, s, c)
      return Affine(rows: rows)
    }
    var rows = about(0, 1, degrees.z).composed(after: about(2, 0, degrees.y))
      .composed(after: about(1, 2, degrees.x)).rows
    let turned = Affine(rows: rows).applied(to: p)
    for axis in 0..<3 { rows[axis][3] = p[axis] - turned[axis] + shift[axis] }
    return Affine(rows: rows)
  }
}

/// How a map lays two brains on each other, from wherever it comes.
///
/// - Throws: one that no human head needs, or that does not lay the brains on each other.
package func plausible(
  _ map: Affine, moving: RegistrationInput, fixed: RegistrationInput
) throws(Problem) -> SeenMap {
  let pair = BrainPair(moving: moving, fixed: fixed, .affine)
  try pair.requireHuman(map)
  let fit = pair.fit(map)
  try pair.requireBrainsMeet(fit)
  let middle = pair.movingBrain?.mask.centre ?? moving.volume.grid.middle
  return SeenMap(
    fit: fit, moving: pair.movingBrain, fixed: pair.fixedBrain,
    warnings: (fit == nil ? [pair.unseen] : []) + HumanRange.warnings(map, about: middle))
}

/// How a map lays two brains on each other.
package struct SeenMap: Sendable {
  package var fit: BrainFit?
  package var moving: FoundBrain?
  package var fixed: FoundBrain?
  /// What speaks against it.
  package var warnings: [String]
}

package import Basics
import Dispatch
import Glibc
import ImageFiles
package import Imaging

/// A registration that was found, with what speaks for and against it.
package struct Registration: Sendable {
  package var fixedFromMoving: Affine
  package var before: Likeness
  package var after: Likeness
  package var warnings: [String]
  package var seconds: Double

  package init(
    fixedFromMoving: Affine, before: Likeness, after: Likeness, warnings: [String], seconds: Double
  ) {
    self.fixedFromMoving = fixedFromMoving
    self.before = before
    self.after = after
    self.warnings = warnings
    self.seconds = seconds
  }
}

/// Carries MOVING onto FIXED: the better of two starts, then elastix.
///
/// The start is where the headers put the two, or with the bright parts' centres on each other, whichever
/// is more alike; so images of one session keep their headers, and others are not lost.
package func register(
  moving: Volume, fixed: Volume, _ kind: RegistrationKind, secondsAllowed: Double = 120,
  progress: WorkProgress
) throws(Problem) -> Registration {
  let began = DispatchTime.now().uptimeNanoseconds
  let meter = LikenessMeter(fixed: fixed, moving: moving)
  let before = meter.likeness(.identity)
  var start = Affine.identity
  var warnings: [String] = []
  if let centre = meter.brightCentre,
    let target = LikenessMeter(fixed: moving, moving: fixed).brightCentre
  {
    let shift = Affine(rows: [
      [1, 0, 0, target.x - centre.x], [0, 1, 0, target.y - centre.y],
      [0, 0, 1, target.z - centre.z],
    ])
    if meter.likeness(shift).nmi > before.nmi { start = shift }
  }
  guard let there = moving.grid.carried(by: start) else {
    throw Problem(.data, "MOVING", "its geometry cannot be inverted")
  }
  let pull = try Elastix.movingFromFixed(
    moving: Volume(grid: there, values: moving.values), fixed: fixed, kind,
    secondsAllowed: secondsAllowed, progress: progress)
  guard let back = pull.inverse else {
    throw Problem(.data, "elastix", "its result cannot be inverted")
  }
  let found = back.composed(after: start)
  let after = meter.likeness(found)
  if after.overlap < 0.7 {
    warnings.append(
      "only \(rounded(100 * after.overlap)) % of MOVING's bright part lies inside FIXED: look at it"
    )
  }
  let movement = movement(found, about: meter.brightCentre ?? WorldPoint(0, 0, 0))
  if movement.millimetres > 40 || movement.degrees > 30 {
    warnings.append(
      "it moved \(rounded(movement.millimetres)) mm and turned \(rounded(movement.degrees))°: a far start can "
        + "end in a wrong place; look at it")
  }
  if after.nmi < before.nmi - 0.005 {
    warnings.append("the images are less alike than before: do not use it without looking")
  }
  return Registration(
    fixedFromMoving: found, before: before, after: after, warnings: warnings,
    seconds: Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9)
}

private func rounded(_ x: Double) -> String { plainNumber(x, 0) }

/// How far a transform carries a place, and the angle of its rotation (from the trace of its columns'
/// directions).
package func movement(_ t: Affine, about p: WorldPoint) -> (millimetres: Double, degrees: Double) {
  let m = t.rows
  let s = t.columnNorms
  let trace = m[0][0] / s.0 + m[1][1] / s.1 + m[2][2] / s.2
  return (t.applied(to: p).distance(to: p), acos(max(-1, min(1, (trace - 1) / 2))) * 180 / .pi)
}

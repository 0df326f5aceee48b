import Basics
import Glibc
package import Imaging

/// A target in the world of the person's own T1, with the coil that goes with it.
package struct CoilPlan: Sendable, Equatable {
  package var name: String
  package var side: Side
  /// The target in the T1's world, RAS+ mm.
  package var cortex: WorldPoint
  /// The scalp point nearest to it.
  package var scalp: WorldPoint
  package var pose: CoilPose
  /// From the scalp to the coil's centre, in mm.
  package var coilDistance: Double
  /// The handle's angle to the midline that was asked for, in degrees; the exported axis is laid onto the scalp.
  package var handleDegrees: Double

  package init(
    name: String, side: Side, cortex: WorldPoint, scalp: WorldPoint, pose: CoilPose,
    coilDistance: Double, handleDegrees: Double
  ) {
    self.name = name
    self.side = side
    self.cortex = cortex
    self.scalp = scalp
    self.pose = pose
    self.coilDistance = coilDistance
    self.handleDegrees = handleDegrees
  }

  /// From the scalp to the target, in mm.
  package var depth: Double { scalp.distance(to: cortex) }

  /// The angle of the exported axis to the midline in the axial plane, to the back and outwards; nil where the axis
  /// stands almost upright, so that it has no angle there.
  package var axialHandleDegrees: Double? {
    let y = pose.y
    guard hypot(y.x, y.y) > 0.1 else { return nil }
    let medial = side == .left ? y.x : side == .right ? -y.x : abs(y.x)
    return atan2(medial, y.y) * 180 / .pi
  }

  /// "45 degrees from the midline asked for, laid onto the scalp: 40.0 degrees in the axial plane".
  package var handleAngleWords: String {
    "\(plainNumber(handleDegrees, 1)) degrees from the midline asked for, laid onto the scalp: "
      + (axialHandleDegrees.map { "\(fixed($0, 1)) degrees in the axial plane" }
        ?? "almost upright, no angle in the axial plane")
  }

  /// Our own rule, not a published one: how a figure-8 coil reaches that deep.
  package var depthWords: String {
    depth <= 25
      ? "within reach of a figure-8 coil (our rule: 25 mm)"
      : depth <= 35
        ? "deep for a figure-8 coil (our rule: 25 to 35 mm)"
        : "likely out of reach of a figure-8 coil (our rule: beyond 35 mm)"
  }
}

/// How much stronger the stimulus must be than at the motor spot because the target lies deeper
/// (Stokes 2005, 2007, 2013): AdjMT% = MT% + m (D_site − D_M1), m in % of the output per mm.
package struct DoseAdjustment: Sendable, Equatable {
  package static let perMillimetre = 2.8
  package static let range = 2.7...3.0

  package var siteMillimetres: Double
  package var motorMillimetres: Double

  package init(siteMillimetres: Double, motorMillimetres: Double) {
    self.siteMillimetres = siteMillimetres
    self.motorMillimetres = motorMillimetres
  }

  /// Points of stimulator output to be added to a motor threshold in the same points.
  package func added(perMillimetre m: Double = perMillimetre) -> Double {
    m * (siteMillimetres - motorMillimetres)
  }

  package var words: String {
    let low = added(perMillimetre: Self.range.lowerBound)
    let high = added(perMillimetre: Self.range.upperBound)
    return
      "motor threshold \(fixed(added(), 1, signed: true)) % of output for the depth "
      + "(\(fixed(min(low, high), 1, signed: true)) to \(fixed(max(low, high), 1, signed: true)); "
      + "\(fixed(siteMillimetres, 1)) mm here, \(fixed(motorMillimetres, 1)) mm at the hand area); "
      + "information, not a prescription"
  }
}

import Basics
package import Imaging

/// What an affine map may do to a human head.
package enum HumanRange {
  /// Volume of a head's inside in cm³ that a template is compared with: the estimated total intracranial volume is
  /// 1948 cm³ over the determinant of the map to the template (Buckner and others 2004, NeuroImage 23:724; the
  /// constant is FreeSurfer's), and lies between 1000 and 2100 cm³ in adults of both sexes and of old age there.
  static let templateVolume = 1948.0
  static let volumes = 950.0...2300.0

  /// The longest over the shortest stretch: heads differ in their proportions by the cephalic index, width over
  /// length, which runs from 0.70 to 0.90 in adults, so that of two heads one is at most 1.3 times as wide for
  /// its length; some slack for height.
  static let proportions = 1.4

  /// Between two directions that were at right angles; a head that was only turned and scaled keeps them.
  static let shearDegrees = 12.0

  /// Volumes of brains laid on each other, carried over other: a skull laid on a brain's edge is 0.6 to 0.75 or
  /// 1.35 to 1.6, masks of one brain by different means differ by up to a fifth.
  static let brainRatio = 0.76...1.32

  /// Mean distance of two surfaces, in mm, above which two brains do not lie on each other.
  static let surfaceMillimetres = 6.0

  /// 95 of 100 places of the surfaces are nearer than this where the brains lie on each other, in mm.
  static let mostMillimetres = 15.0

  /// Both headers say where front, left and top are: nobody lies turned by more against another image of his head.
  static let turnDegrees = 75.0

  /// A turn, and a shift in mm, beyond which a start that was far off may have ended in a wrong place.
  static let doubtfulDegrees = 30.0
  static let doubtfulMillimetres = 40.0

  /// What speaks against a map that a head may need all the same.
  ///
  /// - Parameter middle: of what it carries.
  package static func warnings(_ map: Affine, about middle: WorldPoint) -> [String] {
    let moved = movement(map, about: middle)
    guard moved.millimetres > doubtfulMillimetres || moved.degrees > doubtfulDegrees else {
      return []
    }
    return [
      "it moved \(plainNumber(moved.millimetres, 0)) mm and turned \(plainNumber(moved.degrees, 0))°: "
        + "a far start can end in a wrong place; look at it"
    ]
  }

  /// Why a map is none of a human head; nil where it may be one.
  ///
  /// - Parameters:
  ///   - movingIsTemplate: whether MOVING is a template and no person's head.
  ///   - fixedIsTemplate: the same of FIXED.
  package static func objection(
    to map: Affine, movingIsTemplate: Bool, fixedIsTemplate: Bool
  ) -> (found: String, expected: String)? {
    let turned = movement(map, about: WorldPoint(0, 0, 0)).degrees
    guard turned <= turnDegrees else {
      return (
        "it turns the head by \(plainNumber(turned, 0))° against what both headers say",
        "at most \(plainNumber(turnDegrees, 0))°"
      )
    }
    let determinant = map.determinant
    let low = templateVolume / volumes.upperBound
    let high = templateVolume / volumes.lowerBound
    let range: ClosedRange<Double> =
      switch (movingIsTemplate, fixedIsTemplate) {
      case (false, true): low...high
      case (true, false): 1 / high...1 / low
      case (true, true): 0.75...1.33
      case (false, false): low / high...high / low
      }
    guard range.contains(determinant) else {
      return (
        "it changes the head's volume by a factor of \(plainNumber(determinant, 2)) (determinant), which no human head needs",
        "\(plainNumber(range.lowerBound, 2)) to \(plainNumber(range.upperBound, 2))"
      )
    }
    let (least, most) = map.stretches
    guard most / least <= proportions else {
      return (
        "it stretches one direction \(plainNumber(most / least, 2)) times as much as another",
        "at most \(plainNumber(proportions, 2))"
      )
    }
    let shear = map.shearDegrees
    guard shear <= shearDegrees else {
      return (
        "it shears right angles by \(plainNumber(shear, 1))°",
        "at most \(plainNumber(shearDegrees, 0))°"
      )
    }
    return nil
  }
}

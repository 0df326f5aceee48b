package import Imaging

/// The plane that a head is mirrored at: the points w with `normal · w = offset`.
///
/// The normal has length 1 and points to the person's right, so the sign of `distance(to:)` is the
/// side: negative is LEFT.
package struct MirrorPlane: Sendable, Equatable {
  package let normal: WorldPoint
  /// Millimetres from the world's origin along the normal.
  package let offset: Double
  /// Where it comes from, for the screen and for sidecars.
  package let origin: String
  /// Pearson r between the image and its mirror image; nil when nothing was estimated.
  package let similarity: Double?

  /// Template space: x = 0.
  package static let mni = MirrorPlane(
    normal: WorldPoint(1, 0, 0), offset: 0, origin: "x = 0 of MNI152", similarity: nil)

  /// - Parameters:
  ///   - yaw: turn about the z axis in radians, positive moves the front of the plane to the left.
  ///   - roll: tilt about the y axis in radians.
  ///   - x: where the plane meets the line through `centre` along x, in mm from it.
  init(
    yaw: Double, roll: Double, x: Double, centre: WorldPoint, origin: String, similarity: Double?
  ) {
    // Tangents instead of sines: exact enough as parameters, and no C library is needed.
    let length = (1 + yaw * yaw + roll * roll).squareRoot()
    normal = WorldPoint(1 / length, yaw / length, roll / length)
    offset =
      normal.x * (centre.x + x) + normal.y * centre.y + normal.z * centre.z
    self.origin = origin
    self.similarity = similarity
  }

  package init(normal: WorldPoint, offset: Double, origin: String, similarity: Double?) {
    self.normal = normal
    self.offset = offset
    self.origin = origin
    self.similarity = similarity
  }

  /// Signed distance in millimetres: negative on the person's left.
  package func distance(to w: WorldPoint) -> Double {
    normal.x * w.x + normal.y * w.y + normal.z * w.z - offset
  }

  /// The same place on the other side.
  package func mirrored(_ w: WorldPoint) -> WorldPoint {
    let twice = 2 * distance(to: w)
    return WorldPoint(w.x - twice * normal.x, w.y - twice * normal.y, w.z - twice * normal.z)
  }

  /// The side word of a place; within 1 mm of the plane it is the midline.
  package func side(of w: WorldPoint) -> Side { Side(x: distance(to: w), tolerance: 1) }
}

import Basics
package import Imaging

/// Where the brain lies in MNI152, about: the ellipsoid in the box of the Colin 27 brain (ch2bet of Debian's
/// mricron-data), of 2.2 litres.
enum TemplateBrain {
  static let centre = WorldPoint(0, -17, 6)
  static let halfAxesMillimetres = WorldPoint(74, 92, 77)
  static var litres: Double {
    let a = halfAxesMillimetres
    return 4 / 3 * .pi * a.x * a.y * a.z / 1e6
  }

  static func contains(_ p: WorldPoint) -> Bool {
    let (c, a) = (centre, halfAxesMillimetres)
    let (x, y, z) = ((p.x - c.x) / a.x, (p.y - c.y) / a.y, (p.z - c.z) / a.z)
    return x * x + y * y + z * z <= 1
  }
}

extension Mask {
  /// How much of it lies where brains lie in MNI152, or how much of that place it fills where it is larger, as a
  /// whole head is; nil where it is too small to say.
  package var shareInTemplate: Double? {
    let litresOfOne = grid.voxelVolume / 1e6
    let litres = Double(count) * litresOfOne
    guard litres >= 0.3 else { return nil }
    let inside = offsets.reduce(0) {
      $0 + (TemplateBrain.contains(grid.world(at: Int($1))) ? 1 : 0)
    }
    return Double(inside) * litresOfOne / min(litres, TemplateBrain.litres)
  }
}

/// What is said of a brain that does not lie where MNI152 has it, whatever the header or a name says: every place and
/// region would be another one.
enum TemplatePlace {
  /// Displaced by 5 cm half is left, by 3 cm three quarters; of brains that were registered more than 0.9.
  private static let (refused, doubted) = (0.5, 0.75)

  static func refusal(_ share: Double, _ name: String) -> Problem? {
    guard share < refused else { return nil }
    return Problem(
      .data, name, words(share), expected: "an image that was registered to MNI152",
      remedy: "Register it, or say --space native to work without places of MNI152")
  }

  static func doubt(_ share: Double, _ name: String) -> Problem? {
    guard share >= refused, share < doubted else { return nil }
    return Problem(.data, name, words(share), remedy: "Look at its outline on the template")
  }

  private static func words(_ share: Double) -> String {
    "only \(plainNumber(100 * share, 0)) % of its brain lies where MNI152 has it, and it is said to be in MNI152"
  }
}

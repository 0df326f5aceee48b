import Basics
import Imaging
import Registration
import Viewer

/// The brains of a SPECT and of what it lies over, found once for all places that it is laid in.
package struct SPECTBrains: Sendable {
  let spect: Int
  private let moving: FoundBrain?
  private let fixed: FoundBrain?
  private let surfaces: (moving: BrainSurface, fixed: BrainSurface)?
  /// How far other starts ended from a place that was registered.
  var spread: (mean: Double, most: Double, of: Affine)?
  /// What a registration warned of, and the place that it found.
  var found: (warnings: [String], of: Affine)?

  init(_ spect: Int, moving: FoundBrain?, fixed: FoundBrain?, _ image: Volume, _ other: Volume) {
    self.spect = spect
    self.moving = moving
    self.fixed = fixed
    surfaces = moving.flatMap { m in
      fixed.map {
        (BrainSurface(m.mask, field: image.grid), BrainSurface($0.mask, field: other.grid))
      }
    }
  }

  /// The outlines with how far they are apart where the SPECT lies now.
  func outlines(at place: Affine) -> BrainOutlines {
    let fit = surfaces.flatMap { BrainFit(moving: $0.moving, fixed: $0.fixed, place) }
    var words =
      fit?.words
      ?? (moving == nil || fixed == nil
        ? "no brain was found in one of the two: nothing but your eyes tells"
        : "too little of both brains is in both images to measure")
    if let spread, spread.of == place {
      words +=
        "; other starts end \(Basics.fixed(spread.mean, 1)) mm from it (at most \(Basics.fixed(spread.most, 1)))"
    }
    let middle = moving?.mask.centre ?? WorldPoint(0, 0, 0)
    var warnings = (fit == nil ? [words] : []) + HumanRange.warnings(place, about: middle)
    if let found, found.of == place {
      warnings += found.warnings.filter { !warnings.contains($0) }
    }
    return BrainOutlines(
      anatomy: fixed?.mask, own: moving?.mask, words: words, warnings: warnings)
  }
}

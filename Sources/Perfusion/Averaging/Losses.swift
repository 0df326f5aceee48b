import Basics
import Glibc
package import Imaging

/// What a camera and its time leave of an image, in numbers that hold everywhere.
package struct Losses: Sendable, Equatable {
  package let averaging: Averaging
  package let window: TimeWindow
  /// Of the mask, in cubic millimetres.
  package let brainVolume: Double

  package init(averaging: Averaging, window: TimeWindow, mask: Mask) {
    self.averaging = averaging
    self.window = window
    brainVolume = Double(mask.count) * mask.grid.voxelVolume
  }

  /// What the image is blurred to along each axis.
  package var reachedFWHM: (Double, Double, Double) { averaging.reachedFWHM }

  private var geometricFWHM: Double {
    let f = reachedFWHM
    return pow(f.0 * f.1 * f.2, 1.0 / 3)
  }

  package var elementsBefore: Double {
    resolutionElements(cubicMillimetres: brainVolume, fwhm: averaging.nativeFWHM)
  }
  package var elementsAfter: Double {
    resolutionElements(cubicMillimetres: brainVolume, fwhm: reachedFWHM)
  }
  /// How many of the run's resolution elements the camera puts into one.
  package var elementRatio: Double { elementsBefore / elementsAfter }

  /// Part of a sphere's contrast that is left in its middle, by the camera alone.
  package func recovery(ofSphere diameter: Double) -> Double {
    sphereRecovery(diameter: diameter, fwhm: geometricFWHM)
  }

  /// The same for cortex.
  package func recovery(ofSlab thickness: Double) -> Double {
    slabRecovery(thickness: thickness, fwhm: geometricFWHM)
  }

  /// Part of a change of so many seconds that is left at its place, when it begins with the window.
  package func dilution(ofSeconds seconds: Double) -> Double {
    window.dilution(ofSeconds: seconds)
  }

  /// One line for a screen.
  package var summary: String {
    "10 mm focus \(percent(recovery(ofSphere: 10))), cortex of 3 mm \(percent(recovery(ofSlab: 3))), "
      + "\(fixed(elementRatio, elementRatio < 10 ? 1 : 0))× fewer resolution elements, "
      + "60 s event \(percent(dilution(ofSeconds: 60)))"
  }

  private func percent(_ x: Double) -> String {
    x.isFinite ? "\(fixed(100 * x, x < 0.1 ? 1 : 0)) %" : "–"
  }
}

/// What is left at one place.
package struct LossesAtPlace: Sendable, Equatable {
  package let place: WorldPoint
  /// The image before and after the camera, in its own unit.
  package let before: Double
  package let after: Double
  /// Part of the local contrast that is left (`ContrastKept`); NaN where there was none.
  package let contrastKept: Double

  package init(place: WorldPoint, before: Double, after: Double, contrastKept: Double) {
    self.place = place
    self.before = before
    self.after = after
    self.contrastKept = contrastKept
  }

  /// After by before: the recovery coefficient of this voxel. NaN where before is 0.
  package var recovery: Double { before != 0 ? after / before : .nan }
}

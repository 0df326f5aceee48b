package import Basics
package import Connectivity
package import ImageFiles
package import Imaging
package import Perfusion
import Study

/// What a seed map is written as.
package enum MapStatistic: String, Sendable, CaseIterable {
  /// Pearson r, Fisher z, z by the effective number of observations, two-sided p, false discovery
  /// rate, and that number itself.
  case r, z, zstat, p, q, n

  package var title: String {
    switch self {
    case .r: "Pearson r"
    case .z: "Fisher z"
    case .zstat: "z of r by Student's t on effective N"
    case .p: "two-sided p"
    case .q: "false discovery rate q"
    case .n: "effective N"
    }
  }

  package var needsInference: Bool { self != .r && self != .z }

  /// How a header says what the values are; Fisher's z is no test statistic.
  package func meaning(degreesOfFreedom: Int) -> ValueMeaning {
    switch self {
    case .r: .correlation(degreesOfFreedom: degreesOfFreedom)
    case .zstat: .zScore
    case .p: .probability
    case .z, .q, .n: .estimate(title)
    }
  }
}

/// The values of a seed map in a statistic; `inference` where that needs it.
package func values(
  of map: SeedMap, as statistic: MapStatistic, _ inference: MapInference?
) -> Volume {
  switch statistic {
  case .r: map.volume
  case .z: map.zVolume
  case .zstat: map.mask.volume(inference?.z ?? [])
  case .p: map.mask.volume(inference?.p ?? [])
  case .q: map.mask.volume(inference?.q ?? [])
  case .n: map.mask.volume(inference?.effectiveN ?? [])
  }
}

/// Resamples a SPECT (linear) to the displayed grid and scales it to the reference.
///
/// - Parameter reference: a mask on the displayed grid; nil takes the brain mask, named whole brain.
package func measuredSPECT(
  _ image: Volume, on grid: Grid, brain: Mask, reference: (mask: Mask, name: String)?,
  placement: Placement, fileName: String
) throws(Problem) -> MeasuredSPECT {
  let onGrid = image.grid.matches(grid) ? image : image.resampled(to: grid, .linear)
  guard onGrid.values.contains(where: \.isFinite) else {
    throw Problem(
      .data, fileName, "it does not overlap the displayed image",
      expected: "a SPECT of the same head in the same space")
  }
  let uptake = try Uptake(
    onGrid, reference: reference?.mask ?? brain, name: reference?.name ?? "whole brain")
  return MeasuredSPECT(uptake: uptake, placement: placement)
}

/// The same with a reference that was measured on the image's own voxels.
package func measuredSPECT(
  _ onGrid: Volume, mean: Double, name: String, placement: Placement, fileName: String
) throws(Problem) -> MeasuredSPECT {
  guard onGrid.values.contains(where: \.isFinite) else {
    throw Problem(
      .data, fileName, "it does not overlap the displayed image",
      expected: "a SPECT of the same head in the same space")
  }
  return MeasuredSPECT(
    uptake: try Uptake(onGrid, mean: mean, name: name), placement: placement)
}

/// Measured minus simulated, both standardised within the mask where both have data. Not a test.
package func spectDifference(
  _ measured: MeasuredSPECT, _ simulated: SimulatedSPECT, in mask: Mask
) -> Volume {
  let a = mask.offsets.map { measured.volume.values[Int($0)] }
  let b = mask.offsets.map { simulated.volume.values[Int($0)] }
  return mask.volume(standardisedDifference(a, b))
}

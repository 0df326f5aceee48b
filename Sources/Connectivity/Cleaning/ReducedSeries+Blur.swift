package import Basics
import Imaging

extension ReducedSeries {
  /// The series as a camera would have kept every frame of them: each frame convolved, what lies outside
  /// the mask counting as zero, and cleaned afterwards.
  ///
  /// Convolution in space and projection in time commute, so the coordinates are convolved: as many as
  /// there are degrees of freedom instead of frames. A constant image, which the projection removes,
  /// takes its blurred edge with it.
  /// - Parameter fwhm: of the kernel along each voxel axis in millimetres.
  /// - Throws: only that the person cancelled.
  package func blurred(
    fwhm: (Double, Double, Double), progress: WorkProgress = .silent
  ) throws(Problem) -> ReducedSeries {
    let smooth = try smoothCoordinates(
      unit, norms, mask, degreesOfFreedom, fwhm, noData: .zero, progress)
    return ReducedSeries(
      mask: mask, projection: projection, denoising: denoising,
      repetitionTimeSeconds: repetitionTimeSeconds, unit: smooth.unit, norms: smooth.norms)
  }

  /// Mask places whose centres lie nearer than a distance to a voxel of a seed: a camera of that
  /// resolution correlates them with it whatever the brain does.
  package func places(
    nearerThan distance: Double, to seed: Seed
  ) throws(Problem) -> [Int] {
    var out: Set<Int> = []
    for place in try seed.places(in: mask) {
      let centre = mask.grid.world(at: Int(mask.offsets[place]))
      for near in mask.places(around: centre, radius: distance) {
        // `places(around:)` takes the distance itself too.
        let at = mask.grid.world(at: Int(mask.offsets[near]))
        if at.distance(to: centre) < distance - 1e-6 || near == place { out.insert(near) }
      }
    }
    return out.sorted()
  }
}

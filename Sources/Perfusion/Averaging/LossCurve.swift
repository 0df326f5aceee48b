package import Basics
package import Imaging

/// What cameras of several widths keep of one image: a row for each, in the order in which they were asked for.
package struct LossCurve: Sendable {
  package struct Point: Sendable {
    package let losses: Losses
    /// Median over the brain of the local contrast that is kept (`ContrastKept`), 0 to 1.
    package let contrastKept: Double

    package var targetFWHM: Double { losses.averaging.targetFWHM }
    /// "10 mm", or "stays 5.4 mm" where the image itself is coarser.
    package var reachedWords: String { losses.averaging.reachedWords }
  }

  package let points: [Point]

  /// - Parameters:
  ///   - before: the image before any camera, one value per voxel of the mask.
  ///   - widths: FWHM of each camera in mm.
  ///   - averaging: what the image has already.
  package init(
    of before: [Float], widths: [Double], _ averaging: Averaging, _ window: TimeWindow,
    in mask: Mask, progress: WorkProgress = .silent
  ) throws(Problem) {
    var found: [Point] = []
    for (n, width) in widths.enumerated() {
      try progress.check()
      var camera = averaging
      camera.targetFWHM = width
      let kept = ContrastKept(before: before, kernel: camera.kernelFWHM, in: mask)
      found.append(
        Point(
          losses: Losses(averaging: camera, window: window, mask: mask), contrastKept: kept.median))
      progress.report("widths", Double(n + 1) / Double(widths.count))
    }
    points = found
  }
}

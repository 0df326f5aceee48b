package import Imaging

/// How much of an image's local contrast is left after a camera, at every place.
///
/// Contrast is the standard deviation over a Gaussian neighbourhood of the mask whose FWHM is the camera's
/// resolution, and what is kept is the ratio of that after the camera to that before. It needs no
/// region to be drawn; where the image was flat before there is nothing to keep and no number.
package struct ContrastKept: Sendable {
  /// 1 is all, 0 nothing; NaN outside the mask and where the image is flat.
  package let kept: [Float]
  package let mask: Mask
  /// Median over the mask.
  package let median: Double

  /// - Parameters:
  ///   - before, after: one value per mask voxel.
  ///   - neighbourhood: FWHM in mm.
  package init(before: [Float], after: [Float], in mask: Mask, neighbourhood fwhm: Double) {
    precondition(before.count == mask.count && after.count == mask.count)
    self.mask = mask
    let a = localDeviation(before, mask, fwhm)
    let b = localDeviation(after, mask, fwhm)
    // Rounding is no contrast.
    let floor = 1e-4 * (a.filter(\.isFinite).max() ?? 0)
    kept = a.indices.map { a[$0] > floor ? b[$0] / a[$0] : .nan }
    median = Double(boldspectPercentile(kept.filter(\.isFinite), 50) ?? .nan)
  }

  /// 1 − kept: a map of what was lost. Below 0 where the camera made an edge that was not there, as at
  /// the outline of the brain.
  package var lost: Volume { mask.volume(kept.map { 1 - $0 }) }
}

/// Standard deviation over a Gaussian neighbourhood inside the mask.
private func localDeviation(_ values: [Float], _ mask: Mask, _ fwhm: Double) -> [Float] {
  let finite = values.filter(\.isFinite)
  // Around the mean, so that the difference of squares keeps its digits.
  let mean = Float(finite.reduce(0.0) { $0 + Double($1) } / Double(max(1, finite.count)))
  let centred = values.map { $0 - mean }
  func smooth(_ x: [Float]) -> [Float] {
    let out = smoothedValues(
      mask.volume(x).values, mask.grid, fwhm: (fwhm, fwhm, fwhm), noData: .renormalised)
    return mask.offsets.map { out[Int($0)] }
  }
  let first = smooth(centred)
  let second = smooth(centred.map { $0 * $0 })
  return first.indices.map { max(0, second[$0] - first[$0] * first[$0]).squareRoot() }
}

package import Imaging

/// How much of an image's local contrast is left after a camera, at every place.
///
/// Contrast is what an image does over a fixed neighbourhood inside the brain (a Gaussian of
/// `neighbourhoodFWHM`), and what is kept of it is the slope of the image after the camera on that before:
/// cov(before, after)/var(before), from 0 to 1. A grating keeps the camera's modulation transfer. The slope,
/// unlike the ratio of the two standard deviations, does not count what the camera spreads in from
/// elsewhere as contrast that was kept. It needs no region to be drawn; where the image was flat before there
/// is nothing to keep and no number.
///
/// The camera is asked of the brain alone: its kernel is renormalised inside the mask, so that the fall to
/// nothing at the brain's edge is no contrast.
package struct ContrastKept: Sendable {
  /// 1 is all, 0 nothing; NaN outside the mask and where the image is flat.
  package let kept: [Float]
  package let mask: Mask
  /// Median over the mask.
  package let median: Double
  /// Where the camera's picture of it has no data.
  package let measured: MeasuredPart

  /// FWHM of the neighbourhood in mm, whatever the camera: about two gyri, twice a SPECT camera's resolution.
  package static let neighbourhoodFWHM = 20.0

  /// - Parameters:
  ///   - before: one value per mask voxel; not finite is no data.
  ///   - kernel: FWHM along i, j, k in mm of what the camera adds (`Averaging.kernelFWHM`).
  package init(before: [Float], kernel: (Double, Double, Double), in mask: Mask) {
    precondition(before.count == mask.count)
    self.mask = mask
    measured = MeasuredPart(of: before, in: mask, fwhm: kernel)
    let centred = centredOnMean(before)
    let after = smoothedInside(centred, mask, kernel)
    let f = Self.neighbourhoodFWHM
    func local(_ x: [Float]) -> [Float] { smoothedInside(x, mask, (f, f, f)) }
    let (a, b) = (local(centred), local(after))
    let products = local(zip(centred, after).map { $0 * $1 })
    let squares = local(centred.map { $0 * $0 })
    let variances = a.indices.map { max(0, squares[$0] - a[$0] * a[$0]) }
    // Rounding is no contrast.
    let floor = 1e-8 * (variances.filter(\.isFinite).max() ?? 0)
    kept = a.indices.map { n in
      guard variances[n] > floor else { return .nan }
      return max(0, min(1, (products[n] - a[n] * b[n]) / variances[n]))
    }
    median = Double(boldspectPercentile(kept.filter(\.isFinite), 50) ?? .nan)
  }

  /// 1 − kept: a map of what was lost.
  package var lost: Volume { mask.volume(kept.map { 1 - $0 }) }
}

/// Around the mean, so that differences of squares keep their digits.
private func centredOnMean(_ values: [Float]) -> [Float] {
  let finite = values.filter(\.isFinite)
  let mean = Float(finite.reduce(0.0) { $0 + Double($1) } / Double(max(1, finite.count)))
  return values.map { $0 - mean }
}

private func smoothedInside(
  _ values: [Float], _ mask: Mask, _ fwhm: (Double, Double, Double)
) -> [Float] {
  let out = smoothedValues(mask.volume(values).values, mask.grid, fwhm: fwhm, noData: .renormalised)
  return mask.offsets.map { out[Int($0)] }
}

import Imaging

/// The words that every simulated image carries, on screen and in files.
package func simulatedBanner(proxy: String, fwhm: Double, seconds: Double?) -> String {
  let time = seconds.map { "\(plainNumber($0, 0)) s" } ?? "unknown time"
  return
    "SIMULATED FROM rsfMRI (proxy=\(proxy), FWHM=\(plainNumber(fwhm, 1)) mm, T=\(time)) – NOT A "
    + "PERFUSION MEASUREMENT"
}

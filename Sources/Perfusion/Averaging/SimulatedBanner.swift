import Basics
import Imaging

/// The words that every simulated image carries, on screen and in files.
///
/// - Parameters:
///   - source: where the proxy comes from.
///   - time: what was averaged over, as "390 s".
package func simulatedBanner(
  proxy: String, source: String = "rsfMRI", fwhm: Double, time: String
) -> String {
  "SIMULATED FROM \(source) (proxy=\(proxy), FWHM=\(plainNumber(fwhm, 1)) mm, T=\(time)) – NOT A "
    + "PERFUSION MEASUREMENT"
}

/// The same with a camera in words in place of one width.
package func simulatedBanner(
  proxy: String, source: String, camera: String, time: String
) -> String {
  "SIMULATED FROM \(source) (proxy=\(proxy), \(camera), T=\(time)) – NOT A PERFUSION MEASUREMENT"
}

package func simulatedBanner(proxy: String, fwhm: Double, seconds: Double?) -> String {
  simulatedBanner(
    proxy: proxy, fwhm: fwhm, time: seconds.map { "\(plainNumber($0, 0)) s" } ?? "unknown time")
}

/// The same for what came through the simulated camera; `what` is its step, as "OSEM 4 x 8".
package func cameraBanner(_ what: String, collimator: String, counts: Double?) -> String {
  let noise = counts.map { "\(plainNumber($0 / 1e6, 3)) M counts" } ?? "no noise"
  return "SIMULATED SPECT (\(what), \(collimator), \(noise)) – NOT A PERFUSION MEASUREMENT"
}

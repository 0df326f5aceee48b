import Imaging

/// The words that every simulated image carries, on screen and in files.
package func simulatedBanner(proxy: String, fwhm: Double, seconds: Double?) -> String {
  let time = seconds.map { "\(plainNumber($0, 0)) s" } ?? "unknown time"
  return
    "SIMULATED FROM rsfMRI (proxy=\(proxy), FWHM=\(plainNumber(fwhm, 1)) mm, T=\(time)) – NOT A "
    + "PERFUSION MEASUREMENT"
}

/// The same for what came through the simulated camera; `what` is its step, as "OSEM 4 x 8".
package func cameraBanner(_ what: String, collimator: String, counts: Double?) -> String {
  let noise = counts.map { "\(plainNumber($0 / 1e6, 3)) M counts" } ?? "no noise"
  return "SIMULATED SPECT (\(what), \(collimator), \(noise)) – NOT A PERFUSION MEASUREMENT"
}

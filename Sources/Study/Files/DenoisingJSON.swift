package import Basics
package import Connectivity

/// How a run was cleaned, for sidecars and records.
package func denoisingJSON(_ d: Denoising) -> [(String, JSON)] {
  [
    ("polort", .int(d.polort)),
    (
      "band_hz",
      d.bandHertz.map { .numbers([$0.lowerBound, $0.upperBound]) } ?? .null
    ),
    ("high_pass_s", .optional(d.highPassHertz.map { 1 / $0 })),
    ("confounds", .array(d.confounds.map { .string($0.name) })),
    ("global_signal_removed", .bool(d.touchesGlobalSignal)),
    ("frames_dropped", .int(d.droppedFrames)),
    ("frames_censored", .array(d.censoredFrames.map(JSON.int))),
    (
      "censoring",
      .optional(d.censoringDegrees.map { _ in d.interpolatesCensored ? "interpolate" : "joint" })
    ),
    ("smoothing_fwhm_mm", .number(d.smoothingFWHM)),
    ("motion", .string(d.modelsMotion ? "modelled" : "MOTION NOT MODELLED")),
  ]
}

/// How several runs were cleaned: the first one's settings, and which frames each left out.
package func denoisingJSON(_ runs: [PreparedRun]) -> [(String, JSON)] {
  guard let first = runs.first else { return [] }
  if runs.count == 1 { return denoisingJSON(first.denoising) }
  let perRun = ["frames_dropped", "frames_censored"]
  return denoisingJSON(first.denoising).filter { !perRun.contains($0.0) } + [
    ("frames_dropped", .array(runs.map { .int($0.denoising.droppedFrames) })),
    (
      "frames_censored",
      .array(runs.map { .array($0.denoising.censoredFrames.map(JSON.int)) })
    ),
  ]
}

package import Basics
import Connectivity
import ImageFiles
package import Imaging
package import Perfusion
package import Study

/// A simulated image with its SIMULATED line and what its sidecar says of the way it was made.
package struct SimulatedPicture {
  package var image: Volume
  package var banner: String
  package var parameters: [(String, JSON)]
  /// What must be said of it.
  package var findings: [Finding] = []
}

extension AveragedRun {
  /// Tiers 0 and 1: the proxy blurred, with noise where a level is given.
  ///
  /// - Parameter counts: of the scan that a level in counts is meant for.
  package func simulated(
    _ proxy: PerfusionProxy, noise level: NoiseLevel?, counts: Double, noiseSeed: UInt64,
    progress: WorkProgress
  ) throws(Problem) -> SimulatedPicture {
    var settings = settings
    (settings.noise, settings.noiseSeed) = (level, noiseSeed)
    let simulated = try simulateSPECT(of: prepared, proxy: proxy, settings, progress: progress)
    let percent = try level.map { (l) throws(Problem) in
      try l.percent(of: loaded.run.mask, fwhm: settings.averaging.targetFWHM)
    }
    return SimulatedPicture(
      image: simulated.volume, banner: simulated.banner,
      parameters: [
        ("noise_percent", .optional(percent)),
        ("noise_counts", level == .counts(counts) ? .number(counts) : .null),
        ("noise_seed", level == nil ? .null : .string(String(noiseSeed))),
      ],
      findings: settings.averaging.findings(of: simulated.before, in: loaded.run.mask))
  }

  /// Tier 2: the proxy under the rotating camera.
  package func throughCamera(
    _ proxy: PerfusionProxy, _ camera: CameraRequest, _ method: CameraReconstruction,
    corrects: Bool, progress: WorkProgress
  ) throws(Problem) -> SimulatedPicture {
    try loaded.requireLaterality(for: "a camera around it")
    var study = study
    let (values, window) = try proxyImage(proxy, of: prepared, settings, progress: progress)
    var inputs: [Provenance] = []
    let scan = try cameraScan(
      of: values, in: loaded.run.mask,
      attenuation: try camera.attenuation(into: &study, inputs: &inputs),
      camera.settings, fileName: loaded.description.name, progress: progress)
    let back = try reconstruct(scan, method, corrects: corrects, progress: progress)
    let counts =
      camera.settings.noiseSeed == nil
      ? "no noise" : "\(plainNumber(camera.settings.counts / 1e6, 3)) M counts"
    return SimulatedPicture(
      image: back,
      banner: simulatedBanner(
        proxy: proxy.name, source: proxy.source,
        camera: "\(method.title), \(scan.acquisition.collimator.name), \(counts)",
        time: proxy.hasTime ? window.words : "none, one map"),
      parameters: camera.json(scan)
        + method.json(isAttenuated: scan.attenuation != nil, corrects: corrects)
        + (inputs.isEmpty ? [] : [("camera_inputs", inputsJSON(inputs))]),
      findings: study.findings + scan.findings)
  }

  /// MAP BLURRED or SERIES BLURRED.
  package mutating func connectivity(
    _ proxies: ProxyRequest, progress: WorkProgress
  ) throws(Problem) -> SimulatedPicture {
    let seed = try self.seed(proxies.seed)
    let reduced = try prepared.cleaned(frames: window.frames, progress: progress)
    let found = try blurredConnectivity(
      of: reduced, seed, averaging: settings.averaging, progress: progress)
    let isMap = proxies.name == .map
    let near: [(String, JSON)] =
      isMap ? [] : [("voxels_without_value_near_seed", .int(found.nearCount))]
    return SimulatedPicture(
      image: found.real.mask.volume(isMap ? found.map : found.series),
      banner: simulatedBanner(
        proxy: proxies.connectivityName, fwhm: settings.averaging.targetFWHM, time: window.words),
      parameters: [
        ("seed", .string(seed.title)),
        ("degrees_of_freedom", .int(found.real.degreesOfFreedom)),
        ("map_and_series", .string(BlurredSenses.difference)),
      ] + near + denoisingJSON(prepared.denoising),
      findings: settings.averaging.findings(of: found.real.r, in: found.real.mask))
  }
}

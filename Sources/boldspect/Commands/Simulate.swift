import ArgumentParser
import Basics
import Connectivity
import ImageFiles
import Imaging
import Perfusion
import Records
import Reports
import Study
import Workflows

/// `boldspect simulate`.
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What a SPECT camera would have kept of a run. SIMULATED, never a measurement.",
    discussion: """
      Tier 0: what stands for perfusion, averaged over a time window and blurred by what is missing between its \
      own resolution and the camera's: kernel² = FWHM² − native² along each axis. Tier 1: weights of a tracer's \
      uptake, its saturation, correlated noise. Tier 2: the same proxy through the rotating camera, whose \
      options are those of camera simulate. What was lost is told by losses.
      """)

  @Argument(help: "A 4-D BOLD run.")
  var bold: String
  @Option(help: "0, 1 or 2; without it 1 where an option of tier 1 is used, else 0.")
  var tier: Int?
  @OptionGroup(title: "Proxy") var proxies: ProxyOptions
  @OptionGroup(title: "Averaging") var averaging: AveragingOptions
  @Option(
    help: ArgumentHelp(
      "Correlated noise: SD in per cent of the brain's mean, or counts, by --counts.",
      valueName: "percent"))
  var noise: String?
  @OptionGroup(title: "Tier 2: the camera") var camera: CameraScanOptions
  @OptionGroup(title: "Tier 2: the reconstruction")
  var reconstruction: CameraReconstructionOptions
  @OptionGroup(title: "The run") var runOptions: RunOptions
  @OptionGroup(title: "Cleaning, for ALFF and connectivity") var frequencies: FrequencyOptions
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var output: OutputOptions

  private var usedTier: Int { tier ?? (averaging.isTierOne || noise != nil ? 1 : 0) }

  func validate() throws {
    guard (0...2).contains(usedTier) else { throw ValidationError("--tier is 0, 1 or 2.") }
    if usedTier == 0, averaging.isTierOne || noise != nil {
      throw ValidationError("--average uptake, --lassen and --noise are tier 1.")
    }
    if usedTier == 2, averaging.fwhm != nil || averaging.camera != nil || noise != nil {
      throw ValidationError(
        "With --tier 2 the camera itself blurs and counts: --camera-fwhm, --camera-preset and --noise are of tier 0 and 1."
      )
    }
    if proxies.isConnectivity, usedTier > 0 {
      throw ValidationError("Connectivity goes through tier 0 only.")
    }
  }

  func run() throws {
    try output.check(
      inputs: [bold] + proxies.inputFiles + camera.inputFiles + runOptions.inputFiles)
    let level = try noiseLevel()
    try withStatus { progress in
      var source = try AveragedRun(
        bold, averaging, proxies, runOptions, frequencies, progress: progress)
      var findings: [Finding] = []
      let image: Volume
      let banner: String
      var parameters: [(String, JSON)]
      if proxies.isConnectivity {
        let found = try connectivity(&source, &findings, progress)
        (image, banner, parameters) = (found.image, found.banner, found.parameters)
      } else if let proxy = source.proxy {
        let found =
          usedTier == 2
          ? try throughCamera(source, proxy, &findings, progress)
          : try averaged(source, proxy, level, &findings, progress)
        (image, banner, parameters) = (found.image, found.banner, found.parameters)
        if source.prepared.denoising != Denoising() || proxies.name == .alff {
          parameters += denoisingJSON(source.prepared.denoising)
        }
      } else {
        return
      }
      let told = source.findings
      findings = told + findings.filter { !told.contains($0) }
      let run = source.loaded.run
      let hasTime = source.proxy?.hasTime ?? true
      let derived = Derived(
        command: "simulate", inputs: source.inputs, space: source.loaded.space,
        parameters: [
          ("tier", .int(usedTier)), ("proxy", .string(source.proxy?.name ?? connectivityName)),
        ]
          + averaging.json(source.settings, source.window, hasTime: hasTime)
          + [
            ("repetition_time_s", .meant(run.repetitionTimeSeconds)),
            ("mask", .string(run.mask.origin == "DERIVED" ? "DERIVED" : "given")),
          ] + parameters, findings: findings,
        isSimulated: source.loaded.description.isSimulated, banner: banner)
      try derived.write(image, formCode: source.loaded.description.formCode, to: output.place)
      try answer.give(CommandAnswer(derived))
    }
  }

  private typealias Made = (image: Volume, banner: String, parameters: [(String, JSON)])

  private var connectivityName: String {
    proxies.name == .map ? "seed map, MAP BLURRED" : "seed map, SERIES BLURRED"
  }

  private func noiseLevel() throws(Problem) -> NoiseLevel? {
    guard let noise else { return nil }
    if noise == "counts" { return .counts(camera.counts) }
    guard let percent = Double(noise) else {
      throw Problem(
        .usage, "--noise", "\(noise) is no level", expected: "per cent of the mean, or counts")
    }
    return .percent(percent)
  }

  /// Tiers 0 and 1.
  private func averaged(
    _ source: AveragedRun, _ proxy: PerfusionProxy, _ level: NoiseLevel?,
    _ findings: inout [Finding], _ progress: WorkProgress
  ) throws(Problem) -> Made {
    var settings = source.settings
    (settings.noise, settings.noiseSeed) = (level, camera.noiseSeed)
    let simulated = try simulateSPECT(
      of: source.prepared, proxy: proxy, settings, progress: progress)
    findings += settings.averaging.findings(of: simulated.before, in: source.loaded.run.mask)
    let percent = try level.map { (l) throws(Problem) in
      try l.percent(of: source.loaded.run.mask, fwhm: settings.averaging.targetFWHM)
    }
    return (
      simulated.volume, simulated.banner,
      [
        ("noise_percent", .optional(percent)),
        ("noise_counts", level == .counts(camera.counts) ? .number(camera.counts) : .null),
        ("noise_seed", level == nil ? .null : .string(String(camera.noiseSeed))),
      ]
    )
  }

  /// Tier 2: the proxy under the rotating camera.
  private func throughCamera(
    _ source: AveragedRun, _ proxy: PerfusionProxy, _ findings: inout [Finding],
    _ progress: WorkProgress
  ) throws(Problem) -> Made {
    try requireKnownSides(source.loaded.description, for: "a camera around it")
    var study = source.study
    let (values, window) = try proxyImage(
      proxy, of: source.prepared, source.settings, progress: progress)
    var inputs: [Provenance] = []
    let scan = try cameraScan(
      of: values, in: source.loaded.run.mask,
      attenuation: try camera.attenuation(into: &study, inputs: &inputs),
      camera.settings, fileName: source.loaded.description.name, progress: progress)
    findings += study.findings
    findings += scan.findings
    let method = reconstruction.reconstruction
    let back = try reconstruct(
      scan, method, corrects: !reconstruction.noChang, progress: progress)
    let counts = camera.noNoise ? "no noise" : "\(plainNumber(camera.counts / 1e6, 3)) M counts"
    return (
      back,
      simulatedBanner(
        proxy: proxy.name, source: proxy.source,
        camera: "\(method.title), \(scan.acquisition.collimator.name), \(counts)",
        time: proxy.hasTime ? window.words : "none, one map"),
      camera.json(scan) + reconstruction.json(isAttenuated: scan.attenuation != nil)
        + (inputs.isEmpty ? [] : [("camera_inputs", inputsJSON(inputs))])
    )
  }

  /// MAP BLURRED or SERIES BLURRED.
  private func connectivity(
    _ source: inout AveragedRun, _ findings: inout [Finding], _ progress: WorkProgress
  ) throws(Problem) -> Made {
    let seed = try source.seed(proxies.seed)
    let reduced = try source.prepared.cleaned(frames: source.window.frames, progress: progress)
    let found = try blurredConnectivity(
      of: reduced, seed, averaging: source.settings.averaging, progress: progress)
    findings += source.settings.averaging.findings(of: found.real.r, in: found.real.mask)
    let isMap = proxies.name == .map
    let near: [(String, JSON)] =
      isMap ? [] : [("voxels_without_value_near_seed", .int(found.nearCount))]
    return (
      found.real.mask.volume(isMap ? found.map : found.series),
      simulatedBanner(
        proxy: connectivityName, fwhm: averaging.targetFWHM, time: source.window.words),
      [
        ("seed", .string(seed.title)),
        ("degrees_of_freedom", .int(found.real.degreesOfFreedom)),
        ("map_and_series", .string(BlurredSenses.difference)),
      ] + near + denoisingJSON(source.prepared.denoising)
    )
  }
}

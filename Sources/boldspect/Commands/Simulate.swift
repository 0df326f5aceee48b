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

  private var usedTier: Int { tier ?? (averaging.request.isTierOne || noise != nil ? 1 : 0) }

  func validate() throws {
    guard (0...2).contains(usedTier) else { throw ValidationError("--tier is 0, 1 or 2.") }
    if usedTier == 0, averaging.request.isTierOne || noise != nil {
      throw ValidationError("--average uptake, --lassen and --noise are tier 1.")
    }
    if averaging.widths.count > 1 {
      throw ValidationError("One picture has one --camera-fwhm; `losses` takes several.")
    }
    if usedTier == 2, averaging.fwhm != nil || averaging.camera != nil || noise != nil {
      throw ValidationError(
        "With --tier 2 the camera itself blurs and counts: --camera-fwhm, --camera-preset and --noise are of tier 0 and 1."
      )
    }
    if proxies.request.isConnectivity, usedTier > 0 {
      throw ValidationError("Connectivity goes through tier 0 only.")
    }
  }

  func run() throws {
    try output.check(
      inputs: [bold] + proxies.inputFiles + camera.inputFiles + runOptions.inputFiles)
    let level = try noiseLevel()
    let proxies = proxies.request
    try withStatus { progress in
      var source = try AveragedRun(
        bold, averaging.request, proxies, runOptions.request, frequencies.request,
        progress: progress)
      var made: SimulatedPicture
      if proxies.isConnectivity {
        made = try source.connectivity(proxies, progress: progress)
      } else if let proxy = source.proxy {
        made =
          usedTier == 2
          ? try source.throughCamera(
            proxy, camera.request, reconstruction.reconstruction,
            corrects: !reconstruction.noChang, progress: progress)
          : try source.simulated(
            proxy, noise: level, counts: camera.counts, noiseSeed: camera.noiseSeed,
            progress: progress)
        if source.prepared.denoising != Denoising() || proxies.name == .alff {
          made.parameters += denoisingJSON(source.prepared.denoising)
        }
      } else {
        return
      }
      let told = source.findings
      let run = source.loaded.run
      let derived = Derived(
        command: "simulate", inputs: source.inputs, space: source.loaded.space,
        parameters: [
          ("tier", .int(usedTier)),
          ("proxy", .string(source.proxy?.name ?? proxies.connectivityName)),
        ]
          + averaging.request.json(source.settings, source.window, hasTime: source.hasTime)
          + [
            ("repetition_time_s", .meant(run.repetitionTimeSeconds)),
            ("mask", .string(run.mask.origin == "DERIVED" ? "DERIVED" : "given")),
          ] + made.parameters, findings: told + made.findings.filter { !told.contains($0) },
        isSimulated: source.loaded.description.isSimulated, banner: made.banner)
      try derived.write(
        made.image, formCode: source.loaded.description.formCode, to: output.place)
      try answer.give(CommandAnswer(derived))
    }
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
}

import ArgumentParser
import Connectivity
import Imaging
import ImagingIO
import Perfusion
import Workflows

/// What the simulation takes for perfusion.
enum ProxyArgument: String, ExpressibleByArgument, CaseIterable {
  /// The temporal mean.
  case mean
  /// The seed map of the window: MAP BLURRED.
  case map
}

/// `boldspect simulate`.
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What a SPECT camera would have kept of a run. SIMULATED, never a measurement.",
    discussion: """
      The run's mean over a time window, blurred by what is missing between its own resolution and the \
      camera's: kernel² = FWHM² − native² along each axis.
      """)

  @Argument(help: "A 4-D BOLD run.")
  var bold: String
  @Option(help: ArgumentHelp("Seconds averaged (the whole run, up to 900).", valueName: "s"))
  var window: Double?
  @Option(help: ArgumentHelp("Resolution of the camera.", valueName: "mm"))
  var fwhm = 10.0
  @Option(help: ArgumentHelp("Resolution of the run itself (its voxel size).", valueName: "mm"))
  var nativeFwhm: Double?
  @Option(help: "What is blurred: mean, the temporal mean, or map, the seed map of the window.")
  var proxy = ProxyArgument.mean
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("With --proxy map: X,Y,Z[,R], a name or a mask file.", valueName: "seed"))
  var seed: String?
  @OptionGroup var runOptions: RunOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try output.check(inputs: [bold, seed] + runOptions.inputFiles)
    try checkFWHM(fwhm, "--fwhm")
    if let nativeFwhm { try checkFWHM(nativeFwhm, "--native-fwhm") }
    let space = try runOptions.statedSpace()
    try withStatus { progress in
      let loaded = try LoadedRun(
        bold, tr: runOptions.tr, mask: runOptions.mask, space: space, progress: progress)
      if window != nil { try loaded.requireTime() }
      let averaging = Averaging(
        targetFWHM: fwhm, nativeFWHM: nativeFwhm, grid: loaded.run.grid)
      var inputs = loaded.inputs
      let simulated: SimulatedSPECT
      var mapParameters: [(String, JSON)] = []
      switch proxy {
      case .mean:
        simulated = try simulateSPECT(
          of: loaded.run, window: window, averaging: averaging, progress: progress)
      case .map:
        let map = try blurredMap(loaded, averaging, &inputs, progress)
        simulated = map.simulated
        mapParameters = map.parameters
      }
      let kernel = averaging.kernelFWHM
      let native = averaging.nativeFWHM
      var coarse: [Finding] = []
      if averaging.isCoarserThanTarget {
        coarse.append(
          Finding(
            "already-coarser", .warning,
            "The run's own resolution (\(averaging.nativeOrigin)) is coarser than \(plainNumber(fwhm)) mm "
              + "along some axis, which is not blurred."))
        complain(coarse[0].text)
      }
      let derived = Derived(
        command: "simulate", inputs: inputs, space: loaded.space,
        parameters: [
          ("proxy", .string(simulated.proxy)), ("fwhm_mm", .number(fwhm)),
          ("native_fwhm_mm", .numbers([native.0, native.1, native.2])),
          ("native_fwhm_origin", .string(averaging.nativeOrigin)),
          ("kernel_fwhm_mm", .numbers([kernel.0, kernel.1, kernel.2])),
          ("window_s", .optional(simulated.window.seconds)),
          (
            "window_frames",
            .numbers([
              Double(simulated.window.frames.lowerBound),
              Double(simulated.window.frames.upperBound),
            ])
          ),
          ("window_note", .string(simulated.window.note)),
          ("repetition_time_s", .optional(loaded.run.repetitionTimeSeconds)),
          ("mask", .string(loaded.run.mask.origin == "DERIVED" ? "DERIVED" : "given")),
        ] + mapParameters, findings: loaded.findings + coarse,
        isSimulated: loaded.description.isSimulated, banner: simulated.banner)
      try derived.write(
        simulated.volume, formCode: loaded.description.formCode, to: output)
    }
  }

  /// MAP BLURRED: the window's seed map through the camera.
  private func blurredMap(
    _ loaded: LoadedRun, _ averaging: Averaging,
    _ inputs: inout [(role: String, sha256: String)], _ progress: WorkProgress
  ) throws(Problem) -> (simulated: SimulatedSPECT, parameters: [(String, JSON)]) {
    guard let seed else {
      throw Problem(.usage, "--proxy", "a map needs a seed", expected: "--seed")
    }
    try loaded.requireLaterality(for: "a seed in millimetres")
    try loaded.requireTime()
    let place = try parseSeed(
      seed,
      SeedContext(run: loaded.description, grid: loaded.run.grid, space: loaded.space),
      inputs: &inputs)
    let prepared = try runOptions.prepared(
      [loaded], try runOptions.choice(), inputs: &inputs, progress: progress)[0]
    let timeWindow = try TimeWindow(
      frameCount: loaded.run.frameCount, repetitionTimeSeconds: loaded.run.repetitionTimeSeconds,
      requestedSeconds: window)
    let map = try prepared.cleaned(frames: timeWindow.frames, progress: progress).seedMap(place)
    return (
      SimulatedSPECT(
        volume: blurredSeedMap(map, averaging: averaging), window: timeWindow,
        averaging: averaging, proxy: "seed map, MAP BLURRED"),
      [
        ("seed", .string(place.title)), ("degrees_of_freedom", .int(map.degreesOfFreedom)),
      ] + denoisingJSON(prepared.denoising)
    )
  }
}

import ArgumentParser
import Imaging
import ImagingIO
import Perfusion
import Workflows

/// What the simulation takes for perfusion.
enum ProxyArgument: String, ExpressibleByArgument, CaseIterable {
  case mean
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
  @Option(help: "What stands for perfusion: mean, the temporal mean.")
  var proxy = ProxyArgument.mean
  @OptionGroup var runOptions: RunOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try output.check()
    try checkFWHM(fwhm, "--fwhm")
    if let nativeFwhm { try checkFWHM(nativeFwhm, "--native-fwhm") }
    let space = try runOptions.statedSpace()
    try withStatus { progress in
      let loaded = try LoadedRun(
        bold, tr: runOptions.tr, mask: runOptions.mask, space: space, progress: progress)
      if window != nil { try loaded.requireTime() }
      _ = try runOptions.nuisance(frameCount: loaded.run.frameCount)
      let averaging = Averaging(
        targetFWHM: fwhm, nativeFWHM: nativeFwhm, grid: loaded.run.grid)
      let simulated = try simulateSPECT(
        of: loaded.run, window: window, averaging: averaging, progress: progress)
      let kernel = averaging.kernelFWHM
      let native = averaging.nativeFWHM
      let derived = Derived(
        command: "simulate", inputs: loaded.inputs, space: loaded.space,
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
          ("mask", .string(loaded.run.mask.origin == "DERIVED" ? "DERIVED" : "given")),
        ], findings: loaded.findings, banner: simulated.banner)
      try derived.write(
        simulated.volume, formCode: loaded.description.formCode, to: output)
    }
  }
}

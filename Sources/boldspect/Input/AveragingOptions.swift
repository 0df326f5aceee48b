import ArgumentParser
import Basics
import Connectivity
import ImageFiles
import Imaging
import Perfusion
import Study
import Workflows

extension CameraPreset: ExpressibleByArgument {}

/// Tiers 0 and 1 of the averaging module: space, time and the tracer.
struct AveragingOptions: ParsableArguments {
  enum Mode: String, ExpressibleByArgument, CaseIterable { case window, uptake }

  @Option(
    name: [.customLong("camera-fwhm"), .customLong("fwhm")],
    help: ArgumentHelp("Resolution of the camera (10); --fwhm is the old name.", valueName: "mm"))
  var fwhm: Double?
  @Option(
    name: [.customLong("camera-preset"), .customLong("camera")],
    help: ArgumentHelp(
      "Resolution by reconstruction: "
        + CameraPreset.allCases.map { "\($0.rawValue) \(plainNumber($0.fwhm))" }
        .joined(separator: ", ") + " mm; --camera is the old name.", valueName: "name"))
  var camera: CameraPreset?
  @Option(
    help: ArgumentHelp(
      "Resolution of the run itself (measured on it; its voxel size where that fails).",
      valueName: "mm"))
  var nativeFwhm: Double?
  @Option(
    help:
      "window, every second the same, or uptake, weights exp(-t/tau) from --start on, as a tracer's."
  )
  var average = Mode.window
  @Option(
    help: ArgumentHelp(
      "With --average uptake: the time constant (\(TimeAverage.usualTauMinutes)).", valueName: "min"
    ))
  var tau: Double?
  @Option(
    help: ArgumentHelp(
      "Seconds averaged (the run from --start on, up to 900).", valueName: "s"))
  var window: Double?
  @Option(
    help: ArgumentHelp("Where the window begins, from the beginning of the run.", valueName: "s"))
  var start = 0.0
  @Option(
    help: ArgumentHelp(
      "Tracer saturation after Lassen, C = (1+a)f/(a+f) of flow over the brain's mean: 1.5 HMPAO, 2.6 ECD.",
      valueName: "alpha"))
  var lassen: Double?

  func validate() throws {
    if fwhm != nil, camera != nil {
      throw ValidationError("Only one of --camera-fwhm and --camera-preset can be meant.")
    }
    if tau != nil, average == .window {
      throw ValidationError("--tau belongs to --average uptake.")
    }
  }

  var request: AveragingRequest {
    var out = AveragingRequest()
    (out.targetFWHM, out.camera) = (fwhm ?? camera?.fwhm ?? CameraPreset.usual.fwhm, camera)
    (out.nativeFWHM, out.lassen) = (nativeFwhm, lassen)
    out.average =
      average == .window ? .window : .uptake(tauMinutes: tau ?? TimeAverage.usualTauMinutes)
    (out.windowSeconds, out.startSeconds) = (window, start)
    return out
  }
}

extension ProxyName: ExpressibleByArgument {}

/// What stands for perfusion.
struct ProxyOptions: ParsableArguments {
  typealias Name = ProxyName

  @Option(
    help: """
      What stands for perfusion: asl (with --asl), template (4 GM + WM, times the ALFF ratio; with --gm and --white), \
      alff, mean, gm (anatomy alone); or connectivity: map, the seed map blurred, series, every frame blurred, then \
      correlated. Without it the first of asl, template and mean that the files allow.
      """)
  var proxy: Name?
  @Option(help: ArgumentHelp("Cerebral blood flow by ASL.", valueName: "file"))
  var asl: String?
  @Option(help: ArgumentHelp("Grey matter probability.", valueName: "file"))
  var gm: String?
  @Option(help: ArgumentHelp("White matter probability, for the template.", valueName: "file"))
  var white: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "With map and series: X,Y,Z[,R], a name or a mask file.", valueName: "seed"))
  var seed: String?

  var inputFiles: [String?] { [asl, gm, white] + (seed.map(seedFiles) ?? []) }

  var request: ProxyRequest {
    ProxyRequest(
      proxy ?? (asl != nil ? .asl : gm != nil && white != nil ? .template : .mean),
      files: ProxyFiles(asl: asl, gm: gm, white: white), seed: seed)
  }
}

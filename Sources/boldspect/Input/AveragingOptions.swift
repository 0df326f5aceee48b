import ArgumentParser
import Basics
import Connectivity
import ImageFiles
import Imaging
import Perfusion
import Study
import Workflows

extension CameraPreset: ExpressibleByArgument {}

/// One width in mm, or several with commas between.
struct WidthsArgument: ExpressibleByArgument {
  let millimetres: [Double]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map(Double.init)
    guard parts.count <= 100, parts.allSatisfy({ $0 != nil }) else { return nil }
    millimetres = parts.compactMap { $0 }
  }
}

/// Tiers 0 and 1 of the averaging module: space, time and the tracer.
struct AveragingOptions: ParsableArguments {
  enum Mode: String, ExpressibleByArgument, CaseIterable { case window, uptake }

  @Option(
    name: [.customLong("camera-fwhm"), .customLong("fwhm")],
    help: ArgumentHelp(
      "Resolution of the camera (10); --fwhm is the old name. `losses` takes several: 4,8,12.",
      valueName: "mm"))
  var fwhm: WidthsArgument?
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

  /// Every width that is asked for; empty for the usual one.
  var widths: [Double] { fwhm?.millimetres ?? [] }

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
    (out.targetFWHM, out.camera) = (widths.first ?? camera?.fwhm ?? CameraPreset.usual.fwhm, camera)
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
      correlated. Without it asl with --asl, else template (in MNI space without maps of the person's own the MNI \
      brain's), and mean only where neither can be had.
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
    ProxyRequest(proxy, files: ProxyFiles(asl: asl, gm: gm, white: white), seed: seed)
  }
}

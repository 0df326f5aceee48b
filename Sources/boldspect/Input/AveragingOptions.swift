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

  var targetFWHM: Double { fwhm ?? camera?.fwhm ?? CameraPreset.usual.fwhm }

  /// Whether time, place or anything but a plain blur is asked for.
  var isTierOne: Bool { average == .uptake || lassen != nil }

  func settings(of run: Run, progress: WorkProgress) throws(Problem) -> AveragingSettings {
    try checkFWHM(targetFWHM, "--camera-fwhm")
    // What cannot be meant is refused before seconds are spent on measuring.
    var out = AveragingSettings(
      averaging: Averaging(targetFWHM: targetFWHM, native: NativeBlur(voxelsOf: run.grid)))
    out.average =
      average == .window ? .window : .uptake(tauMinutes: tau ?? TimeAverage.usualTauMinutes)
    (out.windowSeconds, out.startSeconds) = (window, start)
    out.lassen = try lassen.map { (a) throws(Problem) in try LassenUptake(alpha: a) }
    _ = try out.window(of: run)
    if let nativeFwhm { try checkFWHM(nativeFwhm, "--native-fwhm") }
    let native =
      if let nativeFwhm { NativeBlur(given: nativeFwhm) } else {
        try NativeBlur(of: run, progress: progress)
      }
    out.averaging = Averaging(targetFWHM: targetFWHM, native: native)
    return out
  }

  /// Every parameter, for the sidecar.
  func json(_ s: AveragingSettings, _ window: TimeWindow, hasTime: Bool) -> [(String, JSON)] {
    let (a, f) = (s.averaging, s.averaging.nativeFWHM)
    let kernel = a.kernelFWHM
    var tau = JSON.null
    if case .uptake(let minutes) = window.average { tau = .number(minutes) }
    return [
      ("fwhm_mm", .number(a.targetFWHM)), ("camera", .optional(camera?.rawValue)),
      ("native_fwhm_mm", .numbers([f.0, f.1, f.2])),
      ("native_fwhm_origin", .string(a.nativeOrigin)),
      ("kernel_fwhm_mm", .numbers([kernel.0, kernel.1, kernel.2])),
      ("average", hasTime ? .string(window.average.name) : .null), ("tau_min", tau),
      ("window_s", hasTime ? .optional(window.seconds) : .null),
      ("start_s", hasTime ? .number(window.startSeconds) : .null),
      (
        "window_frames",
        hasTime
          ? .numbers([Double(window.frames.lowerBound), Double(window.frames.upperBound)]) : .null
      ),
      ("window_note", .string(hasTime ? window.note : "one map, no time in it")),
      ("effective_s", hasTime ? .optional(window.effectiveSeconds) : .null),
      ("lassen_alpha", .optional(s.lassen?.alpha)),
    ]
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

  var name: Name {
    proxy ?? (asl != nil ? .asl : gm != nil && white != nil ? .template : .mean)
  }

  var isConnectivity: Bool { name == .map || name == .series }

  /// The proxy with its files read; nil for connectivity.
  func read(
    into study: inout LoadedStudy, inputs: inout [Provenance]
  ) throws(Problem) -> PerfusionProxy? {
    try ProxyFiles(asl: asl, gm: gm, white: white).read(name, into: &study, inputs: &inputs)
  }
}

/// A run that is ready for the averaging module, with what its sidecar says.
struct AveragedRun {
  let loaded: LoadedRun
  let prepared: PreparedRun
  let settings: AveragingSettings
  let window: TimeWindow
  let proxy: PerfusionProxy?
  /// The run and what was laid over it.
  var study: LoadedStudy
  var inputs: [Provenance]
  /// What the run says of itself, and what the rules and files that came later say.
  var findings: [Finding] {
    loaded.findings + study.findings.filter { !loaded.findings.contains($0) }
  }

  init(
    _ bold: String, _ options: AveragingOptions, _ proxies: ProxyOptions, _ run: RunOptions,
    _ frequencies: FrequencyOptions, progress: WorkProgress
  ) throws(Problem) {
    var study = try run.request.study()
    var loaded = try LoadedRun(
      bold, tr: run.tr, mask: run.mask, into: &study, progress: progress)
    if options.window != nil || options.start != 0 || options.average == .uptake {
      try loaded.requireTime()
    }
    var inputs = loaded.inputs
    let needsCleaning = proxies.isConnectivity || proxies.name == .alff || proxies.name == .template
    var prepared: PreparedRun
    if needsCleaning {
      try loaded.requireTime()
      var choice = try run.choice()
      try frequencies.apply(to: &choice)
      prepared = try run.request.prepared(
        [loaded], choice, into: &study, inputs: &inputs, progress: progress)[0]
    } else {
      prepared = PreparedRun(
        run: loaded.run, denoising: Denoising(), quality: RunQuality(nil, nil))
    }
    // Mask and tissue maps were read in the run's own world and go with it; what follows lies where it is carried.
    try loaded.carry(by: try run.request.transforms.read(), in: &study, inputs: &inputs)
    prepared.run = loaded.run
    proxy = try proxies.read(into: &study, inputs: &inputs)
    var found = try options.settings(of: loaded.run, progress: progress)
    // A supplied map has its own voxels, and nothing of the run in it.
    if options.nativeFwhm == nil { proxy?.adjust(&found.averaging, on: loaded.run.grid) }
    settings = found
    window = try found.window(of: loaded.run)
    try study.requireTransformsUsed()
    self.prepared = prepared
    self.loaded = loaded
    self.study = study
    self.inputs = inputs
  }

  /// The seed of connectivity.
  mutating func seed(_ text: String?) throws(Problem) -> Seed {
    guard let text else {
      throw Problem(.usage, "--proxy", "connectivity needs a seed", expected: "--seed")
    }
    guard settings.average == .window else {
      throw Problem(
        .usage, "--average", "a correlation over the two minutes of uptake has no meaning",
        expected: "--average window")
    }
    try loaded.requireLaterality(for: "a seed in millimetres")
    var context = SeedContext(study, grid: loaded.run.grid)
    let seed = try parseSeed(text, &context, inputs: &inputs)
    study = context.study
    return seed
  }
}

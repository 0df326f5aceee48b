package import Basics
package import Connectivity
package import Imaging
package import Perfusion
package import Study

/// How a person wants the averaging module, before the run is read.
package struct AveragingRequest: Sendable {
  /// In millimetres.
  package var targetFWHM = CameraPreset.usual.fwhm
  /// Whose resolution that is; nil when it was given in millimetres, or by nobody.
  package var camera: CameraPreset?
  /// Of the run itself, in millimetres; nil measures it.
  package var nativeFWHM: Double?
  package var average = TimeAverage.window
  /// Nil takes the run from the start on up to 15 minutes.
  package var windowSeconds: Double?
  package var startSeconds = 0.0
  /// Lassen's α.
  package var lassen: Double?

  package init() {}

  /// Whether time, place or anything but a plain blur is asked for.
  package var isTierOne: Bool { average != .window || lassen != nil }

  package func settings(of run: Run, progress: WorkProgress) throws(Problem) -> AveragingSettings {
    try checkFWHM(targetFWHM, "--camera-fwhm")
    // What cannot be meant is refused before seconds are spent on measuring.
    var out = AveragingSettings(
      averaging: Averaging(targetFWHM: targetFWHM, native: NativeBlur(voxelsOf: run.grid)))
    (out.average, out.windowSeconds, out.startSeconds) = (average, windowSeconds, startSeconds)
    out.lassen = try lassen.map { (a) throws(Problem) in try LassenUptake(alpha: a) }
    _ = try out.window(of: run)
    if let nativeFWHM { try checkFWHM(nativeFWHM, "--native-fwhm") }
    let native =
      if let nativeFWHM { NativeBlur(given: nativeFWHM) } else {
        try NativeBlur(of: run, progress: progress)
      }
    out.averaging = Averaging(targetFWHM: targetFWHM, native: native)
    return out
  }

  /// Every parameter, for the sidecar.
  package func json(
    _ s: AveragingSettings, _ window: TimeWindow, hasTime: Bool
  ) -> [(String, JSON)] {
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

/// What stands for perfusion, its files not read yet.
package struct ProxyRequest: Sendable {
  package var name: ProxyName
  /// Whether a person named it; else it is the most honest that can be had once the run is read.
  package var isChosen: Bool
  package var files: ProxyFiles
  /// The seed of connectivity.
  package var seed: String?

  package init(_ name: ProxyName?, files: ProxyFiles = ProxyFiles(), seed: String? = nil) {
    self.name = name ?? .mean
    isChosen = name != nil
    self.files = files
    self.seed = seed
  }

  package var isConnectivity: Bool { name == .map || name == .series }

  /// Which of the two senses of a seed map at a camera's resolution is meant.
  package var connectivityName: String {
    name == .map ? "seed map, MAP BLURRED" : "seed map, SERIES BLURRED"
  }
}

/// A run that is ready for the averaging module, with what its sidecar says.
package struct AveragedRun {
  package let loaded: LoadedRun
  package let prepared: PreparedRun
  package let settings: AveragingSettings
  package let window: TimeWindow
  package let proxy: PerfusionProxy?
  /// The run and what was laid over it.
  package var study: LoadedStudy
  package var inputs: [Provenance]
  /// What the run says of itself, and what the rules and files that came later say.
  package var findings: [Finding] {
    loaded.findings + study.findings.filter { !loaded.findings.contains($0) }
      + (proxyReason.map { [$0] } ?? [])
  }
  /// Why mean BOLD stands for perfusion, when nobody asked for it.
  private let proxyReason: Finding?
  /// Whether the picture is of a stretch of time, and not one map.
  package var hasTime: Bool { proxy?.hasTime ?? true }

  package init(
    _ bold: String, _ options: AveragingRequest, _ proxies: ProxyRequest, _ run: RunRequest,
    _ frequencies: FrequencyRequest, progress: WorkProgress
  ) throws(Problem) {
    var study = try run.study()
    var loaded = try LoadedRun(
      bold, tr: run.tr, mask: run.mask, into: &study, progress: progress)
    if options.windowSeconds != nil || options.startSeconds != 0 || options.average != .window {
      try loaded.requireTime()
    }
    var inputs = loaded.inputs
    var proxies = proxies
    var reason: Finding?
    if !proxies.isChosen {
      (proxies.name, reason) = proxies.files.usual(
        for: study,
        canFluctuate: loaded.run.repetitionTimeSeconds != nil && options.average == .window)
    }
    proxyReason = reason
    let needsCleaning = proxies.isConnectivity || proxies.name == .alff || proxies.name == .template
    var prepared: PreparedRun
    if needsCleaning {
      try loaded.requireTime()
      var choice = try run.choice()
      try frequencies.apply(to: &choice)
      prepared = try run.prepared(
        [loaded], choice, into: &study, inputs: &inputs, progress: progress)[0]
    } else {
      prepared = PreparedRun(
        run: loaded.run, denoising: Denoising(), quality: RunQuality(nil, nil))
    }
    // Mask and tissue maps were read in the run's own world and go with it; what follows lies where it is carried.
    try loaded.carry(by: try run.transforms.read(), in: &study, inputs: &inputs)
    prepared.run = loaded.run
    proxy = try proxies.files.read(proxies.name, into: &study, inputs: &inputs)
    var found = try options.settings(of: loaded.run, progress: progress)
    // A supplied map has its own voxels, and nothing of the run in it.
    if options.nativeFWHM == nil { proxy?.adjust(&found.averaging, on: loaded.run.grid) }
    settings = found
    window = try found.window(of: loaded.run)
    try study.requireTransformsUsed()
    self.prepared = prepared
    self.loaded = loaded
    self.study = study
    self.inputs = inputs
  }

  /// The seed of connectivity.
  package mutating func seed(_ text: String?) throws(Problem) -> Seed {
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

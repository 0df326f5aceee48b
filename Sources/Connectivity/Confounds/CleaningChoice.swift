package import Basics
package import Imaging

/// What a person chose to remove, before it is known what a particular run has of it.
package struct CleaningChoice: Sendable, Equatable {
  package var polort = 2
  /// Kept frequencies in hertz; nil keeps all.
  package var bandHertz: ClosedRange<Double>? = 0.01...0.1
  /// Whether the band was chosen by a person: a preset changes only one that was not.
  package var bandIsChosen = false
  /// Cut-off of a cosine high-pass in hertz.
  package var highPassHertz: Double?
  package var preset = NuisancePreset.none
  /// Columns by name, beside those of the preset.
  package var columns: [String] = []
  /// Whether the global signal is removed; nil as the preset has it.
  package var removesGlobalSignal: Bool?
  /// First frames to drop; nil takes what the table marks as not steady.
  package var droppedFrames: Int?
  package var censoring = Censoring()
  package var censoringMethod = CensoringMethod.auto
  package var smoothingFWHM = 0.0

  package init() {}

  /// What is left once a run is known: names become columns, rules become frames.
  ///
  /// - Parameters:
  ///   - sources: of this run.
  ///   - quality: of this run; needed only when censoring looks at DVARS that no table has.
  package func denoising(
    of run: Run, _ sources: ConfoundSources, quality: RunQuality
  ) throws(Problem) -> Denoising {
    var out = Denoising(
      polort: polort, bandHertz: bandHertz, highPassHertz: highPassHertz ?? preset.highPassHertz,
      smoothingFWHM: smoothingFWHM)
    if preset == .highPassOnly, !bandIsChosen { out.bandHertz = nil }
    if preset.needsHighPass, out.bandHertz == nil, out.highPassHertz == nil {
      // Components were taken after a high-pass: without it in the model they put drift back.
      out.highPassHertz = 1 / 128
    }
    let wantsGlobal = removesGlobalSignal ?? preset.includesGlobalSignal
    if preset != .none || !columns.isEmpty, !(preset == .highPassOnly && columns.isEmpty) {
      guard let table = sources.table else {
        throw Problem(
          .usage, "--preset",
          "\(preset == .none ? "the columns" : preset.rawValue) must be taken from somewhere",
          expected: "--confounds FILE, or tissue maps with --wm and --csf")
      }
      let names =
        try preset.columnNames(
          in: table, includesGlobalSignal: wantsGlobal && preset.includesGlobalSignal,
          components: sources.components, file: sources.name) + columns
      var seen: Set<String> = []
      out.confounds = try table.selected(
        names.filter { seen.insert($0).inserted }, frameCount: run.frameCount, file: sources.name)
    }
    out.removesGlobalSignal =
      wantsGlobal && !out.confounds.contains { $0.name == "global_signal" }
    out.droppedFrames = droppedFrames ?? sources.table?.nonSteadyFrames ?? 0
    guard out.droppedFrames >= 0, out.droppedFrames < run.frameCount else {
      throw Problem(
        .usage, "--drop", "\(out.droppedFrames) of \(run.frameCount) frames cannot be dropped",
        expected: "fewer than the run has")
    }
    if !censoring.isNone {
      if censoring.displacementMillimetres != nil, quality.displacement == nil {
        throw Problem(
          .usage, "--fd", "no motion parameters are known",
          expected: "a confounds file with six motion columns or framewise_displacement")
      }
      out.censoredFrames = censoring.frames(
        displacement: quality.displacement, dvars: quality.standardisedDVARS,
        droppedFrames: out.droppedFrames)
    }
    // What was not measured is no data, whatever a person censors.
    let unusable = run.faults.unusable.filter { $0 >= out.droppedFrames }
    out.censoredFrames = Set(out.censoredFrames + unusable).sorted()
    if !out.censoredFrames.isEmpty {
      out.censoringDegrees = try Projection.censoringDegrees(
        out, frameCount: run.frameCount, repetitionTimeSeconds: run.repetitionTimeSeconds)
      out.interpolatesCensored =
        out.censoringDegrees?.interpolates(by: censoringMethod) ?? false
    }
    return out
  }
}

/// Where a run's confounds come from.
package struct ConfoundSources: Sendable {
  /// Columns of files, and those made from the run and tissue maps.
  package var table: Confounds?
  /// The file's name, for messages.
  package var name: String
  package var components: ComponentOrigins?

  package init(table: Confounds? = nil, name: String = "", components: ComponentOrigins? = nil) {
    self.table = table
    self.name = name
    self.components = components
  }
}

/// How a run was moved and how its picture jumped, frame by frame.
package struct RunQuality: Sendable, Equatable {
  /// Framewise displacement in mm (Power), NaN in the first frame; nil without motion parameters.
  package var displacement: [Double]?
  /// The same by Jenkinson's definition.
  package var jenkinson: [Double]?
  /// "table" or "computed" for what `displacement` is.
  package var displacementOrigin: String
  /// Root mean square change; nil until the run itself was looked at.
  package var dvars: [Double]?
  /// Standardised DVARS, of the table where it has it.
  package var standardisedDVARS: [Double]?
  package var globalSignal: [Double]?

  /// - Parameters:
  ///   - table: its motion columns, `framewise_displacement` and `std_dvars` are taken.
  ///   - signal: nil leaves out what must be measured in the run.
  package init(_ table: Confounds?, _ signal: SignalQuality? = nil) {
    let motion = table.flatMap(HeadMotion.init)
    let stated = table?.column("framewise_displacement")
    displacement = stated ?? motion?.powerDisplacement
    displacementOrigin = stated != nil ? "table" : "computed"
    jenkinson = motion?.jenkinsonDisplacement()
    dvars = signal?.dvars
    standardisedDVARS = table?.column("std_dvars") ?? signal?.standardisedDVARS
    globalSignal = signal?.globalSignal
  }
}

/// First frames that stand out from the rest by more than five times their usual spread, which a
/// magnet that is not yet in its steady state makes; 0 when there are none.
package func suspectedNonSteadyFrames(_ globalSignal: [Double]) -> Int {
  let rest = globalSignal.dropFirst(min(10, globalSignal.count / 2)).map(Float.init)
  guard let middle = boldspectPercentile(rest, 50), let high = boldspectPercentile(rest, 75),
    let low = boldspectPercentile(rest, 25), high > low
  else { return 0 }
  let spread = Double(high - low) / 1.349
  return globalSignal.prefix(10).prefix { abs($0 - Double(middle)) > 5 * spread }.count
}

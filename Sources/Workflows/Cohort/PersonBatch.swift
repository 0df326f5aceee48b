package import Basics
import Connectivity
import ImageFiles
import Imaging
import Perfusion
import Study
import Targeting

/// Makes everything of one visit: runs are read and cleaned once, and all that is asked for is made of that.
///
/// - Throws: the first refusal; a person whose numbers are in doubt has none.
package func batch(
  of visit: CohortVisit, _ options: BatchOptions, progress: WorkProgress = .silent
) throws(Problem) -> BatchResult {
  if let problem = visit.problem { throw problem }
  var out = BatchResult(visit: visit)
  let ofRuns: Set<BatchPart> = [.maps, .networks, .targets, .motion, .report]
  if visit.runs.isEmpty {
    // A page tells what there is.
    out.leftOut += BatchPart.allCases.filter {
      ofRuns.contains($0) && $0 != .report && options.parts.contains($0)
    }
  } else if !options.parts.isDisjoint(with: ofRuns) {
    out.bold = try runBatch(visit, options, progress)
  }
  if options.parts.contains(.perfusion) {
    if visit.spect.isEmpty { out.leftOut.append(.perfusion) }
    for path in visit.spect {
      out.perfusion.append(try perfusionBatch(path, options, progress))
    }
  }
  guard out.bold != nil || !out.perfusion.isEmpty else {
    throw Problem(
      .missingInput, visit.name, "nothing that is asked for has an image",
      expected: "BOLD runs or perfusion images whose content is here")
  }
  return out
}

extension BatchOptions {
  /// How the runs of a visit are read and cleaned.
  func request(for visit: CohortVisit) -> RunRequest {
    var request = run
    request.mask = visit.mask
    request.confounds = visit.confounds
    request.preset = preset ?? (run.columns == nil ? visit.preset : .none)
    let needsTable =
      request.preset != .none || request.columns != nil || request.fd != nil
      || request.dvars != nil || request.drop != nil
    if !needsTable { request.confounds = [] }
    return request
  }
}

private func runBatch(
  _ visit: CohortVisit, _ options: BatchOptions, _ progress: WorkProgress
) throws(Problem) -> BatchRuns {
  let runs = try CleanedRuns(
    visit.runs, options.request(for: visit), options.cleaning, progress: progress)
  let reduced = try runs.cleaned(progress: progress)
  var out = BatchRuns(runs: runs, reduced: reduced, inputs: [])
  for (loaded, prepared) in zip(runs.loaded, runs.prepared) {
    out.motion.append(try BatchMotion(loaded, prepared, progress))
  }
  // Activity and synchrony are maps, and numbers of the networks: they are made once.
  let first = runs.prepared[0]
  let wantsActivity = !options.parts.isDisjoint(with: [.maps, .networks])
  let alff =
    wantsActivity
    ? try first.run.amplitudes(first.denoising, wantsFraction: false, progress: progress) : nil
  let reho =
    wantsActivity ? try first.run.regionalHomogeneity(first.denoising, progress: progress) : nil
  if options.parts.contains(.maps), let alff, let reho {
    for text in options.seeds { try out.addSeedMap(text) }
    try out.addActivity(alff, reho)
  }
  if options.parts.contains(.networks), let alff, let reho {
    try out.addNetworks(options, alff, reho)
  }
  if options.parts.contains(.targets) {
    try out.addTargets(options, greyMatter: visit.greyMatter, progress)
  }
  return out
}

extension BatchRuns {
  fileprivate mutating func addSeedMap(_ text: String) throws(Problem) {
    var own: [Provenance] = []
    let seed = try runs.seed(text, inputs: &own)
    inputs += own
    let map = try reduced.seedMap(seed)
    maps.append(
      BatchMap(
        entities: "seed-\(BatchOptions.label(of: text))_stat-r",
        measure: "Pearson r with \(seed.title)",
        meaning: .correlation(degreesOfFreedom: map.degreesOfFreedom), volume: map.volume,
        inputs: own,
        parameters: [
          ("seed", .string(seed.title)), ("seed_voxels", .int(map.seedVoxelCount)),
          ("warnings", .array(map.warnings.map(JSON.string))),
        ], cleaning: runs.parameters(reduced)))
  }

  fileprivate mutating func addActivity(
    _ alff: AmplitudeMaps, _ reho: [Float]
  ) throws(Problem) {
    let first = runs.prepared[0]
    let mask = first.run.mask
    func shown(_ values: [Float]) -> Volume {
      let width = first.denoising.smoothingFWHM
      return width > 0 ? mask.volume(values).smoothed(fwhm: width) : mask.volume(values)
    }
    let ofFirst: [(String, JSON)] = [("runs_used", .int(1))]
    maps.append(
      BatchMap(
        entities: "stat-alff", measure: ActivityMeasure.alff.words(.mean),
        meaning: .estimate("ALFF"),
        volume: shown(MapScale.mean.applied(to: alff.alff, mask: mask, greyMatter: nil)),
        inputs: [],
        parameters: ofFirst + [
          ("definition", .string(alff.definition)), ("scale", .string(MapScale.mean.title)),
        ], cleaning: denoisingJSON(first.denoising.withoutBand)))
    maps.append(
      BatchMap(
        entities: "stat-reho", measure: ActivityMeasure.reho.words(.raw),
        meaning: .estimate("ReHo"), volume: shown(reho), inputs: [],
        parameters: ofFirst + [
          ("definition", .string(Neighbourhood.corners.synchronyWords)), ("scale", .string("raw")),
        ],
        cleaning: denoisingJSON(first.denoising)))
  }

  fileprivate mutating func addNetworks(
    _ options: BatchOptions, _ alff: AmplitudeMaps, _ reho: [Float]
  ) throws(Problem) {
    let table = try options.norms.table()
    try options.norms.require(
      table, toFit: runs.prepared, ofPersonAt: runs.first.description.path)
    parcels = try options.network.parcels(&runs, inputs: &inputs)
    if let path = options.norms.norms { inputs.append(try Provenance("norms", file: path)) }
    networks = try networkReport(
      of: runs.prepared, cleaned: reduced, activity: (alff, reho), parcels: parcels,
      sides: runs.first.sideRule, reference: table,
      covariates: try options.norms.own())
  }

  fileprivate mutating func addTargets(
    _ options: BatchOptions, greyMatter: String?, _ progress: WorkProgress
  ) throws(Problem) {
    var around = try TargetInputs(runs.first, greyMatter: greyMatter, into: &runs.study)
    inputs += around.hashes.filter { $0.role == "gm" }
    around.surroundings.networks = try options.network.map(into: &runs.study, &inputs)
    surroundings = around.surroundings
    let series = try TargetSeries(
      runs.prepared, smoothingFWHM: options.target.smoothingFWHM, known: reduced,
      progress: progress)
    var found = try preliminaryTargets(
      in: series, settings: options.target, around.surroundings, progress: progress)
    found.moreWarnings = personWarnings(runs.findings)
    targets = try confirmedTargets(found, in: series, progress: progress)
    searched = options.target.removesGlobalSignal ? series.removed : series.kept
  }
}

extension BatchMotion {
  fileprivate init(
    _ loaded: LoadedRun, _ prepared: PreparedRun, _ progress: WorkProgress
  ) throws(Problem) {
    frames = prepared.run.frameCount
    dropped = prepared.denoising.droppedFrames
    censored = prepared.denoising.censoredFrames.count
    repetitionTimeSeconds = prepared.run.repetitionTimeSeconds
    isModelled = prepared.denoising.modelsMotion
    func mean(_ values: [Double]?) -> Double? {
      let used = (values ?? []).filter(\.isFinite)
      return used.isEmpty ? nil : used.reduce(0, +) / Double(used.count)
    }
    let moved = (prepared.quality.displacement ?? []).filter(\.isFinite)
    meanDisplacement = mean(moved)
    largestDisplacement = moved.max()
    shareBeyond =
      moved.isEmpty
      ? nil
      : Double(moved.count { $0 > RunFacts.keptBelowMillimetres }) / Double(moved.count)
    // A table need not have it, and the run itself does.
    if let stated = prepared.quality.standardisedDVARS {
      meanStandardisedDVARS = mean(stated)
    } else {
      meanStandardisedDVARS = mean(
        try prepared.run.signalQuality(progress: progress).standardisedDVARS)
    }
  }
}

private func perfusionBatch(
  _ path: String, _ options: BatchOptions, _ progress: WorkProgress
) throws(Problem) -> BatchPerfusion {
  var study = LoadedStudy(stated: try options.run.statedSpace())
  study.making = ValueMaking(measure: perfusionMeasure)
  var loaded = try LoadedPerfusion(path, role: "spect", into: study)
  let brain = try loaded.brain(nil)
  var isSimulated = loaded.description.isSimulated
  let atlas = try loaded.labelMap(options.network.atlas)
  var request = PerfusionRequest(
    image: loaded.volume, fileName: loaded.description.name, space: loaded.space, brain: brain,
    atlas: atlas)
  request.reference = options.reference.map { PerfusionReference($0) }
  request.normals = try options.normals.load(
    person: loaded.description, image: loaded.volume, into: &loaded.study, inputs: &loaded.inputs,
    isSimulated: &isSimulated, progress: progress)
  loaded.gatherFindings()
  request.wantsAsymmetry = true
  request.wantsTable = loaded.space == .mni152 && atlas != nil
  request.regionOrder = .atlas
  let report = try quantify(request, progress: progress)
  return BatchPerfusion(
    report: report, space: loaded.space,
    formCode: loaded.description.formCode, brain: brain, inputs: loaded.inputs,
    findings: loaded.findings, isSimulated: isSimulated, request: request,
    description: loaded.description, files: loaded.study.files)
}

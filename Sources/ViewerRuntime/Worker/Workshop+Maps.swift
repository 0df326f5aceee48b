import Basics
import Connectivity
import Imaging
import Perfusion
import Study
import Viewer
import Workflows

/// Seed maps and the cleaning that they rest on.
extension Workshop {
  mutating func carryOutMaps(_ job: Job) throws(Problem) -> Outcome {
    switch job.request.effect {
    case .seedMap(let seed, let camera, let wantsBlurred, let wantsInference):
      return try makeSeedMap(seed, wantsBlurred ? camera : nil, wantsInference, job)
    case .seedText(let text, let camera, let wantsBlurred):
      let loaded = try requireRun()
      var inputs: [Provenance] = []
      var context = SeedContext(study, grid: loaded.run.grid, atlas: scene.atlas)
      let seed = try parseSeed(text, &context, inputs: &inputs)
      study = context.study
      return try makeSeedMap(seed, wantsBlurred ? camera : nil, true, job)
    case .prepare(let choice): try prepare(choice, job)
    default: break
    }
    return .done
  }

  /// - Parameter camera: that the map is wanted through as well.
  private mutating func makeSeedMap(
    _ seed: Seed, _ camera: Camera?, _ wantsInference: Bool, _ job: Job
  ) throws(Problem) -> Outcome {
    let prepared = try requirePrepared()
    let reduced = try cleaned(job)
    let map = try reduced.seedMap(seed)
    var blurred: Volume?
    let averaging = try camera.map { camera throws(Problem) in self.averaging(camera, prepared.run)
    }
    if let camera, let averaging = averaging ?? nil {
      let window = try timeWindow(camera, prepared.run)
      let windowMap =
        window.frames == 0..<prepared.run.frameCount
        ? map : try windowSeries(window.frames, prepared, job).seedMap(seed)
      blurred = blurredSeedMap(windowMap, averaging: averaging)
    }
    if job.goesOn {
      if let blurred { job.post(.blurredMap(map.seed, blurred)) }
      return .done
    }
    try job.progress.check()
    job.post(.seedMap(map, map.volume, blurred: blurred))
    if wantsInference {
      job.post(.inference(try map.inference(in: reduced, method: .bartlett)))
    }
    return camera != nil && blurred == nil ? .waitsForResolution : .done
  }

  /// Cleans the runs by another choice from now on; a choice that cannot be changes nothing.
  private mutating func prepare(_ choice: CleaningChoice, _ job: Job) throws(Problem) {
    var others: [PreparedRun] = []
    for (one, source) in zip(prepared, sources) {
      others.append(
        try PreparedRun(one.run, choice: choice, sources: source, progress: job.progress))
    }
    guard let first = others.first else { throw missing("a BOLD run", "--bold") }
    let reduced = try clean(others, progress: job.progress)
    let broadband =
      first.run.repetitionTimeSeconds == nil ? nil : try broadbandProjection(first)
    self.choice = choice
    cleaningNumber += 1
    prepared = others
    cleaned = reduced
    windowed = nil
    windowMean = nil
    blurred = nil
    secondCleaned = nil
    targetSeries = nil
    job.post(.cleaned(reduced))
    job.post(.prepared(choice, first.denoising, first.quality, broadband: broadband))
  }
}

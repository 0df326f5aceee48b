package import Basics
package import Connectivity
package import ImageFiles
package import Imaging
package import Perfusion
import Records
package import Study
package import Viewer
package import Workflows

/// What was loaded, and what was made of it and is kept for the next request. A value: long work has a copy.
package struct Workshop: Sendable {
  package let options: StudyRequest
  /// What was read; how the SPECT images lie now is on screen and comes with each request.
  package var scene = Scene()
  package var study = LoadedStudy()
  package var loadedRun: LoadedRun?
  package var targetInputs: TargetInputs?
  /// What a person chose to remove, for every run that is prepared from now on.
  package var choice = CleaningChoice()
  /// Counted up with each choice: what was made under another is not taken over.
  package var cleaningNumber = 0
  package var prepared: [PreparedRun] = []
  package var sources: [ConfoundSources] = []
  package var second: SessionRuns?
  package var networks: LabelMap?
  /// Whole runs and a time window, cleaned as `prepared` says.
  package var cleaned: ReducedSeries?
  package var secondCleaned: ReducedSeries?
  package var windowed: (frames: Range<Int>, reduced: ReducedSeries)?
  /// The run's own resolution once it was measured, the last proxy over a window, and the last series
  /// that went through the camera.
  package var native: NativeBlur?
  package var windowMean:
    (proxy: ProxyChoice, own: (Double, Double, Double), window: TimeWindow, values: [Float])?
  /// What may stand for perfusion.
  package var proxies: [ProxyChoice: PerfusionProxy] = [.mean: .meanBOLD]
  package var blurred: (frames: Range<Int>, averaging: Averaging, reduced: ReducedSeries)?
  package var targetSeries: TargetSeries?
  /// The shown anatomy.
  package var anatomy: Anatomy?
  package var transformWarnings: [String] = []
  /// The SPECT files as they are stored, and what their per cent refer to.
  package var spectFiles: [(volume: Volume, description: ImageDescription)] = []
  package var reference: String?
  /// Confounds and transforms, which are no images.
  package var otherInputs: [Provenance] = []
  package var brains: SPECTBrains?
  /// Whether what is found out of sides outlives the session; if not, it is here.
  package var keepsSides = true
  package var foundSides: [JudgedSides] = []

  package init(_ options: StudyRequest) { self.options = options }

  /// Takes over what was made on a copy, where it is still of the same cleaning and nothing newer is there.
  package mutating func adopt(_ made: Workshop) {
    native = native ?? made.native
    brains = made.brains ?? brains
    let news = made.foundSides.filter { !foundSides.contains($0) }
    foundSides += news
    if !news.isEmpty { takeSides() }
    guard made.cleaningNumber == cleaningNumber else { return }
    cleaned = cleaned ?? made.cleaned
    secondCleaned = secondCleaned ?? made.secondCleaned
    targetSeries = made.targetSeries ?? targetSeries
    blurred = made.blurred ?? blurred
    windowed = windowed ?? made.windowed
    windowMean = windowMean ?? made.windowMean
  }

  /// Carries one request out, each by the file of its feature.
  package mutating func carryOut(_ job: Job) throws(Problem) -> Outcome {
    switch job.request.effect {
    case .seedMap, .seedText, .prepare: return try carryOutMaps(job)
    case .activity, .motion, .matrix, .networks, .movie, .windowBand, .change:
      return try carryOutAnalyses(job)
    case .simulate, .simulateSlice, .blurSeries, .peaks: return try carryOutAveraging(job)
    case .scan, .makePicture, .perfusion, .reference: return try carryOutPerfusion(job)
    case .findTargets, .planCoil, .loadTargets: return try carryOutTargets(job)
    case .lesson(let part, let wish):
      job.post(.lesson(try lessonPart(part, wish, job)))
      return .done
    case .findPeaks(let search):
      let found = try search.found { (part) throws(Problem) in
        try job.progress.check()
        job.progress.report(search.words, part)
      }
      job.post(.foundPeaks(search, found))
      return .done
    case .register, .align: return try carryOutRegistration(job)
    case .writeReport(let seed, let settings, let marks, let name):
      try writeReport(seed, settings, marks, name, job)
      return .done
    case .checkSides, .decideSides: return try carryOutSides(job)
    case .listFiles(let typed, let endings):
      job.post(.files(prefix: typed, pathsBeginning(with: typed, endings: endings)))
      return .done
    case .browse, .browseSeries, .learnVisits, .openVisit, .openSeries, .review: return .done
    case .load, .recall, .save, .keepBook, .keepBookmarks, .saveWorkspace, .savePicture,
      .saveChart, .keepTransform, .cancel, .forget, .suspend, .redraw, .quit:
      return .done
    }
  }

  // MARK: - What a request needs

  package func requireRun() throws(Problem) -> LoadedRun {
    guard let loadedRun else { throw missing("a BOLD run", "--bold") }
    return loadedRun
  }

  package func requirePrepared() throws(Problem) -> PreparedRun {
    guard let first = prepared.first else { throw missing("a BOLD run", "--bold") }
    return first
  }

  package func missing(_ what: String, _ option: String) -> Problem {
    Problem(.data, scene.title, "this needs \(what)", expected: option)
  }

  /// The scene with the SPECT images as they lie on screen.
  package func shownScene(_ job: Job) -> Scene {
    var shown = scene
    shown.spects = job.request.shown.spects
    return shown
  }

  /// The runs cleaned as they are to be, once.
  package mutating func cleaned(_ job: Job) throws(Problem) -> ReducedSeries {
    let reduced: ReducedSeries
    if let cleaned {
      reduced = cleaned
    } else {
      job.progress.report("cleaning", 0)
      reduced = try clean(prepared, progress: job.progress)
      cleaned = reduced
    }
    // Said each time: an answer before this one may have been dropped.
    job.post(.cleaned(reduced))
    return reduced
  }

  /// A window of the first run cleaned, kept while the window stays.
  package mutating func windowSeries(
    _ frames: Range<Int>, _ prepared: PreparedRun, _ job: Job
  ) throws(Problem) -> ReducedSeries {
    if let known = windowed, known.frames == frames { return known.reduced }
    let reduced = try prepared.cleaned(frames: frames, progress: job.progress)
    windowed = (frames, reduced)
    return reduced
  }

  package func parcels(_ atlas: LabelMap, _ mask: Mask) -> [Parcel] {
    networks.map { atlas.parcels(in: mask, networks: $0) } ?? atlas.parcels(in: mask)
  }

  package func requireSPECT(_ n: Int, _ job: Job) throws(Problem) -> NamedSPECT {
    let spects = job.request.shown.spects
    guard spects.indices.contains(n), spectFiles.indices.contains(n) else {
      throw missing("a SPECT image", "--spect")
    }
    return spects[n]
  }
}

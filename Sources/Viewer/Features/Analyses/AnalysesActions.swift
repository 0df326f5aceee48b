import Connectivity
import Imaging

/// Actions that look at the run as a whole; nil for all others.
func actOnAnalyses(_ model: inout Model, _ action: Action) -> [Effect]? {
  switch action {
  case .motion: return togglePanel(&model, .motion, model.analyses.carpet == nil ? [.motion] : [])
  case .matrix: return togglePanel(&model, .matrix, model.analyses.matrix == nil ? [.matrix] : [])
  case .networks:
    guard model.scene.hasNetworks else {
      return refuse(&model, "no networks were given: start with --networks FILE")
    }
    return togglePanel(&model, .networks, model.analyses.networks == nil ? [.networks] : [])
  case .course:
    guard model.scene.run != nil else {
      return refuse(&model, "time courses need a BOLD run (--bold)")
    }
    let all = CourseKind.allCases
    let at = all.firstIndex(of: model.analyses.course) ?? 0
    model.analyses.course = all[(at + 1) % all.count]
    return []
  case .activity:
    let names = ActivityMeasure.allCases
    let next = names.first { measure in
      !model.scene.overlays.contains { $0.activity == measure }
    }
    guard let next else {
      return refuse(
        &model, "all activity maps are made; \(model.key(.nextOverlay)) goes through the overlays")
    }
    return askActivity(&model, next)
  case .movie:
    if model.movie.windows != nil {
      stopMovie(&model)
      return []
    }
    return askMovie(&model, seconds: model.movie.windowSeconds)
  case .play:
    guard model.movie.windows != nil else {
      return refuse(&model, "there is no movie yet; \(model.key(.movie)) makes one of the seed")
    }
    model.movie.isPlaying.toggle()
    return []
  case .frameBack where model.movie.windows != nil:
    stepWindow(&model, -1, wraps: false)
    return []
  case .frameForward where model.movie.windows != nil:
    stepWindow(&model, 1, wraps: false)
    return []
  default:
    // Keys of the slices close a panel first, so that nothing changes unseen.
    return nil
  }
}

/// Shows a panel, or takes it away when it is there.
private func togglePanel(_ model: inout Model, _ panel: Panel, _ effects: [Effect]) -> [Effect] {
  guard model.scene.run != nil else {
    return refuse(
      &model,
      model.shell.isLoading ? "the run is still being read" : "this needs a BOLD run (--bold)")
  }
  if model.shell.panel == panel {
    model.shell.panel = nil
    return []
  }
  if panel != .motion {
    guard model.scene.space == .mni152, model.scene.laterality == .known else {
      return refuse(
        &model, "regions are in MNI space and this run does not say that it is; see --space")
    }
  }
  model.shell.panel = panel
  if !effects.isEmpty { model.shell.progress = ("computing", 0) }
  return effects
}

func askActivity(_ model: inout Model, _ measure: ActivityMeasure) -> [Effect] {
  guard let run = model.scene.run else {
    return refuse(&model, "activity maps need a BOLD run (--bold)")
  }
  guard run.repetitionTimeSeconds != nil || measure == .tsnr else {
    return refuse(&model, "the repetition time is unknown: state it with --tr")
  }
  model.shell.progress = ("making \(measure.title)", 0)
  return [.activity(measure)]
}

/// Puts a new activity map on top of the overlays.
func showActivity(_ model: inout Model, _ map: ActivityMap, _ volume: Volume) {
  model.scene.overlays.removeAll { $0.activity == map.measure }
  var image = NamedVolume(name: map.measure.title, volume: volume)
  image.activity = map.measure
  image.detail =
    switch map.measure {
    case .alff: "DPABI, 0.01–0.08 Hz"
    case .falff: "0.01–0.08 Hz by all"
    case .reho: "Kendall's W of 27"
    case .tsnr: "mean by SD"
    }
  let sorted = map.values.filter(\.isFinite).sorted()
  image.levels = (0...20).map { n in
    sorted.isEmpty ? 0 : Double(sorted[min(sorted.count - 1, n * sorted.count / 20)])
  }
  // The brightest twentieth sets no scale: vessels and eyes are in it.
  image.levels[20] = sorted.isEmpty ? 1 : Double(sorted[sorted.count * 98 / 100])
  model.scene.overlays.insert(image, at: 0)
  stopMovie(&model)
  model.overlays.index = model.connectivity.seedVolume == nil ? 0 : 1
  model.overlays.isShown = true
}

/// Measures and pictures of the run that were asked for.
func receiveAnalyses(_ model: inout Model, _ message: Message) -> [Effect] {
  switch message {
  case .activity(let map, let volume):
    model.shell.progress = nil
    showActivity(&model, map, volume)
    return []
  case .motion(let quality, let carpet):
    model.shell.progress = nil
    model.scene.quality = quality
    model.analyses.carpet = carpet
    return []
  case .matrix(let matrix):
    model.shell.progress = nil
    model.analyses.matrix = matrix
    return []
  case .networks(let report):
    model.shell.progress = nil
    model.analyses.networks = report
    model.analyses.matrix = report.matrix
    return []
  default: return []
  }
}

import Basics
import CellUI
import Connectivity
import Imaging
import Perfusion
import Targeting

/// Keys that set a seed; nil for all others.
func actOnSeeds(_ model: inout Model, _ action: Action) -> [Effect]? {
  switch action {
  case .seed: return seedHere(&model)
  case .live:
    guard model.scene.run != nil else {
      return refuse(&model, "a live seed needs a BOLD run (--bold)")
    }
    model.connectivity.isLive.toggle()
    return model.connectivity.isLive ? seedHere(&model) : []
  default: return nil
  }
}

/// Maps of seeds, what is known about them, and the series they are made of.
func receiveSeeds(_ model: inout Model, _ message: Message) -> [Effect] {
  switch message {
  case .cleaned(let reduced):
    model.connectivity.cleaned = reduced
    let unused = reduced.projection.report.unused
    if !unused.isEmpty {
      model.notice = Notice(
        text: "confounds that remove nothing: "
          + unused.map { "\(visibleText($0.name, limit: 40)) (\($0.reason))" }
          .joined(separator: ", "), isError: false)
    }
    return []
  case .seedMap(let map, let volume, let blurred):
    return takeMap(&model, map, volume, blurred)
  case .blurredMap(let seed, let blurred):
    if model.connectivity.seedMap?.seed == seed { model.averaging.blurredMap = blurred }
    return []
  case .inference(let inference):
    model.connectivity.inference = inference
    return []
  default: return []
  }
}

private func takeMap(
  _ model: inout Model, _ map: SeedMap, _ volume: Volume, _ blurred: Volume?
) -> [Effect] {
  let isOther = model.connectivity.seedMap?.seed != map.seed
  takeSeed(&model, map.seed)
  model.connectivity.seedMap = map
  model.connectivity.seedVolume = volume
  model.averaging.blurredMap = blurred
  model.connectivity.inference = nil
  model.overlays.index = model.ways.overlayAfterSeed ?? 0
  model.ways.overlayAfterSeed = nil
  model.shell.progress = nil
  if isOther, let centre = map.seed.centre, model.connectivity.seedFollows {
    model.cursor = centre
    model.connectivity.seedFollows = false
  }
  if let warning = map.warnings.first, isOther, !model.connectivity.isLive {
    model.notice = Notice(
      text: "LOCKED for targets: \(warning)", isError: false)
  }
  if model.panes.right == .seriesBlurred, model.averaging.blurredSeries?.seed != map.seed {
    return [.blurSeries(map.seed, model.averaging.camera)]
  }
  if model.change.result?.first.seed != map.seed,
    model.panes.right == .second || model.panes.right == .change
  {
    return [.change(map.seed)]
  }
  return []
}

func seedHere(_ model: inout Model, quiet: Bool = false) -> [Effect] {
  guard model.scene.run != nil else {
    return refuse(
      &model,
      model.shell.isLoading ? "the run is still being read" : "a seed needs a BOLD run (--bold)")
  }
  if quiet, model.placeAtCursor == nil { return [] }
  return askSeedMap(&model, .sphere(centre: model.cursor, radius: 6, name: nil))
}

func askSeedMap(_ model: inout Model, _ seed: Seed) -> [Effect] {
  if model.scene.run?.repetitionTimeSeconds == nil, model.scene.denoising.bandHertz != nil {
    return refuse(
      &model, "the repetition time is unknown: state it with --tr, or drop the band with :band none"
    )
  }
  stopMovie(&model)
  model.ways.seed = seed
  return [
    .seedMap(
      seed, model.averaging.camera, wantsBlurred: model.panes.right == .mapBlurred,
      wantsInference: !model.connectivity.isLive)
  ]
}

import Basics
import CellUI
import Connectivity
import Imaging
import Perfusion
import Targeting

/// What a message changes; `update` remembers what was before.
func respond(_ model: inout Model, _ message: Message) -> [Effect] {
  switch message {
  case .event(let event): return handle(&model, event)
  case .answer: return []
  case .firstLook(let scene):
    let first = model.scene.grid == nil
    model.scene = scene
    if first { placeCursor(&model) }
    return []
  case .loaded(let scene):
    let first = model.scene.grid == nil
    model.scene = scene
    model.shell.isLoading = false
    model.shell.progress = nil
    if first || !model.navigation.hasMoved { placeCursor(&model) }
    model.ways.wantedChoice = nil
    model.navigation.frame = min(model.navigation.frame, max(0, (scene.run?.frameCount ?? 1) - 1))
    if scene.spects.isEmpty, scene.run != nil { model.panes.right = .simulated }
    if let worst = scene.findings.max(by: { $0.severity < $1.severity }), worst.severity > .note {
      model.notice = Notice(text: worst.text, isError: worst.severity == .blocking)
    }
    var effects: [Effect] = []
    let start = model.ways.start
    if let start {
      effects += begin(&model, start)
    } else if let seed = scene.initialSeed {
      effects += askSeedMap(&model, seed)
    }
    if model.lesson.startsWhenLoaded {
      model.lesson.startsWhenLoaded = false
      return effects + toggleLesson(&model)
    }
    return start == nil ? effects + refreshRight(&model) : effects
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
  case .prepared(let choice, let denoising, let quality, let broadband):
    model.scene.choice = choice
    model.ways.wantedChoice = nil
    model.scene.denoising = denoising
    // How the head moved does not depend on the cleaning: what was measured stays.
    if model.scene.quality?.globalSignal == nil { model.scene.quality = quality }
    model.scene.broadband = broadband
    model.shell.progress = nil
    stopMovie(&model)
    // What was made of the series as they were no longer holds.
    model.analyses.matrix = nil
    model.analyses.networks = nil
    model.change.result = nil
    model.averaging.blurredSeries = nil
    model.scene.overlays.removeAll { $0.activity != nil }
    model.overlays.index = 0
    if model.shell.panel == .matrix || model.shell.panel == .networks { model.shell.panel = nil }
    model.perfusion.made[.scan] = nil
    model.perfusion.peakLines = nil
    // ALFF is taken from the cleaned series.
    var again: [Effect] =
      model.averaging.camera.proxy == .alff || model.averaging.camera.proxy == .template
      ? model.panes.right == .simulated || model.panes.right == .made(.lostContrast)
        ? refreshRight(&model) : []
      : []
    // So are the candidates on screen, or those that are being looked for.
    if model.targets.list != nil || model.targets.isSearching { again += searchTargets(&model) }
    guard let seed = model.connectivity.seedMap?.seed else { return again }
    return again + askSeedMap(&model, seed)
  case .seedMap(let map, let volume, let blurred):
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
  case .blurredMap(let seed, let blurred):
    if model.connectivity.seedMap?.seed == seed { model.averaging.blurredMap = blurred }
    return []
  case .inference(let inference):
    model.connectivity.inference = inference
    return []
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
  case .movie(let movie):
    model.shell.progress = nil
    model.movie.windows = movie
    model.overlays.index = 0
    model.overlays.isShown = true
    showWindow(&model, 0)
    if let warning = movie.warning { model.notice = Notice(text: warning, isError: false) }
    return askBand(&model)
  case .windowBand(let place, let pair):
    if model.movie.windows != nil { model.movie.pair = (place, pair) }
    return []
  case .change(let change, let second, let ratio):
    model.shell.progress = nil
    model.change.result = change
    model.change.second = second
    model.change.ratio = ratio
    if let warning = change.warnings.first {
      model.notice = Notice(text: warning, isError: false)
    }
    return []
  case .tick:
    if model.movie.isPlaying {
      stepWindow(&model, 1, wraps: true)
    } else if model.isAlternating {
      model.view.showsRight.toggle()
    }
    return []
  case .simulated(let simulated, let difference):
    guard model.answersCamera || model.averaging.simulated == nil else { return [] }
    model.averaging.simulated = simulated
    model.averaging.simulatedTop = Double(simulated.volume.range?.high ?? 1)
    model.averaging.difference = difference
    model.shell.progress = nil
    return []
  case .made, .perfusion, .peaks:
    takePerfusion(&model, message)
    return []
  case .simulatedSlice, .contrast, .blurredSeries:
    takeAveraging(&model, message)
    return []
  case .targets(let report):
    model.targets.isSearching = report.isPreliminary
    if !report.isPreliminary { model.shell.progress = nil }
    if model.lesson.running != nil {
      model.lesson.targets = report
      return []
    }
    if model.targets.list == nil {
      model.targets.list = TargetsState(report: report)
      jumpToTarget(&model)
    } else {
      let isOther = model.targets.list?.report.result.centre != report.result.centre
      model.targets.list?.report = report
      // Another place under the confirm screen would be confirmed unseen.
      if isOther {
        model.targets.list?.isConfirming = false
        if model.shell.prompt?.purpose == .targetName { model.shell.prompt = nil }
      }
      if isOther, model.targets.list?.isFollowing == false {
        model.targets.list?.index = 0
        jumpToTarget(&model)
      }
    }
    return []
  case .coil(let place, let outlook):
    if model.currentTarget?.point == place { model.targets.list?.coil = (place, outlook) }
    return []
  case .aligned(let n, let spect, let before, let now):
    guard model.scene.spects.indices.contains(n) else { return [] }
    model.shell.progress = nil
    model.scene.spects[n] = spect
    forgetMadeOfSPECT(&model)
    if model.registration?.spect == n {
      model.registration?.before = before
      model.registration?.now = now
      model.registration?.isRunning = false
      model.registration?.place = spect.sceneFromFile
    }
    return []
  case .recovered(let records):
    // A session file's own come first. What was left here is added: it would else be lost with the next
    // change, which keeps the book as it is on screen.
    model.targets.book += records.filter { left in
      !model.targets.book.contains { $0.isReadBack(as: left) }
    }
    model.notice = Notice(
      text: "\(records.count) mark\(records.count == 1 ? "" : "s") of an earlier session "
        + "\(records.count == 1 ? "is" : "are") back; t lists them", isError: false)
    // What an earlier session left is not undone by one key.
    model.targets.bookHistory = []
    return []
  case .saved(let name):
    model.targets.list?.written = name
    model.targets.list?.isConfirming = false
    model.notice = Notice(text: "saved and read back: \(name)", isError: false)
    return []
  case .finished:
    if let (id, effect) = model.requests.answering { model.end(id, effect) }
    return []
  case .spects(let spects):
    model.scene.spects = spects
    forgetMadeOfSPECT(&model)
    return []
  case .loadedTargets(let records):
    model.targets.saved = records
    model.notice = Notice(
      text: "\(records.count) saved target\(records.count == 1 ? "" : "s") loaded; t shows them",
      isError: false)
    if let first = records.first { model.cursor = first.point }
    return []
  case .progress(let text, let part):
    model.shell.progress = (text, part)
    model.requests.progressing = model.requests.answering?.id
    return []
  case .files(let prefix, let names):
    takeFiles(&model, prefix, names)
    return []
  case .bookmarks(let marks):
    let own = model.ways.bookmarks
    model.ways.bookmarks += marks.filter { !own.contains($0) }
    return []
  case .typed(let lines):
    model.ways.typed = lines + model.ways.typed
    return []
  case .told(let text):
    tell(&model, text)
    return []
  case .failed(let problem):
    model.shell.progress = nil
    model.notice = Notice(text: problem.sentence, isError: problem.kind != .cancelled)
    return []
  }
}

/// The cursor at the place that was asked for, at the seed, or in the middle of the brain.
private func placeCursor(_ model: inout Model) {
  let scene = model.scene
  if let asked = scene.initialCursor {
    model.cursor = asked
  } else if case .sphere(let centre, _, _)? = scene.initialSeed {
    model.cursor = centre
  } else if let field = scene.field {
    let middle = WorldPoint(
      (field.low.x + field.high.x) / 2, (field.low.y + field.high.y) / 2,
      (field.low.z + field.high.z) / 2)
    model.cursor = snapped(middle, scene)
  }
}

/// The centre of the voxel that holds a point.
private func snapped(_ w: WorldPoint, _ scene: Scene) -> WorldPoint {
  guard let grid = scene.grid, let v = grid.nearestVoxel(w) else { return w }
  return grid.world(v)
}

private func handle(_ model: inout Model, _ event: Event) -> [Effect] {
  switch event {
  case .resized(let size):
    model.shell.size = size
    return []
  case .resumed: return [.redraw]
  case .ended:
    model.shell.hasEnded = true
    return [.quit]
  case .key(let key):
    let wasNotice = model.notice != nil
    model.notice = nil
    if case .mouse(let mouse) = key { return pointAt(&model, mouse) }
    if case .pasted(let text) = key { return paste(&model, text) }
    if model.shell.prompt != nil { return typePrompt(&model, key) }
    if model.shell.showsHelp { return typeInHelp(&model, key) }
    guard let action = model.ways.keys.action(for: key) else { return [] }
    // The key that takes a message away does nothing else when it is Esc.
    if wasNotice, action == .back { return [] }
    return act(&model, action)
  }
}

/// Carries out an action in the mode that the screen is in.
package func act(_ model: inout Model, _ action: Action) -> [Effect] {
  switch action {
  case .quit:
    model.shell.hasEnded = true
    return [.quit]
  case .suspend: return [.suspend]
  case .redraw: return [.redraw]
  case .help:
    model.shell.showsHelp.toggle()
    model.shell.helpPage = 0
    model.ways.filter = ""
    return []
  case .back: return back(&model)
  default: break
  }
  if let effects = actOnHistory(&model, action) { return effects }
  if let effects = actOnBookmarks(&model, action) { return effects }
  if let effects = actOnTargets(&model, action) { return effects }
  if let effects = actOnRegistration(&model, action) { return effects }
  if let effects = actOnLesson(&model, action) { return effects }
  if let effects = actOnPerfusion(&model, action) { return effects }
  if let effects = actOnLayouts(&model, action) { return effects }
  if let effects = actOnOverlays(&model, action) { return effects }
  if let effects = actOnAnalyses(&model, action) { return effects }
  switch action {
  case .left, .right, .up, .down, .sliceForward, .sliceBack: return moveCursor(&model, action)
  case .axial: model.navigation.plane = .axial
  case .coronal: model.navigation.plane = .coronal
  case .sagittal: model.navigation.plane = .sagittal
  case .frameBack: return stepFrame(&model, -1)
  case .frameForward: return stepFrame(&model, 1)
  case .thresholdDown where model.panes.rightHasFocus && model.rightIsHot:
    model.perfusion.rightScale = max(0.2, roundedStep(model.perfusion.rightScale - 0.1))
  case .thresholdUp where model.panes.rightHasFocus && model.rightIsHot:
    model.perfusion.rightScale = min(1.5, roundedStep(model.perfusion.rightScale + 0.1))
  case .thresholdDown: return stepThreshold(&model, -1)
  case .thresholdUp: return stepThreshold(&model, 1)
  case .overlay: model.overlays.isShown.toggle()
  case .nextOverlay:
    let count =
      model.scene.overlays.count
      + (model.connectivity.seedVolume == nil && model.movie.volume == nil ? 0 : 1)
    if count == 0 { return refuse(&model, "there is no overlay; Space sets a seed") }
    model.overlays.index = (model.overlays.index + 1) % count
    model.overlays.isShown = true
  case .underlay:
    if model.underlayCount > 0 {
      model.navigation.underlayIndex = (model.navigation.underlayIndex + 1) % model.underlayCount
    }
  case .flip:
    guard model.scene.laterality == .known else {
      return refuse(&model, "the sides are unknown: there is no convention to flip")
    }
    model.navigation.isRadiological.toggle()
  case .otherPane: model.panes.rightHasFocus.toggle()
  case .seed: return seedHere(&model)
  case .live:
    guard model.scene.run != nil else {
      return refuse(&model, "a live seed needs a BOLD run (--bold)")
    }
    model.connectivity.isLive.toggle()
    return model.connectivity.isLive ? seedHere(&model) : []
  case .cycleRight: return cycleRight(&model)
  case .coarser: return changeFWHM(&model, model.averaging.camera.fwhm + 1)
  case .finer: return changeFWHM(&model, model.averaging.camera.fwhm - 1)
  case .targets: return askTargets(&model)
  case .goTo: model.shell.prompt = Prompt(purpose: .place, text: "")
  case .command: model.shell.prompt = Prompt(purpose: .command, text: "")
  case .next: return goToCluster(&model, 1)
  case .previous: return goToCluster(&model, -1)
  case .bookmarkHere:
    let n = (1...).first { n in !model.ways.bookmarks.contains { $0.name == "place-\(n)" } } ?? 1
    model.shell.prompt = Prompt(purpose: .bookmark, text: "place-\(n)")
  case .bookmarks: return toggleBookmarks(&model)
  case .mark: return markCursor(&model)
  case .undo: return undoBook(&model)
  case .searchHere:
    if let reason = model.scene.targetsRefusal {
      return refuse(&model, "no target search: \(reason)")
    }
    return searchSphere(&model, model.cursor, radius: 20)
  case .accept, .rename, .note, .take, .reject:
    return refuse(&model, "this key works in the target list; t opens it")
  case .registration: return openRegistration(&model)
  case .lesson: return toggleLesson(&model)
  case .quit, .suspend, .redraw, .help, .back, .motion, .matrix, .networks, .course, .activity,
    .movie, .play, .side, .planes, .lightbox, .fused, .flicker, .less, .more, .zoomIn, .zoomOut,
    .zoomReset, .pan, .centre, .outline, .across, .keep, .raise, .lower, .brighter, .darker,
    .moreContrast, .lessContrast, .sign, .clusterSize, .thresholdKind, .opaque, .sheer, .overlays,
    .histogram, .undoView, .redoView, .placeBack, .placeForward:
    break
  }
  return []
}

/// Says why a key does nothing now.
func refuse(_ model: inout Model, _ reason: String) -> [Effect] {
  model.notice = Notice(text: reason, isError: false, isRefusal: true)
  return []
}

/// Says what was done, where the screen alone would not.
func tell(_ model: inout Model, _ words: String) {
  model.notice = Notice(text: words, isError: false)
}

private func roundedStep(_ value: Double) -> Double { (value * 100).rounded() / 100 }

private func back(_ model: inout Model) -> [Effect] {
  if model.shell.showsHelp {
    model.shell.showsHelp = false
  } else if model.targets.list?.isConfirming == true {
    model.targets.list?.isConfirming = false
  } else if model.lesson.running != nil {
    return endLesson(&model)
  } else if model.targets.list?.isFollowing == true {
    model.targets.list?.isFollowing = false
  } else if model.targets.list != nil {
    model.targets.list = nil
  } else if model.shell.panel != nil {
    model.shell.panel = nil
    if model.shell.progress != nil { return [.cancel] }
  } else if endLayoutMode(&model) {
  } else if model.movie.isPlaying {
    model.movie.isPlaying = false
  } else if model.movie.windows != nil {
    stopMovie(&model)
  } else if model.shell.progress != nil {
    return [.cancel]
  } else if model.connectivity.isLive {
    model.connectivity.isLive = false
  }
  return []
}

/// Moves the cursor by voxels on the screen.
private func move(_ model: inout Model, horizontal: Int, vertical: Int) -> [Effect] {
  let axes = ScreenAxes(
    plane: model.navigation.plane, isRadiological: model.navigation.isRadiological)
  if horizontal != 0 {
    return moveAlong(&model, axes.horizontalAxis, horizontal * Int(axes.horizontalSign))
  }
  return moveAlong(&model, axes.verticalAxis, vertical)
}

/// Moves the cursor as a key says that means a direction.
func moveCursor(_ model: inout Model, _ action: Action) -> [Effect] {
  switch action {
  case .left: move(&model, horizontal: -1, vertical: 0)
  case .right: move(&model, horizontal: 1, vertical: 0)
  case .up: move(&model, horizontal: 0, vertical: 1)
  case .down: move(&model, horizontal: 0, vertical: -1)
  case .sliceForward: moveAlong(&model, model.navigation.plane.normalAxis, 1)
  case .sliceBack: moveAlong(&model, model.navigation.plane.normalAxis, -1)
  default: []
  }
}

/// Moves the cursor along a world axis, kept within the picture.
private func moveAlong(_ model: inout Model, _ axis: Int, _ steps: Int) -> [Effect] {
  guard let field = model.scene.field else { return [] }
  let step = model.scene.step(along: axis)
  let margin = 3 * step
  let wanted = model.cursor[axis] + Double(steps) * step
  guard wanted >= field.low[axis] - margin, wanted <= field.high[axis] + margin else { return [] }
  model.cursor[axis] = wanted
  model.navigation.hasMoved = true
  return model.connectivity.isLive ? seedHere(&model, quiet: true) : askBand(&model)
}

private func stepFrame(_ model: inout Model, _ step: Int) -> [Effect] {
  guard let run = model.scene.run else { return refuse(&model, "frames need a BOLD run (--bold)") }
  model.navigation.frame = max(0, min(run.frameCount - 1, model.navigation.frame + step))
  return []
}

private func changeFWHM(_ model: inout Model, _ fwhm: Double) -> [Effect] {
  guard fwhm >= 0, fwhm <= 30 else { return refuse(&model, "the camera goes from 0 to 30 mm") }
  model.averaging.camera.fwhm = fwhm
  return refreshRight(&model)
}

private func seedHere(_ model: inout Model, quiet: Bool = false) -> [Effect] {
  guard let run = model.scene.run else {
    return refuse(
      &model,
      model.shell.isLoading ? "the run is still being read" : "a seed needs a BOLD run (--bold)")
  }
  let inside = run.grid.nearestVoxel(model.cursor).map(run.mask.contains) ?? false
  if quiet, !inside { return [] }
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

/// The next thing that the right pane can show.
private func cycleRight(_ model: inout Model) -> [Effect] {
  let count = model.scene.spects.count
  let hasRun = model.scene.run != nil
  var order: [RightPane] = (0..<count).map(RightPane.measured)
  if hasRun {
    order += [.simulated, .mapBlurred, .seriesBlurred]
    order += (0..<count).map(RightPane.difference)
    if model.scene.secondTitle != nil { order += [.second, .change] }
  }
  // What was asked for once is gone through like the rest.
  for kind in [MadeKind.scan, .lostContrast, .subtraction] where model.perfusion.made[kind] != nil {
    order.append(.made(kind))
  }
  for n in 0..<count where model.perfusion.made[.asymmetry(n)] != nil {
    order.append(.made(.asymmetry(n)))
  }
  guard !order.isEmpty else {
    return refuse(&model, "there is no SPECT (--spect) and no run (--bold)")
  }
  let at = order.firstIndex(of: model.panes.right) ?? -1
  model.panes.right = order[(at + 1) % order.count]
  return refreshRight(&model)
}

/// Asks for what the right pane needs and does not have.
func refreshRight(_ model: inout Model) -> [Effect] {
  if case .made(let kind) = model.panes.right { return askMade(&model, kind) }
  guard model.scene.run != nil else { return [] }
  switch model.panes.right {
  case .measured, .made: return []
  case .simulated:
    return askSimulation(&model)
  case .difference(let n):
    model.averaging.difference = nil
    return [.simulate(model.averaging.camera, spect: n)]
  case .mapBlurred:
    guard let seed = model.connectivity.seedMap?.seed else {
      return refuse(&model, "there is no map to blur yet; Space sets a seed")
    }
    if let reason = uptakeRefusal(model) { return refuse(&model, reason) }
    return askSeedMap(&model, seed)
  case .seriesBlurred: return askSeries(&model)
  case .second, .change:
    guard let seed = model.connectivity.seedMap?.seed else {
      return refuse(&model, "there is no map to compare yet; Space sets a seed")
    }
    if model.change.result?.first.seed == seed { return [] }
    return [.change(seed)]
  }
}

func askTargets(_ model: inout Model) -> [Effect] {
  if model.shell.isLoading { return refuse(&model, "the files are still being read") }
  if let reason = model.scene.targetsRefusal {
    return refuse(&model, "no target search: \(reason)")
  }
  if model.targets.isSearching { return refuse(&model, "the search is running; Esc cancels it") }
  return searchTargets(&model)
}

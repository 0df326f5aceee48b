import Basics
import CellUI
import Connectivity
import Imaging
import Perfusion
import Targeting

/// What is known of the person's files changes: they are there, or are seen another way.
func receiveScene(_ model: inout Model, _ message: Message) -> [Effect] {
  switch message {
  case .firstLook(let scene):
    let first = model.scene.grid == nil
    model.scene = scene
    if first { placeCursor(&model) }
    return []
  case .loaded(let scene): return takeScene(&model, scene)
  case .spects(let spects):
    model.scene.spects = spects
    forgetMadeOfSPECT(&model)
    return []
  case .prepared(let choice, let denoising, let quality, let broadband):
    model.scene.choice = choice
    model.scene.denoising = denoising
    // How the head moved does not depend on the cleaning: what was measured stays.
    if model.scene.quality?.globalSignal == nil { model.scene.quality = quality }
    model.scene.broadband = broadband
    return cleanedAnew(&model)
  default: return []
  }
}

/// Everything is read: the cursor gets its place, and what was asked for at the start begins.
private func takeScene(_ model: inout Model, _ scene: Scene) -> [Effect] {
  let first = model.scene.grid == nil
  model.scene = scene
  model.shell.isLoading = false
  model.keepRightInReach()
  model.shell.progress = nil
  if first || !model.navigation.hasMoved { placeCursor(&model) }
  if model.ways.start == nil { model.averaging.camera.proxy = scene.usualProxy }
  model.ways.wantedChoice = nil
  model.navigation.frame = min(model.navigation.frame, max(0, (scene.run?.frameCount ?? 1) - 1))
  if scene.spects.isEmpty, scene.run != nil { model.panes.right = .simulated }
  // What is doubtful about normals belongs to the step of a lesson that uses them, not to its first.
  let told =
    model.lesson.startsWhenLoaded
    ? scene.findings.filter { $0.code != Lesson.normalsDoubtCode } : scene.findings
  if let worst = told.max(by: { $0.severity < $1.severity }), worst.severity > .note {
    // A line, and not the whole of two long names over the numbers.
    var text = worst.line
    for file in scene.readFiles {
      let name = file.path.split(separator: "/").last.map(String.init) ?? ""
      if name.count > 30 {
        text = text.split(separator: name, omittingEmptySubsequences: false)
          .joined(separator: shortenedName(name, 28))
      }
    }
    model.notice = Notice(text: text, isError: worst.severity == .blocking, isAboveKeys: true)
  }
  // On a small screen what was found leaves the cursor's line its room.
  if model.shell.capabilities.mayHaveMore, model.notice == nil || model.shell.size.rows > 30 {
    let said =
      model.notice.map { $0.text + ($0.text.last.map { ".…!".contains($0) } == true ? " " : ". ") }
      ?? ""
    model.notice = Notice(
      text: said + fewColours(model), isError: model.notice?.isError ?? false, isAboveKeys: true)
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
}

/// What to do about few colours; PuTTY and others say as little of themselves as terminals of thirty years ago.
private func fewColours(_ model: Model) -> String {
  "TERM says that this terminal has few colours (\(model.shell.levels) levels); if it has 256, start with "
    + "--colour-depth 256"
}

/// What was made of the series as they were no longer holds.
private func cleanedAnew(_ model: inout Model) -> [Effect] {
  model.ways.wantedChoice = nil
  model.shell.progress = nil
  stopMovie(&model)
  model.analyses.matrix = nil
  model.analyses.networks = nil
  model.change.result = nil
  model.lesson.forgetCleaned()
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

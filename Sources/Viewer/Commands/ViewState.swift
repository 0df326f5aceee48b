package import Connectivity
package import Imaging

/// How everything is looked at, apart from what is looked at: what undo goes back to, what a workspace
/// file keeps and what the command line can set.
///
/// A new way of looking is one line here, one in each direction of `Model.viewState`, and its field in
/// the topic of the registry that it belongs to.
package struct ViewState: Equatable, Sendable {
  package var cursor = WorldPoint(0, 0, 0)
  package var plane = Plane.axial
  package var isRadiological = true
  package var showsOverlay = true
  /// Layout, zoom and how each overlay is drawn.
  package var presentation = Presentation()
  package var activity: ActivityMeasure?
  package var overlay = 0
  package var underlay = 0
  package var frame = 0
  package var right = RightPane.measured(0)
  package var camera = Camera()
  package var rightScale = 1.0
  package var rightHasFocus = false
  package var palette = Palette.hotIron
  package var course = CourseKind.cleaned
  package var panel: Panel?
  package var isLive = false
  /// The seed that was asked for last, whether or not its map is there yet.
  package var seed: Seed?

  package init() {}

  /// Whether only the cursor differs, or the seed that follows it.
  func differsOnlyInPlace(from other: ViewState) -> Bool {
    var moved = other
    moved.cursor = cursor
    // A zoomed picture follows the cursor.
    moved.presentation.centre = presentation.centre
    if isLive, other.isLive { moved.seed = seed }
    return moved == self
  }
}

extension ViewState {
  /// |r| from which the seed map is drawn in full, and of its brightest colour.
  package var threshold: Double {
    get { mapStyle.threshold }
    set {
      var style = mapStyle
      (style.kind, style.threshold) = (.value, newValue)
      style.ceiling = max(style.ceiling, newValue + 0.05)
      presentation.styles[.map] = style
    }
  }
  package var ceiling: Double {
    get { mapStyle.ceiling }
    set {
      var style = mapStyle
      style.ceiling = newValue
      presentation.styles[.map] = style
    }
  }
  private var mapStyle: OverlayStyle { presentation.styles[.map] ?? .usual }
}

extension Model {
  /// The state of every view; the way back is `show`.
  package var viewState: ViewState {
    var s = ViewState()
    s.cursor = cursor
    s.plane = navigation.plane
    s.isRadiological = navigation.isRadiological
    s.showsOverlay = overlays.isShown
    s.presentation = view
    s.activity = activityOverlay?.activity
    s.overlay = overlays.index
    s.underlay = navigation.underlayIndex
    s.frame = navigation.frame
    s.right = panes.right
    s.camera = averaging.camera
    s.rightScale = perfusion.rightScale
    s.rightHasFocus = panes.rightHasFocus
    s.palette = shell.palette
    s.course = analyses.course
    // Laying a SPECT over the anatomy is work, not a view.
    s.panel = shell.panel.flatMap { Panel.views.contains($0) ? $0 : nil }
    s.isLive = connectivity.isLive
    s.seed = ways.seed
    return s
  }

  /// What needs no file: may be set before anything is loaded.
  mutating func setPlainState(_ s: ViewState) {
    navigation.plane = s.plane
    navigation.isRadiological = s.isRadiological
    overlays.isShown = s.showsOverlay
    view = s.presentation
    navigation.frame = s.frame
    panes.right = s.right
    keepRightInReach()
    averaging.camera = s.camera
    perfusion.rightScale = s.rightScale
    panes.rightHasFocus = s.rightHasFocus
    if shell.palette != s.palette { shell.palette = s.palette }
    analyses.course = s.course
    navigation.underlayIndex = s.underlay
    overlays.index = s.overlay
  }
}

/// Shows the screen as a state has it; what must be computed for it comes back as effects.
func show(_ model: inout Model, _ s: ViewState) -> [Effect] {
  let old = model.viewState
  model.setPlainState(s)
  model.cursor = s.cursor
  model.navigation.frame = max(0, min((model.scene.run?.frameCount ?? 1) - 1, s.frame))
  model.navigation.underlayIndex = max(0, min(model.underlayCount - 1, s.underlay))
  model.connectivity.isLive = s.isLive && model.scene.run != nil
  var effects: [Effect] = []
  if s.seed != old.seed {
    if let seed = s.seed, model.scene.run != nil {
      model.ways.overlayAfterSeed = s.overlay
      effects += askSeedMap(&model, seed)
    } else {
      dropSeed(&model)
    }
  }
  if let measure = s.activity, model.activityOverlay?.activity != measure {
    effects += showOrAsk(&model, measure)
  }
  if s.right != old.right || s.camera != old.camera { effects += refreshRight(&model) }
  if s.panel != old.panel { effects += showPanel(&model, s.panel) }
  return effects
}

/// No seed any more: neither its map nor what was made of it.
private func dropSeed(_ model: inout Model) {
  stopMovie(&model)
  _ = model.requests.drop { _, effect in effect.overtakes == .map }
  model.ways.seed = nil
  model.connectivity.seedMap = nil
  model.connectivity.seedVolume = nil
  model.averaging.blurredMap = nil
  model.connectivity.inference = nil
}

/// An activity map that is there comes up; one that is not is asked for.
private func showOrAsk(_ model: inout Model, _ measure: ActivityMeasure) -> [Effect] {
  if let n = model.scene.overlays.firstIndex(where: { $0.activity == measure }) {
    model.overlays.index =
      n + (model.connectivity.seedVolume == nil && model.movie.volume == nil ? 0 : 1)
    return []
  }
  return model.scene.run == nil ? [] : askActivity(&model, measure)
}

private func showPanel(_ model: inout Model, _ panel: Panel?) -> [Effect] {
  guard let panel else {
    model.shell.panel = nil
    return []
  }
  switch panel {
  case .motion: return model.shell.panel == panel ? [] : actOnAnalyses(&model, .motion) ?? []
  case .matrix: return model.shell.panel == panel ? [] : actOnAnalyses(&model, .matrix) ?? []
  case .networks: return model.shell.panel == panel ? [] : actOnAnalyses(&model, .networks) ?? []
  case .losses:
    return model.shell.panel == panel ? [] : toggleLosses(&model)
  case .bookmarks: model.shell.panel = .bookmarks
  case .overlays: return model.shell.panel == panel ? [] : actOnOverlays(&model, .overlays) ?? []
  case .histogram: return model.shell.panel == panel ? [] : actOnOverlays(&model, .histogram) ?? []
  case .registration, .perfusion: break
  }
  return []
}

import Connectivity
import Imaging

/// One overlay as it is drawn, with its name and what passes.
struct ShownOverlay {
  let id: OverlayID
  let name: String
  /// The same for a narrow place.
  let shortName: String
  let volume: Volume
  let style: OverlayStyle
  let passed: ThresholdedMap
  /// "r" for a map of correlations, empty where the unit is unknown.
  let unit: String
}

extension Model {
  /// Whether there is a map of the seed or of a window.
  var hasMap: Bool { connectivity.seedVolume != nil || movie.volume != nil }

  /// All overlays in the order of `O`.
  package var overlayIDs: [OverlayID] {
    (hasMap ? [.map] : []) + scene.overlays.indices.map(givenID)
  }

  /// The same name twice gets a number, so that each can be meant.
  private func givenID(_ n: Int) -> OverlayID {
    let name = scene.overlays[n].name
    let before = scene.overlays[..<n].reduce(0) { $0 + ($1.name == name ? 1 : 0) }
    return .given(before == 0 ? name : "\(name) #\(before + 1)")
  }

  /// The overlay that keys and commands speak of.
  package var currentOverlayID: OverlayID {
    let all = overlayIDs
    return all.indices.contains(overlays.index) ? all[overlays.index] : .map
  }

  /// The overlay that was given or made with this name.
  func given(_ id: OverlayID) -> NamedVolume? {
    scene.overlays.indices.first { givenID($0) == id }.map { scene.overlays[$0] }
  }

  private func volume(_ id: OverlayID) -> Volume? {
    id == .map ? movie.volume ?? connectivity.seedVolume : given(id)?.volume
  }

  func overlayName(_ id: OverlayID) -> String {
    switch id {
    case .map:
      (movie.volume == nil ? connectivity.seedMap?.seed.title : movie.windows?.seed.title)
        ?? "seed map"
    case .given(let name): name
    }
  }

  /// How an overlay is drawn: as a person chose, or as its values suggest.
  package func style(_ id: OverlayID) -> OverlayStyle {
    let colours = usualColours(id)
    guard var chosen = view.styles[id] else { return usualStyle(id, colours) }
    if !chosen.hasOwnColours {
      chosen.colours = colours
      chosen.hasOwnColours = false
    }
    return chosen
  }

  /// Red and blue for one overlay alone, other pairs where several must be told apart.
  private func usualColours(_ id: OverlayID) -> OverlayColours {
    guard !view.pinned.isEmpty, id != .map, let rank = overlayIDs.firstIndex(of: id) else {
      return .redBlue
    }
    return OverlayColours.all[rank % 4]
  }

  private func usualStyle(_ id: OverlayID, _ colours: OverlayColours) -> OverlayStyle {
    guard let image = given(id) else {
      return .usual
    }
    if image.activity != nil, image.levels.count == 21 {
      var style = OverlayStyle(threshold: 50, ceiling: image.levels[20], colours: colours)
      style.kind = .percentile
      style.floor = image.levels[10]
      return style
    }
    // Correlations, or a map whose scale is that of its values: one below every usual threshold would not be seen.
    let largest = image.volume.range.map { Double(max(abs($0.low), abs($0.high))) } ?? 1
    guard image.magnitude > 1 || largest < 0.3 else {
      return OverlayStyle(threshold: 0.3, ceiling: 0.8, colours: colours)
    }
    let top = roundNumber(image.magnitude)
    return OverlayStyle(threshold: roundNumber(0.4 * top), ceiling: top, colours: colours)
  }

  /// Changes how the map of the marked pane is drawn.
  mutating func restyle(_ change: (inout OverlayStyle) -> Void) {
    let id = styledOverlayID
    var style = style(id)
    change(&style)
    view.styles[id] = style
  }

  /// Overlays on screen from the lowest to the highest.
  package var stackedIDs: [OverlayID] {
    let all = Set(overlayIDs)
    let current = currentOverlayID
    let pinned = view.pinned.filter(all.contains)
    return pinned.contains(current) || !all.contains(current) ? pinned : pinned + [current]
  }

  func thresholded(_ id: OverlayID) -> ThresholdedMap? {
    guard let volume = volume(id) else { return nil }
    let style = style(id)
    let statistics = statistics(id)
    if let known = overlays.thresholds[id],
      known.isOf(volume, style, hasStatistics: statistics != nil)
    {
      return known
    }
    return ThresholdedMap(volume, style, statistics)
  }

  private func statistics(_ id: OverlayID) -> (
    values: MapInference, mask: Mask
  )? {
    guard id == .map, movie.volume == nil, let inference = self.connectivity.inference,
      let mask = connectivity.seedMap?.mask
    else {
      return nil
    }
    return (inference, mask)
  }

  /// Works out what was changed, so that drawing has nothing to count.
  mutating func refreshThresholds() {
    let wanted = stackedIDs
    if overlays.thresholds.keys.contains(where: { !wanted.contains($0) }) {
      overlays.thresholds = overlays.thresholds.filter { wanted.contains($0.key) }
    }
    for id in wanted where style(id).needsWork { overlays.thresholds[id] = thresholded(id) }
    overlays.distributions = shell.panel == .histogram ? histogramVolumes.map(distribution) : []
  }

  func shownOverlay(_ id: OverlayID) -> ShownOverlay? {
    guard let volume = volume(id), let passed = thresholded(id) else { return nil }
    return ShownOverlay(
      id: id, name: overlayName(id),
      shortName: id == .map
        ? connectivity.seedMap?.seed.shortTitle ?? overlayName(id) : overlayName(id),
      volume: volume, style: style(id), passed: passed,
      unit: id == .map && hasMap ? "r" : "")
  }

  /// All overlays on screen from the lowest to the highest.
  var shownOverlays: [ShownOverlay] { stackedIDs.compactMap(shownOverlay) }

  /// The overlay's layers, as both panes may draw them.
  var overlayLayers: [MapLayer] { shownOverlays.map(MapLayer.init) }

  /// Least |value| of the current overlay that is drawn in full; of the seed map where activity is
  /// current.
  package var threshold: Double {
    get { thresholded(thresholdID)?.level ?? style(thresholdID).threshold }
    set {
      var style = style(thresholdID)
      style.kind = .value
      style.threshold = newValue
      view.styles[thresholdID] = style
    }
  }

  /// |value| of the brightest colour of the same.
  package var ceiling: Double {
    get { style(thresholdID).ceiling }
    set {
      var style = style(thresholdID)
      style.ceiling = newValue
      view.styles[thresholdID] = style
    }
  }

  private var thresholdID: OverlayID { activityOverlay == nil ? currentOverlayID : .map }

  /// |r| from which correlations that have no style of their own are drawn in full.
  var rThreshold: Double {
    let level = thresholded(.map)?.level ?? style(.map).threshold
    return level.isFinite ? level : 1
  }
}

/// One or two digits: 7.83 becomes 8, 0.437 becomes 0.45.
func roundNumber(_ value: Double) -> Double {
  guard value > 0, value.isFinite else { return 1 }
  var unit = 1.0
  while unit > value { unit /= 10 }
  while unit * 10 <= value { unit *= 10 }
  return (value / unit * 2).rounded() / 2 * unit
}

extension Model {
  /// Colours of overlays on screen that a terminal's own table must hold beside red and blue.
  var extraColours: [OverlayColours] {
    guard overlays.isShown else { return [] }
    var out: [OverlayColours] = []
    for id in stackedIDs {
      let colours = style(id).colours
      if colours != .redBlue, !out.contains(colours) { out.append(colours) }
    }
    return out
  }
}

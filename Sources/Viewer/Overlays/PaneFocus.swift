import Basics
import Imaging

/// What keys and commands of a map change or go through.
enum MapSetting: String {
  case threshold, range, peak
  case clusters, sign
  case clusterSize = "least cluster size"
  case kind = "threshold of another kind"
  case outline, fade, contour, colours, opacity
}

/// What the marked pane shows: the only thing that thresholds, ranges, peaks and the like act on.
enum MarkedMap {
  /// The current overlay of the left pane.
  case overlay
  /// A map of correlations on the right, drawn in the seed map's style.
  case correlations(Volume)
  /// Perfusion on a scale from 0 up.
  case perfusion(Volume, top: Double)
  /// A map whose scale and threshold are fixed.
  case fixed(Volume, level: Double)
  case nothing
}

extension Model {
  /// What the marked pane shows.
  var markedMap: MarkedMap {
    guard panes.rightHasFocus else { return .overlay }
    let content = rightContent.content
    if case .hot(let volume, let top) = content.base { return .perfusion(volume, top: top) }
    guard let layer = content.layers.first(where: { !$0.isContour }) else { return .nothing }
    switch panes.right {
    case .mapBlurred, .seriesBlurred, .second: return .correlations(layer.volume)
    default: return .fixed(layer.volume, level: layer.level)
    }
  }

  /// Whether the marked pane shows a picture that was made for its foci.
  var marksFoci: Bool {
    guard panes.rightHasFocus, case .made(let kind) = panes.right, perfusion.made[kind] != nil
    else { return false }
    switch kind {
    case .asymmetry, .subtraction: return true
    case .scan, .lostContrast: return false
    }
  }

  /// The overlay whose style the marked pane is drawn in.
  var styledOverlayID: OverlayID {
    if case .correlations = markedMap { .map } else { currentOverlayID }
  }

  /// Why the marked pane has no such thing; nil where it has, and nothing else is acted on.
  func focusRefusal(_ setting: MapSetting) -> String? {
    let has: Bool
    let what: String
    switch markedMap {
    case .overlay: return nil
    case .correlations:
      has = ![.clusterSize, .opacity, .contour].contains(setting)
      what = "a map in the seed map's colours"
    case .perfusion:
      has = [.threshold, .range, .peak].contains(setting)
      what = "perfusion"
    case .fixed:
      has = [.peak, .clusters].contains(setting)
      what = "a map on a fixed scale"
    case .nothing:
      // What is being made already has its scale.
      has = setting == .threshold && panes.right == .simulated
      what = "no map"
    }
    return has
      ? nil
      : "the marked pane shows \(what), which has no \(setting.rawValue); "
        + "\(key(.otherPane)) marks the other pane"
  }
}

extension Model {
  /// Why nothing typed is a threshold in the marked pane.
  var thresholdRefusal: String? {
    if case .perfusion = markedMap {
      return
        "perfusion has no threshold: \(key(.thresholdDown)) \(key(.thresholdUp)) and :range 0 X move its white, :isoline X draws a line; "
        + "\(key(.otherPane)) marks the other pane"
    }
    return focusRefusal(.threshold)
  }
}

/// `:range` on perfusion: its scale begins at 0 and its white is where a person puts it.
func setWhite(_ model: inout Model, _ low: Double, _ high: Double, top: Double) -> [Effect] {
  let full = top / model.perfusion.rightScale
  let (least, most) = (0.2 * full, 1.5 * full)
  guard low == 0, high >= least, high <= most else {
    return refuse(
      &model,
      "the scale of perfusion begins at 0 and its white lies from \(numberText(least)) to "
        + numberText(most))
  }
  model.perfusion.rightScale = high / full
  return []
}

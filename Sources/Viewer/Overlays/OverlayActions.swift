import Basics
import Connectivity
import Imaging

/// Thresholds of p and q that the keys go through.
private let probabilities = [
  0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 1e-4, 1e-5, 1e-6,
]

func noOverlay(_ model: inout Model) -> [Effect] {
  refuse(&model, "there is no overlay; \(model.key(.seed)) sets a seed")
}

/// A threshold one step weaker (−1) or stronger (+1).
func stepThreshold(_ model: inout Model, _ direction: Int) -> [Effect] {
  let style = model.style(model.styledOverlayID)
  let d = Double(direction)
  switch style.kind {
  case .value:
    let step = style.ceiling <= 1 ? 0.05 : roundNumber(style.ceiling / 20)
    let wanted = ((style.threshold + d * step) * 1000).rounded() / 1000
    model.restyle {
      $0.threshold = max(0, min(max($0.threshold, $0.ceiling - step), wanted))
    }
  case .percentile:
    model.restyle { $0.threshold = max(0, min(95, $0.threshold + 5 * d)) }
  case .z:
    model.restyle { $0.threshold = max(0, min(40, $0.threshold + 0.25 * d)) }
  case .p, .q:
    let next =
      direction > 0
      ? probabilities.first { $0 < style.threshold * 0.99 }
      : probabilities.last { $0 > style.threshold * 1.01 }
    if let next { model.restyle { $0.threshold = next } }
  }
  return []
}

/// Actions on overlays and the underlay; nil for all others.
func actOnOverlays(_ model: inout Model, _ action: Action) -> [Effect]? {
  switch action {
  case .outline, .keep, .raise, .lower, .sign, .clusterSize, .thresholdKind, .opaque, .sheer,
    .across:
    if let reason = markedSettings[action].flatMap(model.focusRefusal) {
      return refuse(&model, reason)
    }
    guard !model.overlayIDs.isEmpty else { return noOverlay(&model) }
    return actOnOverlay(&model, action)
  case .brighter: return setGamma(&model, model.view.underlay.gamma - 0.1)
  case .darker: return setGamma(&model, model.view.underlay.gamma + 0.1)
  case .moreContrast, .lessContrast:
    let sign = action == .moreContrast ? 1.0 : -1
    let window = model.view.underlay
    return setWindow(&model, window.low + 4 * sign, window.high - 2 * sign, window.gamma)
  case .overlays: model.shell.panel = model.shell.panel == .overlays ? nil : .overlays
  case .histogram: model.shell.panel = model.shell.panel == .histogram ? nil : .histogram
  default: return nil
  }
  return []
}

/// What keys change of the marked pane's map.
private let markedSettings: [Action: MapSetting] = [
  .outline: .outline, .sign: .sign, .clusterSize: .clusterSize, .thresholdKind: .kind,
  .opaque: .opacity, .sheer: .opacity,
]

private func actOnOverlay(_ model: inout Model, _ action: Action) -> [Effect] {
  let id = model.styledOverlayID
  let style = model.style(id)
  switch action {
  case .outline: model.restyle { $0.isOutlined.toggle() }
  case .across: model.view.outlinesAcross.toggle()
  case .keep: keep(&model, !model.view.pinned.contains(model.currentOverlayID))
  case .raise, .lower: moveOverlay(&model, action == .raise ? 1 : -1)
  case .sign:
    let all = SignShown.allCases
    let at = all.firstIndex(of: style.sign) ?? 0
    model.restyle { $0.sign = all[(at + 1) % all.count] }
  case .clusterSize:
    let sizes = [1, 10, 20, 50, 100]
    let now = if case .voxels(let n)? = style.leastCluster { n } else { 1 }
    let next = sizes.first { $0 > now } ?? 1
    model.restyle { $0.leastCluster = next > 1 ? .voxels(next) : nil }
  case .thresholdKind:
    // Statistics are of the seed map alone.
    let all: [ThresholdKind] = id == .map ? ThresholdKind.allCases : [.value, .percentile]
    let next = all[((all.firstIndex(of: style.kind) ?? 0) + 1) % all.count]
    let usual: [ThresholdKind: Double] = [.percentile: 90, .z: 3, .p: 0.001, .q: 0.05]
    var value = model.style(id)
    value.kind = next
    value.threshold =
      usual[next] ?? (id == .map ? 0.3 : roundNumber(0.4 * value.ceiling))
    model.view.styles[id] = value
  case .opaque: model.restyle { $0.opacity = min(100, $0.opacity + 10) }
  case .sheer: model.restyle { $0.opacity = max(10, $0.opacity - 10) }
  default: break
  }
  model.overlays.isShown = true
  return []
}

func keep(_ model: inout Model, _ isKept: Bool) {
  let id = model.currentOverlayID
  model.view.pinned.removeAll { $0 == id }
  if isKept { model.view.pinned.append(id) }
}

/// Changes places with the overlay above or below.
func moveOverlay(_ model: inout Model, _ step: Int) {
  var stack = model.stackedIDs
  guard let at = stack.firstIndex(of: model.currentOverlayID), stack.indices.contains(at + step)
  else { return }
  stack.swapAt(at, at + step)
  model.view.pinned = stack
}

private func setGamma(_ model: inout Model, _ gamma: Double) -> [Effect] {
  setWindow(
    &model, model.view.underlay.low, model.view.underlay.high, (gamma * 10).rounded() / 10)
}

func setWindow(
  _ model: inout Model, _ low: Double, _ high: Double, _ gamma: Double
) -> [Effect] {
  guard low >= 0, high <= 100, low < high, (0.1...4).contains(gamma) else {
    return refuse(&model, "the underlay goes from 0 to 100 per cent, its power from 0.1 to 4")
  }
  model.view.underlay.low = low
  model.view.underlay.high = high
  model.view.underlay.gamma = gamma
  return []
}

// MARK: - Commands

/// `:threshold`; nil when what was typed is not understood.
func thresholdCommand(_ model: inout Model, _ text: String) -> [Effect]? {
  guard let first = text.first else { return nil }
  let id = model.styledOverlayID
  let isMap = id == .map
  var kind = ThresholdKind.value
  var rest = text
  if let named = ThresholdKind.allCases.first(where: { $0.rawValue == String(first) }) {
    kind = named
    rest.removeFirst()
  } else if text.last == "%" {
    kind = .percentile
    rest.removeLast()
  }
  guard let numbers = typedNumbers(rest), let v = numbers.first else { return nil }
  if let reason = model.thresholdRefusal { return refuse(&model, reason) }
  guard numbers.count == 1 || (kind == .value && numbers.count == 2) else { return nil }
  switch kind {
  case .value:
    // The seed map's unit is r; until there is a map the number is kept for it.
    if isMap, v >= 1 { return refuse(&model, "|r| goes from 0 to 1") }
    guard v >= 0 else { return refuse(&model, "a threshold is of |value|: 0 or more") }
    if numbers.count == 2, numbers[1] <= v {
      return refuse(&model, "the upper end of the range must lie above the lower one")
    }
  case .percentile:
    guard v > 0, v <= 100 else { return refuse(&model, "the strongest part is 0 to 100 per cent") }
  case .z, .p, .q:
    guard isMap else {
      return refuse(
        &model, "z, p and q are known of seed maps only; \(model.overlayName(id)) is none")
    }
    if kind == .z {
      guard v >= 0, v <= 40 else { return refuse(&model, "z goes from 0 to 40") }
    } else {
      guard v > 0, v < 1 else { return refuse(&model, "p and q lie between 0 and 1") }
    }
  }
  model.restyle {
    $0.kind = kind
    // "5%" is the strongest twentieth: below the 95th percentile.
    $0.threshold = kind == .percentile ? 100 - v : v
    $0.top = numbers.count == 2 ? numbers[1] : nil
    if kind == .value { $0.ceiling = max($0.ceiling, v + ($0.ceiling <= 1 ? 0.05 : 0)) }
  }
  model.overlays.isShown = true
  guard [.z, .p, .q].contains(kind), let passed = model.thresholded(.map) else { return [] }
  if let reason = passed.reason {
    return refuse(&model, model.connectivity.isLive ? "\(reason): live maps have none" : reason)
  }
  tell(
    &model,
    passed.level.isFinite
      ? weakestWords(passed.level)
      : "no voxel passes \(kind.rawValue) \(plainNumber(v))")
  return []
}

/// `:fdr`: what is called at a false discovery rate.
func callByFDR(_ model: inout Model, _ q: Double) -> [Effect] {
  guard let inference = model.connectivity.inference, let map = model.connectivity.seedMap,
    model.movie.volume == nil
  else {
    return refuse(&model, "there are no statistics of a map yet; \(model.key(.seed)) sets a seed")
  }
  guard let r = inference.leastR(map.r, at: q) else {
    // That is what the map holds, and no reason why the command could not be done.
    tell(&model, "no voxel is called at a false discovery rate of \(plainNumber(q))")
    return []
  }
  model.overlays.index = 0
  model.restyle {
    $0.kind = .q
    $0.threshold = q
    $0.top = nil
    $0.ceiling = max($0.ceiling, r + 0.05)
  }
  tell(&model, "shown: q ≤ \(plainNumber(q)); \(weakestWords(r))")
  return []
}

/// The weakest r that passes is no limit of r: N eff differs from place to place, and with it what passes.
private func weakestWords(_ r: Double) -> String {
  "the weakest |r| that passes is \(fixed(r, 3)); N eff differs by place, so stronger ones may not pass"
}

package import Basics
package import Imaging
package import Perfusion

/// What is looked for in a map: another thread does it, for a map may have ten million voxels.
package struct PeakSearch: Equatable, Sendable {
  package enum Wanted: Equatable, Sendable { case peak, clusters }

  package let wanted: Wanted
  /// What the map is called where it is spoken of.
  let name: String
  let volume: Volume
  /// What its values are counted in, as it stands behind them; empty where they have no unit.
  let unit: String
  /// Voxels that are drawn in full, where that alone counts.
  let passed: ThresholdedMap?
  /// |value| that the screen speaks of.
  let level: Double
  let sideRule: SideRule
  let reading: Reading

  /// What the map is of: what was made of a SPECT is gone through as the command lists it.
  enum Reading: Equatable, Sendable {
    case asymmetry, subtraction, other

    /// Voxels that a cluster has at least, so that single ones are no stop.
    var leastVoxels: Int {
      switch self {
      case .asymmetry: ClusterRule.usualAsymmetry.leastVoxels
      case .subtraction: ClusterRule.usualSubtraction.leastVoxels
      case .other: 4
      }
    }
  }

  package static func == (a: PeakSearch, b: PeakSearch) -> Bool {
    guard a.wanted == b.wanted, a.volume === b.volume, a.level == b.level else { return false }
    switch (a.passed, b.passed) {
    case (nil, nil): return true
    case (let p?, let q?): return p.volume === q.volume && p.style.decides(like: q.style)
    default: return false
    }
  }
}

/// What was found in a map.
package enum PeaksFound: Equatable, Sendable {
  /// The most extreme value; nil where there is none.
  case peak(WorldPoint, Double)
  case noPeak
  /// The largest first.
  case clusters([PerfusionCluster])
}

extension PeakSearch {
  /// A value with its sign and what it is counted in.
  func amount(_ value: Double) -> String {
    if reading == .asymmetry { return asymmetryAmount(value) }
    let word = reading == .subtraction ? value > 0 ? "increase " : "decrease " : ""
    return word + fixed(value, 3, signed: true)
      + (unit.isEmpty ? "" : " " + visibleText(unit, limit: 30))
  }

  /// What is being done, for the progress line.
  package var words: String { wanted == .peak ? "looking for the peak" : "looking for clusters" }

  /// Looks through the map.
  ///
  /// - Parameter progress: told the part that is done; throws when nobody waits any more.
  package func found(_ progress: (Double) throws(Problem) -> Void) throws(Problem) -> PeaksFound {
    try progress(0)
    switch wanted {
    case .peak:
      guard let at = volume.mostExtreme else { return .noPeak }
      return .peak(volume.grid.world(at: at), Double(volume.values[at]))
    case .clusters:
      let map = passed?.drawnInFull ?? volume
      let least =
        passed?.passes == nil ? level : Double(Float.leastNormalMagnitude)
      let rule = try ClusterRule(threshold: least, leastVoxels: reading.leastVoxels)
      try progress(0.2)
      var all = clusters(of: map, rule, side: sideRule.side, labels: nil)
      switch reading {
      case .asymmetry: all = all.byMass
      // A focus is where a seizure has more: decreases come after all of them.
      case .subtraction: all = all.filter { $0.peak > 0 } + all.filter { $0.peak <= 0 }
      case .other: break
      }
      try progress(1)
      return .clusters(all)
    }
  }
}

extension Volume {
  /// The place of the largest |value| that is not 0; the first of several.
  fileprivate var mostExtreme: Int? {
    values.withUnsafeBufferPointer { values in
      var best: Int?
      var size: Float = 0
      for n in values.indices {
        // Not a number is not larger than anything.
        let v = abs(values[n])
        if v > size, v < .infinity { (best, size) = (n, v) }
      }
      return best
    }
  }
}

/// To the most extreme value of the marked pane's map.
func goToPeak(_ model: inout Model) -> [Effect] {
  if let reason = model.focusRefusal(.peak) { return refuse(&model, reason) }
  guard let search = model.peakSearch else { return refuseWithoutOverlay(&model) }
  model.shell.progress = (search.words, 0)
  return [.findPeaks(search)]
}

/// To the peak of the next cluster beyond the threshold, the largest first.
func goToCluster(_ model: inout Model, _ step: Int) -> [Effect] {
  if let reason = model.focusRefusal(.clusters) { return refuse(&model, reason) }
  guard let search = model.clusterSearch else { return refuseWithoutOverlay(&model) }
  guard search.level > 0, (try? ClusterRule(threshold: min(search.level, 1))) != nil else {
    return refuse(&model, "clusters need a threshold above 0")
  }
  if let known = model.ways.clusters, known.search == search {
    return visitClusters(&model, known.found, search, [step])
  }
  // The same key again while they are looked for is one step more.
  if model.requests.isAwaited({ $0 == .findPeaks(search) }) {
    model.ways.clusterSteps.append(step)
    return []
  }
  model.ways.clusterSteps = [step]
  model.shell.progress = (search.words, 0)
  return [.findPeaks(search)]
}

/// What was found, where it is still of the map on screen.
func receivePeaks(_ model: inout Model, _ search: PeakSearch, _ found: PeaksFound) -> [Effect] {
  model.shell.progress = nil
  let now = search.wanted == .peak ? model.peakSearch : model.clusterSearch
  guard now == search else { return [] }
  switch found {
  case .clusters(let all):
    let steps = model.ways.clusterSteps
    model.ways.clusterSteps = []
    if model.ways.clusters?.search != search { model.ways.clusters = (search, all) }
    return visitClusters(&model, all, search, steps)
  case .noPeak: return refuse(&model, "\(search.name) has no value anywhere")
  case .peak(let place, let value):
    model.ways.cluster = nil
    let effects = jump(&model, to: place)
    tell(
      &model,
      "peak of \(visibleText(search.name, limit: 60)): \(search.amount(value))"
        + model.placeWords)
    return effects
  }
}

/// Some steps through the clusters, and where they lead.
private func visitClusters(
  _ model: inout Model, _ all: [PerfusionCluster], _ search: PeakSearch, _ steps: [Int]
) -> [Effect] {
  guard !all.isEmpty else {
    return refuse(
      &model,
      "no cluster of \(search.reading.leastVoxels) voxels or more beyond ±\(numberText(search.level)); { lowers it"
    )
  }
  for step in steps {
    let n =
      model.ways.cluster.map { ($0 + step + all.count) % all.count }
      ?? (step > 0 ? 0 : all.count - 1)
    model.ways.cluster = min(n, all.count - 1)
  }
  guard let n = model.ways.cluster else { return [] }
  let found = all[n]
  let effects = jump(&model, to: found.peakPlace)
  tell(
    &model,
    "cluster \(n + 1) of \(all.count) of \(search.reading.leastVoxels) voxels and more: peak \(search.amount(found.peak)), "
      + "\(found.voxels) voxels, \(fixed(found.cubicMillimetres / 1000, 1)) ml"
      + (found.isOnBothSides ? ", \(found.extentWords)\(model.regionWords)" : model.placeWords))
  return effects
}

private func refuseWithoutOverlay(_ model: inout Model) -> [Effect] {
  refuse(&model, "there is no overlay; \(model.key(.seed)) sets a seed, --overlay FILE gives one")
}

extension Model {
  /// The marked pane's map; where the left one is marked and has no overlay, the one on a fixed scale on the
  /// right, as a subtraction's: there is nothing else to go through.
  private var soughtMap: MarkedMap {
    guard case .overlay = markedMap, overlay == nil, case .made = panes.right,
      let layer = rightContent.content.layers.first(where: { !$0.isContour })
    else { return markedMap }
    return .fixed(layer.volume, level: layer.level)
  }

  /// What `:peak` looks through; nil without a map.
  fileprivate var peakSearch: PeakSearch? {
    switch soughtMap {
    case .correlations(let volume), .perfusion(let volume, _), .fixed(let volume, _):
      search(.peak, rightContent.heading, volume, rightContent.unit)
    case .overlay, .nothing:
      overlay.map { search(.peak, $0.name, $0.volume, shownOverlay(currentOverlayID)?.unit ?? "") }
    }
  }

  /// What `n` goes through; nil without a map.
  fileprivate var clusterSearch: PeakSearch? {
    switch soughtMap {
    case .correlations(let volume):
      search(.clusters, rightContent.heading, volume, rightContent.unit, level: rThreshold)
    case .fixed(let volume, let level):
      search(.clusters, rightContent.heading, volume, rightContent.unit, level: level)
    case .overlay, .perfusion, .nothing:
      // What is drawn in full, whatever decides that: statistics, signs and cluster size too.
      shownOverlay(currentOverlayID).map {
        search(.clusters, $0.name, $0.volume, $0.unit, $0.passed, level: $0.passed.level)
      }
    }
  }

  /// What `soughtMap` is of.
  private var reading: PeakSearch.Reading {
    guard case .fixed = soughtMap, case .made(let kind) = panes.right else { return .other }
    switch kind {
    case .asymmetry: return .asymmetry
    case .subtraction: return .subtraction
    case .scan, .lostContrast: return .other
    }
  }

  private func search(
    _ wanted: PeakSearch.Wanted, _ name: String, _ volume: Volume, _ unit: String,
    _ passed: ThresholdedMap? = nil, level: Double = 0
  ) -> PeakSearch {
    PeakSearch(
      wanted: wanted, name: name, volume: volume, unit: unit, passed: passed, level: level,
      sideRule: scene.sideRule, reading: reading)
  }
}

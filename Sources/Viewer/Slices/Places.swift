import Basics
import CellUI
import Imaging
import Perfusion
import Targeting

/// A named place: published, of a cap, a region's middle, or a bookmark.
struct NamedPlace {
  var name: String
  var point: WorldPoint
  /// What kind of place it is, for the message.
  var kind: String
}

/// Carries the cursor to millimetres or to a named place.
func goTo(_ model: inout Model, _ text: String) -> [Effect] {
  guard model.hasWorld else {
    return refuse(
      &model,
      "the file does not say which side is left, so millimetres have no meaning; :voxel I,J,K")
  }
  if let n = typedNumbers(text) {
    guard n.count == 3 else {
      return refuse(&model, "a place has three numbers, X,Y,Z in mm; \(n.count) are typed")
    }
    guard let field = model.scene.field,
      (0..<3).allSatisfy({ n[$0] >= field.low[$0] - 100 && n[$0] <= field.high[$0] + 100 })
    else { return refuse(&model, "\(text) mm lies more than 100 mm outside of the image") }
    return jump(&model, to: WorldPoint(n[0], n[1], n[2]))
  }
  if let mark = model.ways.bookmarks.first(where: { $0.name.lowercased() == text.lowercased() }) {
    return jump(&model, to: mark.point)
  }
  let lower = text.lowercased()
  if lower.hasPrefix("label:") {
    return goToLabel(&model, String(text.dropFirst("label:".count)))
  }
  let found: NamedPlace
  if let at = lower.firstIndex(of: "@") {
    let label = ScalpLandmarks.labels.first { $0.lowercased() == lower[..<at] }
    let cap = ScalpLandmarks.Cap.allCases.first {
      $0.rawValue.lowercased().hasPrefix(lower[lower.index(after: at)...])
    }
    guard let label, let cap, let point = ScalpLandmarks.position(label, cap) else {
      return refuse(
        &model,
        "no EEG position \(text); type LABEL@CAP with one of "
          + ScalpLandmarks.labels.joined(separator: ", ") + " and okamoto, cutini or spm12")
    }
    found = NamedPlace(name: "\(label) of \(cap.rawValue)", point: point, kind: "on the scalp")
  } else {
    let fitting = sites(typed: lower)
    guard let site = fitting.first else {
      return refuse(
        &model,
        "no place \(visibleText(text, limit: 40)); type X,Y,Z in mm, a name such as PCC, label:REGION, "
          + "F3@okamoto or a bookmark")
    }
    guard fitting.count == 1 else {
      return refuse(
        &model,
        "\(visibleText(text, limit: 40)) may be \(fitting.map(\.name).joined(separator: ", "))")
    }
    found = NamedPlace(name: site.name, point: site.point, kind: site.source)
  }
  guard model.scene.space == .mni152 else {
    return refuse(&model, "\(found.name) is in MNI space and this image does not say that it is")
  }
  let effects = jump(&model, to: found.point)
  tell(&model, "\(found.name), \(found.kind)")
  return effects
}

/// The site of a name, or whose name begins so; else those that hold it as a word: blanks and dashes are alike,
/// and what lies on both sides is never chosen silently.
private func sites(typed lower: String) -> [Site] {
  let all = Sites.seeds + Sites.treatment
  func plain(_ text: String) -> String {
    String(text.lowercased().map { $0 == " " ? "-" : $0 })
  }
  let names = all.map { $0.name.lowercased() }
  let wanted = plain(lower)
  let first =
    names.firstIndex(of: lower) ?? names.firstIndex { $0.hasPrefix(lower) }
    ?? names.firstIndex { plain($0).hasPrefix(wanted) }
  if let first { return [all[first]] }
  return all.filter { plain($0.name).contains("-" + wanted) }
}

/// The voxel of a region that lies nearest to its middle: a middle itself may lie outside.
private func goToLabel(_ model: inout Model, _ text: String) -> [Effect] {
  guard let atlas = model.scene.atlas else {
    return refuse(&model, "there is no atlas here (--atlas), or the image is not in MNI space")
  }
  guard let number = atlas.number(typed: text) else {
    return refuse(&model, "no region of \(atlas.title) begins with \(visibleText(text, limit: 40))")
  }
  guard let point = atlas.middle(of: number) else {
    return refuse(&model, "label \(number) has no voxel in \(atlas.title)")
  }
  let effects = jump(&model, to: point)
  tell(&model, "\(atlas.names[number] ?? "label \(number)"), the voxel nearest to its middle")
  return effects
}

/// To a voxel of the shown grid, from 0; the only way where sides are unknown.
func goToVoxel(_ model: inout Model, _ numbers: [Double]?) -> [Effect] {
  guard let grid = model.scene.grid else { return refuse(&model, "no image is loaded") }
  let range = "0–\(grid.nx - 1), 0–\(grid.ny - 1), 0–\(grid.nz - 1)"
  guard let n = numbers, n.count == 3, n.allSatisfy({ $0 == $0.rounded() && abs($0) < 1e6 }) else {
    return refuse(&model, ":voxel takes three whole numbers I,J,K from \(range)")
  }
  let v = VoxelIndex(Int(n[0]), Int(n[1]), Int(n[2]))
  guard grid.contains(v) else {
    return refuse(&model, "voxel \(v.i),\(v.j),\(v.k) is outside; I,J,K go from \(range)")
  }
  return jump(&model, to: grid.world(v))
}

/// A jump leaves the target list: that marks its own place, and elsewhere there is nothing to confirm.
func jump(_ model: inout Model, to point: WorldPoint) -> [Effect] {
  model.cursor = point
  model.navigation.hasMoved = true
  model.targets.list = nil
  return cursorArrived(&model)
}

// MARK: - Peaks and clusters of the overlay

/// Voxels that a cluster has at least, so that single ones are no stop.
private let leastClusterVoxels = 4

/// To the most extreme value of the overlay.
func goToPeak(_ model: inout Model) -> [Effect] {
  if let reason = model.focusRefusal(.peak) { return refuse(&model, reason) }
  let (name, map): (String, Volume)
  switch model.markedMap {
  case .correlations(let volume), .perfusion(let volume, _), .fixed(let volume, _):
    (name, map) = (model.rightContent.heading, volume)
  case .overlay, .nothing:
    guard let overlay = model.overlay else { return refuseWithoutOverlay(&model) }
    (name, map) = overlay
  }
  var best: Int?
  for n in map.values.indices where map.values[n].isFinite && map.values[n] != 0 {
    if best.map({ abs(map.values[n]) > abs(map.values[$0]) }) ?? true { best = n }
  }
  guard let best else { return refuse(&model, "\(name) has no value anywhere") }
  model.ways.cluster = nil
  let effects = jump(&model, to: map.grid.world(at: best))
  tell(
    &model,
    "peak of \(visibleText(name, limit: 60)): \(fixed(Double(map.values[best]), 3, signed: true))"
      + model.placeWords)
  return effects
}

/// To the peak of the next cluster beyond the threshold, the largest first.
func goToCluster(_ model: inout Model, _ step: Int) -> [Effect] {
  if let reason = model.focusRefusal(.clusters) { return refuse(&model, reason) }
  let (level, least, map): (Double, Double, Volume)
  switch model.markedMap {
  case .correlations(let volume): (level, least, map) = (model.rThreshold, model.rThreshold, volume)
  case .fixed(let volume, let fixed): (level, least, map) = (fixed, fixed, volume)
  case .overlay, .perfusion, .nothing:
    guard let passed = model.shownOverlay(model.currentOverlayID)?.passed else {
      return refuseWithoutOverlay(&model)
    }
    // What is drawn in full, whatever decides that: statistics, signs and cluster size too.
    map = passed.drawnInFull
    level = passed.level
    least = passed.passes == nil ? level : Double(Float.leastNormalMagnitude)
  }
  guard level > 0,
    let rule = try? ClusterRule(threshold: least, leastVoxels: leastClusterVoxels)
  else { return refuse(&model, "clusters need a threshold above 0") }
  let all = clusters(of: map, rule, side: model.scene.sideRule.side, labels: nil)
  guard !all.isEmpty else {
    return refuse(
      &model,
      "no cluster of \(leastClusterVoxels) voxels or more beyond ±\(numberText(level)); { lowers it"
    )
  }
  let n =
    model.ways.cluster.map { ($0 + step + all.count) % all.count } ?? (step > 0 ? 0 : all.count - 1)
  let found = all[min(n, all.count - 1)]
  let effects = jump(&model, to: found.peakPlace)
  model.ways.cluster = min(n, all.count - 1)
  tell(
    &model,
    "cluster \(n + 1) of \(all.count): peak \(fixed(found.peak, 3, signed: true)), "
      + "\(found.voxels) voxels, \(fixed(found.cubicMillimetres / 1000, 1)) ml\(model.placeWords)")
  return effects
}

private func refuseWithoutOverlay(_ model: inout Model) -> [Effect] {
  refuse(&model, "there is no overlay; Space sets a seed, --overlay FILE gives one")
}

extension Model {
  /// ", side, region" of the cursor, as far as they are known.
  var placeWords: String {
    (hasWorld ? ", " + scene.sideRule.side(of: cursor).rawValue : "")
      + (scene.atlas?.name(at: cursor).map { ", \($0)" } ?? "")
  }
}

extension LabelMap {
  /// The region that a typed name is, or begins; its number is understood as well.
  func number(typed text: String) -> Int32? {
    if let n = Int32(text) { return n == 0 ? nil : n }
    let lower = text.lowercased()
    guard !lower.isEmpty else { return nil }
    let sorted = names.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
    return sorted.first { $0.value.lowercased() == lower }?.key
      ?? sorted.first { $0.value.lowercased().hasPrefix(lower) }?.key
  }

  /// The voxel of a region that lies nearest to its mean place.
  func middle(of number: Int32) -> WorldPoint? {
    let places = labels.indices.filter { labels[$0] == number }.map { grid.world(at: $0) }
    guard !places.isEmpty else { return nil }
    var mean = WorldPoint(0, 0, 0)
    for p in places { for axis in 0..<3 { mean[axis] += p[axis] / Double(places.count) } }
    return places.min { $0.distance(to: mean) < $1.distance(to: mean) }
  }
}

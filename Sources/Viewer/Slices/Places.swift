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

/// Carries the cursor into a region that is named, or begins so.
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

extension Model {
  /// ", side, region" of the cursor, as far as they are known.
  var placeWords: String {
    (hasWorld ? ", " + scene.sideRule.side(of: cursor).rawValue : "")
      + regionWords
  }

  var regionWords: String { scene.regionName(at: cursor).map { ", \($0)" } ?? "" }
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

  /// The voxel of a region that lies nearest to its mean place: that itself may lie outside.
  func middle(of number: Int32) -> WorldPoint? {
    let places = labels.indices.filter { labels[$0] == number }.map { grid.world(at: $0) }
    guard !places.isEmpty else { return nil }
    var mean = WorldPoint(0, 0, 0)
    for p in places { for axis in 0..<3 { mean[axis] += p[axis] / Double(places.count) } }
    return places.min { $0.distance(to: mean) < $1.distance(to: mean) }
  }
}

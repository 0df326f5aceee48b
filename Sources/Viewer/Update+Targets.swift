import Connectivity
import Imaging
import Targeting

/// Actions while the target list is open; nil for those that mean the same as elsewhere.
func actOnTargets(_ model: inout Model, _ action: Action) -> [Effect]? {
  guard let state = model.targets else { return nil }
  let count = state.entries.count
  switch action {
  case .next, .down, .sliceBack:
    guard !state.isConfirming else { return [] }
    model.targets?.index = min(count - 1, state.index + 1)
    jumpToTarget(&model)
    return []
  case .previous, .up, .sliceForward:
    guard !state.isConfirming else { return [] }
    model.targets?.index = max(0, state.index - 1)
    jumpToTarget(&model)
    return []
  case .accept:
    guard let entry = model.currentTarget else { return [] }
    if state.isConfirming {
      let name = entry.name.map { $0 == " " ? "-" : $0 }
      model.prompt = Prompt(purpose: .targetName, text: String(name))
      return []
    }
    model.targets?.isConfirming = true
    return []
  case .targets:
    model.targets = nil
    return []
  case .left, .right: return []
  default: return nil
  }
}

/// Carries the cursor to the entry that is looked at.
func jumpToTarget(_ model: inout Model) {
  if let entry = model.currentTarget { model.cursor = entry.point }
}

extension Model {
  /// The entry of the list that is looked at.
  var currentTarget: TargetEntry? {
    guard let targets, targets.entries.indices.contains(targets.index) else { return nil }
    return targets.entries[targets.index]
  }

  private func origin(of entry: TargetEntry, _ state: TargetsState) -> String {
    switch entry {
    case .candidate: state.report.settings.methodText + "; " + state.report.denoising.summary
    case .saved(let record): record.method
    case .site(let site): "published site, \(site.source)"
    }
  }

  /// The entry as a record under the name that was typed.
  func targetRecord(named name: String) -> TargetRecord? {
    guard let state = targets, let entry = currentTarget else { return nil }
    let r = entry.candidate?.r ?? Double(state.report.result.map.volume.nearest(entry.point))
    return TargetRecord(
      name: name, note: state.report.warnings.joined(separator: "; "), point: entry.point,
      space: scene.space, side: scene.sideRule.side(of: entry.point),
      label: scene.atlas?.name(at: entry.point), r: r.isFinite ? r : nil,
      method: origin(of: entry, state))
  }
}

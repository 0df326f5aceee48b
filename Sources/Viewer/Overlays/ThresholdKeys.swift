import Basics
import CellUI
import Connectivity
import Imaging
import Perfusion
import Targeting

/// Keys of thresholds, clusters and the turn of overlays; nil for all others.
func actOnThresholds(_ model: inout Model, _ action: Action) -> [Effect]? {
  switch action {
  case .thresholdDown: return stepMarked(&model, -1)
  case .thresholdUp: return stepMarked(&model, 1)
  case .overlay: model.overlays.isShown.toggle()
  case .nextOverlay:
    let count = model.overlayIDs.count
    if count == 0 { return refuse(&model, "there is no overlay; \(model.key(.seed)) sets a seed") }
    model.overlays.index = (model.overlays.index + 1) % count
    model.overlays.isShown = true
  case .next: return goToCluster(&model, 1)
  case .previous: return goToCluster(&model, -1)
  default: return nil
  }
  return []
}

/// The threshold of the marked pane's map; of perfusion the white of its scale.
private func stepMarked(_ model: inout Model, _ direction: Int) -> [Effect] {
  if let reason = model.focusRefusal(.threshold) { return refuse(&model, reason) }
  guard model.panes.rightHasFocus, model.rightIsHot else {
    return stepThreshold(&model, direction)
  }
  let wanted = roundedStep(model.perfusion.rightScale + 0.1 * Double(direction))
  model.perfusion.rightScale = max(0.2, min(1.5, wanted))
  return []
}

private func roundedStep(_ value: Double) -> Double { (value * 100).rounded() / 100 }

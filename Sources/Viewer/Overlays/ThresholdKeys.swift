import Basics
import CellUI
import Connectivity
import Imaging
import Perfusion
import Targeting

/// Keys of thresholds, clusters and the turn of overlays; nil for all others.
func actOnThresholds(_ model: inout Model, _ action: Action) -> [Effect]? {
  switch action {
  case .thresholdDown where model.panes.rightHasFocus && model.rightIsHot:
    model.perfusion.rightScale = max(0.2, roundedStep(model.perfusion.rightScale - 0.1))
  case .thresholdUp where model.panes.rightHasFocus && model.rightIsHot:
    model.perfusion.rightScale = min(1.5, roundedStep(model.perfusion.rightScale + 0.1))
  case .thresholdDown: return stepThreshold(&model, -1)
  case .thresholdUp: return stepThreshold(&model, 1)
  case .overlay: model.overlays.isShown.toggle()
  case .nextOverlay:
    let count = model.overlayIDs.count
    if count == 0 { return refuse(&model, "there is no overlay; Space sets a seed") }
    model.overlays.index = (model.overlays.index + 1) % count
    model.overlays.isShown = true
  case .next: return goToCluster(&model, 1)
  case .previous: return goToCluster(&model, -1)
  default: return nil
  }
  return []
}

private func roundedStep(_ value: Double) -> Double { (value * 100).rounded() / 100 }

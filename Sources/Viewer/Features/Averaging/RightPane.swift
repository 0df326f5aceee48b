import Basics
import CellUI
import Connectivity
import Imaging
import Perfusion
import Targeting

/// Keys of the right pane and of its camera; nil for all others.
func actOnRightPane(_ model: inout Model, _ action: Action) -> [Effect]? {
  switch action {
  case .cycleRight: return cycleRight(&model)
  case .coarser: return changeFWHM(&model, model.averaging.camera.fwhm + 1)
  case .finer: return changeFWHM(&model, model.averaging.camera.fwhm - 1)
  default: return nil
  }
}

private func changeFWHM(_ model: inout Model, _ fwhm: Double) -> [Effect] {
  guard fwhm >= 0, fwhm <= 30 else { return refuse(&model, "the camera goes from 0 to 30 mm") }
  model.averaging.camera.fwhm = fwhm
  return refreshRight(&model)
}

/// The next thing that the right pane can show.
private func cycleRight(_ model: inout Model) -> [Effect] {
  let count = model.scene.spects.count
  let hasRun = model.scene.run != nil
  var order: [RightPane] = (0..<count).map(RightPane.measured)
  if hasRun {
    order += [.simulated, .mapBlurred, .seriesBlurred]
    order += (0..<count).map(RightPane.difference)
    if model.scene.secondTitle != nil { order += [.second, .change] }
  }
  // What was asked for once is gone through like the rest.
  var made: [MadeKind] = [
    .scan, .lostContrast, .subtraction(isStated: false), .subtraction(isStated: true),
  ]
  for n in 0..<count { made += AsymmetrySide.allCases.map { .asymmetry(n, $0) } }
  order += made.filter { model.perfusion.made[$0] != nil }.map(RightPane.made)
  guard !order.isEmpty else {
    return refuse(&model, "there is no SPECT (--spect) and no run (--bold)")
  }
  let at = order.firstIndex(of: model.panes.right) ?? -1
  model.panes.right = order[(at + 1) % order.count]
  return refreshRight(&model)
}

/// Asks for what the right pane needs and does not have.
func refreshRight(_ model: inout Model) -> [Effect] {
  if case .made(let kind) = model.panes.right { return askMade(&model, kind) }
  guard model.scene.run != nil else { return [] }
  switch model.panes.right {
  case .measured, .made: return []
  case .simulated:
    return askSimulation(&model)
  case .difference(let n):
    model.averaging.difference = nil
    return [.simulate(model.averaging.camera, spect: n)]
  case .mapBlurred:
    guard let seed = model.connectivity.seedMap?.seed else {
      return refuse(&model, "there is no map to blur yet; \(model.key(.seed)) sets a seed")
    }
    if let reason = uptakeRefusal(model) { return refuse(&model, reason) }
    return askSeedMap(&model, seed)
  case .seriesBlurred: return askSeries(&model)
  case .second, .change:
    guard let seed = model.connectivity.seedMap?.seed else {
      return refuse(&model, "there is no map to compare yet; \(model.key(.seed)) sets a seed")
    }
    if model.change.result?.first.seed == seed { return [] }
    return [.change(seed)]
  }
}

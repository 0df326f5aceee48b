import Basics
import Connectivity
import Imaging
import Perfusion

/// The panel of what the camera loses, and what it still needs.
func toggleLosses(_ model: inout Model) -> [Effect] {
  guard model.scene.run != nil else {
    return refuse(&model, "losses are those of a BOLD run (--bold)")
  }
  model.shell.panel = model.shell.panel == .losses ? nil : .losses
  guard model.shell.panel == .losses else { return [] }
  return (model.averaging.simulated == nil ? askSimulation(&model) : []) + askPeaks(model)
}

/// Takes in what the averaging module made.
func receiveAveraging(_ model: inout Model, _ message: Message) -> [Effect] {
  switch message {
  case .simulated(let simulated, let difference):
    guard model.answersCamera || model.averaging.simulated == nil else { return [] }
    model.averaging.simulated = simulated
    model.averaging.simulatedTop = Double(simulated.volume.range?.high ?? 1)
    model.averaging.difference = difference
    model.shell.progress = nil
  case .simulatedSlice(let simulated):
    // The first picture is a whole one: a slice alone has no scale.
    guard model.averaging.simulated != nil, model.answersCamera else { return [] }
    model.averaging.simulated = simulated
  case .contrast(let contrast):
    guard model.answersCamera else { return [] }
    model.averaging.contrast = contrast
    // A map that nobody asked for is no stop on the round of v.
    guard model.panes.right == .made(.lostContrast) || model.perfusion.made[.lostContrast] != nil
    else { return [] }
    let fwhm = plainNumber(model.averaging.camera.fwhm, 1)
    model.perfusion.made[.lostContrast] = MadePicture(
      volume: Volume(
        grid: contrast.mask.grid, values: contrast.lost.values.map { 100 * $0 }),
      look: .hot(top: 100), heading: "SIMULATED LOST CONTRAST", isSimulated: true,
      detail:
        "of \(model.averaging.simulated?.proxyWords ?? "the run"), SD around each place, \(fwhm) mm",
      shortDetail: "\(fwhm) mm", unit: "% lost")
    model.shell.progress = nil
  case .blurredSeries(let seed, let volume, let averaging):
    model.averaging.blurredSeries = (seed, volume, averaging)
    model.shell.progress = nil
  default: break
  }
  return []
}

/// How far the seed map's peaks move, when there is a map and that is not known.
private func askPeaks(_ model: Model) -> [Effect] {
  guard let seed = model.connectivity.seedMap?.seed, uptakeRefusal(model) == nil,
    model.perfusion.peakLines?.seed != seed
      || model.perfusion.peakLines?.camera != model.averaging.camera
  else { return [] }
  return [.peaks(seed, model.averaging.camera)]
}

/// The slice that is seen at once, the whole volume after it.
func askSimulation(_ model: inout Model) -> [Effect] {
  let whole = Effect.simulate(model.averaging.camera, spect: nil)
  guard model.averaging.simulated != nil, model.panes.right == .simulated, let box = model.seenBox
  else {
    return [whole]
  }
  return [.simulateSlice(model.averaging.camera, box), whole]
}

/// Why connectivity is not averaged like an uptake; nil when it is not to be.
func uptakeRefusal(_ model: Model) -> String? {
  model.averaging.camera.average == .window
    ? nil : "a correlation over the two minutes of uptake has no meaning; :average window"
}

/// SERIES BLURRED of the seed on screen.
func askSeries(_ model: inout Model) -> [Effect] {
  guard let seed = model.connectivity.seedMap?.seed else {
    return refuse(&model, "there are no series to blur for yet; \(model.key(.seed)) sets a seed")
  }
  if let reason = uptakeRefusal(model) { return refuse(&model, reason) }
  model.shell.progress = ("blurring every frame", 0)
  return [.blurSeries(seed, model.averaging.camera)]
}

extension Model {
  /// The voxels of the run that the plane through the cursor may show.
  var seenBox: VoxelBox? {
    guard let grid = scene.run?.grid, let field = scene.field else { return nil }
    let axis = navigation.plane.normalAxis
    var (low, high) = (field.low, field.high)
    low[axis] = cursor[axis]
    high[axis] = cursor[axis]
    let margin = 3.0
    var from = [Double](repeating: .infinity, count: 3)
    var to = [Double](repeating: -.infinity, count: 3)
    for n in 0..<8 {
      let corner = WorldPoint(
        n & 1 == 0 ? low.x : high.x, n & 2 == 0 ? low.y : high.y, n & 4 == 0 ? low.z : high.z)
      let v = grid.voxel(corner)
      for (c, value) in [v.x, v.y, v.z].enumerated() {
        from[c] = min(from[c], value)
        to[c] = max(to[c], value)
      }
    }
    guard (from + to).allSatisfy({ abs($0) < 1e6 }) else { return nil }
    // A plane along the voxels is one of them thick, or two where it lies between.
    func index(_ x: [Double], _ rule: FloatingPointRoundingRule, _ extra: Double) -> VoxelIndex {
      let r = (0..<3).map { c in
        Int((to[c] - from[c] < 0.01 ? x[c] : x[c] + extra).rounded(rule))
      }
      return VoxelIndex(r[0], r[1], r[2])
    }
    return VoxelBox(index(from, .down, -margin), index(to, .up, margin), in: grid)
  }
}

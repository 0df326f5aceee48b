package import Basics
import Connectivity
package import Imaging
package import Perfusion

/// What stands for perfusion, the most honest first (spect.md 4.2). Its name goes onto the screen and
/// into every file: none of them is a SPECT of this person.
package enum PerfusionProxy: Sendable {
  /// Cerebral blood flow by arterial spin labelling, as measured.
  case asl(Volume)
  /// Four times grey plus once white matter, times what the person's ALFF is of its mean over the
  /// brain, held between ½ and 2.
  case template(grey: Volume, white: Volume)
  case alff
  /// The mean over the window. T2*-weighted: drop-out at the base of the skull looks like less.
  case meanBOLD
  /// Grey matter probability: anatomy alone.
  case greyMatter(Volume)

  package var name: String {
    switch self {
    case .asl: "ASL CBF"
    case .template: "GM/WM template x ALFF"
    case .alff: "ALFF"
    case .meanBOLD: "mean"
    case .greyMatter: "GM only"
    }
  }

  /// What it is made from, for the banner.
  package var source: String {
    switch self {
    case .asl: "ASL"
    case .greyMatter: "TISSUE MAP"
    case .template: "TISSUE MAPS AND rsfMRI"
    case .alff, .meanBOLD: "rsfMRI"
    }
  }

  /// Whether a stretch of the run is averaged in it.
  package var hasTime: Bool {
    switch self {
    case .asl, .greyMatter: false
    case .template, .alff, .meanBOLD: true
    }
  }

  /// Contrast that the camera itself needs: grey by white matter (Hoffman's phantom; autoradiography 4–5).
  package static let greyOverWhite: Float = 4
  /// Beyond these an ALFF ratio is vessels and noise.
  package static let ratioRange: ClosedRange<Float> = 0.5...2
}

/// One value per voxel of the run's mask; NaN is no data: a series that is 0 throughout, a place that a map does
/// not cover, no measured flow.
///
/// - Throws: maps that do not overlap, ALFF over the weights of an uptake, and that the person cancelled.
package func values(
  of proxy: PerfusionProxy, _ prepared: PreparedRun, _ window: TimeWindow,
  _ progress: WorkProgress
) throws(Problem) -> [Float] {
  let run = prepared.run
  func onGrid(_ volume: Volume, _ name: String) throws(Problem) -> [Float] {
    let here = volume.covering(run.grid)
    let found = run.mask.offsets.map { here[Int($0)] }
    guard found.contains(where: { $0.isFinite && $0 > 0 }) else {
      throw Problem(
        .data, name, "nothing of it lies in the brain mask", expected: "a map of the same head")
    }
    return found.map { $0.isFinite ? max(0, $0) : .nan }
  }
  func alff() throws(Problem) -> [Float] {
    guard window.average == .window else {
      throw Problem(
        .usage, "--average",
        "an amplitude of slow fluctuations has no meaning in the two minutes of uptake",
        expected: "--average window")
    }
    return try run.amplitudes(
      prepared.denoising, wantsFraction: false, frames: window.frames, progress: progress
    ).alff
  }
  switch proxy {
  case .meanBOLD:
    let mean =
      window.average == .window
      ? run.mean(of: window.frames)
      : run.weightedSum(of: window.frames, window.weights).map(Float.init)
    return mean.map { $0 == 0 ? .nan : $0 }
  case .alff: return try alff()
  case .asl(let volume):
    // A measured flow is hardly ever 0; outside of its slices a file of flow is.
    return try onGrid(
      Volume(grid: volume.grid, values: volume.values.map { $0 == 0 ? .nan : $0 }), "--asl")
  case .greyMatter(let volume): return try onGrid(volume, "--gm")
  case .template(let grey, let white):
    let (g, w) = (try onGrid(grey, "--gm"), try onGrid(white, "--white"))
    let amplitude = try alff()
    let finite = amplitude.filter(\.isFinite)
    let mean = Float(finite.reduce(0.0) { $0 + Double($1) } / Double(max(1, finite.count)))
    let range = PerfusionProxy.ratioRange
    return g.indices.map { n in
      let ratio = amplitude[n] / mean
      // Where the run has no amplitude, the template alone would be taken for this person's.
      guard ratio.isFinite else { return .nan }
      let held = min(range.upperBound, max(range.lowerBound, ratio))
      return (PerfusionProxy.greyOverWhite * g[n] + w[n]) * held
    }
  }
}

extension Volume {
  /// The values at the voxels of a coarser or equal grid; NaN where less than half of one has data.
  fileprivate func covering(_ target: Grid) -> [Float] {
    if grid.matches(target) { return values }
    // Fine maps are averaged over the voxels: reading single points of them would alias.
    guard grid.voxelVolume < 0.8 * target.voxelVolume else {
      return resampled(to: target, .linear).values
    }
    let means = averaged(over: target)
    let covered = Volume(grid: grid, values: values.map { $0.isFinite ? 1 : 0 }).averaged(
      over: target)
    return zip(means, covered).map { $1 < 0.5 ? .nan : $1 < 0.999 ? $0 / $1 : $0 }
  }
}

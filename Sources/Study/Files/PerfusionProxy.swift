package import Basics
import Connectivity
package import Imaging
package import Perfusion

/// What stands for perfusion, the most honest first (spect.md 4.2). Its name goes onto the screen and
/// into every file: none of them is a SPECT of this person.
package enum PerfusionProxy: Sendable {
  /// Cerebral blood flow by arterial spin labelling, as measured.
  case asl(Volume)
  /// Four times grey plus once white matter and nothing for CSF, times what the person's ALFF is of its mean over
  /// tissue of that kind, held between ½ and 2. Grey and white matter each keep their mean, so that their ratio
  /// stays 4 to 1: ALFF is itself higher in grey matter.
  case template(grey: Volume, white: Volume, isStandard: Bool = false)
  case alff
  /// The mean over the window. T2*-weighted: drop-out at the base of the skull looks like less.
  case meanBOLD
  /// Grey matter probability: anatomy alone.
  case greyMatter(Volume)

  package var name: String {
    switch self {
    case .asl: "ASL CBF"
    case .template(_, _, let isStandard):
      isStandard ? "MNI brain's GM/WM x ALFF" : "GM/WM template x ALFF"
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
  case .template(let grey, let white, _):
    let (g, w) = (try onGrid(grey, "--gm"), try onGrid(white, "--white"))
    return tissueTemplate(grey: g, white: w, amplitude: try alff())
  }
}

/// 4 grey + 1 white, times ALFF by its mean over tissue of that kind; NaN where either has no data.
private func tissueTemplate(grey: [Float], white: [Float], amplitude: [Float]) -> [Float] {
  let usual = TissueMeans(grey: grey, white: white, of: amplitude)
  let range = PerfusionProxy.ratioRange
  let held = grey.indices.map { n in
    // Where the run has no amplitude, the template alone would be taken for this person's.
    min(range.upperBound, max(range.lowerBound, amplitude[n] / usual.expected(grey[n], white[n])))
  }
  let ratios = held.indices.map { amplitude[$0].isFinite ? held[$0] : .nan }
  let left = TissueMeans(grey: grey, white: white, of: ratios)
  return grey.indices.map { n in
    PerfusionProxy.greyOverWhite * grey[n] * ratios[n] / left.grey
      + white[n] * ratios[n] / left.white
  }
}

/// Means of a map over grey and over white matter, each voxel by the square of its share: what is mixed says
/// little of either. Over all voxels where there is no such tissue.
private struct TissueMeans {
  let grey: Float
  let white: Float
  private let rest: Float

  init(grey: [Float], white: [Float], of map: [Float]) {
    func mean(_ weight: (Int) -> Float) -> Float? {
      var (sum, total) = (0.0, 0.0)
      for n in map.indices {
        let w = Double(weight(n))
        guard w.isFinite, map[n].isFinite else { continue }
        sum += w * w * Double(map[n])
        total += w * w
      }
      return total > 0 && sum > 0 ? Float(sum / total) : nil
    }
    let all = mean { _ in 1 } ?? 1
    self.grey = mean { grey[$0] } ?? all
    self.white = mean { white[$0] } ?? all
    rest = mean { max(0, 1 - grey[$0] - white[$0]) } ?? all
  }

  /// What a voxel of mixed tissue has on average.
  func expected(_ g: Float, _ w: Float) -> Float {
    let (g, w) = (min(1, g), min(1, w))
    return g * grey + w * white + max(0, 1 - g - w) * rest
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

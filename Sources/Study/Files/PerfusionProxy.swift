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
  /// stays 4 to 1: ALFF is itself higher in grey matter. The tissue, which is sharper, is brought to the run's own
  /// resolution, so that the camera's kernel leads from there to its own.
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
/// - Parameter own: FWHM of the run itself along i, j, k in mm; a voxel and less is no blur of a map.
/// - Throws: maps that do not overlap, ALFF over the weights of an uptake, and that the person cancelled.
package func values(
  of proxy: PerfusionProxy, _ prepared: PreparedRun, _ window: TimeWindow,
  own: (Double, Double, Double), _ progress: WorkProgress
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
    let missing = run.grid.kernel(to: own)
    let sharp = (grey: try onGrid(grey, "--gm"), white: try onGrid(white, "--white"))
    let seen = (
      grey: run.mask.seenThroughCamera(sharp.grey, fwhm: missing),
      white: run.mask.seenThroughCamera(sharp.white, fwhm: missing)
    )
    let isBlurred = max(missing.0, missing.1, missing.2) > 0
    return tissueTemplate(
      seen.grey, seen.white, amplitude: try alff(),
      explainedBy: isBlurred
        ? [sharp.grey, sharp.white, seen.grey, seen.white] : [sharp.grey, sharp.white])
  }
}

/// 4 grey + 1 white, times ALFF by what its tissue has on average; NaN where either has no data.
///
/// - Parameter tissue: maps that explain ALFF by least squares. Both as sharp as they came and as the run sees them:
///   what of ALFF is tissue must not come in twice, however sharp ALFF itself is.
private func tissueTemplate(
  _ grey: [Float], _ white: [Float], amplitude: [Float], explainedBy tissue: [[Float]]
) -> [Float] {
  let places = grey.indices.filter { n in
    amplitude[n].isFinite && tissue.allSatisfy { $0[n].isFinite }
  }
  let mean = places.reduce(0.0) { $0 + Double(amplitude[$1]) } / Double(max(1, places.count))
  let weights = explaining(amplitude, by: tissue, at: places)
  let range = PerfusionProxy.ratioRange
  var ratios = [Float](repeating: .nan, count: grey.count)
  for n in places {
    var usual = weights[0]
    for (map, weight) in zip(tissue, weights.dropFirst()) { usual += weight * Double(map[n]) }
    let ratio = Float(Double(amplitude[n]) / max(0.05 * mean, usual))
    // Beyond these it is vessels and noise.
    ratios[n] = min(range.upperBound, max(range.lowerBound, ratio))
  }
  let left = (grey: weightedMean(ratios, grey), white: weightedMean(ratios, white))
  return grey.indices.map { n in
    // Where the run has no amplitude, the template alone would be taken for this person's.
    PerfusionProxy.greyOverWhite * grey[n] * ratios[n] / left.grey
      + white[n] * ratios[n] / left.white
  }
}

/// Least squares of a map on a constant and on other maps: the constant, then a weight for each. A map that those
/// before it make up already, as one that is the same everywhere, gets none.
private func explaining(_ map: [Float], by others: [[Float]], at places: [Int]) -> [Double] {
  let count = others.count + 1
  var normal = [[Double]](repeating: [Double](repeating: 0, count: count + 1), count: count)
  for n in places {
    let row = [1] + others.map { Double($0[n]) } + [Double(map[n])]
    for i in 0..<count {
      for j in 0...count { normal[i][j] += row[i] * row[j] }
    }
  }
  let sizes = (0..<count).map { normal[$0][$0] }
  var isUsed = [Bool](repeating: false, count: count)
  // Gauss and Jordan; the pivot is what a column adds to those before it.
  for i in 0..<count where normal[i][i] > 1e-9 * sizes[i] {
    isUsed[i] = true
    let pivot = normal[i][i]
    for j in 0...count { normal[i][j] /= pivot }
    for k in 0..<count where k != i {
      let factor = normal[k][i]
      for j in 0...count { normal[k][j] -= factor * normal[i][j] }
    }
  }
  return (0..<count).map { isUsed[$0] ? normal[$0][count] : 0 }
}

/// The mean of a map over one tissue, each voxel by its share; 1 where there is none.
private func weightedMean(_ map: [Float], _ share: [Float]) -> Float {
  var (sum, total) = (0.0, 0.0)
  for n in map.indices where map[n].isFinite && share[n].isFinite {
    sum += Double(share[n]) * Double(map[n])
    total += Double(share[n])
  }
  return sum > 0 ? Float(sum / total) : 1
}

extension Grid {
  /// FWHM of what brings an image as sharp as the voxels to one of these widths.
  fileprivate func kernel(to own: (Double, Double, Double)) -> (Double, Double, Double) {
    func missing(_ own: Double, _ voxel: Double) -> Double {
      max(0, own * own - voxel * voxel).squareRoot()
    }
    return (missing(own.0, spacing.0), missing(own.1, spacing.1), missing(own.2, spacing.2))
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

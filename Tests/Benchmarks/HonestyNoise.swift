import Basics
import Connectivity
import Foundation
import ImageFiles
import Imaging

/// Gaussian series with a known spectrum and nothing in common.
enum NoiseKind: String, CaseIterable {
  case white
  case ar5 = "AR(0.5)"
  case ar9 = "AR(0.9)"
  case pink = "1/f"
  case slow = "0.01–0.05 Hz"
  case narrow = "0.01–0.03 Hz"
  /// Kept out while the method was chosen: a knee at 0.02 Hz, a hump at 0.07 Hz and a white floor.
  case keptOut = "knee and hump (kept out)"

  private var autoregression: Double? {
    switch self {
    case .white: 0
    case .ar5: 0.5
    case .ar9: 0.9
    default: nil
    }
  }

  private func amplitude(_ hertz: Double) -> Double {
    switch self {
    case .pink: hertz > 0 ? 1 / hertz.squareRoot() : 0
    case .slow: (0.01...0.05).contains(hertz) ? 1 : 0
    case .narrow: (0.01...0.03).contains(hertz) ? 1 : 0
    default:
      (pow(1 + (hertz / 0.02) * (hertz / 0.02), -1.2) + 0.02
        + 0.5 * exp(-0.5 * pow((hertz - 0.07) / 0.006, 2))).squareRoot()
    }
  }

  /// One series of `n` frames; frequencies are as fine as those of a series eight times as long, so that it
  /// does not close upon itself.
  func series(_ n: Int, _ tr: Double, _ generator: inout SeededGenerator) -> [Double] {
    if let a = autoregression {
      var x = 0.0
      for _ in 0..<100 { x = a * x + generator.normal() }
      return (0..<n).map { _ in
        x = a * x + generator.normal()
        return x
      }
    }
    var size = 1
    while size < 8 * n { size *= 2 }
    var re = [Double](repeating: 0, count: size)
    var im = re
    for bin in 1...size / 2 {
      let a = amplitude(Double(bin) / (Double(size) * tr))
      if a == 0 { continue }
      (re[bin], im[bin]) = (a * generator.normal(), a * generator.normal())
    }
    fourier(&re, &im)
    return Array(re[0..<n])
  }
}

extension SeededGenerator {
  mutating func normal() -> Double {
    (-2 * log(1 - uniform())).squareRoot() * cos(2 * Double.pi * uniform())
  }
}

/// In-place discrete Fourier transform of a power of two.
private func fourier(_ re: inout [Double], _ im: inout [Double]) {
  let n = re.count
  var j = 0
  for i in 1..<n {
    var bit = n >> 1
    while j & bit != 0 {
      j ^= bit
      bit >>= 1
    }
    j |= bit
    if i < j {
      re.swapAt(i, j)
      im.swapAt(i, j)
    }
  }
  var length = 2
  while length <= n {
    let step = 2 * Double.pi / Double(length)
    let turns = (0..<length / 2).map { (cos(step * Double($0)), sin(step * Double($0))) }
    for start in stride(from: 0, to: n, by: length) {
      for k in 0..<length / 2 {
        let (c, s) = turns[k]
        let (a, b) = (start + k, start + k + length / 2)
        let (x, y) = (re[b] * c - im[b] * s, re[b] * s + im[b] * c)
        (re[b], im[b]) = (re[a] - x, im[a] - y)
        (re[a], im[a]) = (re[a] + x, im[a] + y)
      }
    }
    length *= 2
  }
}

/// A run of series that have nothing in common, a voxel each.
func noiseRun(_ kind: NoiseKind, voxels: Int, frames: Int, tr: Double, seed: UInt64) throws -> Run {
  try runOfSeries(
    parallelMap(voxels) { v in
      var generator = SeededGenerator(seed: seed &+ UInt64(v) &* 7919)
      return kind.series(frames, tr, &generator).map(Float.init)
    }, tr: tr)
}

/// Series as a run in a row of voxels.
func runOfSeries(_ series: [[Float]], tr: Double) throws -> Run {
  guard let frames = series.first?.count,
    let grid = Grid(
      dimensions: (series.count, 1, 1),
      worldFromVoxel: Affine(spacing: (1, 1, 1), origin: WorldPoint(0, 0, 0)))
  else { throw Problem(.data, "the benchmark", "it has no series") }
  var floats: [Float] = []
  floats.reserveCapacity(series.count * frames)
  for t in 0..<frames { for one in series { floats.append(1000 + one[t]) } }
  let mask = Mask(grid: grid, origin: "all") { _ in true }
  return Run(
    mask: mask, frameCount: frames, repetitionTimeSeconds: tr, samples: SampleStore(floats: floats),
    mean: Volume(grid: grid, values: [Float](repeating: 1000, count: series.count)))
}

/// Two people's real runs, as series of their brain voxels and their brain means; nil where the data are
/// not there.
struct RealPair {
  let first: [[Float]]
  let second: [[Float]]
  let firstMean: [Double]
  let secondMean: [Double]
  let frames: Int

  /// - Parameter folder: of the development data.
  init?(_ folder: String) throws {
    let a = folder + "/bold-rapidtide-mni/sub-RAPIDTIDETEST_space-MNI152_res-3_bold.nii.gz"
    let mask = folder + "/bold-rapidtide-mni/sub-RAPIDTIDETEST_space-MNI152_res-3_brainmask.nii.gz"
    let b = folder + "/bold-studyforrest/sub-02_task-oneback_run-1_bold.nii.gz"
    guard [a, mask, b].allSatisfy(FileManager.default.fileExists) else { return nil }
    let brain = try ImageReader.readVolume(mask).volume
    let one = try ImageReader.readRun(
      a,
      mask: { (d) throws(Problem) in Mask(grid: d.grid, origin: "given") { brain.values[$0] > 0 } }
    ).run
    let two = try ImageReader.readRun(
      b,
      mask: { (d) throws(Problem) in
        // Bright enough to be brain.
        Mask(grid: d.grid, origin: "all") { _ in true }
      }
    ).run
    frames = min(one.frameCount, two.frameCount)
    let bright = two.mean.values.sorted()[two.mean.values.count * 7 / 10]
    let places = (0..<two.voxelCount).filter { two.mean.values[Int(two.mask.offsets[$0])] > bright }
    let length = frames
    func every(_ run: Run, _ places: [Int]) -> [[Float]] {
      let step = max(1, places.count / 1500)
      return stride(from: 0, to: places.count, by: step).map {
        run.series(of: places[$0]).prefix(length).map(Float.init)
      }
    }
    func mean(_ series: [[Float]]) -> [Double] {
      (0..<length).map { t in series.reduce(0.0) { $0 + Double($1[t]) } / Double(series.count) }
    }
    first = every(one, Array(0..<one.voxelCount))
    second = every(two, places)
    firstMean = mean(first)
    secondMean = mean(second)
  }
}

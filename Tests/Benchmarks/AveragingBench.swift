import Basics
import Connectivity
import Foundation
import Imaging
import Perfusion
import Workflows

/// A box of noise with the corner of the world somewhere.
private func noiseBox(_ n: (Int, Int, Int), spacing: Double) -> (Mask, [Float]) {
  guard
    let grid = Grid(
      dimensions: n,
      worldFromVoxel: Affine(spacing: (spacing, spacing, spacing), origin: WorldPoint(0, 0, 0)))
  else { fatalError("a benchmark's own grid is valid") }
  var generator = SeededGenerator(seed: 2)
  return (
    Mask(grid: grid, origin: "box") { _ in true },
    (0..<grid.count).map { _ in Float(generator.uniform()) }
  )
}

/// The sizes that the averaging module is held to, for the table and for `Peers/peers.py`.
private let blurSizes: [(task: String, n: (Int, Int, Int), spacing: Double, goal: Double)] = [
  ("blur-3mm", (64, 64, 36), 3, 0.005), ("blur-1mm", (197, 233, 189), 1, 0.25),
]

/// What a blur and a moved resolution cost.
func averagingCosts() throws {
  for (_, n, spacing, goal) in blurSizes {
    let (mask, values) = noiseBox(n, spacing: spacing)
    let grid = mask.grid
    let time = median(spacing < 2 ? 7 : 41) {
      _ = smoothedValues(values, grid, fwhm: (10, 10, 10), noData: .zero)
    }
    row(
      "blur of 10 mm, \(n.0)×\(n.1)×\(n.2) at \(plainNumber(spacing)) mm",
      "\(fixed(time * 1000, 2)) ms", "goal \(plainNumber(goal * 1000)) ms")
    for (name, low, high) in [
      ("axial", VoxelIndex(0, 0, n.2 / 2), VoxelIndex(n.0, n.1, n.2 / 2)),
      ("coronal", VoxelIndex(0, n.1 / 2, 0), VoxelIndex(n.0, n.1 / 2, n.2)),
      ("sagittal", VoxelIndex(n.0 / 2, 0, 0), VoxelIndex(n.0 / 2, n.1, n.2)),
    ] {
      guard let box = VoxelBox(low, high, in: grid) else { continue }
      let averaging = Averaging(targetFWHM: 10, native: NativeBlur(given: 0))
      let slice = median(21) { _ = averaging.applied(to: values, in: mask, seen: box) }
      row(
        "  the \(name) slice alone, as the viewer asks for it", "\(fixed(slice * 1000, 2)) ms",
        "\(fixed(1 / slice, 0)) a second; goal 30")
    }
  }
  let run = noiseRun((61, 73, 61), frames: 240, tr: 2)
  let reduced = try ReducedSeries(run, Denoising())
  let series = try seconds { _ = try reduced.blurred(fwhm: (8, 8, 8)) }
  row(
    "SERIES BLURRED, 61×73×61×240, \(reduced.degreesOfFreedom) coordinates",
    "\(fixed(series * 1000, 0)) ms", "once; a further seed costs a seed map")
  row(
    "native resolution of it", "\(fixed(try seconds { _ = try NativeBlur(of: run) } * 1000, 0)) ms",
    "once")
}

/// One task of the table beside scipy; the image is `Peers/peers.py`'s.
func averagingPeerTask(_ task: String, _ path: String) throws {
  guard let size = blurSizes.first(where: { $0.task == task }) else { return }
  let start = peakMemory()
  let bytes = try Data(contentsOf: URL(filePath: path))
  let values = bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
  let (n, s) = (size.n, size.spacing)
  guard values.count == n.0 * n.1 * n.2 + 1000,
    let grid = Grid(
      dimensions: n,
      worldFromVoxel: Affine(spacing: (s, s, s), origin: WorldPoint(0, 0, 0)))
  else { return }
  let image = Array(values.prefix(grid.count))
  let out = smoothedValues(image, grid, fwhm: (10, 10, 10), noData: .zero)
  let time = median(s < 2 ? 9 : 61) {
    _ = smoothedValues(image, grid, fwhm: (10, 10, 10), noData: .zero)
  }
  // The peer left a thousand of its voxels behind the image.
  let step = grid.count / 1000
  let worst = (0..<1000).reduce(Float(0)) { max($0, abs(out[$1 * step] - values[grid.count + $1])) }
  let row: [String: Any] = [
    "task": task, "tool": "boldspect", "seconds": time,
    "peak_mb": Double(peakMemory() - start) / 1e6,
    "note": "largest difference from scipy \(worst) of a range of 1", "limit_s": 0,
  ]
  print(String(decoding: try JSONSerialization.data(withJSONObject: row), as: UTF8.self))
}

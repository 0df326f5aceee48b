import Basics
import Connectivity
import Foundation
import ImageFiles
import Imaging

/// Our half of the table that `Scripts/bench-peers` makes: the tasks of `Peers/peers.py`, each in a
/// process of its own so that its peak memory is its own. Prints JSON lines.
func peerTable(_ run: String, _ mask: String) throws {
  for task in ["clean-and-seed", "seed-after-load", "alff", "reho27"] {
    let process = Process()
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["peer-task", task, run, mask]
    try process.run()
    process.waitUntilExit()
  }
  for task in ["camera-forward", "camera-fbp", "camera-osem"] {
    let process = Process()
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["camera-task", task, ".build/peers/camera.f32"]
    try process.run()
    process.waitUntilExit()
  }
  for task in ["blur-3mm", "blur-1mm"] {
    let process = Process()
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["averaging-task", task, ".build/peers/\(task).f32"]
    try process.run()
    process.waitUntilExit()
  }
  try costLines()
}

/// One task; `limit_s` is what the machine needs at least.
func peerTask(_ task: String, _ path: String, _ maskPath: String) throws {
  let start = peakMemory()
  let given = try ImageReader.readVolume(maskPath).volume
  func open() throws -> Run {
    try ImageReader.readRun(
      path,
      mask: { (d) throws(Problem) in
        Mask(grid: d.grid, origin: "given") { given.values[$0] > 0 }
      }
    ).run
  }
  let seed = Seed.sphere(centre: WorldPoint(0, -53, 26), radius: 6, name: nil)
  let time: Double
  var limit: Double?
  var note = ""
  switch task {
  case "clean-and-seed":
    let denoising = Denoising(polort: 1)
    time = try median(5) { _ = try ReducedSeries(open(), denoising).seedMap(seed) }
    limit = try median(3) { try gunzip(path) }
    note = "limit: gzip -dc of the file"
  case "seed-after-load":
    let reduced = try ReducedSeries(open(), Denoising())
    time = try median(31) { _ = try reduced.seedMap(seed) }
    limit = readOnce([Float](repeating: 1, count: reduced.coordinateBytes / 4))
    note = "limit: reading \(reduced.degreesOfFreedom) coordinates a voxel once"
  case "alff":
    let run = try open()
    var mean = 0.0
    time = try median(7) {
      let alff = try run.amplitudes(Denoising(bandHertz: nil), wantsFraction: false).alff
      let finite = alff.filter(\.isFinite)
      mean = finite.reduce(0.0) { $0 + Double($1) } / Double(max(1, finite.count))
    }
    limit = decodeOnce(run)
    note = "mean \(plainNumber(mean, 4)); limit: decoding the run once"
  default:
    let run = try open()
    var mean = 0.0
    time = try median(5) {
      let w = try run.regionalHomogeneity(Denoising(polort: 0, bandHertz: nil))
      let finite = w.filter(\.isFinite)
      mean = finite.reduce(0.0) { $0 + Double($1) } / Double(max(1, finite.count))
    }
    limit = decodeOnce(run)
    note = "mean W \(plainNumber(mean, 4)); limit: decoding the run once"
  }
  let row: [String: Any] = [
    "task": task, "tool": "boldspect", "seconds": time,
    "peak_mb": Double(peakMemory() - start) / 1e6, "note": note, "limit_s": limit ?? 0,
  ]
  print(String(decoding: try JSONSerialization.data(withJSONObject: row), as: UTF8.self))
}

private func gunzip(_ path: String) throws {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = ["gzip", "-dc", path]
  process.standardOutput = FileHandle.nullDevice
  try process.run()
  process.waitUntilExit()
}

/// Seconds to turn a run's samples into floats on all cores.
private func decodeOnce(_ run: Run) -> Double {
  median(5) {
    inParallel(run.frameCount) { frames in
      var row = [Float](repeating: 0, count: run.voxelCount)
      for t in frames {
        row.withUnsafeMutableBufferPointer { out in
          if let base = out.baseAddress {
            run.samples.decode(t * run.voxelCount..<(t + 1) * run.voxelCount, into: base)
          }
        }
      }
    }
  }
}

/// Cost of a seed map against voxels, frames and degrees of freedom, beside reading its coordinates
/// once.
private func costLines() throws {
  func line(_ axis: String, _ x: Int, _ reduced: ReducedSeries) throws {
    guard let seed = reduced.coordinates(ofMean: [7]) else { return }
    let row: [String: Any] = [
      "task": "cost", "axis": axis, "x": x,
      "seconds": median(41) { _ = reduced.correlations(with: seed) },
      "limit_s": readOnce([Float](repeating: 1, count: reduced.coordinateBytes / 4)),
    ]
    print(String(decoding: try JSONSerialization.data(withJSONObject: row), as: UTF8.self))
  }
  for side in [30, 45, 64, 90, 110] {
    let run = noiseRun((side, side, 30), frames: 240, tr: 2)
    try line("voxels", run.voxelCount, try ReducedSeries(run, Denoising()))
  }
  for frames in [120, 240, 480, 960] {
    let run = noiseRun((70, 70, 30), frames: frames, tr: 2)
    try line("frames", frames, try ReducedSeries(run, Denoising()))
  }
  let run = noiseRun((70, 70, 30), frames: 480, tr: 2)
  for top in [0.03, 0.05, 0.1, 0.15, 0.25] {
    let reduced = try ReducedSeries(run, Denoising(bandHertz: 0.01...top))
    try line("dof", reduced.degreesOfFreedom, reduced)
  }
}

/// ALFF and ReHo of a run of HCP size, in a process of its own: seconds and peak bytes of each.
func measureAndReport(_ path: String, mask: String) throws {
  let given = try ImageReader.readVolume(mask).volume
  let run = try ImageReader.readRun(
    path,
    mask: { (d) throws(Problem) in Mask(grid: d.grid, origin: "given") { given.values[$0] > 0 } }
  ).run
  let opened = peakMemory()
  let alff = try seconds {
    _ = try run.amplitudes(Denoising(bandHertz: nil), wantsFraction: false)
  }
  let reho = try seconds { _ = try run.regionalHomogeneity(Denoising()) }
  print(
    "\(opened) \(peakMemory()) \(Int(alff * 1000)) \(Int(reho * 1000))")
}

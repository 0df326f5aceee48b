import Basics
import CellUI
import Connectivity
import Foundation
import ImageFiles
import Imaging
import Perfusion
import Targeting
import Viewer

func row(_ what: String, _ figure: String, _ note: String) {
  let gap = String(repeating: " ", count: max(1, 58 - what.count))
  print(what + gap + figure + (note.isEmpty ? "" : "   " + note))
  fflush(nil)
}

/// Seconds that a body takes.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  let start = DispatchTime.now().uptimeNanoseconds
  try body()
  return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
}

/// Median of repeated runs.
func median(_ count: Int, _ body: () throws -> Void) rethrows -> Double {
  let all = try (0..<count).map { _ in try seconds(body) }.sorted()
  return all[count / 2]
}

/// Largest resident size of this process in bytes, by the kernel's account (getrusage would inherit
/// the parent's across exec).
func peakMemory() -> Int {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
  let number = line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) }
  return (number ?? 0) * 1024
}

/// Seconds to add up a buffer on all cores.
func readOnce(_ values: [Float]) -> Double {
  median(9) {
    let sums = UnsafeMutableBufferPointer<Float>.allocate(capacity: 64)
    sums.initialize(repeating: 0)
    defer { sums.deallocate() }
    nonisolated(unsafe) let out = sums
    values.withUnsafeBytes { raw in
      nonisolated(unsafe) let bytes = raw
      let step = raw.count / 16 / 128 * 128
      inParallel(16) { part in
        for p in part {
          var a = SIMD16<Float>(repeating: 0)
          var b = a
          var at = p * step
          while at + 128 <= (p + 1) * step {
            a += bytes.loadUnaligned(fromByteOffset: at, as: SIMD16<Float>.self)
            b += bytes.loadUnaligned(fromByteOffset: at + 64, as: SIMD16<Float>.self)
            at += 128
          }
          out[p] = (a + b).sum()
        }
      }
    }
    if out[0] == 12345.678 { print("") }
  }
}

/// Bytes per second that all cores read together.
func measureBandwidth() -> Double {
  let values = [Float](repeating: 1, count: 1 << 28)
  return Double(values.count * 4) / readOnce(values)
}

/// A run of noise in a box.
func noiseRun(_ n: (Int, Int, Int), frames: Int, tr: Double) -> Run {
  guard
    let grid = Grid(
      dimensions: n,
      worldFromVoxel: Affine(
        spacing: (3, 3, 3),
        origin: WorldPoint(-1.5 * Double(n.0), -1.5 * Double(n.1), -1.5 * Double(n.2))))
  else { fatalError("a benchmark's own grid is valid") }
  let mask = Mask(grid: grid, origin: "box") { _ in true }
  var generator = SeededGenerator(seed: 9)
  var bytes = [UInt8](repeating: 0, count: grid.count * frames * 2)
  bytes.withUnsafeMutableBytes { raw in
    let out = raw.bindMemory(to: UInt64.self)
    // Four 16-bit numbers at a time, kept small and positive.
    for i in out.indices {
      out[i] = generator.next() & 0x03ff_03ff_03ff_03ff | 0x2000_2000_2000_2000
    }
  }
  return Run(
    mask: mask, frameCount: frames, repetitionTimeSeconds: tr,
    samples: SampleStore(type: .int16, slope: 1, intercept: 0, bytes: bytes),
    mean: Volume(grid: grid, values: [Float](repeating: 9000, count: grid.count)))
}

func seedMapAtHCPSize(_ bandwidth: Double) throws {
  let run = noiseRun((100, 100, 23), frames: 1200, tr: 0.72)
  var reduced: ReducedSeries?
  let cleaning = try seconds { reduced = try ReducedSeries(run, Denoising()) }
  guard let reduced, let seed = reduced.coordinates(ofMean: [1000]) else { return }
  row(
    "clean 230 000 voxels × 1200 frames", "\(fixed(cleaning * 1000, 0)) ms",
    "\(reduced.degreesOfFreedom) degrees of freedom")
  let map = median(31) { _ = reduced.correlations(with: seed) }
  let floor = readOnce([Float](repeating: 1, count: reduced.coordinateBytes / 4))
  row("seed map of it", "\(fixed(map * 1000, 2)) ms", "")
  row(
    "  reading its coordinates once", "\(fixed(floor * 1000, 2)) ms",
    "\(fixed(Double(reduced.coordinateBytes) / 1e6, 0)) MB; ratio \(fixed(map / floor, 2)); "
      + "\(fixed(Double(reduced.coordinateBytes) / map / bandwidth * 100, 0)) % of bandwidth")
}

/// Slope of log cost over log size, by least squares.
func fittedExponent(_ points: [(Double, Double)]) -> Double {
  let x = points.map { log($0.0) }
  let y = points.map { log($0.1) }
  let n = Double(points.count)
  let (mx, my) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
  let top = zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) }
  return top / x.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }
}

func exponents() throws {
  var voxels: [(Double, Double)] = []
  for side in [30, 45, 64, 90] {
    let reduced = try ReducedSeries(noiseRun((side, side, 30), frames: 240, tr: 2), Denoising())
    guard let seed = reduced.coordinates(ofMean: [7]) else { continue }
    voxels.append(
      (Double(reduced.voxelCount), median(41) { _ = reduced.correlations(with: seed) }))
  }
  row("seed map: exponent over voxels (27 k to 243 k)", fixed(fittedExponent(voxels), 2), "")
  var frames: [(Double, Double)] = []
  for count in [120, 240, 480, 960] {
    let reduced = try ReducedSeries(noiseRun((60, 60, 28), frames: count, tr: 2), Denoising())
    guard let seed = reduced.coordinates(ofMean: [7]) else { continue }
    frames.append((Double(count), median(41) { _ = reduced.correlations(with: seed) }))
  }
  row("seed map: exponent over frames (120 to 960)", fixed(fittedExponent(frames), 2), "")
  var cleaning: [(Double, Double)] = []
  for side in [30, 45, 64, 90] {
    let run = noiseRun((side, side, 30), frames: 240, tr: 2)
    cleaning.append(
      (Double(side * side * 30), try seconds { _ = try ReducedSeries(run, Denoising()) }))
  }
  row("cleaning: exponent over voxels", fixed(fittedExponent(cleaning), 2), "")
}

/// The viewer's own share of a live seed: update, map, picture, difference, bytes.
func keyToBytes() throws {
  let run = noiseRun((61, 73, 61), frames: 240, tr: 2)
  let reduced = try ReducedSeries(run, Denoising())
  var scene = Scene()
  scene.grid = run.grid
  scene.mask = run.mask
  scene.run = run
  scene.laterality = .known
  scene.sideRule = .maskMidplane(x: 0)
  scene.underlays = [NamedVolume(name: "mean", volume: run.mean)]
  var cells: [(Double, Double)] = []
  for size in [
    Size(columns: 80, rows: 24), Size(columns: 120, rows: 40), Size(columns: 160, rows: 45),
    Size(columns: 240, rows: 67),
  ] {
    for colours in [Capabilities.Colours.indexed, .direct] {
      var model = Model(size: size, capabilities: Capabilities(colours: colours, unicode: true))
      for load in firstRequests(&model) {
        _ = update(&model, by: .answer(load.id, madeOf: nil, .loaded(scene)))
      }
      model.threshold = 0.05
      _ = update(&model, by: .event(.key(.character("L"))))
      var last: Frame?
      var times: [Double] = []
      var bytes: [Int] = []
      for step in 0..<60 {
        let time = try seconds {
          for request in update(&model, by: .event(.key(step % 20 < 10 ? .right : .left))) {
            guard case .seedMap(let seed, _, _, _) = request.effect else { continue }
            let map = try reduced.seedMap(seed)
            _ = update(
              &model,
              by: .answer(request.id, madeOf: nil, .seedMap(map, map.volume, blurred: nil)))
          }
          let frame = view(model)
          bytes.append(PictureEncoder(colours).encode(frame.changes(from: last)).count)
          last = frame
        }
        times.append(time)
      }
      let sorted = times.dropFirst().sorted()
      let kind = colours == .direct ? "24-bit" : "256"
      if colours == .direct {
        cells.append((Double(size.columns * size.rows), sorted[sorted.count / 2]))
      }
      row(
        "live seed 61×73×61×240, \(size.columns)×\(size.rows), \(kind), key to bytes",
        "\(fixed(sorted[sorted.count / 2] * 1000, 1)) ms",
        "95 %: \(fixed(sorted[sorted.count * 95 / 100] * 1000, 1)) ms; "
          + "\(fixed(Double(bytes.dropFirst().sorted()[bytes.count / 2]) / 1000, 1)) KB")
    }
  }
  row("picture: exponent over cells", fixed(fittedExponent(cells), 2), "")
}

/// Opening a compressed run against gzip and one pass over its voxels.
func openingCost(_ path: String) throws {
  guard FileManager.default.fileExists(atPath: path) else { return }
  let opening = try median(5) { _ = try ImageReader.readRun(path) }
  let (_, samples) = try ImageReader.read(path)
  let inflate = try median(5) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", path]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
  }
  let pass = median(5) {
    var sum = 0
    samples.bytes.withUnsafeBytes {
      for value in $0.bindMemory(to: Int16.self) { sum &+= Int(value) }
    }
    if sum == 42 { print("") }
  }
  row(
    "open \(fixed(Double(samples.bytes.count) / 1e6, 0)) MB run (inflate, check, sort in)",
    "\(fixed(opening * 1000, 0)) ms",
    "gzip -dc \(fixed(inflate * 1000, 0)) ms, pass \(fixed(pass * 1000, 0)) ms; ratio to 1.2 × gzip + "
      + "pass \(fixed(opening / (1.2 * inflate + pass), 2))")
}

/// Peak memory for a run of HCP size, in a process of its own.
func hcpMemory() throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: "boldspect-bench")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  guard
    let grid = Grid(
      dimensions: (91, 109, 91),
      worldFromVoxel: Affine(spacing: (2, 2, 2), origin: WorldPoint(-90, -126, -72)))
  else { return }
  let brain = Mask(grid: grid, origin: "ball") {
    grid.world(at: $0).distance(to: WorldPoint(0, -18, 18)) < 76
  }
  let bold = folder.appending(path: "bold.nii").path
  let mask = folder.appending(path: "mask.nii.gz").path
  try ImageWriter.write(
    mask, brain.volume([Float](repeating: 1, count: brain.count)), formCode: 4, note: "bench",
    storage: .uint8, overwrite: true)
  var generator = SeededGenerator(seed: 1)
  try ImageWriter.write(
    bold,
    ImageWriter.Content(
      grid: grid, formCode: 4, frameCount: 1200, repetitionTimeSeconds: 0.72, note: "bench"),
    storage: .int16(slope: 1), overwrite: true
  ) { (_) throws(Problem) in
    (0..<grid.count).map { _ in Float(generator.next() & 0x3ff) + 8000 }
  }
  func ask(_ words: [String]) throws -> [Int] {
    let process = Process()
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = words
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isWhitespace)
      .compactMap { Int($0) }
  }
  let empty = try ask(["empty"])
  var found: [Int] = []
  let time = try seconds { found = try ask(["open", bold, mask]) }
  guard empty.count == 1, found.count == 4 else { return }
  let net = Double(found[1] - empty[0])
  row(
    "HCP size 91×109×91×1200, \(brain.count) voxels: open and seed",
    "\(fixed(time, 1)) s",
    "peak \(fixed(net / 1e6, 0)) MB net, kept \(fixed(Double(found[2]) / 1e6, 0)) "
      + "MB; ratio \(fixed(net / Double(found[2]), 2))")
  let measured = try ask(["measure", bold, mask])
  guard measured.count == 4 else { return }
  row(
    "HCP size: ALFF, ReHo of 27", "\(measured[2]) ms, \(measured[3]) ms",
    "peak \(fixed(Double(measured[1] - empty[0]) / 1e6, 0)) MB net, the run alone "
      + "\(fixed(Double(measured[0] - empty[0]) / 1e6, 0)) MB")
}

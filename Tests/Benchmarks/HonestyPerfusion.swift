import Basics
import Connectivity
import Foundation
import ImageFiles
import Imaging
import Perfusion
import Study
import Workflows

/// Whether what is claimed of perfusion holds: levels, cluster sizes, references, resolution, contrast.
func perfusionHonesty(_ data: String?) throws {
  print("perfusion: what is claimed, and what is seen")
  try levels()
  try loweredShares()
  keptContrast()
  if let data { try realResolutions(data) }
}

// MARK: People

/// A ball of brain at 4 mm; 38 000 voxels.
private let brain: Mask = {
  guard
    let grid = Grid(
      dimensions: (44, 54, 44),
      worldFromVoxel: Affine(spacing: (4, 4, 4), origin: WorldPoint(-86, -118, -66)))
  else { fatalError("a benchmark's own grid is valid") }
  return Mask(grid: grid, origin: "ball") { offset in
    let w = grid.world(at: offset)
    let (x, y, z) = (w.x / 68, (w.y + 16) / 86, (w.z - 18) / 70)
    return x * x + y * y + z * z <= 1
  }
}()

private enum Noise: String, CaseIterable {
  case gaussian = "smooth, Gaussian"
  case uneven = "SD uneven over the brain"
  /// Kept out of all choices.
  case heavy = "heavy tails between people (t, 4 df), kept out"
}

/// One healthy person in per cent of the brain's mean, 9 mm smooth on 25 mm smooth.
private func person(_ noise: Noise, _ generator: inout SeededGenerator) -> [Double] {
  let grid = brain.grid
  func field(_ fwhm: Double, _ sd: Double) -> [Double] {
    let white = (0..<grid.count).map { _ in Float(generator.normal()) }
    let v = smoothedValues(white, grid, fwhm: (fwhm, fwhm, fwhm), noData: .zero).map(Double.init)
    let all = (v.reduce(0) { $0 + $1 * $1 } / Double(v.count)).squareRoot()
    return v.map { $0 * sd / all }
  }
  let (wide, fine) = (field(25, 4.5), field(9, 3))
  let scale =
    noise == .heavy
    ? 1 / ((0..<4).reduce(0.0) { sum, _ in sum + pow(generator.normal(), 2) } / 4).squareRoot() : 1
  return (0..<grid.count).map { n in
    let uneven = noise == .uneven ? 0.5 + Double(n % grid.nx) / Double(grid.nx) : 1
    return 100 + scale * uneven * (wide[n] + fine[n])
  }
}

private func levels() throws {
  let rule = try ClusterRule(threshold: 2)
  for noise in Noise.allCases {
    for n in [5, 8, 15] {
      var generator = SeededGenerator(seed: UInt64(100 + n))
      var (before, now, voxels, larger, tested) = (0, 0, 0, 0, 0)
      for _ in 0..<24 {
        let people = (0...n).map { _ in person(noise, &generator) }
        let normals = try Normals(count: n, grid: brain.grid) { people[$0][$1] }
        let z = normals.z(in: brain) { people[n][$0] }
        let (mean, sd) = (normals.mean, normals.standardDeviation)
        for offset in brain.offsets.map(Int.init) {
          voxels += 1
          if abs(z.values[offset]) > 2 { now += 1 }
          let plain = (people[n][offset] - Double(mean.values[offset])) / Double(sd.values[offset])
          if abs(plain) > 2 { before += 1 }
        }
        let healthy = HealthyClusters(count: n, in: brain, threshold: 2) { people[$0][$1] }
        let found = clusters(of: z, rule, side: MirrorPlane.mni.side, labels: nil)
        for isDecrease in [true, false] {
          tested += 1
          if let c = found.first(where: { $0.isDecrease == isDecrease }),
            healthy.peopleWithAsLarge(c) == 0
          {
            larger += 1
          }
        }
      }
      row(
        "\(noise.rawValue): \(n) normals, healthy voxels beyond |z| 2",
        "\(fixed(100 * Double(now) / Double(voxels), 1)) %",
        "must 4.5 ± 1; (x − mean)/SD \(fixed(100 * Double(before) / Double(voxels), 1)) %")
      row(
        "  largest cluster larger than in all normals",
        "\(fixed(100 * Double(larger) / Double(tested), 0)) %",
        "by chance \(fixed(100 / Double(n + 1), 0)) %")
    }
  }
}

/// `--reference cluster` on a brain that is lowered from the back on.
private func loweredShares() throws {
  var generator = SeededGenerator(seed: 9)
  let people = (0..<8).map { _ in person(.gaussian, &generator) }
  let normal = try Normals(count: 8, grid: brain.grid) { people[$0][$1] }.mean
  let order = brain.offsets.sorted {
    brain.grid.world(at: Int($0)).y < brain.grid.world(at: Int($1)).y
  }
  for decrease in [0.15, 0.3] {
    for share in [0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9] {
      var values = person(.gaussian, &generator)
      for offset in order.prefix(Int(share * Double(order.count))) {
        values[Int(offset)] *= 1 - decrease
      }
      let image = Volume(grid: brain.grid, values: values.map(Float.init))
      let found = try ReferenceCluster(image, normal: normal, in: brain)
      let lowered = Set(order.prefix(Int(share * Double(order.count))))
      let wrong = found.mask.offsets.count { lowered.contains($0) }
      let isRefused = found.raisedShare > ReferenceCluster.mostRaised
      row(
        "\(fixed(100 * share, 0)) % of the brain at −\(fixed(100 * decrease, 0)) %: of the reference lowered",
        "\(fixed(100 * Double(wrong) / Double(found.mask.count), 0)) %",
        isRefused
          ? "refused"
          : found.loweredShare > ReferenceCluster.muchLowered
            ? "said: much of the brain lies below it" : "taken")
    }
  }
}

// MARK: Contrast and resolution

private func keptContrast() {
  let grid = brain.grid
  let image = brain.offsets.map { offset -> Float in
    let w = grid.world(at: Int(offset))
    return Float(100 + 30 * sin(w.x / 4) * sin(w.y / 5) + 20 * sin(w.z / 11))
  }
  let kept = [4.0, 6, 8, 10, 12, 16, 20, 30].map { fwhm in
    (fwhm, ContrastKept(before: image, kernel: (fwhm, fwhm, fwhm), in: brain))
  }
  row(
    "local contrast kept at 4, 6, 8, 10, 12, 16, 20, 30 mm",
    kept.map { fixed(100 * $0.1.median, 1) }.joined(separator: " ") + " %",
    "most \(fixed(100 * Double(kept.map { $0.1.kept.filter(\.isFinite).max() ?? 0 }.max() ?? 0), 0)) %"
  )
}

private func realResolutions(_ data: String) throws {
  let runs = [
    (
      "bold-rapidtide/sub-RAPIDTIDETEST_bold.nii.gz",
      "bold-rapidtide/sub-RAPIDTIDETEST_brainmask.nii.gz" as String?
    ),
    ("bold-studyforrest/sub-02_task-oneback_run-1_bold.nii.gz", nil),
  ]
  for (path, mask) in runs {
    var study = LoadedStudy()
    let loaded = try LoadedRun(
      data + "/" + path, tr: nil, mask: mask.map { data + "/" + $0 }, into: &study,
      progress: .silent)
    let run = loaded.run
    let own = try nativeResolution(of: run)
    row(path, words(own), "own, i j k")
    for fwhm in [4.0, 6, 8] {
      let smoothed = blurred(run, fwhm)
      let found = try nativeResolution(of: smoothed)
      func implied(_ pick: (NativeResolution.Axis) -> Double?) -> String {
        zip(own.axes, found.axes).map { a, b in
          guard let x = pick(a), let y = pick(b) else { return "–" }
          return fixed(max(0, y * y - x * x).squareRoot(), 2)
        }.joined(separator: " ")
      }
      let spacing = [run.grid.spacing.0, run.grid.spacing.1, run.grid.spacing.2]
      let kernel = spacing.map { fixed(sampledWidth(fwhm, spacing: $0), 2) }.joined(separator: " ")
      row(
        "  smoothed by \(plainNumber(fwhm)) mm", words(found),
        "implied \(implied(\.fwhm)), the kernel on this grid \(kernel); must ± 0.5")
    }
  }
}

/// A Gaussian kernel's width by its variance once it is sampled at voxels, FWHM in mm: of a kernel no wider
/// than a voxel less than it was asked for.
private func sampledWidth(_ fwhm: Double, spacing: Double) -> Double {
  let s = sigma(fromFWHM: fwhm) / spacing
  let weights = (-40...40).map { n in (Double(n), exp(-Double(n * n) / (2 * s * s))) }
  let sum = weights.reduce(0) { $0 + $1.1 }
  let variance = weights.reduce(0) { $0 + $1.0 * $1.0 * $1.1 } / sum
  return variance.squareRoot() * spacing * fwhm / sigma(fromFWHM: fwhm)
}

private func words(_ r: NativeResolution) -> String {
  r.axes.map { ($0.isUpperLimit ? "≤" : "") + ($0.fwhm.map { fixed($0, 2) } ?? "–") }
    .joined(separator: " ") + " mm"
}

/// Every frame smoothed inside the mask.
private func blurred(_ run: Run, _ fwhm: Double) -> Run {
  let v = run.voxelCount
  var floats: [Float] = []
  floats.reserveCapacity(run.frameCount * v)
  for t in 0..<run.frameCount {
    let frame = Array(run.samples.floats(t * v..<(t + 1) * v))
    let out = smoothedValues(
      run.mask.volume(frame).values, run.grid, fwhm: (fwhm, fwhm, fwhm), noData: .renormalised)
    for offset in run.mask.offsets { floats.append(out[Int(offset)]) }
  }
  return Run(
    mask: run.mask, frameCount: run.frameCount, repetitionTimeSeconds: run.repetitionTimeSeconds,
    samples: SampleStore(floats: floats), mean: run.mean)
}

package import Basics
package import Imaging

/// What the sample person is derived from: an anatomy and its labels, both 1 mm and in MNI space.
package struct SampleTemplates: Sendable {
  /// Skull-stripped T1 with dark CSF, grey and bright white matter (mricron-data's ch2bet).
  package var anatomy: Volume
  /// AAL labels 1…116 (mricron-data's aal).
  package var labels: LabelMap

  package init(anatomy: Volume, labels: LabelMap) {
    self.anatomy = anatomy
    self.labels = labels
  }
}

/// One synthetic person in MNI space with known answers.
///
/// Every number comes from plain arithmetic and a fixed seed, so the voxels are the same bit for bit
/// wherever they are made.
package struct SamplePerson: Sendable {
  /// Where sgACC is most anticorrelated: in the left DLPFC, 20 mm from the group site.
  package static let trueSite = WorldPoint(-38, 30, 40)
  package static let sgACC = WorldPoint(6, 16, -10)
  /// AAL labels of the region that takes up less tracer: right middle and inferior temporal gyrus.
  package static let hypoperfusedLabels: Set<Int32> = [86, 90]
  /// What is left of the uptake there.
  package static let hypoperfusion = 0.7
  package static let repetitionTimeSeconds = 3.0
  package static let seed: UInt64 = 20_261

  /// Networks by their AAL labels.
  package static let networks: [(name: String, labels: Set<Int32>)] = [
    ("default mode", [23, 24, 25, 26, 35, 36, 65, 66, 67, 68]),
    ("somatomotor", [1, 2, 57, 58, 69, 70]),
    ("visual", [43, 44, 45, 46, 47, 48, 49, 50]),
    ("dorsal attention", [59, 60]),
    ("salience", [29, 30, 31, 32]),
    ("frontoparietal", [13, 14, 61, 62]),
    ("cerebellum", [91, 92, 93, 94, 99, 100, 101, 102]),
  ]

  package let grid: Grid
  package let mask: Mask
  package let greyMatter: [Float]
  package let whiteMatter: [Float]
  package let csf: [Float]
  package let frameCount: Int
  /// T1-like image on a 2 mm grid.
  package let anatomy: Volume
  private let weights: [[Float]]
  private let sgWeight: [Float]
  private let siteWeight: [Float]

  /// - Parameters:
  ///   - minutes: length of the run.
  ///   - voxel: edge of a BOLD voxel in mm.
  package init(_ templates: SampleTemplates, minutes: Double, voxel: Double) throws(Problem) {
    guard minutes >= 1, minutes <= 60, voxel >= 2, voxel <= 6 else {
      throw Problem(
        .usage, "sample", "\(plainNumber(minutes)) min at \(plainNumber(voxel)) mm is out of range",
        expected: "1 to 60 minutes and 2 to 6 mm")
    }
    grid = Self.grid(voxel)
    frameCount = Int((minutes * 60 / Self.repetitionTimeSeconds).rounded())
    let tissue = Self.tissue(templates, grid, voxel)
    greyMatter = tissue.grey
    whiteMatter = tissue.white
    csf = tissue.csf
    let inside = (0..<grid.count).map { tissue.grey[$0] + tissue.white[$0] + tissue.csf[$0] > 0.5 }
    mask = Mask(grid: grid, origin: "sample") { inside[$0] }
    let fine = Self.grid(2)
    anatomy = Volume(
      grid: fine, values: Self.averaged(templates.anatomy, fine, 2).map { ($0).rounded() })
    let kernel = ExactMath.gaussianKernel(sigmaVoxels: 3 / voxel)
    weights = tissue.networks.map { [grid] in
      separableConvolution($0, grid, kernels: [kernel, kernel, kernel])
    }
    let blob = { [grid] (centre: WorldPoint, sigma: Double) -> [Float] in
      (0..<grid.count).map {
        let d = grid.world(at: $0).distance(to: centre)
        return d > 4 * sigma ? 0 : Float(ExactMath.exp(-0.5 * d * d / (sigma * sigma)))
      }
    }
    sgWeight = blob(Self.sgACC, 7)
    siteWeight = blob(Self.trueSite, 6)
  }

  private static func grid(_ voxel: Double) -> Grid {
    let n = { (span: Double) in Int((span / voxel).rounded(.down)) + 1 }
    let made = Grid(
      dimensions: (n(156), n(189), n(159)),
      worldFromVoxel: Affine(
        spacing: (voxel, voxel, voxel), origin: WorldPoint(-78, -112, -70)))
    guard let made else { preconditionFailure("the sample's own grid is valid") }
    return made
  }

  /// The 1 mm samples of a voxel, seen from its middle; x fastest.
  private static func samples(_ voxel: Double) -> [WorldPoint] {
    let n = max(1, Int(voxel.rounded()))
    let steps = (0..<n).map { Double($0) - Double(n - 1) / 2 }
    return steps.flatMap { dz in
      steps.flatMap { dy in steps.map { dx in WorldPoint(dx, dy, dz) } }
    }
  }

  /// Mean of 1 mm samples in each voxel.
  private static func averaged(_ image: Volume, _ grid: Grid, _ voxel: Double) -> [Float] {
    let samples = samples(voxel)
    return (0..<grid.count).map { place in
      let w = grid.world(at: place)
      var sum = 0.0
      for d in samples {
        let v = Double(image.nearest(WorldPoint(w.x + d.x, w.y + d.y, w.z + d.z)))
        if v.isFinite { sum += v }
      }
      return Float(sum / Double(samples.count))
    }
  }

  private struct Tissue {
    var grey: [Float]
    var white: [Float]
    var csf: [Float]
    var networks: [[Float]]
  }

  /// Soft tissue classes from the anatomy's brightness, and networks from the labels' grey matter.
  private static func tissue(_ templates: SampleTemplates, _ grid: Grid, _ voxel: Double) -> Tissue
  {
    let samples = samples(voxel)
    let empty = [Float](repeating: 0, count: grid.count)
    var out = Tissue(
      grey: empty, white: empty, csf: empty,
      networks: networks.map { _ in empty })
    let part = 1 / Float(samples.count)
    for place in 0..<grid.count {
      let w = grid.world(at: place)
      for d in samples {
        let at = WorldPoint(w.x + d.x, w.y + d.y, w.z + d.z)
        let v = templates.anatomy.nearest(at)
        guard v > 0 else { continue }
        let csf = max(0, min(1, (70 - v) / 25))
        let white = max(0, min(1, (v - 92) / 16))
        let grey = max(0, 1 - csf - white)
        out.csf[place] += csf * part
        out.white[place] += white * part
        out.grey[place] += grey * part
        let label = templates.labels.label(at: at)
        for (k, network) in networks.enumerated() where network.labels.contains(label) {
          out.networks[k][place] += (0.3 + 0.7 * grey) * part
        }
      }
    }
    return out
  }

  /// A band-limited series of mean 0 and SD 1: sines from 0.01 to 0.1 Hz with random phases.
  private func signal(_ number: UInt64) -> [Double] {
    var generator = SeededGenerator(seed: Self.seed &+ 1000 &* (number &+ 1))
    let duration = Double(frameCount) * Self.repetitionTimeSeconds
    let first = Int((0.012 * duration).rounded(.up))
    let last = Int((0.095 * duration).rounded(.down))
    var series = [Double](repeating: 0, count: frameCount)
    for bin in first...max(first, last) {
      let phase = generator.uniform()
      let amplitude = 0.5 + generator.uniform()
      for t in 0..<frameCount {
        let turns = Double(bin) * Double(t) / Double(frameCount) + phase
        series[t] += amplitude * ExactMath.sine(turns: turns)
      }
    }
    let n = Double(frameCount)
    let mean = series.reduce(0, +) / n
    let sd = (series.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n).squareRoot()
    return series.map { ($0 - mean) / sd }
  }

  /// Six motion parameters per frame: slow drifts and small jerks, mm and radians.
  package var motion: [[Double]] {
    var noise = NormalNoise(seed: Self.seed &+ 77)
    return (0..<6).map { axis in
      let scale = axis < 3 ? 0.02 : 0.0004
      var value = 0.0
      return (0..<frameCount).map { _ in
        value = 0.97 * value + scale * noise.next()
        return (value * 1e6).rounded() / 1e6
      }
    }
  }

  /// The run's frames, whole numbers, one after the other; 0 outside the brain.
  package func makeFrames(
    progress: WorkProgress, _ body: (Int, [Float]) throws(Problem) -> Void
  ) throws(Problem) {
    let networks = (0..<Self.networks.count).map { signal(UInt64($0)) }
    let mood = signal(100)
    let global = signal(101)
    let motion = self.motion
    let n = mask.count
    var noise = NormalNoise(seed: Self.seed)
    var memory = [Float](repeating: 0, count: n)
    let places = mask.offsets.map(Int.init)
    // Brightness: grey matter 120, white 106, CSF 141 units (one byte, so that the file stays small), as T2* weighting has it.
    let base = places.map { 120 * greyMatter[$0] + 106 * whiteMatter[$0] + 141 * csf[$0] }
    let edge = Self.edges(base, mask)
    let spread: [Float] = [0.25, 0.5, 0.25]
    for t in 0..<frameCount {
      try progress.check()
      var field = [Float](repeating: 0, count: grid.count)
      for v in 0..<n {
        memory[v] = 0.4 * memory[v] + 0.9165 * Float(noise.next())
        field[places[v]] = memory[v]
      }
      field = separableConvolution(field, grid, kernels: [spread, spread, spread])
      var frame = [Float](repeating: 0, count: grid.count)
      for v in 0..<n {
        let p = places[v]
        var percent = 0.35 * Float(global[t])
        for k in 0..<networks.count { percent += 1.2 * weights[k][p] * Float(networks[k][t]) }
        percent += 0.8 * sgWeight[p] * Float(mood[t])
        percent -= 0.5 * siteWeight[p] * Float(mood[t])
        percent += 3.0 * field[p]
        let shift = edge[v] * Float(motion[0][t] + motion[1][t] + motion[2][t])
        frame[p] = max(0, (base[v] * (1 + 0.01 * percent) + shift).rounded())
      }
      try body(t, frame)
      progress.report("making the sample person", Double(t + 1) / Double(frameCount))
    }
  }

  /// How much a voxel changes when the head moves: the brightness step to its neighbour along x.
  private static func edges(_ base: [Float], _ mask: Mask) -> [Float] {
    (0..<mask.count).map { v in
      let at = mask.grid.index(at: Int(mask.offsets[v]))
      let next = VoxelIndex(at.i + 1, at.j, at.k)
      guard mask.contains(next) else { return 0 }
      return (base[Int(mask.places[mask.grid.offset(next)])] - base[v])
        / Float(mask.grid.spacing.0)
    }
  }

  /// The confounds table that belongs to the run.
  package func confounds(csfMean: [Double], whiteMean: [Double], globalMean: [Double]) -> String {
    let motion = self.motion
    let names = [
      "trans_x", "trans_y", "trans_z", "rot_x", "rot_y", "rot_z", "csf", "white_matter",
      "global_signal", "framewise_displacement",
    ]
    var lines = [names.joined(separator: "\t")]
    for t in 0..<frameCount {
      var cells = motion.map { plainNumber($0[t], 6) }
      cells += [csfMean[t], whiteMean[t], globalMean[t]].map { plainNumber($0, 3) }
      if t == 0 {
        cells.append("n/a")
      } else {
        // Power 2012: sum of absolute changes, rotations on a sphere of 50 mm.
        let change = (0..<6).reduce(0.0) {
          $0 + abs(motion[$1][t] - motion[$1][t - 1]) * ($1 < 3 ? 1 : 50)
        }
        cells.append(plainNumber(change, 6))
      }
      lines.append(cells.joined(separator: "\t"))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

package import Basics
import Imaging

extension SamplePerson {
  /// A band-limited series of mean 0 and SD 1: sines from 0.01 to 0.1 Hz with random phases.
  private func signal(_ number: UInt64) -> [Double] {
    var generator = SeededGenerator(seed: runSeed &+ 1000 &* (number &+ 1))
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

  /// What each region of a network does: partly what all of its network do, partly its own.
  private func regionSeries() -> [[Float]] {
    let shared = Self.networks.indices.map { signal(UInt64($0)) }
    return regions.map { region in
      let own = signal(200 + UInt64(region.label))
      let c = traits.couplings[region.network]
      let rest = (1 - c * c).squareRoot()
      let together = shared[region.network]
      return (0..<frameCount).map { t in
        Float(traits.networkPercent * (c * together[t] + rest * own[t]))
      }
    }
  }

  /// Six motion parameters per frame, mm and radians, and the size of the jerk that each frame begins with in mm.
  private func moved() -> (parameters: [[Double]], jerks: [Double]) {
    var noise = NormalNoise(seed: runSeed &+ 77)
    var chance = SeededGenerator(seed: runSeed &+ 78)
    let perFrame = traits.motion.jerksPerMinute * Self.repetitionTimeSeconds / 60
    var parameters = [[Double]](repeating: [], count: 6)
    var jerks: [Double] = []
    var at = [Double](repeating: 0, count: 6)
    for _ in 0..<frameCount {
      var jerk = [Double](repeating: 0, count: 6)
      if chance.uniform() < perFrame {
        let size = traits.motion.jerkMillimetres * (0.4 + 1.2 * chance.uniform())
        for axis in 0..<6 { jerk[axis] = size * (axis < 3 ? 0.6 : 0.006) * noise.next() }
      }
      for axis in 0..<6 {
        let step = traits.motion.driftMillimetres * (axis < 3 ? 1 : 0.01)
        at[axis] = 0.985 * at[axis] + step * noise.next() + jerk[axis]
        parameters[axis].append((at[axis] * 1e6).rounded() / 1e6)
      }
      let moved = jerk[0] * jerk[0] + jerk[1] * jerk[1] + jerk[2] * jerk[2]
      jerks.append(moved.squareRoot())
    }
    return (parameters, jerks)
  }

  package var motion: [[Double]] { moved().parameters }

  /// Mean framewise displacement after Power 2012, in mm.
  package var meanFramewiseDisplacement: Double {
    let motion = self.motion
    guard frameCount > 1 else { return 0 }
    let sum = (1..<frameCount).reduce(0.0) { $0 + Self.displacement(motion, $1) }
    return sum / Double(frameCount - 1)
  }

  private static func displacement(_ motion: [[Double]], _ t: Int) -> Double {
    var sum = 0.0
    for axis in 0..<6 { sum += (axis < 3 ? 1 : 50) * abs(motion[axis][t] - motion[axis][t - 1]) }
    return sum
  }

  /// The run's frames, whole numbers, one after the other; 0 outside the brain.
  package func makeFrames(
    progress: WorkProgress, _ body: (Int, [Float]) throws(Problem) -> Void
  ) throws(Problem) {
    let series = regionSeries()
    let mood = signal(100)
    let global = signal(101)
    let (motion, jerks) = moved()
    let parts = SampleFixedParts(self)
    var thermal = SampleField(grid, mask, seed: runSeed, memory: 0.4, fwhm: nil)
    var local = SampleField(grid, mask, seed: runSeed &+ 9, memory: 0.6, fwhm: 9)
    let minutes = Double(frameCount) * Self.repetitionTimeSeconds / 60
    var spoiled = 0.0
    for t in 0..<frameCount {
      try progress.check()
      let noise = thermal.next()
      let sources = local.next()
      spoiled = 0.5 * spoiled + traits.motion.spoiledPercent * jerks[t]
      var percent = [Float](repeating: Float(traits.globalPercent * global[t]), count: mask.count)
      for (region, values) in zip(regions, series) {
        let now = values[t]
        for n in region.voxels.indices { percent[Int(region.voxels[n])] += region.weights[n] * now }
      }
      let (up, down) = (traits.moodPercent * mood[t], traits.sitePercent * mood[t])
      let height =
        traits.hasEvent
        ? SampleEvent.percent
          * SampleEvent.height(Double(t) * Self.repetitionTimeSeconds, minutes: minutes)
        : 0
      let pose = motion.map { Float($0[t]) }
      var frame = [Float](repeating: 0, count: grid.count)
      for v in 0..<mask.count {
        let p = Int(mask.offsets[v])
        var x = percent[v] + sgWeight[p] * Float(up) - siteWeight[p] * Float(down)
        x += Float(traits.thermalPercent) * noise[p] + Float(traits.localPercent) * sources[p]
        x *= parts.gain[v]
        x += eventWeight[p] * Float(height) + parts.pattern[p] * Float(spoiled)
        let bright = parts.base[v] * (1 + 0.01 * x) + parts.shift(v, pose)
        frame[p] = max(0, min(255, bright.rounded()))
      }
      try body(t, frame)
      progress.report("making the sample person", Double(t + 1) / Double(frameCount))
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
      cells.append(t == 0 ? "n/a" : plainNumber(Self.displacement(motion, t), 6))
      lines.append(cells.joined(separator: "\t"))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// What stays the same from frame to frame.
private struct SampleFixedParts {
  /// Brightness: grey matter 120, white 106, CSF 141 units (one byte, so that the file stays small), as T2*
  /// weighting has it; one per voxel of the mask.
  let base: [Float]
  /// Factor on everything that fluctuates.
  let gain: [Float]
  /// Where a jerk of the head spoils the signal; on the grid, SD 1.
  let pattern: [Float]
  /// Brightness lost per mm along x, y, z and per radian about them.
  private let slopes: [[Float]]

  init(_ person: SamplePerson) {
    let mask = person.mask
    let places = mask.offsets.map(Int.init)
    let base = places.map { p -> Float in
      120 * person.greyMatter[p] + 106 * person.whiteMatter[p] + 141 * person.csf[p]
    }
    self.base = base
    var gain = [Float](repeating: 1, count: mask.count)
    for region in person.regions {
      let more = Float(person.traits.gains[region.network] - 1)
      for n in region.voxels.indices {
        gain[Int(region.voxels[n])] += more * min(1, 1.4 * region.weights[n])
      }
    }
    self.gain = gain
    var field = SampleField(person.grid, mask, seed: person.runSeed &+ 55, memory: 0, fwhm: 24)
    pattern = field.next()
    let along = (0..<3).map { Self.edges(base, mask, axis: $0) }
    var turns = [[Float]](repeating: [Float](repeating: 0, count: mask.count), count: 3)
    for v in 0..<mask.count {
      let w = mask.grid.world(at: places[v])
      let (x, y, z) = (Float(w.x), Float(w.y), Float(w.z))
      turns[0][v] = y * along[2][v] - z * along[1][v]
      turns[1][v] = z * along[0][v] - x * along[2][v]
      turns[2][v] = x * along[1][v] - y * along[0][v]
    }
    slopes = along + turns
  }

  /// How much a voxel changes when the head lies so: brightness steps times the way, at most a tenth.
  func shift(_ v: Int, _ pose: [Float]) -> Float {
    var sum: Float = 0
    for axis in 0..<6 { sum += slopes[axis][v] * pose[axis] }
    return max(-0.1 * base[v], min(0.1 * base[v], sum))
  }

  /// The brightness step to the neighbour along an axis, per mm.
  private static func edges(_ base: [Float], _ mask: Mask, axis: Int) -> [Float] {
    let spacing = [mask.grid.spacing.0, mask.grid.spacing.1, mask.grid.spacing.2][axis]
    return (0..<mask.count).map { v in
      let at = mask.grid.index(at: Int(mask.offsets[v]))
      let next = VoxelIndex(
        at.i + (axis == 0 ? 1 : 0), at.j + (axis == 1 ? 1 : 0), at.k + (axis == 2 ? 1 : 0))
      guard mask.contains(next) else { return 0 }
      return (base[Int(mask.places[mask.grid.offset(next)])] - base[v]) / Float(spacing)
    }
  }
}

/// A random field over the mask with SD 1 and a memory from frame to frame.
private struct SampleField {
  private let grid: Grid
  private let places: [Int]
  private var noise: NormalNoise
  private var memory: [Float]
  private let keep: Float
  private let fresh: Float
  private let kernel: [Float]
  /// Takes back what the kernel takes of the SD.
  private let scale: Float
  private var isFirst = true

  /// - Parameter fwhm: width in mm; nil for what neighbouring voxels share of a scanner's noise.
  init(_ grid: Grid, _ mask: Mask, seed: UInt64, memory keep: Float, fwhm: Double?) {
    self.grid = grid
    places = mask.offsets.map(Int.init)
    noise = NormalNoise(seed: seed)
    memory = [Float](repeating: 0, count: mask.count)
    self.keep = keep
    fresh = (1 - keep * keep).squareRoot()
    kernel =
      fwhm.map {
        ExactMath.gaussianKernel(sigmaVoxels: $0 / 2.354820045030949 / grid.spacing.0)
      } ?? [0.25, 0.5, 0.25]
    let left = kernel.reduce(Float(0)) { $0 + $1 * $1 }
    scale = 1 / (left * left.squareRoot())
  }

  mutating func next() -> [Float] {
    var field = [Float](repeating: 0, count: grid.count)
    for v in places.indices {
      let now = Float(noise.next())
      memory[v] = isFirst ? now : keep * memory[v] + fresh * now
      field[places[v]] = scale * memory[v]
    }
    isFirst = false
    return separableConvolution(field, grid, kernels: [kernel, kernel, kernel])
  }
}

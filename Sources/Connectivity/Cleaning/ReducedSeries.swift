package import Basics
package import Imaging

/// A cleaned run as coordinates in the projection's basis.
///
/// After the projection a series of T frames has only as many numbers as it has degrees of freedom,
/// so correlations are exact in the coordinates and read that much less memory. Time-major like a
/// run: `unit[d * voxels + voxel]`; each voxel's coordinates are scaled to length 1.
package final class ReducedSeries: Sendable {
  package let mask: Mask
  package let projection: Projection
  package let denoising: Denoising
  package let repetitionTimeSeconds: Double?
  let unit: [Float]
  /// Length of each voxel's cleaned series; NaN where there is no usable series.
  package let norms: [Float]
  /// Which modes stand for each other's spectrum.
  let modeSmoothing: ModeSmoothing

  init(
    mask: Mask, projection: Projection, denoising: Denoising, repetitionTimeSeconds: Double?,
    unit: [Float], norms: [Float]
  ) {
    self.mask = mask
    self.projection = projection
    self.denoising = denoising
    self.repetitionTimeSeconds = repetitionTimeSeconds
    self.unit = unit
    self.norms = norms
    modeSmoothing = projection.modeSmoothing
  }

  package var degreesOfFreedom: Int { projection.degreesOfFreedom }
  package var voxelCount: Int { mask.count }
  /// Seconds of data behind every number; nil without a repetition time.
  package var secondsKept: Double? {
    repetitionTimeSeconds.map { $0 * Double(projection.frameCount) }
  }
  /// Bytes of the coordinates that a seed map reads once.
  package var coordinateBytes: Int { unit.count * 4 }

  /// Cleans a run.
  ///
  /// Memory beyond the result: one slab of voxels per core. A voxel with a frame that is not finite,
  /// or whose series lies entirely in the model, has no data.
  package convenience init(
    _ run: Run, _ denoising: Denoising, frames: Range<Int>? = nil, progress: WorkProgress = .silent
  ) throws(Problem) {
    let projection = try run.cleaningProjection(denoising, frames: frames).frequencyOrdered()
    try progress.check()
    let d = projection.degreesOfFreedom
    let n = run.voxelCount
    let kept = projection.blocks[0].frames
    let t = kept.count
    try MemoryBudget.require(
      MemoryBudget.product(4, d, n), of: "the run", for: "\(n) cleaned voxels")
    let reading = projection.blocks[0].analysis.map(Float.init)
    var norms = [Float](repeating: .nan, count: n)
    let unit = withDisjointOutput(&norms) { norm in
      [Float](count: d * n, filledByChunksOf: (n + 511) / 512) { part, out in
        var data = [Float](repeating: 0, count: t * 512)
        for s in part where !progress.isCancelled() {
          let from = s * 512
          reduceSlab(run, kept, from, min(512, n - from), reading, d, out, n, norm.elements, &data)
        }
      }
    }
    try progress.check()
    guard denoising.smoothingFWHM > 0 else {
      self.init(
        mask: run.mask, projection: projection, denoising: denoising,
        repetitionTimeSeconds: run.repetitionTimeSeconds, unit: unit, norms: norms)
      return
    }
    let smoothed = try smoothCoordinates(
      unit, norms, run.mask, d,
      (denoising.smoothingFWHM, denoising.smoothingFWHM, denoising.smoothingFWHM), progress)
    self.init(
      mask: run.mask, projection: projection, denoising: denoising,
      repetitionTimeSeconds: run.repetitionTimeSeconds, unit: smoothed.unit, norms: smoothed.norms)
  }

  /// The same run smoothed, to the last bit what cleaning it anew with this smoothing gives.
  ///
  /// - Precondition: it is not smoothed yet.
  package func smoothed(
    fwhm: Double, progress: WorkProgress = .silent
  ) throws(Problem) -> ReducedSeries {
    precondition(denoising.smoothingFWHM == 0)
    guard fwhm > 0 else { return self }
    var changed = denoising
    changed.smoothingFWHM = fwhm
    let smoothed = try smoothCoordinates(
      unit, norms, mask, degreesOfFreedom, (fwhm, fwhm, fwhm), progress)
    return ReducedSeries(
      mask: mask, projection: projection, denoising: changed,
      repetitionTimeSeconds: repetitionTimeSeconds, unit: smoothed.unit, norms: smoothed.norms)
  }

  /// Several runs of one person as one: each cleaned by its own projection, then put one after the
  /// other.
  ///
  /// Each run is divided by the root mean square of its cleaned series over the mask, one number a
  /// run, so that a run with a higher receiver gain does not count for more.
  /// - Throws: masks that differ, repetition times that differ.
  package static func joined(_ parts: [ReducedSeries]) throws(Problem) -> ReducedSeries {
    guard let first = parts.first else {
      throw Problem(.usage, "runs", "none is given", expected: "at least one")
    }
    guard parts.count > 1 else { return first }
    for part in parts.dropFirst() {
      guard part.mask.grid.matches(first.mask.grid), part.mask.offsets == first.mask.offsets else {
        throw Problem(
          .data, "runs", "they have different grids or masks",
          expected: "runs of one person on one grid with one mask",
          remedy: "Give the mask that they share with --mask")
      }
      let times = (part.repetitionTimeSeconds, first.repetitionTimeSeconds)
      if let a = times.0, let b = times.1, abs(a - b) > 0.001 * b {
        throw Problem(
          .data, "runs",
          "their repetition times differ (\(plainNumber(b)) and \(plainNumber(a)) s)",
          expected: "one repetition time")
      }
    }
    let n = first.voxelCount
    var lengths = [Double](repeating: 0, count: n)
    var scales: [Double] = []
    for part in parts {
      var energy = 0.0
      var count = 0
      for v in 0..<n where part.norms[v].isFinite {
        energy += Double(part.norms[v]) * Double(part.norms[v])
        count += 1
      }
      let rms = (energy / Double(max(1, count * part.projection.frameCount))).squareRoot()
      scales.append(rms > 0 ? 1 / rms : 0)
      for v in 0..<n {
        let l = Double(part.norms[v]) * (scales.last ?? 0)
        lengths[v] += l * l
      }
    }
    let norms = lengths.map { $0.isFinite && $0 > 0 ? Float($0.squareRoot()) : .nan }
    var unit: [Float] = []
    unit.reserveCapacity(parts.reduce(0) { $0 + $1.unit.count })
    for (part, scale) in zip(parts, scales) {
      let factor = (0..<n).map { v in
        norms[v].isFinite ? Float(Double(part.norms[v]) * scale / Double(norms[v])) : 0
      }
      for d in 0..<part.degreesOfFreedom {
        for v in 0..<n { unit.append(factor[v] == 0 ? 0 : part.unit[d * n + v] * factor[v]) }
      }
    }
    var denoising = first.denoising
    denoising.confounds = parts.map(\.denoising.confounds).max { $0.count < $1.count } ?? []
    return ReducedSeries(
      mask: first.mask, projection: Projection(joining: parts.map(\.projection)),
      denoising: denoising, repetitionTimeSeconds: first.repetitionTimeSeconds, unit: unit,
      norms: norms)
  }

  /// Cleaned series of one voxel in the run's own unit, one number per kept frame; nil without data.
  package func series(of place: Int) -> [Double]? {
    guard norms[place].isFinite else { return nil }
    let n = voxelCount
    let c = (0..<degreesOfFreedom).map { Double(unit[$0 * n + place] * norms[place]) }
    return projection.series(of: c)
  }

  /// One kept frame of every voxel's cleaned series; NaN without data.
  package func frame(_ t: Int) -> [Float] {
    let n = voxelCount
    let weights = projection.weights(ofFrame: t)
    var out = [Float](repeating: 0, count: n)
    for (d, w) in weights where w != 0 {
      for v in 0..<n { out[v] += w * unit[d * n + v] }
    }
    for v in 0..<n { out[v] = norms[v].isFinite ? out[v] * norms[v] : .nan }
    return out
  }

  /// Mean coordinates of some voxels; nil when none has data.
  package func coordinates(ofMean places: [Int]) -> [Double]? {
    let usable = places.filter { norms[$0].isFinite }
    guard !usable.isEmpty else { return nil }
    let n = voxelCount
    return (0..<degreesOfFreedom).map { d in
      usable.reduce(0.0) { $0 + Double(unit[d * n + $1]) * Double(norms[$1]) }
        / Double(usable.count)
    }
  }

  /// Pearson r of every voxel with a series given by its coordinates; NaN without data.
  ///
  /// One pass over the coordinates: the cost of a seed map is the time to read them.
  package func correlations(with coordinates: [Double]) -> [Float] {
    precondition(coordinates.count == degreesOfFreedom)
    let length = coordinates.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let n = voxelCount
    let d = degreesOfFreedom
    guard length > 0, length.isFinite else { return [Float](repeating: .nan, count: n) }
    let seed = coordinates.map { Float($0 / length) }
    return [Float](unsafeUninitializedCapacity: n) { buffer, made in
      made = n
      guard let base = buffer.baseAddress else { return }
      nonisolated(unsafe) let out = base
      unit.withUnsafeBufferPointer { unitBuffer in
        seed.withUnsafeBufferPointer { seedBuffer in
          guard let unitBase = unitBuffer.baseAddress, let seedBase = seedBuffer.baseAddress else {
            return
          }
          nonisolated(unsafe) let rows = unitBase
          nonisolated(unsafe) let x = seedBase
          inParallel(n, grain: 8192) { part in
            LinearAlgebra.multiplyTransposed(
              d, part.count, rows + part.lowerBound, lda: n, x, out + part.lowerBound)
          }
        }
      }
      for v in 0..<n {
        out[v] = norms[v].isFinite ? max(-1, min(1, out[v])) : .nan
      }
    }
  }

  /// Unit coordinates of some voxels, one voxel after the other, for repeated products.
  package func unitCoordinates(of places: [Int]) -> [Float] {
    let n = voxelCount
    var out = [Float](repeating: 0, count: places.count * degreesOfFreedom)
    for (row, place) in places.enumerated() {
      for d in 0..<degreesOfFreedom { out[row * degreesOfFreedom + d] = unit[d * n + place] }
    }
    return out
  }
}

/// Projects one slab of voxels and scales each to length 1.
private func reduceSlab(
  _ run: Run, _ frames: [Int], _ from: Int, _ count: Int, _ reading: [Float], _ d: Int,
  _ out: UnsafeMutableBufferPointer<Float>, _ n: Int, _ norm: UnsafeMutableBufferPointer<Float>,
  _ data: inout [Float]
) {
  let out = out.pointer(at: 0)
  let energy = data.withUnsafeMutableBufferPointer { buffer -> [Double] in
    guard let base = buffer.baseAddress else { return [] }
    let energy = loadCentred(run, frames, from, count, into: base).energy
    LinearAlgebra.multiply(d, count, frames.count, reading, base, ldb: count, out + from, ldc: n)
    return energy
  }
  var length = [Double](repeating: 0, count: count)
  for row in 0..<d {
    for v in 0..<count {
      let c = Double(out[row * n + from + v])
      length[v] += c * c
    }
  }
  for v in 0..<count {
    let l = length[v].squareRoot()
    let usable = isUsable(length: l, energy: energy[v])
    norm[from + v] = usable ? Float(l) : .nan
    length[v] = usable ? 1 / l : 0
  }
  for row in 0..<d {
    for v in 0..<count {
      let scale = length[v]
      out[row * n + from + v] = scale == 0 ? 0 : Float(Double(out[row * n + from + v]) * scale)
    }
  }
}

/// Gaussian smoothing inside the mask, done on the coordinates: it commutes with the projection and
/// there are fewer coordinates than frames.
///
/// - Parameter noData: what voxels without a series and the outside of the mask count for.
func smoothCoordinates(
  _ unit: [Float], _ norms: [Float], _ mask: Mask, _ d: Int, _ fwhm: (Double, Double, Double),
  noData: NoData = .renormalised, _ progress: WorkProgress
) throws(Problem) -> (unit: [Float], norms: [Float]) {
  let n = mask.count
  try MemoryBudget.require(
    MemoryBudget.sum(MemoryBudget.product(4, d, n), MemoryBudget.product(16, mask.grid.count)),
    of: "the run", for: "smoothing \(n) voxels")
  var out = [Float](repeating: 0, count: d * n)
  var length = [Double](repeating: 0, count: n)
  for row in 0..<d {
    try progress.check()
    let values = (0..<n).map { norms[$0].isFinite ? unit[row * n + $0] * norms[$0] : .nan }
    let smooth = smoothedValues(
      mask.volume(values).values, mask.grid, fwhm: fwhm, noData: noData)
    for v in 0..<n {
      let x = smooth[Int(mask.offsets[v])]
      out[row * n + v] = x
      length[v] += Double(x) * Double(x)
    }
    progress.report("smoothing", Double(row + 1) / Double(d))
  }
  var newNorms = [Float](repeating: .nan, count: n)
  for v in 0..<n where norms[v].isFinite && length[v] > 0 && length[v].isFinite {
    newNorms[v] = Float(length[v].squareRoot())
  }
  for row in 0..<d {
    for v in 0..<n {
      out[row * n + v] = newNorms[v].isFinite ? out[row * n + v] / newNorms[v] : 0
    }
  }
  return (out, newNorms)
}

extension Run {
  /// The mean of all mask voxels that are finite throughout, per frame.
  package func globalSignal() -> [Double] {
    var usable = [Bool](repeating: true, count: voxelCount)
    var row = [Float](repeating: 0, count: voxelCount)
    let mayHoldNaN = samples.type == .float32 || samples.type == .float64
    func load(_ t: Int) {
      row.withUnsafeMutableBufferPointer { out in
        if let base = out.baseAddress {
          samples.decode(t * voxelCount..<(t + 1) * voxelCount, into: base)
        }
      }
    }
    if mayHoldNaN {
      for t in 0..<frameCount {
        load(t)
        for v in 0..<voxelCount where !row[v].isFinite { usable[v] = false }
      }
    }
    let count = Double(max(1, usable.reduce(0) { $0 + ($1 ? 1 : 0) }))
    return (0..<frameCount).map { t in
      load(t)
      var sum = 0.0
      if mayHoldNaN {
        for v in 0..<voxelCount where usable[v] { sum += Double(row[v]) }
      } else {
        for v in 0..<voxelCount { sum += Double(row[v]) }
      }
      return sum / count
    }
  }
}

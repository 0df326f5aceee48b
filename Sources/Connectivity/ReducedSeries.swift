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
  }

  package var degreesOfFreedom: Int { projection.degreesOfFreedom }
  package var voxelCount: Int { mask.count }
  /// Seconds of data behind every number; nil without a repetition time.
  package var secondsKept: Double? {
    repetitionTimeSeconds.map { $0 * Double(projection.frames.count) }
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
    let frames = frames ?? 0..<run.frameCount
    let global = denoising.removesGlobalSignal ? run.globalSignal() : nil
    let projection = try Projection(
      denoising, frames: frames, repetitionTimeSeconds: run.repetitionTimeSeconds,
      globalSignal: global)
    try progress.check()
    let d = projection.degreesOfFreedom
    let n = run.voxelCount
    let t = frames.count
    let basis = projection.basis.map(Float.init)
    let slab = 512
    let slabs = (n + slab - 1) / slab
    var norms = [Float](repeating: .nan, count: n)
    let isCancelled = progress.isCancelled
    let unit = [Float](unsafeUninitializedCapacity: d * n) { buffer, made in
      made = d * n
      guard let outBase = buffer.baseAddress else { return }
      nonisolated(unsafe) let out = outBase
      norms.withUnsafeMutableBufferPointer { normBuffer in
        nonisolated(unsafe) let norm = normBuffer
        basis.withUnsafeBufferPointer { basisBuffer in
          nonisolated(unsafe) let b = basisBuffer
          inParallel(slabs) { part in
            var data = [Float](repeating: 0, count: t * slab)
            for s in part {
              if isCancelled() { return }
              let from = s * slab
              let count = min(slab, n - from)
              reduceSlab(run, frames, from, count, b, d, out, n, norm, &data)
            }
          }
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
      unit, norms, run.mask, d, denoising.smoothingFWHM, progress)
    self.init(
      mask: run.mask, projection: projection, denoising: denoising,
      repetitionTimeSeconds: run.repetitionTimeSeconds, unit: smoothed.unit, norms: smoothed.norms)
  }

  /// Cleaned series of one voxel in the run's own unit; nil without data.
  package func series(of place: Int) -> [Double]? {
    guard norms[place].isFinite else { return nil }
    let n = voxelCount
    let c = (0..<degreesOfFreedom).map { Double(unit[$0 * n + place] * norms[place]) }
    return projection.series(of: c)
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
  _ run: Run, _ frames: Range<Int>, _ from: Int, _ count: Int, _ basis: UnsafeBufferPointer<Float>,
  _ d: Int, _ out: UnsafeMutablePointer<Float>, _ n: Int, _ norm: UnsafeMutableBufferPointer<Float>,
  _ data: inout [Float]
) {
  let t = frames.count
  var mean = [Double](repeating: 0, count: count)
  var energy = [Double](repeating: 0, count: count)
  data.withUnsafeMutableBufferPointer { buffer in
    guard let base = buffer.baseAddress, let basisBase = basis.baseAddress else { return }
    for (row, frame) in frames.enumerated() {
      let at = frame * run.voxelCount + from
      run.samples.decode(at..<at + count, into: base + row * count)
      for v in 0..<count { mean[v] += Double(base[row * count + v]) }
    }
    for v in 0..<count { mean[v] /= Double(t) }
    // The mean goes first, in double: what is left has few digits to lose.
    for row in 0..<t {
      for v in 0..<count {
        let x = mean[v].isFinite ? Float(Double(base[row * count + v]) - mean[v]) : 0
        base[row * count + v] = x
        energy[v] += Double(x) * Double(x)
      }
    }
    LinearAlgebra.multiply(d, count, t, basisBase, base, ldb: count, out + from, ldc: n)
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
    // Below this only rounding is left of a series that the model explains.
    let usable = mean[v].isFinite && l.isFinite && l > 1e-5 * energy[v].squareRoot() && l > 0
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
private func smoothCoordinates(
  _ unit: [Float], _ norms: [Float], _ mask: Mask, _ d: Int, _ fwhm: Double,
  _ progress: WorkProgress
) throws(Problem) -> (unit: [Float], norms: [Float]) {
  let n = mask.count
  var out = [Float](repeating: 0, count: d * n)
  var length = [Double](repeating: 0, count: n)
  for row in 0..<d {
    try progress.check()
    let values = (0..<n).map { norms[$0].isFinite ? unit[row * n + $0] * norms[$0] : .nan }
    let smooth = smoothedValues(
      mask.volume(values).values, mask.grid, fwhm: (fwhm, fwhm, fwhm), noData: .renormalised)
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

package import Basics
import Glibc
package import Imaging

/// Amplitude of low-frequency fluctuations.
package struct AmplitudeMaps: Sendable {
  /// Mean amplitude over the band's bins, in the run's unit.
  package let alff: [Float]
  /// Sum over the band divided by the sum over all frequencies; nil when it was not asked for.
  package let falff: [Float]?
  package let definition: String
}

/// ALFF and fALFF as DPABI defines them: amplitude 2|FFT|/N of the series zero-padded to a power of
/// two, averaged over the bins ceil(f₁·P·TR + 1) … floor(f₂·P·TR + 1), counted from 1; fALFF is the
/// sum over the band by the sum over bins 2 … P/2 + 1.
///
/// Between censored frames there is no transform: amplitudes are then fitted by least squares, bin
/// by bin, to the kept frames (Lomb–Scargle), and what gaps add to them and spread over the bins is taken
/// back (`GapCorrection`). Drift and confounds go in the same operator; a low-pass is not applied, because
/// fALFF needs what lies above the band.
extension Run {
  package func amplitudes(
    _ denoising: Denoising, bandHertz band: ClosedRange<Double> = 0.01...0.08, wantsFraction: Bool,
    frames: Range<Int>? = nil, progress: WorkProgress = .silent
  ) throws(Problem) -> AmplitudeMaps {
    guard let tr = repetitionTimeSeconds else {
      throw Problem(
        .data, "--band", "amplitudes by frequency need the repetition time, which is unknown",
        remedy: "State the seconds per frame with --tr")
    }
    let projection = try cleaningProjection(denoising.withoutBand, frames: frames)
    let block = projection.blocks[0]
    let bins = AmplitudeBins(window: block.window.count, tr: tr, band: band)
    guard !bins.band.isEmpty else {
      throw Problem(
        .data, "--amplitude-band",
        "no frequency of a run of \(plainNumber(Double(block.window.count) * tr, 0)) s lies in "
          + "\(plainNumber(band.lowerBound))–\(plainNumber(band.upperBound)) Hz",
        expected: "a band within the run's own")
    }
    let isCensored = block.frames.count < block.window.count
    if isCensored { try GapCorrection.check(kept: block.frames.count, of: block.window.count) }
    let wanted = wantsFraction || isCensored ? bins.all : bins.band
    try MemoryBudget.require(
      MemoryBudget.product(isCensored ? 48 : 24, wanted.count, block.frames.count), of: "the run",
      for: "its \(wanted.count) frequencies")
    let rows = amplitudeOperator(wanted, bins.padded, block)
    let groups = AmplitudeGroups(wanted, bins.band)
    let correction =
      isCensored
      ? try GapCorrection(
        rows, groups, padded: bins.padded, block, full: try uncensored(denoising, frames)) : nil
    let amplitudes = try applied(
      rows.map(Float.init), groups, correction, block, progress)
    return AmplitudeMaps(
      alff: amplitudes.band.map { $0 / Float(bins.band.count) },
      falff: wantsFraction
        ? zip(amplitudes.band, amplitudes.all).map { $1 > 0 ? $0 / $1 : .nan } : nil,
      definition: "DPABI, amplitude 2|FFT|/N averaged over \(plainNumber(band.lowerBound))–"
        + "\(plainNumber(band.upperBound)) Hz"
        + (isCensored
          ? ", fitted by least squares between censored frames and corrected for the gaps" : ""))
  }

  /// The model of the whole window, as if nothing were censored; without confounds where they have gaps.
  private func uncensored(
    _ denoising: Denoising, _ frames: Range<Int>?
  ) throws(Problem) -> Projection.Block {
    var whole = denoising.withoutBand
    whole.censoredFrames = []
    whole.confounds.removeAll { !$0.values.allSatisfy(\.isFinite) }
    return try cleaningProjection(whole, frames: frames).blocks[0]
  }

  /// The projection of this run alone, with its global signal when that is removed.
  package func cleaningProjection(
    _ denoising: Denoising, frames: Range<Int>? = nil
  ) throws(Problem) -> Projection {
    try Projection(
      denoising, frames: frames ?? 0..<frameCount, repetitionTimeSeconds: repetitionTimeSeconds,
      globalSignal: denoising.removesGlobalSignal ? globalSignal() : nil)
  }

  /// Sums of amplitudes per voxel: over the bins of the band, and over all.
  private func applied(
    _ rows: [Float], _ groups: AmplitudeGroups, _ correction: GapCorrection?,
    _ block: Projection.Block, _ progress: WorkProgress
  ) throws(Problem) -> (band: [Float], all: [Float]) {
    let (n, t, bins, length) = (voxelCount, block.frames.count, groups.ofBin.count, 256)
    var band = [Float](repeating: .nan, count: n)
    var all = band
    var floors = [Float](repeating: .nan, count: n)
    let white = WhiteFloor(block.frames)
    // Amplitudes of a padded series hold its variance more than once.
    let variancePerPower = Float(block.window.count) / Float(4 * max(1, bins))
    withDisjointOutput(&band, &all) { band, all in
      withDisjointOutput(&floors) { floors in
        forEachSlab(
          of: n, length: length, name: "amplitudes", progress: progress,
          scratch: { [Float](repeating: 0, count: (t + 2 * bins) * length) }
        ) { slab, buffer in
          let (sums, energy) = groupSums(rows, groups, block, slab, &buffer)
          let floor =
            correction == nil ? [] : white.variances(buffer, voxels: slab.count)
          let (band, all, floors) = (band.elements, all.elements, floors.elements)
          // Only rounding is left of a series that the model explains.
          for (v, place) in slab.enumerated()
          where Double(sums[v].total) > 1e-5 * (energy[v] / Double(t)).squareRoot() {
            let raw = sums[v]
            let made = correction?.corrected(raw) ?? raw
            band[place] = made.band
            all[place] = made.total
            floors[place] =
              (floor.isEmpty ? 0 : floor[v]) / (raw.power.reduce(0, +) * variancePerPower)
          }
        }
      }
    }
    try progress.check()
    if correction != nil { try GapCorrection.check(floors: floors) }
    return (band, all)
  }

  /// Amplitudes and powers of a slab's voxels by groups of bins, and the energy of their raw series.
  private func groupSums(
    _ rows: [Float], _ groups: AmplitudeGroups, _ block: Projection.Block, _ slab: Range<Int>,
    _ buffer: inout [Float]
  ) -> (sums: SlabAmplitudes, energy: [Double]) {
    let (t, bins, count) = (block.frames.count, groups.ofBin.count, slab.count)
    return buffer.withUnsafeMutableBufferPointer { buffer in
      var sums = SlabAmplitudes(voxels: count)
      guard let x = buffer.baseAddress else { return (sums, []) }
      let c = x + t * 256
      let energy = loadCentred(self, block.frames, slab.lowerBound, count, into: x).energy
      LinearAlgebra.multiply(2 * bins, count, t, rows, x, ldb: count, c, ldc: count)
      for b in 0..<bins {
        sums.add(c + 2 * b * count, c + (2 * b + 1) * count, to: groups.ofBin[b])
      }
      return (sums, energy)
    }
  }
}

/// The frequencies of a run that is padded to a power of two.
struct AmplitudeBins {
  let padded: Int
  /// Bins counted from 0, those of the band and all above 0.
  let band: [Int]
  let all: [Int]

  init(window: Int, tr: Double, band hertz: ClosedRange<Double>) {
    var size = 1
    while size < window { size *= 2 }
    padded = size
    let scale = Double(size) * tr
    // DPABI counts from 1: bin b of ours is its b + 1.
    let low = wholeNumber((hertz.lowerBound * scale + 1).rounded(.up), in: 2...size + 2) - 1
    let high = wholeNumber(hertz.upperBound * scale + 1, in: 0...size / 2 + 1) - 1
    band = low <= high ? Array(low...high) : []
    all = Array(1...max(1, size / 2))
  }
}

/// Two rows per bin whose products with a raw series are the cosine and sine amplitudes of the
/// cleaned series: transform and projection in one.
func amplitudeOperator(
  _ bins: [Int], _ padded: Int, _ block: Projection.Block
) -> [Double] {
  let t = block.frames.count
  let times = block.frames.map { Double($0 - block.window.lowerBound) }
  let isWhole = t == block.window.count
  var rows: [Double] = []
  rows.reserveCapacity(2 * bins.count * t)
  for bin in bins {
    let w = 2 * Double.pi * Double(bin) / Double(padded)
    let c = times.map { cos(w * $0) }
    let s = times.map { sin(w * $0) }
    if isWhole {
      let scale = 2 / Double(t)
      rows += c.map { $0 * scale }
      rows += s.map { $0 * scale }
    } else {
      // Least squares of two columns: (AᵀA)⁻¹Aᵀ.
      let cc = c.reduce(0) { $0 + $1 * $1 }
      let ss = s.reduce(0) { $0 + $1 * $1 }
      let cs = zip(c, s).reduce(0) { $0 + $1.0 * $1.1 }
      let determinant = cc * ss - cs * cs
      if determinant > 1e-9 * Double(t * t) {
        rows += zip(c, s).map { (ss * $0 - cs * $1) / determinant }
        rows += zip(c, s).map { (cc * $1 - cs * $0) / determinant }
      } else {
        rows += c.map { $0 / max(cc, 1e-12) }
        rows += s.map { _ in 0 }
      }
    }
  }
  // Minus what the model explains: O − (O·Qᵀ)·Q.
  let k = block.span.count / t
  if k > 0 {
    let count = 2 * bins.count
    let inner = LinearAlgebra.productTransposed(rows, count, t, block.span, k)
    let explained = LinearAlgebra.product(inner, count, k, block.span, t)
    for i in rows.indices { rows[i] -= explained[i] }
  }
  return rows
}

/// The amplitude spectrum of one series, as `amplitudes` has it.
package struct Spectrum: Sendable, Equatable {
  package let hertz: [Double]
  package let amplitude: [Double]
}

extension Run {
  /// Amplitude by frequency of one voxel's series once drift and confounds are gone.
  package func spectrum(of place: Int, _ denoising: Denoising) throws(Problem) -> Spectrum? {
    guard let tr = repetitionTimeSeconds else { return nil }
    return try cleaningProjection(denoising.withoutBand)
      .spectrum(of: series(of: place), repetitionTimeSeconds: tr)
  }
}

extension Projection {
  /// Amplitude by frequency of a raw series of the first run, once what this takes away is gone.
  ///
  /// - Parameter whole: every frame of the run as it is stored.
  /// - Returns: nil where a kept frame has no number.
  package func spectrum(of whole: [Double], repetitionTimeSeconds tr: Double) -> Spectrum? {
    guard let block = blocks.first else { return nil }
    let bins = AmplitudeBins(window: block.window.count, tr: tr, band: 0...(0.5 / tr))
    let values = block.frames.map { whole[$0] }
    guard values.allSatisfy(\.isFinite) else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let rows = amplitudeOperator(bins.all, bins.padded, block)
    let t = values.count
    let amplitude = bins.all.indices.map { b -> Double in
      var (re, im) = (0.0, 0.0)
      for i in 0..<t {
        re += rows[2 * b * t + i] * (values[i] - mean)
        im += rows[(2 * b + 1) * t + i] * (values[i] - mean)
      }
      return (re * re + im * im).squareRoot()
    }
    return Spectrum(
      hertz: bins.all.map { Double($0) / (Double(bins.padded) * tr) }, amplitude: amplitude)
  }
}

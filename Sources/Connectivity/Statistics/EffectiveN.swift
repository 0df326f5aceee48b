package import Basics
import Glibc
import Imaging

/// How the number of independent observations behind a correlation is found.
package enum EffectiveNMethod: String, Sendable, CaseIterable {
  /// Bartlett 1946, N / (1 + 2 Σ ρx(k)·ρy(k)) over all lags, which is a product of two spectra.
  case bartlett
  /// Afyouni, Smith and Nichols 2019: also the cross-correlations.
  case xdf
}

/// Which modes stand for the spectrum at a mode: a triangle over its neighbours on both sides, mirrored
/// at the slowest and the fastest.
///
/// A single squared coordinate is a spectrum's value times χ² of one degree of freedom. The variance of r
/// from two unsmoothed spectra is right in the mean but goes with r², which makes a test too careful;
/// a wide average loses what narrow bands have. Five modes to a side kept P(p < 0.05) between 0.045 and
/// 0.056 on white noise, AR(0.5), AR(0.9), 1/f and bands of 0.02 and 0.04 Hz (`boldspect-bench honesty
/// levels`).
struct ModeSmoothing: Sendable {
  /// Modes from the centre to where the triangle ends.
  static let reach = 5
  /// Per mode its neighbours, each once, with weights that add up to 1.
  let neighbours: [[(mode: Int, weight: Float)]]
  /// Per mode its own weight.
  let own: [Float]

  /// What the variance of r has more in each mode than the spectra say.
  let inflation: [Float]

  /// - Parameter counts: modes of each run; nothing is averaged from one run to another.
  init(_ counts: [Int], inflation: [Float]) {
    self.inflation = inflation
    var all: [[(mode: Int, weight: Float)]] = []
    var first = 0
    for count in counts {
      for mode in 0..<count {
        all.append(Self.triangle(mode, count).map { (first + $0.mode, $0.weight) })
      }
      first += count
    }
    neighbours = all
    own = all.enumerated().map { at, list in list.first { $0.mode == at }?.weight ?? 0 }
  }

  private static func triangle(_ mode: Int, _ count: Int) -> [(mode: Int, weight: Float)] {
    let reach = min(Self.reach, count)
    var weights: [Int: Float] = [:]
    for step in 1 - reach..<reach {
      var at = abs(mode + step)
      if at >= count { at = 2 * count - 2 - at }
      weights[max(0, at), default: 0] += Float(reach - abs(step))
    }
    let total = Float(reach * reach)
    return weights.sorted { $0.key < $1.key }.map { ($0.key, $0.value / total) }
  }

  /// Smoothed squares of coordinates of length 1, with what is to be added to the variance: by these a squared
  /// coordinate of the other series adds to the variance of r.
  func variancePowers(_ unit: [Float]) -> [Float] {
    zip(powers(unit), inflation).map { $0 * $1 }
  }

  /// How many times more than Σ of products of both powers the variance of r is.
  func factor(_ matrix: [Double]) -> Double {
    let d = neighbours.count
    let squares = matrix.reduce(0) { $0 + $1 * $1 }
    let powers = (0..<d).map { matrix[$0 * d + $0] }
    let products = neighbours.enumerated().reduce(0.0) { sum, row in
      sum + powers[row.offset]
        * row.element.reduce(0.0) { $0 + Double($1.weight) * powers[$1.mode] }
    }
    return products > 0 ? squares / products : 1
  }

  /// Smoothed squares of coordinates of length 1: a power spectrum that adds up to about 1.
  func powers(_ unit: [Float]) -> [Float] {
    neighbours.map { list in list.reduce(0) { $0 + $1.weight * unit[$1.mode] * unit[$1.mode] } }
  }
}

/// Effective number of observations of a variance of r: 1/V + 1, because r of N independent pairs has the
/// variance 1/(N − 1); at most half as many again as the residual degrees of freedom and the mean allow,
/// which only the scatter of an estimate exceeds.
func observations(variance: Float, degreesOfFreedom: Int) -> Float {
  let most = 1.5 * Float(degreesOfFreedom + 1)
  return variance > 0 ? min(most, 1 / variance + 1) : most
}

/// Coordinates scaled to length 1; nil of nothing.
package func unitLength(_ coordinates: [Double]) -> [Float]? {
  let length = coordinates.reduce(0) { $0 + $1 * $1 }.squareRoot()
  guard length > 0, length.isFinite else { return nil }
  return coordinates.map { Float($0 / length) }
}

extension ReducedSeries {
  /// Bartlett's effective number of observations behind the correlation of two series given by their
  /// coordinates; the same as a map of it has at one voxel.
  package func effectiveN(of a: [Double], with b: [Double]) -> Double {
    guard let seed = unitLength(a), let other = unitLength(b) else { return .nan }
    let powers = modeSmoothing.variancePowers(seed)
    let variance = zip(powers, other).reduce(Float(0)) { $0 + $1.0 * $1.1 * $1.1 }
    return Double(observations(variance: variance, degreesOfFreedom: degreesOfFreedom))
  }

  /// Effective number of observations of the correlation of each voxel with a series given by its
  /// coordinates: Bartlett's sum over all lags, as Σ over modes of the product of both power spectra,
  /// which is the variance of r between series that are not coupled.
  ///
  /// One pass over the coordinates, as a seed map is.
  package func effectiveN(with coordinates: [Double]) -> [Float] {
    guard let seed = unitLength(coordinates) else {
      return [Float](repeating: .nan, count: voxelCount)
    }
    let powers = modeSmoothing.variancePowers(seed)
    let n = voxelCount
    var out = [Float](repeating: 0, count: n)
    forEachChunk(of: n, grain: 1024, into: &out) { chunk, out in
      var from = chunk.lowerBound
      while from < chunk.upperBound {
        let part = from..<min(from + 1024, chunk.upperBound)
        addWeightedSquares(powers, part, out.pointer(at: from))
        for v in part {
          out[v] =
            norms[v].isFinite
            ? observations(variance: out[v], degreesOfFreedom: degreesOfFreedom) : .nan
        }
        from = part.upperBound
      }
    }
    return out
  }

  /// Adds Σ weights(d)·u(d)² of some voxels to sums that are small enough for the nearest cache.
  private func addWeightedSquares(
    _ weights: [Float], _ voxels: Range<Int>, _ sums: UnsafeMutablePointer<Float>
  ) {
    let (n, first, count) = (voxelCount, voxels.lowerBound, voxels.count)
    unit.withUnsafeBufferPointer { unit in
      guard let base = unit.baseAddress else { return }
      for (d, w) in weights.enumerated() {
        let row = base + d * n + first
        for v in 0..<count { sums[v] += w * row[v] * row[v] }
      }
    }
  }
}

// MARK: xDF

/// The sums over modes of which xDF's variance is made, for one pair of series.
struct CrossSums {
  /// Spectrum by spectrum.
  var ab: Float = 0
  /// Cross-spectrum by itself.
  var cc: Float = 0
  /// A spectrum by itself, one for each series.
  var aa: Float = 0
  var bb: Float = 0
  /// Cross-spectrum by both spectra.
  var ca: Float = 0
  /// The variance of r without coupling, as Bartlett has it.
  var uncoupled: Float = 0
  /// The same with what interpolated gaps add.
  var inflated: Float = 0

  /// Part of the scatter of a product of spectra that is taken from a squared cross-spectrum, which would
  /// else be above zero between series that are not coupled. All of it makes p too small by a tenth on
  /// AR(0.9), for r goes with the same scatter; the same noises as for Bartlett's are within 0.045 to 0.057.
  static let scatter: Float = 0.9

  /// Adds one mode: its own squares and product (`xx`, `yy`, `xy`) and their averages over its neighbours,
  /// of which it has the part `own` itself.
  mutating func add(
    xx: Float, yy: Float, xy: Float, smoothXX a: Float, smoothYY b: Float, smoothXY c: Float,
    own w: Float, inflation: Float
  ) {
    let product = 0.5 * (a * yy + b * xx)
    ab += product
    cc += (c * xy - Self.scatter * w * product) / (1 + w)
    aa += a * xx / (1 + 2 * w)
    bb += b * yy / (1 + 2 * w)
    ca += 0.5 * ((a + b) * xy + c * (xx + yy)) / (1 + 2 * w)
    uncoupled += b * xx
    inflated += inflation * b * xx
  }

  /// Variance of r (Afyouni 2019, equation 1, as a sum over modes: Σ AB + C² + ρ²(A² + B²)/2 + ρ²C²
  /// − 2ρC(A + B)); at least a quarter of what it is without coupling.
  func variance(r: Float) -> Float {
    let free = 1 - r * r
    let found = ab + cc * (1 + r * r) + r * r * (aa + bb) / 2 - 2 * r * ca
    let least = max(found, 0.25 * uncoupled * free * free)
    return uncoupled > 0 ? least * inflated / uncoupled : least
  }
}

extension ReducedSeries {
  /// Effective number of observations by xDF for every voxel with a series given by its coordinates:
  /// (1 − r²)²/V(r) + 1.
  package func xdfEffectiveN(
    with coordinates: [Double], progress: WorkProgress = .silent
  ) throws(Problem) -> [Float] {
    guard let seed = unitLength(coordinates) else {
      return [Float](repeating: .nan, count: voxelCount)
    }
    let powers = modeSmoothing.powers(seed)
    var out = [Float](repeating: .nan, count: voxelCount)
    withDisjointOutput(&out) { out in
      forEachSlab(
        of: voxelCount, length: 256, name: "cross-correlations", progress: progress, scratch: {}
      ) { slab, _ in
        let out = out.elements
        for v in slab where norms[v].isFinite {
          out[v] = xdfEffectiveN(
            of: (0..<degreesOfFreedom).map { unit[$0 * voxelCount + v] }, seed: seed, powers: powers
          )
        }
      }
    }
    try progress.check()
    return out
  }

  /// xDF's effective number of observations behind the correlation of two series given by their
  /// coordinates; the same as a map of it has at one voxel.
  package func xdfEffectiveN(of a: [Double], with b: [Double]) -> Double {
    guard let seed = unitLength(a), let other = unitLength(b) else { return .nan }
    return Double(xdfEffectiveN(of: other, seed: seed, powers: modeSmoothing.powers(seed)))
  }

  private func xdfEffectiveN(of own: [Float], seed: [Float], powers: [Float]) -> Float {
    let (sums, r) = crossSums(of: own, seed: seed, powers: powers)
    let free = 1 - min(1, r * r)
    return observations(
      variance: sums.variance(r: r) / max(free * free, 1e-12), degreesOfFreedom: degreesOfFreedom)
  }

  private func crossSums(
    of own: [Float], seed: [Float], powers: [Float]
  ) -> (sums: CrossSums, r: Float) {
    var sums = CrossSums()
    var r: Float = 0
    for mode in own.indices {
      var (a, c): (Float, Float) = (0, 0)
      for (at, w) in modeSmoothing.neighbours[mode] {
        a += w * own[at] * own[at]
        c += w * own[at] * seed[at]
      }
      let (x, y) = (own[mode], seed[mode])
      r += x * y
      sums.add(
        xx: x * x, yy: y * y, xy: x * y, smoothXX: a, smoothYY: powers[mode], smoothXY: c,
        own: modeSmoothing.own[mode], inflation: modeSmoothing.inflation[mode])
    }
    return (sums, r)
  }
}

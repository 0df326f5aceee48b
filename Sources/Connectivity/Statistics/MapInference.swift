package import Basics
import Imaging

/// What a correlation map says about chance: z, p and q for every voxel, from the effective number
/// of observations and never from the number of volumes.
package struct MapInference: Sendable {
  package let method: EffectiveNMethod
  /// Effective number of observations per voxel.
  package let effectiveN: [Float]
  /// r as a deviate of the standard normal distribution when nothing is coupled, from Student's t with
  /// N − 2 degrees of freedom.
  package let z: [Float]
  /// Two-sided.
  package let p: [Float]
  /// False discovery rate over the voxels with data (Benjamini–Hochberg).
  package let q: [Float]
  /// Median of the effective N over the voxels with data. Kept, because every picture tells it.
  package let medianN: Double?

  /// - Parameters:
  ///   - r: Pearson r per voxel; NaN without data.
  ///   - effectiveN: one number per voxel.
  package init(r: [Float], effectiveN: [Float], method: EffectiveNMethod) {
    self.method = method
    self.effectiveN = effectiveN
    medianN = boldspectPercentile(effectiveN.filter(\.isFinite), 50).map(Double.init)
    let z = zip(r, effectiveN).map { r, n -> Double in
      guard r.isFinite, n.isFinite else { return .nan }
      return correlationDeviate(Double(r), observations: Double(n))
    }
    let p = z.map(normalTwoSidedP)
    self.z = z.map(Float.init)
    self.p = p.map(Float.init)
    q = falseDiscoveryQ(p).map(Float.init)
  }

  /// The smallest |r| that is called at a false discovery rate; nil when none is.
  package func leastR(_ r: [Float], at rate: Double) -> Double? {
    zip(r, q).filter { Double($0.1) <= rate }.map { Double(abs($0.0)) }.min()
  }
}

extension SeedMap {
  /// Statistics of the map.
  package func inference(
    in reduced: ReducedSeries, method: EffectiveNMethod, progress: WorkProgress = .silent
  ) throws(Problem) -> MapInference {
    let n =
      switch method {
      case .bartlett: reduced.effectiveN(with: coordinates)
      case .xdf: try reduced.xdfEffectiveN(with: coordinates, progress: progress)
      }
    return MapInference(r: r, effectiveN: n, method: method)
  }
}

package import Basics
import Imaging

/// How a tracer's uptake falls behind flow (Lassen, Andersen, Friberg 1988, JCBFM 8:S13): with
/// f = F/F_ref, C/C_ref = (1 + α)·f/(α + f), because k2 rises with flow and k3 does not.
package struct LassenUptake: Sendable, Equatable {
  /// Conversion over clearance, k3/k2, of the reference region. 1.5 is usual for HMPAO, 2.6 for ECD;
  /// 0.5 and 0.65 were found for back-diffusion and extraction together.
  package let alpha: Double

  /// - Throws: an α that is not between 0.05 and 100.
  package init(alpha: Double) throws(Problem) {
    guard alpha.isFinite, (0.05...100).contains(alpha) else {
      throw Problem(
        .usage, "--lassen", "\(plainNumber(alpha)) is no ratio of conversion to clearance",
        expected: "0.05 to 100; 1.5 is usual for HMPAO, 2.6 for ECD")
    }
    self.alpha = alpha
  }

  /// Uptake over the reference's from flow over the reference's.
  package func uptake(ofFlow f: Double) -> Double { (1 + alpha) * f / (alpha + f) }

  /// The way back, f = α·c/(1 + α − c); NaN from 1 + α on, which no flow reaches.
  package func flow(ofUptake c: Double) -> Double {
    c < 1 + alpha ? alpha * c / (1 + alpha - c) : .nan
  }

  /// An image of flow as one of uptake with the same mean over the reference, in its own unit.
  ///
  /// - Parameter reference: the mean flow of the reference region, above 0.
  package func applied(to flow: [Float], reference: Double) -> [Float] {
    flow.map { Float(uptake(ofFlow: max(0, Double($0)) / reference) * reference) }
  }
}

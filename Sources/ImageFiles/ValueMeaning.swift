/// What the values of an image are, as a NIfTI header says it.
///
/// Source: nifti1.h of the NIfTI DFWG, "INTERPRETATION OF VOXEL DATA".
package struct ValueMeaning: Equatable, Sendable {
  /// NIFTI_INTENT_…
  package var intent: Int
  package var parameters: [Double]
  /// At most 15 bytes of ASCII.
  package var name: String

  package init(intent: Int, parameters: [Double] = [], name: String) {
    self.intent = intent
    self.parameters = parameters
    self.name = name
  }

  /// Pearson r with these degrees of freedom.
  package static func correlation(degreesOfFreedom: Int) -> ValueMeaning {
    ValueMeaning(intent: 2, parameters: [Double(degreesOfFreedom)], name: "Pearson r")
  }

  /// Whether it is Pearson's r.
  package var isCorrelation: Bool { intent == 2 }

  /// Perfusion: the one estimate that stands for what was measured.
  package static let percentOfReference = estimate("% of reference")

  /// What a NIfTI intent from 2 to 24 calls its values, and what an estimate that boldspect made is called; nil for
  /// others. Source: nifti1.h, "NIFTI_INTENT_…".
  ///
  /// - Parameter isOurs: whether the header says that boldspect wrote it.
  static func statistic(ofIntent code: Int, name: String, isOurs: Bool) -> String? {
    switch code {
    case 1001 where isOurs && name != percentOfReference.name: "\(name) values"
    case 2: "correlations"
    case 3: "t values"
    case 4: "F values"
    case 5: "z values"
    case 6: "chi-squared values"
    case 22: "p values"
    case 23, 24: "logarithms of p values"
    case 7...21: "a statistic (intent \(code))"
    default: nil
    }
  }

  package static let zScore = ValueMeaning(intent: 5, name: "z")
  package static let probability = ValueMeaning(intent: 22, name: "p")

  /// A number that is no test statistic.
  package static func estimate(_ name: String) -> ValueMeaning {
    ValueMeaning(intent: 1001, name: name)
  }
}

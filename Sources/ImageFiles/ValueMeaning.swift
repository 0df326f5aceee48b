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

  package static let zScore = ValueMeaning(intent: 5, name: "z")
  package static let probability = ValueMeaning(intent: 22, name: "p")

  /// A number that is no test statistic.
  package static func estimate(_ name: String) -> ValueMeaning {
    ValueMeaning(intent: 1001, name: name)
  }
}

/// Whether an image was measured of somebody, made up or simulated.
package enum ImageOrigin: String, Sendable {
  case measured, synthetic, simulated

  /// - Parameters:
  ///   - isSyntheticPerson: whether it is of the sample person, of whom nothing was measured at all.
  ///   - isSimulated: whether it carries the mark of an image that is no measurement.
  package init(isSyntheticPerson: Bool, isSimulated: Bool) {
    self = isSyntheticPerson ? .synthetic : isSimulated ? .simulated : .measured
  }

  /// The word that nothing of an unmeasured image is shown without; nil for a measurement.
  package var word: String? {
    switch self {
    case .measured: nil
    case .synthetic: "SYNTHETIC PERSON"
    case .simulated: "SIMULATED"
    }
  }
}

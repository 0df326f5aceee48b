/// A map of activity or synchrony.
package enum ActivityMeasure: String, Sendable, CaseIterable {
  case alff, falff, reho, tsnr

  package var title: String {
    switch self {
    case .alff: "ALFF"
    case .falff: "fALFF"
    case .reho: "ReHo"
    case .tsnr: "temporal SNR"
    }
  }
}

/// One measure of a run, raw.
package struct ActivityMap: Sendable {
  package let measure: ActivityMeasure
  /// Per mask voxel; NaN without data.
  package let values: [Float]
  package let definition: String

  package init(measure: ActivityMeasure, values: [Float], definition: String) {
    self.measure = measure
    self.values = values
    self.definition = definition
  }

  package var meanOfMask: Double {
    let finite = values.filter(\.isFinite)
    return finite.reduce(0.0) { $0 + Double($1) } / Double(max(1, finite.count))
  }
}

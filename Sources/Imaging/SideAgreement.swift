import Basics

/// Whether two images of one head agree about left and right, as far as their contents tell.
package struct SideAgreement: Sendable, Equatable {
  package enum Verdict: String, Sendable {
    case same, mirrored, unknown
  }

  package var verdict: Verdict
  /// How much more likely the sides as stored are than mirrored, in standard errors: positive for the same side.
  package var margin: Double
  /// Normalised mutual information as stored and mirrored.
  package var stored: Double
  package var mirrored: Double

  /// Margins nearer to 0 than this are "unknown".
  package static let leastMargin = 3.0

  package init(verdict: Verdict, margin: Double, stored: Double, mirrored: Double) {
    self.verdict = verdict
    self.margin = margin
    self.stored = stored
    self.mirrored = mirrored
  }

  /// The verdict with its margin, in words.
  package var words: String {
    let number =
      "margin \(plainNumber(margin, 1)) standard errors; \(plainNumber(Self.leastMargin, 1)) tell"
    switch verdict {
    case .same: return "both say the same side is left (\(number))"
    case .mirrored: return "they are MIRRORED against each other (\(number))"
    case .unknown:
      return "it cannot be told whether they agree about left and right (\(number))"
    }
  }
}

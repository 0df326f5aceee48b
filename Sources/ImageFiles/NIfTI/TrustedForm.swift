package import Basics
import Imaging
import Synchronization

/// A person's decision to take the geometry that headers of form code 0 say not to use, or one of two that
/// contradict each other: for all images of one run of
/// the program, and told with everything that comes of them.
package struct TrustedForm: Sendable, Equatable {
  package let form: ImageHeader.Form
  package let reason: String
  /// Who, as the system knows it, and when (UTC).
  package let rater: String
  package let time: String

  package init(
    form: ImageHeader.Form, reason: String, rater: String, time: String
  ) throws(Problem) {
    self.form = form
    self.reason = try typedReason(
      reason, of: "--trust-reason", expected: "in words why that geometry is right")
    self.rater = rater
    self.time = time
  }

  /// Of the finding that stands with every image that it was used for.
  package static let findingCode = "form-trusted"

  package static func problem(_ name: String, for what: String) -> Problem {
    Problem(
      .data, name,
      "its geometry is a decision of --trust, which its hash does not hold: \(what) would not know of it",
      expected: "an image that says itself where it lies",
      remedy: "Write a copy with `boldspect smooth` or `resample` and --trust, and use that")
  }

  private static let current = Mutex<TrustedForm?>(nil)

  /// Decides for this run of the program; nil takes nothing.
  package static func use(_ decision: TrustedForm?) { current.withLock { $0 = decision } }

  static var inForce: TrustedForm? { current.withLock { $0 } }

  /// What is told of an image that says itself which side is left, while the trusted form says the other.
  static func unused(by raw: RawHeader, _ header: ImageHeader) -> Finding? {
    guard let decision = inForce, header.form != decision.form, let own = header.affine,
      let other = UnusedForm.all(of: raw, header.name).first(where: { $0.form == decision.form }),
      (other.affine.determinant < 0) != (own.determinant < 0)
    else { return nil }
    return Finding(
      "trust-unused", .warning,
      "--trust \(decision.form.rawValue) is not used: its header gives its \(header.form.rawValue) a code, and says itself which side is left."
    )
  }

  /// What everything that rests on it says.
  var words: String {
    "SIDES BY DECISION of \(visibleText(rater, limit: 40)) on \(time.prefix(10)): its \(form.rawValue) is used, although the "
      + "header alone leaves the sides unknown: \(visibleText(reason, limit: 120))"
  }
}

import Basics
import Foundation
import Records

/// Who made a report, and when.
package struct ReportMaker: Sendable {
  /// As the system knows the person.
  package var operatorName: String
  /// UTC; nil on a page that a repeated run must make the same to the byte.
  package var time: String?

  package init(operatorName: String, time: String?) {
    (self.operatorName, self.time) = (operatorName, time)
  }

  /// Whoever runs the program, now.
  package static var own: ReportMaker {
    let (name, full) = (NSUserName(), NSFullUserName())
    return ReportMaker(
      operatorName: full.isEmpty || full == name ? name : "\(full) (\(name))",
      // To the minute: nobody signs a page by its milliseconds.
      time: String(utcNow().prefix(16)).replacing("T", with: " "))
  }

  /// Whoever runs the program over a cohort.
  static var ofCohort: ReportMaker { ReportMaker(operatorName: own.operatorName, time: nil) }

  var words: String {
    time.map { "\($0) UTC by \(operatorName), as the system knows them" }
      ?? "by \(operatorName), as the system knows them, in a batch"
  }
}

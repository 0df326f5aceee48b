import Basics
import Imaging
import Perfusion

extension ReportResults {
  /// As the command `siscom` makes it of two files and nothing else.
  ///
  /// - Throws: only that the person cancelled.
  mutating func makeSiscom(_ progress: WorkProgress) throws(Problem) {
    let ictal = source.scans.filter { $0.role == "ictal" }
    let interictal = source.scans.filter { $0.role == "interictal" }
    guard let a = ictal.first, let b = interictal.first else { return }
    guard ictal.count == 1, interictal.count == 1 else {
      siscom = .refused(
        "The visit has \(ictal.count) ictal and \(interictal.count) interictal images, and nothing says which "
          + "belong to each other: boldspect siscom ICTAL INTERICTAL takes one of each.")
      return
    }
    progress.report("ictal minus interictal", 0.15)
    siscom = try Made { () throws(Problem) in
      try Workflows.siscom(
        ictal: a.subtractionInput, interictal: b.subtractionInput, isStated: false,
        registration: registrationWords(a.laid, b.laid), brain: nil, rule: .usualSubtraction,
        atlas: a.request.atlas, progress: progress)
    }
  }
}

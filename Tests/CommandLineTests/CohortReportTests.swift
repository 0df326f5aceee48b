import Foundation
import TestSupport
import Testing

/// The pages that `bids` makes of each visit.
@Suite struct CohortReportTests {
  /// The page as text without what is of the making: who and when, and what is said of the screen's own box.
  private static func page(_ path: String) throws -> [String] {
    try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\n")
      .filter { line in
        !["as the system knows", "outside of the box that it is", "  shown in."].contains {
          line.contains($0)
        }
      }
  }

  @Test func aPageOfABatchIsThatOfReport() throws {
    try withTemporaryFolder { folder in
      let cohort = try SmallCohort(folder, people: 2)
      let out = folder + "/out"
      let made = try Program.run([
        "bids", cohort.study, out, "participant", "--seed", "sgACC", "--bootstrap", "0",
      ])
      #expect(made.status == 0, "\(made.errors)")
      let single = try Program.run([
        "report", cohort.study + "/sub-01", "--seed", "sgACC", "--bootstrap", "0", "-o",
        folder + "/one.html",
      ])
      #expect(single.status == 0, "\(single.errors)")
      let (batch, own) = (
        try Self.page(out + "/sub-01/sub-01_report.txt"), try Self.page(folder + "/one.txt")
      )
      for line in Set(own).symmetricDifference(batch) { Issue.record("\(line)") }
      #expect(own.count > 60)
      let html = try String(contentsOfFile: out + "/sub-01/sub-01_report.html", encoding: .utf8)
      #expect(html.contains("<img") && !html.contains("<script"))

      let group = try Program.run(["bids", cohort.study, out, "group", "--bootstrap", "0"])
      #expect(group.status == 0, "\(group.errors)")
      let pages = try contents(of: out + "/group").filter { $0.key.hasSuffix(".html") }
      let links = pages.values.map { String(decoding: $0, as: UTF8.self) }.joined()
      #expect(links.contains("sub-01/sub-01_report.html") && links.contains("sub-02_report.html"))
    }
  }
}

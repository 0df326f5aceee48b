import Basics
import Foundation
import ImageFiles
import Records
import TestSupport
import Testing

/// What people said of a scan, and what was not found out about it, stands on the page that is made of it.
@Suite struct RemarkCommandTests {
  @Test func ratingsAndUncomparedSidesAreOnThePage() throws {
    try withTemporaryFolder { folder in
      let state = ["XDG_STATE_HOME": folder + "/state"]
      let bold = SampleCommandTests.bold
      let hash = try sha256(ofFile: bold)
      let kept = reviewFile(
        of: hash, in: RecordsFolder(path: folder + "/state/boldspect", isShared: false))
      func entry(_ rating: Rating?, _ text: String) -> ReviewEntry {
        ReviewEntry(
          rating: rating, text: text, rater: "ab", time: "2026-01-02T00:00:00.000Z", subject: nil,
          session: nil, file: fileName(bold), sha256: hash)
      }
      var elsewhere = entry(.doubtful, "low counts")
      (elsewhere.rater, elsewhere.place) = ("cd", ReviewEntry.place(of: "/elsewhere/x.nii"))
      for one in [entry(.bad, "shook"), entry(nil, "ask the physicist"), elsewhere] {
        try kept.add(one)
      }
      func page(_ files: [String], _ name: String) throws -> String {
        let made = try Program.run(
          ["report", "--bold", bold, "--protocol", "none", "-o", "\(folder)/\(name).html"] + files,
          environment: state)
        #expect(made.status == 0, "\(made.errors)")
        let text = try readTextFile("\(folder)/\(name).txt")
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      }
      let alone = try page([], "a")
      #expect(alone.contains("Rated BAD on 2026-01-02 by ab: shook."))
      // Two people's folders may have one name.
      #expect(
        alone.contains(
          "Rated DOUBTFUL on 2026-01-02 by cd, as a file in another folder: low counts."))
      #expect(alone.contains("Note on 2026-01-02 by ab: ask the physicist."))
      #expect(!alone.contains("NOT COMPARED"))
      let both = try page(["--spect", SampleCommandTests.sample("spect.nii.gz")], "b")
      #expect(both.contains("was NOT COMPARED (boldspect flipcheck does it)"))
    }
  }
}

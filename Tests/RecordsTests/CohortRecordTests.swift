import Basics
import Foundation
import Records
import TestSupport
import Testing

/// The table of outcomes, the record of a visit and the locks of a cohort's folder.
@Suite struct CohortRecordTests {
  @Test func aRowTakesThePlaceOfItsOwnVisitAlone() throws {
    func row(_ who: String, _ session: String?, _ reason: String = "") -> Outcome {
      Outcome(
        participant: who, session: session, status: reason.isEmpty ? .done : .failed,
        reason: reason, seconds: 1.25)
    }
    var table = OutcomeTable(rows: [])
    table.put(row("sub-10", nil))
    table.put(row("sub-2", "ses-2"))
    table.put(row("sub-2", "ses-1", "a\ttab, a\nline and \u{1b}[31m"))
    table.put(row("sub-2", "ses-2", "now it failed"))
    #expect(table.rows.map(\.participant) == ["sub-2", "sub-2", "sub-10"])
    #expect(table.rows.map(\.session) == ["ses-1", "ses-2", nil])
    #expect(table.rows[1].status == .failed)
    let read = try OutcomeTable(table.text, file: "outcomes.tsv")
    #expect(read.text == table.text)
    #expect(read.rows.count == 3 && !table.text.contains("\u{1b}"))
    #expect(throws: Problem.self) { try OutcomeTable("a\tb\n1\t2\n", file: "x") }
  }

  @Test func aRecordIsReadBackAsItWas() throws {
    let file = VisitRecord.File(role: "bold", path: "sub-01/func/a.nii", sha256: "ab")
    let record = VisitRecord(
      version: "0.1.0", options: .object([("fd_mm", .number(0.5)), ("polort", .int(2))]),
      inputs: [file], outputs: [file, file], reason: "x", cleaning: [("band_hz", .null)])
    #expect(VisitRecord(record.json.text) == record)
    // One that was cut is none.
    #expect(VisitRecord(String(record.json.text.dropLast(40))) == nil)
    #expect(VisitRecord("{}") == nil)
  }

  @Test func aLockIsOneRunsAtATimeAndGoesWithIt() throws {
    try withTemporaryFolder { folder in
      let first = try RangeLock(folder + "/locks")
      var second: RangeLock? = try RangeLock(folder + "/locks")
      #expect(try first.take("sub-01"))
      #expect(try second?.take("sub-02") == true)
      #expect(try first.take("sub-02") == false)
      #expect(try second?.take("sub-01") == false)
      first.release("sub-01")
      #expect(try second?.take("sub-01") == true)
      second = nil
      #expect(try first.take("sub-01"))
      #expect(try first.take("sub-02"))
    }
  }
}

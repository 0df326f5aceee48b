import Basics
import CellUI
import Foundation
import Targeting
import TestSupport
import Testing
import Viewer

/// What stands beside a target: its errors on a small screen, and whose decision it is.
@Suite struct TargetWordsTests {
  /// The sum of all errors is seen on a small screen too, and what is cut is counted.
  @Test func aSmallScreenKeepsTheSumOfAllErrors() throws {
    var report = try TargetListTests.report()
    report.result.confidence = TargetConfidence(
      splitMillimetres: 3, oddEvenMillimetres: 4, runMillimetres: nil, radius95Millimetres: 5,
      redrawn: [], ellipsoid: [], foundFraction: 1, bootstrapCount: 200, chanceMillimetres: 27)
    report.moreWarnings = (1...9).map { "warning \($0) of nine" }
    let together = "95 % radius 5.0 mm, with all else \(report.budget.shortTogether)"
    var model = try TargetListTests.model(columns: 80, rows: 24)
    _ = update(&model, .targets(report))
    let list = view(model).text
    let words = list.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      .joined(separator: " ")
    // Once: the verdict of a selected target says it already.
    #expect(words.components(separatedBy: together).count == 2, "\(list)")
    #expect(words.contains("candidate 1: halves 3.0"), "\(list)")
    #expect(list.contains("more lines: a taller window"))
    var none = report
    none.result.selected = nil
    none.moreWarnings = []
    _ = update(&model, .targets(none))
    let bound =
      "candidate 1: radius unknown, at least 5.0 mm, with all else \(none.budget.shortTogether)"
    #expect(view(model).text.contains(bound), "\(view(model).text)")
    // Nothing is said to be left out where all of it is there.
    var tall = try TargetListTests.model(columns: 200, rows: 60)
    _ = update(&tall, .targets(report))
    #expect(!view(tall).text.contains("more lines") && view(tall).text.contains("9 of nine"))
    report.moreWarnings = []
    model = try TargetListTests.model(columns: 80, rows: 24)
    _ = update(&model, .targets(report))
    _ = try Head.press(&model, "<Enter>")
    #expect(view(model).text.contains("CONFIRM") && view(model).text.contains(together))
  }

  /// Limits and draws that a protocol has loosened stand beside what they let pass, and beside nothing else.
  @Test(arguments: [(15.0, 200), (25, 200), (15, 80)])
  func whatAProtocolLoosenedIsSaid(_ split: Double, _ maps: Int) throws {
    var settings = TargetProtocol()
    (settings.largestSplitMillimetres, settings.bootstrapCount) = (split, maps)
    var report = try TargetListTests.report(settings: settings)
    // Without a radius nothing rests on the maps.
    #expect(!report.warnings.contains { $0.contains("redrawn maps") })
    report.result.confidence = TargetConfidence(
      splitMillimetres: 3, oddEvenMillimetres: 4, runMillimetres: nil, radius95Millimetres: 5,
      redrawn: [], ellipsoid: [], foundFraction: 1, bootstrapCount: maps, chanceMillimetres: 27)
    let told = report.warnings
    #expect(
      told.contains("the protocol lets halves and radius be 25 mm; 15 mm is the usual limit")
        == (split > 15), "\(told)")
    #expect(
      told.contains { $0.hasPrefix("the radius rests on 80 redrawn maps; 200 are usual") }
        == (maps < 200), "\(told)")
  }

  /// What a person decided is told with who and when, once it is on disk, until it is decided anew.
  @Test func aDecisionSaysWhoseItIs() throws {
    var model = Head.model()
    _ = try Head.press(&model, "M")
    model.targets.book[0].decision = .accepted
    #expect(model.targets.book[0].decisionWords == "accepted")
    let one = Decider(name: "mk", time: "2026-03-01T10:00:00.000")
    let kept = TargetRecord.decided(model.targets.book, by: one)
    _ = update(&model, .keptMarks(kept))
    #expect(model.targets.book[0].decisionWords == "accepted on 2026-03-01 by mk")
    let other = Decider(name: "ab", time: "2026-03-02T10:00:00.000")
    #expect(TargetRecord.decided(model.targets.book, by: other) == model.targets.book)
    var fresh = model.targets.book
    fresh[0].decider = nil
    #expect(TargetRecord.decided(fresh, by: other, kept: kept) == kept)
    let text = JSON.object([("targets", .array(kept.map(\.json)))]).text
    #expect(try TargetRecord.load(text, file: "marks").first?.decider == one)
    model.targets.book[0].decision = .rejected
    #expect(model.targets.book[0].decider == nil)
    _ = update(&model, .keptMarks(kept))
    #expect(model.targets.book[0].decider == nil)
  }
}

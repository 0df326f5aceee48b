import Basics
import CellUI
import Foundation
import Imaging
import Targeting
import TestSupport
import Testing
import Viewer

/// Names of places, and what the list and the confirm screen say of a candidate's numbers.
@Suite struct TargetNameTests {
  /// A name of the other side is refused in words, and what was there stays.
  @Test func aNameOfTheOtherSideIsRefused() throws {
    var model = try TargetListTests.model()
    _ = update(&model, .targets(try TargetListTests.report()))
    _ = try Head.press(&model, "Mr<C-u>edge<Enter>")
    #expect(model.targets.book.map(\.name) == ["edge"])
    #expect(try Head.press(&model, "r<C-u>DLPFC-RIGHT<Enter>").isEmpty)
    #expect(model.targets.book.map(\.name) == ["edge"])
    #expect(model.notice?.isRefusal == true)
    #expect(model.notice?.text.contains("names the side RIGHT but lies LEFT") == true)
    // What was typed stays to be mended.
    #expect(model.shell.prompt?.text == "DLPFC-RIGHT")
    _ = try Head.press(&model, "<C-u>DLPFC-LEFT<Enter>")
    #expect(model.targets.book.map(\.name) == ["DLPFC-LEFT"])
  }

  @Test func aTargetIsNotSavedUnderTheOtherSide() throws {
    var model = try TargetListTests.model()
    _ = update(&model, .targets(try TargetListTests.report()))
    let refused = try Head.press(&model, "<Enter><Enter><C-u>RIGHT-target<Enter>")
    #expect(!refused.contains { if case .save = $0 { true } else { false } })
    #expect(model.notice?.text.contains("names the side RIGHT but lies LEFT") == true)
    let saved = try Head.press(&model, "<C-u>target_L<Enter>")
    #expect(saved.contains { if case .save(_, name: "target_L") = $0 { true } else { false } })
  }

  @Test func aBookmarkNamesItsOwnSide() throws {
    var model = Head.model()
    model.cursor = WorldPoint(40, -12, 24)
    _ = try Head.press(&model, ":bookmark left-hand<Enter>")
    #expect(model.ways.bookmarks.isEmpty)
    #expect(model.notice?.text.contains("names the side LEFT but lies RIGHT") == true)
    _ = try Head.press(&model, "<C-u><Esc>:bookmark right-hand<Enter>")
    #expect(model.ways.bookmarks.map(\.name) == ["right-hand"])
    // The same name at a place of the other side does not move there.
    model.cursor = WorldPoint(-40, -12, 24)
    _ = try Head.press(&model, ":bookmark right-hand<Enter>")
    #expect(model.ways.bookmarks.map(\.point.x) == [40])
  }

  /// The region-wide p is of the peak: where that is another place, the list and the confirm screen say so.
  @Test(arguments: [(80, 24), (120, 40), (200, 60)])
  func pNamesItsPlace(_ columns: Int, _ rows: Int) throws {
    var report = try TargetListTests.report()
    report.result.candidates[0].peak = WorldPoint(-39, 23, 38)
    report.result.candidates[0].peakR = -0.609
    report.result.candidates[1].peakR = report.result.candidates[1].r
    var model = try TargetListTests.model(columns: columns, rows: rows)
    _ = update(&model, .targets(report))
    func words() -> String {
      view(model).text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        .joined(separator: " ")
    }
    let peak = "of the peak −39.0 +23.0 +38.0, r −0.609"
    #expect(words().contains("p is " + peak), "\(view(model).text)")
    #expect(
      words().contains("; order: " + (columns < 100 ? "summed excess of r" : "excess of r over")),
      "\(view(model).text)")
    #expect(spoken(model).contains { $0.words.contains(peak) })
    _ = try Head.press(&model, "<Enter>")
    #expect(words().contains("region-wide p 0.010 (\(peak))"), "\(view(model).text)")
    // Nothing is said where both are one place.
    _ = try Head.press(&model, "<Esc>n")
    #expect(!view(model).text.contains("of the peak"))
  }

  /// What studies found stands on the confirm screen, or how much of it does not fit.
  @Test func theEvidenceIsThereOrCounted() throws {
    let report = try TargetListTests.report()
    for (columns, rows) in [(80, 24), (100, 30), (120, 40), (160, 50), (200, 60)] {
      var model = try TargetListTests.model(columns: columns, rows: rows)
      _ = update(&model, .targets(report))
      _ = try Head.press(&model, "<Enter>")
      let text = view(model).text
      let words = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        .joined(separator: " ")
      let isWhole = report.settings.evidence.allSatisfy(words.contains)
      #expect(text.contains("more lines:") == !isWhole, "\(columns)x\(rows)\n\(text)")
      if columns == 200 { #expect(isWhole, "\(text)") }
    }
  }

  /// On a small screen, too, all of it can be read: every line is on one of the pages that the arrows show.
  @Test func theArrowsShowAllWordsOfTheConfirmScreen() throws {
    let report = try TargetListTests.report()
    var wide = try TargetListTests.model(columns: 80, rows: 100)
    _ = update(&wide, .targets(report))
    _ = try Head.press(&wide, "<Enter>")
    func lines(_ model: Model) -> [String] {
      let rows = view(model).text.split(separator: "\n").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      let head = rows.firstIndex { $0.hasPrefix("CONFIRM") } ?? rows.count
      return rows[(head + 1)...].dropLast(2).filter { !$0.isEmpty && !$0.hasPrefix("… ") }
    }
    let all = lines(wide)
    var model = try TargetListTests.model(columns: 80, rows: 24)
    _ = update(&model, .targets(report))
    _ = try Head.press(&model, "<Enter>")
    #expect(!Set(all).isSubset(of: lines(model)))
    var seen = Set(lines(model))
    for _ in 0..<60 {
      _ = try Head.press(&model, "<Down>")
      seen.formUnion(lines(model))
    }
    #expect(Set(all).isSubset(of: seen), "\(Set(all).subtracting(seen))")
    #expect(view(model).text.contains("CONFIRM"))
    // Not beyond the end: one step back shows the last line but one again.
    let end = view(model).text
    _ = try Head.press(&model, "<Down>")
    #expect(view(model).text == end)
    _ = try Head.press(&model, "<Up>")
    #expect(view(model).text != end)
    // Another look begins at the top.
    _ = try Head.press(&model, "<Esc><Enter>")
    #expect(lines(model).first == all.first)
  }

  /// Candidate 1 need not have the strongest r, and nothing says that it has.
  @Test func noCandidateIsCalledTheStrongest() throws {
    var report = try TargetListTests.report()
    report.result.candidates[1].r = -0.6
    #expect(report.extremeWords.contains("chosen from \(report.result.regionVoxelCount) places"))
    #expect(!report.extremeWords.contains("the strongest of"))
    for method in TargetMethod.allCases {
      var settings = TargetProtocol()
      settings.method = method
      let other = TargetReport(
        settings: settings, result: report.result, isPreliminary: false,
        withoutGlobalSignalRemoval: report.result, comparators: [], firstCandidateWithout: nil,
        weightedSeedR: nil, cameraFWHM: 10, cameraTarget: nil, effectiveN: nil,
        degreesOfFreedom: 9, secondsKept: nil, modelsMotion: true, denoising: report.denoising)
      #expect(other.orderWords.hasPrefix("order: "))
      #expect((other.orderWords == report.orderWords) == (method == .cluster))
    }
  }

  /// A radius that was asked for and could not be found out is not one that nobody asked for.
  @Test func aRadiusOfTooFewMapsSaysWhy() throws {
    var report = try TargetListTests.report()
    report.result.confidence = TargetConfidence(
      splitMillimetres: 3, oddEvenMillimetres: 4, runMillimetres: nil, radius95Millimetres: nil,
      redrawn: [], ellipsoid: [], foundFraction: 1, bootstrapCount: 20, chanceMillimetres: 27)
    #expect(report.radiusWords == "radius unknown: 20 redrawn maps, at least 59 are needed")
    #expect(report.confidenceLines[0] == report.radiusWords)
    #expect(!report.confidenceLines.contains { $0.contains("(measured)") })
    for selected in [1, nil] {
      report.result.selected = selected
      #expect(!report.verdict.contains("95 % radius"))
      #expect(report.budget.terms[0].millimetres == nil)
      #expect(report.budget.terms[0].source == "no radius was found out")
    }
  }
}

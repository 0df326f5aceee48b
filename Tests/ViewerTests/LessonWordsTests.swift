import Basics
import CellUI
import Connectivity
import Imaging
import Targeting
import TestSupport
import Testing
import Viewer

/// What the steps of the lesson say of numbers, and what speaks against them.
@Suite struct LessonWordsTests {
  private static func report(camera: WorldPoint?) throws -> TargetReport {
    let own = try TargetListTests.report()
    var settings = own.settings
    settings.region = own.settings.region
    return TargetReport(
      settings: settings, result: own.result, isPreliminary: false,
      withoutGlobalSignalRemoval: own.withoutGlobalSignalRemoval, comparators: [],
      firstCandidateWithout: -0.1, weightedSeedR: nil, cameraFWHM: 10, cameraTarget: camera,
      effectiveN: 80, degreesOfFreedom: 90, secondsKept: 360, modelsMotion: false,
      denoising: Denoising())
  }

  private static func given(_ step: Int, _ report: TargetReport) throws -> Model {
    var model = try LessonTests.model()
    model.scene.targetsRefusal = nil
    _ = try Head.press(&model, ":lesson \(step)<Enter>")
    _ = update(&model, .targets(report))
    return model
  }

  /// What stands beside two places in millimetres is how far those are apart.
  @Test func aDistanceIsThatOfThePrintedPlacesInBothSteps() throws {
    let camera = WorldPoint(-40, 38, 30.7)
    let report = try Self.report(camera: camera)
    let own = try #require(report.result.candidates.first?.point)
    #expect(abs(camera.distance(to: own) - 2.7) < 1e-9)
    for step in [13, 14] {
      let page = try #require(LessonPlan.page(try Self.given(step, report)))
      let rows = page.rows.filter { $0.first == "S" }
      if step == 13 { #expect(rows.first?.contains("2.7 mm") == true, "\(rows)") }
      #expect(!page.rows.joined().contains("3 mm"))
    }
  }

  @Test func whatTheSearchWarnsOfStandsOnTheStepAndAllOfItInTheNotes() throws {
    let report = try Self.report(camera: nil)
    for step in [13, 14] {
      let model = try Self.given(step, report)
      let page = try #require(LessonPlan.page(model))
      let text = view(model).text
      #expect(text.contains("WEAKENS") && text.contains("LESS THAN ALL PUBLISHED"), "\(step)")
      #expect(text.contains("selected extreme"), "\(step)")
      for warning in report.warnings {
        #expect(page.remarks.contains { $0.contains(warning) }, "\(warning)")
      }
      #expect(page.remarks.contains { $0.contains("budget") || $0.contains("with all else") })
      #expect(page.remarks.contains { $0.contains("against:") })
    }
  }

  /// The line that says what the files cannot show stays beside the answer, and beside the truth.
  @Test func theAnswerTakesNoWarningAway() throws {
    var model = try LessonTests.model(columns: 80, rows: 24)
    for number in 1...LessonPlan.count {
      _ = try Head.press(&model, ":lesson \(number)<Enter>")
      let page = try #require(LessonPlan.page(model))
      guard let cannot = page.cannot else { continue }
      let first = "! " + cannot.split(separator: " ").prefix(3).joined(separator: " ")
      #expect(view(model).text.contains(first), "\(number)")
      _ = try Head.press(&model, "a")
      #expect(view(model).text.contains(first), "\(number)")
    }
  }

  @Test func noStepSaysThatThereIsNothingToSee() throws {
    var model = try LessonTests.model()
    for number in 1...LessonPlan.count {
      _ = try Head.press(&model, ":lesson \(number)<Enter>")
      let page = try #require(LessonPlan.page(model))
      let all = [page.sentence, page.answer, page.notes, page.cannot ?? ""] + page.remarks
      #expect(!all.contains { $0.lowercased().contains("no lesion") }, "\(number)")
    }
  }

  /// The dots of a curve have its own colour from its first to its last value.
  @Test(arguments: [(80, 24), (120, 40)])
  func aCurveKeepsItsColour(_ columns: Int, _ rows: Int) throws {
    var model = try LessonTests.model(columns: columns, rows: rows)
    _ = try Head.press(&model, ":lesson 7<Enter>")
    let frame = view(model)
    func columnsOf(_ ink: Colour) -> Set<Int> {
      Set(
        (0..<columns).filter { column in
          (0..<rows).contains { row in
            let cell = frame[row, column]
            return cell.foreground == ink && (0x2801...0x28ff).contains(cell.glyph.value)
          }
        })
    }
    let (tracer, box) = (columnsOf(LessonInk.sharp), columnsOf(LessonInk.camera))
    #expect(Double(tracer.count) > 0.8 * Double(columns - 14), "\(tracer.count)")
    #expect(Double(box.count) > 0.8 * Double(columns - 14), "\(box.count)")
  }

  @Test func theNetworkThatChangedIsNamedBesideTheNext() throws {
    var (model, reduced, map) = try AnalysesTests.seeded()
    model.scene.secondTitle = "later"
    _ = try Head.press(&model, ":lesson 12<Enter>")
    let n = try map.inference(in: reduced, method: .bartlett).effectiveN
    let change = SessionChange(
      first: map, firstN: n, second: map, secondR: map.r, secondN: n, retest: nil, warnings: [])
    _ = update(
      &model,
      .change(
        change, second: map.volume, ratio: map.volume,
        networks: [
          NetworkChange(name: "visual", before: 0.5, after: 0.48),
          NetworkChange(name: "salience", before: 0.12, after: 0.85),
        ]))
    let page = try #require(LessonPlan.page(model))
    #expect(page.number?.text == "+0.73")
    let words = try #require(page.number?.words)
    #expect(words.contains("salience") && words.contains("visual, −0.02"))
    #expect(words.contains("most changed of 2"))
    #expect(page.remarks.contains { $0.contains("by chance alone 5 %") })
  }

  /// One session: the picture of it, and in one line how to get the other.
  @Test func oneSessionSaysHowToGetTheOther() throws {
    var (model, _, _) = try AnalysesTests.seeded()
    model.scene.secondTitle = nil
    _ = try Head.press(&model, ":lesson 12<Enter>")
    let page = try #require(LessonPlan.page(model))
    #expect(page.cannot?.contains("boldspect lesson two") == true && page.number == nil)
    #expect(view(model).text.contains("before, r"))
  }

  @Test func everyStepCanBeWrittenInASCII() throws {
    var model = try LessonTests.model(columns: 80, rows: 24)
    model.shell.capabilities = Capabilities(colours: .none, unicode: false)
    _ = update(&model, .lesson(.space(try LessonTests.space(model))))
    for number in 1...LessonPlan.count {
      _ = try Head.press(&model, ":lesson \(number)<Enter>")
      let text = view(model).text
      #expect(text.unicodeScalars.allSatisfy { $0.value < 0x80 }, "\(number)")
    }
  }

  /// Hot iron has one red for most of its values in sixteen colours; a palette that was chosen stays.
  @Test func fewColoursShowUptakeInGrey() throws {
    var model = try LessonTests.model()
    for (colours, palette) in [
      (Capabilities.Colours.sixteen, Palette.grey), (.direct, .hotIron), (.indexed, .hotIron),
    ] {
      model.shell.capabilities = Capabilities(colours: colours, unicode: true)
      model.shell.palette = .hotIron
      #expect(model.lessonPalette == palette)
      model.shell.palette = .even
      #expect(model.lessonPalette == .even)
    }
  }
}

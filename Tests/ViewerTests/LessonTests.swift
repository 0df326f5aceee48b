import Basics
import CellUI
import Connectivity
import Foundation
import Imaging
import Perfusion
import TestSupport
import Testing
import Viewer

/// The lesson, step by step.
@Suite struct LessonTests {
  static func model(columns: Int = 200, rows: Int = 60) throws -> Model {
    var scene = Head.scene()
    let grid = Small.grid(12, 12, 10, spacing: (12, 12, 12), origin: WorldPoint(-66, -90, -40))
    scene.run = Small.run(grid, frames: 40, tr: 2) { t, v in Float((t * 7 + v * 13) % 31) + 100 }
    scene.grid = grid
    scene.mask = scene.run?.mask
    scene.overlays = []
    var model = Head.model(scene, columns: columns, rows: rows)
    model.cursor = grid.world(VoxelIndex(6, 6, 5))
    return model
  }

  /// What stands for the head before a camera and after one: a step, and less of it.
  static func space(_ model: Model) throws -> SpaceMaterial {
    let mask = try #require(model.scene.mask)
    let sharp = mask.offsets.map { Float(Int($0) % 7) }
    func volume(_ part: Float) -> Volume { mask.volume(sharp.map { $0 * part }) }
    return SpaceMaterial(
      proxy: "GM/WM template", sharp: volume(1), blurred: [0.8, 0.6, 0.4, 0.2].map(volume),
      native: Averaging(targetFWHM: 8, native: NativeBlur(given: 6.8)),
      contrastKept: [0.8, 0.6, 0.4, 0.2], greyWhite: [3.4, 1.8, 1.6, 1.5, 1.3])
  }

  @Test(arguments: [(80, 24), (120, 40), (200, 60)])
  func everyStepSaysWhatItIsAtEverySize(_ columns: Int, _ rows: Int) throws {
    var model = try Self.model(columns: columns, rows: rows)
    _ = try Head.press(&model, "E")
    _ = update(&model, .lesson(.space(try Self.space(model))))
    for number in 1...LessonPlan.count {
      let text = view(model).text
      #expect(text.contains("LESSON \(number)/\(LessonPlan.count)"), "\(number)")
      let page = try #require(LessonPlan.page(model))
      let lines = text.split(separator: "\n").map(String.init)
      let question = page.question.split(separator: " ").prefix(4).joined(separator: " ")
      #expect(lines.contains { $0.contains("? " + question) }, "\(number)")
      #expect(text.contains("diagnosis") || text.contains("research and education"), "\(number)")
      // The answer is shown by a key, whole, and taken away by it.
      _ = try Head.press(&model, "a")
      let words = page.answer.split(separator: " ").suffix(2).joined(separator: " ")
      let shown = view(model).text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
      #expect(shown.contains(words), "\(number): \(words)")
      _ = try Head.press(&model, "n")
    }
  }

  @Test func theLastStepIsLockedAndEscComesBackToTheSame() throws {
    var model = try Self.model()
    _ = try Head.press(&model, ":lesson \(LessonPlan.count)<Enter>")
    _ = try Head.press(&model, "nnnn<PgDn>")
    #expect(model.lesson.running?.step == LessonPlan.count - 1)
    #expect(model.notice?.text.contains("last step") == true)
    // From within and from outside of the lesson.
    _ = try Head.press(&model, "<Esc>:lesson 3<Enter>")
    #expect(model.lesson.running?.step == 2)
    let camera = model.averaging.camera
    _ = try Head.press(&model, "<Esc>")
    #expect(model.lesson.running == nil && model.averaging.camera == camera)
    _ = try Head.press(&model, "v3a")
    _ = try Head.press(&model, "E")
    #expect(model.lesson.running?.step == 2)
    _ = try Head.press(&model, ":lesson 99<Enter>")
    #expect(model.lesson.running?.step == 2 && model.notice?.isRefusal == true)
    _ = try Head.press(&model, "NNNN")
    #expect(model.lesson.running?.step == 0)
  }

  @Test func oneThingChangesAndItsNumberIsThatOfTheFormula() throws {
    var model = try Self.model()
    _ = try Head.press(&model, ":lesson 4<Enter>")
    for width in [10.0, 12, 15] {
      let number = try #require(LessonPlan.page(model)?.number)
      // spect.md 1.5: a ball of 10 mm at 10 mm keeps 0.2912.
      #expect(
        number.text == "\(Int((100 * sphereRecovery(diameter: 10, fwhm: width)).rounded())) %")
      _ = try Head.press(&model, "+")
    }
    #expect(model.notice?.text.contains("no further") == true)
    _ = try Head.press(&model, ":lesson 7<Enter>")
    let tracer = try TimeWindow(
      frameCount: 900, repetitionTimeSeconds: 1, requestedSeconds: 900,
      average: .uptake(tauMinutes: TimeAverage.usualTauMinutes))
    let share = Int((100 * tracer.share(from: 0, to: 120)).rounded())
    #expect(share == 95 && LessonPlan.page(model)?.number?.text == "\(share) %")
  }

  @Test func whatIsBlurredStandsBesideWhatIsSharp() throws {
    var model = try Self.model()
    let asked = try Head.press(&model, "E")
    #expect(asked.contains { if case .lesson(.space, _) = $0 { true } else { false } })
    #expect(view(model).text.contains("being made"))
    _ = update(&model, .lesson(.space(try Self.space(model))))
    let page = try #require(LessonPlan.page(model))
    // Two curves on axes with their units, the camera marked, the run's own resolution told.
    #expect(page.plot?.curves.count == 2 && page.plot?.band != nil)
    #expect(page.plot?.xTitle.contains("mm") == true)
    #expect(page.number?.text == "60 %" && page.number?.words.contains("6.8 mm") == true)
    #expect(view(model).text.contains("SIMULATED"))
    let highest = try #require(page.plot).curves.map { $0.y.filter(\.isFinite).max() ?? 0 }
    #expect(highest[0] > highest[1])
  }

  @Test func everythingIsSaidInWords() throws {
    var model = try Self.model()
    _ = try Head.press(&model, "E")
    _ = update(&model, .lesson(.space(try Self.space(model))))
    for number in 1...LessonPlan.count {
      let said = spoken(model)
      let page = try #require(LessonPlan.page(model))
      #expect(said.contains { $0.words.contains("step \(number) of") })
      #expect(said.contains { $0.topic == "question" && $0.words == page.question })
      #expect(
        said.filter { $0.topic.hasPrefix("curve") }.count == page.plot?.curves.count ?? 0)
      // What is not on screen is not said.
      #expect(!said.contains { $0.topic == "left pane" })
      _ = try Head.press(&model, "n")
    }
    let curve = LessonCurve(name: "line", x: [0, 1, 2, 3], y: [1, 4, 0, 2], ink: LessonInk.sharp)
    #expect(
      curve.words == "line: begins with 1 at 0, lowest 0 at 2, highest 4 at 1, ends with 2 at 3")
  }

  @Test func theLessonGoesByItselfAndStopsAtTheEnd() throws {
    var model = try Self.model()
    _ = try Head.press(&model, ":lesson auto 2<Enter>")
    #expect(model.tickMilliseconds == 200)
    for _ in 0..<5 { _ = update(&model, .tick) }
    #expect(model.lesson.running?.showsAnswer == true && model.lesson.running?.step == 0)
    for _ in 0..<5 { _ = update(&model, .tick) }
    #expect(model.lesson.running?.step == 1 && model.lesson.running?.showsAnswer == false)
    for _ in 0..<400 { _ = update(&model, .tick) }
    #expect(model.lesson.running?.step == LessonPlan.count - 1)
    #expect(model.tickMilliseconds == nil)
  }

  @Test func aPartThatCannotBeMadeSaysWhy() throws {
    var model = try Self.model()
    let requests = update(&model, by: .event(.key(.character("E"))))
    let asked = requests.first { if case .lesson(.space, _) = $0.effect { true } else { false } }
    let request = try #require(asked)
    _ = update(
      &model,
      by: .answer(
        request.id, madeOf: nil, .failed(Problem(.data, "run.nii", "it has no brain"))))
    #expect(view(model).text.contains("it has no brain") && model.notice == nil)
  }

  @Test func fewColoursAndNoneShowTheLessonWithAHint() throws {
    for (colours, unicode) in [
      (Capabilities.Colours.sixteen, true), (.eight, false), (.none, false), (.indexed, true),
    ] {
      var model = try Self.model(columns: 80, rows: 24)
      model.shell.capabilities = Capabilities(colours: colours, unicode: unicode)
      _ = try Head.press(&model, "E")
      _ = update(&model, .lesson(.space(try Self.space(model))))
      let text = view(model).text
      #expect(text.contains("TERM=xterm-256color") == (colours != .indexed))
      #expect(unicode || text.unicodeScalars.allSatisfy { $0.value < 0x80 })
      // Without braille each curve has a letter of its own.
      #expect(unicode || text.contains("* sharp") && text.contains("o camera"))
    }
  }

  @Test func theContentsAreAPageAndTheTruthIsAKey() throws {
    var model = try Self.model()
    _ = try Head.press(&model, "E")
    #expect(try Head.press(&model, "t").isEmpty)
    #expect(model.notice?.text.contains("synthetic") == true)
    var truth = LessonTruth()
    truth.target = WorldPoint(-38, 30, 40)
    truth.words[.event] = ["event of 24 s at 180 s"]
    _ = update(&model, .lessonTruth(truth))
    // It is offered, and answers, only where something is known of the step.
    #expect(!view(model).text.contains("t truth"))
    _ = try Head.press(&model, "t")
    #expect(model.lesson.running?.showsTruth == false)
    #expect(model.notice?.text.contains("it answers steps 6") == true)
    _ = try Head.press(&model, ":lesson 6<Enter>")
    #expect(view(model).text.contains("t truth") && !view(model).text.contains("at 180 s"))
    _ = try Head.press(&model, "t")
    #expect(model.lesson.running?.showsTruth == true)
    #expect(view(model).text.contains("T truth: event of 24 s at 180 s"))
    _ = try Head.press(&model, ":lesson 1<Enter>c")
    let text = view(model).text
    #expect(text.contains("Small things fade") && text.contains("Which, and for what?"))
    _ = try Head.press(&model, "nn<Enter>")
    #expect(model.lesson.running?.step == 2 && model.lesson.running?.showsContents == false)
  }

  @Test func theLessonStartsByItselfOnceFilesAreThere() throws {
    var model = Model(
      size: Size(columns: 80, rows: 24),
      capabilities: Capabilities(colours: .direct, unicode: true))
    model.lesson.startsWhenLoaded = true
    let loaded = try Self.model().scene
    #expect(!update(&model, .loaded(loaded)).isEmpty)
    #expect(model.lesson.running?.step == 0)
    #expect(view(model).text.contains("LESSON 1/\(LessonPlan.count)"))
    var none = Head.model()
    #expect(try Head.press(&none, "E").isEmpty && none.lesson.running == nil)
  }

  /// Every sentence that states a fact stands with its source in the documentation, and no other does.
  @Test func everyFactHasItsSourceInTheTable() throws {
    let url = RealData.project.appending(path: "Sources/Viewer/Viewer.docc/LessonFacts.md")
    let rows = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
      .filter { $0.hasPrefix("| ") && !$0.hasPrefix("| step |") }
      .map { row in row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
    let facts = LessonPlan.facts.map { [$0.step, $0.fact.sentence, $0.fact.source] }
    #expect(rows == facts)
    #expect(facts.count >= LessonPlan.count)
    for number in 1...LessonPlan.count {
      #expect(LessonPlan.notes(number).contains { $0.hasPrefix("- ") }, "\(number)")
    }
  }
}

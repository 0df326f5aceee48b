import Basics
package import CellUI
import Imaging

/// A step as it is taken home: all that the screen says of it, in values.
package struct LessonPage: Sendable {
  package var topic: String
  package var title: String
  package var sentence: String
  package var number: LessonNumber?
  package var question: String
  package var answer: String
  package var notes: String
  package var facts: [LessonFact]
  package var cannot: String?
  /// What speaks against the numbers, and what else was measured.
  package var warnings: [String]
  package var remarks: [String]
  package var plot: LessonPlot?
  package var rows: [[String]]
  package var moves: Bool
}

/// The lesson from outside of the viewer.
package enum LessonPlan {
  package static var count: Int { Lesson.steps.count }

  /// Keys that bring a step to the screen.
  package static func keys(_ number: Int) -> String { ":lesson \(number)<Enter>" }

  /// The step that is on screen; nil outside of the lesson.
  package static func page(_ model: Model) -> LessonPage? {
    guard let state = model.lesson.running, Lesson.steps.indices.contains(state.step) else {
      return nil
    }
    let step = Lesson.steps[state.step]
    return LessonPage(
      topic: step.topic, title: step.title, sentence: step.sentence(model),
      number: step.number(model), question: step.question, answer: step.answer, notes: step.notes,
      facts: step.facts, cannot: step.cannot(model) ?? failure(model, step),
      warnings: step.warnings(model), remarks: step.remarks(model),
      plot: step.plot(model), rows: step.table(model).map { [$0.mark] + $0.words },
      moves: step.moves && model.lesson.camera != nil)
  }

  /// The moving picture of the step on screen, view by view.
  package static func movement(_ model: Model) -> [Frame] {
    guard page(model)?.moves == true, let camera = model.lesson.camera else { return [] }
    return stride(from: 0, to: camera.views, by: 2).map { view in
      var moved = model
      moved.lesson.running?.phase = view
      return Viewer.view(moved)
    }
  }

  /// Everything that is stated as a fact, with its source, step by step.
  package static var facts: [(step: String, fact: LessonFact)] {
    Lesson.steps.flatMap { step in step.facts.map { (step.title, $0) } }
  }

  /// What the speaker reads: sentences that need no person.
  package static func notes(_ number: Int) -> [String] {
    guard Lesson.steps.indices.contains(number - 1) else { return [] }
    let step = Lesson.steps[number - 1]
    return [
      "\(number) of \(count)  \(step.topic): \(step.title)", "", step.notes, "",
      "? \(step.question)", "  \(step.answer)",
    ] + (step.facts.isEmpty ? [] : [""]) + step.facts.map { "- \($0.sentence) [\($0.source)]" }
  }
}

extension LessonPlot {
  /// Ends of the axes, as they are drawn.
  package var axes: (x: ClosedRange<Double>, y: ClosedRange<Double>) { (xBounds, yBounds) }
}

extension Model {
  /// Whose curves and pictures these are, in which space and which way round: what a file taken home says of itself.
  package var originWords: String {
    let own = scene.isSyntheticPerson ? "SYNTHETIC PERSON. SIMULATED" : scene.unmeasuredWord
    let sides =
      scene.laterality == .unknown
      ? "sides \(sideConvention)"
      : "\(sideConvention), x below 0 is LEFT"
    return [own, visibleText(scene.title, limit: 120), scene.space.rawValue, sides]
      .compactMap { $0 }.joined(separator: "; ")
  }
}

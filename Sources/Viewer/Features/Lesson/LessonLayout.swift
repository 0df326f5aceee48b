import Basics
import CellUI
import Imaging

/// Where everything of a step stands, from the size alone.
struct LessonLayout: Equatable {
  let size: Size
  /// Whether there is room for letters from half blocks, and how large.
  let scale: Int
  let title: Rect
  let sentence: Rect
  let body: Rect
  let number: Rect
  let words: Rect

  /// Rows that the body keeps whatever is to be said below it.
  private static let leastBody = 8

  /// - Parameters:
  ///   - numberRows: that the number's words need.
  ///   - wordsRows: that the question, or its answer, needs.
  init(_ size: Size, numberRows: Int = 2, wordsRows: Int = 3) {
    self.size = size
    let (columns, rows) = (size.columns, size.rows)
    let inner = columns - 4
    func band(_ row: Int, _ rows: Int) -> Rect {
      Rect(column: 2, row: row, columns: inner, rows: rows)
    }
    if columns >= 110, rows >= 36 {
      scale = columns >= 190 && rows >= 56 ? 2 : 1
      let height = BigType.rows(scale: scale)
      title = band(2, height)
      sentence = band(3 + height, 2)
      let below = max(4, min(wordsRows, 8))
      words = band(rows - 1 - below, below)
      number = band(words.row - 1 - height, height)
      body = band(5 + height, number.row - 6 - height)
    } else {
      scale = 0
      title = band(1, 1)
      sentence = band(2, 2)
      let room = max(0, rows - 10 - Self.leastBody)
      let below = max(3, min(wordsRows, 3 + room))
      let beside = max(2, min(numberRows, 2 + room - (below - 3)))
      words = band(rows - 1 - below, below)
      number = band(words.row - beside, beside)
      body = band(4, number.row - 4)
    }
  }
}

/// A step, drawn over all of the screen but the line of keys.
func drawLesson(_ frame: inout Frame, _ model: Model) {
  guard let state = model.lesson.running, Lesson.steps.indices.contains(state.step) else { return }
  drawLessonBar(&frame, model)
  if state.showsContents { return drawContents(&frame, model) }
  let step = Lesson.steps[state.step]
  let number = step.number(model)
  let question = questionLines(model, step, frame.size.columns - 4)
  let layout = LessonLayout(
    frame.size,
    numberRows: number.map {
      wrapped($0.words, max(10, frame.size.columns - 6 - $0.text.count)).count
    } ?? 0, wordsRows: question.count)
  drawBig(&frame, model, step.title, layout.title, layout.scale, Ink.strong)
  for (n, text) in wrapped(step.sentence(model), layout.sentence.columns).prefix(2).enumerated() {
    frame.put(
      text, row: layout.sentence.row + n, column: layout.sentence.column, foreground: Ink.strong)
  }
  drawBody(&frame, model, step, layout.body)
  if let number { drawNumber(&frame, model, number, layout) }
  for (n, line) in question.prefix(layout.words.rows).enumerated() {
    frame.put(
      line.text, row: layout.words.row + n, column: layout.words.column, foreground: line.ink)
  }
}

/// Letters from half blocks where there is room for them, else bold ones; returns the column after them.
@discardableResult
private func drawBig(
  _ frame: inout Frame, _ model: Model, _ text: String, _ area: Rect, _ scale: Int, _ ink: Colour,
  most: Int? = nil
) -> Int {
  let room = most ?? area.columns
  // Of three by five pixels an arrow is a greater-than sign.
  let large = text.replacing("→", with: "to")
  var scale = model.shell.capabilities.unicode && BigType.canDraw(large) ? scale : 0
  while scale > 0, BigType.columns(large, scale: scale) > room { scale -= 1 }
  guard scale > 0 else {
    // Without Unicode an arrow would be a greater-than sign, too.
    return frame.put(
      model.shell.capabilities.unicode ? text : large, row: area.row + (area.rows - 1) / 2,
      column: area.column, foreground: ink, style: .bold)
  }
  BigType.draw(
    &frame, large, row: area.row + (area.rows - BigType.rows(scale: scale)) / 2,
    column: area.column, scale: scale, ink: ink)
  return area.column + BigType.columns(large, scale: scale)
}

/// Which step it is, whose picture, which way round, and what it is for.
private func drawLessonBar(_ frame: inout Frame, _ model: Model) {
  frame.fill(
    Rect(column: 0, row: 0, columns: frame.size.columns, rows: 1), Cell(" ", background: Ink.bar))
  let step = Lesson.steps[model.lessonNow.step]
  var at = frame.put(
    " LESSON \(model.lessonNow.step + 1)/\(Lesson.steps.count)  \(step.topic) ", row: 0, column: 0,
    foreground: Ink.black, background: Ink.blue, style: .bold)
  let isWide = frame.size.columns >= 100
  let use = isWide ? "research and education only" : "not for diagnosis"
  let useColumn = frame.size.columns - 1 - use.count
  frame.put(use, row: 0, column: useColumn, foreground: Ink.dim)
  var side = model.sideConvention
  let own = [model.scene.unmeasuredWord, model.scene.sideWord].compactMap { $0?.count }
  let least = at + own.reduce(0) { $0 + $1 + 2 } + 1
  if useColumn - side.count - model.scene.space.rawValue.count - 4 > least {
    side += "  " + model.scene.space.rawValue
  }
  let sideColumn = useColumn - side.count - 2
  frame.put(side, row: 0, column: sideColumn, foreground: Ink.amber, style: .bold)
  for case let word? in [model.scene.unmeasuredWord, model.scene.sideWord] {
    at = frame.put(
      "  " + word, row: 0, column: at, limit: sideColumn - 1, foreground: Ink.red, style: .bold)
  }
  let title = visibleText(model.scene.title, limit: 120)
  if sideColumn - at > 14 {
    frame.put(
      shortenedName(title, sideColumn - at - 4), row: 0, column: at + 2, foreground: Ink.dim)
  }
}

/// The number that is seen from the last row, and what it is.
private func drawNumber(
  _ frame: inout Frame, _ model: Model, _ number: LessonNumber, _ layout: LessonLayout
) {
  let area = layout.number
  var place = area
  // Small letters stand beside the first line of the words.
  if layout.scale == 0 { place.rows = 1 }
  let at = drawBig(
    &frame, model, number.text, place, layout.scale, LessonInk.mark, most: 2 * area.columns / 3)
  let column = at + 2
  let lines = wrapped(number.words, max(10, area.column + area.columns - column))
  let shown = lines.prefix(area.rows)
  let top = area.row + (layout.scale == 0 ? 0 : max(0, (area.rows - shown.count) / 2))
  for (n, line) in shown.enumerated() {
    frame.put(line, row: top + n, column: column, foreground: Ink.text)
  }
}

/// The question or its answer, the truth that was asked for, what these files cannot show and what to be careful of.
private func questionLines(
  _ model: Model, _ step: LessonStep, _ columns: Int
) -> [(text: String, ink: Colour)] {
  let isAnswer = model.lessonNow.showsAnswer
  var lines = wrapped(isAnswer ? step.answer : "? " + step.question, columns).map {
    ($0, isAnswer ? Ink.strong : Ink.blue)
  }
  if model.lessonNow.showsTruth {
    lines += model.knownTruth(step).flatMap { wrapped("T truth: " + $0, columns) }.map {
      ($0, LessonInk.truth)
    }
  }
  var warnings = (step.cannot(model) ?? failure(model, step)).map { [$0] } ?? []
  warnings += step.warnings(model)
  if warnings.isEmpty, model.lessonNow.step == 0, let hint = model.colourHint { warnings = [hint] }
  return lines + warnings.flatMap { wrapped("! " + $0, columns) }.map { ($0, Ink.amber) }
}

/// Why a part that a step needs could not be made.
func failure(_ model: Model, _ step: LessonStep) -> String? {
  step.needs.lazy.compactMap { model.lesson.failures[$0] }.first
}

extension Model {
  /// On which side the right of the head is seen, as a word.
  package var sideConvention: String {
    scene.laterality == .unknown
      ? Side.unknown.rawValue : navigation.isRadiological ? "RADIOLOGICAL" : "NEUROLOGICAL"
  }

  /// How a terminal that shows few colours would show more; nil where it shows enough.
  var colourHint: String? {
    switch shell.capabilities.colours {
    case .direct, .indexed: nil
    case .eight, .sixteen, .none:
      "this terminal shows few colours: TERM=xterm-256color shows more (PuTTY: Connection, Data, Terminal-type "
        + "string)"
    }
  }
}

import CellUI

/// A step in words: all that its pictures and curves say.
func lessonWords(_ model: Model) -> [Utterance] {
  guard let state = model.lesson.running, Lesson.steps.indices.contains(state.step) else {
    return []
  }
  if state.showsContents {
    return [
      Utterance(
        topic: "contents",
        words: Lesson.steps.enumerated().map { "\($0 + 1) \($1.title)" }.joined(separator: ", ")),
      Utterance(
        topic: "chosen", words: "\(state.step + 1), \(Lesson.steps[state.step].title)"),
    ]
  }
  let step = Lesson.steps[state.step]
  var out = [
    Utterance(
      topic: "lesson",
      words: "step \(state.step + 1) of \(Lesson.steps.count), \(step.topic), \(step.title)"),
    Utterance(topic: "sentence", words: step.sentence(model)),
  ]
  for (n, picture) in step.pictures(model).enumerated() {
    var words = picture.caption
    let named = picture.marks.filter { !$0.letter.isEmpty }.map(\.letter)
    if !named.isEmpty { words += ", marked " + named.joined(separator: ", ") }
    out.append(Utterance(topic: "picture \(n + 1)", words: words))
  }
  if let plot = step.plot(model) {
    out.append(
      Utterance(topic: "plot", words: "\(plot.title), \(plot.yTitle) by \(plot.xTitle)"))
    for (n, curve) in plot.curves.enumerated() {
      out.append(Utterance(topic: "curve \(n + 1)", words: curve.words))
    }
    if let mark = plot.mark { out.append(Utterance(topic: "mark", words: mark.name)) }
    if let band = plot.band { out.append(Utterance(topic: "mark", words: band.name)) }
  }
  for (n, row) in step.table(model).enumerated() {
    out.append(
      Utterance(
        topic: "row \(n + 1)",
        words: ([row.mark] + row.words).filter { !$0.isEmpty }.joined(separator: ", ")))
  }
  if let number = step.number(model) {
    out.append(Utterance(topic: "number", words: "\(number.text) \(number.words)"))
  }
  if let cannot = step.cannot(model) ?? failure(model, step) {
    out.append(Utterance(topic: "cannot", words: cannot))
  }
  return out + carefulWords(model, step, state)
}

/// What speaks against the numbers, the question, and what was asked for by its keys.
private func carefulWords(
  _ model: Model, _ step: LessonStep, _ state: LessonState
) -> [Utterance] {
  func numbered(_ topic: String, _ all: [String]) -> [Utterance] {
    all.enumerated().map { Utterance(topic: "\(topic) \($0 + 1)", words: $1) }
  }
  var out = numbered("warning", step.warnings(model))
  out.append(Utterance(topic: "question", words: step.question))
  if state.showsAnswer {
    out.append(Utterance(topic: "answer", words: step.answer))
    out += numbered("remark", step.remarks(model))
  }
  if state.showsTruth { out += numbered("truth", model.knownTruth(step)) }
  return out
}

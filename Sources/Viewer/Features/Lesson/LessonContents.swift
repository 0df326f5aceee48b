import CellUI

/// All steps by their topics, and how the lesson is given.
func drawContents(_ frame: inout Frame, _ model: Model) {
  let area = Rect(
    column: 2, row: 1, columns: frame.size.columns - 4, rows: frame.size.rows - 3)
  frame.put(
    "One brain, two methods: what SPECT and rsfMRI each can show", row: area.row,
    column: area.column, foreground: Ink.strong, style: .bold)
  // Two columns where one has no room for what stands below it, and the words of two fit beside each other.
  let isTwo = frame.size.rows < 36 && area.columns >= 2 * 48
  let perColumn = isTwo ? (Lesson.steps.count + 1) / 2 : Lesson.steps.count
  let width = isTwo ? area.columns / 2 : area.columns
  for (n, step) in Lesson.steps.enumerated() {
    let row = area.row + (frame.size.rows < 26 ? 1 : 2) + n % perColumn
    let column = area.column + n / perColumn * width
    let isHere = n == model.lessonNow.step
    let topic = n == 0 || Lesson.steps[n - 1].topic != step.topic ? step.topic : ""
    frame.put(
      (isHere ? "›" : " ") + (n < 9 ? " " : "") + "\(n + 1)", row: row, column: column,
      foreground: isHere ? LessonInk.mark : Ink.dim, style: isHere ? .bold : [])
    frame.put(
      step.title, row: row, column: column + 4, limit: column + 35,
      foreground: isHere ? Ink.strong : Ink.text, style: isHere ? .bold : [])
    frame.put(
      topic, row: row, column: column + 36, limit: column + width - 1, foreground: Ink.blue)
  }
  var row = area.row + (frame.size.rows < 26 ? 1 : 3) + perColumn
  for line in contentsWords(model) {
    let parts = wrapped(line, area.columns)
    // Whole sentences or none.
    guard row + parts.count <= area.row + area.rows else { break }
    for part in parts {
      frame.put(part, row: row, column: area.column, foreground: Ink.dim)
      row += 1
    }
  }
}

private func contentsWords(_ model: Model) -> [String] {
  let key = { (action: Action) in model.key(action) }
  var out = [
    "\(key(.next)) next, \(key(.previous)) previous, \(key(.finer)) \(key(.coarser)) change the one thing of the "
      + "step, \(key(.axial)) answer, \(key(.targets)) truth of a synthetic person, \(key(.play)) by itself.",
    ":lesson N goes to a step from anywhere; Esc leaves, \(key(.lesson)) comes back.",
    "Colours of curves, networks and marks are told apart with any colour vision; :palette even, grey or hot-metal-blue changes those of uptake.",
  ]
  if let hint = model.colourHint { out.append(hint) }
  return out
}

import Basics
package import CellUI
import Connectivity
import Imaging
import Perfusion
import Targeting

/// The whole screen from the model alone.
package func view(_ model: Model) -> Frame {
  var frame = Frame(size: model.shell.size)
  guard Layout.fits(model.shell.size) else {
    let need =
      "boldspect needs \(Layout.minimum.columns)×\(Layout.minimum.rows), this is "
      + "\(model.shell.size.columns)×\(model.shell.size.rows)"
    for (n, line) in wrapped(need, max(1, model.shell.size.columns)).enumerated() {
      frame.put(
        line, row: model.shell.size.rows / 2 + n,
        column: max(0, (model.shell.size.columns - line.count) / 2))
    }
    return finished(frame, model)
  }
  let layout = Layout(model.shell.size)
  if model.showsLesson {
    drawLesson(&frame, model)
    drawFoot(&frame, model, layout)
    return finished(frame, model)
  }
  drawTitle(&frame, model, layout)
  if model.shell.showsHelp {
    drawHelp(&frame, model, layout)
  } else if model.showsSeries {
    drawSeries(&frame, model, layout)
  } else if model.showsPeople {
    drawBrowser(&frame, model, layout)
  } else if let targets = model.targets.list {
    drawTargets(&frame, model, targets, layout)
  } else if model.shell.panel == .registration {
    drawRegistration(&frame, model, layout)
  } else if let panel = model.shell.panel {
    drawPanel(&frame, model, panel, layout)
    drawValues(&frame, model, layout)
    drawCourse(&frame, model, layout)
  } else {
    drawPanes(&frame, model, layout)
    drawValues(&frame, model, layout)
    drawCourse(&frame, model, layout)
  }
  drawFoot(&frame, model, layout)
  return finished(frame, model)
}

/// The frame in what the terminal can show.
private func finished(_ frame: Frame, _ model: Model) -> Frame {
  var out = frame
  if let table = model.table {
    let capabilities = model.shell.capabilities
    // Where colours are chosen, the terminal finds them for the picture that it shows.
    if capabilities.redefines, !capabilities.hasImages {
      out.table = table
    } else {
      out = out.quantised(to: table)
    }
  }
  if model.shell.showsHelp || model.targets.list != nil {
    out.unmeasuredWords = [model.scene.unmeasuredWord].compactMap { $0 }
  }
  if let cost = model.shell.cost, model.shell.showsCost {
    let text = " \(cost.bytes) bytes  \(fixed(cost.milliseconds, 1)) ms "
    out.put(
      text, row: out.size.rows - 1, column: out.size.columns - text.count, foreground: Ink.black,
      background: Ink.amber)
  }
  if !model.shell.capabilities.unicode { out = out.inASCII() }
  return out
}

private func drawTitle(_ frame: inout Frame, _ model: Model, _ layout: Layout) {
  let scene = model.scene
  frame.fill(
    Rect(column: 0, row: layout.title, columns: frame.size.columns, rows: 1),
    Cell(" ", background: Ink.bar))
  // Nothing is known of the sides before a file is read, and nothing is said of them.
  let convention =
    scene.grid == nil && model.shell.isLoading || model.showsPeople
      || scene.grid == nil && model.browser.listing != nil
    ? ""
    : scene.laterality == .unknown
      ? Side.unknown.rawValue : model.navigation.isRadiological ? "RADIOLOGICAL" : "NEUROLOGICAL"
  let use = frame.size.columns >= 100 ? "research and education only" : "not for diagnosis"
  let rightEdge = frame.size.columns - 1
  let useColumn = rightEdge - use.count
  let conventionColumn = useColumn - convention.count - 2
  frame.put(use, row: layout.title, column: useColumn, foreground: Ink.dim)
  frame.put(
    convention, row: layout.title, column: conventionColumn, foreground: Ink.amber, style: .bold)
  let isWide = frame.size.columns >= 100
  var at = 1
  if isWide {
    at = frame.put(
      "boldspect  ", row: layout.title, column: 1, foreground: Ink.strong, style: .bold)
  }
  if model.showsPeople {
    // The list is nobody's picture: no name of a file stands over it.
    let root = model.browser.listing?.root.split(separator: "/").last.map(String.init) ?? ""
    frame.put(
      (model.showsSeries ? "DICOM of " : "people of ")
        + shortened(visibleText(root, limit: 80), 40), row: layout.title, column: at,
      limit: useColumn - 2, foreground: Ink.text)
    return
  }
  for case let word? in [scene.unmeasuredWord, scene.sideWord] {
    at = frame.put(
      word + " ", row: layout.title, column: at, foreground: Ink.red, style: .bold)
  }
  at = drawProblemCount(&frame, model, layout, at, before: conventionColumn)
  var parts: [String] = []
  if !scene.title.isEmpty {
    parts.append(personTitle(model, conventionColumn - 2 - at))
  }
  if let seconds = scene.run?.seconds, isWide { parts.append("\(fixed(seconds / 60, 1)) min") }
  if let grid = scene.grid {
    parts.append(
      "\(scene.space == .mni152 ? "MNI152" : "native space") \(plainNumber(grid.spacing.0, 1)) mm")
  }
  parts += layoutWords(model, layout)
  // What does not fit whole is left out: half a number is worse than none.
  for part in parts where at + part.count <= conventionColumn - 2 {
    at = frame.put(part, row: layout.title, column: at, foreground: Ink.text) + 2
  }
}

/// How many problems there are, and where they are read if there is room; returns the column after it.
private func drawProblemCount(
  _ frame: inout Frame, _ model: Model, _ layout: Layout, _ at: Int, before end: Int
) -> Int {
  let count = model.scene.problemCount + model.ways.recordProblems.count
  if count > 0 {
    let words = "\(count) problem\(count == 1 ? "" : "s")"
    // Whose picture it is comes before where the problem is read.
    let hinted = words + ", :findings"
    let isRoom = at + hinted.count + 2 + leastPersonRoom(model) <= end
    return frame.put(
      (isRoom ? hinted : words) + "  ", row: layout.title, column: at, foreground: Ink.red,
      style: .bold)
  }
  return at
}

/// Columns that a person's name has in the header before other words have theirs.
private func leastPersonRoom(_ model: Model) -> Int {
  let file = visibleText(model.scene.title, limit: 120)
  if let who = whoBeside(model, file) { return max(24, who.count + 14) }
  return max(24, leastTitle(file) ?? 0)
}

/// Whose the picture is where the file's name does not begin with it: by the list, else by the folders that it lies in.
private func whoBeside(_ model: Model, _ file: String) -> String? {
  if let visit = model.browser.openedVisit {
    let isSaid = file.hasPrefix(visit.subject) && visit.session.map(file.contains) ?? true
    return isSaid ? nil : visibleText(visit.title, limit: 60)
  }
  guard let person = model.scene.person, let first = person.split(separator: " ").first,
    !file.hasPrefix(first)
  else { return nil }
  return visibleText(person, limit: 60)
}

/// What a name of BIDS keeps at every width: person, visit, run and kind; nil for other names.
private func leastTitle(_ name: String) -> Int? {
  let words = name.split(separator: "_")
  let who = words.prefix { $0.hasPrefix("sub-") || $0.hasPrefix("ses-") }
  guard !who.isEmpty else { return nil }
  let last = words.last.map { $0.prefix { $0 != "." }.count } ?? 0
  let run = words.first { $0.hasPrefix("run-") }.map { $0.count + 1 } ?? 0
  return who.joined(separator: "_").count + 1 + last + run
}

/// Whose picture it is: subject and session are never lost, the middle of the name is.
private func personTitle(_ model: Model, _ room: Int) -> String {
  let file = visibleText(model.scene.title, limit: 120)
  if let who = whoBeside(model, file) {
    // Who it is goes last: before it the file, then the middle of the name.
    guard who.count + 14 <= room else { return shortened(who, max(9, room)) }
    return who + "  " + shortened(file, max(12, min(24, room - who.count - 2)))
  }
  let name = file
  let isWide = model.shell.size.columns >= 100
  let usual =
    isWide ? max(24, model.shell.size.columns / 3) : model.scene.isSimulated ? 14 : 22
  guard let least = leastTitle(name) else { return shortened(name, usual) }
  return shortenedName(name, min(max(usual, least), max(12, room)))
}

/// A file name cut in the middle, where names differ least.
func shortened(_ text: String, _ limit: Int) -> String {
  guard text.count > limit, limit > 8 else { return text }
  let head = limit / 2
  return String(text.prefix(head)) + "…" + String(text.suffix(limit - head - 1))
}

/// Text in lines of at most so many characters, broken between words.
func wrapped(_ text: String, _ width: Int) -> [String] {
  var lines: [String] = []
  var line = ""
  for word in text.split(separator: " ") {
    if !line.isEmpty, line.count + 1 + word.count > width {
      lines.append(line)
      line = ""
    }
    line += (line.isEmpty ? "" : " ") + word
  }
  return line.isEmpty ? lines : lines + [line]
}

package import Basics
import CellUI
import Foundation
import ImageFiles
import Imaging
package import Reports
package import Study
import Synchronization
import Viewer

/// Gives the lesson without a person and keeps every step of it.
package func lessonHandout(
  _ request: StudyRequest, _ start: ViewerStart, _ sheet: PictureSheet,
  progress: WorkProgress = .silent
) throws -> LessonHandout {
  let steps = 1...LessonPlan.count
  let keys = try KeyScript.parse(steps.map(LessonPlan.keys).joined())
  var terminal = RecordingTerminal(
    size: sheet.screen,
    capabilities: Capabilities(
      colours: .direct, unicode: true,
      pictures: .images(cell: sheet.cell, repeatsPixels: false)), keys: keys)
  let mailbox = Mailbox()
  let sessions = ViewerSessions(
    request, mailbox: mailbox, keepsMarks: false, library: StudyLibrary())
  // The last that was seen of each step is the one with everything in it.
  let seen = Mutex<[Int: Model]>([:])
  var loop = ViewerLoop(sessions: sessions, mailbox: mailbox, isScripted: true, start: start)
  loop.speak = { model in
    guard let step = model.lesson.running?.step else { return }
    seen.withLock { $0[step] = model }
    progress.report("step \(step + 1) of \(LessonPlan.count)", Double(step) / Double(steps.count))
  }
  let last = loop.run(&terminal)
  if let refusal = sessions.runner.refusal { throw refusal }
  _ = sessions.finish(withinSeconds: 30, last: last)
  let models = seen.withLock { $0 }
  let slides = steps.compactMap { number in
    models[number - 1].flatMap { lessonSlide(latest($0, last)) }
  }
  guard slides.count == LessonPlan.count else {
    throw Problem(
      .data, "lesson", last.notice?.text ?? "it could not be given with these files",
      expected: "a BOLD run (--bold)")
  }
  return LessonHandout(slides: slides, origin: last.originWords)
}

/// A step with what was made for it after it was shown.
private func latest(_ model: Model, _ last: Model) -> Model {
  var out = last
  out.lesson.running = model.lesson.running
  out.notice = nil
  out.shell.progress = nil
  return out
}

private func lessonSlide(_ model: Model) -> LessonSlide? {
  guard let page = LessonPlan.page(model) else { return nil }
  var slide = LessonSlide(
    topic: page.topic, title: page.title, sentence: page.sentence,
    number: page.number?.text ?? "", numberWords: page.number?.words ?? "",
    question: page.question, answer: page.answer, notes: page.notes,
    facts: page.facts.map { ($0.sentence, $0.source) }, cannot: page.cannot,
    warnings: page.warnings, remarks: page.remarks,
    chart: page.plot.map { lessonChart($0, of: model.originWords) }, rows: page.rows,
    frame: view(model))
  slide.moving = LessonPlan.movement(model)
  return slide
}

func lessonChart(_ plot: LessonPlot, of origin: String) -> LessonChart {
  let axes = plot.axes
  var chart = LessonChart(
    title: plot.title, xTitle: plot.xTitle, yTitle: plot.yTitle, x: axes.x, y: axes.y,
    curves: plot.curves.map {
      LessonChart.Curve(
        name: $0.name, x: $0.x, y: $0.y, ink: $0.ink, isDotted: $0.isDotted, isPoints: $0.isPoints)
    },
    marks: (plot.mark.map { [($0.x...$0.x, $0.name)] } ?? [])
      + (plot.band.map { [($0.x, $0.name)] } ?? []))
  (chart.flipsX, chart.ends, chart.xNames) = (plot.flipsX, plot.ends, plot.xNames)
  chart.origin = origin
  return chart
}

/// Writes a handout into a folder, which is made where it is not there; nothing is written where a file would be in
/// the way.
///
/// - Returns: the names of the files.
package func writeHandout(
  _ handout: LessonHandout, _ sheet: PictureSheet, to folder: String, overwrite: Bool,
  progress: WorkProgress = .silent
) throws -> [String] {
  let files = try handout.files(sheet) { (text, part) throws(Problem) in
    try progress.check()
    progress.report(text, part)
  }
  try MadeFolders().make(folder, expected: "a folder that can be written to")
  for file in files {
    try AtomicFile.checkFree(folder + "/" + file.name, overwrite: overwrite)
  }
  for file in files {
    try AtomicFile.write(folder + "/" + file.name, file.bytes, overwrite: overwrite)
  }
  return files.map(\.name)
}

/// The speaker's notes of every step, for a second screen or for paper.
package func lessonNotes() -> String {
  (1...LessonPlan.count).map { LessonPlan.notes($0).joined(separator: "\n") }
    .joined(separator: "\n\n") + "\n\n" + researchUse
}

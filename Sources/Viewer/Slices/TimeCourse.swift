import Basics
import CellUI
import Connectivity
import Imaging
import Perfusion

/// What the line under the slices draws: one number per column of its axis.
struct Course {
  var values: [Double] = []
  var text = "no series here"
  /// Whether the axis is frames, so that the frame that is looked at has a place on it.
  var isTime = true
  /// Frequencies of the values of a spectrum.
  var hertz: [Double] = []
  /// Places of the axis that stand out from chance.
  var marked: [Bool] = []

  init(_ model: Model, _ run: Run) {
    guard let place = model.placeAtCursor else { return }
    if let movie = model.movie.windows {
      isTime = false
      values = movie.maps.map { Double($0[place]) }
      text = "r by window here"
      if let known = model.movie.pair, known.place == place {
        let band = known.pair.nullBand
        marked = known.pair.r.indices.map(known.pair.isOutside)
        let count = marked.reduce(0) { $0 + ($1 ? 1 : 0) }
        text =
          "null \(fixed(band.lowerBound, 2))…\(fixed(band.upperBound, 2)), "
          + (known.pair.shortage == nil
            ? "\(count) of \(marked.count) out" : "too few data to judge")
      }
      return
    }
    let raw = run.series(of: place)
    switch model.analyses.course {
    case .stored:
      values = raw
      text = "BOLD here, as stored"
    case .cleaned:
      if let cleaned = model.connectivity.cleaned, model.scene.runCount == 1,
        let series = cleaned.series(of: place)
      {
        values = onClock(series, cleaned.projection, raw.count)
        text = "BOLD here, cleaned"
      } else {
        values = raw
        text = "BOLD here, as stored"
      }
    case .percent, .spectrum:
      guard let projection = model.scene.broadband, let frames = projection.blocks.first?.frames,
        raw.allSatisfy(\.isFinite)
      else {
        text = "needs the repetition time"
        return
      }
      let kept = frames.map { raw[$0] }
      let mean = kept.reduce(0, +) / Double(kept.count)
      let series = projection.series(of: projection.coordinates(of: kept))
      if model.analyses.course == .percent {
        values = onClock(series.map { 100 * $0 / mean }, projection, raw.count)
        let finite = values.filter(\.isFinite)
        text = "% of the mean, \(fixed(finite.min() ?? 0, 1)) to \(fixed(finite.max() ?? 0, 1))"
      } else {
        isTime = false
        guard let tr = run.repetitionTimeSeconds,
          let found = projection.spectrum(of: raw, repetitionTimeSeconds: tr)
        else {
          text = "needs the repetition time"
          return
        }
        (values, hertz) = (found.amplitude, found.hertz)
        text =
          "amplitude, \(fixed(hertz.first ?? 0, 3)) to \(fixed(hertz.last ?? 0, 2)) Hz, no band"
      }
    }
  }

  /// Kept frames on the run's own clock; gaps where frames are left out.
  private func onClock(_ series: [Double], _ projection: Projection, _ count: Int) -> [Double] {
    var out = [Double](repeating: .nan, count: count)
    for (n, frame) in (projection.blocks.first?.frames ?? []).enumerated() where n < series.count {
      out[frame] = series[n]
    }
    return out
  }
}

/// The time course at the cursor, with where the frame is and what the numbers rest on.
func drawCourse(_ frame: inout Frame, _ model: Model, _ layout: Layout) {
  guard let run = model.scene.run else { return }
  let area = layout.course
  let textWidth = frame.size.columns >= 110 ? 34 : 24
  let width = area.columns - textWidth - 1
  let column = area.column + width + 2
  let course = Course(model, run)
  let glyphs = braillePlot(course.values, columns: width, rows: area.rows)
  for (r, line) in glyphs.enumerated() {
    for (c, glyph) in line.enumerated() {
      let at = c * max(0, course.values.count - 1) / max(1, width - 1)
      let isMarked = course.marked.indices.contains(at) && course.marked[at]
      frame[area.row + r, area.column + c] = Cell(
        glyph, foreground: isMarked ? Ink.amber : Ink.blue, style: isMarked ? .bold : [])
    }
  }
  let steps = course.isTime ? run.frameCount : model.movie.windows?.maps.count ?? 0
  if steps > 1 {
    for mark in [model.movie.windows == nil ? model.navigation.frame : model.movie.index] {
      let x = area.column + min(steps - 1, mark) * max(0, width - 1) / (steps - 1)
      for r in 0..<area.rows {
        let glyph = frame[area.row + r, x].glyph
        frame[area.row + r, x] = Cell(
          glyph == " " || glyph.value == 0x2800 ? "│" : glyph, foreground: Ink.cursor)
      }
    }
  }
  let time =
    run.repetitionTimeSeconds.map { "  \(fixed(Double(model.navigation.frame) * $0, 1)) s" }
    ?? "  TR unknown"
  if let movie = model.movie.windows {
    courseWords(
      &frame, area, column,
      [
        windowTitle(movie, model.movie.index), course.text,
        "amber: not by chance alone", "\(movie.window.name) window",
      ])
    return
  }
  var lines = ["frame \(model.navigation.frame)/\(run.frameCount - 1)\(time)"]
  if let map = model.connectivity.seedMap {
    lines += packed(
      ["DOF \(map.degreesOfFreedom)"] + (run.mask.origin == "DERIVED" ? ["mask DERIVED"] : [])
        + (map.denoising.modelsMotion ? [] : ["no motion model"]), textWidth)
  } else {
    lines.append(run.seconds.map { "\(fixed($0 / 60, 1)) min" } ?? "")
  }
  lines.append(course.text)
  if case .simulated = model.panes.right { lines.append(model.timeLoss) }
  lines.append(
    "mask \(run.mask.origin == "DERIVED" ? "DERIVED" : "given"), \(run.voxelCount) voxels")
  // Two rows have no room for three lines: what is drawn is the one that must be said.
  if area.rows == 2, model.analyses.course != .cleaned { lines[1] = course.text }
  courseWords(&frame, area, column, lines)
}

/// Words in lines of at most so many columns, none of them cut.
private func packed(_ words: [String], _ width: Int) -> [String] {
  var lines: [String] = []
  for word in words {
    if let last = lines.last, last.count + 2 + word.count <= width {
      lines[lines.count - 1] += "  " + word
    } else {
      lines.append(word)
    }
  }
  return lines
}

/// The words beside a time course.
private func courseWords(_ frame: inout Frame, _ area: Rect, _ column: Int, _ lines: [String]) {
  for (n, line) in lines.prefix(area.rows).enumerated() {
    frame.put(
      line, row: area.row + n, column: column, foreground: n == 0 ? Ink.text : Ink.dim)
  }
}

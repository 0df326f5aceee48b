import Basics
import CellUI
import Connectivity
import Imaging
import Perfusion

/// The line of values under the cursor: place and side first, then every value that fits whole.
func drawValues(_ frame: inout Frame, _ model: Model, _ layout: Layout) {
  guard let grid = model.scene.grid else { return }
  let row = layout.values
  let end = frame.size.columns - 1
  var at = 1
  func put(_ text: String, _ ink: Colour, _ style: Style = []) {
    at = frame.put(text, row: row, column: at, limit: end, foreground: ink, style: style)
  }
  if model.hasWorld {
    let c = model.cursor
    put(
      [c.x, c.y, c.z].map { fixed($0, 1, signed: true) }.joined(separator: " ") + " mm", Ink.strong,
      .bold)
    put(model.scene.space == .mni152 ? " MNI152" : " native", Ink.dim)
    put("  " + model.scene.sideRule.side(of: c).rawValue, Ink.amber, .bold)
    if case .maskMidplane = model.scene.sideRule {
      put(frame.size.columns >= 100 ? " (by the mask's mid-plane)" : " (mask)", Ink.dim)
    }
  } else {
    let v = grid.nearestVoxel(model.cursor)
    put(v.map { "voxel \($0.i) \($0.j) \($0.k)" } ?? "outside", Ink.strong, .bold)
    put("  \(Side.unknown.rawValue)", Ink.amber, .bold)
  }
  let gap = frame.size.columns >= 100 ? 3 : 2
  let values = model.valuesAtCursor
  func width(_ value: (name: String, value: String)) -> Int {
    gap + value.name.count + 1 + value.value.count
  }
  // What both panes show comes first, then the region, then the rest as far as it fits whole.
  let order = values.indices.sorted {
    (valueRank(values[$0].name), $0) < (valueRank(values[$1].name), $1)
  }
  var room = end - at
  var shown: Set<Int> = []
  func take(_ places: [Int]) {
    for n in places where width(values[n]) <= room {
      shown.insert(n)
      room -= width(values[n])
    }
  }
  take(order.filter { valueRank(values[$0].name) == 0 })
  if let label = model.scene.atlas?.name(at: model.cursor), 2 + label.count <= room {
    put("  " + label, Ink.text)
    room -= 2 + label.count
  }
  if let network = model.scene.networks?.name(at: model.cursor), 3 + network.count <= room {
    put(" (\(network))", Ink.dim)
    room -= 3 + network.count
  }
  take(order.filter { valueRank(values[$0].name) > 0 })
  for n in values.indices where shown.contains(n) {
    put(String(repeating: " ", count: gap) + values[n].name + " ", Ink.dim)
    put(values[n].value, Ink.strong)
  }
}

/// "+3", "−52.5": no digit that says nothing.
private func signedNumber(_ x: Double) -> String {
  fixed(x, abs(x - x.rounded()) < 0.05 ? 0 : 1, signed: true)
}

/// How early a value must be on screen: 0 is what the two panes show.
private func valueRank(_ name: String) -> Int {
  switch name {
  case "r", "window r", "SPECT", "SIMULATED", "SIMULATED r", "SIMULATED lost", "second r", "Δz/SE",
    "difference":
    0
  case "voxel at", "z", "q", "AI 2 voxels", "AI map", "contrast kept", "z normals": 1
  case "mirror", "whole run r", "p", "N eff", "BOLD", "Fisher z", "unscaled": 3
  default: 2
  }
}

extension Model {
  /// Everything that has a value under the cursor, with the words of the screen.
  package var valuesAtCursor: [(name: String, value: String)] {
    var out: [(String, String)] = []
    func number(_ volume: Volume?, _ decimals: Int, signed: Bool = false) -> String? {
      guard let volume else { return nil }
      let v = Double(volume.nearest(cursor))
      return v.isFinite ? fixed(v, decimals, signed: signed) : "no data"
    }
    // Values are those of voxels; a cursor between two centres must not hide whose.
    if hasWorld, let grid = scene.grid, let v = grid.nearestVoxel(cursor),
      grid.world(v).distance(to: cursor) > 0.05
    {
      let w = grid.world(v)
      out.append(
        (
          "voxel at", [w.x, w.y, w.z].map { signedNumber($0) }.joined(separator: " ") + " mm"
        ))
    }
    if let text = number(movie.volume, 3, signed: true) { out.append(("window r", text)) }
    if let text = number(connectivity.seedVolume, 3, signed: true) {
      out.append((movie.volume == nil ? "r" : "whole run r", text))
    }
    let statistics =
      movie.windows == nil
      ? placeAtCursor.flatMap { place in connectivity.inference.map { (place, $0) } } : nil
    if let (place, inference) = statistics {
      out.append(("z", fixed(Double(inference.z[place]), 2, signed: true)))
      out.append(("q", probabilityText(Double(inference.q[place]))))
    }
    for given in scene.overlays {
      if let text = number(given.volume, 2, signed: true) {
        out.append(
          (
            shortened(visibleText(given.name, limit: 40), 16),
            given.activity == nil ? text : numberText(Double(given.volume.nearest(cursor)))
          ))
      }
    }
    switch panes.right {
    case .measured(let n):
      if scene.spects.indices.contains(n) {
        let spect = scene.spects[n]
        if let text = number(spect.measured.volume, 1) {
          out.append(("SPECT", text == "no data" ? text : spect.percentText(text)))
        }
        if let text = number(spect.stored, 1) { out.append(("unscaled", text)) }
        if let z = spect.z.map({ Double($0.nearest(cursor)) }), z.isFinite {
          out.append(("z normals", fixed(z, 1, signed: true)))
        }
        if scene.space == .mni152 {
          let mirror = WorldPoint(-cursor.x, cursor.y, cursor.z)
          let (here, there) = (
            Double(spect.measured.volume.nearest(cursor)),
            Double(spect.measured.volume.nearest(mirror))
          )
          if here.isFinite, there.isFinite, abs(cursor.x) > 1 {
            let index = asymmetryIndex(
              left: cursor.x < 0 ? here : there, right: cursor.x < 0 ? there : here)
            out.append(("mirror", spect.percentText(fixed(there, 1))))
            if index.isFinite { out.append(("AI 2 voxels", fixed(index, 1, signed: true) + " %")) }
          }
        }
      }
    case .made(let kind): if let value = madeValue(kind) { out.append(value) }
    case .simulated:
      if let simulated = averaging.simulated, let text = number(simulated.volume, 1) {
        out.append(("SIMULATED", simulated.averaging.nativeIsAwaited ? "…" : text))
      }
      out += lossValues
    case .seriesBlurred:
      if let text = number(averaging.blurredSeries?.volume, 3, signed: true) {
        out.append(("SIMULATED r", text == "no data" ? "too near the seed" : text))
      }
    case .mapBlurred:
      if let text = number(averaging.blurredMap, 3, signed: true) {
        out.append(("SIMULATED r", text))
      }
    case .second:
      if let text = number(currentChange?.second, 3, signed: true) {
        out.append(("second r", text))
      }
    case .change:
      if let text = number(currentChange?.second, 3, signed: true) {
        out.append(("second r", text))
      }
      if let text = number(currentChange?.ratio, 2, signed: true) { out.append(("Δz/SE", text)) }
    case .difference:
      if let text = number(averaging.difference, 2, signed: true) {
        out.append(("difference", text + " SD"))
      }
    }
    if let (place, inference) = statistics {
      out.append(("p", probabilityText(Double(inference.p[place]))))
      out.append(("N eff", fixed(Double(inference.effectiveN[place]), 0)))
    }
    if let r = connectivity.seedVolume.map({ Double($0.nearest(cursor)) }), r.isFinite {
      out.append(("Fisher z", fixed(fisherZ(r), 2, signed: true)))
    }
    if let run = scene.run {
      if let v = run.grid.nearestVoxel(cursor), run.mask.contains(v) {
        let place = Int(run.mask.places[run.grid.offset(v)])
        out.append(
          ("BOLD", fixed(run.samples.value(at: navigation.frame * run.voxelCount + place), 1)))
      }
    } else if let underlay, let text = number(underlay.volume, 1) {
      out.append((shortened(visibleText(underlay.name, limit: 40), 16), text))
    }
    return out
  }
}

extension Model {
  /// Place in the run's mask of the voxel at the cursor.
  var placeAtCursor: Int? {
    guard let run = scene.run, let v = run.grid.nearestVoxel(cursor), run.mask.contains(v) else {
      return nil
    }
    return Int(run.mask.places[run.grid.offset(v)])
  }
}

/// What the line under the slices draws: one number per column of its axis.
private struct Course {
  var values: [Double] = []
  var text = "no series here"
  /// Whether the axis is frames, so that the frame that is looked at has a place on it.
  var isTime = true
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
          "null \(fixed(band.lowerBound, 2))…\(fixed(band.upperBound, 2)), \(count) of "
          + "\(marked.count) out"
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
        let tr = run.repetitionTimeSeconds ?? 1
        values = amplitudeSpectrum(series)
        text = "amplitude, 0 to \(fixed(0.5 / tr, 2)) Hz, no band"
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
    lines.append(
      "DOF \(map.degreesOfFreedom)" + (map.denoising.modelsMotion ? "" : "  no motion model")
        + (run.mask.origin == "DERIVED" ? "  mask DERIVED" : ""))
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

/// The words beside a time course.
private func courseWords(_ frame: inout Frame, _ area: Rect, _ column: Int, _ lines: [String]) {
  for (n, line) in lines.prefix(area.rows).enumerated() {
    frame.put(
      line, row: area.row + n, column: column, foreground: n == 0 ? Ink.text : Ink.dim)
  }
}

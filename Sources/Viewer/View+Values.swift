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
  let values = model.valuesAtCursor
  let gap = frame.size.columns >= 100 ? 3 : 2
  let needed = values.prefix(3).reduce(0) { $0 + gap + $1.name.count + 1 + $1.value.count }
  if let label = model.scene.atlas?.name(at: model.cursor), at + 2 + label.count + needed <= end {
    put("  " + label, Ink.text)
  }
  for (name, value) in values where at + gap + name.count + 1 + value.count <= end {
    put(String(repeating: " ", count: gap) + name + " ", Ink.dim)
    put(value, Ink.strong)
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
    if let text = number(seedVolume, 3, signed: true) {
      out.append(("r", text))
    }
    for given in scene.overlays {
      if let text = number(given.volume, 2, signed: true) {
        out.append((shortened(visibleText(given.name, limit: 40), 16), text))
      }
    }
    switch right {
    case .measured(let n):
      if scene.spects.indices.contains(n) {
        let spect = scene.spects[n]
        if let text = number(spect.measured.volume, 1) {
          out.append(("SPECT", text == "no data" ? text : text + " %"))
        }
        if let text = number(spect.stored, 1) { out.append(("stored", text)) }
        if scene.space == .mni152 {
          let mirror = WorldPoint(-cursor.x, cursor.y, cursor.z)
          let (here, there) = (
            Double(spect.measured.volume.nearest(cursor)),
            Double(spect.measured.volume.nearest(mirror))
          )
          if here.isFinite, there.isFinite, abs(cursor.x) > 1 {
            let index = asymmetryIndex(
              left: cursor.x < 0 ? here : there, right: cursor.x < 0 ? there : here)
            out.append(("mirror", fixed(there, 1) + " %"))
            if index.isFinite { out.append(("AI", fixed(index, 1, signed: true) + " %")) }
          }
        }
      }
    case .simulated:
      if let text = number(simulated?.volume, 1) { out.append(("SIMULATED", text)) }
    case .mapBlurred:
      if let text = number(blurredMap, 3, signed: true) { out.append(("SIMULATED r", text)) }
    case .difference:
      if let text = number(difference, 2, signed: true) { out.append(("difference", text + " SD")) }
    }
    if let r = seedVolume.map({ Double($0.nearest(cursor)) }), r.isFinite {
      out.append(("Fisher z", fixed(fisherZ(r), 2, signed: true)))
    }
    if let run = scene.run {
      if let v = run.grid.nearestVoxel(cursor), run.mask.contains(v) {
        let place = Int(run.mask.places[run.grid.offset(v)])
        out.append(
          ("BOLD", fixed(run.samples.value(at: frame * run.voxelCount + place), 1)))
      }
    } else if let underlay, let text = number(underlay.volume, 1) {
      out.append((shortened(visibleText(underlay.name, limit: 40), 16), text))
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
  var values: [Double] = []
  var isClean = false
  if let v = run.grid.nearestVoxel(model.cursor), run.mask.contains(v) {
    let place = Int(run.mask.places[run.grid.offset(v)])
    if let cleaned = model.cleaned, let series = cleaned.series(of: place) {
      values = series
      isClean = true
    } else {
      values = run.series(of: place)
    }
  }
  let glyphs = braillePlot(values, columns: width, rows: area.rows)
  for (r, line) in glyphs.enumerated() {
    for (c, glyph) in line.enumerated() {
      frame[area.row + r, area.column + c] = Cell(glyph, foreground: Ink.blue)
    }
  }
  if run.frameCount > 1 {
    let x = area.column + model.frame * max(0, width - 1) / (run.frameCount - 1)
    for r in 0..<area.rows {
      let glyph = frame[area.row + r, x].glyph
      frame[area.row + r, x] = Cell(
        glyph == " " || glyph.value == 0x2800 ? "│" : glyph, foreground: Ink.cursor)
    }
  }
  let time =
    run.repetitionTimeSeconds.map { "  \(fixed(Double(model.frame) * $0, 1)) s" } ?? "  TR unknown"
  var lines = ["frame \(model.frame)/\(run.frameCount - 1)\(time)"]
  if let map = model.seedMap {
    lines.append(
      "DOF \(map.degreesOfFreedom)" + (map.denoising.modelsMotion ? "" : "  no motion model")
        + (run.mask.origin == "DERIVED" ? "  mask DERIVED" : ""))
  } else {
    lines.append(run.seconds.map { "\(fixed($0 / 60, 1)) min" } ?? "")
  }
  lines.append(
    values.isEmpty
      ? "no series here" : isClean ? "BOLD at the cursor, cleaned" : "BOLD at the cursor, as stored"
  )
  if case .simulated = model.right { lines.append("SPECT would average all of it") }
  lines.append(
    "mask \(run.mask.origin == "DERIVED" ? "DERIVED" : "given"), \(run.voxelCount) voxels")
  for (n, line) in lines.prefix(area.rows).enumerated() {
    frame.put(
      line, row: area.row + n, column: column, foreground: n == 0 ? Ink.text : Ink.dim)
  }
}

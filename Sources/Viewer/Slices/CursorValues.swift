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
    // A focus of it is told in its own millimetres: they are no place of the image on the left.
    if model.showsUnregisteredSPECT { put(", SPECT not in it", Ink.red) }
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
  let (drawn, rank) = (model.drawnOverlayName, model.valueRanks)
  let order = values.indices.sorted {
    (rank(values[$0].name), $0) < (rank(values[$1].name), $1)
  }
  var room = end - at
  var shown: Set<Int> = []
  func take(_ places: [Int]) {
    for n in places where width(values[n]) <= room {
      shown.insert(n)
      room -= width(values[n])
    }
  }
  take(order.filter { rank(values[$0].name) <= 0 })
  if let label = model.scene.regionName(at: model.cursor), 2 + label.count <= room {
    put("  " + label, Ink.text)
    room -= 2 + label.count
  }
  if let network = model.scene.networks?.name(at: model.cursor), 3 + network.count <= room {
    put(" (\(network))", Ink.dim)
    room -= 3 + network.count
  }
  take(order.filter { rank(values[$0].name) > 0 })
  for n in drawn == nil ? Array(values.indices) : order where shown.contains(n) {
    put(String(repeating: " ", count: gap) + values[n].name + " ", Ink.dim)
    put(values[n].value, Ink.strong)
  }
}

/// "+3", "−52.5": no digit that says nothing.
private func signedNumber(_ x: Double) -> String {
  fixed(x, abs(x - x.rounded()) < 0.05 ? 0 : 1, signed: true)
}

/// Whether two decimals would not tell it from 0.
private func isTiny(_ x: Double) -> Bool { x != 0 && abs(x) < 0.005 }

/// How early a value must be on screen: 0 is what the two panes show.
private func valueRank(_ name: String) -> Int {
  switch name {
  case "r", "window r", "SPECT", "SIMULATED", "SIMULATED r", "SIMULATED lost", "second r", "Δz/SE",
    "difference", "asymmetry":
    0
  case "voxel at", "z normals", "q", "AI 2 voxels", "contrast kept": 1
  case "r's z": 2
  case "mirror", "whole run r", "r's p", "N eff here", "unscaled": 3
  case "BOLD", "Fisher z": 4
  default: 2
  }
}

extension Model {
  /// Whether the right side is of a SPECT that nothing laid over the scene.
  fileprivate var showsUnregisteredSPECT: Bool {
    rightSPECT.map { scene.spects[$0].measured.placement.isUnregistered } ?? false
  }

  private static func valueName(_ given: NamedVolume) -> String {
    shortened(visibleText(given.name, limit: 40), 16)
  }

  /// What the value of the current overlay is called, where that is not the seed's map; nil while none is drawn.
  fileprivate var drawnOverlayName: String? {
    overlays.isShown ? given(currentOverlayID).map(Self.valueName) : nil
  }

  /// How early each value must be on screen: that of the map that is drawn before that of one that is hidden.
  fileprivate var valueRanks: (String) -> Int {
    guard let drawn = drawnOverlayName else { return valueRank }
    let hidesMap = !shownOverlays.contains { $0.id == .map }
    return { $0 == drawn ? -1 : $0 == "r" && hidesMap ? 2 : valueRank($0) }
  }

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
      out.append(("r's z", fixed(Double(inference.z[place]), 2, signed: true)))
      out.append(("q", probabilityText(Double(inference.q[place]))))
      // They are of r: behind another number they would be read as of that.
      out.append(("r's p", probabilityText(Double(inference.p[place]))))
      out.append(("N eff here", fixed(Double(inference.effectiveN[place]), 0)))
    }
    if let r = connectivity.seedVolume.map({ Double($0.nearest(cursor)) }), r.isFinite {
      out.append(("Fisher z", fixed(fisherZ(r), 2, signed: true)))
    }
    for given in scene.overlays {
      if let text = number(given.volume, 2, signed: true) {
        out.append(
          (
            Self.valueName(given),
            given.activity == nil && !isTiny(Double(given.volume.nearest(cursor)))
              ? text : numberText(Double(given.volume.nearest(cursor)))
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

import Basics
import CellUI
import Connectivity
import Imaging
import Perfusion
import Targeting

/// One thing that is said, under a topic: when the words of a topic change it is said again.
package struct Utterance: Equatable, Sendable {
  package var topic: String
  package var words: String

  package init(topic: String, words: String) {
    self.topic = topic
    self.words = words
  }
}

/// Everything that the screen means, in words: what pictures and colours say included.
package func spoken(_ model: Model) -> [Utterance] {
  var out: [Utterance] = []
  func say(_ topic: String, _ words: String) {
    if !words.isEmpty { out.append(Utterance(topic: topic, words: words)) }
  }
  let scene = model.scene
  let grid = scene.grid.map {
    "\(scene.space == .mni152 ? "MNI152" : "native space") \(plainNumber($0.spacing.0, 1)) mm"
  }
  say(
    "file",
    [
      scene.unmeasuredWord, scene.sideWord, scene.title.isEmpty ? nil : visibleText(scene.title),
      grid, "for research and education, not for diagnosis",
    ].compactMap { $0 }.joined(separator: ", "))
  if scene.grid == nil { say("state", model.shell.isLoading ? "reading" : "nothing to show") }
  if model.showsPeople {
    if model.showsSeries { saySeries(model, say) } else { sayPeople(model, say) }
    sayFoot(model, say)
    return out
  }
  say("where", model.context == .slices ? "" : model.context.title)
  guard scene.grid != nil else {
    sayFoot(model, say)
    return out
  }
  if model.showsLesson {
    for one in lessonWords(model) { say(one.topic, one.words) }
    sayFoot(model, say)
    return out
  }
  if let targets = model.targets.list, !model.shell.showsHelp {
    sayTargets(model, targets, say)
    return out
  }
  say("plane", model.planeWords)
  say("cursor", model.cursorWords)
  say("left pane", model.leftWords)
  say("right pane", model.rightWords)
  for value in model.valuesAtCursor { say(visibleText(value.name, limit: 40), value.value) }
  say("threshold", model.thresholdWords)
  if let run = scene.run, run.frameCount > 1 {
    say("frame", "\(model.navigation.frame) of 0 to \(run.frameCount - 1)")
  }
  if model.shell.panel != nil {
    // Panels of words are said as they stand; those of pictures say what is at the cursor.
    for (n, line) in panelLines(model).enumerated() { say("panel \(n + 1)", line) }
  }
  if model.shell.showsHelp {
    say("help", "\(model.helpLines.count) keys and commands; narrowed to \"\(model.ways.filter)\"")
    let lines = model.helpLines
    for (n, line) in lines.enumerated() where lines.count <= 6 {
      say(
        "help \(n + 1)",
        "\(line.keys): \(line.text)" + (line.reason.map { ", not now: \($0)" } ?? ""))
    }
  }
  sayFoot(model, say)
  return out
}

/// What the list of targets shows, which is not what the panes below it show.
private func sayTargets(
  _ model: Model, _ targets: TargetsState, _ say: (String, String) -> Void
) {
  say("planes", "axial, coronal and sagittal through the target")
  say("cursor", model.cursorWords)
  say("map", model.targetMapWords(targets))
  say("target", model.targetWords(targets))
  sayFoot(model, say)
}

/// What is typed, what is being done, and the message at the foot.
private func sayFoot(_ model: Model, _ say: (String, String) -> Void) {
  if let prompt = model.shell.prompt {
    let offered = prompt.offer?.completion.words.prefix(12).map { visibleText($0) } ?? []
    say("typed", "\(prompt.label)\(visibleText(prompt.text))")
    if !offered.isEmpty { say("offered", offered.joined(separator: ", ")) }
  }
  if let progress = model.shell.progress {
    say("doing", progress.text + (model.showsEndOfProgress ? ", Esc cancels" : ""))
  }
  if let notice = model.notice { say(notice.isError ? "error" : "message", notice.text) }
}

/// The topics whose words are not what they were.
package func changes(_ before: [Utterance], _ now: [Utterance]) -> [Utterance] {
  now.filter { !before.contains($0) }.map { one in
    // What is typed is said letter by letter; all of it again when something was taken away.
    guard one.topic == "typed", let old = before.first(where: { $0.topic == "typed" }),
      one.words.hasPrefix(old.words), one.words.count > old.words.count
    else { return one }
    let new = String(one.words.dropFirst(old.words.count))
    return Utterance(topic: "typed", words: new == " " ? "blank" : new)
  }
}

extension Model {
  fileprivate var planeWords: String {
    guard hasWorld else {
      return "\(navigation.plane.rawValue); the file does not say which side is left"
    }
    let axes = ScreenAxes(plane: navigation.plane, isRadiological: navigation.isRadiological)
    let letters = axes.letters(scene.laterality)
    let names = ["L": "left", "R": "right", "A": "front", "P": "back", "S": "top", "I": "bottom"]
    return
      "\(navigation.plane.rawValue), \(sliceLabel(self, navigation.plane)) mm, "
      + (navigation.isRadiological ? "radiological" : "neurological")
      + ": the head's \(names[letters.right] ?? "") is on the right of the screen"
  }

  fileprivate var cursorWords: String {
    guard hasWorld else {
      return scene.grid?.nearestVoxel(cursor).map {
        "voxel \($0.i) \($0.j) \($0.k), \(Side.unknown.rawValue)"
      } ?? "outside of the image"
    }
    let mm = [cursor.x, cursor.y, cursor.z].map { fixed($0, 1, signed: true) }
    return
      "\(mm.joined(separator: " ")) mm \(scene.space == .mni152 ? "MNI152" : "native"), "
      + scene.sideRule.side(of: cursor).rawValue
      + (scene.regionName(at: cursor).map { ", \($0)" } ?? "")
      + (scene.networks?.name(at: cursor).map { ", network \($0)" } ?? "")
      + (scene.mask.map { mask in
        mask.grid.nearestVoxel(cursor).map(mask.contains) == true
          ? "" : ", outside of the brain mask"
      } ?? "")
  }

  fileprivate var leftWords: String {
    var words = [scene.run == nil ? "image" : "rsfMRI"]
    if connectivity.isLive { words.append("LIVE: the seed follows the cursor") }
    if let windows = movie.windows, overlays.index == 0 {
      words.append(windowTitle(windows, movie.index))
    } else if let map = connectivity.seedMap, overlays.index == 0 {
      words.append(
        "connectivity of \(map.seed.title), \(map.degreesOfFreedom) degrees of freedom, "
          + shortSummary(map.denoising))
    } else if let overlay {
      words.append(visibleText(overlay.name, limit: 60))
    } else if scene.run != nil {
      words.append("no seed yet")
    }
    if overlay != nil, !overlays.isShown { words.append("overlay hidden") }
    words.append("on \(visibleText(underlay?.name ?? "nothing", limit: 60))")
    return words.joined(separator: ", ")
  }

  fileprivate var rightWords: String {
    let right = rightContent
    var words = [right.heading]
    if right.isSimulated { words.append("no perfusion measurement") }
    words.append(right.detail.split(separator: " ").joined(separator: " "))
    if panes.rightHasFocus { words.append("{ and } speak of this pane") }
    if rightIsHot { words.append("colours of \(shell.palette.title)") }
    return words.filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// What the colour at the cursor means.
  fileprivate var thresholdWords: String {
    guard let shown = shownOverlay(currentOverlayID) else { return "" }
    let (low, high) = (shown.passed.level, max(shown.passed.level, shown.style.ceiling))
    let v = Double(shown.volume.nearest(cursor))
    let passes =
      shown.passed.passes.map { all in
        shown.volume.grid.nearestVoxel(cursor).map { all[shown.volume.grid.offset($0)] } ?? false
      } ?? (abs(v) >= low)
    let here: String
    if !v.isFinite {
      here = "no data here"
    } else if !passes {
      here = "here below it, faded"
    } else {
      here =
        "here beyond it, \(v < 0 ? "negative" : "positive")"
        + (abs(v) >= high ? ", brightest colour" : "")
    }
    return "\(numberText(low)) to \(numberText(high)), \(here)"
  }

  fileprivate func targetMapWords(_ state: TargetsState) -> String {
    let map = state.report.result.map
    return [
      state.report.settings.methodText, state.report.denoising.summary,
      "\(map.degreesOfFreedom) degrees of freedom", "coloured from |r| \(fixed(rThreshold, 2))",
    ].joined(separator: ", ")
  }

  fileprivate func targetWords(_ state: TargetsState) -> String {
    guard let entry = currentTarget else { return "no candidate" }
    let p = entry.point
    let r = entry.candidate?.r ?? Double(state.report.result.map.volume.nearest(p))
    let mm = [p.x, p.y, p.z].map { fixed($0, 1, signed: true) }.joined(separator: " ")
    var words = [
      "\(state.index + 1) of \(targetEntries.count): \(visibleText(entry.name, limit: 60))",
      scene.sideRule.side(of: p).rawValue, "\(mm) mm", "r \(fixed(r, 3, signed: true))",
    ]
    if let c = entry.candidate {
      words.append(
        "p over the region \(fixed(c.regionWideP, 3))" + (c.peakWords.map { " \($0)" } ?? ""))
      if c.rank == state.report.result.selected { words.append("selected") }
    }
    if let label = scene.regionName(at: p) { words.append(label) }
    if state.isConfirming { words.insert("CONFIRM, \(key(.accept)) names and saves it", at: 0) }
    return (words + state.report.warnings).joined(separator: ", ")
  }
}

/// What stands in a panel, without its pictures.
private func panelLines(_ model: Model) -> [String] {
  if model.shell.panel == .matrix, let matrix = model.analyses.matrix {
    let here = model.placeAtCursor.flatMap { place in
      matrix.parcels.firstIndex { $0.places.contains(place) }
    }
    guard let here else { return ["matrix of \(matrix.count) regions, none at the cursor"] }
    let others = (0..<matrix.count).filter { $0 != here && matrix[here, $0].isFinite }
      .sorted { (matrix[here, $0], $0) > (matrix[here, $1], $1) }
    func name(_ n: Int) -> String {
      "\(matrix.parcels[n].name) \(fixed(matrix[here, n], 2, signed: true))"
    }
    return [
      "matrix of \(matrix.count) regions; here \(matrix.parcels[here].name)",
      "most coupled with " + others.prefix(5).map(name).joined(separator: ", "),
      "least coupled with " + others.suffix(5).reversed().map(name).joined(separator: ", "),
    ]
  }
  if model.shell.panel == .bookmarks {
    return model.ways.bookmarks.enumerated().map { n, mark in
      (n == model.ways.bookmarkIndex ? "here: " : "") + visibleText(mark.name)
        + (mark.note.isEmpty ? "" : ": " + visibleText(mark.note))
    }
  }
  if model.shell.panel == .motion, let run = model.scene.run {
    let d = model.scene.denoising
    let lost = d.droppedFrames + d.censoredFrames.count
    let moved = (model.scene.quality?.displacement ?? []).filter(\.isFinite).max()
    return [
      "motion: \(run.frameCount) frames, \(d.droppedFrames) dropped, \(d.censoredFrames.count) "
        + "censored, \(run.frameCount - lost) kept",
      moved.map { "largest displacement between frames \(fixed($0, 2)) mm" }
        ?? "displacement unknown: no motion file",
    ]
  }
  // Text of the screen itself, without picture cells and without the lines that are said anyhow.
  var plain = model
  plain.notice = nil
  plain.shell.prompt = nil
  plain.shell.size = Size(columns: 120, rows: 40)
  plain.shell.capabilities = Capabilities(colours: .direct, unicode: true)
  let frame = view(plain)
  let layout = Layout(plain.shell.size)
  return (1..<layout.values).compactMap { row in
    var line = String.UnicodeScalarView()
    for column in 0..<frame.size.columns {
      let cell = frame[row, column]
      let isPlot =
        (0x2800...0x28ff).contains(cell.glyph.value) || "│┐┘".unicodeScalars.contains(cell.glyph)
      line.append(cell.style.contains(.picture) || isPlot ? " " : cell.glyph)
    }
    let words = String(line).split(separator: " ").joined(separator: " ")
    return words.isEmpty ? nil : words
  }
}

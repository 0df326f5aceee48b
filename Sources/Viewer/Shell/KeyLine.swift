import CellUI
import Imaging

/// A hint at the foot of the screen: keys, and what they do.
struct KeyHint {
  /// A piece of text; nil where a click means nothing.
  struct Part {
    let text: String
    var target: HintTarget?
  }

  let keys: [Part]
  let words: [Part]

  var count: Int { (keys + words).reduce(0) { $0 + $1.text.count } }

  /// - Parameter text: what the keys do; where it names as many things as there are keys, each belongs to its own.
  init(_ keys: [Part], _ text: String) {
    self.keys = keys
    let targets = keys.compactMap(\.target)
    let separator = text.contains("/") ? "/" : ", "
    let names = text.split(separator: separator)
    if targets.count == 1 {
      words = [Part(text: " " + text, target: targets[0])]
    } else if names.count == targets.count {
      var parts: [Part] = []
      for (n, name) in names.enumerated() {
        parts.append(Part(text: n == 0 ? " " : separator))
        parts.append(Part(text: String(name), target: targets[n]))
      }
      words = parts
    } else {
      words = [Part(text: " " + text)]
    }
  }
}

/// Hints as the keys of a person's own table are written.
struct KeyHints {
  let table: KeyTable

  /// The first of several: the line is short.
  func key(_ action: Action) -> String {
    let shown = table.shown(action) ?? ":" + action.name
    return shown.split(separator: " ").first.map(String.init) ?? shown
  }

  func part(_ action: Action) -> KeyHint.Part {
    KeyHint.Part(text: key(action), target: .action(action))
  }

  private func parts(_ actions: [Action], separator: String = " ") -> [KeyHint.Part] {
    var out: [KeyHint.Part] = []
    for action in actions {
      if !out.isEmpty, !separator.isEmpty { out.append(KeyHint.Part(text: separator)) }
      out.append(part(action))
    }
    return out
  }

  private var arrowParts: [KeyHint.Part] { parts([.left, .up, .down, .right], separator: "") }
  private var sliceParts: [KeyHint.Part] {
    guard key(.sliceForward) == "PgUp", key(.sliceBack) == "PgDn" else {
      return parts([.sliceForward, .sliceBack])
    }
    return [
      part(.sliceForward), KeyHint.Part(text: "/"),
      KeyHint.Part(text: "Dn", target: .action(.sliceBack)),
    ]
  }

  func hint(_ actions: Action..., words: String) -> KeyHint { KeyHint(parts(actions), words) }
  func arrows(_ words: String) -> KeyHint { KeyHint(arrowParts, words) }
  func slices(_ words: String) -> KeyHint { KeyHint(sliceParts, words) }
  func arrowsAndSlices(_ words: String) -> KeyHint {
    KeyHint(arrowParts + [KeyHint.Part(text: " ")] + sliceParts, words)
  }
  /// Keys that go up and down in lines as well as in slices.
  func lines(_ words: String) -> KeyHint {
    KeyHint(
      parts([.up, .down], separator: "") + [KeyHint.Part(text: " ")] + sliceParts, words)
  }
  /// From the first to the last of a row of keys.
  func range(_ first: Action, _ last: Action, words: String) -> KeyHint {
    KeyHint([part(first), KeyHint.Part(text: "–"), part(last)], words)
  }
  /// What is typed and is no key.
  func typed(_ text: String, words: String) -> KeyHint {
    KeyHint([KeyHint.Part(text: text)], words)
  }

  var help: KeyHint { hint(.help, words: "help") }
  var quit: KeyHint { hint(.quit, words: "quit") }
}

extension Model {
  /// How the first key of an action is written in a person's own table; `:name` where it has none.
  func key(_ action: Action) -> String { KeyHints(table: ways.keys).key(action) }
}

/// The keys that matter now, the most wanted first, the way out last.
func keyLine(_ model: Model) -> [KeyHint] {
  let keys = KeyHints(table: model.ways.keys)
  let out = [keys.help, keys.quit]
  switch model.context {
  case .help: return helpHints
  case .confirm:
    let side = model.currentTarget.map { model.scene.sideRule.side(of: $0.point).rawValue } ?? ""
    return [
      keys.hint(.accept, words: "name and save \(side)"), keys.hint(.back, words: "back"),
    ] + out
  case .following:
    return [
      keys.arrowsAndSlices("move the sphere"),
      keys.hint(.frameBack, .frameForward, words: "percentile"),
      keys.hint(.back, words: "stay here"),
    ] + out
  case .targets: return targetHints(keys) + out
  case .lesson:
    return [
      keys.hint(.next, words: "next"), keys.hint(.previous, words: "previous"),
      keys.hint(.axial, words: "answer"),
    ] + lessonHints(model, keys) + [
      keys.hint(.coronal, words: "contents"), keys.hint(.back, words: "leave"),
      keys.hint(.play, words: model.lessonNow.autoSeconds == nil ? "by itself" : "stop"),
    ] + out
  case .registration: return registrationHints(keys) + out
  case .bookmarks:
    return [
      keys.hint(.next, .previous, words: "next/previous"),
      keys.hint(.accept, words: "there, to the slices"), keys.hint(.note, words: "note"),
      keys.hint(.reject, words: "take away"), keys.hint(.back, words: "back"),
    ] + out
  case .panel: return panelHints(model, keys) + out
  case .people: return peopleHints(model, keys)
  case .series: return seriesHints(model, keys)
  case .movie:
    return [
      keys.hint(.play, words: model.movie.isPlaying ? "stop" : "play"),
      keys.hint(.frameBack, .frameForward, words: "window"),
      keys.hint(.back, words: model.movie.isPlaying ? "stop" : "end of the movie"),
      keys.arrows("cursor"), keys.hint(.cycleRight, words: "right"),
    ] + out
  case .slices: return layoutHints(model, keys) ?? sliceHints(model, keys)
  }
}

/// Letters narrow the help, so that only these keys are keys.
private let helpHints = [
  KeyHint([KeyHint.Part(text: "type")], "to narrow"),
  KeyHint(
    [
      KeyHint.Part(text: "PgUp", target: .key(.pageUp)), KeyHint.Part(text: "/"),
      KeyHint.Part(text: "Dn", target: .key(.pageDown)),
    ], "page"),
  KeyHint([KeyHint.Part(text: "Enter", target: .key(.enter))], "do it when one is left"),
  KeyHint([KeyHint.Part(text: "Esc", target: .key(.escape))], "back"),
]

private func targetHints(_ keys: KeyHints) -> [KeyHint] {
  [
    keys.hint(.next, .previous, words: "next/previous"), keys.hint(.accept, words: "confirm"),
    keys.hint(.take, .reject, words: "accept/reject"), keys.hint(.back, words: "back"),
    keys.hint(.note, words: "note"), keys.hint(.rename, words: "rename"),
    keys.hint(.undo, words: "undo"), keys.hint(.frameBack, .frameForward, words: "percentile"),
    keys.hint(.searchHere, words: "search here"), keys.hint(.live, words: "follow"),
  ]
}

private func registrationHints(_ keys: KeyHints) -> [KeyHint] {
  [
    keys.hint(.back, words: "back"), keys.arrowsAndSlices("move"),
    keys.hint(.frameBack, .frameForward, words: "turn"),
    keys.hint(.thresholdDown, .thresholdUp, words: "step"), keys.hint(.seed, words: "register"),
    keys.hint(.overlay, words: "checks/edges"), keys.hint(.undo, words: "undo"),
    keys.hint(.accept, words: "accept"), keys.hint(.reject, words: "as stored"),
  ]
}

/// The one thing that changes in a step, and the truth where it is known.
private func lessonHints(_ model: Model, _ keys: KeyHints) -> [KeyHint] {
  let step = Lesson.steps[model.lessonNow.step]
  return (step.variable.map { [keys.hint(.finer, .coarser, words: $0)] } ?? [])
    + (model.knownTruth(step).isEmpty ? [] : [keys.hint(.targets, words: "truth")])
}

private func panelHints(_ model: Model, _ keys: KeyHints) -> [KeyHint] {
  let back = keys.hint(.back, words: "back to the slices")
  switch model.shell.panel {
  case .perfusion:
    let clusters = model.perfusion.sheet?.peaks.isEmpty == false
    return [
      back, keys.lines("lines"),
      clusters
        ? keys.hint(.next, .previous, words: "cursor to a cluster")
        : keys.typed(":perfusion X", words: "clusters beyond ± X"),
    ]
  case .overlays:
    return [
      back, keys.hint(.nextOverlay, words: "choose"), keys.hint(.keep, words: "keep"),
      keys.hint(.raise, .lower, words: "higher, lower"),
      keys.hint(.thresholdDown, .thresholdUp, words: "threshold"),
      keys.hint(.thresholdKind, words: "of what"), keys.hint(.sign, words: "signs"),
      keys.hint(.clusterSize, words: "clusters"), keys.hint(.outline, words: "outline"),
      keys.hint(.sheer, .opaque, words: "opacity"),
    ]
  default:
    return [
      back, keys.hint(.motion, words: "motion"), keys.hint(.matrix, words: "matrix"),
      keys.hint(.networks, words: "networks"),
    ]
  }
}

private func sliceHints(_ model: Model, _ keys: KeyHints) -> [KeyHint] {
  let people =
    model.browser.listing == nil
    ? []
    : model.browser.series.isShown
      ? [keys.hint(.people, words: "series")]
      : [
        keys.hint(.people, words: "people"),
        keys.hint(.nextPerson, .previousPerson, words: "person"),
      ]
  // Of a picture on a fixed scale there is no threshold, and its foci are what it was made for.
  let foci =
    model.marksFoci
    ? [keys.hint(.next, .previous, words: "foci"), keys.hint(.otherPane, words: "other pane")] : []
  let clusters = model.marksFoci ? [] : [keys.hint(.next, .previous, words: "clusters")]
  let threshold =
    model.marksFoci ? [] : [keys.hint(.thresholdDown, .thresholdUp, words: "threshold")]
  return [keys.arrows("cursor"), keys.slices("slice")] + foci + [
    keys.hint(.seed, words: "seed")
  ] + people + [
    keys.hint(.live, words: model.connectivity.isLive ? "live ON" : "live"),
    keys.hint(.cycleRight, words: "right"), keys.help, keys.hint(.targets, words: "targets"),
  ] + threshold + [
    keys.hint(.command, words: "command"), keys.hint(.goTo, words: "go to"),
    keys.hint(.axial, .coronal, .sagittal, words: "plane"),
    keys.range(.side, .flicker, words: "layout"), keys.hint(.zoomIn, .zoomOut, words: "zoom"),
  ] + clusters + [
    keys.hint(.undoView, words: "undo"),
    keys.hint(.bookmarks, words: "bookmarks"), keys.hint(.overlay, words: "overlay"),
    keys.hint(.underlay, words: "underlay"), keys.hint(.finer, .coarser, words: "camera mm"),
    keys.hint(.flip, words: "flip"), keys.hint(.motion, words: "motion"),
    keys.hint(.matrix, words: "matrix"), keys.hint(.activity, words: "activity"),
    keys.hint(.movie, words: "windows"), keys.hint(.course, words: "course"), keys.quit,
  ]
}

/// The keys of a layout that has some of its own; nil for the others.
private func layoutHints(_ model: Model, _ keys: KeyHints) -> [KeyHint]? {
  let zoom = keys.hint(.zoomIn, .zoomOut, words: "zoom")
  if model.navigation.isPanning {
    return [
      keys.arrows("move the picture"), zoom, keys.hint(.centre, words: "cursor to the middle"),
      keys.hint(.zoomReset, words: "all"),
      keys.hint(.back, words: "arrows move the cursor again"), keys.quit,
    ]
  }
  let otherSide = keys.hint(.otherPane, words: "other side")
  let common = [
    keys.arrows("cursor"), keys.slices("slice"),
    keys.hint(.zoomIn, .zoomOut, .zoomReset, words: "zoom"), keys.hint(.seed, words: "seed"),
    keys.hint(.cycleRight, words: "right"), keys.help, keys.hint(.side, words: "side by side"),
    otherSide, keys.quit,
  ]
  switch model.view.layout {
  case .side: return nil
  case .planes: return model.shell.size.columns < 100 ? [otherSide] + common : nil
  case .lightbox:
    return [
      keys.hint(.less, .more, words: "denser, wider"),
      keys.hint(.axial, .coronal, .sagittal, words: "plane"),
    ] + common
  case .fused:
    return [
      keys.hint(.less, .more, words: "less, more of the right"),
      keys.hint(.flicker, words: "flicker"),
    ] + common
  case .flicker:
    return [
      keys.hint(.flicker, words: "other side"),
      keys.hint(.play, words: model.isAlternating ? "stop" : "by itself"),
      keys.hint(.fused, words: "fused"),
    ] + common
  }
}

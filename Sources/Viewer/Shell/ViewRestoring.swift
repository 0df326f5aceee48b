package import Basics
import Connectivity
import Imaging
import Targeting

/// Shows what a workspace file or the command line asks for, once everything is loaded.
func begin(_ model: inout Model, _ start: StartState) -> [Effect] {
  var effects: [Effect] = []
  for line in start.commands {
    let made = runCommand(&model, line)
    // Only the last cleaning is wanted: each holds those before it.
    if case .prepare? = made.first {
      effects.removeAll { if case .prepare = $0 { true } else { false } }
    }
    effects += made.filter { if case .findTargets = $0 { false } else { true } }
  }
  model.targets.isSearching = false
  var view = start.view
  if !start.statesProxy || !model.scene.proxies.contains(view.camera.proxy) {
    view.camera.proxy = model.scene.usualProxy
  }
  let placesCursor =
    start.placesCursor && (!start.placesInMNIOnly || model.hasWorld && model.scene.space == .mni152)
  if !placesCursor { view.cursor = model.cursor } else { model.navigation.hasMoved = true }
  view.seed = nil
  view.right = model.possible(view.right)
  let wantsPanel = view.panel
  view.panel = nil
  let isLive = view.isLive
  view.isLive = false
  // Camera and pane first: the seed's map is asked for as they need it.
  model.setPlainState(view)
  model.ways.overlayAfterSeed = view.overlay
  if let words = start.seedWords {
    effects += seedCommand(&model, words)
    model.connectivity.seedFollows = !placesCursor
  } else if let seed = model.scene.initialSeed {
    effects += askSeedMap(&model, seed)
  } else {
    model.ways.overlayAfterSeed = nil
  }
  let needsMap =
    switch view.right {
    case .mapBlurred, .seriesBlurred, .second, .change: true
    default: false
    }
  model.cursor = view.cursor
  model.navigation.frame = max(0, min((model.scene.run?.frameCount ?? 1) - 1, view.frame))
  model.navigation.underlayIndex = max(0, min(model.underlayCount - 1, view.underlay))
  model.connectivity.isLive = isLive && model.scene.run != nil
  if let measure = view.activity, model.scene.run != nil {
    effects += askActivity(&model, measure)
  }
  if !needsMap { effects += refreshRight(&model) }
  model.ways.start = nil
  if let wantsPanel {
    var opened = model.viewState
    opened.panel = wantsPanel
    effects += show(&model, opened)
  }
  if start.opensTargets { effects += askTargets(&model) }
  model.ways.past = []
  model.ways.future = []
  return effects
}

extension Model {
  /// The right pane as it can be: one that nothing was given for would stay empty.
  fileprivate func possible(_ right: RightPane) -> RightPane {
    switch right {
    case .measured where scene.spects.isEmpty && scene.run != nil: .simulated
    // Without a run no camera has anything to look at.
    case .simulated, .mapBlurred, .seriesBlurred: scene.run == nil ? .measured(0) : right
    default: right
    }
  }
}

/// Remembers a command that changed what is computed: a workspace file says it again.
func noteSetting(_ model: inout Model, _ line: String) {
  let name = line.prefix { $0 != " " }
  model.ways.settings.removeAll { $0.prefix { $0 != " " } == name }
  model.ways.settings.append(line)
}

/// The seed whose map came, with the words that it was asked for in.
func takeSeed(_ model: inout Model, _ seed: Seed) {
  if case .seedText(let text, _, _)? = model.requests.answering?.effect {
    model.ways.seedWords[seed.title] = text
  }
  model.ways.seed = seed
}

func workspaceCommand(_ model: inout Model, _ rest: String) -> [Effect]? {
  let word = String(rest.prefix { $0 != " " })
  let name = String(rest.dropFirst(word.count)).trimmedBlanks
  guard word == "save", !name.isEmpty else { return nil }
  guard !name.hasPrefix("--"), !name.contains(" --"), !name.hasPrefix("~") else {
    return refuse(
      &model, "type a path alone, without options and ~; what is there is never replaced")
  }
  guard name.hasSuffix(".json") || !(name.split(separator: "/").last ?? "").contains("."),
    !name.hasSuffix("/")
  else { return refuse(&model, "a workspace's name ends in .json") }
  guard model.scene.grid != nil, !model.shell.isLoading else {
    return refuse(&model, "the files are still being read")
  }
  if let moved = model.scene.spects.first(where: { $0.sceneFromFile != .identity }),
    model.registration?.history.isEmpty == false
  {
    return refuse(
      &model,
      "\(visibleText(moved.name, limit: 40)) was moved: accept it first (\(model.key(.registration)), "
        + "\(model.key(.accept))) and start with "
        + "--transform, else the workspace would show it elsewhere")
  }
  return [.saveWorkspace(model.workspace, name: name.hasSuffix(".json") ? name : name + ".json")]
}

extension Model {
  /// What a workspace file holds beside the files themselves.
  package var workspace: JSON {
    var members: [(String, JSON)] = [("view", ViewField.json(viewState))]
    if let words = ways.seed.flatMap(seedText) { members.append(("seed", .string(words))) }
    members.append(("commands", .array(ways.settings.map(JSON.string))))
    members.append(("targets_open", .bool(targets.list != nil)))
    members.append(("bookmarks", .array(ways.bookmarks.map(\.json))))
    members.append(("targets", .array((targets.book + targets.saved).map(\.json))))
    return .object(members)
  }

  /// A seed as it can be typed; nil when it is known by its voxels alone.
  func seedText(_ seed: Seed) -> String? {
    if let typed = ways.seedWords[seed.title] { return typed }
    func n(_ x: Double) -> String { "\(x)" }
    switch seed {
    case .sphere(let c, let r, let name):
      if let name, Sites.seed(named: name) == seed { return name }
      return [c.x, c.y, c.z, r].map(n).joined(separator: ",")
    case .box(let c, let e):
      return "box:" + [c.x, c.y, c.z, e.x, e.y, e.z].map(n).joined(separator: ",")
    case .union(let parts):
      if let pair = Sites.seedNames.first(where: { Sites.seed(named: $0) == seed }) { return pair }
      let texts = parts.compactMap(seedText)
      return texts.count == parts.count ? texts.joined(separator: " + ") : nil
    case .region, .weighted: return nil
    }
  }
}

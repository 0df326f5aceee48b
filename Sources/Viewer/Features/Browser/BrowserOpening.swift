package import Basics
import CellUI
import Imaging

extension Model {
  /// What is asked for first where a folder of people is opened.
  package mutating func browse(_ folder: String) -> [Request] {
    shell.isLoading = false
    browser.isOpen = true
    browser.isWaiting = true
    return [requests.stamp(.browse(folder))]
  }

  /// Begins anew with another visit: nothing of the person before stays but where one is, the seed and the view.
  ///
  /// Answers to what was asked for before are not awaited any more.
  package mutating func begin(_ place: BrowserPlace?, _ choice: BrowserChoice) -> [Request] {
    var next = Model(size: shell.size, capabilities: shell.capabilities)
    next.shell.palette = shell.palette
    next.shell.showsCost = shell.showsCost
    next.ways.keys = ways.keys
    next.ways.typed = ways.typed
    next.ways.typedPlaces = ways.typedPlaces
    next.browser = browser
    next.browser.isOpen = false
    next.browser.opened = place
    next.browser.changed = choice.changed
    next.browser.line = place.flatMap { browser.shown.firstIndex(of: $0.visit) } ?? browser.line
    next.requests = requests
    _ = next.requests.drop { _, effect in !effect.isOfFolder }
    if let start = carriedStart(choice) {
      next.ways.start = start
      next.navigation.plane = start.view.plane
      next.navigation.isRadiological = start.view.isRadiological
      next.threshold = start.view.threshold
    }
    self = next
    return firstRequests(&self)
  }

  /// The list has changed since it was drawn: what is on screen is of nobody in it.
  package mutating func nobodyWasOpened() {
    browser.opened = nil
    browser.isOpen = true
    notice = Notice(text: "the list has changed; nobody was opened", isError: true)
  }

  /// Says why what was chosen is not opened.
  package mutating func refuseOpening(_ problem: Problem) {
    notice = Notice(text: problem.sentence, isError: true)
  }

  /// Says what was left out of who was opened.
  package mutating func tellOpening(_ notes: [String]) {
    guard !notes.isEmpty else { return }
    notice = Notice(
      text: notes.map { visibleText($0) }.joined(separator: "; "), isError: false)
  }

  /// The view that goes along; nil where nothing was on screen.
  private func carriedStart(_ choice: BrowserChoice) -> StartState? {
    // While a person is still being read, what is to go along is what came along.
    guard scene.grid != nil, !shell.isLoading else { return ways.start?.carried ?? ways.start }
    var view = viewState
    // What belongs to this person's own files stays with them.
    view.frame = 0
    view.overlay = 0
    view.underlay = 0
    view.panel = nil
    view.activity = nil
    view.presentation.pinned = []
    view.right = chosenRight
    view.presentation.styles = view.presentation.styles.filter { $0.key == .map }
    var start = StartState(view)
    start.seedWords = ways.seed.flatMap(seedText)
    // Millimetres of another person's own head would be another place.
    start.placesCursor = choice.carries && hasWorld && scene.space == .mni152
    start.placesInMNIOnly = true
    start.givesWay = !choice.carries
    return start
  }
}

/// Opens the visit on screen again with another file, or none, for one of its companions.
func changeCompanion(_ model: inout Model, _ text: String) -> [Effect]? {
  let word = String(text.prefix { $0 != " " })
  let path = String(text.dropFirst(word.count)).trimmedBlanks
  guard let kind = ChangeableCompanion(rawValue: word), !path.isEmpty else { return nil }
  guard let place = model.browser.opened else { return refuse(&model, noFolderWords) }
  guard !path.hasPrefix("--"), !path.hasPrefix("~") else {
    return refuse(&model, "type a path alone, without options and ~")
  }
  var changed = model.browser.changed
  changed[kind.rawValue] = path == "none" ? "" : path
  return open(&model, visit: place.visit, run: place.run, carries: true, changed: changed)
}

/// Lists another folder, or that of a file.
func openFolder(_ model: inout Model, _ path: String) -> [Effect] {
  guard !path.hasPrefix("--"), !path.hasPrefix("~") else {
    return refuse(&model, "type a path alone, without options and ~")
  }
  model.browser.isWaiting = true
  return [.browse(path)]
}

/// The folder, and what was found out about its rows.
func receivePeople(_ model: inout Model, _ message: Message) -> [Effect] {
  switch message {
  case .people(let listing):
    model.browser.take(listing)
    model.shell.progress = nil
    if let asked = listing.asked, listing.visits.indices.contains(asked.visit) {
      let file = listing.askedFile.map { [askedFile: $0] } ?? [:]
      return open(&model, visit: asked.visit, run: asked.run, carries: false, changed: file)
    }
    model.targets.list = nil
    model.shell.panel = nil
    model.browser.isOpen = true
    return askFacts(model)
  case .series(let listing):
    model.browser.series.take(listing)
    model.browser.isOpen = true
    model.browser.isWaiting = false
    model.shell.progress = nil
    model.targets.list = nil
    model.shell.panel = nil
    return []
  case .facts(let rows, let visits, let listing):
    guard listing == model.browser.listing?.number else { return [] }
    model.browser.learn(rows, ofVisits: visits)
    return []
  case .lastView(let state): return showLast(&model, state)
  default: return []
  }
}

/// How this image was looked at when it was last on screen; what goes along from another person counts for more.
private func showLast(_ model: inout Model, _ state: JSON) -> [Effect] {
  guard model.ways.start?.givesWay ?? true, !model.navigation.hasMoved, model.browser.opened != nil,
    let fields = state["view"]?.members
  else { return [] }
  var view = model.viewState
  for (name, value) in fields {
    // What an older or newer version wrote and is not known here is left as it is.
    guard let field = ViewField.named(name) else { continue }
    _ = field.read(&view, value)
  }
  var start = StartState(view)
  start.placesCursor = true
  start.seedWords = state["seed"]?.asString
  start.carried = model.ways.start ?? StartState(model.viewState)
  guard !model.shell.isLoading else {
    model.ways.start = start
    return []
  }
  return begin(&model, start)
}

extension Model {
  /// What the right pane shows by choice: what stands in for a SPECT that is missing is none.
  private var chosenRight: RightPane {
    scene.spects.isEmpty && panes.right == .simulated ? .measured(0) : panes.right
  }

  /// How the image on screen is looked at, for the next time; nil where nothing is.
  package var lastView: JSON? {
    guard browser.opened != nil, scene.grid != nil, !shell.isLoading, lesson.running == nil else {
      return nil
    }
    var view = viewState
    view.panel = nil
    view.right = chosenRight
    var members: [(String, JSON)] = [("view", ViewField.json(view))]
    if let words = ways.seed.flatMap(seedText) { members.append(("seed", .string(words))) }
    return .object(members)
  }
}

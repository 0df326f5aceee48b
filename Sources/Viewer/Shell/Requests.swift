package import Connectivity
package import Imaging
import Perfusion
package import Targeting

/// The name of one thing that was asked for; no two are alike.
package struct RequestID: Hashable, Comparable, Sendable {
  package let number: Int

  package init(_ number: Int) { self.number = number }

  package static func < (a: RequestID, b: RequestID) -> Bool { a.number < b.number }
}

/// An effect under its name, with what was on screen when it was asked for.
package struct Request: Sendable {
  package let id: RequestID
  package let effect: Effect
  /// What the answer is to be made of, where the screen and not a file decides that.
  package let shown: Shown

  package init(id: RequestID, effect: Effect, shown: Shown = Shown()) {
    self.id = id
    self.effect = effect
    self.shown = shown
  }
}

/// What was on screen when something was asked for.
package struct Shown: Sendable {
  /// The measured SPECT images as they lie, with what they are in per cent of.
  package var spects: [NamedSPECT] = []
  package var targets: TargetReport?
  package var coil: (place: WorldPoint, outlook: CoilOutlook)?

  package init() {}

  package init(_ model: Model) {
    spects = model.scene.spects
    targets = model.targets.list?.report
    coil = model.targets.list?.coil
  }
}

/// What an answer was made of: it is shown only beside the same.
package struct MadeOf: Equatable, Sendable {
  /// Where a SPECT lay and what it was in per cent of.
  package struct Place: Equatable, Sendable {
    package var sceneFromFile: Affine
    package var reference: String
    package var referenceMean: Double
  }

  /// How the runs were cleaned; nil before there are any.
  package var cleaning: CleaningChoice?
  package var spects: [Place]

  package init(cleaning: CleaningChoice?, spects: [NamedSPECT]) {
    self.cleaning = cleaning
    self.spects = spects.map {
      Place(
        sceneFromFile: $0.sceneFromFile, reference: $0.measured.uptake.reference,
        referenceMean: $0.measured.uptake.referenceMean)
    }
  }
}

/// What was asked for and is still awaited.
package struct Requests: Sendable {
  private var last = 0
  package private(set) var pending: [RequestID: Effect] = [:]
  /// The request that is being answered.
  package internal(set) var answering: (id: RequestID, effect: Effect)?
  /// Whose progress is shown.
  var progressing: RequestID?

  package init() {}

  /// Gives an effect its name. What it overtakes is awaited no more.
  package mutating func stamp(_ effect: Effect, _ shown: Shown = Shown()) -> Request {
    last += 1
    let id = RequestID(last)
    if let kind = effect.overtakes {
      pending = pending.filter { $0.value.overtakes != kind }
    }
    if effect.awaitsAnswer { pending[id] = effect }
    return Request(id: id, effect: effect, shown: shown)
  }

  package mutating func finish(_ id: RequestID) {
    pending[id] = nil
    if progressing == id { progressing = nil }
  }

  /// Awaits nothing more of these; returns their names.
  mutating func drop(where isWorthless: (RequestID, Effect) -> Bool) -> [RequestID] {
    let ids = pending.filter { isWorthless($0.key, $0.value) }.map(\.key).sorted()
    for id in ids { finish(id) }
    return ids
  }

  func isAwaited(_ matches: (Effect) -> Bool) -> Bool { pending.values.contains(where: matches) }
}

extension Effect {
  /// Whether something comes back.
  package var awaitsAnswer: Bool {
    switch self {
    case .cancel, .forget, .suspend, .redraw, .quit, .openVisit, .openSeries: false
    default: true
    }
  }

  /// What goes on when a person presses Esc: files that are written, and what the worker itself becomes.
  package var outlivesCancelling: Bool {
    switch self {
    case .load, .prepare: true
    default: isSaving
    }
  }

  /// Whether files of a person's own are read or written, beside all that is computed.
  package var isSaving: Bool {
    switch self {
    case .recall, .save, .keepBook, .keepBookmarks, .saveWorkspace, .savePicture, .saveChart,
      .keepTransform, .review, .decideSides:
      true
    default: false
    }
  }

  /// Whether it is about the folder of people and none of them.
  package var isOfFolder: Bool {
    switch self {
    case .browse, .browseSeries, .learnVisits, .review: true
    default: false
    }
  }

  /// Whether the answer hangs on how the runs are cleaned.
  package var restsOnCleaning: Bool {
    switch self {
    case .seedMap, .seedText, .activity, .matrix, .networks, .movie, .windowBand, .change,
      .blurSeries, .peaks, .findTargets, .lesson:
      true
    case .simulate(let camera, _), .simulateSlice(let camera, _), .scan(let camera, _):
      camera.proxy == .alff || camera.proxy == .template
    default: false
    }
  }

  /// Whether the answer hangs on where the SPECT images lie and on their reference.
  package var restsOnSPECT: Bool {
    switch self {
    case .perfusion, .makePicture, .lesson(.perfusion, _): true
    default: false
    }
  }

  /// The panel without which nobody wants the answer.
  var panel: Panel? {
    switch self {
    case .motion: .motion
    case .matrix: .matrix
    case .networks: .networks
    case .perfusion: .perfusion
    case .peaks: .losses
    case .register: .registration
    default: nil
    }
  }

  var isOfTargets: Bool {
    switch self {
    case .findTargets, .planCoil: true
    default: false
    }
  }
}

extension Model {
  /// Whether something is being done that Esc ends.
  var canCancel: Bool {
    shell.progress != nil
      && (showsEndOfProgress || requests.isAwaited { !$0.outlivesCancelling })
  }

  /// Whether Esc ends just that whose progress is shown.
  var showsEndOfProgress: Bool {
    requests.progressing.flatMap { requests.pending[$0] }?.outlivesCancelling != true
  }

  /// Whether an answer belongs to what is shown.
  func shows(_ made: MadeOf?, for effect: Effect) -> Bool {
    guard let made else { return true }
    if effect.restsOnCleaning, let cleaning = made.cleaning, cleaning != scene.choice {
      return false
    }
    return !effect.restsOnSPECT || made.spects == MadeOf(cleaning: nil, spects: scene.spects).spects
  }

  /// Whether what is being answered was asked with the camera as it is.
  var answersCamera: Bool {
    switch requests.answering?.effect {
    case .simulate(let asked, _), .simulateSlice(let asked, _): asked == averaging.camera
    default: true
    }
  }

  /// What a request leaves behind when nothing more comes of it.
  mutating func end(_ id: RequestID, _ effect: Effect) {
    if requests.progressing == id { shell.progress = nil }
    requests.finish(id)
    switch effect {
    case .load: shell.isLoading = false
    case .browse: browser.isWaiting = false
    case .prepare: ways.wantedChoice = nil
    case .findTargets:
      if !requests.isAwaited({ if case .findTargets = $0 { true } else { false } }) {
        targets.isSearching = false
      }
    case .register: registration?.isRunning = false
    default: break
    }
    if requests.pending.values.allSatisfy(\.isSaving) { shell.progress = nil }
  }

  /// Drops what nobody waits for any more after a change; the names of what was dropped.
  mutating func dropWorthless(since before: Wanting, _ effects: [Effect]) -> [RequestID] {
    let now = Wanting(self)
    let answered = requests.answering
    let isCancelling = effects.contains(.cancel)
    let closedTargets = before.hasTargets && !now.hasTargets || before.hasLesson != now.hasLesson
    let closedPanel = before.panel != now.panel ? before.panel : nil
    let isNewCleaning = before.cleaning != now.cleaning
    let movedSPECT = before.spects != now.spects
    let dropped = requests.drop { id, effect in
      if isCancelling, !effect.outlivesCancelling { return true }
      if closedTargets, effect.isOfTargets { return true }
      // Who has gone on is not carried away.
      if case .findPeaks = effect, before.cursor != now.cursor, id != answered?.id { return true }
      if let panel = effect.panel, panel == closedPanel { return true }
      if isNewCleaning, effect.restsOnCleaning, let answered, id < answered.id { return true }
      return movedSPECT && effect.restsOnSPECT
    }
    guard !dropped.isEmpty else { return [] }
    if isCancelling {
      shell.progress = nil
      browser.isWaiting = false
      registration?.isRunning = false
    }
    if !requests.isAwaited({ if case .findTargets = $0 { true } else { false } }),
      !effects.contains(where: { if case .findTargets = $0 { true } else { false } })
    {
      targets.isSearching = false
    }
    // What still runs says so again.
    if !effects.contains(where: \.awaitsAnswer) { shell.progress = nil }
    return dropped
  }
}

/// What decides whether an answer is still wanted.
struct Wanting {
  let hasTargets: Bool
  let hasLesson: Bool
  let panel: Panel?
  let cleaning: CleaningChoice
  let spects: [MadeOf.Place]
  let cursor: WorldPoint

  init(_ model: Model) {
    cursor = model.cursor
    hasTargets = model.targets.list != nil
    hasLesson = model.lesson.running != nil
    panel = model.shell.panel
    cleaning = model.scene.choice
    spects = MadeOf(cleaning: nil, spects: model.scene.spects).spects
  }
}

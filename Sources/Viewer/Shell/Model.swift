import Basics
package import CellUI
import Connectivity
package import Imaging
package import Perfusion
package import Targeting

/// A plane through the head, in world space.
package enum Plane: String, Sendable, CaseIterable {
  case axial, coronal, sagittal

  /// The world axis that the plane stands on.
  package var normalAxis: Int { self == .axial ? 2 : self == .coronal ? 1 : 0 }
}

/// What the right pane shows.
package enum RightPane: Equatable, Sendable {
  /// One of the SPECT volumes given.
  case measured(Int)
  /// The run's mean as a camera would keep it.
  case simulated
  /// The seed map as a camera would keep it.
  case mapBlurred
  /// The map of series that a camera would keep.
  case seriesBlurred
  /// Measured minus simulated, both standardised; not a test.
  case difference(Int)
  /// The second session's map of the same seed.
  case second
  /// A picture that was asked for.
  case made(MadeKind)
  /// The change between the sessions by its standard error.
  case change
}

/// The camera whose eyes the right pane has.
package struct Camera: Equatable, Sendable {
  package var proxy = ProxyChoice.mean
  package var fwhm = 10.0
  package var nativeFWHM: Double?
  /// Nil takes the run up to 15 minutes.
  package var windowSeconds: Double?
  package var startSeconds = 0.0
  package var average = TimeAverage.window

  package init() {}
}

/// What takes the place of the slices.
package enum Panel: String, Equatable, Sendable {
  case motion, matrix, networks, losses, registration, perfusion, overlays, histogram, bookmarks

  /// Those that only look and need nothing typed.
  package static let views: [Panel] = [
    .motion, .matrix, .networks, .losses, .overlays, .histogram, .bookmarks,
  ]
}

/// What the line under the slices draws of the voxel at the cursor.
package enum CourseKind: String, Equatable, Sendable, CaseIterable {
  case cleaned, stored, percent, spectrum
}

/// A message at the foot of the screen until a key is pressed.
package struct Notice: Equatable, Sendable {
  package var text: String
  package var isError: Bool
  /// Whether it says why nothing was done.
  package var isRefusal = false
  /// Whether the keys stay under it: what was found while loading is no answer to a key.
  package var isAboveKeys = false
}

/// Target candidates while they are being looked at.
package struct TargetsState: Sendable {
  package var report: TargetReport
  /// Place in the list: candidates first, then saved ones, then published sites.
  package var index = 0
  /// Whether the confirm screen is shown for the entry.
  package var isConfirming = false
  /// The first line of the confirm screen's words that is shown, where they are more than fit.
  var firstLine = 0
  /// The file that was written last.
  package var written: String?
  /// Whether the search sphere goes with the cursor.
  package var isFollowing = false
  /// The coil over the place that is being confirmed.
  package var coil: (place: WorldPoint, outlook: CoilOutlook)?

  init(report: TargetReport) { self.report = report }
}

/// One row of the list.
package enum TargetEntry: Sendable {
  case candidate(Candidate)
  /// A place that a person marked, by its place in the book.
  case marked(Int, TargetRecord)
  case saved(TargetRecord)
  case site(Site)

  package var point: WorldPoint {
    switch self {
    case .candidate(let c): c.point
    case .marked(_, let t): t.point
    case .saved(let t): t.point
    case .site(let s): s.point
    }
  }

  package var name: String {
    switch self {
    case .candidate(let c): "candidate-\(c.rank)"
    case .marked(_, let t): t.name
    case .saved(let t): t.name
    case .site(let s): s.name
    }
  }

  package var candidate: Candidate? {
    if case .candidate(let c) = self { c } else { nil }
  }
}

/// All that the screen shows and the keys change: the shell and the states of the features.
package struct Model: Sendable {
  package var shell: ShellState
  package var scene = Scene()
  /// How things are shown: layout, zoom and the like.
  package var view = Presentation()
  /// Places, bookmarks, typed lines and the way back to earlier views.
  package var ways = Ways()
  package var navigation = NavigationState()
  package var panes = PanesState()
  package var overlays = OverlaysState()
  package var connectivity = ConnectivityState()
  package var analyses = AnalysesState()
  package var movie = MovieState()
  package var change = ChangeState()
  package var averaging = AveragingState()
  package var perfusion = PerfusionState()
  package var targets = TargetsFeature()
  package var registration: RegistrationState?
  package var lesson = LessonFeature()
  package var browser = BrowserState()
  /// What was asked for and is still awaited.
  package var requests = Requests()

  package init(size: Size, capabilities: Capabilities) {
    shell = ShellState(size: size, capabilities: capabilities)
  }

  package var cursor: WorldPoint {
    get { navigation.cursor }
    set { navigation.cursor = newValue }
  }

  package var notice: Notice? {
    get { shell.notice }
    set { shell.notice = newValue }
  }

  /// The numbered colours that the screen is drawn with; nil where there are none.
  var table: ColourTable? {
    shell.capabilities.colours == .indexed && shell.capabilities.redefines
      ? shell.palette.table(with: extraColours) : ColourTable.fixed(shell.capabilities.colours)
  }

  /// The change between the sessions, when it is that of the seed and cleaning on screen.
  var currentChange: (second: Volume, ratio: Volume)? {
    guard let change = self.change.result, change.first.seed == connectivity.seedMap?.seed,
      let secondVolume = self.change.second, let changeVolume = self.change.ratio
    else {
      return nil
    }
    return (secondVolume, changeVolume)
  }

  /// The overlay of the left pane: the seed map, or a map that was given.
  var overlay: (name: String, volume: Volume)? {
    if let movieVolume = self.movie.volume, overlays.index == 0 {
      return (movie.windows?.seed.title ?? "", movieVolume)
    }
    if let seedVolume = self.connectivity.seedVolume, overlays.index == 0 {
      return (connectivity.seedMap?.seed.title ?? "", seedVolume)
    }
    let given = scene.overlays
    let at =
      connectivity.seedVolume == nil && movie.volume == nil ? overlays.index : overlays.index - 1
    return given.indices.contains(at) ? (given[at].name, given[at].volume) : nil
  }

  /// The overlay when it is a map of activity.
  var activityOverlay: NamedVolume? {
    let hasMap = connectivity.seedVolume != nil || movie.volume != nil
    let at = hasMap ? overlays.index - 1 : overlays.index
    guard scene.overlays.indices.contains(at), scene.overlays[at].activity != nil else {
      return nil
    }
    return scene.overlays[at]
  }

  /// Anatomy, mean BOLD, or after them the frame that is looked at.
  var underlay: NamedVolume? {
    if scene.underlays.indices.contains(navigation.underlayIndex) {
      return scene.underlays[navigation.underlayIndex]
    }
    guard let run = scene.run, let mean = scene.underlays.last else { return nil }
    var image = mean
    image.name = "BOLD frame \(navigation.frame)"
    image.volume = run.frame(navigation.frame)
    return image
  }

  /// Whether the right pane shows perfusion on a scale of its own.
  var rightIsHot: Bool {
    switch panes.right {
    case .measured, .simulated: true
    case .made(let kind): if case .hot? = perfusion.made[kind]?.look { true } else { false }
    case .mapBlurred, .seriesBlurred, .difference, .second, .change: false
    }
  }

  /// How many underlays there are, the frame among them.
  var underlayCount: Int { scene.underlays.count + (scene.run == nil ? 0 : 1) }

  /// World coordinates are shown and typed only where left and right are known.
  var hasWorld: Bool { scene.laterality == .known && scene.grid != nil }
}

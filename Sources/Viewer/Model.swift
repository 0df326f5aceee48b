import Basics
package import CellUI
package import Connectivity
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
}

/// Target candidates while they are being looked at.
package struct TargetsState: Sendable {
  package var report: TargetReport
  /// Place in the list: candidates first, then saved ones, then published sites.
  package var index = 0
  /// Whether the confirm screen is shown for the entry.
  package var isConfirming = false
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

/// All that the screen shows and the keys change.
package struct Model: Sendable {
  package var size: Size
  package var capabilities: Capabilities {
    didSet { levels = palette.levels(capabilities) }
  }
  package var scene = Scene()
  package var cursor = WorldPoint(0, 0, 0)
  /// Whether a person moved the cursor: what is loaded later no longer places it.
  package var hasMoved = false
  package var plane = Plane.axial
  /// How things are shown: layout, zoom and the like.
  package var view = Presentation()
  /// Whether the arrows move the picture instead of the cursor.
  package var isPanning = false
  package var isRadiological = true
  package var showsOverlay = true
  /// What passes the thresholds of the overlays on screen, where that must be counted.
  var thresholds: [OverlayID: ThresholdedMap] = [:]
  /// How often values occur in what the histograms show.
  var distributions: [Distribution] = []
  package var seedMap: SeedMap?
  package var seedVolume: Volume?
  /// Cleaned series of the whole run, for the time course.
  package var cleaned: ReducedSeries?
  package var isLive = false
  /// Whether the cursor goes to the seed that comes next: it was asked for in words.
  package var seedFollows = false
  /// z, p and q of the seed map.
  package var inference: MapInference?
  package var panel: Panel?
  package var course = CourseKind.cleaned
  package var carpet: Carpet?
  package var matrix: ConnectivityMatrix?
  package var networks: NetworkReport?
  package var movie: WindowMovie?
  package var movieIndex = 0
  /// The map of the window that is looked at.
  package var movieVolume: Volume?
  package var isPlaying = false
  /// The movie at one voxel with its null band.
  package var windowPair: (place: Int, pair: WindowedPair)?
  /// Length of the movie's windows.
  package var windowSeconds = 100.0
  package var change: SessionChange?
  package var secondVolume: Volume?
  package var changeVolume: Volume?
  package var registration: RegistrationState?
  package var lesson: LessonState?
  /// Whether the lesson begins when everything is loaded.
  package var startsLesson = false
  /// What the lesson's own search found.
  var lessonTargets: TargetReport?
  package var overlayIndex = 0
  package var underlayIndex = 0
  package var frame = 0
  package var right = RightPane.measured(0)
  package var camera = Camera()
  /// Share of its full range at which the right pane's scale is white.
  package var rightScale = 1.0
  /// The scale of perfusion, and how many of its levels this terminal shows apart.
  package var palette = Palette.hotIron {
    didSet { levels = palette.levels(capabilities) }
  }
  private(set) var levels = 0
  /// What the last picture cost, and whether that is shown.
  package var cost: FrameCost?
  package var showsCost = false
  package var simulated: SimulatedSPECT?
  /// White of the simulated scale: that of the last whole volume, whatever slice is made anew.
  package var simulatedTop: Double?
  package var blurredMap: Volume?
  /// SERIES BLURRED of the seed with this number, and what it is in words.
  package var blurredSeries: (seed: Seed, volume: Volume, averaging: Averaging)?
  /// How much local contrast the camera keeps of what is simulated.
  package var contrast: ContrastKept?
  package var difference: Volume?
  /// Pictures that were asked for, until what they were made of changes.
  package var made: [MadeKind: MadePicture] = [:]
  package var perfusionSheet: PerfusionSheet?
  /// How far the seed map's peaks move under the camera, in words.
  package var peakLines: (seed: Seed, camera: Camera, lines: [String])?
  /// Which pane the keys speak of.
  package var rightHasFocus = false
  package var showsHelp = false
  /// Counted beyond the last page too; the view wraps it.
  package var helpPage = 0
  package var prompt: Prompt?
  /// Places, bookmarks, typed lines and the way back to earlier views.
  package var ways = Ways()
  package var targets: TargetsState?
  /// How targets are looked for.
  package var targetProtocol = TargetProtocol()
  /// Whether a search is running; another would only wait behind it.
  package var isSearching = false
  /// Places that a person marked, named or decided about, and what they were before each change.
  package var book: [TargetRecord] = []
  var bookHistory: [[TargetRecord]] = []
  /// Targets that were loaded from files.
  package var savedTargets: [TargetRecord] = []
  package var notice: Notice?
  package var progress: (text: String, part: Double)?
  /// What was asked for and is still awaited.
  package var requests = Requests()
  package var isLoading = true
  package var hasEnded = false

  package init(size: Size, capabilities: Capabilities) {
    self.size = size
    self.capabilities = capabilities
    levels = palette.levels(capabilities)
  }

  /// The numbered colours that the screen is drawn with; nil where there are none.
  var table: ColourTable? {
    capabilities.colours == .indexed && capabilities.redefines
      ? palette.table(with: extraColours) : ColourTable.fixed(capabilities.colours)
  }

  /// The change between the sessions, when it is that of the seed and cleaning on screen.
  var currentChange: (second: Volume, ratio: Volume)? {
    guard let change, change.first.seed == seedMap?.seed, let secondVolume, let changeVolume else {
      return nil
    }
    return (secondVolume, changeVolume)
  }

  /// The overlay of the left pane: the seed map, or a map that was given.
  var overlay: (name: String, volume: Volume)? {
    if let movieVolume, overlayIndex == 0 { return (movie?.seed.title ?? "", movieVolume) }
    if let seedVolume, overlayIndex == 0 { return (seedMap?.seed.title ?? "", seedVolume) }
    let given = scene.overlays
    let at = seedVolume == nil && movieVolume == nil ? overlayIndex : overlayIndex - 1
    return given.indices.contains(at) ? (given[at].name, given[at].volume) : nil
  }

  /// The overlay when it is a map of activity.
  var activityOverlay: NamedVolume? {
    let hasMap = seedVolume != nil || movieVolume != nil
    let at = hasMap ? overlayIndex - 1 : overlayIndex
    guard scene.overlays.indices.contains(at), scene.overlays[at].activity != nil else {
      return nil
    }
    return scene.overlays[at]
  }

  /// Anatomy, mean BOLD, or after them the frame that is looked at.
  var underlay: NamedVolume? {
    if scene.underlays.indices.contains(underlayIndex) { return scene.underlays[underlayIndex] }
    guard let run = scene.run, let mean = scene.underlays.last else { return nil }
    var image = mean
    image.name = "BOLD frame \(frame)"
    image.volume = run.frame(frame)
    return image
  }

  /// Whether the right pane shows perfusion on a scale of its own.
  var rightIsHot: Bool {
    switch right {
    case .measured, .simulated: true
    case .made(let kind): if case .hot? = made[kind]?.look { true } else { false }
    case .mapBlurred, .seriesBlurred, .difference, .second, .change: false
    }
  }

  /// How many underlays there are, the frame among them.
  var underlayCount: Int { scene.underlays.count + (scene.run == nil ? 0 : 1) }

  /// World coordinates are shown and typed only where left and right are known.
  var hasWorld: Bool { scene.laterality == .known && scene.grid != nil }
}

package import Basics
package import Connectivity
package import Imaging
import Perfusion

/// A place that a person gave a name.
package struct Bookmark: Equatable, Sendable {
  package var name: String
  package var note: String
  package var point: WorldPoint

  package init(name: String, note: String, point: WorldPoint) {
    self.name = name
    self.note = note
    self.point = point
  }

  package var json: JSON {
    .object([("name", .string(name)), ("note", .string(note)), ("mm", .point(point))])
  }

  /// Nil when the name or the three millimetres are missing.
  package init?(json: JSON) {
    let mm = (json["mm"]?.items ?? []).compactMap(\.number)
    guard let name = json["name"]?.asString, mm.count == 3, mm.allSatisfy({ abs($0) < 1e5 }) else {
      return nil
    }
    self.init(
      name: name, note: json["note"]?.asString ?? "", point: WorldPoint(mm[0], mm[1], mm[2]))
  }
}

/// How a person found here, and the way back.
package struct Ways: Sendable {
  /// Places before the last jumps, and those that were gone back from.
  package var places: [WorldPoint] = []
  package var placesAhead: [WorldPoint] = []
  package var bookmarks: [Bookmark] = []
  /// What of earlier sessions cannot be shown, in words: said for as long as this person is open.
  package var recordProblems: [String] = []
  /// The one that the list looks at.
  package var bookmarkIndex = 0
  /// States before each change, and those that were undone.
  var past: [ViewState] = []
  var future: [ViewState] = []
  /// Whether the newest step of the past is a move of the cursor, which further moves belong to.
  var isMoving = false
  /// Whether what happens now is a step through the history itself.
  var isStepping = false
  /// Whether a whole view is being brought back.
  var isRestoring = false
  /// Commands that were typed, oldest first.
  package var typed: [String] = []
  /// Those that may be there in the next session.
  package var typedToKeep: [String] { typed.filter(mayBeKept) }
  /// Places that were typed after `g`.
  var typedPlaces: [String] = []
  /// The seed that was asked for last, and how seeds were typed, by their titles.
  package var seed: Seed?
  var seedWords: [String: String] = [:]
  /// The overlay that is wanted once the map of the seed is there.
  var overlayAfterSeed: Int?
  /// Which cluster of the overlay was looked at last.
  var cluster: Int?
  /// The clusters of the map that was looked through last, and steps that wait until they are known.
  var clusters: (search: PeakSearch, found: [PerfusionCluster])?
  var clusterSteps: [Int] = []
  /// Commands that changed what is computed, for a workspace file: the last of each name.
  package var settings: [String] = []
  /// What cleaning was asked for and has not come yet.
  var wantedChoice: CleaningChoice?
  /// What `?` is narrowed to.
  package var filter = ""
  /// What is shown once everything is loaded.
  package var start: StartState?
  /// Keys that a person gave another meaning; nil has those of the program.
  package var keys: KeyTable = KeyTable()

  package init() {}
}

/// What a workspace or the command line asks for once the files are there.
package struct StartState: Sendable {
  package var view: ViewState
  /// Whether the cursor was stated.
  package var placesCursor = false
  /// Whether the place means something in MNI space alone.
  package var placesInMNIOnly = false
  /// Whether how the image was looked at last counts for more.
  package var givesWay = false
  /// What came along, where how this image was looked at last took its place: the next person gets that.
  var carried: StartState? {
    get { carriedBox.first }
    set { carriedBox = newValue.map { [$0] } ?? [] }
  }
  private var carriedBox: [StartState] = []
  package var seedWords: String?
  package var commands: [String] = []
  package var opensTargets = false
  /// Whether what stands for perfusion was stated.
  package var statesProxy = true

  package init(_ view: ViewState) { self.view = view }
}

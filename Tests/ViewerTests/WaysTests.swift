import Basics
import CellUI
import Connectivity
import Imaging
import Perfusion
import Targeting
import TestSupport
import Testing
import Viewer

/// A head with an atlas of two regions and an overlay of three clusters.
enum Places {
  static let peaks = [
    (WorldPoint(-40, 10, 20), 0.7), (WorldPoint(40, 10, 20), -0.6), (WorldPoint(0, -54, 28), 0.5),
  ]

  static func scene() -> Scene {
    var scene = Head.scene()
    let grid = Head.grid
    var map = [Float](repeating: 0.01, count: grid.count)
    for (n, peak) in peaks.enumerated() {
      for offset in map.indices
      where grid.world(at: offset).distance(to: peak.0) < 12 - 3 * Double(n) {
        map[offset] = Float(peak.1) * 0.9
      }
      if let v = grid.nearestVoxel(peak.0) { map[grid.offset(v)] = Float(peak.1) }
    }
    scene.overlays = [NamedVolume(name: "map.nii", volume: Volume(grid: grid, values: map))]
    scene.atlas = LabelMap(
      grid: grid,
      labels: (0..<grid.count).map { grid.world(at: $0).x < 0 ? 1 : 2 },
      names: [1: "Left_half", 2: "Right_half"], title: "Halves")
    scene.networks = LabelMap(
      grid: grid, labels: (0..<grid.count).map { _ in 1 }, names: [1: "Default"], title: "N")
    return scene
  }

  static func model(columns: Int = 120, rows: Int = 40) -> Model {
    Head.model(scene(), columns: columns, rows: rows)
  }
}

@Suite struct TypedLineTests {
  @Test func theLineIsEditedWhereItsCursorStands() throws {
    var model = Places.model()
    _ = try Head.press(&model, ":hreshold 0.5<Home>t")
    #expect(model.shell.prompt?.text == "threshold 0.5")
    _ = try Head.press(&model, "<End><Left><Del>4<Enter>")
    #expect(model.threshold == 0.4)
    _ = try Head.press(&model, ":goto PCC here<C-w><BS>")
    #expect(model.shell.prompt?.text == "goto PCC")
    _ = try Head.press(&model, "<C-a><C-e><C-u>")
    #expect(model.shell.prompt?.text.isEmpty == true)
    _ = try Head.press(&model, "x<Left><BS>")
    #expect(model.shell.prompt?.text == "x")
    _ = try Head.press(&model, "<Del><BS>")
    #expect(model.shell.prompt == nil)
  }

  @Test func tabCompletesCommandsAndWhatTheyTake() throws {
    var model = Places.model()
    _ = try Head.press(&model, ":thr<Tab>")
    #expect(model.shell.prompt?.text == "threshold")
    _ = try Head.press(&model, "<Esc>:pal<Tab>hot-m<Tab>")
    #expect(model.shell.prompt?.text == "palette hot-metal-blue")
    _ = try Head.press(&model, "<Esc>:goto label:r<Tab>")
    #expect(model.shell.prompt?.text == "goto label:Right_half")
    _ = try Head.press(&model, "<Esc>:goto pcc<Tab>")
    #expect(model.shell.prompt?.text == "goto PCC")
    // The second Tab goes through what is left, and Shift-Tab back.
    _ = try Head.press(&model, "<Tab><Tab>")
    #expect(model.shell.prompt?.text == "goto PCC-nilearn")
    _ = try Head.press(&model, "<BTab>")
    #expect(model.shell.prompt?.text == "goto PCC")
    _ = try Head.press(&model, "<Esc>:seed PCC + left-m<Tab>")
    #expect(model.shell.prompt?.text == "seed PCC + left-motor")
    _ = try Head.press(&model, "<Esc>gF3@ok<Tab>")
    #expect(model.shell.prompt?.text == "F3@okamoto")
  }

  @Test func filesAreAskedForAndTakenOnlyWhileTheLineIsTheSame() throws {
    var model = Places.model()
    #expect(
      try Head.press(&model, ":load da<Tab>") == [.listFiles("da", endings: [".json"])])
    _ = update(&model, .files(prefix: "da", ["data/one.json"]))
    #expect(model.shell.prompt?.text == "load data/one.json")
    _ = try Head.press(&model, "x")
    _ = update(&model, .files(prefix: "da", ["data/two.json"]))
    #expect(model.shell.prompt?.text == "load data/one.jsonx")
  }

  @Test func arrowsBringBackEarlierLinesAndNoPathIsKept() throws {
    var model = Places.model()
    for line in [":threshold 0.2", ":load /home/someone/t.json", ":fwhm 12", ":bookmark anna here"]
    {
      _ = try Head.press(&model, line + "<Enter>")
    }
    let kept = model.ways.typedToKeep
    #expect(kept == ["threshold 0.2", "fwhm 12"])
    _ = try Head.press(&model, ":<Up><Up>")
    #expect(model.shell.prompt?.text == "fwhm 12")
    _ = try Head.press(&model, "<Up><Up><Up><Up>")
    #expect(model.shell.prompt?.text == "threshold 0.2")
    _ = try Head.press(&model, "<Down>")
    #expect(model.shell.prompt?.text == "load /home/someone/t.json")
    // What was typed is kept, and narrows what comes back.
    _ = try Head.press(&model, "<Esc>:thr<Up>")
    #expect(model.shell.prompt?.text == "threshold 0.2")
    _ = try Head.press(&model, "<Down>")
    #expect(model.shell.prompt?.text == "thr")
  }

  @Test(arguments: [
    ("zoom 40", ["40", "1 to 32", "times"]), ("fwhm 45", ["0 to 30", "mm"]),
    ("fwhm x", ["no number", "mm"]), ("highpass 0", ["or none", "seconds"]),
    ("voxel 99,0,0", ["outside", "0–40"]), ("voxel 1,2", ["three whole numbers"]),
    ("goto nowhere", ["no place nowhere"]), ("goto 1,2", ["three numbers"]),
    ("goto 0,0,9000", ["outside"]), ("goto label:none", ["no region of Halves"]),
    ("nonsense", ["no command"]), ("s", ["several commands"]),
  ])
  func aWrongValueIsRefusedWithRangeAndUnit(_ line: String, _ words: [String]) throws {
    var model = Places.model()
    let before = model.viewState
    _ = try Head.press(&model, ":\(line)<Enter>")
    for word in words { #expect(model.notice?.text.contains(word) == true, "\(line): \(word)") }
    #expect(model.notice?.isRefusal == true)
    #expect(model.viewState == before)
  }

  @Test func everyActionHasACommandOfItsOwn() throws {
    for action in Action.allCases {
      let name = action.name
      #expect(CommandRegistry.found(name) == [name])
    }
    #expect(Set(CommandRegistry.names).count == CommandRegistry.names.count)
    var model = Places.model()
    _ = try Head.press(&model, ":coronal<Enter>")
    #expect(model.navigation.plane == .coronal)
    _ = try Head.press(&model, ":undo-view<Enter>")
    #expect(model.navigation.plane == .axial)
  }
}

@Suite struct PasteTests {
  @Test func aPasteIsTextOfTheLineAlone() throws {
    var model = Places.model()
    let before = model.viewState
    #expect(update(&model, .event(.key(.pasted("cq\rX")))).isEmpty)
    #expect(model.viewState == before && !model.shell.hasEnded)
    #expect(model.notice?.text.contains("pasted text") == true)
    _ = try Head.press(&model, ":")
    #expect(update(&model, .event(.key(.pasted("plane cor\u{1b}onal\rquit\r")))).isEmpty)
    #expect(model.shell.prompt?.text == "plane coronal" && !model.shell.hasEnded)
    _ = try Head.press(&model, "<Enter>")
    #expect(model.navigation.plane == .coronal)
  }
}

@Suite struct RecoveryTests {
  /// What a session file brought and what was left here are both kept: the next change writes what is there.
  @Test func whatWasLeftHereIsAddedToASessionsOwn() throws {
    var model = Places.model()
    let own = Bookmark(name: "own", note: "", point: WorldPoint(1, 2, 3))
    let left = Bookmark(name: "left", note: "", point: WorldPoint(4, 5, 6))
    model.ways.bookmarks = [own]
    _ = update(&model, .bookmarks([left, own]))
    #expect(model.ways.bookmarks == [own, left])
    _ = try Head.press(&model, "M")
    let marked = model.targets.book
    #expect(marked.count == 1)
    _ = update(&model, .recovered(marked))
    #expect(model.targets.book.count == 1)
    var other = marked
    other[0].name = "mark-of-before"
    _ = update(&model, .recovered(other))
    #expect(model.targets.book.map(\.name) == [marked[0].name, "mark-of-before"])
  }
}

@Suite struct PlaceTests {
  @Test func clustersAreVisitedByTheirPeaksLargestFirst() throws {
    var model = Places.model()
    for n in [0, 1, 2, 0] {
      _ = try Head.press(&model, "n")
      #expect(model.cursor.distance(to: Places.peaks[n].0) < 3, "\(n)")
    }
    _ = try Head.press(&model, "N")
    #expect(model.cursor.distance(to: Places.peaks[2].0) < 3)
    #expect(model.notice?.text.contains("3 of 3") == true)
    _ = try Head.press(&model, ":peak<Enter>")
    #expect(model.cursor.distance(to: Places.peaks[0].0) < 3)
    #expect(model.notice?.text.contains("LEFT, Left_half") == true)
    _ = try Head.press(&model, ":threshold 0.8<Enter>n")
    #expect(model.notice?.text.contains("no cluster") == true)
  }

  @Test func jumpsAreGoneBackFromAndStepsAreNot() throws {
    var model = Places.model()
    _ = try Head.press(&model, "gPCC<Enter>")
    let first = model.cursor
    _ = try Head.press(&model, "<Right><Right>g-40,10,20<Enter>")
    let second = model.cursor
    _ = try Head.press(&model, "<BS>")
    #expect(model.cursor == WorldPoint(first.x - 8, first.y, first.z))
    _ = try Head.press(&model, "~")
    #expect(model.cursor == second)
    _ = try Head.press(&model, "~")
    #expect(model.notice?.isRefusal == true)
  }

  @Test func voxelsAreTheWayWhereSidesAreUnknown() throws {
    var model = Head.model(Head.scene(laterality: .unknown))
    _ = try Head.press(&model, ":voxel 10,20,30<Enter>")
    #expect(Head.grid.nearestVoxel(model.cursor) == VoxelIndex(10, 20, 30))
  }

  @Test func bookmarksAreListedVisitedNotedAndTakenAway() throws {
    var model = Places.model()
    _ = try Head.press(&model, "g-40,10,20<Enter>:bookmark hand first note<Enter>")
    _ = try Head.press(&model, "gPCC<Enter>\"<C-u>hub<Enter>")
    #expect(model.ways.bookmarks.map(\.name) == ["hand", "hub"])
    #expect(model.ways.bookmarks[0].note == "first note")
    _ = try Head.press(&model, "'")
    #expect(model.cursor == Head.marked)
    let text = view(model).text
    for word in ["hand", "hub", "LEFT", "first note", "bookmarks"] { #expect(text.contains(word)) }
    _ = try Head.press(&model, "ne<C-u>the hub<Enter>")
    #expect(model.ways.bookmarks[1].note == "the hub")
    _ = try Head.press(&model, "NX")
    #expect(model.ways.bookmarks.map(\.name) == ["hub"])
    _ = try Head.press(&model, "<Enter>ghub<Enter>")
    #expect(model.shell.panel == nil && model.cursor == WorldPoint(0, -53, 26))
  }

  @Test func labelAndNetworkStandOnTheValuesLine() throws {
    var model = Places.model()
    _ = try Head.press(&model, "g-40,10,20<Enter>")
    let text = view(model).text
    #expect(text.contains("Left_half (Default)"))
  }
}

@Suite struct UndoTests {
  /// Keys that change views in many ways, in an order that a counter decides.
  static let keys = [
    "a", "c", "s", "<Right>", "<Up>", "<PgUp>", "R", "o", "O", "u", "{", "}", "+", "v", "<Tab>",
    "y",
    "gPCC<Enter>", "g-40,10,20<Enter>", "n", "2", "3", "1", "4", ")", "Z", "0", "d", "#",
    ":threshold 0.6<Enter>", ":palette pet<Enter>", "'",
    "m", "<BS>", "?<Esc>",
  ]

  @Test func redoAfterUndoAndUndoAfterRedoChangeNothing() throws {
    var model = Places.model()
    let first = model.viewState
    var state: UInt64 = 7
    for _ in 0..<400 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      _ = try Head.press(&model, Self.keys[Int(state >> 33) % Self.keys.count])
      let here = model.viewState
      var copy = model
      _ = try Head.press(&copy, "<C-u>")
      if copy.viewState != here {
        let there = copy.viewState
        _ = try Head.press(&copy, "<C-r>")
        #expect(copy.viewState == here)
        _ = try Head.press(&copy, "<C-u>")
        #expect(copy.viewState == there)
      }
    }
    for _ in 0..<300 { _ = try Head.press(&model, "<C-u>") }
    var fresh = Places.model()
    for _ in 0..<3 { _ = try Head.press(&fresh, "c}}") }
    for _ in 0..<40 { _ = try Head.press(&fresh, "<C-u>") }
    #expect(fresh.viewState == first)
  }

  @Test func stepsOfTheCursorAreUndoneTogetherAndNewChangesEndRedo() throws {
    var model = Places.model()
    let start = model.cursor
    _ = try Head.press(&model, "c<Right><Right><Up><Up>")
    _ = try Head.press(&model, "<C-u>")
    #expect(model.cursor == start && model.navigation.plane == .coronal)
    _ = try Head.press(&model, "<C-u>")
    #expect(model.navigation.plane == .axial)
    _ = try Head.press(&model, "s<C-r>")
    #expect(model.navigation.plane == .sagittal)
    #expect(model.notice?.isRefusal == true)
  }
}

@Suite struct ViewFieldTests {
  @Test func everyFieldReadsBackWhatItWrites() throws {
    var state = ViewState()
    state.plane = .sagittal
    state.isRadiological = false
    state.showsOverlay = false
    (state.threshold, state.ceiling) = (0.123456789012345, 0.9)
    (state.presentation.layout, state.activity) = (.planes, .reho)
    (state.overlay, state.underlay, state.frame) = (2, 1, 17)
    state.right = .difference(1)
    state.camera.fwhm = 7.5
    state.camera.windowSeconds = 300
    state.camera.startSeconds = 12
    state.camera.average = .uptake(tauMinutes: 0.67)
    (state.rightScale, state.rightHasFocus) = (0.7, true)
    (state.palette, state.course, state.panel) = (.even, .spectrum, .losses)
    state.isLive = true
    state.cursor = WorldPoint(-1.0 / 3, 2.5, 1e-7)
    (state.presentation.spacing, state.presentation.isoline) = (12.5, 40)
    (state.presentation.zoom, state.presentation.centre) = (4, WorldPoint(1, 2, 3))
    state.presentation.underlay.gamma = 0.7
    var style = OverlayStyle(threshold: 5, ceiling: 9, colours: .redBlue)
    (style.kind, style.sign, style.leastCluster) = (.percentile, .negative, .cubicMillimetres(200))
    (style.isContour, style.opacity, style.top) = (true, 40, 8)
    style.colours = .tealBrown
    state.presentation.styles[.given("map: a.nii")] = style
    state.presentation.pinned = [.given("map: a.nii"), .given("b")]
    let text = ViewField.json(state).text
    let members = try #require(JSON.parse(text).value.members)
    #expect(members.count == ViewField.all.count)
    var back = ViewState()
    for (name, value) in members {
      #expect(try #require(ViewField.named(name)).read(&back, value), "\(name)")
    }
    #expect(back == state)
  }

  @Test func whatCannotBeMeantIsRefusedAndChangesNothing() throws {
    for (name, typed) in [
      ("plane", "oblique"), ("threshold", "1.2"), ("threshold", "x"), ("right", "measured -1"),
      ("right", "simulated 2"), ("camera-fwhm", "31"), ("frame", "1.5"), ("average", "uptake 99"),
      ("panel", "registration"), ("live", "maybe"),
    ] {
      var state = ViewState()
      #expect(try !#require(ViewField.named(name)).set(&state, typed: typed), "\(name) \(typed)")
      #expect(state == ViewState())
    }
  }
}

@Suite struct HelpTests {
  @Test func helpNarrowsAndSaysWhyAKeyDoesNothing() throws {
    var model = Places.model()
    _ = try Head.press(&model, "?")
    #expect(
      model.helpLines.filter { !$0.isWord }.count == KeyMap.bindings.count + KeyMap.commands.count)
    _ = try Head.press(&model, "target list")
    #expect(model.helpLines.allSatisfy { $0.text.contains("target") })
    // Esc leaves, with whatever was typed.
    _ = try Head.press(&model, "<Esc>")
    #expect(!model.shell.showsHelp)
    _ = try Head.press(&model, "?live seed")
    let line = try #require(model.helpLines.first { $0.keys == "L" })
    #expect(line.reason == "a live seed needs a BOLD run (--bold)")
    #expect(view(model).text.contains("not now: a live seed needs a BOLD run"))
    // One line left: Enter does it.
    _ = try Head.press(&model, "<Esc>?c<Enter>")
    #expect(model.navigation.plane == .coronal && !model.shell.showsHelp)
  }

  @Test func aReasonIsWhatTheKeyItselfWouldSay() throws {
    let model = Places.model()
    for action in Action.allCases where action != .quit {
      guard let reason = model.reasonAgainst(action) else { continue }
      var copy = model
      _ = act(&copy, action)
      #expect(copy.notice?.text == reason)
    }
    #expect(model.reasonAgainst(.axial) == nil)
    #expect(model.reasonAgainst(.seed) != nil)
  }

  @Test func everyContextHasHelpAndALegend() throws {
    for context in KeyContext.allCases where context != .help {
      #expect(context == .panel || context == .slices || !context.own.isEmpty, "\(context)")
    }
    var model = Places.model()
    _ = try Head.press(&model, ":bookmark one<Enter>'")
    #expect(model.context == .bookmarks)
    #expect(view(model).text.contains("there, to the slices"))
    _ = try Head.press(&model, "?")
    #expect(view(model).text.contains("Keys of the bookmarks"))
  }
}

@Suite struct KeptBookmarkTests {
  @Test func bookmarksOfAnEarlierSessionComeBackOnlyWhereThereAreNone() throws {
    let mark = Bookmark(name: "old", note: "n", point: WorldPoint(-1.5, 2, 0.1))
    #expect(Bookmark(json: try JSON.parse(mark.json.text).value) == mark)
    #expect(Bookmark(json: .object([("name", .string("x"))])) == nil)
    var model = Head.model()
    _ = update(&model, .bookmarks([mark]))
    #expect(model.ways.bookmarks == [mark])
    _ = update(&model, .bookmarks([]))
    #expect(model.ways.bookmarks == [mark])
  }
}

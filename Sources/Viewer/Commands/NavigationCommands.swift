import Basics
import CellUI
import Imaging

extension CommandTopic {
  static let seeds = CommandTopic(
    title: "Seeds", keyRank: 3, fieldRank: 99,
    keys: [
      .key(.seed, [.character(" ")], "Space", "seed here"),
      .key(.live, [.character("L")], "L", "live seed: it follows the cursor"),
    ],
    lines: [
      .line(
        "seed", "X,Y,Z[,R], NAME, label:REGION, box:…, FILE", "seed there; A + B for both", .seed
      ) { $1.isEmpty ? nil : seedCommand(&$0, $1.text) }
    ])

  static let places = CommandTopic(
    title: "Places", keyRank: 12,
    keys: [
      .key(
        .goTo, [.character("g")], "g",
        "go to X,Y,Z in mm, a site, label:REGION, F3@okamoto or a bookmark"),
      .key(.placeBack, [.backspace], "Backspace", "back to the place before the last jump"),
      .key(.placeForward, [.character("~")], "~", "forward again"),
      .key(.bookmarkHere, [.character("\"")], "\"", "bookmark the place at the cursor"),
      .key(.bookmarks, [.character("'")], "'", "list of bookmarks; e notes, X takes away"),
    ],
    lines: [
      .line(
        "goto", "X,Y,Z, NAME, label:REGION or F3@okamoto", "cursor there", .place, isPersonal: true
      ) { $1.isEmpty ? nil : goTo(&$0, $1.text) },
      .line("voxel", "I,J,K", "cursor to a voxel, from 0", .other(example: "0,0,0")) {
        goToVoxel(&$0, $1.numbers)
      },
      .line("peak", "cursor to the overlay's most extreme value") { goToPeak(&$0) },
      .line(
        "bookmark", "NAME [NOTE]", "keep the place at the cursor", .other(example: "name"),
        isPersonal: true
      ) { $1.isEmpty ? nil : setBookmark(&$0, $1.text) },
      .line("unbookmark", "NAME", "forget it", .bookmark, isPersonal: true) {
        $1.isEmpty ? nil : dropBookmark(&$0, $1.text)
      },
    ])

  static let movement = CommandTopic(
    title: "Cursor and slices", keyRank: 1, fieldRank: 0,
    keys: [
      .key(.left, [.left, .character("h")], "← h", "cursor left on the screen"),
      .key(.down, [.down, .character("j")], "↓ j", "cursor down"),
      .key(.up, [.up, .character("k")], "↑ k", "cursor up"),
      .key(.right, [.right, .character("l")], "→ l", "cursor right"),
      .key(
        .sliceForward, [.pageUp, .character(">")], "PgUp >",
        "next slice (superior, anterior, right)"),
      .key(
        .sliceBack, [.pageDown, .character("<")], "PgDn <",
        "previous slice (inferior, posterior, left)"),
      .key(.axial, [.character("a")], "a", "axial plane"),
      .key(.coronal, [.character("c")], "c", "coronal plane"),
      .key(.sagittal, [.character("s")], "s", "sagittal plane"),
    ],
    fields: [.plane, .orientation])

  static let sides = CommandTopic(
    title: "Planes and sides", keyRank: 10,
    keys: [
      .key(.flip, [.character("R")], "R", "radiological or neurological"),
      .key(.otherPane, [.tab], "Tab", "the other pane, for { and }"),
    ],
    lines: [
      .line("plane", "axial, coronal or sagittal", "the plane", .of(Plane.self), field: .plane) {
        guard let plane = $1.beginning(Plane.self) else { return nil }
        $0.navigation.plane = plane
        return []
      },
      .line(
        "convention", "radiological or neurological", "which side of the screen is left",
        .words(["radiological", "neurological"]), field: .orientation
      ) { model, typed in
        guard !typed.isEmpty,
          let word = ["radiological", "neurological"].first(where: { $0.hasPrefix(typed.text) })
        else { return nil }
        guard model.scene.laterality == .known else {
          return refuse(&model, "the sides are unknown: there is no convention to choose")
        }
        model.navigation.isRadiological = word == "radiological"
        return []
      },
    ])

  static let history = CommandTopic(
    title: "Undo", keyRank: 13,
    keys: [
      .key(.undoView, [.control("u")], "Ctrl-U", "undo the last change of view or seed"),
      .key(.redoView, [.control("r")], "Ctrl-R", "redo it"),
    ])
}

extension ViewField {
  static let plane = words("plane", \.plane, "The plane.", Plane.allCases.map { ($0.rawValue, $0) })
  static let orientation = words(
    "orientation", \.isRadiological, "Which side of the screen is left.",
    [("radiological", true), ("neurological", false)], value: "side")
  static let cursor = ViewField(
    name: "cursor", help: "Cursor, in RAS+ mm.", value: "x,y,z", expected: "[x, y, z] in RAS+ mm",
    isPersonal: true, option: "at", write: { .point($0.cursor) },
    read: { s, v in
      guard let point = v.point else { return false }
      s.cursor = point
      return true
    })
  static let live = flag(
    "live", \.isLive, "Whether the seed follows the cursor.", isPersonal: true)
}

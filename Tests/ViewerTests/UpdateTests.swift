import Basics
import CellUI
import Connectivity
import Foundation
import Imaging
import Perfusion
import Targeting
import TestSupport
import Testing
import Viewer

/// A small head in MNI space with one bright voxel on its left.
enum Head {
  static let grid = Small.grid(
    41, 49, 41, spacing: (4, 4, 4), origin: WorldPoint(-80, -110, -60))
  static let marked = WorldPoint(-40, 10, 20)

  static func scene(laterality: Laterality = .known, space: Space = .mni152) -> Scene {
    var scene = Scene()
    scene.title = "head.nii.gz"
    scene.space = space
    scene.laterality = laterality
    scene.grid = grid
    let mask = Mask(grid: grid, origin: "ball") {
      grid.world(at: $0).distance(to: WorldPoint(0, -14, 20)) < 70
    }
    scene.mask = mask
    scene.sideRule =
      laterality == .unknown ? .unknown : space == .mni152 ? .mni : .maskMidplane(x: 0)
    scene.underlays = [
      NamedVolume(
        name: "anatomy",
        volume: Small.volume(grid) { v in
          mask.contains(v) ? (grid.world(v) == marked ? 200 : 100) : 0
        })
    ]
    var map = [Float](repeating: .nan, count: grid.count)
    for offset in mask.offsets { map[Int(offset)] = 0.01 }
    if let v = grid.nearestVoxel(marked) { map[grid.offset(v)] = 0.7 }
    scene.overlays = [NamedVolume(name: "map.nii", volume: Volume(grid: grid, values: map))]
    return scene
  }

  static func model(
    _ scene: Scene = scene(), columns: Int = 120, rows: Int = 40,
    colours: Capabilities.Colours = .direct
  ) -> Model {
    var model = Model(
      size: Size(columns: columns, rows: rows),
      capabilities: Capabilities(colours: colours, unicode: true))
    _ = update(&model, .loaded(scene))
    return model
  }

  static func press(_ model: inout Model, _ keys: String) throws -> [Effect] {
    try KeyScript.parse(keys).flatMap { update(&model, .event(.key($0))) }
  }
}

@Suite struct UpdateTests {
  @Test func arrowsMoveOnTheScreenNotInTheHead() throws {
    var model = Head.model()
    let start = model.cursor
    _ = try Head.press(&model, "<Right>")
    // Radiological: the patient's left is on the right of the screen.
    #expect(model.cursor.x == start.x - 4)
    _ = try Head.press(&model, "R<Right>l<Up><PgUp>>")
    #expect(model.cursor.x == start.x + 4)
    #expect(model.cursor.y == start.y + 4)
    #expect(model.cursor.z == start.z + 8)
    _ = try Head.press(&model, "s<Left>")
    #expect(model.cursor.y == start.y + 8)
  }

  @Test func flippingChangesNoCoordinateAndNoValue() throws {
    var model = Head.model()
    model.cursor = Head.marked
    let values = model.valuesAtCursor.map(\.value)
    _ = try Head.press(&model, "R")
    #expect(!model.navigation.isRadiological)
    #expect(model.cursor == Head.marked)
    #expect(model.valuesAtCursor.map(\.value) == values)
  }

  @Test func seedsNeedARun() throws {
    var model = Head.model()
    #expect(try Head.press(&model, "<Space>").isEmpty)
    #expect(model.notice?.text.contains("--bold") == true)
  }

  @Test func bracesSpeakOfThePaneThatHasTheFocus() throws {
    var model = Head.model()
    model.panes.right = .simulated
    _ = try Head.press(&model, "<Tab>{{")
    #expect(model.threshold == 0.3)
    #expect(abs(model.perfusion.rightScale - 0.8) < 1e-9)
    _ = try Head.press(&model, "<Tab>}")
    #expect(abs(model.threshold - 0.35) < 1e-9)
  }

  @Test func thresholdStepsAndCommandsSetIt() throws {
    var model = Head.model()
    _ = try Head.press(&model, "}}{")
    #expect(abs(model.threshold - 0.35) < 1e-9)
    _ = try Head.press(&model, ":threshold 0.5<Enter>")
    #expect(model.threshold == 0.5)
    _ = try Head.press(&model, ":nonsense<Enter>")
    #expect(model.notice != nil)
  }

  @Test func goToTakesMillimetresOnlyWhereSidesAreKnown() throws {
    var model = Head.model()
    _ = try Head.press(&model, "g-40,10,20<Enter>")
    #expect(model.cursor == Head.marked)
    _ = try Head.press(&model, "gPCC<Enter>")
    #expect(model.cursor == WorldPoint(0, -53, 26))
    var native = Head.model(Head.scene(space: .native))
    _ = try Head.press(&native, "gPCC<Enter>")
    #expect(native.notice?.text.contains("MNI") == true)
    var unknown = Head.model(Head.scene(laterality: .unknown))
    let before = unknown.cursor
    _ = try Head.press(&unknown, "g-40,10,20<Enter>")
    #expect(unknown.cursor == before)
  }

  @Test func escapeLeavesWhateverIsOpenAndQuitEnds() throws {
    var model = Head.model()
    _ = try Head.press(&model, "?")
    #expect(model.shell.showsHelp)
    _ = try Head.press(&model, "<Esc>")
    #expect(!model.shell.showsHelp)
    _ = try Head.press(&model, ":abc<Esc>")
    #expect(model.shell.prompt == nil)
    #expect(try Head.press(&model, "q") == [.quit])
    #expect(model.shell.hasEnded)
  }

  @Test func aRefusedFileLeavesThePictureAndSaysWhy() {
    var model = Head.model()
    let problem = Problem(.data, "x.nii", "it is empty")
    _ = update(&model, .failed(problem))
    #expect(model.scene.grid != nil)
    #expect(view(model).text.contains("'x.nii': it is empty."))
  }

  @Test func theREADMEsKeyTableIsTheKeyMap() throws {
    let readme = try String(
      contentsOf: RealData.project.appending(path: "README.md"), encoding: .utf8)
    for binding in KeyMap.bindings {
      #expect(readme.contains("| `\(binding.shown)` | \(binding.text) |"), "\(binding.shown)")
    }
    for command in KeyMap.commands {
      let takes = command.takes.isEmpty ? "" : " " + command.takes
      #expect(
        readme.contains("| `:\(command.name)\(takes)` | \(command.text) |"), "\(command.name)")
    }
  }

  @Test func everyKeyIsBoundOnce() {
    let keys = KeyMap.bindings.flatMap(\.keys)
    #expect(Set(keys).count == keys.count)
    #expect(Set(KeyMap.bindings.map(\.action)).count == Action.allCases.count)
  }
}

@Suite struct ViewTests {
  /// The screen column of the marked voxel in the left pane, without colour.
  func columnOfMark(_ model: Model) -> Int? {
    var m = model
    m.shell.capabilities = Capabilities(colours: .none, unicode: true)
    m.cursor = WorldPoint(-40, 10, 20)
    let frame = view(m)
    for row in 6..<28 {
      for column in 3..<(m.shell.size.columns / 2 - 3) where frame[row, column].glyph == "+" {
        return column
      }
    }
    return nil
  }

  @Test func theLeftOfTheHeadIsOnTheRightInRadiological() throws {
    var model = Head.model()
    let radiological = try #require(columnOfMark(model))
    #expect(radiological > 30)
    model.navigation.isRadiological = false
    let neurological = try #require(columnOfMark(model))
    #expect(neurological < 30)
  }

  @Test(arguments: [(80, 24), (120, 40), (160, 45), (200, 60)])
  func everyFrameSaysSidesConventionSpaceAndUse(_ columns: Int, _ rows: Int) {
    for plane in ["a", "c", "s"] {
      var model = Head.model(columns: columns, rows: rows)
      _ = try? Head.press(&model, plane)
      let text = view(model).text
      #expect(text.contains("RADIOLOGICAL"))
      #expect(text.contains("MNI152"))
      #expect(text.contains("diagnosis") || text.contains("research"))
      #expect(
        plane == "s"
          ? text.contains("A") && text.contains("P") : text.contains("R   ") && text.contains("L"))
      #expect(text.contains("mm"))
    }
  }

  @Test func unknownSidesShowQuestionMarksAndNoMillimetres() {
    let model = Head.model(Head.scene(laterality: .unknown))
    let text = view(model).text
    #expect(text.contains("SIDE UNKNOWN"))
    #expect(text.contains("?"))
    #expect(!text.contains("RADIOLOGICAL"))
    #expect(!text.contains("LEFT") && !text.contains("RIGHT"))
    #expect(text.contains("voxel "))
  }

  @Test func sideWordFollowsTheCursor() throws {
    var model = Head.model()
    for (x, word) in [(-40.0, "LEFT"), (40, "RIGHT"), (0, "MIDLINE")] {
      model.cursor.x = x
      #expect(view(model).text.contains(word))
    }
  }

  @Test func tooSmallScreensSayWhatIsNeeded() {
    for (columns, rows) in [(79, 24), (80, 23), (1, 1), (0, 0), (10, 500)] {
      let model = Head.model(columns: columns, rows: rows)
      let frame = view(model)
      #expect(frame.size.columns == columns && frame.size.rows == rows)
    }
    #expect(view(Head.model(columns: 60, rows: 20)).text.contains("80×24"))
  }

  @Test func everySizeDrawsWithoutTrapping() {
    for columns in stride(from: 1, through: 300, by: 23) {
      for rows in stride(from: 1, through: 120, by: 17) {
        var model = Head.model(columns: columns, rows: rows)
        #expect(view(model).cells.count == columns * rows)
        model.shell.showsHelp = true
        #expect(view(model).cells.count == columns * rows)
      }
    }
  }

  @Test func simulatedPicturesSaySo() throws {
    var model = Head.model()
    model.panes.right = .simulated
    #expect(view(model).text.contains("SIMULATED"))
    model.panes.right = .mapBlurred
    #expect(view(model).text.contains("SIMULATED MAP BLURRED"))
    model.panes.right = .difference(0)
    #expect(view(model).text.contains("SIMULATED"))
    #expect(view(model).text.contains("not a test"))
  }

  @Test func hotIronIsTheStandardsTable() {
    // DICOM PS3.6 Annex B.
    for (entry, rgb) in [
      (0, Colour(0, 0, 0)), (64, Colour(128, 0, 0)), (128, Colour(255, 0, 0)),
      (160, Colour(255, 64, 0)), (192, Colour(255, 128, 4)), (224, Colour(255, 192, 132)),
      (255, Colour(255, 255, 255)),
    ] { #expect(Palette.hotIron.entries[entry] == rgb) }
  }

  /// What was chosen of another person's scans is not looked for among fewer.
  @Test func aScanThatThisPersonHasNotIsNotShown() throws {
    var model = Head.model()
    model.shell.isLoading = false
    model.panes.right = .measured(9)
    model.keepRightInReach()
    #expect(model.panes.right == (model.scene.spects.isEmpty ? .simulated : .measured(0)))
    model.panes.right = .measured(9)
    _ = try Head.press(&model, "G")
    #expect(model.registration.map { model.scene.spects.indices.contains($0.spect) } ?? true)
  }

  /// The whole screen once, as a person without colours sees it.
  @Test func goldenScreen() throws {
    var model = Head.model(columns: 80, rows: 24, colours: .none)
    model.cursor = Head.marked
    let url = RealData.project.appending(path: "Tests/ViewerTests/Golden/head-80x24.txt")
    let shown = view(model).text + "\n"
    // Recording fails the run, so that a forgotten re-record never passes.
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
      try shown.write(to: url, atomically: true, encoding: .utf8)
      Issue.record("recorded")
    }
    #expect(shown == (try String(contentsOf: url, encoding: .utf8)))
  }
}

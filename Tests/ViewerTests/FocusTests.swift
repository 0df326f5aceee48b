import CellUI
import Imaging
import Perfusion
import TestSupport
import Testing
import Viewer

/// The marked pane is the one that keys and commands act on.
@Suite struct FocusTests {
  /// A head with a picture of perfusion on the right that has one hot voxel.
  static func model(_ look: MadePicture.Look = .hot(top: 100)) throws -> Model {
    var model = Head.model()
    let hot = WorldPoint(24, -30, 12)
    model.perfusion.made[.scan] = MadePicture(
      volume: Small.volume(Head.grid) { v in
        Head.grid.world(v) == hot ? 90 : Head.grid.world(v).distance(to: hot) < 40 ? 50 : 0
      }, look: look, heading: "SIMULATED SCAN", isSimulated: true, detail: "", shortDetail: "",
      unit: "%")
    model.panes.right = .made(.scan)
    _ = try Head.press(&model, "<Tab>")
    return model
  }

  /// A head with two measured images.
  private static func pair() throws -> Scene {
    var scene = Head.scene()
    let mask = try #require(scene.mask)
    let image = Small.volume(Head.grid) { v in mask.contains(v) ? 80 : 0 }
    scene.spects = try ["ictal.nii", "interictal.nii"].map { name in
      NamedSPECT(
        name: name,
        measured: MeasuredSPECT(
          uptake: try Uptake(image, reference: mask, name: "brain"), placement: .asStored),
        stored: image, isSimulated: false)
    }
    return scene
  }

  @Test(arguments: [
    ":sign positive<Enter>", ":opacity 50<Enter>", ":cluster 20<Enter>", ":colours<Enter>",
    ":threshold 0.5<Enter>", ":outline on<Enter>", ",", ".", "n", "N",
  ])
  func whatPerfusionLacksIsSaidAndNothingElseIsChanged(_ keys: String) throws {
    var model = try Self.model()
    let styles = model.view.styles
    let cursor = model.cursor
    _ = try Head.press(&model, keys)
    #expect(model.notice?.isRefusal == true, "\(keys)")
    #expect(model.view.styles == styles && model.cursor == cursor)
  }

  @Test func thePeakIsThatOfTheMarkedPane() throws {
    var model = try Self.model()
    _ = try Head.press(&model, ":peak<Enter>")
    #expect(model.cursor == WorldPoint(24, -30, 12))
    #expect(model.notice?.text.contains("SIMULATED SCAN") == true)
    _ = try Head.press(&model, "<Tab>:peak<Enter>")
    #expect(model.cursor == Head.marked)
  }

  @Test func theRangeIsThatOfTheMarkedPane() throws {
    var model = try Self.model()
    _ = try Head.press(&model, ":range 0 50<Enter>")
    #expect(abs(model.perfusion.rightScale - 0.5) < 1e-9 && model.view.styles.isEmpty)
    // Nothing that perfusion cannot be drawn on.
    for words in ["50 150", "0 1000", "0 1"] {
      _ = try Head.press(&model, ":range \(words)<Enter>")
      #expect(model.notice?.isRefusal == true && model.view.styles.isEmpty)
      #expect(abs(model.perfusion.rightScale - 0.5) < 1e-9)
    }
    _ = try Head.press(&model, "<Tab>:range 0 0.5<Enter>")
    #expect(model.view.styles.values.first?.ceiling == 0.5)
    #expect(abs(model.perfusion.rightScale - 0.5) < 1e-9)
  }

  @Test func aFixedScaleSaysThatItIs() throws {
    var model = try Self.model(.signed(threshold: 40, ceiling: 100))
    for keys in ["{", "}", ":range 0 1<Enter>", ":threshold 0.4<Enter>", ":palette even<Enter>"] {
      _ = try Head.press(&model, keys)
      #expect(model.notice?.isRefusal == true, "\(keys)")
      #expect(model.view.styles.isEmpty && model.perfusion.rightScale == 1)
    }
    // Its clusters are those beyond its own threshold.
    _ = try Head.press(&model, "n")
    #expect(model.cursor == WorldPoint(24, -30, 12))
  }

  /// What was asked for by name is what the next key goes through; what only comes back is not.
  @Test func theNextFocusIsOfWhatWasJustMade() throws {
    for (typed, kind) in [
      ("siscom aligned", MadeKind.subtraction(isStated: true)),
      ("asymmetry", .asymmetry(0, .lower)),
    ] {
      var model = Head.model(try Self.pair())
      let place = WorldPoint(24, -30, 12)
      let picture = MadePicture(
        volume: Small.volume(Head.grid) { v in
          Head.grid.world(v).distance(to: place) < 9 ? (Head.grid.world(v) == place ? 4 : 3) : 0
        }, look: .signed(threshold: 2, ceiling: 5), heading: "FOCI", isSimulated: false,
        detail: "", shortDetail: "", unit: "SD")
      _ = try Head.press(&model, ":\(typed)<Enter>")
      #expect(!model.panes.rightHasFocus, "nothing is there yet")
      _ = update(&model, .made(kind, picture))
      #expect(model.panes.rightHasFocus)
      #expect(view(model).text.contains("n N foci"))
      _ = try Head.press(&model, "n")
      #expect(model.cursor == place)
      _ = try Head.press(&model, "<Tab>")
      #expect(!view(model).text.contains("n N foci"))
      // Made again by another way, it leaves the mark where the person put it.
      _ = update(&model, .made(kind, picture))
      #expect(!model.panes.rightHasFocus)
    }
  }

  @Test func nothingOnTheRightIsSaidToo() throws {
    var model = Head.model()
    _ = try Head.press(&model, "<Tab>{")
    #expect(model.notice?.text.contains("no map") == true && model.view.styles.isEmpty)
  }

  @Test func whileFilesAreReadNothingIsSaidOfWhatIsNotKnownYet() throws {
    var model = Model(
      size: Size(columns: 120, rows: 40),
      capabilities: Capabilities(colours: .none, unicode: true))
    #expect(!view(model).text.contains("SIDE UNKNOWN"))
    _ = try Head.press(&model, ":siscom<Enter>")
    #expect(model.notice?.text == "the files are still being read")
    _ = update(&model, .loaded(Head.scene(laterality: .unknown)))
    #expect(view(model).text.contains("SIDE UNKNOWN"))
  }
}

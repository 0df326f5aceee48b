import Basics
import CellUI
import Imaging
import Perfusion
import TestSupport
import Testing
import Viewer

/// A SPECT moved over the anatomy by keys.
@Suite struct RegistrationTests {
  static func model(radiological: Bool = true) throws -> Model {
    var scene = Head.scene()
    let grid = try #require(scene.grid)
    let mask = try #require(scene.mask)
    let uptake = Small.volume(grid) { mask.contains($0) ? 100 : 0 }
    scene.spects = [
      NamedSPECT(
        name: "s.nii",
        measured: MeasuredSPECT(
          uptake: try Uptake(uptake, reference: mask, name: "whole brain"), placement: .asStored),
        stored: uptake, isSimulated: false)
    ]
    var model = Head.model(scene)
    if !radiological { _ = try Head.press(&model, "R") }
    model.cursor = WorldPoint(0, -14, 20)
    return model
  }

  /// Where the middle of the head went.
  static func moved(_ keys: String, radiological: Bool = true) throws -> WorldPoint {
    var model = try model(radiological: radiological)
    guard case .align(_, let place, _, let accepted)? = try Head.press(&model, "G" + keys).last
    else {
      Issue.record("nothing is moved")
      return WorldPoint(0, 0, 0)
    }
    #expect(!accepted)
    return place.applied(to: WorldPoint(0, 0, 0))
  }

  @Test func arrowsMoveItOnTheScreen() throws {
    // On a radiological slice the screen's right is the person's left.
    #expect(try Self.moved("<Right>") == WorldPoint(-1, 0, 0))
    #expect(try Self.moved("<Right>", radiological: false) == WorldPoint(1, 0, 0))
    #expect(try Self.moved("<Up><Up>") == WorldPoint(0, 2, 0))
    #expect(try Self.moved(">") == WorldPoint(0, 0, 1))
    #expect(try Self.moved("c<Up>") == WorldPoint(0, 0, 1))
    #expect(try Self.moved("s<Right>").y == -1)
    #expect(try Self.moved("}}<Down>") == WorldPoint(0, -4, 0))
    #expect(try Self.moved("<Left><Left>U") == WorldPoint(1, 0, 0))
    #expect(try Self.moved("<Left>X") == WorldPoint(0, 0, 0))
  }

  /// Clockwise as it is seen: what is up goes to the screen's right.
  @Test(arguments: [true, false])
  func turnsAreClockwiseOnTheScreen(_ radiological: Bool) throws {
    var model = try Self.model(radiological: radiological)
    guard case .align(_, let place, _, _)? = try Head.press(&model, "G}}]").last else {
      Issue.record("nothing is turned")
      return
    }
    // Four degrees about the cursor; 100 mm in front of it.
    let up = WorldPoint(0, 86, 20)
    let there = place.applied(to: up)
    let side = 100 * 0.0697564737
    #expect(abs(there.x - (radiological ? -side : side)) < 1e-6)
    #expect(place.applied(to: model.cursor).distance(to: model.cursor) < 1e-9)
    #expect(abs(place.determinant - 1) < 1e-9)
  }

  @Test func onlyAPersonAccepts() throws {
    var model = try Self.model()
    _ = try Head.press(&model, "G")
    #expect(view(model).text.contains("NOT REGISTERED, as stored"))
    #expect(try Head.press(&model, "<Space>") == [.register(spect: 0)])
    #expect(try Head.press(&model, "<Left>").isEmpty, "moved while it is being registered")
    let uptake = model.scene.spects[0].measured.uptake
    let place = Affine(rows: [[1, 0, 0, 3], [0, 1, 0, 0], [0, 0, 1, 0]])
    var spect = model.scene.spects[0]
    spect.measured = MeasuredSPECT(
      uptake: uptake, placement: .registered(by: "elastix", isAccepted: nil))
    spect.sceneFromFile = place
    spect.outlines = BrainOutlines(
      anatomy: model.scene.mask, own: model.scene.mask, words: "the surfaces are 2.1 mm apart")
    _ = update(&model, .aligned(0, spect))
    let text = view(model).text
    #expect(text.contains("REGISTERED by elastix, NOT ACCEPTED") && text.contains("2.1 mm apart"))
    // Not before the outlines were looked at in three planes.
    #expect(try Head.press(&model, "<Enter>").isEmpty && model.shell.prompt == nil)
    #expect(view(model).text.contains("look at the outlines first"))
    _ = try Head.press(&model, "oc")
    #expect(view(model).text.contains("axial seen  coronal seen  sagittal not seen"))
    #expect(try Head.press(&model, "<Enter>").isEmpty && model.shell.prompt == nil)
    _ = try Head.press(&model, "s")
    // Accepted is what is written; a name that is taken is asked for again.
    let keep = Effect.keepTransform(spect: 0, place, by: "elastix", name: "m")
    #expect(try Head.press(&model, "<Enter><C-u>m<Enter>") == [keep])
    var refused = model
    let id = try #require(model.requests.pending.first { $0.value == keep }?.key)
    let taken = Problem(.cannotCreate, "m.txt", "it is already there")
    #expect(update(&refused, by: .answer(id, madeOf: nil, .failed(taken))).isEmpty)
    #expect(refused.shell.prompt?.purpose == .transformName)
    #expect(view(refused).text.contains("NOT ACCEPTED"))
    #expect(
      update(&model, by: .answer(id, madeOf: nil, .saved("m.txt"))).map(\.effect) == [
        .align(spect: 0, place, by: "elastix", isAccepted: true)
      ])
    // The first takes the message away.
    _ = try Head.press(&model, "<Esc><Esc>")
    #expect(model.shell.panel == nil)
    #expect(view(model).text.contains("NOT ACCEPTED"))
    var none = Head.model()
    #expect(try Head.press(&none, "G").isEmpty && none.shell.panel == nil)
  }
}

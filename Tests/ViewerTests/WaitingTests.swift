import Basics
import CellUI
import Connectivity
import Imaging
import Perfusion
import TestSupport
import Testing
import Viewer

/// What is still being measured is drawn as waiting, never as final.
@Suite struct WaitingTests {
  /// A head with a SPECT whose reference is still to come.
  static func model() throws -> Model {
    var scene = Head.scene()
    let mask = try #require(scene.mask)
    let image = Small.volume(Head.grid) { v in mask.contains(v) ? 80 : 0 }
    var spect = NamedSPECT(
      name: "spect.nii",
      measured: MeasuredSPECT(
        uptake: try Uptake(image, reference: mask, name: "the whole brain"), placement: .asStored),
      stored: image, isSimulated: false)
    spect.awaitsReference = true
    scene.spects = [spect]
    return Head.model(scene)
  }

  @Test func perCentOfAProvisionalReferenceIsNoNumber() throws {
    var model = try Self.model()
    model.panes.right = .measured(0)
    let waiting = model.valuesAtCursor.first { $0.name == "SPECT" }
    #expect(waiting?.value == "… %")
    #expect(view(model).text.contains("being measured"))
    #expect(!spoken(model).contains { $0.words.contains("SPECT 100.0 %") })
    model.scene.spects[0].awaitsReference = false
    #expect(model.valuesAtCursor.first { $0.name == "SPECT" }?.value == "100.0 %")
    #expect(spoken(model).contains { $0.words.contains("100.0 %") })
    #expect(!view(model).text.contains("being measured"))
  }

  @Test func theMirroredPlaceWaitsToo() throws {
    var model = try Self.model()
    model.panes.right = .measured(0)
    model.cursor = WorldPoint(-40, -14, 20)
    #expect(model.valuesAtCursor.first { $0.name == "mirror" }?.value == "… %")
    model.scene.spects[0].awaitsReference = false
    #expect(model.valuesAtCursor.first { $0.name == "mirror" }?.value == "100.0 %")
  }

  @Test func aSimulationOfAnUnknownResolutionHasNoValueYet() throws {
    var (model, _) = try AnalysesTests.model()
    let run = try #require(model.scene.run)
    model.panes.right = .simulated
    func simulated(_ native: NativeBlur) throws -> SimulatedSPECT {
      let averaging = Averaging(targetFWHM: 10, native: native)
      let before = run.mean(of: 0..<run.frameCount)
      return SimulatedSPECT(
        volume: run.mask.volume(averaging.applied(to: before, in: run.mask)),
        window: try TimeWindow(
          frameCount: run.frameCount, repetitionTimeSeconds: run.repetitionTimeSeconds,
          requestedSeconds: nil), averaging: averaging, proxy: "mean", before: before)
    }
    model.cursor = run.grid.world(at: Int(run.mask.offsets[run.mask.count / 2]))
    _ = update(&model, .simulated(try simulated(.awaited(voxelsOf: run.grid)), difference: nil))
    #expect(model.valuesAtCursor.first { $0.name == "SIMULATED" }?.value == "…")
    #expect(view(model).text.contains("being measured"))
    _ = update(&model, .simulated(try simulated(NativeBlur(given: 5)), difference: nil))
    let value = model.valuesAtCursor.first { $0.name == "SIMULATED" }?.value
    #expect(value.flatMap(Double.init) != nil)
  }

  @Test func problemsOfLoadingStay() throws {
    var scene = Head.scene()
    scene.problems = [
      SceneProblem(file: "bold.nii", severity: .blocking, sentence: "'bold.nii': it is empty.")
    ]
    scene.lacksRun = true
    var model = Head.model(scene)
    _ = try Head.press(&model, "<Right>")
    let text = view(model).text
    #expect(text.contains("1 problem, :findings") && text.contains("BOLD MISSING"))
    _ = try Head.press(&model, ":findings<Enter>")
    #expect(model.notice?.text.contains("blocking: 'bold.nii': it is empty") == true)
    _ = try Head.press(&model, "<Right>")
    #expect(view(model).text.contains("1 problem, :findings"))
    #expect(!view(Head.model()).text.contains("problem"))
  }
}

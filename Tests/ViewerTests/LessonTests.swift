import CellUI
import Connectivity
import Imaging
import Perfusion
import TestSupport
import Testing
import Viewer

/// The lesson, step by step.
@Suite struct LessonTests {
  static func model() throws -> Model {
    var scene = Head.scene()
    let grid = Small.grid(12, 12, 10, spacing: (12, 12, 12), origin: WorldPoint(-66, -90, -40))
    scene.run = Small.run(grid, frames: 40, tr: 2) { t, v in Float((t * 7 + v * 13) % 31) + 100 }
    scene.grid = grid
    scene.mask = scene.run?.mask
    scene.overlays = []
    var model = Head.model(scene, columns: 200, rows: 60)
    model.cursor = grid.world(VoxelIndex(6, 6, 5))
    return model
  }

  @Test func everyStepSetsTheCameraItSpeaksOf() throws {
    var model = try Self.model()
    guard case .seedMap(_, let camera, let wantsBlurred, _)? = try Head.press(&model, "E").first
    else {
      Issue.record("no map is asked for")
      return
    }
    #expect(camera.fwhm == 2 && wantsBlurred)
    var seen: [(Double, RightPane)] = []
    for number in 1...11 {
      let text = view(model).text
      #expect(text.contains("LESSON \(number) of 11"), "\(number)")
      #expect(text.contains("SIMULATED"), "\(number)")
      seen.append((model.averaging.camera.fwhm, model.panes.right))
      _ = try Head.press(&model, "n")
    }
    #expect(seen.map(\.0) == [2, 6, 10, 16, 16, 10, 2, 10, 10, 10, 10])
    #expect(seen[6].1 == .simulated && seen[4].1 == .mapBlurred)
    // Beyond the last step it ends.
    #expect(model.lesson.running == nil)
  }

  @Test func theNumbersAreTheClosedForms() throws {
    var model = try Self.model()
    _ = try Head.press(&model, "Enn")
    // spect.md 1.5: a ball of 10 mm at 10 mm keeps 0.2912, 3 mm of cortex 0.276.
    var text = view(model).text
    #expect(text.contains("29 %") && text.contains("28 %"))
    _ = try Head.press(&model, "nnn")
    text = view(model).text
    // 1400 cm³: 51 852 boxes of 3 mm, 1400 of 10 mm, 37 times fewer.
    #expect(text.contains("51852") && text.contains("1400 of 10 mm") && text.contains("37 times"))
    _ = try Head.press(&model, "+")
    #expect(view(model).text.contains("of 11 mm"))
    _ = try Head.press(&model, "nn")
    #expect(model.averaging.camera.windowSeconds == 900)
    #expect(view(model).text.contains("6.7 %"))
    _ = try Head.press(&model, "n")
    #expect(model.averaging.camera.average == .uptake(tauMinutes: TimeAverage.usualTauMinutes))
    _ = try Head.press(&model, "N")
    #expect(model.averaging.camera.average == .window)
  }

  @Test func whatWasOnScreenComesBack() throws {
    var model = try Self.model()
    model.averaging.camera.fwhm = 7
    model.panes.right = .simulated
    _ = try Head.press(&model, "Ennnnnnnn<Esc>")
    #expect(
      model.lesson.running == nil && model.averaging.camera.fwhm == 7
        && model.panes.right == .simulated)
    #expect(
      model.averaging.camera.average == .window && model.averaging.camera.windowSeconds == nil)
    var none = Head.model()
    #expect(try Head.press(&none, "E").isEmpty && none.lesson.running == nil)
  }

  @Test func theLessonStartsByItselfOnceFilesAreThere() throws {
    var model = Model(
      size: Size(columns: 80, rows: 24),
      capabilities: Capabilities(colours: .direct, unicode: true))
    model.lesson.startsWhenLoaded = true
    let loaded = try Self.model().scene
    #expect(!update(&model, .loaded(loaded)).isEmpty)
    #expect(model.lesson.running?.step == 0)
    #expect(view(model).text.contains("LESSON 1 of 11"))
  }
}
